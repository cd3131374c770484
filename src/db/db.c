#include "db/inner.h"

static const struct db_engine *engine_of(struct str address)
{
    bool is_server =
        str_begins(address, STR("postgresql://")) || str_begins(address, STR("postgres://"));
    return is_server ? &db_postgres : &db_sqlite;
}

bool db_create(struct str address, struct err *e)
{
    return engine_of(address)->create(address, e);
}

static struct db *db_new(const struct db_options *options)
{
    struct arena *home = arena_new(0);
    struct db *db = ARENA_NEW(home, struct db);
    db->home = home;
    db->o = *options;
    db->address = arena_cstr(home, options->address);
    db->o.address = str_of(db->address);
    db->o.replica = arena_copy(home, options->replica);
    db->o.beside = str_of(arena_cstr(home, options->beside));
    db->engine = engine_of(db->o.address);
    lock_init(&db->pool.lock, &db->pool.changed);
    lock_init(&db->near.lock, &db->near.changed);
    lock_init(&db->writer.lock, &db->writer.changed);
    return db;
}

/* In this order: SQLite's readers need the writer to have made the files beside the database. */
static bool db_start(struct db *db, struct err *e)
{
    return db->engine->start(db, e) && db->engine->open(db, true, &db->writer.conn, e) &&
           migrate(db, db->writer.conn, e) && pool_open(db, e) && db->engine->keep(db, e) &&
           writer_start(db, e);
}

bool db_open(const struct db_options *options, struct db **ret_db, struct err *e)
{
    struct db *db = db_new(options);
    if (!db_start(db, e)) {
        db_close(&db);
        return false;
    }
    *ret_db = db;
    return true;
}

/* The engine stops last: SQLite checkpoints when the last connection closes. */
void db_close(struct db **db_at)
{
    struct db *db = *db_at;
    if (!db)
        return;
    *db_at = NULL;
    writer_stop(db);
    pool_close(db);
    if (db->writer.conn)
        db->engine->close(&db->writer.conn);
    db->engine->stop(db);
    lock_free(&db->pool.lock, &db->pool.changed);
    lock_free(&db->near.lock, &db->near.changed);
    lock_free(&db->writer.lock, &db->writer.changed);
    struct arena *home = db->home;
    arena_free(&home);
}

/* One transaction that reads, on a connection of a pool. */
static bool read_on(struct conn *c, struct arena *arena, db_work *work, void *context,
                    struct err *e)
{
    struct db *db = c->db;
    bool ok = conn_begin(c, e);
    if (ok) {
        struct tx tx;
        tx_begin(&tx, c, arena);
        ok = work(&tx, context, e);
        /* What was made while a statement failed is not the whole truth, whatever it says. */
        if (tx.failed && (ok || e->kind != tx.first.kind)) {
            *e = tx.first;
            ok = false;
        }
        struct err end;
        if (!conn_commit(c, &end)) {
            db->engine->rollback(c);
            if (ok) {
                *e = end;
                ok = false;
            }
        }
    }
    return ok;
}

bool db_read(struct db *db, struct arena *arena, db_work *work, void *context, struct err *e)
{
    struct conn *c = NULL;
    if (!pool_take(db, &c, e))
        return false;
    bool ok = read_on(c, arena, work, context, e);
    pool_give(&db->pool, c);
    return ok;
}

bool db_read_near(struct db *db, struct arena *arena, db_work *work, void *context, struct err *e)
{
    struct conn *c = db->near.n > 0 ? pool_try(&db->near) : NULL;
    bool is_read = c && db->engine->is_near_ready(c);
    bool ok = is_read && read_on(c, arena, work, context, e);
    if (c)
        pool_give(&db->near, c);
    /* A standby ends what stands in the way of its replay; the primary does not. */
    if (!is_read || (!ok && e->kind == ERR_BUSY))
        return db_read(db, arena, work, context, e);
    atomic_fetch_add_explicit(&db->near_reads, 1, memory_order_relaxed);
    return ok;
}

void db_scrub(struct db *db)
{
    atomic_fetch_add(&db->scrubs_asked, 1);
    writer_nudge(db);
}

bool db_is_scrubbing(const struct db *db)
{
    return atomic_load(&db->scrubs_done) != atomic_load(&db->scrubs_asked);
}

bool db_changed_elsewhere(struct db *db)
{
    return atomic_exchange(&db->changed_elsewhere, false);
}

bool db_is_deaf(struct db *db)
{
    return db->engine->is_deaf && db->engine->is_deaf(db);
}

void db_watch(struct db *db, const struct db_watch *watch)
{
    atomic_store(&db->watch, watch);
    watch->changed(watch->context, NULL, 0);
}

void changes_tell(struct db *db, const uint64_t *tags, size_t n)
{
    const struct db_watch *watch = atomic_load(&db->watch);
    if (watch)
        watch->changed(watch->context, tags, n);
    else
        atomic_store(&db->changed_elsewhere, true);
}

/* The same conversation changes many times in a batch: each tag once. */
void changes_add(struct changes *changes, const struct tx *tx)
{
    changes->is_all |= !tx->says_changes;
    for (size_t i = 0; i < tx->n_tags && !changes->is_all; i++) {
        size_t at = 0;
        while (at < changes->n && changes->tags[at] != tx->tags[i])
            at++;
        if (at == CHANGES_MAX)
            changes->is_all = true;
        else if (at == changes->n)
            changes->tags[changes->n++] = tx->tags[i];
    }
}

bool db_backup(struct db *db, struct str path, struct err *e)
{
    return db->engine->backup(db, path, e);
}

bool db_check(struct db *db, struct err *e)
{
    return db->engine->check(db, e);
}

bool db_check_statements(struct db *db, struct err *e)
{
    struct conn *c = NULL;
    if (!db->engine->open(db, true, &c, e))
        return false;
    bool ok = true;
    for (size_t i = 0; i < db->o.schema->n_statements && ok; i++)
        ok = db->engine->check_statement(c, (int)i, e);
    db->engine->close(&c);
    return ok;
}

void db_count(const struct db *db, struct db_counts *ret_counts)
{
    struct writer *writer = (struct writer *)(uintptr_t)&db->writer; /* its lock is not const */
    lock_take(&writer->lock);
    ret_counts->queue_length = writer->length;
    ret_counts->queue_longest = writer->longest;
    lock_give(&writer->lock);
    ret_counts->statements = atomic_load(&db->statements);
    ret_counts->commits = atomic_load(&db->commits);
    ret_counts->writes = atomic_load(&db->writes);
    ret_counts->writes_failed = atomic_load(&db->writes_failed);
    ret_counts->near = atomic_load(&db->near_reads);
    ret_counts->ahead = atomic_load(&db->answers_ahead);
    ret_counts->alone = atomic_load(&db->ahead_undone);
    ret_counts->scrubs = atomic_load(&db->scrubs);
    ret_counts->wal_bytes = atomic_load(&db->wal_bytes);
}
