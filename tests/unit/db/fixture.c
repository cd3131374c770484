#include "tests/unit/db/fixture.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *given(void)
{
    const char *url = getenv("AITYS_TEST_DATABASE");
    return url && *url ? url : NULL;
}

bool fixture_is_postgres(void)
{
    return given() && str_begins(str_of(given()), STR("postgres"));
}

static void server_run(const char *sql)
{
    PGconn *c = PQconnectdb(given());
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

/* The given address with another database's name. */
static void server_make(struct fixture *f)
{
    static int n;
    char sql[200], name[64];
    (void)snprintf(name, sizeof name, "aitys_test_%d_%d", (int)getpid(), n++);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
    server_run(sql);
    struct str url = str_of(given());
    ptrdiff_t query = str_find_char(url, '?');
    struct str before = query < 0 ? url : str_head(url, (size_t)query);
    while (before.n && before.p[before.n - 1] != '/')
        before.n--;
    (void)snprintf(f->address, sizeof f->address, STR_FMT "%s%s", STR_ARG(before), name,
                   query < 0 ? "" : url.p + query);
}

static void server_drop(struct fixture *f)
{
    char sql[200];
    struct str url = str_of(f->address);
    ptrdiff_t query = str_find_char(url, '?');
    struct str name = query < 0 ? url : str_head(url, (size_t)query);
    while (str_find_char(name, '/') >= 0)
        name = str_from(name, (size_t)str_find_char(name, '/') + 1);
    (void)snprintf(sql, sizeof sql, "DROP DATABASE " STR_FMT " WITH (FORCE)", STR_ARG(name));
    server_run(sql);
}

void fixture_make(struct fixture *f)
{
    struct err e;
    memset(f, 0, sizeof *f);
    if (fixture_is_postgres()) {
        server_make(f);
    } else {
        (void)snprintf(f->folder, sizeof f->folder, "/tmp/aitys-test-XXXXXX");
        assert_non_null(mkdtemp(f->folder));
        (void)snprintf(f->address, sizeof f->address, "%s/db", f->folder);
    }
    if (!db_create(str_of(f->address), &e))
        fail_msg("create: %s", e.why);
    f->arena = arena_new(0);
    f->log = (struct log){.fd = -1, .least = LOG_LEVEL_DEBUG};
    f->options = (struct db_options){
        .address = str_of(f->address),
        .schema = &test_schema,
        .fault = &f->fault,
        .readers = 2,
        .queue_max = 1000,
        .busy_ms = 1000,
        .cache_bytes = 4 * MiB,
        .log = &f->log,
        .clock = &clock_system,
    };
}

void fixture_open(struct fixture *f)
{
    struct err e;
    fixture_make(f);
    if (!db_open(&f->options, &f->db, &e))
        fail_msg("open: %s", e.why);
}

void fixture_close(struct fixture *f)
{
    db_close(&f->db);
    arena_free(&f->arena);
    if (fixture_is_postgres()) {
        server_drop(f);
        return;
    }
    static const char *const files[] = {
        "db",       "db-wal",   "db-shm",    "db.lock",       "copy",
        "copy-wal", "copy-shm", "db.search", "db.search-wal", "db.search-shm"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[200];
        (void)snprintf(path, sizeof path, "%s/%s", f->folder, files[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

struct str fixture_file(struct fixture *f, const char *ending)
{
    char path[500];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s%s", f->address, ending);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STR_NONE;
    assert_int_equal(fstat(fd, &st), 0);
    char *p = arena_take(f->arena, (size_t)st.st_size);
    ssize_t n = read(fd, p, (size_t)st.st_size);
    (void)close(fd);
    assert_true(n >= 0);
    return (struct str){p, (size_t)n};
}

struct note_job {
    int64_t id;
    const char *name;
};

static bool note_work(struct tx *tx, void *context, struct err *e)
{
    struct note_job *job = context;
    struct note_add_in in = {.id = job->id, .name = str_of(job->name)};
    return t_note_add(tx, &in, NULL, e);
}

bool note_add(struct fixture *f, int64_t id, const char *name, struct err *e)
{
    struct note_job job = {id, name};
    return db_write_now(f->db, f->arena, note_work, &job, e);
}

void note_must_add(struct fixture *f, int64_t id)
{
    struct err e;
    char name[32];
    (void)snprintf(name, sizeof name, "n%lld", (long long)id);
    if (!note_add(f, id, name, &e))
        fail_msg("note_add: %s", e.why);
}

static bool total_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out row;
    if (!t_note_count(tx, &row, e))
        return false;
    *(int64_t *)context = row.n;
    return true;
}

int64_t note_total(struct fixture *f)
{
    struct err e;
    int64_t n = -1;
    if (!db_read(f->db, f->arena, total_work, &n, &e))
        fail_msg("note_count: %s", e.why);
    return n;
}

static bool gate_work(struct tx *tx, void *context, struct err *e)
{
    struct gate *gate = context;
    (void)tx;
    pthread_mutex_lock(&gate->lock);
    gate->waiting = 1;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return !gate->refuses || err_set(e, ERR_DENIED, 0, "the gate does not want to");
}

static void gate_done(void *context, bool ok, const struct err *e)
{
    struct gate *gate = context;
    (void)ok;
    (void)e;
    pthread_mutex_lock(&gate->lock);
    gate->done = 1;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

void gate_shut(struct gate *gate, struct db *db)
{
    struct err e;
    memset(gate, 0, sizeof *gate);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
    gate->arena = arena_new(0);
    gate->w = (struct db_write){
        .work = gate_work, .done = gate_done, .context = gate, .arena = gate->arena};
    assert_true(db_write_later(db, &gate->w, &e));
    pthread_mutex_lock(&gate->lock);
    while (!gate->waiting)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

void gate_lift(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->is_open = true;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->done)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    arena_free(&gate->arena);
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->lock);
}
