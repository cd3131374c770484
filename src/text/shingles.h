/*
 * Finding near-copies of a text: what is left of it when disguises, links and names are gone
 * (text/bare.h), cut into shingles, and of these a sketch of fixed size (Broder, "On the
 * resemblance and containment of documents", 1997). Two sketches tell how much of their texts is
 * the same. A shingle is 5 letters in a row.
 *
 * All hashes depend on a seed. It must be secret and lasting: whoever knows it can write texts that
 * are taken for copies of others, and sketches of different seeds have nothing in common.
 */
#pragma once

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"

#define SHINGLE_LETTERS 5
#define SHINGLE_MARK_LETTERS 9
#define SHINGLE_MINIMA 64
#define SHINGLE_MARKS 64
#define SHINGLES_ENOUGH 45 /* fewer: a short text, about which little can be said */

struct shingle_sketch {
    /*
     * For each of 64 permutations of all shingles the text's first one, 8 bits of its place (Li and
     * König, "b-Bit Minwise Hashing", 2010).
     */
    uint8_t minima[SHINGLE_MINIMA];
    uint32_t n;       /* distinct shingles; 0: nothing to compare */
    uint32_t n_marks; /* 0 for a text without 9 letters */
    /*
     * The smallest hashes of 9 letters in a row, ascending: a sample that texts with a passage in
     * common have in common.
     */
    uint64_t marks[SHINGLE_MARKS];
};

struct shingler;

/* Makes what is only read afterwards, by any thread. Free with shingler_free. */
RETURNS_MEMORY struct shingler *shingler_new(struct hash seed);

/* Takes the address, accepts NULL, clears it. */
void shingler_free(struct shingler **s);

/*
 * Sketches what is shown of a comment (text/shown.h), of which it looks at the first 4,096 letters.
 * text: well-formed UTF-8. name: whose words they are, left out where the text repeats it; may be
 * empty. The arena gives what shown_quoting and bare_text take and 32 KiB at most.
 */
void shingle_text(const struct shingler *s, struct arena *scratch, struct str text, struct str name,
                  struct shingle_sketch *ret_sketch);

/*
 * How many minima agree, of 64: agreed / 64 estimates the Jaccard index of the shingles with a
 * standard error of 0.06 at most.
 */
PURE unsigned shingle_agreed(const uint8_t a[static SHINGLE_MINIMA],
                             const uint8_t b[static SHINGLE_MINIMA]);

/* About how many shingles two texts share, from the minima that agree and their own numbers. */
static inline uint32_t shingle_shared(unsigned agreed, uint32_t n_a, uint32_t n_b)
{
    return (uint32_t)((uint64_t)agreed * ((uint64_t)n_a + n_b) / (SHINGLE_MINIMA + agreed));
}
