/*
 * Reading from a standby. A standby follows its primary's log a little behind. A page that is made
 * from it after we dropped the page for a change must show that change; so whoever stores or hears
 * of a change also notes how far the log went then, and a standby is read only once it has followed
 * so far. Until then, and when it is away, the primary is read.
 */
#include "db/postgres.h"

#include <endian.h>

#define AWAY_MS 5000 /* one reader tries so often; the others do not wait with it */

struct conn *pg_open_near(struct db *db)
{
    struct pg_conn *c = pg_conn_new(db);
    c->is_near = true;
    return &c->base;
}

/* Runs one of ours that gives a number. */
static bool ask(struct pg_conn *c, enum pg_fixed which, int64_t *ret_n, struct err *e)
{
    PGresult *r = NULL;
    uint64_t n;
    if (!pg_send_fixed(c, which, e) || !pg_exchange(c, "place", &r, e))
        return false;
    bool is_number = pq.PQntuples(r) == 1 && pq.PQgetlength(r, 0, 0) == sizeof n;
    if (is_number) {
        memcpy(&n, pq.PQgetvalue(r, 0, 0), sizeof n);
        *ret_n = (int64_t)be64toh(n);
    }
    pq.PQclear(r);
    return is_number || err_set(e, ERR_BROKEN, 0, "a place in the log was expected");
}

void pg_note_place(struct pg_conn *c)
{
    struct pg_keeper *keeper = c->base.db->engine_own;
    int64_t place = PG_PLACE_UNKNOWN;
    struct err ignored;
    if (!c->pg || !ask(c, PG_PLACE, &place, &ignored))
        place = PG_PLACE_UNKNOWN;
    atomic_store(&keeper->place_own, place);
}

void pg_forget_place(struct db *db)
{
    struct pg_keeper *keeper = db->engine_own;
    atomic_store(&keeper->place_own, PG_PLACE_UNKNOWN);
}

void pg_find_place(struct pg_conn *c)
{
    struct pg_keeper *keeper = c->base.db->engine_own;
    struct err ignored;
    if (atomic_load(&keeper->place_own) == PG_PLACE_UNKNOWN && (c->pg || pg_reconnect(c, &ignored)))
        pg_note_place(c);
}

/* Connected, or connected anew unless somebody found it away just now. */
static bool is_reachable(struct pg_conn *c, struct pg_keeper *keeper)
{
    struct err e;
    if (c->pg && pg_has_gone(c))
        (void)pg_lost(c, "replica", &e);
    if (c->pg)
        return true;
    if (ticks_ms() < atomic_load(&keeper->near_retry_ms))
        return false;
    atomic_store(&keeper->near_retry_ms, ticks_ms() + AWAY_MS);
    if (!pg_reconnect(c, &e)) {
        log_debug(c->base.db->o.log, "replica_away", "%s", e.why);
        return false;
    }
    atomic_store(&keeper->near_retry_ms, 0);
    return true;
}

bool pg_is_near_ready(struct conn *base)
{
    struct pg_conn *c = pg_of(base);
    struct pg_keeper *keeper = base->db->engine_own;
    struct err ignored;
    int64_t replay = 0;
    /* Whoever hears nothing does not know how far it must be. */
    if (atomic_load(&keeper->since) != 0 || !is_reachable(c, keeper))
        return false;
    int64_t own = atomic_load(&keeper->place_own), heard = atomic_load(&keeper->place_heard);
    int64_t least = own > heard ? own : heard;
    /* Asked before the snapshot is taken: what was replayed by now is in it. */
    return least != PG_PLACE_UNKNOWN && ask(c, PG_REPLAY, &replay, &ignored) && replay >= least;
}
