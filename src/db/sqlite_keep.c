/*
 * What keeps a SQLite file in order beside the statements: the lock of the exclusive opener, the
 * checkpoints that bring the write-ahead log into the file, scrubbing, and noticing what other
 * processes wrote.
 *
 * A thread makes PASSIVE checkpoints, which hinder nobody but never shorten a log that somebody
 * always reads. So the writer, between two batches, RESTARTs it when it has grown. Under load there
 * is one PASSIVE checkpoint for each RESTART: the more a checkpoint brings in, the more often one
 * page in the file stands for many in the log, and the less it takes from the writer.
 */
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define RESTART_BYTES (64 * (int64_t)MiB)
#define PASSIVE_BYTES (RESTART_BYTES / 2)
#define INSIST_BYTES (4 * RESTART_BYTES) /* from here on new readers wait for the restart */
#define PASSIVE_PAUSE_MS 1000
#define LOOK_MS 500          /* how often the writer looks for what others wrote */
#define SCRUB_PAUSE_MS 100   /* between two tries */
#define SCRUB_INSIST_MS 2000 /* after so long new readers wait for the scrub */
#define TRY_MS 20            /* how long a try waits for readers that are reading */
#define RESTART_PAUSE_MAX_MS 10000

struct sqlite_keeper {
    int lock_fd; /* -1: not exclusive */
    pthread_t thread;
    bool is_running;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping, is_behind; /* something was committed since the last checkpoint */
    int64_t done_bytes;       /* how long the log was at the last checkpoint */
    sqlite3 *handle;          /* the thread's */
    sqlite3_vfs *vfs;
};

const char *sqlite_vfs_name(const struct db *db)
{
    const struct sqlite_keeper *keeper = db->engine_own;
    return keeper->vfs->zName;
}

/* ---- the lock ---- */

/*
 * A file of its own: closing any descriptor of the database itself would drop SQLite's locks.
 * It stays behind, since removing it would race with the next opener.
 */
static bool exclusive_take(struct db *db, struct sqlite_keeper *keeper, struct err *e)
{
    const char *path = arena_printf(db->home, "%s.lock", db->address).p;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_BROKEN, 0, "%s: %s", path,
                       strerrordesc_np(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool is_taken = errno == EWOULDBLOCK;
        (void)err_set(e, is_taken ? ERR_CONFLICT : ERR_BROKEN, 0, "%s: %s", path,
                      strerrordesc_np(errno));
        (void)close(fd);
        return false;
    }
    keeper->lock_fd = fd;
    return true;
}

bool sqlite_start(struct db *db, struct err *e)
{
    /* Counting memory would make all threads meet at one lock. Too late when in use already. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    /* A connection's cache grows as it is used, instead of beginning with 20 pages. */
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
    struct sqlite_keeper *keeper = ARENA_NEW(db->home, struct sqlite_keeper);
    keeper->lock_fd = -1;
    lock_init(&keeper->lock, &keeper->changed);
    db->engine_own = keeper;
    return sqlite_vfs_add(db->home, &keeper->vfs, e) &&
           (!db->o.exclusive || exclusive_take(db, keeper, e));
}

/* ---- the thread ---- */

static void passive_checkpoint(struct db *db, struct sqlite_keeper *keeper)
{
    int rc = sqlite3_wal_checkpoint_v2(keeper->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    struct err e;
    if (rc != SQLITE_OK && rc != SQLITE_BUSY && !sqlite_fail(keeper->handle, rc, "checkpoint", &e))
        log_err(db->o.log, "checkpoint_failed", &e);
}

/* What a checkpoint would bring in. A log that begins anew is shorter than it was. */
static int64_t behind_bytes(const struct db *db, const struct sqlite_keeper *keeper)
{
    int64_t wal_bytes = atomic_load(&db->wal_bytes);
    return wal_bytes < keeper->done_bytes ? wal_bytes : wal_bytes - keeper->done_bytes;
}

static void *keeper_run(void *context)
{
    struct db *db = context;
    struct sqlite_keeper *keeper = db->engine_own;
    lock_take(&keeper->lock);
    while (!keeper->stopping) {
        if (!keeper->is_behind) {
            MUST(pthread_cond_wait(&keeper->changed, &keeper->lock) == 0);
            continue;
        }
        /* A little later the same pages have been written more than once. */
        int64_t until_ms = ticks_ms() + PASSIVE_PAUSE_MS;
        while (!keeper->stopping && behind_bytes(db, keeper) < PASSIVE_BYTES &&
               lock_wait(&keeper->changed, &keeper->lock, until_ms))
            ;
        keeper->is_behind = false;
        keeper->done_bytes = atomic_load(&db->wal_bytes);
        lock_give(&keeper->lock);
        passive_checkpoint(db, keeper);
        lock_take(&keeper->lock);
    }
    lock_give(&keeper->lock);
    return NULL;
}

/*
 * What a killed process had written to the log but not synced, we can read; and what can be read
 * may be acknowledged without another write, when a form comes again. So first it must be safe.
 */
static bool log_sync(sqlite3 *handle, struct err *e)
{
    sqlite3_file *file = NULL;
    int rc = sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file);
    if (rc == SQLITE_OK && file && file->pMethods)
        rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    return rc == SQLITE_OK || sqlite_fail(handle, rc, "sync of the log", e);
}

bool sqlite_keep(struct db *db, struct err *e)
{
    struct sqlite_keeper *keeper = db->engine_own;
    if (!log_sync(sqlite_of(db->writer.conn)->handle, e) ||
        !sqlite_handle_open(db, SQLITE_OPEN_READWRITE, &keeper->handle, e))
        return false;
    int rc = pthread_create(&keeper->thread, NULL, keeper_run, db);
    if (rc != 0)
        return err_set(e, ERR_BROKEN, 0, "no thread for checkpoints: error %d", rc);
    keeper->is_running = true;
    return true;
}

void sqlite_stop(struct db *db)
{
    struct sqlite_keeper *keeper = db->engine_own;
    if (!keeper)
        return;
    if (keeper->is_running) {
        lock_take(&keeper->lock);
        keeper->stopping = true;
        MUST(pthread_cond_signal(&keeper->changed) == 0);
        lock_give(&keeper->lock);
        MUST(pthread_join(keeper->thread, NULL) == 0);
    }
    sqlite_handle_close(&keeper->handle);
    if (keeper->lock_fd >= 0)
        (void)close(keeper->lock_fd);
    if (keeper->vfs)
        MUST(sqlite3_vfs_unregister(keeper->vfs) == SQLITE_OK);
    lock_free(&keeper->lock, &keeper->changed);
    db->engine_own = NULL;
}

/* SQLite calls this after each commit of the writer's connection. */
static int committed(void *context, sqlite3 *handle, const char *schema, int pages)
{
    struct db *db = context;
    struct sqlite_keeper *keeper = db->engine_own;
    (void)handle;
    (void)schema;
    atomic_store(&db->wal_bytes, (int64_t)pages * PAGE_BYTES);
    lock_take(&keeper->lock);
    keeper->is_behind = true;
    MUST(pthread_cond_signal(&keeper->changed) == 0);
    lock_give(&keeper->lock);
    return SQLITE_OK;
}

void sqlite_watch_commits(struct sqlite_conn *c)
{
    (void)sqlite3_wal_hook(c->handle, committed, c->base.db);
}

/* ---- between the writer's batches ---- */

/* A checkpoint that makes readers wait, for TRY_MS; with insistence new readers wait as well. */
static bool checkpoint_try(struct sqlite_conn *c, int mode, bool insists)
{
    struct db *db = c->base.db;
    bool may_try = !insists || pool_hold(db, db->o.busy_ms);
    int rc = SQLITE_BUSY;
    if (may_try) {
        (void)sqlite3_busy_timeout(c->handle, TRY_MS);
        rc = sqlite3_wal_checkpoint_v2(c->handle, NULL, mode, NULL, NULL);
        (void)sqlite3_busy_timeout(c->handle, (int)db->o.busy_ms);
    }
    if (insists)
        pool_release(db);
    if (rc == SQLITE_OK)
        atomic_store(&db->wal_bytes, 0);
    return rc == SQLITE_OK;
}

static void scrub_try(struct sqlite_conn *c, int64_t now_ms)
{
    struct db *db = c->base.db;
    uint64_t asked = atomic_load(&db->scrubs_asked);
    if (asked == atomic_load(&db->scrubs_done))
        return;
    if (!c->scrub_since_ms)
        c->scrub_since_ms = now_ms;
    else if (now_ms < c->scrub_ms)
        return;
    bool insists = now_ms - c->scrub_since_ms >= SCRUB_INSIST_MS;
    if (checkpoint_try(c, SQLITE_CHECKPOINT_TRUNCATE, insists)) {
        atomic_store(&db->scrubs_done, asked);
        atomic_fetch_add(&db->scrubs, 1);
        c->scrub_since_ms = 0;
    } else {
        c->scrub_ms = ticks_ms() + SCRUB_PAUSE_MS;
    }
}

static void restart_try(struct sqlite_conn *c, int64_t now_ms)
{
    int64_t wal_bytes = atomic_load(&c->base.db->wal_bytes);
    if (wal_bytes < RESTART_BYTES || now_ms < c->restart_ms)
        return;
    if (checkpoint_try(c, SQLITE_CHECKPOINT_RESTART, wal_bytes >= INSIST_BYTES)) {
        c->restart_pause_ms = 0;
        return;
    }
    c->restart_pause_ms = c->restart_pause_ms ? 2 * c->restart_pause_ms : 2 * TRY_MS;
    if (c->restart_pause_ms > RESTART_PAUSE_MAX_MS)
        c->restart_pause_ms = RESTART_PAUSE_MAX_MS;
    c->restart_ms = ticks_ms() + c->restart_pause_ms;
}

/* The writer's connection sees a new data_version when any other than itself has committed. */
static void others_look(struct sqlite_conn *c, int64_t now_ms)
{
    struct err ignored;
    int64_t version = 0;
    if (c->data_version && now_ms < c->looked_ms + LOOK_MS)
        return;
    c->looked_ms = now_ms;
    if (!sqlite_fixed(c, FIXED_DATA_VERSION, &version, &ignored))
        return;
    if (version != c->data_version)
        atomic_store(&c->base.db->changed_elsewhere, true);
    c->data_version = version;
}

int64_t sqlite_between(struct conn *base)
{
    struct sqlite_conn *c = sqlite_of(base);
    int64_t now_ms = ticks_ms();
    if (!c->handle)
        return LOOK_MS;
    others_look(c, now_ms);
    scrub_try(c, now_ms);
    restart_try(c, now_ms);
    return c->scrub_since_ms ? SCRUB_PAUSE_MS : LOOK_MS;
}
