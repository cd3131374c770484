#include "tests/fault/powercut_disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/must.h"

#define SECTOR_BYTES 512
#define FILES 3
#define NO_INODE SIZE_MAX
#define VERSIONS_MAX 64
#define INODES_MAX 64

static const char *const file_names[FILES] = {"db", "db-wal", "db-journal"};

uint64_t chance_below(struct chance *c, uint64_t n)
{
    uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

bool chance_percent(struct chance *c, unsigned percent)
{
    return chance_below(c, 100) < percent;
}

/* ---- bytes that grow ---- */

struct bytes {
    uint8_t *p;
    size_t n, room;
};

static void bytes_room(struct bytes *b, size_t n)
{
    if (n <= b->room)
        return;
    b->room = n + n / 2 + 4096;
    b->p = realloc(b->p, b->room);
    MUST(b->p);
}

/* What appears between the old end and the new one is zero, or rubbish when there is a chance. */
static void bytes_size(struct bytes *b, size_t n, struct chance *rubbish)
{
    bytes_room(b, n);
    for (size_t i = b->n; i < n; i++)
        b->p[i] = rubbish ? (uint8_t)chance_below(rubbish, 256) : 0;
    b->n = n;
}

static void bytes_write(struct bytes *b, size_t at, const uint8_t *p, size_t n,
                        struct chance *rubbish)
{
    if (at + n > b->n)
        bytes_size(b, at + n, rubbish);
    memcpy(b->p + at, p, n);
}

static struct bytes bytes_copy(const struct bytes *from)
{
    struct bytes b = {NULL, 0, 0};
    bytes_size(&b, from->n, NULL);
    if (from->n)
        memcpy(b.p, from->p, from->n);
    return b;
}

/* ---- the model ---- */

/* A write or a new size that is not synced. */
struct pending {
    bool is_size;
    size_t at, n;
    const uint8_t *p;
};

struct inode {
    struct bytes now, safe;
    struct pending *pending;
    size_t n_pending, room;
};

/* A name's inodes: the safe one first, the present one last; NO_INODE: there is none. */
struct name {
    size_t inodes[VERSIONS_MAX];
    size_t n;
};

struct disk {
    struct arena *home;
    struct inode inodes[INODES_MAX];
    size_t n_inodes;
    struct name names[FILES];
};

static size_t name_now(const struct name *name)
{
    return name->inodes[name->n - 1];
}

static struct disk *disk_new(void)
{
    struct disk *d = calloc(1, sizeof *d);
    MUST(d);
    d->home = arena_new(0);
    for (int i = 0; i < FILES; i++)
        d->names[i] = (struct name){.inodes = {NO_INODE}, .n = 1};
    return d;
}

void disk_free(struct disk **at)
{
    struct disk *d = *at;
    if (!d)
        return;
    for (size_t i = 0; i < d->n_inodes; i++) {
        free(d->inodes[i].now.p);
        free(d->inodes[i].safe.p);
        free(d->inodes[i].pending);
    }
    arena_free(&d->home);
    free(d);
    *at = NULL;
}

struct disk *disk_copy(const struct disk *from)
{
    struct disk *d = disk_new();
    memcpy(d->names, from->names, sizeof d->names);
    d->n_inodes = from->n_inodes;
    for (size_t i = 0; i < d->n_inodes; i++) {
        const struct inode *of = &from->inodes[i];
        struct inode *to = &d->inodes[i];
        *to = (struct inode){.now = bytes_copy(&of->now), .safe = bytes_copy(&of->safe)};
        to->n_pending = to->room = of->n_pending;
        to->pending = calloc(of->n_pending + 1, sizeof *to->pending);
        MUST(to->pending);
        for (size_t k = 0; k < of->n_pending; k++) {
            to->pending[k] = of->pending[k];
            struct str data = {(const char *)of->pending[k].p, of->pending[k].n};
            if (data.n)
                to->pending[k].p = (const uint8_t *)arena_copy(d->home, data).p;
        }
    }
    return d;
}

static void pending_add(struct inode *inode, struct pending one)
{
    if (inode->n_pending == inode->room) {
        inode->room = 2 * inode->room + 16;
        inode->pending = realloc(inode->pending, inode->room * sizeof *inode->pending);
        MUST(inode->pending);
    }
    inode->pending[inode->n_pending++] = one;
}

static void pending_do(struct bytes *b, const struct pending *one)
{
    if (one->is_size)
        bytes_size(b, one->at, NULL);
    else
        bytes_write(b, one->at, one->p, one->n, NULL);
}

static void inode_change(struct inode *inode, struct pending one)
{
    pending_do(&inode->now, &one);
    pending_add(inode, one);
}

static void inode_sync(struct inode *inode)
{
    for (size_t i = 0; i < inode->n_pending; i++)
        pending_do(&inode->safe, &inode->pending[i]);
    inode->n_pending = 0;
}

static void name_set(struct name *name, size_t inode)
{
    MUST(name->n < VERSIONS_MAX);
    name->inodes[name->n++] = inode;
}

static void folder_sync(struct disk *d)
{
    for (int i = 0; i < FILES; i++) {
        d->names[i].inodes[0] = name_now(&d->names[i]);
        d->names[i].n = 1;
    }
}

void disk_apply(struct disk *d, const struct disk_step *step)
{
    switch (step->type) {
    case STEP_MAKE:
        MUST(step->inode == d->n_inodes && d->n_inodes < INODES_MAX);
        d->n_inodes++;
        name_set(&d->names[step->name], step->inode);
        break;
    case STEP_REMOVE:
        name_set(&d->names[step->name], NO_INODE);
        break;
    case STEP_WRITE:
        inode_change(&d->inodes[step->inode], (struct pending){false, step->at, step->n, step->p});
        break;
    case STEP_SIZE:
        inode_change(&d->inodes[step->inode], (struct pending){true, step->at, 0, NULL});
        break;
    case STEP_SYNC:
        inode_sync(&d->inodes[step->inode]);
        break;
    case STEP_MARK:
        break;
    }
    if (step->is_folder_too)
        folder_sync(d);
}

/* ---- what is left ---- */

static void sectors_keep(struct bytes *b, const struct pending *one, unsigned percent,
                         struct chance *c, struct chance *rubbish)
{
    size_t at = one->at, end = one->at + one->n;
    while (at < end) {
        size_t next = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
        if (next > end)
            next = end;
        if (chance_percent(c, percent))
            bytes_write(b, at, one->p + (at - one->at), next - at, rubbish);
        at = next;
    }
}

static struct bytes inode_left(const struct inode *inode, struct chance *c)
{
    static const unsigned shares[] = {0, 2, 10, 50, 90, 98, 100};
    struct bytes b = bytes_copy(&inode->safe);
    unsigned percent = shares[chance_below(c, ARRAY_LEN(shares))];
    bool tears = chance_percent(c, 60);
    struct chance *rubbish = chance_percent(c, 25) ? c : NULL;
    for (size_t i = 0; i < inode->n_pending; i++) {
        const struct pending *one = &inode->pending[i];
        if (tears && !one->is_size)
            sectors_keep(&b, one, percent, c, rubbish);
        else if (chance_percent(c, percent) && one->is_size)
            bytes_size(&b, one->at, rubbish);
        else if (chance_percent(c, percent) && !one->is_size)
            bytes_write(&b, one->at, one->p, one->n, rubbish);
    }
    uint64_t size = chance_below(c, 4);
    if (size == 0 && b.n > inode->safe.n) /* the new size was lost, all or part of it */
        b.n = inode->safe.n + chance_below(c, b.n - inode->safe.n);
    else if (size == 1 && inode->n_pending && inode->now.n > b.n) /* or it alone was kept */
        bytes_size(&b, inode->now.n, rubbish);
    return b;
}

struct disk *disk_cut(const struct disk *from, struct chance *c)
{
    struct disk *d = disk_new();
    bool is_folder_kept = chance_percent(c, 30);
    for (int i = 0; i < FILES; i++) {
        const struct name *name = &from->names[i];
        size_t inode = is_folder_kept ? name_now(name) : name->inodes[chance_below(c, name->n)];
        if (inode == NO_INODE)
            continue;
        struct inode *to = &d->inodes[d->n_inodes];
        to->safe = inode_left(&from->inodes[inode], c);
        to->now = bytes_copy(&to->safe);
        d->names[i].inodes[0] = d->n_inodes++;
    }
    return d;
}

/* ---- from and to real files ---- */

static void path_of(char *ret_path, size_t room, const char *folder, const char *file)
{
    int n = snprintf(ret_path, room, "%s/%s", folder, file);
    MUST(n > 0 && (size_t)n < room);
}

static bool file_read(const char *folder, int i, struct bytes *ret_b)
{
    char path[300];
    struct stat st;
    *ret_b = (struct bytes){NULL, 0, 0};
    path_of(path, sizeof path, folder, file_names[i]);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    MUST(fstat(fd, &st) == 0);
    bytes_size(ret_b, (size_t)st.st_size, NULL);
    MUST(read(fd, ret_b->p, ret_b->n) == (ssize_t)ret_b->n);
    (void)close(fd);
    return true;
}

struct disk *disk_load(const char *folder)
{
    struct disk *d = disk_new();
    for (int i = 0; i < FILES; i++) {
        struct inode *inode = &d->inodes[d->n_inodes];
        if (!file_read(folder, i, &inode->safe))
            continue;
        inode->now = bytes_copy(&inode->safe);
        d->names[i].inodes[0] = d->n_inodes++;
    }
    return d;
}

void disk_store(const struct disk *d, const char *folder)
{
    char path[300];
    path_of(path, sizeof path, folder, "db-shm");
    (void)unlink(path);
    for (int i = 0; i < FILES; i++) {
        size_t inode = name_now(&d->names[i]);
        path_of(path, sizeof path, folder, file_names[i]);
        (void)unlink(path);
        if (inode == NO_INODE)
            continue;
        const struct bytes *b = &d->inodes[inode].now;
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        MUST(fd >= 0 && write(fd, b->p, b->n) == (ssize_t)b->n);
        (void)close(fd);
    }
}

bool disk_is_like(const struct disk *d, const char *folder)
{
    bool same = true;
    for (int i = 0; i < FILES && same; i++) {
        struct bytes b;
        size_t inode = name_now(&d->names[i]);
        bool is_there = file_read(folder, i, &b);
        same = is_there == (inode != NO_INODE);
        if (same && is_there) {
            const struct bytes *now = &d->inodes[inode].now;
            same = b.n == now->n && (b.n == 0 || memcmp(b.p, now->p, b.n) == 0);
        }
        free(b.p);
    }
    return same;
}

/* ---- the record ---- */

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs *real;
    sqlite3_vfs own;
    enum disk_kind kind;
    bool is_on;
    char folder[200];
    struct arena *home;
    struct disk_step *steps;
    size_t n, room;
    size_t names[FILES], n_inodes;
} record = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void record_lock(void)
{
    MUST(pthread_mutex_lock(&record.lock) == 0);
}

static void record_unlock(void)
{
    MUST(pthread_mutex_unlock(&record.lock) == 0);
}

/* Under the lock. */
static void step_add(struct disk_step step)
{
    if (record.is_on)
        *ARENA_PUSH(record.home, record.steps, record.n, record.room) = step;
}

void disk_mark(int mark, int64_t number)
{
    record_lock();
    step_add((struct disk_step){.type = STEP_MARK, .mark = mark, .number = number});
    record_unlock();
}

/* ---- the layer ---- */

struct cut_file {
    sqlite3_file base;
    sqlite3_file *real;
    size_t inode;
    bool syncs_folder; /* its first sync does, as SQLite's own layer has it for logs */
};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct cut_file *)file)->real;
}

static int cut_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int cut_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), p, n, at);
}

static int cut_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    struct cut_file *own = (struct cut_file *)file;
    record_lock();
    int rc = own->real->pMethods->xWrite(own->real, p, n, at);
    if (rc == SQLITE_OK && record.is_on) {
        struct str data = arena_copy(record.home, (struct str){p, (size_t)n});
        step_add((struct disk_step){.type = STEP_WRITE,
                                    .inode = own->inode,
                                    .at = (size_t)at,
                                    .n = (size_t)n,
                                    .p = (const uint8_t *)data.p});
    }
    record_unlock();
    return rc;
}

static int cut_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct cut_file *own = (struct cut_file *)file;
    record_lock();
    int rc = own->real->pMethods->xTruncate(own->real, size);
    if (rc == SQLITE_OK)
        step_add((struct disk_step){.type = STEP_SIZE, .inode = own->inode, .at = (size_t)size});
    record_unlock();
    return rc;
}

/* Nothing is synced in truth: the files live no longer than the test. */
static int cut_sync(sqlite3_file *file, int flags)
{
    struct cut_file *own = (struct cut_file *)file;
    (void)flags;
    record_lock();
    if (record.kind != DISK_LYING)
        step_add((struct disk_step){
            .type = STEP_SYNC, .inode = own->inode, .is_folder_too = own->syncs_folder});
    own->syncs_folder = false;
    record_unlock();
    return SQLITE_OK;
}

static int cut_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int cut_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int cut_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int cut_is_reserved(sqlite3_file *file, int *ret_is)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is);
}

/* SQLite offers each PRAGMA to the layer first, in memory of its own: FULL becomes NORMAL. */
static int cut_control(sqlite3_file *file, int op, void *arg)
{
    char **pragma = arg;
    if (op == SQLITE_FCNTL_PRAGMA && record.kind == DISK_NORMAL && pragma[2] &&
        sqlite3_stricmp(pragma[1], "synchronous") == 0) {
        pragma[2][0] = '1';
        pragma[2][1] = 0;
    }
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int cut_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int cut_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int cut_shm_map(sqlite3_file *file, int page, int n, int extend, void volatile **ret_p)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, n, extend, ret_p);
}

static int cut_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void cut_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int cut_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods cut_methods = {
    .iVersion = 2,
    .xClose = cut_close,
    .xRead = cut_read,
    .xWrite = cut_write,
    .xTruncate = cut_truncate,
    .xSync = cut_sync,
    .xFileSize = cut_size,
    .xLock = cut_lock,
    .xUnlock = cut_unlock,
    .xCheckReservedLock = cut_is_reserved,
    .xFileControl = cut_control,
    .xSectorSize = cut_sector,
    .xDeviceCharacteristics = cut_traits,
    .xShmMap = cut_shm_map,
    .xShmLock = cut_shm_lock,
    .xShmBarrier = cut_shm_barrier,
    .xShmUnmap = cut_shm_unmap,
};

/* Which of the folder's files it is; FILES: none. */
static int name_find(const char *path)
{
    size_t n = strlen(record.folder);
    int i = 0;
    if (!path || strncmp(path, record.folder, n) != 0 || path[n] != '/')
        return FILES;
    while (i < FILES && strcmp(path + n + 1, file_names[i]) != 0)
        i++;
    return i;
}

static int cut_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    struct cut_file *own = (struct cut_file *)file;
    int name = name_find(path);
    (void)vfs;
    if (name == FILES)
        return record.real->xOpen(record.real, path, file, flags, ret_flags);
    own->real = (sqlite3_file *)(own + 1);
    own->base.pMethods = NULL;
    own->syncs_folder = (flags & SQLITE_OPEN_CREATE) && !(flags & SQLITE_OPEN_MAIN_DB);
    record_lock();
    int rc = record.real->xOpen(record.real, path, own->real, flags, ret_flags);
    if (own->real->pMethods)
        own->base.pMethods = &cut_methods;
    if (rc == SQLITE_OK && record.names[name] == NO_INODE) {
        record.names[name] = record.n_inodes++;
        step_add((struct disk_step){.type = STEP_MAKE, .name = name, .inode = record.names[name]});
    }
    own->inode = record.names[name];
    record_unlock();
    return rc;
}

static int cut_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder)
{
    int name = name_find(path);
    (void)vfs;
    record_lock();
    int rc = record.real->xDelete(record.real, path, 0);
    if (rc == SQLITE_OK && name < FILES) {
        record.names[name] = NO_INODE;
        step_add((struct disk_step){.type = STEP_REMOVE,
                                    .name = name,
                                    .is_folder_too = syncs_folder && record.kind != DISK_LYING});
    }
    record_unlock();
    return rc;
}

void disk_record(const struct disk *d, const char *folder, enum disk_kind kind)
{
    if (!record.real)
        record.real = sqlite3_vfs_find(NULL);
    arena_free(&record.home);
    record.home = arena_new(64 * KiB);
    record.steps = NULL;
    record.n = record.room = 0;
    path_of(record.folder, sizeof record.folder, folder, "");
    record.folder[strlen(folder)] = 0;
    record.kind = kind;
    record.n_inodes = d->n_inodes;
    for (int i = 0; i < FILES; i++)
        record.names[i] = name_now(&d->names[i]);
    record.own = *record.real;
    record.own.zName = "powercut";
    record.own.szOsFile = (int)sizeof(struct cut_file) + record.real->szOsFile;
    record.own.xOpen = cut_open;
    record.own.xDelete = cut_delete;
    record.is_on = true;
    MUST(sqlite3_vfs_register(&record.own, 1) == SQLITE_OK);
}

const struct disk_step *disk_record_end(size_t *ret_n)
{
    record.is_on = false;
    MUST(sqlite3_vfs_unregister(&record.own) == SQLITE_OK);
    MUST(sqlite3_vfs_register(record.real, 1) == SQLITE_OK);
    *ret_n = record.n;
    return record.steps;
}
