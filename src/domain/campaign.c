#include "domain/campaign.h"

#include <stdlib.h>

#include "base/must.h"
#include "domain/campaign_ring.h"
#include "text/wording.h"

/* Minima that agree, of 64, and shingles in common; docs/decisions/0012 has what was measured. */
#define AGREED_SAME 45 /* a Jaccard index of 0.7: however short they are */
#define AGREED_LIKE 20 /* 0.31, and so many in common: */
#define SHARED_LIKE 24
#define SHINGLES_NEAR 25    /* of a short text that is held at AGREED_SAME for a rejected one */
#define AGREED_INSIDE 10    /* one text within another; fewer may agree by chance */
#define AGREED_RESEMBLES 13 /* 0.2: what two copies of one text still have in common */
#define OLDEST_LOOKED_AT 3
#define LINE 64 /* bytes; buckets must not lie in two cache lines */

/* Where the next table lies: so many bytes from the first. */
static void *carve(uint8_t *memory, size_t *at, size_t n, size_t item_bytes)
{
    void *p = memory ? memory + *at : NULL;
    *at += (n * item_bytes + LINE - 1) / LINE * LINE;
    return p;
}

/* Cuts the tables from one piece of memory; from NULL, only to learn how much they need. */
static size_t lay_out(struct campaigns *c, uint8_t *memory)
{
    size_t at = 0;
    c->members = carve(memory, &at, c->n_slots, sizeof *c->members);
    c->buckets = carve(memory, &at, c->n_buckets, sizeof *c->buckets);
    c->id_heads = carve(memory, &at, c->n_slots, sizeof *c->id_heads);
    c->teams = carve(memory, &at, c->n_teams, sizeof *c->teams);
    c->pairs = carve(memory, &at, c->n_pairs, sizeof *c->pairs);
    c->seen = carve(memory, &at, (size_t)2 * CAMPAIGN_LOOKED_AT_MAX, sizeof *c->seen);
    c->matches = carve(memory, &at, CAMPAIGN_LOOKED_AT_MAX, sizeof *c->matches);
    return at;
}

struct campaigns *campaigns_new(size_t n, struct hash key)
{
    MUST(n >= 16 && n <= CAMPAIGN_COMMENTS_MAX && (n & (n - 1)) == 0);
    struct campaigns *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->n_slots = n;
    c->n_buckets = 2 * n;
    c->n_buckets_in_use = n < 1024 ? 2 * n : 2048;
    c->n_teams = n / 2; /* each has two comments */
    c->n_pairs = 2 * n;
    c->next_serial = 1;
    memcpy(c->key, key.b, sizeof c->key);
    c->bytes = sizeof *c + LINE + lay_out(c, NULL);
    c->memory = calloc(1, c->bytes);
    MUST(c->memory != NULL);
    uint8_t *first = c->memory;
    (void)lay_out(c, first + (LINE - (uintptr_t)first % LINE) % LINE);
    MUST(pthread_mutex_init(&c->lock, NULL) == 0);
    return c;
}

void campaigns_free(struct campaigns **c)
{
    if (!*c)
        return;
    MUST(pthread_mutex_destroy(&(*c)->lock) == 0);
    free((*c)->memory);
    free(*c);
    *c = NULL;
}

size_t campaigns_room(const struct campaigns *c)
{
    return c->n_slots;
}

size_t campaigns_bytes(const struct campaigns *c)
{
    return c->bytes;
}

static void lock(struct campaigns *c)
{
    MUST(pthread_mutex_lock(&c->lock) == 0);
}

static void unlock(struct campaigns *c)
{
    MUST(pthread_mutex_unlock(&c->lock) == 0);
}

size_t campaigns_count(struct campaigns *c)
{
    lock(c);
    size_t n = c->n_live;
    unlock(c);
    return n;
}

/* As campaign.h says what "like" is. */
static bool is_like(unsigned agreed, uint32_t n_a, uint32_t n_b)
{
    uint32_t shared = shingle_shared(agreed, n_a, n_b), least = n_a < n_b ? n_a : n_b;
    return agreed >= AGREED_SAME || (agreed >= AGREED_LIKE && shared >= SHARED_LIKE) ||
           (agreed >= AGREED_INSIDE && shared >= SHINGLES_ENOUGH && 2 * shared >= least);
}

/* Whether two may be copies of one text all the same, when much of it was changed. */
static bool is_akin(unsigned agreed, uint32_t n_a, uint32_t n_b)
{
    return agreed >= AGREED_INSIDE && shingle_shared(agreed, n_a, n_b) >= SHINGLES_ENOUGH;
}

/* Of those that a lookup found, the ones that agree most. */
struct found {
    struct match nearest; /* of the matches */
    struct match akin; /* of those in a campaign with SHINGLES_ENOUGH in common, like it or not */
};

/* Fills c->matches. Returns how many. */
static size_t find_matches(struct campaigns *c, struct site_id site,
                           const struct shingle_sketch *sketch, struct found *ret_found)
{
    size_t n = 0, n_candidates = ring_candidates(c, site, sketch);
    struct found found = {{NO_SLOT, 0}, {NO_SLOT, 0}};
    for (size_t i = 0; i < n_candidates; i++) {
        uint32_t slot = c->matches[i].slot;
        const struct member *m = &c->members[slot];
        if (!m->is_live || m->site.v != site.v)
            continue;
        unsigned agreed = shingle_agreed(m->minima, sketch->minima);
        if (m->team != NO_SLOT && agreed > found.akin.agreed && is_akin(agreed, m->n, sketch->n))
            found.akin = (struct match){slot, agreed};
        if (!is_like(agreed, m->n, sketch->n))
            continue;
        c->matches[n++] = (struct match){slot, agreed};
        if (agreed > found.nearest.agreed)
            found.nearest = (struct match){slot, agreed};
    }
    *ret_found = found;
    return n;
}

/*
 * Whether a comment has something of the campaign's oldest, or of two of the three oldest: one that
 * lies between two texts does not open a campaign of the one to copies of the other.
 */
static bool resembles(const struct campaigns *c, const struct member *m, uint32_t team)
{
    uint32_t slot = c->teams[team].oldest;
    unsigned points = 0;
    for (int i = 0; i < OLDEST_LOOKED_AT && slot != NO_SLOT; i++) {
        const struct member *old = &c->members[slot];
        unsigned agreed = shingle_agreed(m->minima, old->minima);
        if (agreed >= AGREED_RESEMBLES || is_like(agreed, m->n, old->n))
            points += i == 0 ? 2 : 1;
        slot = old->team_newer;
    }
    return points >= 2;
}

/* The campaign of the nearest match that a comment may join, or NO_SLOT. */
static uint32_t choose_team(const struct campaigns *c, const struct member *m, size_t n)
{
    uint32_t best = NO_SLOT, refused = NO_SLOT;
    unsigned most = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t team = c->members[c->matches[i].slot].team;
        if (team == NO_SLOT || team == refused || c->matches[i].agreed <= most)
            continue;
        if (team != best && !resembles(c, m, team)) {
            refused = team;
            continue;
        }
        best = team;
        most = c->matches[i].agreed;
    }
    return best;
}

/* A campaign of a comment in no campaign that is like this one, the nearest; or NO_SLOT. */
static uint32_t found_team(struct campaigns *c, size_t n)
{
    struct match nearest = {NO_SLOT, 0};
    for (size_t i = 0; i < n; i++) {
        if (c->members[c->matches[i].slot].team == NO_SLOT && c->matches[i].agreed > nearest.agreed)
            nearest = c->matches[i];
    }
    return nearest.slot == NO_SLOT ? NO_SLOT : team_new(c, nearest.slot);
}

/* A comment joins; before it those like it that were alone so far and belong there by themselves.
 * Returns how many joined. */
static uint32_t gather(struct campaigns *c, uint32_t slot, size_t n)
{
    uint32_t team = choose_team(c, &c->members[slot], n);
    uint32_t n_before = team == NO_SLOT ? 0 : c->teams[team].n;
    if (team == NO_SLOT)
        team = found_team(c, n);
    if (team == NO_SLOT)
        return 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t other = c->matches[i].slot;
        if (c->members[other].team == NO_SLOT && resembles(c, &c->members[other], team))
            team_join(c, team, other);
    }
    team_join(c, team, slot);
    return c->teams[team].n - n_before;
}

static struct campaign show_team(const struct campaigns *c, uint32_t team)
{
    if (team == NO_SLOT)
        return (struct campaign){.n_comments = 0};
    const struct team *t = &c->teams[team];
    return (struct campaign){t->first, t->since_s, t->n, t->n_commenters, t->n_rejected};
}

/*
 * Whether so much is the same that something may follow from it for one who wrote nothing else:
 * SHINGLES_ENOUGH in common, or the very same words. A greeting in common is not enough.
 */
static bool is_weighty(const struct member *a, const struct member *b, unsigned agreed)
{
    return shingle_shared(agreed, a->n, b->n) >= SHINGLES_ENOUGH ||
           (agreed == SHINGLE_MINIMA && a->n == b->n);
}

/* Whether a text, though short, is nearly another: for one that is rejected it is held. */
static bool is_near(const struct member *a, const struct member *b, unsigned agreed)
{
    return agreed >= AGREED_SAME && a->n >= SHINGLES_NEAR && b->n >= SHINGLES_NEAR;
}

/*
 * Whether a comment is itself like so many of its campaign, by so many: a chain of texts, each like
 * the next, is no alert.
 */
static bool is_alert_due(struct campaigns *c, const struct member *m, size_t n)
{
    struct team *t = &c->teams[m->team];
    uint64_t commenters[CAMPAIGN_ALERT_COMMENTERS] = {m->commenter};
    size_t n_copies = 1, n_commenters = 1;
    if (!is_long(m) || t->is_alerted)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct member *other = &c->members[c->matches[i].slot];
        if (other->team != m->team || !is_long(other) ||
            !is_weighty(m, other, c->matches[i].agreed))
            continue;
        n_copies++;
        bool is_new = n_commenters < CAMPAIGN_ALERT_COMMENTERS;
        for (size_t k = 0; k < n_commenters; k++)
            is_new &= commenters[k] != other->commenter;
        if (is_new)
            commenters[n_commenters++] = other->commenter;
    }
    t->is_alerted =
        n_copies >= CAMPAIGN_ALERT_COMMENTS && n_commenters >= CAMPAIGN_ALERT_COMMENTERS;
    return t->is_alerted;
}

/* What follows from the matches: those of the same campaign count with all that it is. */
static void judge(const struct campaigns *c, const struct member *m, size_t n,
                  struct campaign_link *link)
{
    const struct team *t = m->team == NO_SLOT ? NULL : &c->teams[m->team];
    for (size_t i = 0; i < n; i++) {
        const struct member *other = &c->members[c->matches[i].slot];
        unsigned agreed = c->matches[i].agreed;
        link->is_like_rejected |= is_rejected(other) && is_near(m, other, agreed);
        if (!is_weighty(m, other, agreed))
            continue;
        bool is_together = t && other->team == m->team;
        link->is_like_rejected |= is_rejected(other) || (is_together && t->n_rejected > 0);
        link->is_copy |= is_together;
    }
}

/* The comment is no member yet, so that it does not find itself. */
static struct campaign_link link_up(struct campaigns *c, const struct campaign_comment *added)
{
    struct campaign_link link = {.similar_percent = 0};
    struct found found;
    ring_make_room(c);
    size_t n = find_matches(c, added->site, &added->sketch, &found);
    if (n > 0) {
        link.nearest = c->members[found.nearest.slot].comment;
        link.similar_percent = found.nearest.agreed * 100 / SHINGLE_MINIMA;
    }
    uint32_t slot = ring_put(c, added);
    const struct member *m = &c->members[slot];
    link.n_joined = gather(c, slot, n);
    judge(c, m, n, &link);
    link.is_alert = m->team != NO_SLOT && is_alert_due(c, m, n);
    link.campaign = show_team(c, m->team);
    if (found.akin.slot != NO_SLOT && c->members[found.akin.slot].team != m->team)
        link.akin = c->members[found.akin.slot].comment;
    return link;
}

static void forget(struct campaigns *c, struct comment_id comment)
{
    uint32_t slot = ring_find(c, comment);
    if (slot != NO_SLOT)
        ring_drop(c, slot);
}

void campaign_add(struct campaigns *c, const struct campaign_comment *new_comment,
                  struct campaign_link *ret_link)
{
    lock(c);
    forget(c, new_comment->comment);
    *ret_link = (struct campaign_link){.similar_percent = 0};
    if (new_comment->sketch.n >= CAMPAIGN_SHINGLES_MIN)
        *ret_link = link_up(c, new_comment);
    unlock(c);
}

bool campaign_take(struct campaigns *c, struct comment_id comment, struct comment_id other,
                   struct campaign_link *ret_link)
{
    lock(c);
    uint32_t slot = ring_find(c, comment), other_slot = ring_find(c, other);
    uint32_t team = other_slot == NO_SLOT ? NO_SLOT : c->members[other_slot].team;
    bool is_taken = slot != NO_SLOT && team != NO_SLOT && c->members[slot].team != team;
    if (is_taken) {
        team_leave(c, slot);
        team_join(c, team, slot);
        ret_link->campaign = show_team(c, team);
        ret_link->n_joined = 1;
        ret_link->is_copy = true;
        ret_link->is_alert = false;
        ret_link->is_like_rejected |= c->teams[team].n_rejected > 0;
        ret_link->akin = (struct comment_id){0};
    }
    unlock(c);
    return is_taken;
}

bool campaign_is_reworded(struct arena *scratch, struct str text, struct str akin)
{
    struct wording_shared w = wording_compare(scratch, text, akin);
    return w.shared >= CAMPAIGN_WORDING_LEAST &&
           w.shared * 100 >= w.words * CAMPAIGN_WORDING_PERCENT;
}

/* Whether a match comes before another in what is shown. */
static bool is_before(const struct campaigns *c, struct match a, struct match b)
{
    if (a.agreed != b.agreed)
        return a.agreed > b.agreed;
    return c->next_serial - c->members[a.slot].serial < c->next_serial - c->members[b.slot].serial;
}

/* The first `max` of the matches in order, moved to the front. Returns how many. */
static size_t sort_matches(struct campaigns *c, size_t n, size_t max)
{
    size_t n_sorted = n < max ? n : max;
    for (size_t i = 0; i < n_sorted; i++) {
        size_t first = i;
        for (size_t k = i + 1; k < n; k++) {
            if (is_before(c, c->matches[k], c->matches[first]))
                first = k;
        }
        struct match moved = c->matches[i];
        c->matches[i] = c->matches[first];
        c->matches[first] = moved;
    }
    return n_sorted;
}

size_t campaign_similar(struct campaigns *c, struct site_id site,
                        const struct shingle_sketch *sketch, struct comment_id but,
                        struct campaign_like *ret_likes, size_t max)
{
    struct found found;
    size_t n_likes = 0;
    if (sketch->n < CAMPAIGN_SHINGLES_MIN)
        return 0;
    lock(c);
    size_t n = sort_matches(c, find_matches(c, site, sketch, &found), max + 1);
    for (size_t i = 0; i < n && n_likes < max; i++) {
        struct comment_id comment = c->members[c->matches[i].slot].comment;
        if (comment.v != but.v)
            ret_likes[n_likes++] =
                (struct campaign_like){comment, c->matches[i].agreed * 100 / SHINGLE_MINIMA};
    }
    unlock(c);
    return n_likes;
}

/* The number of the campaign that a comment is in, or NO_SLOT. */
static uint32_t team_of(const struct campaigns *c, struct comment_id comment)
{
    uint32_t slot = ring_find(c, comment);
    return slot == NO_SLOT ? NO_SLOT : c->members[slot].team;
}

void campaign_of(struct campaigns *c, struct comment_id comment, struct campaign *ret_campaign)
{
    lock(c);
    *ret_campaign = show_team(c, team_of(c, comment));
    unlock(c);
}

size_t campaign_members(struct campaigns *c, struct comment_id comment,
                        struct comment_id *ret_comments, size_t max)
{
    size_t n = 0;
    lock(c);
    uint32_t team = team_of(c, comment);
    uint32_t slot = team == NO_SLOT ? NO_SLOT : c->teams[team].oldest;
    for (; slot != NO_SLOT && n < max; slot = c->members[slot].team_newer)
        ret_comments[n++] = c->members[slot].comment;
    unlock(c);
    return n;
}

size_t campaign_last(struct campaigns *c, struct comment_id comment,
                     struct comment_id *ret_comments, size_t max)
{
    size_t n = 0;
    lock(c);
    uint32_t team = team_of(c, comment);
    uint32_t slot = team == NO_SLOT ? NO_SLOT : c->teams[team].newest;
    for (; slot != NO_SLOT && n < max; slot = c->members[slot].team_older)
        ret_comments[n++] = c->members[slot].comment;
    unlock(c);
    return n;
}

bool campaign_has(struct campaigns *c, struct comment_id comment)
{
    lock(c);
    bool has = ring_find(c, comment) != NO_SLOT;
    unlock(c);
    return has;
}

void campaign_mark(struct campaigns *c, struct comment_id comment, enum comment_state state)
{
    lock(c);
    uint32_t slot = ring_find(c, comment);
    if (slot != NO_SLOT) {
        struct member *m = &c->members[slot];
        bool was_rejected = is_rejected(m);
        m->state = (uint8_t)state;
        if (m->team != NO_SLOT)
            c->teams[m->team].n_rejected += (uint32_t)(is_rejected(m) - was_rejected);
    }
    unlock(c);
}

void campaign_forget(struct campaigns *c, struct comment_id comment)
{
    campaign_take_back(c, comment, false);
}

void campaign_take_back(struct campaigns *c, struct comment_id comment, bool was_alert)
{
    lock(c);
    uint32_t team = team_of(c, comment);
    if (was_alert && team != NO_SLOT)
        c->teams[team].is_alerted = false;
    forget(c, comment);
    unlock(c);
}
