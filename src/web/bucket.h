/*
 * Token buckets: how often one network may do something. In memory only, of bounded size, under a
 * key that is thrown away each day, so that no address can be read back even from a memory image.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct buckets;

/* What a class allows: `burst` at once and per_hour afterwards. */
struct bucket_rate {
    int64_t burst;
    int64_t per_hour;
};

/* All buckets full; about 800 KB. */
RETURNS_MEMORY struct buckets *buckets_new(void);
/* Accepts NULL, clears. */
void buckets_free(struct buckets **b);

/*
 * Takes one from the bucket of (class, who). False: it is empty; *ret_wait_s is when to come again.
 * who: a network's bytes; only their keyed hash is kept. Safe for many threads.
 */
MUST_USE bool bucket_take(struct buckets *b, int class, struct str who, struct bucket_rate rate,
                          int64_t now_ms, int64_t *ret_wait_s);
