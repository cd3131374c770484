/*
 * The ledger's lines: entries, signed heads and what is signed, as text. Pure functions; their
 * formats are told in ledger.h and docs/operator/ledger.md.
 */
#pragma once

#include "base/buf.h"
#include "base/hash.h"
#include "domain/ledger.h"

#define LEDGER_HEADER "aitys ledger 1"
#define LEDGER_KEY_BYTES 32
#define LEDGER_SIGNATURE_BYTES 64
/* A whole line with its end: a hash, three numbers, a kind and a body, all at their longest. */
#define LEDGER_LINE_BYTES_MAX (LEDGER_BODY_BYTES_MAX + 200)

struct ledger_entry {
    int64_t seq, at_s, moderator;
    struct str kind, body;
    struct hash hash;
};

struct ledger_key {
    uint8_t b[LEDGER_KEY_BYTES]; /* public, Ed25519 */
};

struct ledger_head {
    int64_t seq, at_s;
    struct hash hash; /* of entry seq */
    int64_t before;   /* seq of the head before this; 0: none */
    struct ledger_key key;
    uint8_t signature[LEDGER_SIGNATURE_BYTES];
};

/* What a line is. A head is signed as what it is: published, or the last line of an export. */
enum ledger_what {
    LEDGER_ENTRY,
    LEDGER_HEAD,
    LEDGER_END,
    LEDGER_UNREADABLE, /* it has no form that this program writes */
    LEDGER_NOTHING,    /* there are no more */
};

/* The hash of an entry behind the one with hash `previous` (all zeros: entry 0); e.hash is unused.
 */
struct hash ledger_hash(struct hash previous, const struct ledger_entry *e);

/* "HASH SEQ AT MODERATOR KIND BODY\n" */
void ledger_print_entry(struct buf *b, const struct ledger_entry *e);
/* "head SEQ AT HASH BEFORE KEY SIGNATURE\n"; LEDGER_END: "end …" */
void ledger_print_head(struct buf *b, enum ledger_what what, const struct ledger_head *h);

/*
 * Both read a line without its end, and only the very bytes that printing gives: false for anything
 * else. Kind and body borrow from the line.
 */
MUST_USE bool ledger_parse_entry(struct str line, struct ledger_entry *ret_entry);
MUST_USE bool ledger_parse_head(struct str line, enum ledger_what *ret_what,
                                struct ledger_head *ret_head);

/* The value of a key in a body; empty when it is not there. Borrows. */
struct str ledger_value(struct str body, struct str key);

/* Whether a body has the form that ledger_add demands. */
PURE bool ledger_body_is_good(struct str body);
/* Whether model/ledger.def has the kind. */
PURE bool ledger_kind_is_known(struct str kind);

/* A pair of keys from a seed (RFC 8032): 32 bytes that are the secret. */
struct ledger_pair {
    struct ledger_key public;
    uint8_t secret[64]; /* as libsodium wants it; wipe with ledger_pair_wipe */
};
struct ledger_pair ledger_pair_of(const struct hash *seed);
void ledger_pair_wipe(struct ledger_pair *pair);

/* Signs all members but key and signature, which it fills. genesis: the hash of entry 0. */
void ledger_head_sign(const struct ledger_pair *pair, enum ledger_what what, struct hash genesis,
                      struct ledger_head *h);
/* Whether its key made its signature. */
MUST_USE bool ledger_head_is_signed(enum ledger_what what, struct hash genesis,
                                    const struct ledger_head *h);

/* A key names the one that follows it from entry seq on. */
void ledger_next_sign(const struct ledger_pair *pair, struct hash genesis, int64_t seq,
                      const struct ledger_key *next,
                      uint8_t ret_signature[static LEDGER_SIGNATURE_BYTES]);
MUST_USE bool ledger_next_is_signed(const struct ledger_key *key, struct hash genesis, int64_t seq,
                                    const struct ledger_key *next,
                                    const uint8_t signature[static LEDGER_SIGNATURE_BYTES]);
