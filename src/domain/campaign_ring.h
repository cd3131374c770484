/*
 * What campaigns remember, for domain/campaign.c alone: the comments in a ring, an index from marks
 * to comments, the campaigns and their commenters. All tables are of fixed size.
 */
#pragma once

#include <pthread.h>

#include "domain/campaign.h"

#define NO_SLOT UINT32_MAX
#define RING_MARKS 16 /* of a comment's marks in the index; all are looked up */
#define BUCKET 16     /* comments in a place of the index: a cache line */

/* A comment; two cache lines, of which a comparison needs the minima and the first numbers. */
struct member {
    uint8_t minima[SHINGLE_MINIMA];
    uint32_t serial; /* comments are counted; the slot is its low bits */
    uint32_t n;      /* shingles */
    struct site_id site;
    struct comment_id comment;
    uint64_t commenter; /* keyed hash */
    int64_t at_s;
    uint32_t team;                   /* its campaign, or NO_SLOT */
    uint32_t team_older, team_newer; /* slots in the order of joining, or NO_SLOT */
    uint32_t id_next;                /* slot of the same chain of ids, or NO_SLOT */
    uint8_t state;
    bool is_live;
};

/* A campaign. Free ones are chained by oldest: numbers + 1, 0 at the end. */
struct team {
    struct comment_id first;
    int64_t since_s;
    uint32_t oldest, newest; /* slots */
    uint32_t n, n_long, n_rejected, n_commenters;
    bool is_alerted;
};

/* How many comments a commenter has in a campaign; key 0: empty. */
struct pair {
    uint64_t key;
    uint32_t n;
};

/* Newest first: 8 bits of the mark, 24 of the serial; 0: empty. */
struct bucket {
    uint32_t at[BUCKET];
};

struct match {
    uint32_t slot;
    unsigned agreed;
};

struct campaigns {
    pthread_mutex_t lock;
    uint8_t key[HASH_TABLE_KEY_BYTES];
    void *memory; /* all tables */
    size_t bytes;
    size_t n_slots, n_teams, n_pairs;   /* sizes of the tables */
    size_t n_buckets, n_buckets_in_use; /* the index grows within its memory */
    uint32_t next_serial;
    uint32_t free_team; /* its number + 1; 0: none was given back */
    size_t n_teams_used;
    size_t n_live;
    struct member *members;
    struct bucket *buckets;
    uint32_t *id_heads;
    struct team *teams;
    struct pair *pairs;
    uint32_t *seen; /* scratch of a lookup: slots + 1 */
    struct match *matches;
};

/* Whether it has SHINGLES_ENOUGH. */
static inline bool is_long(const struct member *m)
{
    return m->n >= SHINGLES_ENOUGH;
}

/* Whether a moderator or a rule does not want it. */
static inline bool is_rejected(const struct member *m)
{
    return m->state == COMMENT_REJECTED || m->state == COMMENT_SPAM;
}

/* A comment's slot, or NO_SLOT. */
uint32_t ring_find(const struct campaigns *c, struct comment_id comment);

/* Drops the comment in whose place the next one goes. */
void ring_make_room(struct campaigns *c);

/* Puts a comment into the ring and the index, after ring_make_room. Returns its slot. */
uint32_t ring_put(struct campaigns *c, const struct campaign_comment *new_comment);

/* Takes a comment out of its campaign and the ring and erases it; what the index has is dead. */
void ring_drop(struct campaigns *c, uint32_t slot);

/*
 * Writes to c->matches, with agreed 0, the slots of comments that have a mark in common with a
 * sketch, at most CAMPAIGN_LOOKED_AT_MAX; some may be of other sites or dead. Returns how many.
 */
size_t ring_candidates(struct campaigns *c, struct site_id site,
                       const struct shingle_sketch *sketch);

/* A new campaign of one comment, or NO_SLOT when there is no room. */
uint32_t team_new(struct campaigns *c, uint32_t slot);

/* A comment that is in no campaign joins one. */
void team_join(struct campaigns *c, uint32_t team, uint32_t slot);

/* A comment leaves its campaign, if it has one. Who is left alone is in none. */
void team_leave(struct campaigns *c, uint32_t slot);
