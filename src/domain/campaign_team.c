#include "domain/campaign_ring.h"

/* A campaign's and a commenter's key, never 0. Both are random enough: one is a keyed hash. */
static uint64_t pair_key(uint32_t team, uint64_t commenter)
{
    uint64_t key = (commenter ^ team) * UINT64_C(0x9E3779B97F4A7C15);
    key ^= key >> 32;
    return key ? key : 1;
}

/* Where a key is, or the empty place where it goes. The table is never more than half full. */
static struct pair *pair_find(struct campaigns *c, uint64_t key)
{
    size_t at = key & (c->n_pairs - 1);
    while (c->pairs[at].key && c->pairs[at].key != key)
        at = (at + 1) & (c->n_pairs - 1);
    return &c->pairs[at];
}

/* Empties a place and moves those behind it up, so that each is found from where it belongs. */
static void pair_clear(struct campaigns *c, struct pair *gone)
{
    size_t mask = c->n_pairs - 1, hole = (size_t)(gone - c->pairs);
    for (size_t at = (hole + 1) & mask; c->pairs[at].key; at = (at + 1) & mask) {
        size_t home = c->pairs[at].key & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        c->pairs[hole] = c->pairs[at];
        hole = at;
    }
    c->pairs[hole] = (struct pair){.key = 0};
}

static void add_commenter(struct campaigns *c, uint32_t team, uint64_t commenter)
{
    uint64_t key = pair_key(team, commenter);
    struct pair *p = pair_find(c, key);
    p->key = key;
    c->teams[team].n_commenters += p->n++ == 0;
}

static void drop_commenter(struct campaigns *c, uint32_t team, uint64_t commenter)
{
    struct pair *p = pair_find(c, pair_key(team, commenter));
    if (--p->n > 0)
        return;
    pair_clear(c, p);
    c->teams[team].n_commenters--;
}

void team_join(struct campaigns *c, uint32_t team, uint32_t slot)
{
    struct team *t = &c->teams[team];
    struct member *m = &c->members[slot];
    m->team = team;
    m->team_older = t->newest;
    m->team_newer = NO_SLOT;
    if (t->newest == NO_SLOT)
        t->oldest = slot;
    else
        c->members[t->newest].team_newer = slot;
    t->newest = slot;
    t->n++;
    t->n_long += is_long(m);
    t->n_rejected += is_rejected(m);
    add_commenter(c, team, m->commenter);
}

/* One that was given back, or the first that was never used. */
static uint32_t take_team(struct campaigns *c)
{
    if (c->free_team) {
        uint32_t team = c->free_team - 1;
        c->free_team = c->teams[team].oldest;
        return team;
    }
    return c->n_teams_used < c->n_teams ? (uint32_t)c->n_teams_used++ : NO_SLOT;
}

uint32_t team_new(struct campaigns *c, uint32_t slot)
{
    const struct member *m = &c->members[slot];
    uint32_t team = take_team(c);
    if (team == NO_SLOT)
        return NO_SLOT;
    c->teams[team] = (struct team){
        .first = m->comment,
        .since_s = m->at_s,
        .oldest = NO_SLOT,
        .newest = NO_SLOT,
    };
    team_join(c, team, slot);
    return team;
}

static void team_free(struct campaigns *c, uint32_t team)
{
    c->teams[team] = (struct team){.oldest = c->free_team};
    c->free_team = team + 1;
}

static void unlink_member(struct campaigns *c, struct member *m)
{
    struct team *t = &c->teams[m->team];
    *(m->team_older == NO_SLOT ? &t->oldest : &c->members[m->team_older].team_newer) =
        m->team_newer;
    *(m->team_newer == NO_SLOT ? &t->newest : &c->members[m->team_newer].team_older) =
        m->team_older;
    t->n--;
    t->n_long -= is_long(m);
    t->n_rejected -= is_rejected(m);
    drop_commenter(c, m->team, m->commenter);
    m->team = m->team_older = m->team_newer = NO_SLOT;
}

void team_leave(struct campaigns *c, uint32_t slot)
{
    uint32_t team = c->members[slot].team;
    if (team == NO_SLOT)
        return;
    struct team *t = &c->teams[team];
    unlink_member(c, &c->members[slot]);
    if (t->n == 1)
        unlink_member(c, &c->members[t->oldest]);
    if (t->n == 0)
        team_free(c, team);
}
