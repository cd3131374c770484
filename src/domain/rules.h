/*
 * The rules that adding, editing and importing comments share. Nobody outside domain/ includes it.
 */
#pragma once

#include "domain/inner.h"

/* Whether a mode holds a comment by someone whom moderators approved so often, and as what rule. */
struct hold_rule {
    bool holds;
    struct str rule;
};
struct hold_rule hold_rule_of(const struct domain *d, enum mode mode, int64_t approved);

/* Errors ERR_CONFLICT with T_COMMENT_REPEATED: another comment than `but` had these words lately.
 */
MUST_USE bool words_are_new(const struct domain *d, struct tx *tx, struct comment_id but,
                            struct thread_id t, const struct hash *words, struct err *e);

/* Errors ERR_DENIED with T_COMMENT_CLOSED. */
MUST_USE bool thread_takes_words(const struct thread *t, int64_t now_s, struct err *e);

/* What a new row needs besides the comment. */
struct new_comment {
    struct str idem;      /* 16 bytes */
    struct str text_hash; /* empty for a withdrawn one */
    struct str rule;      /* why it is not published */
};
/* Adds the row and, unless it is published, why. Errors ERR_CONFLICT (the number or key is taken).
 */
MUST_USE bool comment_store(const struct domain *d, struct tx *tx, const struct comment *c,
                            const struct new_comment *extra, struct err *e);

/* Takes the words and the name out of a row for ever; counters and decision are the caller's. */
struct erase {
    struct comment_id id;
    enum comment_by by;
    int64_t judged; /* by moderators: 0 not, 1 good, 2 bad */
};
MUST_USE bool comment_erase(const struct domain *d, struct tx *tx, const struct erase *erase,
                            struct err *e);
