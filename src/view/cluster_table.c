/*
 * A program of the build: prints how text/count.h treats each code point, for the counter in the
 * reader's browser, so that both count the same whatever Unicode version either was made with.
 * The treatment is found by probing count_chars, not by looking into it.
 *
 * Output: runs "GAP CLASS LENGTH," (GAP and LENGTH in base 36, LENGTH missing when 1), GAP counted
 * from the end of the run before. Code points outside of runs break from all but marks.
 *   C control   E extend   N extend that ends a conjunct   K extend and linker   Z joiner
 *   S spacing mark   M spacing mark and linker   P prepend   R regional indicator   X pictograph
 *   Q consonant of a conjunct   L V T Hangul jamo (syllables are computed: U+AC00 to U+D7A3)
 */
#include <stdio.h>

#include "base/must.h"
#include "text/count.h"
#include "text/utf8.h"

#define CODE_POINTS 0x110000U
#define HANGUL_FIRST 0xAC00U
#define HANGUL_LAST 0xD7A3U
#define HANGUL_TRAILS 28U

#define ACUTE 0x301U
#define FLAG 0x1F1F0U
#define PERSON 0x1F468U
#define JOINER 0x200DU
#define KA 0x915U
#define VIRAMA 0x94DU
#define JAMO_L 0x1100U
#define JAMO_V 0x1161U
#define JAMO_T 0x11A8U

/* Whether the code points, up to a 0, are one cluster. */
static bool one(const uint32_t *codes)
{
    char text[32];
    size_t n = 0;

    for (; *codes; codes++)
        n += utf8_print(*codes, text + n);
    return count_chars((struct str){text, n}) == 1;
}

#define ONE(...) one((const uint32_t[]){__VA_ARGS__, 0})

/* The class of what joins to a letter before it. */
static char class_of_mark(uint32_t c)
{
    bool is_linker = ONE(KA, c, KA);

    if (ONE(PERSON, c, PERSON))
        return 'Z';
    if (!ONE(PERSON, c, JOINER, PERSON))
        return is_linker ? 'M' : 'S';
    if (is_linker)
        return 'K';
    return ONE(KA, c, VIRAMA, KA) ? 'E' : 'N';
}

static char class_of_hangul(uint32_t c)
{
    if (ONE(c, JAMO_L))
        return 'L';
    if (ONE(JAMO_T, c))
        return 'T';
    if (ONE(JAMO_V, c))
        return 'V';
    bool has_trail = !ONE(c, JAMO_V);
    MUST(c >= HANGUL_FIRST && c <= HANGUL_LAST);
    MUST(has_trail == ((c - HANGUL_FIRST) % HANGUL_TRAILS != 0));
    return 'O';
}

static char class_of(uint32_t c)
{
    if (ONE('a', c))
        return class_of_mark(c);
    if (!ONE(c, ACUTE))
        return 'C';
    if (ONE(c, 'a'))
        return 'P';
    if (ONE(FLAG, c))
        return 'R';
    if (ONE(PERSON, JOINER, c))
        return 'X';
    if (ONE(KA, VIRAMA, c))
        return 'Q';
    return ONE(JAMO_L, c) || ONE(JAMO_T, c) ? class_of_hangul(c) : 'O';
}

static void put_base36(uint32_t n)
{
    char digits[8];
    size_t i = sizeof digits;

    do {
        digits[--i] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
        n /= 36;
    } while (n > 0);
    (void)fwrite(digits + i, 1, sizeof digits - i, stdout);
}

static void put_run(uint32_t gap, char class, uint32_t length)
{
    put_base36(gap);
    (void)putchar(class);
    if (length > 1)
        put_base36(length);
    (void)putchar(',');
}

int main(void)
{
    uint32_t end = 0;   /* of the run that was printed last */
    uint32_t start = 1; /* of the run being read; a NUL is never sent */
    char class = 'O';

    for (uint32_t c = 1; c <= CODE_POINTS; c++) {
        bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        char now = c == CODE_POINTS || is_surrogate ? 'O' : class_of(c);
        if (now == class)
            continue;
        if (class != 'O') {
            put_run(start - end, class, c - start);
            end = c;
        }
        start = c;
        class = now;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
