#include "text/shingles.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "text/bare.h"
#include "text/shown.h"

struct shingler {
    uint64_t key[2][2];             /* for shingles and for marks */
    uint32_t turn[SHINGLE_MINIMA];  /* a permutation: turn some bits, */
    uint32_t times[SHINGLE_MINIMA]; /* multiply by an odd number, fold the halves */
};

/* As many keyed bytes as a table needs, each table its own. */
static void fill(struct hash seed, char table, void *to, size_t n)
{
    for (size_t done = 0; done < n; done += HASH_BYTES) {
        char label[48];
        int bytes = snprintf(label, sizeof label, "aitys shingles %c %zu", table, done);
        struct hash h = hash_keyed(seed, (struct str){label, (size_t)bytes});
        memcpy((char *)to + done, h.b, n - done < HASH_BYTES ? n - done : HASH_BYTES);
    }
}

struct shingler *shingler_new(struct hash seed)
{
    struct shingler *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    fill(seed, 'k', s->key, sizeof s->key);
    fill(seed, 'p', s->turn, sizeof s->turn);
    fill(seed, 'm', s->times, sizeof s->times);
    for (size_t i = 0; i < SHINGLE_MINIMA; i++)
        s->times[i] |= 1;
    return s;
}

void shingler_free(struct shingler **s)
{
    free(*s);
    *s = NULL;
}

__extension__ typedef unsigned __int128 product_bits;

/* The two halves of a whole product: each bit of it depends on all bits of both. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    product_bits product = (product_bits)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Three letters of 21 bits in a word. */
static uint64_t three(const uint32_t *p)
{
    return p[0] | (uint64_t)p[1] << 21 | (uint64_t)p[2] << 42;
}

static uint64_t hash_shingle(const uint64_t key[2], const uint32_t *p)
{
    uint64_t last = p[3] | (uint64_t)p[4] << 21;
    return mix(mix(three(p) ^ key[0], last ^ key[1]) ^ key[1], key[0] | 1);
}

static uint64_t hash_mark(const uint64_t key[2], const uint32_t *p)
{
    return mix(mix(three(p) ^ key[0], three(p + 3) ^ key[1]) ^ key[1], three(p + 6) ^ key[0]);
}

/* Adds what is not yet in a table of `mask` + 1 places, which is never full; 0 stands for empty. */
static bool is_new(uint32_t *table, size_t mask, uint32_t h)
{
    size_t at = h & mask;
    while (table[at] && table[at] != h)
        at = (at + 1) & mask;
    bool found = table[at] != 0;
    table[at] = h;
    return !found;
}

/* Vectorised by the compiler; the loop's length is known. */
static void take_minima(const struct shingler *s, uint32_t h, uint32_t least[SHINGLE_MINIMA])
{
    for (size_t i = 0; i < SHINGLE_MINIMA; i++) {
        uint64_t product = (uint64_t)(h ^ s->turn[i]) * s->times[i];
        uint32_t place = (uint32_t)product ^ (uint32_t)(product >> 32);
        least[i] = place < least[i] ? place : least[i];
    }
}

static void sketch_minima(const struct shingler *s, struct arena *a, struct bare text,
                          struct shingle_sketch *to)
{
    uint32_t least[SHINGLE_MINIMA];
    size_t places = 64;
    while (places < 2 * text.n)
        places *= 2;
    uint32_t *seen = ARENA_ARRAY(a, uint32_t, places);
    memset(least, 0xFF, sizeof least);
    for (size_t i = 0; i + SHINGLE_LETTERS <= text.n; i++) {
        uint32_t h = (uint32_t)hash_shingle(s->key[0], text.p + i) | 1;
        if (!is_new(seen, places - 1, h))
            continue;
        take_minima(s, h, least);
        to->n++;
    }
    for (size_t i = 0; i < SHINGLE_MINIMA; i++)
        to->minima[i] = (uint8_t)least[i];
}

/* Keeps the smallest marks in order; most of a long text's are larger and cost one comparison. */
static void put_mark(struct shingle_sketch *to, uint64_t mark)
{
    uint32_t n = to->n_marks, at = n;
    if (n == SHINGLE_MARKS && mark >= to->marks[n - 1])
        return;
    while (at > 0 && to->marks[at - 1] > mark)
        at--;
    if (at > 0 && to->marks[at - 1] == mark)
        return;
    if (n == SHINGLE_MARKS)
        n--;
    memmove(to->marks + at + 1, to->marks + at, (n - at) * sizeof *to->marks);
    to->marks[at] = mark;
    to->n_marks = n + 1;
}

static void sketch_marks(const struct shingler *s, struct bare text, struct shingle_sketch *to)
{
    for (size_t i = 0; i + SHINGLE_MARK_LETTERS <= text.n; i++)
        put_mark(to, hash_mark(s->key[1], text.p + i));
}

void shingle_text(const struct shingler *s, struct arena *scratch, struct str text, struct str name,
                  struct shingle_sketch *ret_sketch)
{
    const size_t n_enough = SHINGLES_ENOUGH + SHINGLE_LETTERS - 1;
    struct bare bare = bare_text(scratch, shown_quoting(scratch, text), name, n_enough);
    *ret_sketch = (struct shingle_sketch){.n = 0};
    if (bare.n < SHINGLE_LETTERS)
        return;
    sketch_minima(s, scratch, bare, ret_sketch);
    sketch_marks(s, bare, ret_sketch);
}

unsigned shingle_agreed(const uint8_t a[static SHINGLE_MINIMA],
                        const uint8_t b[static SHINGLE_MINIMA])
{
    unsigned n = 0;
    for (size_t i = 0; i < SHINGLE_MINIMA; i++)
        n += a[i] == b[i];
    return n;
}
