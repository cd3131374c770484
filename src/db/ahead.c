/*
 * Jobs that ask ahead. To wait for an answer costs a server's time many times over; so those that
 * wait are run until they need one, their questions go to the server together, and so on until none
 * asks any more. Then each is run as if it stood alone, with its answers at hand, and what they
 * write goes the same way, what is alike as one statement. When anything fails all is undone, and
 * each has its turn alone.
 */
#include "db/inner.h"

#define AHEAD_MAX 256 /* jobs that ask together */
#define ROUNDS_MAX 6  /* of questions; who still asks then waits for the answers alone */

struct ahead {
    struct db *db;
    struct conn *c;
    int64_t now_s; /* of all, so that they ask for the same thing when they are run again */
    struct db_write *jobs[AHEAD_MAX];
    size_t n;
    struct answer *asked[ASKED_MAX]; /* in this round */
    size_t n_asked;
    bool is_broken; /* a question could not be sent */
    bool is_stale;  /* what one of them stored may have changed the answers of those behind it */
    void *others;   /* see tx_others */
    struct gather writes; /* that wait */
};

void **tx_others(struct tx *tx)
{
    return tx->ahead ? &tx->ahead->others : NULL;
}

/* ---- Questions ------------------------------------------------------------------------------ */

static bool value_eq(const struct db_value *a, const struct db_value *b)
{
    if (a->type != b->type || a->is_null != b->is_null)
        return false;
    return a->is_null || (a->type == DB_INT ? a->n == b->n : str_eq(a->s, b->s));
}

const struct answer *ahead_find(const struct tx *tx, int number, const struct db_value *in)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    for (const struct answer *a = tx->answers; a; a = a->next) {
        size_t n_eq = 0;
        while (a->number == number && n_eq < s->n_in && value_eq(&a->in[n_eq], &in[n_eq]))
            n_eq++;
        if (a->number == number && n_eq == s->n_in)
            return a;
    }
    return NULL;
}

static struct answer *question_new(struct tx *tx, int number, const struct db_value *in)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    struct answer *a = ARENA_NEW(tx->arena, struct answer);
    a->number = number;
    a->in = ARENA_ARRAY(tx->arena, struct db_value, s->n_in);
    for (size_t i = 0; i < s->n_in; i++) {
        a->in[i] = in[i];
        if (in[i].type != DB_INT && !in[i].is_null)
            a->in[i].s = arena_copy(tx->arena, in[i].s);
    }
    return a;
}

bool ahead_ask(struct tx *tx, int number, const struct db_value *in, struct err *e)
{
    struct ahead *ahead = tx->ahead;
    bool is_asked = false, ok = true;
    if (ahead->n_asked < ASKED_MAX)
        ok = conn_ask(tx->conn, number, in, &is_asked, e);
    if (is_asked)
        ahead->asked[ahead->n_asked++] = question_new(tx, number, in);
    ahead->is_broken |= !ok;
    return ok ? err_set(e, ERR_BUSY, 0, "the answer comes later") : false;
}

/* Runs a job until it needs an answer that is not there. Returns whether it has asked for it. */
static bool job_asks(struct ahead *ahead, struct db_write *w)
{
    struct tx tx;
    struct err ignored;
    size_t before = ahead->n_asked;
    tx_begin(&tx, ahead->c, w->arena);
    tx.ahead = ahead;
    tx.now_s = ahead->now_s;
    tx.answers = w->answers;
    tx.only_asks = true;
    (void)!w->work(&tx, w->context, &ignored);
    w->told = tx.told;
    job_tell(w, false);
    if (ahead->n_asked == before)
        return false;
    ahead->asked[before]->next = w->answers;
    w->answers = ahead->asked[before];
    return true;
}

static bool answers_collect(struct ahead *ahead, struct err *e)
{
    void *rows[ASKED_MAX];
    if (!conn_collect(ahead->c, rows, ahead->n_asked, e))
        return false;
    for (size_t i = 0; i < ahead->n_asked; i++)
        ahead->asked[i]->rows = rows[i];
    atomic_fetch_add_explicit(&ahead->db->answers_ahead, ahead->n_asked, memory_order_relaxed);
    return true;
}

static bool jobs_ask(struct ahead *ahead, struct err *e)
{
    bool is_ready[AHEAD_MAX] = {false};
    for (int round = 0; round < ROUNDS_MAX; round++) {
        ahead->n_asked = 0;
        for (size_t i = 0; i < ahead->n; i++)
            is_ready[i] = is_ready[i] || !job_asks(ahead, ahead->jobs[i]);
        if (ahead->is_broken)
            return err_set(e, ERR_BUSY, 0, "asking ahead failed");
        if (ahead->n_asked == 0)
            return true;
        if (!answers_collect(ahead, e))
            return false;
    }
    return true;
}

static void answers_drop(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->n; i++) {
        for (const struct answer *a = ahead->jobs[i]->answers; a; a = a->next)
            ahead->db->engine->drop(a->rows);
        ahead->jobs[i]->answers = NULL;
    }
}

bool ahead_run_one(struct tx *tx, int number, const struct db_value *in,
                   const struct db_answer *answer, struct err *e)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    if (s->sql_together && !answer->ret_changed) {
        gather_add(&tx->ahead->writes, s, number, in);
        return true;
    }
    return gather_run(&tx->ahead->writes, tx->conn, e) && conn_run(tx->conn, number, in, answer, e);
}

/* ---- Running -------------------------------------------------------------------------------- */

/* Runs one with its answers. False: it failed, and not before it changed anything; and why. */
static bool job_run_asked(struct ahead *ahead, struct db_write *w, struct err *ret_why)
{
    struct tx tx;
    tx_begin(&tx, ahead->c, w->arena);
    tx.ahead = ahead;
    tx.now_s = ahead->now_s;
    tx.answers = ahead->is_stale ? NULL : w->answers;
    w->ok = w->work(&tx, w->context, &w->err) && !tx.failed;
    w->may_repeat = tx.may_repeat;
    w->told = tx.told;
    if (!w->ok) {
        job_tell(w, false);
        *ret_why = tx.failed ? tx.first : w->err;
        return !tx.failed && !tx.has_changed;
    }
    ahead->is_stale |= tx.has_changed && !tx.keeps_answers;
    changes_add(&ahead->db->writer.changes, &tx);
    return true;
}

static bool jobs_run(struct ahead *ahead, struct err *ret_why)
{
    for (size_t i = 0; i < ahead->n; i++) {
        if (!job_run_asked(ahead, ahead->jobs[i], ret_why))
            return false;
    }
    return true;
}

/* As if none had run yet. */
static void jobs_forget(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->n; i++) {
        struct db_write *w = ahead->jobs[i];
        job_tell(w, false);
        w->ok = w->may_repeat = false;
        w->err.kind = ERR_NONE;
    }
}

/* Each in a savepoint of its own, as those that do not ask ahead. */
static bool jobs_run_alone(struct ahead *ahead, struct err *ret_lost)
{
    for (size_t i = 0; i < ahead->n; i++) {
        if (!job_run(ahead->c, ahead->jobs[i], ret_lost))
            return false;
    }
    return true;
}

/*
 * Takes back what they did. lost: why, and why it cannot be taken back, where that is. That a
 * server is busy, or that it was another's turn, is everybody's error and not that of the one who
 * met it.
 */
static bool jobs_undo(struct ahead *ahead, struct err *lost)
{
    struct err why;
    if (!ahead->db->engine->in_transaction(ahead->c))
        return false;
    if (conn_job_undo(ahead->c, &why))
        return true;
    if (lost->kind != ERR_BUSY)
        *lost = why;
    return false;
}

static void jobs_take(struct ahead *ahead, struct batch *batch, struct db_write *w)
{
    while (w) {
        ahead->jobs[ahead->n++] = w;
        bool has_room = ahead->n < AHEAD_MAX && batch->n < BATCH_MAX;
        w = has_room ? writer_pop(&ahead->db->writer, true) : NULL;
        if (w)
            batch_add(batch, w);
    }
}

bool ahead_run(struct db *db, struct batch *batch, struct db_write *w, struct err *ret_lost)
{
    struct conn *c = db->writer.conn;
    struct ahead ahead = {.db = db, .c = c, .now_s = clock_now_s(db->o.clock)};
    jobs_take(&ahead, batch, w);
    if (!conn_job_begin(c, ret_lost))
        return db->engine->in_transaction(c) && jobs_run_alone(&ahead, ret_lost);
    bool ok = jobs_ask(&ahead, ret_lost) && jobs_run(&ahead, ret_lost) &&
              gather_run(&ahead.writes, c, ret_lost) && conn_job_end(c, ret_lost);
    gather_drop(&ahead.writes);
    answers_drop(&ahead);
    if (ok)
        return true;
    jobs_forget(&ahead);
    atomic_fetch_add_explicit(&db->ahead_undone, 1, memory_order_relaxed);
    return jobs_undo(&ahead, ret_lost) && jobs_run_alone(&ahead, ret_lost);
}
