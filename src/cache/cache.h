/*
 * Rendered pages by key: bounded in bytes, rebuilt by one while the others wait, dropped by tag.
 * A value is an opaque counted thing; what it is, is its maker's business. Refuses to know HTTP,
 * the database and what a tag stands for.
 *
 * Life of a page: cache_get says CACHE_BUILD to the first who asks and gives a ticket. The ticket's
 * holder makes the page without any lock and hands it in with cache_finish, together with its tags.
 * Whoever asks meanwhile is parked (CACHE_WAIT) and woken later, on the thread of cache_finish.
 *
 * Dropping is a matter of numbers: each drop gets the next number of one count, and a tag's slot
 * remembers the newest. A page is fresh while none of its tags was dropped after its making began,
 * so a page that was being made during a drop is never stored. Tags may share a slot; that costs a
 * rebuild and is never wrong.
 *
 * A page that somebody asked for since it was made, and whose tag is dropped, is made anew before
 * the next one asks: `changed` is called, and cache_take_changed gives its key and a ticket. What
 * is made so and not asked for is not made so again, so there is at most one such making a reader.
 */
#pragma once

#include "base/clock.h"
#include "base/str.h"

#define CACHE_KEY_BYTES_MAX 1024
#define CACHE_TAGS_MAX 160

/* A tag that very many pages have: these few share their slot with nothing. n: 0 to 7. */
#define CACHE_WIDE_TAGS 8
#define CACHE_WIDE_TAG(n) (UINT64_MAX - (n))

struct cache;
struct cache_entry;

/* The right, and the duty, to make one page: ends in cache_finish, in any thread. */
struct cache_ticket {
    struct cache_entry *entry; /* NULL: nobody waits and nothing will be stored */
    uint64_t began;
    bool is_renewal; /* no reader asked for it: cache_take_changed */
};

enum cache_found {
    CACHE_HIT,   /* here it is */
    CACHE_BUILD, /* make it, then cache_finish the ticket */
    CACHE_WAIT,  /* somebody makes it: wake will be called */
};

/* One who waits; lives with its owner until woken. */
struct cache_waiter {
    struct cache_waiter *next; /* the cache's */
    uint64_t joined;           /* the cache's */
    void *user;
};

struct cache_calls {
    /* Counts one more user of the value. Called under a lock: must be short. */
    void (*hold)(void *value);
    /* One user less; the last one frees. Never called under a lock. */
    void (*drop)(void *value);
    /*
     * Ends a wait. CACHE_HIT: value, held for the waiter; NULL when it could not be made.
     * CACHE_BUILD: the page changed while it was made, and this waiter makes it now.
     */
    void (*wake)(struct cache_waiter *w, enum cache_found found, void *value,
                 struct cache_ticket ticket);
    /* Pages that readers ask for have changed. On the thread of cache_drop_tag; NULL: no matter. */
    void (*changed)(void *context);
    void *context; /* of changed */
};

/* A cache of at most bytes_max; 0 stores nothing but still lets one make and the others wait. */
struct cache *cache_new(size_t bytes_max, const struct cache_calls *calls,
                        const struct clock *clock);
/* Nobody may wait or hold a ticket any more. Accepts NULL, clears. */
void cache_free(struct cache **c);

/*
 * Looks for a page. key: at most CACHE_KEY_BYTES_MAX, else it is CACHE_BUILD with an empty ticket.
 * CACHE_HIT: *ret_value is held for the caller. A page past its time is given to all but the first
 * who asks, who makes it anew.
 */
enum cache_found cache_get(struct cache *c, struct str key, struct cache_waiter *w,
                           void **ret_value, struct cache_ticket *ret_ticket);

/* What was made. */
struct cache_page {
    void *value; /* NULL: it could not be made. The cache takes over one count */
    size_t bytes;
    const uint64_t *tags;
    size_t n_tags;    /* at most CACHE_TAGS_MAX, else it is not stored */
    int64_t until_s;  /* fresh until then; 0: until dropped */
    bool is_to_store; /* false: only those who wait get it */
    bool is_later;    /* it could not be made now: an old one that nothing changed is kept */
};

/* Stores the page unless it changed meanwhile, and wakes those who wait. Ends the ticket. */
void cache_finish(struct cache *c, struct cache_ticket ticket, const struct cache_page *page);

/* What there is for a key, past its time or not, unless it changed: held for the caller; or NULL.
 */
void *cache_old(struct cache *c, struct str key);

/* Whether this value is what the cache would answer now. */
bool cache_holds(struct cache *c, struct str key, const void *value);
/*
 * Puts another body of the same page in the place of `old`, if that is still there and fresh.
 * Takes over the count of value, whether it is used or not.
 */
void cache_replace(struct cache *c, struct str key, const void *old, void *value, size_t bytes);

/* All pages with this tag are stale from now on. Constant time. */
void cache_drop_tag(struct cache *c, uint64_t tag);
/*
 * A page that readers ask for and that changed: its key, of *ret_n bytes, and the ticket to make it
 * anew. False: there is none, or others make it already.
 */
bool cache_take_changed(struct cache *c, char ret_key[static CACHE_KEY_BYTES_MAX], size_t *ret_n,
                        struct cache_ticket *ret_ticket);
/* All pages are. */
void cache_drop_all(struct cache *c);
/* Gives back the memory of stale pages: what was deleted is gone, too. */
void cache_sweep(struct cache *c);

struct cache_counts {
    uint64_t hits, builds, renewed, waits, stored, evicted, stale;
    uint64_t pages, bytes;
};
/* Counters since the start, and what there is now. */
void cache_count(struct cache *c, struct cache_counts *ret_counts);
