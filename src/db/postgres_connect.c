/* Connections to PostgreSQL: making them, noticing that they are gone, making them anew. */
#include "db/postgres.h"

#include <poll.h>

#include "base/rand.h"

#define PAUSE_FIRST_MS 50
#define PAUSE_MAX_MS 500
#define NEAR_MS 2000 /* a replica that takes longer is not worth waiting for */

static const char *const fixed_sql[PG_FIXED] = {
    [PG_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [PG_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [PG_COMMIT] = "COMMIT",
    [PG_ROLLBACK] = "ROLLBACK",
    [PG_SAVEPOINT] = "SAVEPOINT job",
    [PG_RELEASE] = "RELEASE job",
    [PG_UNDO] = "ROLLBACK TO job",
    [PG_TURN] = "SELECT pg_advisory_xact_lock(1097430138, hashtext(current_schema()))",
    [PG_PLACE] = "SELECT (pg_current_wal_insert_lsn() - '0/0')::int8",
    [PG_REPLAY] = ("SELECT CASE WHEN pg_is_in_recovery()"
                   " THEN coalesce((pg_last_wal_replay_lsn() - '0/0')::int8, 0) ELSE -1 END"),
    [PG_NOTIFY] = "SELECT pg_notify('aitys', $1)",
};

/* $1: milliseconds; $2: the schema, or nothing. An acknowledged write must be on the disk whatever
 * the server's default. */
static const char settings_sql[] =
    "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $1, false),"
    " CASE WHEN $2 <> '' THEN set_config('search_path', $2, false) END,"
    " set_config('idle_in_transaction_session_timeout', '60s', false),"
    " set_config('jit', 'off', false),"
    " CASE current_setting('synchronous_commit') WHEN 'off'"
    " THEN set_config('synchronous_commit', 'on', false) END";

/*
 * For serving. What it runs is written for the indexes and walks them in order: plans are made once
 * and do not depend on statistics, which a table that grows fast, or a server that was killed, does
 * not have. Checks and copies read whole tables, and are better off with plans of their own.
 */
static const char plans_sql[] =
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', false),"
    " set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),"
    " set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)";

static bool settings_apply(PGconn *pg, const struct pg_target *to, struct err *e)
{
    char ms[32];
    const char *values[] = {ms, to->beside ? to->beside : ""};
    const char *encoding = pq.PQparameterStatus(pg, "server_encoding");
    if (!str_eq(str_of(encoding), STR("UTF8")))
        return err_set(e, ERR_BROKEN, 0, "the database's encoding is %s, not UTF8",
                       encoding ? encoding : "unknown");
    (void)snprintf(ms, sizeof ms, "%" PRId64, to->statement_ms);
    PGresult *r = pq.PQexecParams(pg, settings_sql, 2, NULL, values, NULL, NULL, 0);
    bool ok = pq.PQresultStatus(r) == PGRES_TUPLES_OK || pg_fail(r, "settings", e);
    pq.PQclear(r);
    return ok;
}

/* Silence: what the server remarks is not for standard error. */
static void notice_ignore(void *context, const PGresult *r)
{
    (void)context;
    (void)r;
}

/* How the sentence ends that a server which is down, or the system in its place, has for us. */
static const char *const down_endings[] = {
    "Connection refused",
    "No such file or directory",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
    "the database system is not accepting connections",
    "session is read-only",
    "server is in hot standby mode",
};

/* One line a server; those that begin with a tab only go on. DETAIL follows some. */
static bool says_down(struct str text)
{
    struct str rest = text, line;
    bool is_down = text.n > 0;
    while (is_down && str_next(&rest, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '\t' || str_begins(line, STR("DETAIL")))
            continue;
        is_down = false;
        for (size_t i = 0; i < ARRAY_LEN(down_endings) && !is_down; i++)
            is_down = str_ends(line, str_of(down_endings[i]));
    }
    return is_down;
}

static bool address_failed(struct err *e)
{
    return err_set(e, ERR_INVALID, 0,
                   "the database's address cannot be read; write postgresql://USER@HOST/NAME, "
                   "special characters as %%XX");
}

/* The library's sentence in one line. What it says of an address that it cannot read may quote the
 * password, so that is said in our words. */
static bool connect_failed(PGconn *pg, const char *address, struct err *e)
{
    char why[600];
    PQconninfoOption *parsed = pq.PQconninfoParse(address, NULL);
    if (!parsed)
        return address_failed(e);
    bool can_be_read = true;
    for (const PQconninfoOption *o = parsed; o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "port") == 0)
            can_be_read = strspn(o->val, "0123456789,") == strlen(o->val);
    }
    pq.PQconninfoFree(parsed);
    if (!can_be_read)
        return address_failed(e);
    struct str text = str_head(str_trim(str_of(pq.PQerrorMessage(pg))), sizeof why - 1);
    for (size_t i = 0; i < text.n; i++)
        why[i] = (uint8_t)text.p[i] < ' ' ? ' ' : text.p[i];
    why[text.n] = 0;
    enum err_kind kind = says_down(str_of(pq.PQerrorMessage(pg))) ? ERR_MISSING : ERR_BUSY;
    return err_set(e, kind, 0, "the database's server: %s", why);
}

struct pg_target pg_primary(const struct db *db)
{
    return (struct pg_target){.address = db->address,
                              .beside = db->o.beside.p,
                              .busy_ms = db->o.busy_ms,
                              .statement_ms = db->o.busy_ms};
}

bool pg_connect(const struct pg_target *to, PGconn **ret_pg, struct err *e)
{
    char wait_s[32], wait_ms[32];
    (void)snprintf(wait_s, sizeof wait_s, "%" PRId64, (to->busy_ms + 999) / 1000);
    (void)snprintf(wait_ms, sizeof wait_ms, "%" PRId64, to->busy_ms);
    /* What stands in the address counts for the first two, ours for the others. */
    const char *const names[] = {"fallback_application_name",
                                 "dbname",
                                 "client_encoding",
                                 "target_session_attrs",
                                 "connect_timeout",
                                 "tcp_user_timeout",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 NULL};
    /* Whoever waits for an answer has nothing on the way that a timeout could be counted for: only
     * keepalives find out that the other machine is no more. */
    const char *const values[] = {
        "aitys", to->address, "UTF8", to->only_reads ? "any" : "read-write", wait_s, wait_ms,
        wait_s,  "1",         NULL};
    PGconn *pg = pq.PQconnectdbParams(names, values, 1);
    bool ok = pq.PQstatus(pg) == CONNECTION_OK || connect_failed(pg, to->address, e);
    if (ok)
        (void)pq.PQsetNoticeReceiver(pg, notice_ignore, NULL);
    if (ok && settings_apply(pg, to, e)) {
        *ret_pg = pg;
        return true;
    }
    pq.PQfinish(pg);
    return false;
}

/*
 * A warning during COMMIT says that a standby was not waited for: what is committed here may be
 * lost with this server, so it does not count as stored.
 */
static void notice_take(void *context, const PGresult *r)
{
    struct pg_conn *c = context;
    struct str severity = str_of(pq.PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED));
    if (str_eq(severity, STR("WARNING")))
        c->was_warned = true;
}

static bool fixed_prepare(struct pg_conn *c, struct err *e)
{
    for (int i = 0; i < PG_FIXED; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "fixed%d", i);
        if (!pq.PQsendPrepare(c->pg, name, fixed_sql[i], 0, NULL))
            return pg_lost(c, "prepare", e);
    }
    return pg_exchange(c, "prepare", NULL, e);
}

/*
 * How long a statement may take; a reader's no longer than its transaction (see conn_run), and
 * where that has no limit it has none: a check reads all there is.
 */
static int64_t statement_ms(const struct pg_conn *c, int64_t busy_ms)
{
    int64_t read_ms = c->base.db->o.read_ms;
    return c->base.writes || read_ms > busy_ms ? busy_ms : read_ms;
}

/* What is beside has other ways: which index is best depends on the words that are looked for. */
static const char plans_beside_sql[] =
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', false)";

static bool plans_set(const struct pg_conn *c, struct err *e)
{
    PGresult *r = pq.PQexec(c->pg, c->base.db->o.beside.n ? plans_beside_sql : plans_sql);
    bool ok = pq.PQresultStatus(r) == PGRES_TUPLES_OK || pg_fail(r, "settings", e);
    pq.PQclear(r);
    return ok;
}

static bool connect_once(struct pg_conn *c, struct err *e)
{
    struct db *db = c->base.db;
    struct pg_target to = pg_primary(db);
    if (c->is_near)
        to = (struct pg_target){.address = db->o.replica.p, .busy_ms = NEAR_MS, .only_reads = true};
    to.statement_ms = statement_ms(c, to.busy_ms);
    if (!pg_connect(&to, &c->pg, e)) {
        e->kind = e->kind == ERR_MISSING ? ERR_BUSY : e->kind;
        return false;
    }
    if (db->o.read_ms > 0 && !plans_set(c, e))
        return pg_lost(c, "settings", e);
    (void)pq.PQsetNoticeReceiver(c->pg, notice_take, c);
    memset(c->is_prepared, 0, db->o.schema->n_statements * PG_TEXTS * sizeof *c->is_prepared);
    if (c->base.writes && c == pg_of(db->writer.conn ? db->writer.conn : &c->base)) {
        struct pg_keeper *keeper = db->engine_own;
        rand_bytes(&c->mark, sizeof c->mark);
        atomic_store(&keeper->writer_mark, c->mark);
    }
    c->statement_ms = to.statement_ms;
    if (!pq.PQenterPipelineMode(c->pg) || pq.PQsetnonblocking(c->pg, 1) != 0)
        return pg_lost(c, "pipeline", e);
    return fixed_prepare(c, e);
}

struct pg_conn *pg_conn_new(struct db *db)
{
    struct arena *home = arena_new(0);
    struct pg_conn *c = ARENA_NEW(home, struct pg_conn);
    c->base = (struct conn){.db = db, .home = home};
    c->is_prepared = ARENA_ARRAY(home, bool, db->o.schema->n_statements *PG_TEXTS);
    return c;
}

bool pg_reconnect(struct pg_conn *c, struct err *e)
{
    struct pg_keeper *keeper = c->base.db->engine_own;
    int64_t now_ms = ticks_ms();
    /* Where one has got through, the others need not wait any longer. */
    if (now_ms < c->retry_ms && (c->is_near || atomic_load(&keeper->back_ms) < c->failed_ms))
        return err_set(e, ERR_BUSY, 0, "the server is away");
    if (connect_once(c, e)) {
        c->pause_ms = c->retry_ms = 0;
        if (!c->is_near)
            atomic_store(&keeper->back_ms, ticks_ms());
        return true;
    }
    c->pause_ms = c->pause_ms ? 2 * c->pause_ms : PAUSE_FIRST_MS;
    if (c->pause_ms > PAUSE_MAX_MS)
        c->pause_ms = PAUSE_MAX_MS;
    c->failed_ms = ticks_ms();
    c->retry_ms = c->failed_ms + c->pause_ms;
    return false;
}

bool pg_has_gone(struct pg_conn *c)
{
    struct pollfd fd = {.fd = pq.PQsocket(c->pg), .events = POLLIN | POLLRDHUP};
    if (poll(&fd, 1, 0) <= 0)
        return false;
    return !pq.PQconsumeInput(c->pg) || pq.PQstatus(c->pg) != CONNECTION_OK ||
           (fd.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

bool pg_number(PGconn *pg, const char *sql, int64_t *ret_n, struct err *e)
{
    PGresult *r = pq.PQexec(pg, sql);
    ExecStatusType status = pq.PQresultStatus(r);
    bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || pg_fail(r, "SQL", e);
    if (ok && ret_n &&
        (pq.PQntuples(r) != 1 ||
         !str_to_int64(str_of(pq.PQgetvalue(r, 0, 0)), 0, INT64_MAX, ret_n)))
        ok = err_set(e, ERR_BROKEN, 0, "a number was expected");
    pq.PQclear(r);
    return ok;
}
