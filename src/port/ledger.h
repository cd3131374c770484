/*
 * The ledger as a file: docs/operator/ledger.md tells the format. A file is verified line by line,
 * without a newsroom and in constant memory; each of its bytes counts.
 */
#pragma once

#include <stdio.h>

#include "domain/ledger_check.h"

struct tx;

/*
 * Writes all entries that `end` covers, the signed heads behind theirs, and `end` itself (see
 * ledger_end). ret_entries: without entry 0.
 * Errors  ERR_BROKEN (the file cannot be written), those of the database
 */
MUST_USE bool ledger_export(const struct domain *d, struct tx *tx, const struct ledger_head *end,
                            FILE *out, int64_t *ret_entries, struct err *e);

/* Verifies a file from where it stands. Errors: ERR_BROKEN (it cannot be read). */
MUST_USE bool ledger_verify_file(FILE *in, const struct ledger_trust *trust,
                                 struct ledger_verdict *ret_verdict, struct err *e);

#define LEDGER_NOTED_BYTES_MAX (1 * MiB)

/*
 * The heads in a text somebody kept: lines that begin with "head ", as /ledger.txt has them; other
 * lines are passed over. By rising seq. Memory: the arena.
 * Errors: ERR_INVALID (no head, or a line that begins like one and is none)
 */
MUST_USE bool ledger_noted_read(struct arena *a, struct str text, struct ledger_head **ret_heads,
                                size_t *ret_n, struct err *e);
