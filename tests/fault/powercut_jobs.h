/*
 * The jobs that the power-cut test has the real writer do, what each leaves in the database when
 * it is whole, and what must be found after a cut.
 */
#pragma once

#include "db/db.h"
#include "tests/fault/powercut_disk.h"

#define JOBS_MAX 4096

extern const struct db_schema powercut_schema;

/* Marks of the record: a job was asked for; it was acknowledged. */
enum mark { MARK_ADD_ASKED, MARK_ADDED, MARK_DROP_ASKED, MARK_DROPPED };

/* What must be found of a job after a cut. ABSENT is also what was never asked for. */
enum fate { FATE_ABSENT, FATE_EITHER, FATE_PRESENT };
struct fates {
    uint8_t of[JOBS_MAX];
};
/* What follows from a step of the record. */
void fates_follow(struct fates *fates, const struct disk_step *step);

/* Jobs under way: one of these for each open database. */
struct jobs;
struct jobs *jobs_new(struct db *db);
void jobs_free(struct jobs **at);

/*
 * Each queues a job and returns. ADD stores a job of that number with its parts, or finds that it
 * is there already; DROP removes it; FAIL stores half of it and fails. `bytes`: of each part.
 */
void jobs_add(struct jobs *jobs, int64_t number, size_t bytes);
void jobs_drop(struct jobs *jobs, int64_t number);
void jobs_fail(struct jobs *jobs, int64_t number, size_t bytes);
/* Waits until all are told. */
void jobs_wait(struct jobs *jobs);

/* What a cut did. */
struct damage {
    size_t lost;    /* jobs that were acknowledged and are not there, or removed and are */
    size_t half;    /* jobs that are not whole, or were never to be */
    size_t corrupt; /* 1: the database does not open, or its check finds something */
    char why[ERR_WHY_BYTES + 100];
};

/*
 * Opens what is left at the address, looks at it and, when asked, writes to it. Where either was
 * possible, fates then say what it was.
 */
struct damage jobs_check(const struct db_options *options, struct fates *fates, bool writes);
