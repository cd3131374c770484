/*
 * Walking through the comments that a filter finds, in the order of one index, never looking at
 * more rows than told. Nobody outside domain/ includes it.
 */
#pragma once

#include "domain/inner.h"
#include "domain/queue.h"

struct queue_walk {
    const struct queue_filter *filter;
    int64_t after_s, after; /* where it got; 0 and 0: nowhere yet */
    size_t looked;          /* rows so far */
    size_t window;          /* rows that it may look at */
    bool is_end;            /* nothing is left */
};

/*
 * The next ids, at most max; fewer when nothing is left or the window is exhausted. Memory:
 * tx's arena. Two statements for each 500 rows looked at, one where an index knows it all.
 */
MUST_USE bool queue_walk_next(const struct domain *d, struct tx *tx, struct queue_walk *w,
                              size_t max, struct comment_ids *ret_ids, struct err *e);
