#include "web/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/must.h"

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct pool_job *first, **last;
    size_t n_queued, queue_max;
    bool is_ending;
    size_t n_threads;
    pthread_t threads[];
};

static struct pool_job *take(struct pool *p)
{
    MUST(pthread_mutex_lock(&p->lock) == 0);
    while (!p->first && !p->is_ending)
        MUST(pthread_cond_wait(&p->more, &p->lock) == 0);
    struct pool_job *job = p->first;
    if (job) {
        p->first = job->next;
        if (!p->first)
            p->last = &p->first;
        p->n_queued--;
    }
    MUST(pthread_mutex_unlock(&p->lock) == 0);
    return job;
}

static void *work(void *context)
{
    struct pool *p = context;
    for (struct pool_job *job; (job = take(p));)
        job->run(job);
    return NULL;
}

struct pool *pool_new(const char *name, size_t n_threads, size_t queue_max)
{
    struct pool *p = calloc(1, sizeof *p + n_threads * sizeof p->threads[0]);
    MUST(p != NULL);
    MUST(pthread_mutex_init(&p->lock, NULL) == 0);
    MUST(pthread_cond_init(&p->more, NULL) == 0);
    p->last = &p->first;
    p->queue_max = queue_max;
    p->n_threads = n_threads;
    for (size_t i = 0; i < n_threads; i++) {
        MUST(pthread_create(&p->threads[i], NULL, work, p) == 0);
        (void)pthread_setname_np(p->threads[i], name);
    }
    return p;
}

bool pool_add(struct pool *p, struct pool_job *job)
{
    MUST(pthread_mutex_lock(&p->lock) == 0);
    bool is_taken = !p->is_ending && p->n_queued < p->queue_max;
    if (is_taken) {
        job->next = NULL;
        *p->last = job;
        p->last = &job->next;
        p->n_queued++;
        MUST(pthread_cond_signal(&p->more) == 0);
    }
    MUST(pthread_mutex_unlock(&p->lock) == 0);
    return is_taken;
}

void pool_end(struct pool *p)
{
    MUST(pthread_mutex_lock(&p->lock) == 0);
    bool was_ending = p->is_ending;
    p->is_ending = true;
    MUST(pthread_cond_broadcast(&p->more) == 0);
    MUST(pthread_mutex_unlock(&p->lock) == 0);
    for (size_t i = 0; !was_ending && i < p->n_threads; i++)
        MUST(pthread_join(p->threads[i], NULL) == 0);
}

void pool_free(struct pool **at)
{
    struct pool *p = *at;
    if (!p)
        return;
    pool_end(p);
    (void)pthread_cond_destroy(&p->more);
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
    *at = NULL;
}
