#include "jobs/jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/must.h"

#define TICK_MS 250

struct jobs {
    const struct jobs_work *work;
    const struct log *log;
    const struct clock *clock;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool is_ending;
};

static const struct {
    const char *name;
    int64_t every_ms;
} rows[] = {
#define JOB(name, every_ms, about) {#name, (every_ms)},
#include "jobs/jobs.def"
#undef JOB
};

static bool run(const struct jobs *j, size_t row, struct err *e)
{
    bool (*const functions[])(void *context, struct err *e) = {
#define JOB(name, every_ms, about) j->work->name,
#include "jobs/jobs.def"
#undef JOB
    };
    return !functions[row] || functions[row](j->work->context, e);
}

/* Waits for the next tick. False: it is time to end. */
static bool wait_tick(struct jobs *j)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    MUST(pthread_mutex_lock(&j->lock) == 0);
    if (!j->is_ending)
        (void)pthread_cond_timedwait(&j->ends, &j->lock, &until);
    bool goes_on = !j->is_ending;
    MUST(pthread_mutex_unlock(&j->lock) == 0);
    return goes_on;
}

static void *work(void *context)
{
    struct jobs *j = context;
    int64_t next_ms[ARRAY_LEN(rows)] = {0};
    do {
        int64_t now_ms = clock_ticks_ms(j->clock);
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            struct err e = {0};
            if (now_ms < next_ms[i])
                continue;
            next_ms[i] = now_ms + rows[i].every_ms;
            if (run(j, i, &e))
                continue;
            (void)err_where(&e, "%s", rows[i].name);
            log_err(j->log, "job", &e);
        }
    } while (wait_tick(j));
    return NULL;
}

struct jobs *jobs_start(const struct jobs_work *jobs_work, const struct log *log,
                        const struct clock *clock)
{
    pthread_condattr_t monotonic;
    struct jobs *j = calloc(1, sizeof *j);
    MUST(j != NULL);
    j->work = jobs_work;
    j->log = log;
    j->clock = clock;
    MUST(pthread_condattr_init(&monotonic) == 0);
    MUST(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    MUST(pthread_cond_init(&j->ends, &monotonic) == 0);
    (void)pthread_condattr_destroy(&monotonic);
    MUST(pthread_mutex_init(&j->lock, NULL) == 0);
    MUST(pthread_create(&j->thread, NULL, work, j) == 0);
    (void)pthread_setname_np(j->thread, "jobs");
    return j;
}

void jobs_stop(struct jobs **at)
{
    struct jobs *j = *at;
    if (!j)
        return;
    MUST(pthread_mutex_lock(&j->lock) == 0);
    j->is_ending = true;
    MUST(pthread_cond_signal(&j->ends) == 0);
    MUST(pthread_mutex_unlock(&j->lock) == 0);
    MUST(pthread_join(j->thread, NULL) == 0);
    (void)pthread_cond_destroy(&j->ends);
    (void)pthread_mutex_destroy(&j->lock);
    free(j);
    *at = NULL;
}
