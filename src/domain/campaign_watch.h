/*
 * Campaigns (campaign.h) in a program that serves: what is remembered follows the database. The
 * newest comments are read from it at the start, in steps, while the program serves already; after
 * that a comment is added as it is posted (campaign_meet.h), and what other processes stored is
 * found by looking every CAMPAIGN_LOOK_MS at what came in the last CAMPAIGN_LATE_S.
 *
 * Until the start is done nothing is added by posting, so that the same comments in the same order
 * give the same campaigns; what is posted meanwhile is found by looking, and alerts of it are
 * heeded.
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

/* Whether the comments of before the start are all there. */
bool campaign_watch_is_ready(const struct campaign_watch *w);

/* What a step did. */
struct campaign_look {
    bool is_done;   /* nothing is left to read now */
    bool has_found; /* something is to be stored: campaign_watch_store */
};
/*
 * The next step: reads at most CAMPAIGN_STEP_MAX comments. In a transaction that reads; by one
 * thread. After a failure it is done again. Errors: those of the database.
 */
MUST_USE bool campaign_watch_look(const struct domain *d, struct tx *tx,
                                  struct campaign_look *ret_look, struct err *e);
/* Stores what the step before found: which campaigns comments are of, and alerts. */
MUST_USE bool campaign_watch_store(const struct domain *d, struct tx *tx, struct err *e);
