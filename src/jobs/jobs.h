/*
 * One thread that does small things at their intervals: jobs.def. A job that fails is told in the
 * log and tried again at its next time.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

struct jobs;

/* Each returns false with e filled when it failed. */
struct jobs_work {
#define JOB(name, every_ms, about) bool (*name)(void *context, struct err *e);
#include "jobs/jobs.def"
#undef JOB
    void *context;
};

/* Starts the thread. work, log and clock are borrowed until jobs_stop; a NULL job is left out. */
RETURNS_MEMORY struct jobs *jobs_start(const struct jobs_work *work, const struct log *log,
                                       const struct clock *clock);

/* Ends the thread once the job under way is done. Accepts NULL, clears. */
void jobs_stop(struct jobs **j);
