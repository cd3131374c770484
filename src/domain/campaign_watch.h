/*
 * Campaigns (campaign.h) in a program that serves: what is remembered follows the database. The
 * newest comments are read from it when the first is written or looked at by the team, in steps,
 * while the program serves; after that a comment is added as it is posted (campaign_meet.h), and
 * what other processes stored is found by looking every CAMPAIGN_LOOK_MS at what came in the last
 * CAMPAIGN_LATE_S.
 *
 * Until all is read nothing is added by posting, so that the same comments in the same order give
 * the same campaigns; what is posted meanwhile is found by looking: alerts of it are heeded, and
 * what was decided about its campaign is done to it then.
 */
#pragma once

#include "domain/domain.h"

struct campaign_watch;
struct tx;

#define CAMPAIGN_STEP_MAX 500 /* comments that one step reads */
#define CAMPAIGN_LOOK_MS 2000 /* how often others' comments are looked for */
#define CAMPAIGN_LATE_S 30    /* how late they may be seen: clocks that differ, slow commits */
#define CAMPAIGN_LEAST 16     /* comments remembered; any number is rounded up to a power of two */

/*
 * Remembers so many comments. secret: the site's; keys are made of it, so that they last. Only for
 * a domain whose database one program writes as `d->campaigns`; the owner calls
 * campaign_watch_free.
 */
RETURNS_MEMORY struct campaign_watch *campaign_watch_new(int64_t comments, struct hash secret);
/* When no transaction is under way any more. Accepts NULL, clears. */
void campaign_watch_free(struct campaign_watch **w);

/*
 * Something is compared with what is remembered: from now on it is worth reading. Until then a
 * server at rest holds nothing, however many comments it has. Any thread.
 */
void campaign_watch_want(struct campaign_watch *w);
bool campaign_watch_is_wanted(const struct campaign_watch *w);

/* Whether the comments of before the start are all there. */
bool campaign_watch_is_ready(const struct campaign_watch *w);
/* Comments that are remembered now. */
size_t campaign_watch_count(const struct campaign_watch *w);

/* What a step did. */
struct campaign_look {
    bool is_done;   /* nothing is left to read now */
    bool has_found; /* something is to be stored: campaign_watch_store */
};
/*
 * The next step: reads at most CAMPAIGN_STEP_MAX comments, unless what a step found is not stored
 * yet. In a transaction that reads; by one thread. After a failure it is done again. Errors: those
 * of the database.
 */
MUST_USE bool campaign_watch_look(const struct domain *d, struct tx *tx,
                                  struct campaign_look *ret_look, struct err *e);
/* Conversations whose pages have changed; one may be there twice. Memory: tx's arena. */
struct campaign_changes {
    struct thread_id *threads;
    size_t n;
};
/*
 * Stores what the step before found: which campaigns comments are of, alerts, and what follows for
 * comments that came since the start and were not met when they were posted. What is not stored, or
 * not for certain, is kept for the next time; to store it twice is no matter.
 */
MUST_USE bool campaign_watch_store(const struct domain *d, struct tx *tx,
                                   struct campaign_changes *ret_changes, struct err *e);
