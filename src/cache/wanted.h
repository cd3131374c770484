/*
 * Which pages readers ask for, by what they show: so that the cache can name them when it changes.
 * Remembers a few pages for each slot of tags, as hashes of their keys, and forgets the oldest;
 * what is forgotten is made when the next reader comes. For cache.c only.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/cache.h"

#define TAG_SLOTS 8192 /* of all other tags, and then of the wide ones */
#define SLOTS (TAG_SLOTS + CACHE_WIDE_TAGS)
#define WANTED_PAGES 4 /* of one slot */
#define CHANGED_MAX 64 /* pages that changed and wait to be taken */

struct wanted {
    _Atomic uint64_t pages[SLOTS][WANTED_PAGES]; /* the newest first; 0: none */
    pthread_mutex_t lock;                        /* of what follows */
    uint64_t changed[CHANGED_MAX];
    size_t n_changed;
};

/* Its memory is the cache's, and all zeros. */
void wanted_init(struct wanted *w);
/* When nobody uses it any more. */
void wanted_free(struct wanted *w);

/* Somebody asked for the page, which shows something of that slot. hash: not 0. */
void wanted_note(struct wanted *w, size_t slot, uint64_t hash);
/* Something of that slot changed, and its pages with it. False: nobody asked for any of them. */
bool wanted_change(struct wanted *w, size_t slot);
/* Takes one that changed; 0: there is none. */
uint64_t wanted_take(struct wanted *w);
