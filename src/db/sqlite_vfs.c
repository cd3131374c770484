/*
 * A layer between SQLite and its files. It clears the unused part of each page of the database file
 * as it is written, and writes the frames of the write-ahead log many at a time.
 *
 * Clearing: secure_delete clears what is freed, but when SQLite spreads rows over neighbouring
 * pages it leaves copies of those that moved away in the unused middle of the page (measured with
 * 3.40: of 800 deleted rows the words of 12 stayed in the file). Nothing ever reads that part.
 *
 * The database file is written by checkpoints only. Its pages bear no checksums; those of the
 * write-ahead log do, so that one is truncated instead (see db_scrub).
 *
 * Gathering: SQLite writes each frame of the log by two calls, its header and its page, a dozen
 * frames a comment. Frames that follow one another are kept here and written as one, at the latest
 * with the frame that ends a transaction: nobody reads a frame before that but this connection, and
 * it, like a sync, has what is kept written first. A write that fails is told then, by the sync or
 * the write that made it, and either fails the transaction.
 */
#include "db/sqlite.h"

#define PAGE_BYTES 4096
#define FILE_HEADER_BYTES 100 /* before the first page's own */

/*
 * An overflow page begins with a page number of 4 bytes, a page of a table or index with one of
 * the types below. In a file of less than 2^25 pages the two cannot be confused; we stop earlier.
 */
#define FILE_BYTES_MAX ((sqlite3_int64)100 * 1024 * 1024 * 1024)

/* See "The WAL Format". */
#define FRAME_HEADER_BYTES 24
#define FRAME_BYTES (FRAME_HEADER_BYTES + PAGE_BYTES)
#define FRAMES_MAX 16 /* more at a time are not faster */

enum page_type {
    PAGE_INDEX_INNER = 2,
    PAGE_TABLE_INNER = 5,
    PAGE_INDEX_LEAF = 10,
    PAGE_TABLE_LEAF = 13,
};

struct layered_file {
    sqlite3_file base; /* first: what SQLite sees */
    sqlite3_file *real;
    /* The log's alone: bytes that come at this place of the file. */
    uint8_t *kept; /* FRAMES_MAX frames; NULL until there is one */
    int n_kept;
    sqlite3_int64 kept_at;
};

static struct layered_file *layered(sqlite3_file *file)
{
    return (struct layered_file *)file;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return layered(file)->real;
}

static size_t two_bytes(const uint8_t *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* See "B-tree Pages" in SQLite's file format. A page that is not quite as expected is left alone.
 */
static void page_clean(uint8_t *page, bool is_first)
{
    const uint8_t *header = page + (is_first ? FILE_HEADER_BYTES : 0);
    size_t header_bytes;
    if (header[0] == PAGE_INDEX_LEAF || header[0] == PAGE_TABLE_LEAF)
        header_bytes = 8;
    else if (header[0] == PAGE_INDEX_INNER || header[0] == PAGE_TABLE_INNER)
        header_bytes = 12;
    else
        return;
    size_t n_cells = two_bytes(header + 3), content = two_bytes(header + 5);
    size_t pointers = (size_t)(header - page) + header_bytes, unused = pointers + 2 * n_cells;
    if (unused > content || content > PAGE_BYTES)
        return;
    for (size_t i = 0; i < n_cells; i++) {
        if (two_bytes(page + pointers + 2 * i) < content)
            return;
    }
    memset(page + unused, 0, content - unused);
}

static int cleaned_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);
    sqlite3_int64 size = 0;
    if (n != PAGE_BYTES || at % PAGE_BYTES != 0 ||
        real->pMethods->xFileSize(real, &size) != SQLITE_OK || size > FILE_BYTES_MAX)
        return real->pMethods->xWrite(real, p, n, at);
    uint8_t page[PAGE_BYTES];
    memcpy(page, p, PAGE_BYTES);
    page_clean(page, at == 0);
    return real->pMethods->xWrite(real, page, n, at);
}

/* ---- everything else of it goes on as it is ---- */

static int cleaned_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int cleaned_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), p, n, at);
}

static int cleaned_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int cleaned_sync(sqlite3_file *file, int flags)
{
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int cleaned_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int cleaned_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int cleaned_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int cleaned_is_reserved(sqlite3_file *file, int *ret_is)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is);
}

static int cleaned_control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int cleaned_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int cleaned_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int cleaned_shm_map(sqlite3_file *file, int page, int n, int extend, void volatile **ret_p)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, n, extend, ret_p);
}

static int cleaned_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void cleaned_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int cleaned_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

/* Version 2: without mapping the file into memory, which we do not do. */
static const sqlite3_io_methods cleaned_methods = {
    .iVersion = 2,
    .xClose = cleaned_close,
    .xRead = cleaned_read,
    .xWrite = cleaned_write,
    .xTruncate = cleaned_truncate,
    .xSync = cleaned_sync,
    .xFileSize = cleaned_size,
    .xLock = cleaned_lock,
    .xUnlock = cleaned_unlock,
    .xCheckReservedLock = cleaned_is_reserved,
    .xFileControl = cleaned_control,
    .xSectorSize = cleaned_sector,
    .xDeviceCharacteristics = cleaned_traits,
    .xShmMap = cleaned_shm_map,
    .xShmLock = cleaned_shm_lock,
    .xShmBarrier = cleaned_shm_barrier,
    .xShmUnmap = cleaned_shm_unmap,
};

/* ---- the log ---- */

/* Writes what is kept. What could not be written is not kept any longer: its transaction fails. */
static int kept_write(sqlite3_file *file)
{
    struct layered_file *log = layered(file);
    int n = log->n_kept;
    log->n_kept = 0;
    return n ? log->real->pMethods->xWrite(log->real, log->kept, n, log->kept_at) : SQLITE_OK;
}

/* Whether the last of the frames that are kept is whole and ends a transaction. */
static bool kept_has_end(const struct layered_file *log)
{
    static const uint8_t nothing[4];
    if (log->n_kept == 0 || log->n_kept % FRAME_BYTES != 0)
        return false;
    const uint8_t *header = log->kept + log->n_kept - FRAME_BYTES;
    return memcmp(header + 4, nothing, sizeof nothing) != 0; /* pages of the database after it */
}

/* Whether these bytes are the next piece of a frame behind those that are kept. */
static bool kept_continues(const struct layered_file *log, int n, sqlite3_int64 at)
{
    bool is_page = log->n_kept % FRAME_BYTES == FRAME_HEADER_BYTES;
    if (n != (is_page ? PAGE_BYTES : FRAME_HEADER_BYTES))
        return false;
    return log->n_kept == 0 || at == log->kept_at + log->n_kept;
}

static int log_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    struct layered_file *log = layered(file);
    if (!log->kept)
        log->kept = sqlite3_malloc(FRAMES_MAX * FRAME_BYTES);
    if (!log->kept)
        return SQLITE_NOMEM;
    int rc = SQLITE_OK;
    if (!kept_continues(log, n, at) || log->n_kept == FRAMES_MAX * FRAME_BYTES)
        rc = kept_write(file);
    if (rc != SQLITE_OK)
        return rc;
    if (!kept_continues(log, n, at))
        return log->real->pMethods->xWrite(log->real, p, n, at);
    if (log->n_kept == 0)
        log->kept_at = at;
    memcpy(log->kept + log->n_kept, p, (size_t)n);
    log->n_kept += n;
    return kept_has_end(log) ? kept_write(file) : SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
    int rc = kept_write(file);
    sqlite3_free(layered(file)->kept);
    layered(file)->kept = NULL;
    int closed = cleaned_close(file);
    return rc == SQLITE_OK ? closed : rc;
}

static int log_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
    int rc = kept_write(file);
    return rc == SQLITE_OK ? cleaned_read(file, p, n, at) : rc;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = kept_write(file);
    return rc == SQLITE_OK ? cleaned_truncate(file, size) : rc;
}

static int log_sync(sqlite3_file *file, int flags)
{
    int rc = kept_write(file);
    return rc == SQLITE_OK ? cleaned_sync(file, flags) : rc;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    int rc = kept_write(file);
    return rc == SQLITE_OK ? cleaned_size(file, ret_size) : rc;
}

/* Version 1: a log is neither locked nor shared. */
static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = cleaned_lock,
    .xUnlock = cleaned_unlock,
    .xCheckReservedLock = cleaned_is_reserved,
    .xFileControl = cleaned_control,
    .xSectorSize = cleaned_sector,
    .xDeviceCharacteristics = cleaned_traits,
};

static int layered_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *ret_flags)
{
    sqlite3_vfs *real = vfs->pAppData;
    struct layered_file *own = layered(file);
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return real->xOpen(real, name, file, flags, ret_flags);
    *own = (struct layered_file){.real = (sqlite3_file *)(own + 1)};
    int rc = real->xOpen(real, name, own->real, flags, ret_flags);
    /* SQLite closes also after a failure, but only what has methods. */
    if (own->real->pMethods)
        own->base.pMethods = flags & SQLITE_OPEN_WAL ? &log_methods : &cleaned_methods;
    return rc;
}

bool sqlite_vfs_add(struct arena *home, sqlite3_vfs **ret_vfs, struct err *e)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (!real)
        return err_set(e, ERR_BROKEN, 0, "SQLite has no file layer");
    sqlite3_vfs *vfs = ARENA_NEW(home, sqlite3_vfs);
    *vfs = *real;
    vfs->pNext = NULL;
    vfs->zName = arena_printf(home, "aitys-%p", (void *)vfs).p;
    vfs->pAppData = real;
    vfs->szOsFile = (int)sizeof(struct layered_file) + real->szOsFile;
    vfs->xOpen = layered_open;
    int rc = sqlite3_vfs_register(vfs, 0);
    if (rc != SQLITE_OK)
        return sqlite_fail(NULL, rc, "file layer", e);
    *ret_vfs = vfs;
    return true;
}
