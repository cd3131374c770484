/*
 * What the files of the ledger share: its newest entry, entries of every kind, its keys.
 * Nobody else includes this.
 */
#pragma once

#include "domain/ledger_text.h"

struct tx;

/* The number and hash of the newest entry; entry 0 is made when there is none. */
MUST_USE bool ledger_last_take(const struct domain *d, struct tx *tx, int64_t *ret_seq,
                               struct hash *ret_hash, struct err *e);

/* As ledger_add, for kinds of the ledger's own as well. */
MUST_USE bool ledger_add_any(const struct domain *d, struct tx *tx, struct moderator_id who,
                             struct str kind, struct str body, struct err *e);

/*
 * The pair of keys that signs now, from the seed in the database; a seed is made the first time one
 * is wanted. The caller wipes it. Errors: those of the database.
 */
MUST_USE bool ledger_pair_take(const struct domain *d, struct tx *tx, struct ledger_pair *ret_pair,
                               struct err *e);

/* The site's first seed, at `aitys init`; changes nothing when there is one. */
MUST_USE bool ledger_found(struct tx *tx, struct site_id site, struct err *e);
