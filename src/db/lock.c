#include "db/inner.h"

#include <errno.h>

void lock_init(pthread_mutex_t *lock, pthread_cond_t *changed)
{
    pthread_condattr_t attributes;
    MUST(pthread_mutex_init(lock, NULL) == 0);
    MUST(pthread_condattr_init(&attributes) == 0);
    MUST(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    MUST(pthread_cond_init(changed, &attributes) == 0);
    MUST(pthread_condattr_destroy(&attributes) == 0);
}

void lock_free(pthread_mutex_t *lock, pthread_cond_t *changed)
{
    MUST(pthread_cond_destroy(changed) == 0);
    MUST(pthread_mutex_destroy(lock) == 0);
}

void lock_take(pthread_mutex_t *lock)
{
    MUST(pthread_mutex_lock(lock) == 0);
}

void lock_give(pthread_mutex_t *lock)
{
    MUST(pthread_mutex_unlock(lock) == 0);
}

int64_t ticks_ms(void)
{
    return clock_ticks_ms(&clock_system);
}

bool lock_wait(pthread_cond_t *changed, pthread_mutex_t *lock, int64_t until_ms)
{
    struct timespec until = {until_ms / 1000, (until_ms % 1000) * 1000000};
    int rc = pthread_cond_timedwait(changed, lock, &until);
    MUST(rc == 0 || rc == ETIMEDOUT);
    return rc == 0;
}
