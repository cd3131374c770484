/*
 * What nodes tell each other: the writer sends a notice with the tags that its transaction changes,
 * PostgreSQL hands it to all once that transaction is committed, and a thread here listens.
 *
 * Whoever cannot listen does not know what to drop. So the listener asks its server for a sign of
 * life again and again, and while none comes the node counts as deaf, and shows no page that it
 * remembers. Only when every server of the address says itself that it is down, nobody can commit
 * anything, and pages stay. After that all are dropped once: what came meanwhile was not heard.
 */
#include "db/postgres.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PAUSE_FIRST_MS 20
#define PAUSE_MAX_MS 250
#define ALIVE_MS 300 /* between two signs of life, and how long one may take */
#define NOTICE_BYTES_MAX 7999

bool pg_send_changes(struct pg_conn *c, const struct changes *changes, struct err *e)
{
    char text[NOTICE_BYTES_MAX + 1];
    struct buf b = {.p = text, .capacity = sizeof text, .max = sizeof text};
    if ((changes->n == 0 && !changes->is_all) || c->base.db->o.beside.n)
        return true;
    buf_printf(&b, "%016" PRIx64 " ", c->mark);
    for (size_t i = 0; i < changes->n && !changes->is_all; i++)
        buf_printf(&b, i ? ",%" PRIx64 : "%" PRIx64, changes->tags[i]);
    if (changes->is_all)
        buf_put(&b, STR("all"));
    buf_char(&b, 0);
    MUST(buf_ok(&b));
    const char *values[] = {text};
    if (!c->pg || !pq.PQsendQueryPrepared(c->pg, PG_NOTIFY_NAME, 1, values, NULL, NULL, 1))
        return pg_lost(c, "notice", e);
    return true;
}

bool pg_start(struct db *db, struct err *e)
{
    if (!libpq_open(e))
        return false;
    struct pg_keeper *keeper = ARENA_NEW(db->home, struct pg_keeper);
    keeper->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (keeper->stop_fd < 0)
        return err_set(e, ERR_BROKEN, 0, "eventfd: %s", strerrordesc_np(errno));
    db->engine_own = keeper;
    return true;
}

bool pg_is_deaf(struct db *db)
{
    struct pg_keeper *keeper = db->engine_own;
    int64_t since = atomic_load(&keeper->since);
    return since != 0 && ticks_ms() - since >= ALIVE_MS;
}

/* What ended a wait. */
enum heard { HEARD_STOP, HEARD_SOCKET, HEARD_NOTHING };

/* Waits for the stop, the socket (-1: none), or that long. */
static enum heard wait_for(const struct pg_keeper *keeper, int socket, int64_t wait_ms)
{
    struct pollfd fds[] = {{.fd = keeper->stop_fd, .events = POLLIN},
                           {.fd = socket, .events = POLLIN}};
    (void)poll(fds, 2, wait_ms < 0 ? 0 : (int)wait_ms);
    if (fds[0].revents)
        return HEARD_STOP;
    return fds[1].revents ? HEARD_SOCKET : HEARD_NOTHING;
}

/* "1f,2a0": hands the tags on. What is not understood may be anything: a newer node's. */
static void notice_tell(struct db *db, struct str text)
{
    uint64_t tags[CHANGES_MAX];
    size_t n = 0;
    struct str rest = text, item;
    while (str_next(&rest, ',', &item)) {
        char hex[17] = {0}, *end;
        if (item.n == 0 || item.n >= sizeof hex || n == CHANGES_MAX) {
            changes_tell(db, NULL, 0);
            return;
        }
        memcpy(hex, item.p, item.n);
        tags[n++] = strtoull(hex, &end, 16);
        if (*end) {
            changes_tell(db, NULL, 0);
            return;
        }
    }
    changes_tell(db, tags, n);
}

/*
 * "MARK TAGS": whether this node's writer sent it on the connection that it has. What it sent on an
 * earlier one may be news: nobody answered the COMMIT, and it was still waiting for a standby.
 */
static bool is_own(const struct pg_keeper *keeper, struct str notice, struct str *ret_tags)
{
    struct str mark, tags;
    char own[17];
    bool is_marked = str_cut(notice, ' ', &mark, &tags);
    *ret_tags = is_marked ? tags : notice; /* an older node's has no mark */
    (void)snprintf(own, sizeof own, "%016" PRIx64, atomic_load(&keeper->writer_mark));
    return is_marked && str_eq(mark, str_of(own));
}

/* A question under way. */
struct question {
    bool is_asked, was_wanted; /* asked when a place was wanted already */
    int64_t due_ms;
};

/* Takes what has come. False when the connection is lost. */
static bool notices_read(struct db *db, PGconn *pg, struct question *q)
{
    struct pg_keeper *keeper = db->engine_own;
    PGnotify *notice;
    if (!pq.PQconsumeInput(pg))
        return false;
    while ((notice = pq.PQnotifies(pg)) != NULL) {
        struct str tags;
        if (!is_own(keeper, str_of(notice->extra), &tags)) {
            atomic_store(&keeper->place_heard, PG_PLACE_UNKNOWN); /* before any page is dropped */
            q->was_wanted = false; /* what is being asked was asked too early */
            notice_tell(db, tags);
        }
        pq.PQfreemem(notice);
    }
    return pq.PQstatus(pg) == CONNECTION_OK;
}

/* What the listener asks for as a sign of life: how far the server's log goes. */
static const char place_sql[] = "SELECT (pg_current_wal_insert_lsn() - '0/0')::int8";

/* Whether the answer to the last question is there, without waiting for it. */
static bool is_answered(PGconn *pg, int64_t *ret_place)
{
    while (!pq.PQisBusy(pg)) {
        PGresult *r = pq.PQgetResult(pg);
        if (!r)
            return true;
        if (pq.PQntuples(r) == 1)
            (void)!str_to_int64(str_of(pq.PQgetvalue(r, 0, 0)), 0, INT64_MAX, ret_place);
        pq.PQclear(r);
    }
    return false;
}

/*
 * Whether what was noted is to be asked for again: a place that was asked for before a notice came
 * says nothing of the change that it tells of.
 */
static bool is_place_wanted(const struct db *db)
{
    const struct pg_keeper *keeper = db->engine_own;
    return db->near.n > 0 && atomic_load(&keeper->place_heard) == PG_PLACE_UNKNOWN;
}

/* Takes the answer when it is there, and asks again when it is time. False: the server is lost. */
static bool ask_on(struct db *db, PGconn *pg, struct question *q)
{
    struct pg_keeper *keeper = db->engine_own;
    int64_t place = PG_PLACE_UNKNOWN;
    if (q->is_asked && is_answered(pg, &place)) {
        q->is_asked = false;
        if (q->was_wanted)
            atomic_store(&keeper->place_heard, place);
    }
    if (q->is_asked || (ticks_ms() < q->due_ms && !is_place_wanted(db)))
        return true;
    *q = (struct question){true, is_place_wanted(db), ticks_ms() + ALIVE_MS};
    return pq.PQsendQuery(pg, place_sql) == 1;
}

/* Hears notices until the connection is lost or silent, or it is time to stop: true for that. */
static bool listen_on(struct db *db, PGconn *pg)
{
    struct pg_keeper *keeper = db->engine_own;
    struct question q = {.due_ms = ticks_ms() + ALIVE_MS};
    while (notices_read(db, pg, &q) && ask_on(db, pg, &q)) {
        enum heard heard = wait_for(keeper, pq.PQsocket(pg), q.due_ms - ticks_ms());
        if (heard == HEARD_STOP)
            return true;
        if (heard == HEARD_NOTHING && q.is_asked && ticks_ms() >= q.due_ms) {
            log_warning(db->o.log, "listener", "the server is silent");
            atomic_store(&keeper->since, ticks_ms() - ALIVE_MS);
            return false;
        }
    }
    atomic_store(&keeper->since, ticks_ms());
    return false;
}

/* Connects and listens. False when that failed: *ret_stops says whether it is time to stop. */
static bool listen_once(struct db *db, bool *ret_stops)
{
    struct pg_keeper *keeper = db->engine_own;
    PGconn *pg = NULL;
    struct err e;
    int64_t since = atomic_load(&keeper->since);
    /* Those who said that they are down may be silent now: it counts from here. */
    if (since == 0)
        atomic_store(&keeper->since, ticks_ms());
    struct pg_target to = pg_primary(db);
    if (!pg_connect(&to, &pg, &e)) {
        log_debug(db->o.log, "listener", "%s", e.why);
        if (e.kind == ERR_MISSING)
            atomic_store(&keeper->since, 0);
        return false;
    }
    atomic_store(&keeper->back_ms, ticks_ms());
    bool ok = pg_number(pg, "LISTEN aitys", NULL, &e);
    if (ok) {
        atomic_store(&keeper->place_heard, PG_PLACE_UNKNOWN);
        changes_tell(db, NULL, 0); /* what came before was not heard */
        atomic_store(&keeper->since, 0);
        *ret_stops = listen_on(db, pg);
    }
    pq.PQfinish(pg);
    return ok;
}

static void *keeper_run(void *context)
{
    struct db *db = context;
    const struct pg_keeper *keeper = db->engine_own;
    int pause_ms = PAUSE_FIRST_MS;
    bool stops = false;
    while (!stops) {
        if (listen_once(db, &stops)) {
            pause_ms = PAUSE_FIRST_MS;
            continue;
        }
        stops = wait_for(keeper, -1, pause_ms) == HEARD_STOP;
        pause_ms = pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause_ms * 2;
    }
    return NULL;
}

bool pg_keep(struct db *db, struct err *e)
{
    struct pg_keeper *keeper = db->engine_own;
    if (db->o.beside.n) /* nobody tells anything of it */
        return true;
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
