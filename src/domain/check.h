/*
 * Invariants of the whole database, for `aitys check --database` and after every crash test: the
 * rows of checks.def, where comments stand, and the ledger as `aitys ledger verify` reads it. The
 * search index is held against it by search_check.h.
 */
#pragma once

#include "domain/domain.h"

struct tx;

/* Calls on_fault with a sentence for each broken invariant; *ret_faults counts them. */
MUST_USE bool check_invariants(const struct domain *d, struct tx *tx,
                               void (*on_fault)(void *context, struct str what), void *context,
                               size_t *ret_faults, struct err *e);
