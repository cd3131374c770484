/*
 * "Did you mean …": the most similar of some words.
 */
#pragma once

#include "base/str.h"

/*
 * How many single-byte changes (insert, drop, replace, swap neighbours) lie between two words.
 * Words over 64 bytes count as far apart (SIZE_MAX).
 */
size_t near_distance(struct str a, struct str b);

/* Whether a distance is small enough to be a slip in a word of so many bytes. */
static inline bool near_is_slip(size_t distance, size_t n_bytes)
{
    return distance <= (n_bytes < 6 ? 2 : n_bytes / 3);
}
