/*
 * The disk is full or broken: a layer between SQLite and the files makes the Nth write or sync of
 * the write-ahead log fail. What is told is what is stored, and afterwards writing goes on.
 */
#include <sqlite3.h>

#include "tests/unit/db/fixture.h"

/* The layer's own file begins where SQLite looks; the real one follows. */
struct disk_file {
    sqlite3_file base;
    bool is_log;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs *real;
    atomic_int writes_left; /* 0: writes of the log fail from now on; negative: they do not */
    atomic_int syncs_left;
    int rc; /* what they fail with */
} disk;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct disk_file *)file)->real;
}

static bool strikes(sqlite3_file *file, atomic_int *left)
{
    if (!((struct disk_file *)file)->is_log || atomic_load(left) < 0)
        return false;
    if (atomic_load(left) == 0)
        return true;
    atomic_fetch_sub(left, 1);
    return false;
}

static int disk_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    int rc = real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
    sqlite3_free(real);
    return rc;
}

static int disk_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), p, n, at);
}

static int disk_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    if (strikes(file, &disk.writes_left))
        return disk.rc;
    return real_of(file)->pMethods->xWrite(real_of(file), p, n, at);
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 n)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), n);
}

static int disk_sync(sqlite3_file *file, int flags)
{
    if (strikes(file, &disk.syncs_left))
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *ret_n)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_n);
}

static int disk_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int disk_is_reserved(sqlite3_file *file, int *ret_is)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is);
}

static int disk_control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int disk_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int disk_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int disk_shm_map(sqlite3_file *file, int page, int n, int extend, void volatile **ret_p)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, n, extend, ret_p);
}

static int disk_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void disk_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int disk_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_is_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector,
    .xDeviceCharacteristics = disk_traits,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap,
};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    struct disk_file *own = (struct disk_file *)file;
    (void)vfs;
    own->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    own->real = sqlite3_malloc(disk.real->szOsFile);
    memset(own->real, 0, (size_t)disk.real->szOsFile);
    int rc = disk.real->xOpen(disk.real, name, own->real, flags, ret_flags);
    own->base.pMethods = rc == SQLITE_OK ? &disk_methods : NULL;
    if (rc != SQLITE_OK)
        sqlite3_free(own->real);
    return rc;
}

static void disk_heal(void)
{
    atomic_store(&disk.writes_left, -1);
    atomic_store(&disk.syncs_left, -1);
}

static int disk_insert(void **state)
{
    static sqlite3_vfs vfs;
    (void)state;
    disk.real = sqlite3_vfs_find(NULL);
    vfs = *disk.real;
    vfs.zName = "disk";
    vfs.szOsFile = sizeof(struct disk_file);
    vfs.xOpen = disk_open;
    disk_heal();
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK ? 0 : -1;
}

static bool find_work(struct tx *tx, void *context, struct err *e)
{
    struct note_find_out row;
    struct note_find_in in = {*(int64_t *)context};
    bool found = false;
    if (!t_note_find(tx, &in, &row, &found, e))
        return false;
    return found || err_set(e, ERR_MISSING, 0, "not there");
}

static bool is_stored(struct fixture *f, int64_t id)
{
    struct err e;
    bool found = db_read(f->db, f->arena, find_work, &id, &e);
    if (!found)
        assert_int_equal(e.kind, ERR_MISSING);
    return found;
}

static bool name_add(struct fixture *f, int64_t id, struct err *e)
{
    char name[32];
    (void)snprintf(name, sizeof name, "n%lld", (long long)id);
    return note_add(f, id, name, e);
}

/* Fails at the Nth write or sync, tries again, mends the disk, and looks at what is there. */
static bool round_run(atomic_int *which, int n, int rc, enum err_kind kind)
{
    struct fixture f;
    struct err e;
    fixture_open(&f);
    note_must_add(&f, 1);
    disk.rc = rc;
    atomic_store(which, n);
    bool first = name_add(&f, 2, &e);
    if (!first)
        assert_int_equal(e.kind, kind);
    bool second = name_add(&f, 3, &e);
    assert_int_equal(is_stored(&f, 2), first);
    assert_int_equal(is_stored(&f, 3), second);
    disk_heal();
    note_must_add(&f, 4);
    assert_int_equal(is_stored(&f, 2), first);
    assert_int_equal(is_stored(&f, 3), second);
    db_close(&f.db);
    if (!db_open(&f.options, &f.db, &e))
        fail_msg("open: %s", e.why);
    assert_true(is_stored(&f, 1) && is_stored(&f, 4));
    assert_int_equal(is_stored(&f, 2), first);
    assert_int_equal(is_stored(&f, 3), second);
    assert_true(db_check(f.db, &e));
    fixture_close(&f);
    return first && second;
}

static void each_write_meets_a_full_disk(void **state)
{
    (void)state;
    for (int n = 0; !round_run(&disk.writes_left, n, SQLITE_FULL, ERR_BUSY); n++)
        assert_true(n < 100);
}

static void each_write_meets_a_broken_disk(void **state)
{
    (void)state;
    for (int n = 0; !round_run(&disk.writes_left, n, SQLITE_IOERR_WRITE, ERR_BROKEN); n++)
        assert_true(n < 100);
}

static void each_sync_meets_a_broken_disk(void **state)
{
    (void)state;
    for (int n = 0; !round_run(&disk.syncs_left, n, 0, ERR_BROKEN); n++)
        assert_true(n < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_write_meets_a_full_disk),
        cmocka_unit_test(each_write_meets_a_broken_disk),
        cmocka_unit_test(each_sync_meets_a_broken_disk),
    };
    if (fixture_is_postgres()) {
        printf("1..0 # SKIP for SQLite only\n");
        return 0;
    }
    return cmocka_run_group_tests_name(__FILE__, tests, disk_insert, NULL);
}
