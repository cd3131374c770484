/*
 * Signed heads: what the ledger was when it had that many entries, and the keys that sign.
 * A head is published (/ledger, /ledger.txt); whoever keeps one can prove later that the entries
 * below it are still the same.
 */
#pragma once

#include "domain/ledger_text.h"

struct tx;

/*
 * Signs the newest entry, so that all are covered; the newest head when that is so already.
 * ret_is_new may be NULL. Errors: ERR_MISSING (the ledger is empty), those of the database.
 */
MUST_USE bool ledger_sign(const struct domain *d, struct tx *tx, struct ledger_head *ret_head,
                          bool *ret_is_new, struct err *e);

/*
 * Whether an entry that no head covers is from before today (UTC): then it is time to sign. Reads
 * only: two statements. An entry waits a day at most, and of many nodes one signs.
 */
MUST_USE bool ledger_is_due(const struct domain *d, struct tx *tx, bool *ret_is_due, struct err *e);

/* As ledger_sign, and the last line of an export of all that the head covers. */
MUST_USE bool ledger_end(const struct domain *d, struct tx *tx, struct ledger_head *ret_end,
                         struct err *e);

/* The public key that signs now. Writes the first time. */
MUST_USE bool ledger_key_get(const struct domain *d, struct tx *tx, struct ledger_key *ret_key,
                             struct err *e);

/*
 * Makes a new pair of keys; the old one signs an entry that names it, and is forgotten.
 * Errors: those of the database.
 */
MUST_USE bool ledger_key_new(const struct domain *d, struct tx *tx, struct ledger_key *ret_key,
                             struct err *e);

/* What is public of a ledger. */
struct ledger_public {
    bool has_genesis; /* it has begun */
    struct ledger_entry genesis;
    const struct ledger_head *heads; /* newest first */
    size_t n_heads;
};
/* The newest heads, n_max at most. Two statements. Memory: the transaction's arena. */
MUST_USE bool ledger_public_get(const struct domain *d, struct tx *tx, size_t n_max,
                                struct ledger_public *ret_public, struct err *e);
