/*
 * What the team began and time ends, while the server runs.
 */
#pragma once

#include "web/web.h"

/*
 * Does the next step of the oldest batch of decisions that is not done, and drops the pages it
 * changed. One statement when there is none. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_batch_due(struct web *w, struct err *e);

/*
 * Reads comments that are to be compared with new ones: at the start, for some 100 ms at each call
 * until all are there; then those of other nodes, when the time in *next_ms (of the clock's ticks)
 * has come. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_campaign_due(struct web *w, int64_t *next_ms, struct err *e);

/*
 * Teaches the search index what was written since, for some 100 ms at each call until it has all.
 * One statement when there is nothing. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_search_due(struct web *w, struct err *e);

/*
 * Loads the site's rules anew when one was changed, here or by another node, or may have been: what
 * was posted since was still judged by the old ones. One statement when none was. What is compiled
 * is compiled on the caller's thread. Errors: ERR_BUSY, ERR_BROKEN; the next call tries again.
 */
MUST_USE bool web_rules_due(struct web *w, struct err *e);

/*
 * Takes the key that all nodes hash networks with, and makes another when its time has come. One
 * statement, none where this process is alone. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_network_due(struct web *w, struct err *e);

/*
 * Erases words that were kept for undoing, networks of comments and claims whose time has come.
 * Three statements when there are none; of many, some thousands a call. Errors: ERR_BUSY,
 * ERR_BROKEN.
 */
MUST_USE bool web_forget_due(struct web *w, struct err *e);
