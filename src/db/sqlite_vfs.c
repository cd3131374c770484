/*
 * A layer between SQLite and the database file that clears the unused part of each page as it is
 * written. secure_delete clears what is freed, but when SQLite spreads rows over neighbouring
 * pages it leaves copies of those that moved away in the unused middle of the page (measured with
 * 3.40: of 800 deleted rows the words of 12 stayed in the file). Nothing ever reads that part.
 *
 * Only the database file itself passes through here, and it is written by checkpoints only. Its
 * pages bear no checksums; those of the write-ahead log do, so that one is truncated instead
 * (see db_scrub).
 */
#include "db/sqlite.h"

#define PAGE_BYTES 4096
#define FILE_HEADER_BYTES 100 /* before the first page's own */

/*
 * An overflow page begins with a page number of 4 bytes, a page of a table or index with one of
 * the types below. In a file of less than 2^25 pages the two cannot be confused; we stop earlier.
 */
#define FILE_BYTES_MAX ((sqlite3_int64)100 * 1024 * 1024 * 1024)

enum page_type {
    PAGE_INDEX_INNER = 2,
    PAGE_TABLE_INNER = 5,
    PAGE_INDEX_LEAF = 10,
    PAGE_TABLE_LEAF = 13,
};

struct cleaned_file {
    sqlite3_file base; /* first: what SQLite sees */
    sqlite3_file *real;
};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct cleaned_file *)file)->real;
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

/* ---- everything else goes on as it is ---- */

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

static int cleaned_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *ret_flags)
{
    sqlite3_vfs *real = vfs->pAppData;
    struct cleaned_file *cleaned = (struct cleaned_file *)file;
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return real->xOpen(real, name, file, flags, ret_flags);
    cleaned->real = (sqlite3_file *)(cleaned + 1);
    cleaned->base.pMethods = NULL;
    int rc = real->xOpen(real, name, cleaned->real, flags, ret_flags);
    /* SQLite closes also after a failure, but only what has methods. */
    if (cleaned->real->pMethods)
        cleaned->base.pMethods = &cleaned_methods;
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
    vfs->szOsFile = (int)sizeof(struct cleaned_file) + real->szOsFile;
    vfs->xOpen = cleaned_open;
    int rc = sqlite3_vfs_register(vfs, 0);
    if (rc != SQLITE_OK)
        return sqlite_fail(NULL, rc, "file layer", e);
    *ret_vfs = vfs;
    return true;
}
