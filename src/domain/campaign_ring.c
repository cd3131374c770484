#include "domain/campaign_ring.h"

#include "base/must.h"

#define SERIAL_BITS 24
#define SERIAL_MASK ((UINT32_C(1) << SERIAL_BITS) - 1)
#define SEEN (2 * CAMPAIGN_LOOKED_AT_MAX)

_Static_assert(sizeof(struct member) == 128, "two cache lines");
_Static_assert(CAMPAIGN_LOOKED_AT_MAX == SHINGLE_MARKS * BUCKET, "a lookup's bound");

/* An odd number with no pattern: the golden ratio. */
static uint64_t spread(uint64_t v)
{
    return v * UINT64_C(0x9E3779B97F4A7C15);
}

static uint32_t *id_head(const struct campaigns *c, struct comment_id comment)
{
    return &c->id_heads[(spread((uint64_t)comment.v) >> 32) & (c->n_slots - 1)];
}

uint32_t ring_find(const struct campaigns *c, struct comment_id comment)
{
    /* Heads are slots + 1, so that memory never touched is empty. */
    uint32_t slot = *id_head(c, comment) - 1;
    while (slot != NO_SLOT && c->members[slot].comment.v != comment.v)
        slot = c->members[slot].id_next;
    return slot;
}

static void unchain(struct campaigns *c, uint32_t slot)
{
    struct member *m = &c->members[slot];
    uint32_t *head = id_head(c, m->comment);
    if (*head - 1 == slot) {
        *head = m->id_next + 1;
        return;
    }
    uint32_t at = *head - 1;
    while (c->members[at].id_next != slot)
        at = c->members[at].id_next;
    c->members[at].id_next = m->id_next;
}

void ring_drop(struct campaigns *c, uint32_t slot)
{
    struct member *m = &c->members[slot];
    team_leave(c, slot);
    unchain(c, slot);
    memset(m, 0, sizeof *m);
    c->n_live--;
}

/* Sites do not share marks, so that no site's flood pushes out another's. */
static uint64_t site_mark(struct site_id site, uint64_t mark)
{
    return mark + spread((uint64_t)site.v);
}

/* A text's marks are small numbers; only their low bits are as good as random. */
static struct bucket *bucket_of(const struct campaigns *c, uint64_t mark)
{
    return &c->buckets[mark & (c->n_buckets_in_use - 1)];
}

static uint32_t tag_of(uint64_t mark)
{
    return (uint32_t)(mark >> 24 & 0xFF) << SERIAL_BITS;
}

/*
 * Twice as many buckets. Which half a comment belongs to is not known, so it is in both; in the
 * wrong one it is never asked for and newer ones push it out.
 */
static void grow_index(struct campaigns *c)
{
    size_t n = c->n_buckets_in_use;
    if (c->n_live * 4 < n || n == c->n_buckets)
        return;
    memcpy(c->buckets + n, c->buckets, n * sizeof *c->buckets);
    c->n_buckets_in_use = 2 * n;
}

static void index_member(struct campaigns *c, const struct member *m,
                         const struct shingle_sketch *sketch)
{
    grow_index(c);
    for (size_t i = 0; i < sketch->n_marks && i < RING_MARKS; i++) {
        uint64_t mark = site_mark(m->site, sketch->marks[i]);
        struct bucket *b = bucket_of(c, mark);
        memmove(b->at + 1, b->at, sizeof b->at - sizeof *b->at);
        b->at[0] = tag_of(mark) | (m->serial & SERIAL_MASK);
    }
}

static uint64_t commenter_hash(const struct campaigns *c, struct commenter_id commenter)
{
    return hash_table(c->key, (struct str){(const char *)commenter.b, sizeof commenter.b});
}

void ring_make_room(struct campaigns *c)
{
    uint32_t slot = c->next_serial & (uint32_t)(c->n_slots - 1);
    if (c->members[slot].is_live)
        ring_drop(c, slot);
}

uint32_t ring_put(struct campaigns *c, const struct campaign_comment *new_comment)
{
    uint32_t serial = c->next_serial++;
    uint32_t slot = serial & (uint32_t)(c->n_slots - 1);
    struct member *m = &c->members[slot];
    MUST(!m->is_live);
    uint32_t *head = id_head(c, new_comment->comment);
    *m = (struct member){
        .serial = serial,
        .n = new_comment->sketch.n,
        .site = new_comment->site,
        .comment = new_comment->comment,
        .commenter = commenter_hash(c, new_comment->commenter),
        .at_s = new_comment->at_s,
        .team = NO_SLOT,
        .team_older = NO_SLOT,
        .team_newer = NO_SLOT,
        .id_next = *head - 1,
        .state = (uint8_t)new_comment->state,
        .is_live = true,
    };
    memcpy(m->minima, new_comment->sketch.minima, sizeof m->minima);
    *head = slot + 1;
    c->n_live++;
    index_member(c, m, &new_comment->sketch);
    return slot;
}

/* The slot that a word of the index leads to, or NO_SLOT when it is older than the ring. */
static uint32_t slot_of(const struct campaigns *c, uint32_t word)
{
    uint32_t age = (c->next_serial - word) & SERIAL_MASK;
    return word && age > 0 && age <= c->n_slots ? word & (uint32_t)(c->n_slots - 1) : NO_SLOT;
}

/* Whether a slot was not yet seen in this lookup. */
static bool see(struct campaigns *c, uint32_t slot)
{
    size_t at = (spread(slot) >> 40) & (SEEN - 1);
    while (c->seen[at] && c->seen[at] != slot + 1)
        at = (at + 1) & (SEEN - 1);
    bool is_new = c->seen[at] == 0;
    c->seen[at] = slot + 1;
    return is_new;
}

size_t ring_candidates(struct campaigns *c, struct site_id site,
                       const struct shingle_sketch *sketch)
{
    size_t n = 0;
    for (size_t i = 0; i < sketch->n_marks; i++)
        __builtin_prefetch(bucket_of(c, site_mark(site, sketch->marks[i])));
    memset(c->seen, 0, SEEN * sizeof *c->seen);
    for (size_t i = 0; i < sketch->n_marks; i++) {
        uint64_t mark = site_mark(site, sketch->marks[i]);
        const struct bucket *b = bucket_of(c, mark);
        for (size_t k = 0; k < BUCKET; k++) {
            uint32_t slot = slot_of(c, b->at[k]);
            if (slot == NO_SLOT || ((b->at[k] ^ tag_of(mark)) >> SERIAL_BITS) || !see(c, slot))
                continue;
            __builtin_prefetch(&c->members[slot]);
            __builtin_prefetch(&c->members[slot].serial);
            c->matches[n++] = (struct match){slot, 0};
        }
    }
    return n;
}
