#include "tests/fault/powercut_jobs.h"

#include <inttypes.h>
#include <pthread.h>

#include "base/must.h"

#define PARTS_MAX 6
#define PROBE (JOBS_MAX - 1) /* the number of the job that jobs_check writes */

/* ---- the tables ---- */

static const struct db_migration migrations[] = {
    {1, "job",
     "CREATE TABLE job (id INTEGER PRIMARY KEY, parts BIGINT NOT NULL);"
     "CREATE TABLE tally (id INTEGER PRIMARY KEY, jobs BIGINT NOT NULL, parts BIGINT NOT NULL);"
     "INSERT INTO tally VALUES (1, 0, 0);",
     NULL},
    {2, "part",
     "CREATE TABLE part (job BIGINT NOT NULL REFERENCES job (id), number BIGINT NOT NULL,"
     " words TEXT NOT NULL, PRIMARY KEY (job, number));"
     "CREATE INDEX part_words ON part (substr(words, 1, 40));",
     NULL},
};

enum statement {
    JOB_ADD,
    JOB_HAS,
    JOB_DROP,
    JOB_LIST,
    PART_ADD,
    PART_DROP,
    PART_LIST,
    TALLY,
    TALLY_GET
};

static const struct db_column numbers[] = {
    {"a", DB_INT, false, 0}, {"b", DB_INT, false, 0}, {"c", DB_INT, false, 0}};
static const struct db_column part_columns[] = {
    {"job", DB_INT, false, 0}, {"number", DB_INT, false, 0}, {"words", DB_TEXT, false, 0}};

#define WRITES(text, columns, n)                                                                   \
    {                                                                                              \
        .name = #text, .sql = text, .rows = DB_NO_ROWS, .writes = true, .in = columns, .n_in = n   \
    }
#define READS(text, n, columns, n_columns)                                                         \
    {                                                                                              \
        .name = #text, .sql = text, .rows = DB_MANY_ROWS, .in = numbers, .n_in = n,                \
        .out = columns, .n_out = n_columns                                                         \
    }
static const struct db_statement statements[] = {
    [JOB_ADD] = WRITES("INSERT INTO job (id, parts) VALUES ($1, $2)", numbers, 2),
    [JOB_HAS] = READS("SELECT count(*) FROM job WHERE id = $1", 1, numbers, 1),
    [JOB_DROP] = WRITES("DELETE FROM job WHERE id = $1", numbers, 1),
    [JOB_LIST] = READS("SELECT id, parts FROM job", 0, numbers, 2),
    [PART_ADD] =
        WRITES("INSERT INTO part (job, number, words) VALUES ($1, $2, $3)", part_columns, 3),
    [PART_DROP] = WRITES("DELETE FROM part WHERE job = $1", numbers, 1),
    [PART_LIST] = READS("SELECT job, number, words FROM part", 0, part_columns, 3),
    [TALLY] = WRITES("UPDATE tally SET jobs = jobs + $1, parts = parts + $2", numbers, 2),
    [TALLY_GET] = READS("SELECT jobs, parts FROM tally", 0, numbers, 2),
};

const struct db_schema powercut_schema = {statements, ARRAY_LEN(statements), migrations,
                                          ARRAY_LEN(migrations)};

static struct db_value number_of(int64_t n)
{
    return (struct db_value){.type = DB_INT, .n = n};
}

/* How many parts a job has follows from its number. */
static int64_t parts_of(int64_t job)
{
    return job % PARTS_MAX + 1;
}

/* So do the words of each but for how often they are repeated. */
static struct str words_of(struct arena *a, int64_t job, int64_t part, size_t bytes)
{
    struct str once = arena_printf(a, "job %" PRId64 " part %" PRId64 "; ", job, part);
    size_t times = bytes / once.n + 1;
    char *p = arena_take(a, times * once.n);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * once.n, once.p, once.n);
    return (struct str){p, times * once.n};
}

static bool words_are_whole(struct arena *a, int64_t job, int64_t part, struct str words)
{
    return words.n > 0 && str_eq(words, words_of(a, job, part, words.n - 1));
}

/* ---- jobs ---- */

struct job {
    struct db_write w;
    struct jobs *jobs;
    struct arena *arena;
    int64_t number;
    size_t bytes;
    enum mark done; /* what to mark when it is told */
    bool fails;
};

struct jobs {
    struct db *db;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t n_under_way;
};

struct jobs *jobs_new(struct db *db)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    MUST(jobs);
    jobs->db = db;
    MUST(pthread_mutex_init(&jobs->lock, NULL) == 0);
    MUST(pthread_cond_init(&jobs->changed, NULL) == 0);
    return jobs;
}

void jobs_free(struct jobs **at)
{
    if (!*at)
        return;
    (void)pthread_cond_destroy(&(*at)->changed);
    (void)pthread_mutex_destroy(&(*at)->lock);
    free(*at);
    *at = NULL;
}

static bool write_numbers(struct tx *tx, enum statement s, int64_t a, int64_t b, struct err *e)
{
    struct db_value in[] = {number_of(a), number_of(b)};
    return tx_ask(tx, (int)s, in, &(struct db_answer){0}, e);
}

static bool number_take(void *context, const struct db_value *values, struct err *e)
{
    (void)e;
    *(int64_t *)context = values[0].n;
    return true;
}

static bool add_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    struct db_value id = number_of(job->number);
    int64_t n_there = 0, parts = parts_of(job->number);
    if (!tx_ask(tx, JOB_HAS, &id, &(struct db_answer){.row = number_take, .context = &n_there}, e))
        return false;
    if (n_there)
        return true; /* the same form came again: nothing to write, and told that it is stored */
    if (!write_numbers(tx, JOB_ADD, job->number, parts, e) ||
        !write_numbers(tx, TALLY, 1, parts, e))
        return false;
    for (int64_t i = 0; i < parts; i++) {
        if (job->fails && i == parts / 2)
            return err_set(e, ERR_INVALID, 0, "it is to fail");
        struct db_value in[] = {id, number_of(i), {.type = DB_TEXT}};
        in[2].s = words_of(tx_arena(tx), job->number, i, job->bytes);
        if (!tx_ask(tx, PART_ADD, in, &(struct db_answer){0}, e))
            return false;
    }
    return true;
}

static bool drop_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    struct db_value id = number_of(job->number);
    return tx_ask(tx, PART_DROP, &id, &(struct db_answer){0}, e) &&
           tx_ask(tx, JOB_DROP, &id, &(struct db_answer){0}, e) &&
           write_numbers(tx, TALLY, -1, -parts_of(job->number), e);
}

static void job_done(void *context, bool ok, const struct err *e)
{
    struct job *job = context;
    struct jobs *jobs = job->jobs;
    struct arena *arena = job->arena; /* the job itself lies in it */
    if (ok == job->fails) {
        (void)fprintf(stderr, "job %" PRId64 ": %s\n", job->number, ok ? "stored" : e->why);
        abort();
    }
    if (ok)
        disk_mark((int)job->done, job->number);
    arena_free(&arena);
    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    jobs->n_under_way--;
    MUST(pthread_cond_signal(&jobs->changed) == 0);
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
}

static struct job *job_new(struct jobs *jobs, int64_t number, size_t bytes)
{
    struct arena *arena = arena_new(0);
    struct job *job = ARENA_NEW(arena, struct job);
    *job = (struct job){.jobs = jobs, .arena = arena, .number = number, .bytes = bytes};
    job->w = (struct db_write){.done = job_done, .context = job, .arena = arena};
    return job;
}

static void job_queue(struct job *job)
{
    struct jobs *jobs = job->jobs;
    struct err e;
    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    jobs->n_under_way++;
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
    MUST(db_write_later(jobs->db, &job->w, &e));
}

void jobs_add(struct jobs *jobs, int64_t number, size_t bytes)
{
    struct job *job = job_new(jobs, number, bytes);
    job->w.work = add_work;
    job->done = MARK_ADDED;
    disk_mark(MARK_ADD_ASKED, number);
    job_queue(job);
}

void jobs_drop(struct jobs *jobs, int64_t number)
{
    struct job *job = job_new(jobs, number, 0);
    job->w.work = drop_work;
    job->done = MARK_DROPPED;
    disk_mark(MARK_DROP_ASKED, number);
    job_queue(job);
}

void jobs_fail(struct jobs *jobs, int64_t number, size_t bytes)
{
    struct job *job = job_new(jobs, number, bytes);
    job->w.work = add_work;
    job->fails = true;
    job_queue(job);
}

void jobs_wait(struct jobs *jobs)
{
    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    while (jobs->n_under_way)
        MUST(pthread_cond_wait(&jobs->changed, &jobs->lock) == 0);
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
}

/* ---- what must be found, and what is ---- */

void fates_follow(struct fates *fates, const struct disk_step *step)
{
    if (step->type != STEP_MARK)
        return;
    uint8_t *fate = &fates->of[step->number];
    switch ((enum mark)step->mark) {
    case MARK_ADD_ASKED:
        if (*fate == FATE_ABSENT)
            *fate = FATE_EITHER;
        break;
    case MARK_DROP_ASKED:
        *fate = FATE_EITHER;
        break;
    case MARK_ADDED:
        *fate = FATE_PRESENT;
        break;
    case MARK_DROPPED:
        *fate = FATE_ABSENT;
        break;
    }
}

struct found {
    struct arena *arena;
    int64_t parts[JOBS_MAX]; /* as its row says; 0: there is no such job */
    int64_t whole[JOBS_MAX]; /* parts that are there and whole */
    int64_t n_jobs, n_parts, n_odd;
    int64_t tally_jobs, tally_parts;
    bool has_tables;
};

static bool is_job(int64_t number)
{
    return number >= 0 && number < JOBS_MAX;
}

static bool job_row(void *context, const struct db_value *values, struct err *e)
{
    struct found *found = context;
    (void)e;
    found->n_jobs++;
    if (is_job(values[0].n) && values[1].n == parts_of(values[0].n))
        found->parts[values[0].n] = values[1].n;
    else
        found->n_odd++;
    return true;
}

static bool part_row(void *context, const struct db_value *values, struct err *e)
{
    struct found *found = context;
    (void)e;
    found->n_parts++;
    if (is_job(values[0].n) && words_are_whole(found->arena, values[0].n, values[1].n, values[2].s))
        found->whole[values[0].n]++;
    else
        found->n_odd++;
    return true;
}

static bool tally_row(void *context, const struct db_value *values, struct err *e)
{
    struct found *found = context;
    (void)e;
    found->tally_jobs = values[0].n;
    found->tally_parts = values[1].n;
    return true;
}

static bool look_work(struct tx *tx, void *context, struct err *e)
{
    return tx_ask(tx, JOB_LIST, NULL, &(struct db_answer){.row = job_row, .context = context}, e) &&
           tx_ask(tx, PART_LIST, NULL, &(struct db_answer){.row = part_row, .context = context},
                  e) &&
           tx_ask(tx, TALLY_GET, NULL, &(struct db_answer){.row = tally_row, .context = context},
                  e);
}

static void compare(const struct found *found, struct fates *fates, struct damage *damage)
{
    damage->half = (size_t)found->n_odd + (found->n_jobs != found->tally_jobs) +
                   (found->n_parts != found->tally_parts);
    for (int64_t i = 0; i < JOBS_MAX; i++) {
        enum fate is = found->parts[i] ? FATE_PRESENT : FATE_ABSENT;
        if (found->whole[i] != found->parts[i])
            damage->half++;
        if (fates->of[i] != FATE_EITHER && fates->of[i] != is) {
            damage->lost++;
            (void)snprintf(damage->why, sizeof damage->why, "job %" PRId64 " is %s", i,
                           is == FATE_PRESENT ? "there" : "not there");
        }
        fates->of[i] = is;
    }
}

struct damage jobs_check(const struct db_options *options, struct fates *fates, bool writes)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(64 * KiB);
    struct found *found = ARENA_NEW(a, struct found);
    struct damage damage = {0};
    struct db *db = NULL;
    struct err e = {0};
    found->arena = a;
    bool ok = db_open(options, &db, &e) && db_check(db, &e) && db_read(db, a, look_work, found, &e);
    if (ok)
        compare(found, fates, &damage);
    if (ok && writes) {
        struct job probe = {.number = PROBE, .bytes = 100};
        ok = db_write_now(db, a, add_work, &probe, &e);
    }
    if (!ok) {
        damage.corrupt = 1;
        (void)snprintf(damage.why, sizeof damage.why, "%s", e.why);
    }
    db_close(&db);
    return damage;
}
