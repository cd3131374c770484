/*
 * The search index against the newsroom's comments, for `aitys check --database`: each comment with
 * words has its place in it, and nothing else has one. Whether it is the right words that stand
 * there is not looked at.
 */
#pragma once

#include "domain/domain.h"

#define SEARCH_FAULTS_MAX 100 /* after so many nobody looks further */

struct search_verdict {
    bool is_compared; /* false: the index is still being made, or will be made anew */
    size_t faults;
};

/*
 * Holds d->search, which is there, against the newsroom; calls on_fault with a sentence for each
 * fault, which it reads at once. In many short transactions; a server may go on meanwhile, so what
 * does not fit is looked at a second time. Not from a writer's thread.
 * Errors: those of db_read
 */
MUST_USE bool search_check(const struct domain *d, void (*on_fault)(void *context, struct str what),
                           void *context, struct search_verdict *ret_verdict, struct err *e);
