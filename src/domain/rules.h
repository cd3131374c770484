/*
 * The rules that adding, editing and importing comments share. Nobody outside domain/ includes it.
 */
#pragma once

#include "domain/comments.h"
#include "domain/inner.h"

/* Whether a mode holds a comment by someone whom moderators approved so often, and as what rule. */
struct hold_rule {
    bool holds;
    struct str rule;
};
struct hold_rule hold_rule_of(const struct domain *d, enum mode mode, int64_t approved);

/* The same where the team may have said what it thinks of the commenter. */
struct hold_rule trust_rule_of(const struct domain *d, enum trust trust, enum mode mode,
                               int64_t approved);

/* And where the whole site holds everything, which goes before all else. */
struct hold_rule site_rule_of(const struct thread *t, struct hold_rule other);

/* Errors ERR_TOO_MANY with T_COMMENT_SLOW: slow mode; conversation_wait says how long. */
MUST_USE bool slow_check(const struct domain *d, struct tx *tx, const struct thread *t,
                         const struct commenter_id *who, struct err *e);

/* Errors ERR_DENIED with T_COMMENT_BANNED. */
MUST_USE bool trust_takes_words(enum trust trust, struct err *e);

/* Whether it is known by which network a comment came (8 bytes), and is to be noted. */
bool network_is_kept(const struct domain *d, struct str network);
/* Notes by which network a comment came, unless that is not known or not to be kept. */
MUST_USE bool arrival_note(const struct domain *d, struct tx *tx, struct comment_id id,
                           struct str network, struct err *e);

/* Errors ERR_DENIED with T_COMMENT_CLOSED. */
MUST_USE bool thread_takes_words(const struct thread *t, int64_t now_s, struct err *e);

/* What a new row needs besides the comment. */
struct new_comment {
    struct str idem;         /* 16 bytes */
    struct str text_hash;    /* empty for a withdrawn one */
    struct str rule;         /* why it is not published; empty: the caller adds the decision */
    struct str evidence;     /* of the rule */
    struct str reason;       /* for the author; a key of reasons.def */
    int64_t batch;           /* whose decision is carried on to it; 0: none is */
    enum comment_state from; /* what it is without the rule; COMMENT_HELD unless there is a batch */
};
/* What a rule does that leads to a state. */
enum action action_to(enum comment_state state);

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
