/*
 * The ledger as the database has it, in the order of an export: entries, each head behind the entry
 * it signs. Reads page after page; memory stays that of a page.
 */
#pragma once

#include "domain/ledger_check.h"

struct ledger_reader;

/*
 * A reader up to entry last, included; INT64_MAX: all. Borrows d and tx; the caller closes it.
 */
struct ledger_reader *ledger_reader_open(const struct domain *d, struct tx *tx, int64_t last);
void ledger_reader_close(struct ledger_reader **r);

/* The next item; a row of no good form is LEDGER_UNREADABLE. Errors: those of the database. */
MUST_USE bool ledger_reader_next(void *reader, struct ledger_item *ret_item, struct err *e);

/*
 * Holds the ledger against the table of decisions: each decision of the team has its entry (or is
 * of a batch that has one), and each entry its decision, by the same moderator in the same second.
 * Tells each that has not, in a sentence that on_fault reads at once.
 * Errors: those of the database.
 */
MUST_USE bool ledger_match(const struct domain *d, struct tx *tx,
                           void (*on_fault)(void *context, struct str what), void *context,
                           int64_t *ret_faults, struct err *e);
