/*
 * A few threads that do what a loop's thread must not: read the database, render, hash passwords.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct pool;

/* One thing to do; lives with its owner until run is called. */
struct pool_job {
    struct pool_job *next; /* the pool's */
    void (*run)(struct pool_job *job);
};

/* n_threads threads; at most queue_max jobs wait. name: at most 15 bytes, for debuggers. */
RETURNS_MEMORY struct pool *pool_new(const char *name, size_t n_threads, size_t queue_max);

/* Queues a job, from any thread. False: the queue is full or the pool has ended. */
MUST_USE bool pool_add(struct pool *p, struct pool_job *job);

/* Does what is queued, ends the threads; pool_add fails from now on. */
void pool_end(struct pool *p);
/* After pool_end. Accepts NULL, clears. */
void pool_free(struct pool **p);
