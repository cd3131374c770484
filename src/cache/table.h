/*
 * The inside of the cache: shards, entries, eviction. For cache.c and table.c only.
 *
 * Eviction is SIEVE: a list in order of arrival, a mark on each page that was asked for, and a hand
 * that walks from old to new, takes marks away and evicts the first page without one. A look-up
 * only sets a mark, so it moves nothing.
 */
#pragma once

#include <pthread.h>

#include "cache/cache.h"

struct cache_entry {
    struct cache_entry *next_in_chain;
    struct cache_entry *newer, *older; /* the list; only entries with a value are in it */
    uint64_t hash;
    void *value;    /* NULL: not made yet */
    size_t bytes;   /* what it counts for */
    uint64_t began; /* number of the last drop when its making began */
    int64_t until_s;
    uint64_t *tags;
    size_t n_tags;
    bool is_asked_for; /* SIEVE's mark */
    bool is_wanted;    /* asked for since it was made; noted in wanted.h */
    bool is_building;
    struct cache_waiter *first, **last;
    size_t key_n;
    char key[];
};

struct shard {
    pthread_mutex_t lock;
    struct cache_entry **chains;
    size_t n_chains; /* a power of two */
    struct cache_entry *newest, *oldest, *hand;
    size_t bytes, bytes_max, pages;
    struct cache_counts counts;
};

/* Finds or adds the entry of a key. The shard is locked. */
struct cache_entry *shard_find(const struct shard *s, uint64_t hash, struct str key);
/* The same without the key, for who may be wrong once in 2^64 times. */
struct cache_entry *shard_find_hash(const struct shard *s, uint64_t hash);
struct cache_entry *shard_add(struct shard *s, uint64_t hash, struct str key);
/* Puts a made page into the list. The entry has its value and bytes. */
void shard_list(struct shard *s, struct cache_entry *e);
/* Takes its value away; the caller drops it after unlocking. Entries in use stay in the table. */
void *shard_empty(struct shard *s, struct cache_entry *e);
/* Frees an entry that has no value and is not being built. */
void shard_forget(struct shard *s, struct cache_entry *e);
/* The next page to evict, or NULL. */
struct cache_entry *shard_victim(struct shard *s);
