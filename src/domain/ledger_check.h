/*
 * Verifying a ledger, out of a file or the database: the chain, the signed heads, the keys, heads
 * that somebody noted. The first thing that is wrong is named. Memory is constant: whoever has ten
 * million entries reads them once.
 */
#pragma once

#include "domain/ledger_text.h"

#define LEDGER_FAULT_BYTES 400

struct ledger_item {
    enum ledger_what what;
    struct ledger_entry entry; /* LEDGER_ENTRY; text lives until the next item */
    struct ledger_head head;   /* LEDGER_HEAD, LEDGER_END */
    int64_t line;              /* of the file; 0: there is none */
    bool is_cut;               /* LEDGER_UNREADABLE: the file ended within it */
};

/* Where a ledger comes from. next fails only when it cannot read. */
struct ledger_source {
    bool (*next)(void *context, struct ledger_item *ret_item, struct err *e);
    void *context;
};

/* What the verifier knows from elsewhere. */
struct ledger_trust {
    bool wants_end;                  /* an export: its last line is signed */
    const struct ledger_key *key;    /* must be among the keys that signed; NULL: none is known */
    const struct ledger_head *noted; /* heads noted earlier, by rising seq */
    size_t n_noted;
};

struct ledger_verdict {
    bool is_good;
    int64_t line;                   /* of the first fault; 0: not of a file */
    char fault[LEDGER_FAULT_BYTES]; /* a sentence; "" when all is good */
    int64_t entries;                /* that were found good, entry 0 not counted */
    int64_t covered;                /* of them the newest good head covers */
    int64_t heads;                  /* that were found good */
    struct hash last;               /* of the newest good entry */
    struct ledger_key key;          /* that signs at the end */
};

/* Reads to the end or to the first fault. Errors: those of the source. */
MUST_USE bool ledger_check(const struct ledger_source *source, const struct ledger_trust *trust,
                           struct ledger_verdict *ret_verdict, struct err *e);
