/*
 * The ledger: what the team did, as a chain that shows every later change. Each entry's hash covers
 * the hash of the entry before it, so the newest hash stands for all of them; it is signed once a
 * day and published (signed heads). Nobody's words and no names go in, only ids and figures: what
 * they stand for can be deleted without breaking the chain.
 *
 * An entry as it is hashed is a line of text, the same bytes that an export holds:
 *
 *     SEQ AT MODERATOR KIND BODY
 *
 * SEQ is 0, 1, 2, … without a gap, AT Unix seconds, MODERATOR 0 for the program; numbers are
 * decimal without leading zeros. Where the body is empty the line ends behind KIND. The hash is
 * BLAKE2b-256 (RFC 7693) of
 *
 *     PREVIOUS SEQ AT MODERATOR KIND BODY\n
 *
 * with the previous entry's hash in lower-case hexadecimal, 64 zeros for entry 0. Entry 0, the
 * genesis, names the site, its origin and the first public key; it is made with the first entry.
 * Why it is so, and what it proves: docs/decisions/0014-ledger.md.
 */
#pragma once

#include "base/hash.h"
#include "domain/domain.h"
#include "model/ids.h"

#define LEDGER_BODY_BYTES_MAX 1000

/*
 * Adds an entry; at_s is now. To be called in the transaction of what it tells of, after all rows
 * were locked. body: "key=value key=value", keys of a-z 0-9 _, values of printable ASCII without
 * spaces; may be empty. who: {0} is a rule, an author or the program.
 * One select and one insert. Two writers are never in it at once: SQLite has one, on PostgreSQL
 * write transactions take turns (db/postgres.c); if they did not, the second would fail on the key.
 * Errors  ERR_BROKEN (no kind of model/ledger.def, or one that only the ledger itself adds; a body
 *         of another form or length), those of the database
 */
MUST_USE bool ledger_add(const struct domain *d, struct tx *tx, struct moderator_id who,
                         struct str kind, struct str body, struct err *e);
