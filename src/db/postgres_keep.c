/* What keeps a PostgreSQL database beside the statements: its schema's number and checks. */
#include "db/postgres.h"

#define BETWEEN_MS 1000

static const char is_made_sql[] = "SELECT (to_regclass('schema_migration') IS NOT NULL)::int";
static const char others_sql[] = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
                                 " AND relnamespace = current_schema()::regnamespace";
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
    int64_t is_made = 0, n_others = 0;
    if (!libpq_open(e) || !pg_connect(&(struct pg_target){.address = arena_cstr(a, address),
                                                          .busy_ms = BETWEEN_MS,
                                                          .statement_ms = BETWEEN_MS},
                                      &pg, e))
        return false;
    bool ok = pg_number(pg, is_made_sql, &is_made, e) && pg_number(pg, others_sql, &n_others, e);
    if (ok && !is_made && n_others > 0)
        ok = err_set(e, ERR_INVALID, 0, "the database holds tables of something else");
    if (ok && is_made)
        ok = err_set(e, ERR_CONFLICT, 0, "the database is in use already");
    pq.PQfinish(pg);
    return ok;
}

/* A connection outside of the pipeline while its owner does what pipelines cannot. */
static bool plain_begin(struct pg_conn *c, struct err *e)
{
    if (!c->pg)
        return pg_lost(c, "migration", e);
    if (!pg_exchange(c, "migration", NULL, e))
        return false;
    return pq.PQexitPipelineMode(c->pg) ? true : pg_lost(c, "migration", e);
}

static bool plain_end(struct pg_conn *c, bool ok, struct err *e)
{
    if (pq.PQstatus(c->pg) == CONNECTION_OK && pq.PQenterPipelineMode(c->pg))
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
    PGresult *r = pq.PQexecParams(pg, version_add_sql, 2, NULL, values, NULL, NULL, 0);
    bool ok = pq.PQresultStatus(r) == PGRES_COMMAND_OK || pg_fail(r, "schema_migration", e);
    pq.PQclear(r);
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

/* The schema beside the address's own; with the migrations' lock, so that one node makes it. */
static bool beside_make(struct pg_conn *c, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str name = c->base.db->o.beside;
    struct str sql = arena_printf(a, "CREATE SCHEMA IF NOT EXISTS " STR_FMT, STR_ARG(name));
    return name.n == 0 || pg_number(c->pg, sql.p, NULL, e);
}

/* Afterwards the connection is made anew: it has the usual settings again. */
bool pg_migrating(struct conn *base, bool on, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    struct err ignored;
    if (on) {
        bool is_plain = plain_begin(c, e);
        return is_plain &&
               plain_end(c, pg_number(c->pg, migrating_sql, NULL, e) && beside_make(c, e), e);
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
    struct pg_target to = pg_primary(db);
    if (!pg_connect(&to, &pg, e))
        return false;
    bool ok = (pg_number(pg, "SET statement_timeout = 0", NULL, e) &&
               pg_number(pg, check_sql, NULL, e)) ||
              err_where(e, "check");
    pq.PQfinish(pg);
    return ok;
}

/* Dead rows are the server's to vacuum (the schema says how soon); its log is not ours to cut. */
int64_t pg_between(struct conn *base)
{
    struct db *db = base->db;
    atomic_store(&db->scrubs_done, atomic_load(&db->scrubs_asked));
    if (db->near.n > 0)
        pg_find_place(pg_of(base));
    return BETWEEN_MS;
}
