/*
 * Power cuts under the real writer with its group commits, checkpoints and scrubs. Each life of a
 * database is recorded; then the power goes at random moments of it, and what could be left is
 * opened with SQLite's own file layer: it must be whole, and hold every job that was acknowledged.
 *
 * The next life begins from what a cut left, or from where the process was killed (what was not
 * synced is then still in danger), or after an orderly end.
 *
 * Usage: powercut [--cuts N] [--seed N] [--disk honest|normal|lying] [--folder DIR]
 * Last line: cuts N, hit N, lost N, half N, corrupt N. Exit status 1 when a cut did damage.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/must.h"
#include "db/sqlite.h"
#include "tests/fault/powercut_jobs.h"

#define CUTS_OF_A_LIFE 10
#define LIVES_MAX 6
#define REPORTS_MAX 10

struct test {
    struct chance chance;
    uint64_t seed, cuts_wanted, cuts, hit, lives;
    enum disk_kind kind;
    char folder[200];                  /* all of it lies here: */
    char life[250], life_address[260]; /* the database that lives, */
    char left[250], left_address[260]; /* and what a cut left */
    bool is_dropped[JOBS_MAX];         /* asked for in this life */
    struct damage sum;
    struct disk *made; /* right after db_create */
    struct log log;
    struct db_options options;
};

/* A database that lives: its files, and what must be found in them. */
struct line {
    struct disk *disk;
    struct fates *fates;
    int64_t next;   /* number of the next job */
    size_t n_lives; /* so far */
    bool was_killed;
};

static int64_t below(struct test *t, uint64_t n)
{
    return (int64_t)chance_below(&t->chance, n);
}

static bool percent(struct test *t, unsigned n)
{
    return chance_percent(&t->chance, n);
}

/* ---- a life ---- */

static void checkpoint_beside(struct db *db)
{
    sqlite3 *handle = NULL;
    struct err e;
    MUST(sqlite_handle_open(db, SQLITE_OPEN_READWRITE, &handle, &e));
    (void)sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite_handle_close(&handle);
}

static void synchronous_check(struct test *t, struct db *db)
{
    sqlite3 *handle = NULL;
    struct err e;
    int64_t n = 0;
    MUST(sqlite_handle_open(db, SQLITE_OPEN_READWRITE, &handle, &e));
    MUST(sqlite_number(handle, "PRAGMA synchronous", &n, &e));
    MUST(n == (t->kind == DISK_NORMAL ? 1 : 2));
    sqlite_handle_close(&handle);
}

/* Asks again for what was perhaps stored before: as a reader does who got no answer. */
static void ask_again(struct test *t, struct jobs *jobs, const struct fates *before, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (before->of[i] == FATE_EITHER && percent(t, 70))
            jobs_add(jobs, i, (size_t)below(t, 3000));
    }
}

static void drop(struct test *t, struct jobs *jobs, int64_t number)
{
    t->is_dropped[number] = true;
    jobs_drop(jobs, number);
}

static void burst(struct test *t, struct jobs *jobs, struct line *line, bool is_big)
{
    const struct fates *before = line->fates;
    int64_t n = below(t, 8) + 1, oldest = line->next;
    for (int64_t i = 0; i < n && line->next < JOBS_MAX - 1; i++) {
        size_t bytes = (size_t)below(t, percent(t, 10) ? 12000 : 800);
        int64_t old = oldest > 0 ? below(t, (uint64_t)oldest) : 0;
        if (percent(t, 5))
            jobs_fail(jobs, line->next++, bytes);
        else if (percent(t, 12) && before->of[old] == FATE_PRESENT && !t->is_dropped[old])
            drop(t, jobs, old);
        else
            jobs_add(jobs, line->next++, is_big ? 60000 : bytes);
        if (percent(t, 20))
            (void)sched_yield();
    }
}

static void live(struct test *t, struct line *line)
{
    const struct fates *before = line->fates;
    struct err e;
    struct db *db = NULL;
    bool is_big = below(t, 40) == 0; /* enough for the database's own passive checkpoint */
    bool is_quiet = percent(t, line->was_killed ? 60 : 5); /* only asks again */
    int64_t n_bursts = is_big ? 12 : is_quiet ? 0 : below(t, 8);
    t->options.address = str_of(t->life_address);
    memset(t->is_dropped, 0, sizeof t->is_dropped);
    if (!db_open(&t->options, &db, &e)) {
        (void)fprintf(stderr, "powercut: open: %s\n", e.why);
        abort();
    }
    if (t->lives == 1)
        synchronous_check(t, db);
    struct jobs *jobs = jobs_new(db);
    ask_again(t, jobs, before, line->next);
    for (int64_t i = 0; i < n_bursts; i++) {
        burst(t, jobs, line, is_big);
        if (percent(t, 15))
            db_scrub(db);
        if (percent(t, 20))
            checkpoint_beside(db);
        if (percent(t, 60))
            jobs_wait(jobs);
    }
    jobs_wait(jobs);
    jobs_free(&jobs);
    db_close(&db);
}

/* ---- cuts ---- */

static int compare_moments(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static bool is_told(const struct disk_step *step)
{
    return step->type == STEP_MARK && (step->mark == MARK_ADDED || step->mark == MARK_DROPPED);
}

/* Some cuts come right after somebody was told, some right before a sync, the rest anywhere. */
static void moments_choose(struct test *t, const struct disk_step *steps, size_t n,
                           size_t moments[static CUTS_OF_A_LIFE])
{
    for (size_t i = 0; i < CUTS_OF_A_LIFE; i++) {
        size_t at = (size_t)below(t, n + 1);
        while (i % 5 < 2 && at > 0 && at < n && !is_told(&steps[at - 1]))
            at++;
        while (i % 5 == 2 && at < n && steps[at].type != STEP_SYNC)
            at++;
        moments[i] = at;
    }
    qsort(moments, CUTS_OF_A_LIFE, sizeof *moments, compare_moments);
}

/* What was in the index of the log before stays in its file, or there is rubbish. */
static void rubbish_index(struct test *t, const char *folder)
{
    char path[300];
    uint8_t rubbish[32768];
    if (percent(t, 50))
        return;
    for (size_t i = 0; i < sizeof rubbish; i++)
        rubbish[i] = (uint8_t)below(t, 256);
    (void)snprintf(path, sizeof path, "%s/db-shm", folder);
    FILE *f = fopen(path, "we");
    MUST(f && fwrite(rubbish, 1, sizeof rubbish, f) == sizeof rubbish && fclose(f) == 0);
}

static void report(struct test *t, const struct damage *damage, size_t at, const struct disk *left)
{
    char kept[280];
    t->hit++;
    t->sum.lost += damage->lost;
    t->sum.half += damage->half;
    t->sum.corrupt += damage->corrupt;
    if (t->kind != DISK_HONEST || t->hit > REPORTS_MAX)
        return;
    (void)snprintf(kept, sizeof kept, "%s/hit-%" PRIu64, t->folder, t->hit);
    MUST(mkdir(kept, 0700) == 0);
    disk_store(left, kept);
    printf("cut %" PRIu64 " of life %" PRIu64 " at step %zu: lost %zu, half %zu, corrupt %zu: %s; "
           "kept in %s\n",
           t->cuts, t->lives, at, damage->lost, damage->half, damage->corrupt, damage->why, kept);
}

/* Cuts the power now. Returns what was left, and in fates what was found there. */
static struct disk *cut(struct test *t, const struct disk *now, struct fates *fates, size_t at)
{
    struct disk *left = disk_cut(now, &t->chance);
    disk_store(left, t->left);
    rubbish_index(t, t->left);
    t->options.address = str_of(t->left_address);
    struct damage damage = jobs_check(&t->options, fates, percent(t, 25));
    t->cuts++;
    if (damage.lost || damage.half || damage.corrupt)
        report(t, &damage, at, left);
    return left;
}

/* What the next life begins from. */
static void line_set(struct line *line, struct disk *disk, const struct fates *fates)
{
    disk_free(&line->disk);
    line->disk = disk;
    *line->fates = *fates;
}

/* A process that is killed right before a sync leaves most in danger. */
static bool is_good_end(struct test *t, const struct disk_step *steps, size_t n, size_t at)
{
    return percent(t, 8) || (at < n && steps[at].type == STEP_SYNC && percent(t, 40));
}

/* Cuts the power at random moments of the record, and chooses where the next life begins. */
static void life_cut(struct test *t, struct line *line, const struct disk_step *steps, size_t n)
{
    size_t moments[CUTS_OF_A_LIFE + 1], at = 0;
    struct disk *now = disk_copy(line->disk), *next = NULL;
    struct fates fates = *line->fates, next_fates = {{0}};
    line->was_killed = percent(t, 60);
    moments_choose(t, steps, n, moments);
    moments[CUTS_OF_A_LIFE] = n;
    for (size_t i = 0; i <= CUTS_OF_A_LIFE; i++) {
        for (; at < moments[i]; at++) {
            disk_apply(now, &steps[at]);
            fates_follow(&fates, &steps[at]);
        }
        struct fates found = fates;
        struct disk *left = i < CUTS_OF_A_LIFE ? cut(t, now, &found, at) : NULL;
        if (!next && (i == CUTS_OF_A_LIFE || is_good_end(t, steps, n, at))) {
            next = disk_copy(line->was_killed || !left ? now : left);
            next_fates = line->was_killed || !left ? fates : found;
        }
        disk_free(&left);
    }
    MUST(disk_is_like(now, t->life)); /* or the record is not what happened */
    line_set(line, next, &next_fates);
    disk_free(&now);
}

static void life_run(struct test *t, struct line *line)
{
    size_t n = 0;
    t->lives++;
    line->n_lives++;
    disk_store(line->disk, t->life);
    disk_record(line->disk, t->life, t->kind);
    live(t, line);
    const struct disk_step *steps = disk_record_end(&n);
    life_cut(t, line, steps, n);
}

/* A disk that loses things leaves nothing to begin a second life from. */
static void line_run(struct test *t)
{
    struct fates fates = {{0}};
    struct line line = {.disk = disk_copy(t->made), .fates = &fates};
    do
        life_run(t, &line);
    while (t->cuts < t->cuts_wanted && t->kind == DISK_HONEST && line.n_lives < LIVES_MAX &&
           percent(t, 75));
    disk_free(&line.disk);
}

/* ---- the program ---- */

static void usage(void)
{
    (void)fprintf(stderr, "usage: powercut [--cuts N] [--seed N] [--disk honest|normal|lying] "
                          "[--folder DIR]\n");
    exit(2);
}

static uint64_t number_read(const char *text)
{
    int64_t n;
    if (!str_to_int64(str_of(text), 0, INT64_MAX, &n))
        usage();
    return (uint64_t)n;
}

static enum disk_kind kind_read(const char *text)
{
    static const char *const names[] = {
        [DISK_HONEST] = "honest", [DISK_NORMAL] = "normal", [DISK_LYING] = "lying"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], text) == 0)
            return (enum disk_kind)i;
    }
    usage();
    return DISK_HONEST;
}

static void options_read(struct test *t, int argc, char **argv, const char **ret_folder)
{
    static const struct option known[] = {
        {"cuts", required_argument, NULL, 'c'},
        {"seed", required_argument, NULL, 's'},
        {"disk", required_argument, NULL, 'd'},
        {"folder", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    int c;
    while ((c = getopt_long(argc, argv, "", known, NULL)) >= 0) {
        if (c == 'c')
            t->cuts_wanted = number_read(optarg);
        else if (c == 's')
            t->seed = number_read(optarg);
        else if (c == 'd')
            t->kind = kind_read(optarg);
        else if (c == 'f')
            *ret_folder = optarg;
        else
            usage();
    }
}

/* In memory where there is such a folder: nothing here is ever synced. */
static void folders_make(struct test *t, const char *parent)
{
    if (!parent)
        parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(t->folder, sizeof t->folder, "%s/aitys-powercut-XXXXXX", parent);
    MUST(mkdtemp(t->folder));
    (void)snprintf(t->life, sizeof t->life, "%s/life", t->folder);
    (void)snprintf(t->left, sizeof t->left, "%s/left", t->folder);
    (void)snprintf(t->life_address, sizeof t->life_address, "%s/db", t->life);
    (void)snprintf(t->left_address, sizeof t->left_address, "%s/db", t->left);
    MUST(mkdir(t->life, 0700) == 0 && mkdir(t->left, 0700) == 0);
}

static void folder_drop(const char *folder)
{
    static const char *const files[] = {"db", "db-wal", "db-shm", "db-journal"};
    char path[300];
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static void made_make(struct test *t)
{
    struct err e;
    if (!db_create(str_of(t->life_address), &e)) {
        (void)fprintf(stderr, "powercut: %s\n", e.why);
        exit(2);
    }
    t->made = disk_load(t->life);
}

int main(int argc, char **argv)
{
    static struct test t = {.seed = 1, .cuts_wanted = 100};
    const char *parent = NULL;
    options_read(&t, argc, argv, &parent);
    folders_make(&t, parent);
    t.chance.state = t.seed;
    t.log = (struct log){.fd = STDERR_FILENO, .least = LOG_LEVEL_WARNING};
    t.options = (struct db_options){.schema = &powercut_schema,
                                    .readers = 1,
                                    .queue_max = 10000,
                                    .busy_ms = 10000,
                                    .cache_bytes = MiB,
                                    .log = &t.log,
                                    .clock = &clock_system};
    made_make(&t);
    while (t.cuts < t.cuts_wanted) {
        uint64_t thousands = t.cuts / 1000;
        line_run(&t);
        if (t.cuts / 1000 > thousands)
            printf("%" PRIu64 " cuts in %" PRIu64 " lives, %" PRIu64 " did damage\n", t.cuts,
                   t.lives, t.hit);
        (void)fflush(stdout);
    }
    disk_free(&t.made);
    folder_drop(t.life);
    folder_drop(t.left);
    (void)rmdir(t.folder); /* stays when something is kept in it */
    printf("cuts %" PRIu64 ", hit %" PRIu64 ", lost %zu, half %zu, corrupt %zu\n", t.cuts, t.hit,
           t.sum.lost, t.sum.half, t.sum.corrupt);
    return t.hit > 0;
}
