/*
 * What keeps a PostgreSQL database beside the statements: its schema's number, checks, and a
 * thread that listens to what other nodes commit.
 */
#include "db/postgres.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BETWEEN_MS 1000
#define PAUSE_FIRST_MS 50
#define PAUSE_MAX_MS 5000

static const char is_made_sql[] = "SELECT (to_regclass('schema_migration') IS NOT NULL)::int";
static const char version_sql[] = "SELECT coalesce(max(number), 0) FROM schema_migration";
static const char version_table_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migration"
    " (number int PRIMARY KEY, name text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())";
static const char version_add_sql[] = "INSERT INTO schema_migration (number, name) VALUES ($1, $2)";

/* The advisory lock's number: "Aity". Migrations may take long; other nodes wait for them. */
static const char migrating_sql[] =
    "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1097430137)";
static const char migrated_sql[] = "SELECT pg_advisory_unlock(1097430137)";

/* Reads every row of every table in full, as pg_dump would, and asks for indexes left invalid. */
static const char check_sql[] =
    "DO $$ DECLARE t regclass; BEGIN"
    " FOR t IN SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r'"
    "  AND c.relnamespace = current_schema()::regnamespace LOOP"
    "  EXECUTE format('SELECT count(x::text) FROM %s x', t); END LOOP;"
    " IF EXISTS (SELECT FROM pg_index WHERE NOT indisvalid) THEN"
    "  RAISE EXCEPTION 'an index is not valid'; END IF; END $$";

bool pg_create(struct str address, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    PGconn *pg = NULL;
    int64_t is_made = 0;
    if (!pg_connect(arena_cstr(a, address), BETWEEN_MS, &pg, e))
        return false;
    bool ok = pg_number(pg, is_made_sql, &is_made, e);
    if (ok && is_made)
        ok = err_set(e, ERR_CONFLICT, 0, "the database is in use already");
    PQfinish(pg);
    return ok;
}

/* A connection outside of the pipeline while its owner does what pipelines cannot. */
static bool plain_begin(struct pg_conn *c, struct err *e)
{
    if (!c->pg)
        return pg_lost(c, "migration", e);
    if (!pg_exchange(c, "migration", NULL, e))
        return false;
    return PQexitPipelineMode(c->pg) ? true : pg_lost(c, "migration", e);
}

static bool plain_end(struct pg_conn *c, bool ok, struct err *e)
{
    if (PQstatus(c->pg) == CONNECTION_OK && PQenterPipelineMode(c->pg))
        return ok;
    return pg_lost(c, "migration", e);
}

bool pg_version(struct conn *base, int *ret_version, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    int64_t is_made = 0, n = 0;
    if (!plain_begin(c, e))
        return false;
    bool ok = pg_number(c->pg, is_made_sql, &is_made, e) &&
              (!is_made || pg_number(c->pg, version_sql, &n, e));
    if (!plain_end(c, ok, e))
        return false;
    *ret_version = (int)n;
    return true;
}

static bool version_add(PGconn *pg, const struct db_migration *m, struct err *e)
{
    char number[16];
    const char *values[] = {number, m->name};
    (void)snprintf(number, sizeof number, "%d", m->number);
    PGresult *r = PQexecParams(pg, version_add_sql, 2, NULL, values, NULL, NULL, 0);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || pg_fail(r, "schema_migration", e);
    PQclear(r);
    return ok;
}

bool pg_migrate(struct conn *base, const struct db_migration *m, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    if (!plain_begin(c, e))
        return false;
    bool ok = pg_number(c->pg, version_table_sql, NULL, e) &&
              pg_number(c->pg, m->sql_postgres ? m->sql_postgres : m->sql, NULL, e) &&
              version_add(c->pg, m, e);
    return plain_end(c, ok, e);
}

/* Afterwards the connection is made anew: it has the usual settings again. */
bool pg_migrating(struct conn *base, bool on, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    struct err ignored;
    if (on) {
        bool is_plain = plain_begin(c, e);
        return is_plain && plain_end(c, pg_number(c->pg, migrating_sql, NULL, e), e);
    }
    if (c->pg && plain_begin(c, &ignored))
        (void)plain_end(c, pg_number(c->pg, migrated_sql, NULL, &ignored), &ignored);
    (void)pg_lost(c, "migrated", &ignored);
    return pg_reconnect(c, e);
}

bool pg_backup(struct db *db, struct str path, struct err *e)
{
    (void)db;
    (void)path;
    return err_set(e, ERR_INVALID, 0, "PostgreSQL is copied with pg_dump or pg_basebackup");
}

bool pg_check(struct db *db, struct err *e)
{
    PGconn *pg = NULL;
    if (!pg_connect(db->address, db->o.busy_ms, &pg, e))
        return false;
    bool ok = (pg_number(pg, "SET statement_timeout = 0", NULL, e) &&
               pg_number(pg, check_sql, NULL, e)) ||
              err_where(e, "check");
    PQfinish(pg);
    return ok;
}

/* ---- listening ---- */

bool pg_start(struct db *db, struct err *e)
{
    struct pg_keeper *keeper = ARENA_NEW(db->home, struct pg_keeper);
    keeper->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (keeper->stop_fd < 0)
        return err_set(e, ERR_BROKEN, 0, "eventfd: %s", strerrordesc_np(errno));
    db->engine_own = keeper;
    return true;
}

/* Waits for the stop, the socket (-1: none), or that long. True when it is time to stop. */
static bool must_stop(const struct pg_keeper *keeper, int socket, int wait_ms)
{
    struct pollfd fds[] = {{.fd = keeper->stop_fd, .events = POLLIN},
                           {.fd = socket, .events = POLLIN}};
    (void)poll(fds, 2, wait_ms);
    return fds[0].revents != 0;
}

/* Takes what has come. False when the connection is lost. */
static bool notices_read(struct db *db, PGconn *pg)
{
    struct pg_keeper *keeper = db->engine_own;
    PGnotify *notice;
    if (!PQconsumeInput(pg))
        return false;
    while ((notice = PQnotifies(pg)) != NULL) {
        if (notice->be_pid != atomic_load(&keeper->writer_pid))
            atomic_store(&db->changed_elsewhere, true);
        PQfreemem(notice);
    }
    return PQstatus(pg) == CONNECTION_OK;
}

/* Listens until the connection is lost or it is time to stop; true for the latter. */
static bool listen_once(struct db *db, PGconn *pg)
{
    struct err ignored;
    if (!pg_number(pg, "LISTEN aitys", NULL, &ignored))
        return false;
    atomic_store(&db->changed_elsewhere, true); /* what came before was not heard */
    while (notices_read(db, pg)) {
        if (must_stop(db->engine_own, PQsocket(pg), -1))
            return true;
    }
    atomic_store(&db->changed_elsewhere, true);
    return false;
}

static void *keeper_run(void *context)
{
    struct db *db = context;
    const struct pg_keeper *keeper = db->engine_own;
    int pause_ms = PAUSE_FIRST_MS;
    bool stops = false;
    while (!stops) {
        PGconn *pg = NULL;
        struct err e;
        if (pg_connect(db->address, db->o.busy_ms, &pg, &e)) {
            pause_ms = PAUSE_FIRST_MS;
            stops = listen_once(db, pg);
            PQfinish(pg);
        } else {
            log_err(db->o.log, "listener_lost", &e);
        }
        if (!stops)
            stops = must_stop(keeper, -1, pause_ms);
        pause_ms = pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause_ms * 2;
    }
    return NULL;
}

bool pg_keep(struct db *db, struct err *e)
{
    struct pg_keeper *keeper = db->engine_own;
    int rc = pthread_create(&keeper->thread, NULL, keeper_run, db);
    if (rc != 0)
        return err_set(e, ERR_BROKEN, 0, "no thread to listen: error %d", rc);
    keeper->is_running = true;
    return true;
}

void pg_stop(struct db *db)
{
    struct pg_keeper *keeper = db->engine_own;
    if (!keeper)
        return;
    if (keeper->is_running) {
        MUST(eventfd_write(keeper->stop_fd, 1) == 0);
        MUST(pthread_join(keeper->thread, NULL) == 0);
    }
    (void)close(keeper->stop_fd);
    db->engine_own = NULL;
}

/* Deleted rows are the server's to vacuum; its log is not ours to cut. */
int64_t pg_between(struct conn *base)
{
    struct db *db = base->db;
    atomic_store(&db->scrubs_done, atomic_load(&db->scrubs_asked));
    return BETWEEN_MS;
}
