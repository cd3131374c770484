#include "config/near.h"

#include <stdint.h>

#define WORD_BYTES 64

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t near_distance(struct str a, struct str b)
{
    if (a.n > WORD_BYTES || b.n > WORD_BYTES)
        return SIZE_MAX;
    /* Three rows of the table: two back (for swaps), the one before, the present one. */
    size_t rows[3][WORD_BYTES + 1];
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            now[j] = least(change, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                now[j] = least(now[j], older[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}
