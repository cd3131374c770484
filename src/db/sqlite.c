/* SQLite behind the table of an engine: connections, their settings, transactions. */
#include "db/sqlite.h"

#include <errno.h>
#include <unistd.h>

#define PROGRESS_STEPS 10000 /* of SQLite's machine: less than a millisecond */

/* Settings that sqlite3_db_config knows: which, and what they are set to. */
static const int configured[][2] = {
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
};

/* Those that only a PRAGMA knows. Temporary files would hold readers' words: memory. */
static const char *const pragmas[] = {
    "PRAGMA synchronous=FULL",  "PRAGMA secure_delete=ON",     "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY", "PRAGMA wal_autocheckpoint=0",
};

static bool settings_apply(struct db *db, sqlite3 *handle, struct err *e)
{
    int rc = sqlite3_extended_result_codes(handle, 1);
    for (size_t i = 0; i < ARRAY_LEN(configured) && rc == SQLITE_OK; i++)
        rc = sqlite3_db_config(handle, configured[i][0], configured[i][1], NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(handle, (int)db->o.busy_ms);
    if (rc != SQLITE_OK)
        return sqlite_fail(handle, rc, "settings", e);
    for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
        if (!sqlite_number(handle, pragmas[i], NULL, e))
            return false;
    }
    char cache[64]; /* a PRAGMA takes no parameters */
    (void)snprintf(cache, sizeof cache, "PRAGMA cache_size=-%" PRId64, db->o.cache_bytes / 1024);
    return sqlite_number(handle, cache, NULL, e);
}

bool sqlite_handle_open(struct db *db, int flags, sqlite3 **ret_handle, struct err *e)
{
    if (access(db->address, F_OK) != 0)
        return err_set(e, ERR_MISSING, 0, "database %s: %s", db->address, strerrordesc_np(errno));
    sqlite3 *handle = NULL;
    int rc =
        sqlite3_open_v2(db->address, &handle, flags | SQLITE_OPEN_NOMUTEX, sqlite_vfs_name(db));
    bool ok =
        rc == SQLITE_OK ? settings_apply(db, handle, e) : sqlite_fail(handle, rc, db->address, e);
    if (ok)
        *ret_handle = handle;
    else
        sqlite_handle_close(&handle);
    return ok;
}

void sqlite_handle_close(sqlite3 **handle)
{
    if (*handle)
        MUST(sqlite3_close(*handle) == SQLITE_OK);
    *handle = NULL;
}

/* The file is ours and in the mode that the rest relies on. */
static bool file_check(struct db *db, sqlite3 *handle, struct err *e)
{
    int64_t id = 0;
    if (!sqlite_number(handle, "PRAGMA application_id", &id, e))
        return false;
    if (id != SQLITE_OUR_ID)
        return err_set(e, ERR_CONFLICT, 0, "%s is not a database of this program", db->address);
    return sqlite_number(handle, "PRAGMA journal_mode=WAL", NULL, e);
}

/* SQLite asks this again and again while a statement runs; anything but 0 ends it. */
static int is_late(void *context)
{
    return conn_is_late(context);
}

static bool handle_for(struct sqlite_conn *c, struct err *e)
{
    struct db *db = c->base.db;
    int flags = c->base.writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (!sqlite_handle_open(db, flags, &c->handle, e))
        return false;
    if (c->base.writes) {
        if (!file_check(db, c->handle, e))
            return false;
        sqlite_watch_commits(c);
    } else {
        sqlite3_progress_handler(c->handle, PROGRESS_STEPS, is_late, &c->base);
    }
    return true;
}

static void handle_drop(struct sqlite_conn *c)
{
    for (size_t i = 0; i < c->base.db->o.schema->n_statements; i++) {
        (void)sqlite3_finalize(c->ready[i].stmt);
        c->ready[i].stmt = NULL;
    }
    for (size_t i = 0; i < FIXED_STATEMENTS; i++) {
        (void)sqlite3_finalize(c->fixed[i]);
        c->fixed[i] = NULL;
    }
    sqlite_handle_close(&c->handle);
}

static void conn_close(struct conn **base)
{
    if (!*base)
        return;
    struct arena *home = (*base)->home;
    handle_drop(sqlite_of(*base));
    arena_free(&home);
    *base = NULL;
}

static bool conn_open(struct db *db, bool writes, struct conn **ret_conn, struct err *e)
{
    struct arena *home = arena_new(0);
    struct sqlite_conn *c = ARENA_NEW(home, struct sqlite_conn);
    c->base = (struct conn){.db = db, .home = home, .writes = writes};
    c->ready = ARENA_ARRAY(home, struct sqlite_ready, db->o.schema->n_statements);
    struct conn *base = &c->base;
    /* A reader opens the file when it is first needed: each keeps the schema, and few are used. */
    if (writes && !handle_for(c, e)) {
        conn_close(&base);
        return false;
    }
    *ret_conn = base;
    return true;
}

static bool begin(struct conn *base, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    if (c->is_suspect || !c->handle) {
        handle_drop(c);
        if (!handle_for(c, e))
            return false;
        c->is_suspect = false;
        c->data_version = 0;
    }
    c->has_job = false;
    return sqlite_fixed(c, base->writes ? FIXED_BEGIN_IMMEDIATE : FIXED_BEGIN, NULL, e);
}

static bool commit(struct conn *base, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    if (sqlite_fixed(c, FIXED_COMMIT, NULL, e))
        return true;
    c->is_suspect = e->kind == ERR_BROKEN;
    return false;
}

static bool in_transaction(struct conn *base)
{
    struct sqlite_conn *c = sqlite_of(base);
    return c->handle && !sqlite3_get_autocommit(c->handle);
}

static void rollback(struct conn *base)
{
    struct sqlite_conn *c = sqlite_of(base);
    struct err ignored;
    if (in_transaction(base) && !sqlite_number(c->handle, "ROLLBACK", NULL, &ignored))
        c->is_suspect = true;
}

/*
 * The first job needs no savepoint: to undo it is to begin anew. Within one SQLite copies each page
 * before it changes it, and goes through all copies at the end of each statement with a trigger, so
 * that a job of many rows would take the square of its time.
 */
static bool job_begin(struct conn *base, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    c->is_bare = !c->has_job;
    c->has_job = true;
    return c->is_bare || sqlite_fixed(c, FIXED_SAVEPOINT, NULL, e);
}

static bool job_end(struct conn *base, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    return c->is_bare || sqlite_fixed(c, FIXED_RELEASE, NULL, e);
}

static bool job_undo(struct conn *base, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    if (c->is_bare)
        return sqlite_number(c->handle, "ROLLBACK", NULL, e) && begin(base, e);
    return sqlite_fixed(c, FIXED_UNDO, NULL, e) && sqlite_fixed(c, FIXED_RELEASE, NULL, e);
}

static bool version(struct conn *base, int *ret_version, struct err *e)
{
    int64_t n = 0;
    if (!sqlite_number(sqlite_of(base)->handle, "PRAGMA user_version", &n, e))
        return false;
    *ret_version = (int)n;
    return true;
}

static bool version_set(sqlite3 *handle, int number, struct err *e)
{
    char sql[64]; /* a PRAGMA takes no parameters */
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version=%d", number);
    return sqlite_number(handle, sql, NULL, e);
}

static bool migrate_one(struct conn *base, const struct db_migration *m, struct err *e)
{
    sqlite3 *handle = sqlite_of(base)->handle;
    int64_t orphans = 0;
    int rc = sqlite3_exec(handle, m->sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return sqlite_fail(handle, rc, "SQL", e);
    if (!sqlite_number(handle, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, e))
        return false;
    if (orphans)
        return err_set(e, ERR_BROKEN, 0, "%" PRId64 " rows refer to what is not there", orphans);
    return version_set(handle, m->number, e);
}

/* While tables are rebuilt, rows refer to what is dropped: migrate_one looks at the end. */
static bool migrating(struct conn *base, bool on, struct err *e)
{
    sqlite3 *handle = sqlite_of(base)->handle;
    int rc = sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 0 : 1, NULL);
    return rc == SQLITE_OK || sqlite_fail(handle, rc, "foreign keys", e);
}

const struct db_engine db_sqlite = {
    .create = sqlite_create,
    .start = sqlite_start,
    .stop = sqlite_stop,
    .keep = sqlite_keep,
    .open = conn_open,
    .close = conn_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .job_begin = job_begin,
    .job_end = job_end,
    .job_undo = job_undo,
    .run = sqlite_run,
    .version = version,
    .migrate = migrate_one,
    .migrating = migrating,
    .between = sqlite_between,
    .backup = sqlite_backup,
    .check = sqlite_check,
    .check_statement = sqlite_check_statement,
};
