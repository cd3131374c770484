/*
 * A comment as a moderator saw it: the revision that a page says and its form sends back, so that
 * nothing is decided on that looks another way by now. Times in whole seconds could not tell that
 * of what happened in the second in which the page was made.
 */
#pragma once

#include "base/arena.h"
#include "model/comment.h"

struct comment_seen {
    bool is_known; /* else nobody says how it was */
    enum comment_state state;
    int64_t edited_s;   /* of an edit after the first of a second: later by one each */
    int64_t reports;    /* open ones, */
    int64_t reported_s; /* and when the newest of all came; 0: none has */
};

#define SEEN_BYTES_MAX 64

/* "STATE.EDITED.REPORTS.REPORTED"; empty: not known. Memory: the arena's. */
struct str seen_print(struct arena *a, const struct comment_seen *seen);
/* False, and nothing is known, when it is anything else than seen_print gives, or empty. */
bool seen_parse(struct str text, struct comment_seen *ret_seen);
