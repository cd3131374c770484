/* PostgreSQL behind the table of an engine: connections and transactions. */
#include "db/postgres.h"

static void conn_close(struct conn **base)
{
    if (!*base)
        return;
    struct arena *home = (*base)->home;
    pq.PQfinish(pg_of(*base)->pg);
    arena_free(&home);
    *base = NULL;
}

static bool conn_open(struct db *db, bool writes, struct conn **ret_conn, struct err *e)
{
    struct pg_conn *c = pg_conn_new(db);
    struct conn *base = &c->base;
    base->writes = writes;
    if (!pg_reconnect(c, e)) {
        conn_close(&base);
        return false;
    }
    *ret_conn = base;
    return true;
}

static bool begin(struct conn *base, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    struct err ignored;
    if (c->pg && pg_has_gone(c))
        (void)pg_lost(c, "begin", &ignored);
    if (!c->pg && !pg_reconnect(c, e))
        return false;
    /*
     * Batches of two nodes would lock the same conversations in other orders and end each other, a
     * second later. In turn they do not, and what waits meanwhile joins the next batch.
     */
    c->is_begun = base->writes ? pg_send_fixed(c, PG_BEGIN_WRITE, e) && pg_send_fixed(c, PG_TURN, e)
                               : pg_send_fixed(c, PG_BEGIN_READ, e);
    return c->is_begun;
}

/* Nobody waits for the end of a reader's transaction: its answer is read with the next one's. */
static bool commit_read(struct pg_conn *c, struct err *e)
{
    if (!pg_send_fixed(c, PG_COMMIT, e))
        return false;
    if (!pq.PQpipelineSync(c->pg))
        return pg_lost(c, "COMMIT", e);
    c->n_syncs++;
    return true;
}

/* From the moment that COMMIT may have reached the server a lost connection tells nothing. */
static bool commit_write(struct pg_conn *c, struct err *e)
{
    PGresult *r = NULL;
    if (!pg_send_changes(c, &c->base.db->writer.changes, e) || !pg_send_fixed(c, PG_COMMIT, e))
        return false;
    if (!pg_exchange(c, "COMMIT", &r, e)) {
        if (!c->pg)
            e->kind = ERR_UNKNOWN;
        pg_forget_place(c->base.db);
        return false;
    }
    bool is_committed = str_eq(str_of(pq.PQcmdStatus(r)), STR("COMMIT"));
    pq.PQclear(r);
    if (!is_committed)
        return err_set(e, ERR_BROKEN, 0, "the server answered COMMIT with ROLLBACK");
    if (c->was_warned) {
        pg_forget_place(c->base.db);
        return err_set(e, ERR_UNKNOWN, 0, "the server warned at COMMIT: not on the standby?");
    }
    if (c->base.db->near.n > 0)
        pg_note_place(c);
    return true;
}

static bool commit(struct conn *base, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    c->is_begun = false;
    return base->writes ? commit_write(c, e) : commit_read(c, e);
}

static bool in_transaction(struct conn *base)
{
    const struct pg_conn *c = pg_of(base);
    return c->pg && c->is_begun;
}

static bool is_lost(struct conn *base)
{
    return pg_of(base)->pg == NULL;
}

static void rollback(struct conn *base)
{
    struct pg_conn *c = pg_of(base);
    struct err ignored;
    c->is_begun = false;
    /* What is on the way may fail, and with it what is sent before the next exchange. */
    if (c->pg)
        (void)pg_exchange(c, "drain", NULL, &ignored);
    if (c->pg &&
        (!pg_send_fixed(c, PG_ROLLBACK, &ignored) || !pg_exchange(c, "ROLLBACK", NULL, &ignored)))
        (void)pg_lost(c, "ROLLBACK", &ignored);
}

static bool job_begin(struct conn *base, struct err *e)
{
    return pg_send_fixed(pg_of(base), PG_SAVEPOINT, e);
}

static bool job_end(struct conn *base, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    bool waits = c->n_late > 0;
    return pg_send_fixed(c, PG_RELEASE, e) && (!waits || pg_exchange(c, "job", NULL, e));
}

static bool job_undo(struct conn *base, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    struct err ignored;
    (void)pg_exchange(c, "drain", NULL, &ignored);
    return pg_send_fixed(c, PG_UNDO, e) && pg_send_fixed(c, PG_RELEASE, e) &&
           pg_exchange(c, "undo", NULL, e);
}

const struct db_engine db_postgres = {
    .create = pg_create,
    .start = pg_start,
    .stop = pg_stop,
    .keep = pg_keep,
    .open = conn_open,
    .close = conn_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .is_lost = is_lost,
    .job_begin = job_begin,
    .job_end = job_end,
    .job_undo = job_undo,
    .run = pg_run,
    .run_together = pg_run_together,
    .ask = pg_ask,
    .collect = pg_collect,
    .read = pg_read,
    .drop = pg_drop,
    .version = pg_version,
    .migrate = pg_migrate,
    .migrating = pg_migrating,
    .between = pg_between,
    .is_deaf = pg_is_deaf,
    .open_near = pg_open_near,
    .is_near_ready = pg_is_near_ready,
    .backup = pg_backup,
    .check = pg_check,
    .check_statement = pg_check_statement,
};
