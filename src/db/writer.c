/*
 * The writer's thread. Whatever waits goes into one transaction, each job in a savepoint of it;
 * those that come while it runs join it. One commit, and only then are they told.
 */
#include "db/inner.h"

#define REPEAT_MS 30000    /* how long those wait whose COMMIT was not answered */
#define REPEAT_PAUSE_MS 50 /* between two tries to reach the server meanwhile */

bool db_write_later(struct db *db, struct db_write *w, struct err *e)
{
    struct writer *writer = &db->writer;
    w->next = NULL;
    w->ok = w->may_repeat = w->is_repeated = false;
    w->told = NULL;
    w->answers = NULL;
    w->err.kind = ERR_NONE;
    lock_take(&writer->lock);
    bool is_full = writer->stopping || writer->length >= db->o.queue_max;
    if (!is_full) {
        if (writer->last)
            writer->last->next = w;
        else
            writer->first = w;
        writer->last = w;
        writer->length++;
        if (writer->length > writer->longest)
            writer->longest = writer->length;
        MUST(pthread_cond_signal(&writer->changed) == 0);
    }
    lock_give(&writer->lock);
    if (is_full)
        return err_set(e, ERR_BUSY, 0, "%zu writes wait already", db->o.queue_max);
    return true;
}

struct db_write *writer_pop(struct writer *writer, bool only_ahead)
{
    lock_take(&writer->lock);
    struct db_write *w = writer->first;
    if (w && only_ahead && !w->asks_ahead)
        w = NULL;
    if (w) {
        writer->first = w->next;
        if (!w->next)
            writer->last = NULL;
        w->next = NULL;
        writer->length--;
    }
    lock_give(&writer->lock);
    return w;
}

/* Waits for a job, a nudge or that moment. False when there is nothing left and none will come. */
static bool queue_wait(struct writer *writer, int64_t until_ms)
{
    lock_take(&writer->lock);
    bool in_time = true;
    while (!writer->first && !writer->stopping && !writer->nudged && in_time)
        in_time = lock_wait(&writer->changed, &writer->lock, until_ms);
    writer->nudged = false;
    bool goes_on = writer->first || !writer->stopping;
    lock_give(&writer->lock);
    return goes_on;
}

void batch_add(struct batch *batch, struct db_write *w)
{
    if (batch->last)
        batch->last->next = w;
    else
        batch->first = w;
    batch->last = w;
    batch->n++;
}

void job_tell(struct db_write *w, bool ok)
{
    for (const struct tx_told *t = w->told; t; t = t->next)
        t->told(t->context, ok);
    w->told = NULL;
}

bool job_run(struct conn *c, struct db_write *w, struct err *ret_lost)
{
    struct tx tx;
    if (!conn_job_begin(c, &w->err)) {
        *ret_lost = w->err;
        return c->db->engine->in_transaction(c);
    }
    tx_begin(&tx, c, w->arena);
    w->ok = w->work(&tx, w->context, &w->err);
    if (w->ok && tx.failed) {
        w->ok = false;
        w->err = tx.first;
    }
    w->may_repeat = tx.may_repeat;
    w->told = tx.told;
    if (w->ok)
        w->ok = conn_job_end(c, &w->err);
    if (w->ok) {
        changes_add(&c->db->writer.changes, &tx);
        return true;
    }
    job_tell(w, false); /* before the next one, which may take the same number */
    if (c->db->engine->in_transaction(c))
        return conn_job_undo(c, ret_lost);
    *ret_lost = tx.failed ? tx.first : w->err;
    return false;
}

/* Nothing of the batch is stored: those that thought themselves done learn of it. */
static void batch_fail(struct batch *batch, const struct err *e)
{
    for (struct db_write *w = batch->first; w; w = w->next) {
        if (w->ok || w->err.kind == ERR_NONE)
            w->err = *e;
        w->ok = false;
    }
}

static size_t batch_count_ok(const struct batch *batch)
{
    size_t n = 0;
    for (const struct db_write *w = batch->first; w; w = w->next)
        n += w->ok;
    return n;
}

/* A transaction that could not begin takes all that wait with it: they have waited long enough. */
static void batch_refuse(struct db *db, struct batch *batch, const struct err *e)
{
    struct db_write *w;
    while (batch->n < BATCH_MAX && (w = writer_pop(&db->writer, false)))
        batch_add(batch, w);
    batch_fail(batch, e);
}

static void batch_jobs(struct db *db, struct conn *c, struct batch *batch)
{
    struct db_write *w;
    bool is_lost = false;
    struct err e;
    while (!is_lost && batch->n < BATCH_MAX && (w = writer_pop(&db->writer, false))) {
        batch_add(batch, w);
        is_lost =
            db->engine->ask && w->asks_ahead ? !ahead_run(db, batch, w, &e) : !job_run(c, w, &e);
    }
    if (is_lost) {
        db->engine->rollback(c);
        batch_fail(batch, &e);
    }
}

static void batch_tell(struct db *db, const struct batch *batch)
{
    size_t n_ok = batch_count_ok(batch);
    atomic_fetch_add_explicit(&db->writes, n_ok, memory_order_relaxed);
    atomic_fetch_add_explicit(&db->writes_failed, batch->n - n_ok, memory_order_relaxed);
    struct db_write *next;
    for (struct db_write *w = batch->first; w; w = w->next)
        job_tell(w, w->ok);
    for (struct db_write *w = batch->first; w; w = next) {
        next = w->next; /* done may free w */
        w->done(w->context, w->ok, &w->err);
    }
}

/* Takes those that may run a second time out of a batch whose COMMIT was not answered. */
static void batch_keep_repeatable(struct writer *writer, struct batch *batch)
{
    struct batch kept = {NULL, NULL, 0}, told = {NULL, NULL, 0};
    struct db_write *next;
    for (struct db_write *w = batch->first; w; w = next) {
        next = w->next;
        w->next = NULL;
        bool is_kept = w->ok && w->may_repeat && !w->is_repeated;
        w->is_repeated |= is_kept;
        if (is_kept)
            job_tell(w, false);
        batch_add(is_kept ? &kept : &told, w);
    }
    *batch = told;
    writer->repeat = kept.first;
}

/* Ends a batch that has begun. */
static void batch_end(struct db *db, struct batch *batch)
{
    struct conn *c = db->writer.conn;
    struct err e;
    if (batch_count_ok(batch) == 0) {
        if (db->engine->in_transaction(c))
            db->engine->rollback(c);
        return;
    }
    if (conn_commit(c, &e)) {
        atomic_fetch_add_explicit(&db->commits, 1, memory_order_relaxed);
        return;
    }
    log_err(db->o.log, "commit_failed", &e);
    db->engine->rollback(c);
    /* It may be stored: then nobody else tells this node what changed. */
    if (e.kind == ERR_UNKNOWN)
        changes_tell(db, NULL, 0);
    /* A server that answered with a warning has stored it, if only on itself: nothing to repeat. */
    if (e.kind == ERR_UNKNOWN && db->engine->is_lost && db->engine->is_lost(c))
        batch_keep_repeatable(&db->writer, batch);
    batch_fail(batch, &e);
}

static void batch_run(struct db *db)
{
    struct batch batch = {NULL, NULL, 0};
    struct err e;
    db->writer.changes.n = 0;
    db->writer.changes.is_all = false;
    if (!conn_begin(db->writer.conn, &e)) {
        batch_refuse(db, &batch, &e);
    } else {
        batch_jobs(db, db->writer.conn, &batch);
        batch_end(db, &batch);
    }
    batch_tell(db, &batch);
}

/*
 * The second run of jobs whose first run may be stored. What the rules say now is an answer; that
 * the server is away again is not: then nobody knows, and nobody is told that it is stored.
 */
static void repeat_run(struct db *db, struct db_write *jobs)
{
    struct conn *c = db->writer.conn;
    struct batch batch = {NULL, NULL, 0};
    struct err e;
    bool is_lost = false;
    /* The first run's notice may have been lost with the server that should have sent it. */
    db->writer.changes.is_all = true;
    for (struct db_write *w = jobs, *next; w; w = next) {
        next = w->next;
        w->next = NULL;
        w->ok = false;
        w->err.kind = ERR_NONE;
        batch_add(&batch, w);
        is_lost = is_lost || !job_run(c, w, &e);
    }
    if (is_lost) {
        db->engine->rollback(c);
        batch_fail(&batch, &e);
    } else {
        batch_end(db, &batch);
    }
    for (struct db_write *w = batch.first; w; w = w->next) {
        if (!w->ok && (w->err.kind == ERR_BUSY || w->err.kind == ERR_BROKEN))
            w->err.kind = ERR_UNKNOWN;
    }
    batch_tell(db, &batch);
}

static void repeat_give_up(struct db *db, struct db_write *jobs)
{
    struct batch batch = {.first = jobs};
    for (const struct db_write *w = jobs; w; w = w->next)
        batch.n++;
    struct err e;
    (void)err_set(&e, ERR_UNKNOWN, 0, "the server did not come back after COMMIT");
    batch_fail(&batch, &e);
    batch_tell(db, &batch);
}

static bool is_stopping(struct writer *writer)
{
    lock_take(&writer->lock);
    bool stops = writer->stopping;
    lock_give(&writer->lock);
    return stops;
}

/* Waits for the server; those who come meanwhile are not kept waiting. */
static void repeat_when_back(struct db *db)
{
    struct db_write *jobs = db->writer.repeat;
    int64_t until_ms = ticks_ms() + REPEAT_MS;
    struct err e;
    db->writer.repeat = NULL;
    while (!conn_begin(db->writer.conn, &e)) {
        struct batch batch = {NULL, NULL, 0};
        batch_refuse(db, &batch, &e);
        batch_tell(db, &batch);
        if (ticks_ms() >= until_ms || is_stopping(&db->writer)) {
            repeat_give_up(db, jobs);
            return;
        }
        (void)nanosleep(&(struct timespec){0, REPEAT_PAUSE_MS * 1000000L}, NULL);
    }
    repeat_run(db, jobs);
}

static bool queue_has(struct writer *writer)
{
    lock_take(&writer->lock);
    bool has = writer->first != NULL;
    lock_give(&writer->lock);
    return has;
}

static void *writer_run(void *context)
{
    struct db *db = context;
    int64_t until_ms = ticks_ms();
    while (queue_wait(&db->writer, until_ms)) {
        if (queue_has(&db->writer))
            batch_run(db);
        if (db->writer.repeat)
            repeat_when_back(db);
        until_ms = ticks_ms() + db->engine->between(db->writer.conn);
    }
    return NULL;
}

bool writer_start(struct db *db, struct err *e)
{
    int rc = pthread_create(&db->writer.thread, NULL, writer_run, db);
    if (rc != 0)
        return err_set(e, ERR_BROKEN, 0, "no thread for the writer: error %d", rc);
    db->writer.is_running = true;
    return true;
}

void writer_stop(struct db *db)
{
    struct writer *writer = &db->writer;
    if (!writer->is_running)
        return;
    lock_take(&writer->lock);
    writer->stopping = true;
    MUST(pthread_cond_signal(&writer->changed) == 0);
    lock_give(&writer->lock);
    MUST(pthread_join(writer->thread, NULL) == 0);
    writer->is_running = false;
}

void writer_nudge(struct db *db)
{
    lock_take(&db->writer.lock);
    db->writer.nudged = true;
    MUST(pthread_cond_signal(&db->writer.changed) == 0);
    lock_give(&db->writer.lock);
}

/* Someone who waits for a write. */
struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    db_work *work;
    void *context;
    bool is_done, ok;
    struct err err;
};

static bool waiting_work(struct tx *tx, void *context, struct err *e)
{
    struct waiting *waiting = context;
    return waiting->work(tx, waiting->context, e);
}

static void waiting_done(void *context, bool ok, const struct err *e)
{
    struct waiting *waiting = context;
    lock_take(&waiting->lock);
    waiting->ok = ok;
    if (!ok)
        waiting->err = *e;
    waiting->is_done = true;
    MUST(pthread_cond_signal(&waiting->changed) == 0);
    lock_give(&waiting->lock);
}

static bool waiting_wait(struct waiting *waiting, struct err *e)
{
    lock_take(&waiting->lock);
    while (!waiting->is_done)
        MUST(pthread_cond_wait(&waiting->changed, &waiting->lock) == 0);
    lock_give(&waiting->lock);
    lock_free(&waiting->lock, &waiting->changed);
    if (!waiting->ok)
        *e = waiting->err;
    return waiting->ok;
}

bool db_write_now(struct db *db, struct arena *arena, db_work *work, void *context, struct err *e)
{
    MUST(!pthread_equal(pthread_self(), db->writer.thread));
    struct waiting waiting = {.work = work, .context = context};
    struct db_write w = {
        .work = waiting_work, .done = waiting_done, .context = &waiting, .arena = arena};
    lock_init(&waiting.lock, &waiting.changed);
    if (!db_write_later(db, &w, e)) {
        lock_free(&waiting.lock, &waiting.changed);
        return false;
    }
    return waiting_wait(&waiting, e);
}
