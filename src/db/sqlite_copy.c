/* A new SQLite file, a copy of one in use, and checks. */
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_PAGES 1024 /* at once */
#define PART_TRIES 10   /* each is lost to another backup that ended meanwhile */

static bool file_new(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(e, errno == EEXIST ? ERR_CONFLICT : ERR_BROKEN, 0, "%s: %s", path,
                       strerrordesc_np(errno));
    (void)close(fd);
    return true;
}

/* A new name is safe once the folder that holds it is on the disk. */
static bool folder_sync(const char *path, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str folder = str_of(path);
    while (folder.n && folder.p[folder.n - 1] != '/')
        folder.n--;
    const char *name = folder.n ? arena_cstr(a, folder) : ".";
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        (void)err_set(e, ERR_BROKEN, 0, "%s: %s", name, strerrordesc_np(errno));
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

bool sqlite_create(struct str address, struct err *e)
{
    static const char *const made[] = {
        "PRAGMA page_size=4096",
        "PRAGMA application_id=1097430137", /* SQLITE_OUR_ID */
        "PRAGMA journal_mode=WAL",
    };
    _Static_assert(SQLITE_OUR_ID == 1097430137, "the PRAGMA above");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const char *path = arena_cstr(a, address);
    if (!file_new(path, e))
        return false;
    sqlite3 *handle = NULL;
    int rc = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK || sqlite_fail(handle, rc, path, e);
    for (size_t i = 0; i < ARRAY_LEN(made) && ok; i++)
        ok = sqlite_number(handle, made[i], NULL, e);
    sqlite_handle_close(&handle);
    ok = ok && folder_sync(path, e);
    if (!ok)
        (void)unlink(path);
    return ok;
}

/*
 * The source is held in one snapshot, or each write would make the copy begin anew. Until it ends
 * the write-ahead log cannot be restarted.
 */
static bool pages_copy(sqlite3 *from, sqlite3 *to, struct err *e)
{
    if (!sqlite_number(from, "BEGIN", NULL, e) ||
        !sqlite_number(from, "SELECT count(*) FROM sqlite_schema", NULL, e))
        return false;
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite_fail(to, sqlite3_errcode(to), "copy", e);
    int rc;
    do
        rc = sqlite3_backup_step(backup, COPY_PAGES);
    while (rc == SQLITE_OK);
    int finished = sqlite3_backup_finish(backup);
    if (rc != SQLITE_DONE || finished != SQLITE_OK)
        return sqlite_fail(to, rc != SQLITE_DONE ? rc : finished, "copy", e);
    return sqlite_number(from, "COMMIT", NULL, e);
}

/* The name appears when all of the copy is on the disk, and never replaces another. */
static bool part_rename(const char *part, const char *path, struct err *e)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
        return err_set(e, errno == EEXIST ? ERR_CONFLICT : ERR_BROKEN, 0, "%s: %s", path,
                       strerrordesc_np(errno));
    return folder_sync(path, e);
}

static bool copy_to(struct db *db, const char *part, struct err *e)
{
    sqlite3 *from = NULL, *to = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    bool ok = sqlite_handle_open(db, SQLITE_OPEN_READONLY, &from, e);
    if (ok) {
        int rc = sqlite3_open_v2(part, &to, flags, sqlite_vfs_name(db));
        ok = rc == SQLITE_OK ? pages_copy(from, to, e) : sqlite_fail(to, rc, part, e);
    }
    sqlite_handle_close(&to);
    sqlite_handle_close(&from);
    return ok;
}

/*
 * The part is a running backup's as long as it holds this lock, on a byte that SQLite leaves alone.
 * It belongs to the descriptor: SQLite's own opening and closing of the file does not drop it.
 */
static bool part_lock(int fd)
{
    const struct flock first = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &first) == 0;
}

/*
 * What a killed backup leaves: a file of ours alone that holds a database, or nothing where its
 * first page belongs, which is written late.
 */
static bool part_is_left(int fd, const struct stat *s)
{
    static const char magic[16] = "SQLite format 3", none[sizeof magic] = {0};
    char head[sizeof magic];
    if (!S_ISREG(s->st_mode) || s->st_uid != geteuid() || s->st_nlink != 1)
        return false;
    if (s->st_size == 0)
        return true;
    return pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head &&
           (memcmp(head, magic, sizeof head) == 0 || memcmp(head, none, sizeof head) == 0);
}

/* Empties the part, which is ours now, and drops the journal that a killed backup left to it. */
static bool part_clear(int fd, const char *part, const struct stat *s, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const char *journal = arena_printf(a, "%s-journal", part).p;
    if (!part_is_left(fd, s))
        return err_set(e, ERR_BROKEN, 0, "%s: is in the way and no unfinished backup; move it away",
                       part);
    if (unlink(journal) != 0 && errno != ENOENT)
        return err_set(e, ERR_BROKEN, 0, "%s: %s", journal, strerrordesc_np(errno));
    return (ftruncate(fd, 0) == 0 && fchmod(fd, 0600) == 0) ||
           err_set(e, ERR_BROKEN, 0, "%s: %s", part, strerrordesc_np(errno));
}

/* ret_fd is -1 when the part has become something else before it was ours: try again. */
static bool part_try(const char *part, int *ret_fd, struct err *e)
{
    int fd = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(e, ERR_BROKEN, 0, "%s: %s", part, strerrordesc_np(errno));
    bool ok = part_lock(fd);
    if (!ok)
        (void)err_set(e, errno == EAGAIN || errno == EACCES ? ERR_BUSY : ERR_BROKEN, 0, "%s: %s",
                      part,
                      errno == EAGAIN || errno == EACCES ? "another backup is writing it"
                                                         : strerrordesc_np(errno));
    struct stat opened, named;
    bool is_named = ok && fstat(fd, &opened) == 0 && lstat(part, &named) == 0 &&
                    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    ok = ok && (!is_named || part_clear(fd, part, &opened, e));
    if (!ok || !is_named)
        (void)close(fd);
    if (ok)
        *ret_fd = is_named ? fd : -1;
    return ok;
}

/* Makes the part, or takes over what a killed backup left of it. */
static bool part_take(const char *whole, const char *part, int *ret_fd, struct err *e)
{
    int fd = -1;
    for (int i = 0; i < PART_TRIES && fd < 0; i++) {
        if (access(whole, F_OK) == 0)
            return err_set(e, ERR_CONFLICT, 0, "%s exists already", whole);
        if (!part_try(part, &fd, e))
            return false;
    }
    *ret_fd = fd;
    return fd >= 0 || err_set(e, ERR_BUSY, 0, "%s: others write it, too", part);
}

bool sqlite_backup(struct db *db, struct str path, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const char *whole = arena_cstr(a, path);
    const char *part = arena_printf(a, STR_FMT ".part", STR_ARG(path)).p;
    int fd = -1;
    if (!part_take(whole, part, &fd, e))
        return false;
    bool ok = copy_to(db, part, e) && part_rename(part, whole, e);
    if (!ok)
        (void)unlink(part);
    (void)close(fd);
    return ok;
}

/* What the integrity check says first; "ok" when all is well. */
static bool integrity_check(sqlite3 *handle, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(handle, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    bool ok = rc == SQLITE_ROW || sqlite_fail(handle, rc, "integrity_check", e);
    if (ok) {
        const char *found = (const char *)sqlite3_column_text(stmt, 0);
        ok = str_eq(str_of(found), STR("ok")) ||
             err_set(e, ERR_BROKEN, 0, "integrity_check: %s", found ? found : "");
    }
    (void)sqlite3_finalize(stmt);
    return ok;
}

bool sqlite_check(struct db *db, struct err *e)
{
    sqlite3 *handle = NULL;
    int64_t orphans = 0;
    if (!sqlite_handle_open(db, SQLITE_OPEN_READONLY, &handle, e))
        return false;
    bool ok = integrity_check(handle, e) &&
              sqlite_number(handle, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, e);
    if (ok && orphans)
        ok = err_set(e, ERR_BROKEN, 0, "%" PRId64 " rows refer to what is not there", orphans);
    sqlite_handle_close(&handle);
    return ok;
}

bool sqlite_check_statement(struct conn *base, int number, struct err *e)
{
    const struct db_statement *s = &base->db->o.schema->statements[number];
    struct sqlite_ready *ready = NULL;
    if (!sqlite_prepare(sqlite_of(base), number, &ready, e))
        return false;
    int columns = sqlite3_column_count(ready->stmt);
    if ((size_t)columns != s->n_out)
        return err_set(e, ERR_BROKEN, 0, "statement %s gives %d columns, its row says %zu", s->name,
                       columns, s->n_out);
    if (!sqlite3_stmt_readonly(ready->stmt) != s->writes)
        return err_set(e, ERR_BROKEN, 0, "statement %s: whether it writes is not as said", s->name);
    return true;
}
