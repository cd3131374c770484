/*
 * Moderators: who they are, the queue, decisions.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"
#include "model/moderator.h"

struct tx;

/*
 * Adds one. password: 10 to 200 bytes; hashed with Argon2id (libsodium, interactive limits or
 * more). Errors ERR_CONFLICT (the name exists), ERR_INVALID (name or password)
 */
MUST_USE bool moderator_add(const struct domain *d, struct tx *tx, struct str name,
                            struct str password, enum role role, struct err *e);
MUST_USE bool moderator_set_password(const struct domain *d, struct tx *tx, struct str name,
                                     struct str password, struct err *e);

/*
 * The stored hash for a name; takes as long for an unknown one (a stand-in hash is given).
 * password_verify is slow on purpose: call it outside transactions.
 */
MUST_USE bool moderator_password_get(const struct domain *d, struct tx *tx, struct str name,
                                     struct moderator *ret_moderator, struct str *ret_hash,
                                     struct err *e);
MUST_USE bool password_verify(struct str password, struct str hash);

/*
 * Sign-ins: kept by the hash of the cookie's token only, until they expire or are dropped.
 * token_hash: hash_of the token. Errors ERR_BROKEN; an expired session is not found.
 */
MUST_USE bool session_add(const struct domain *d, struct tx *tx, struct moderator_id m,
                          struct hash token_hash, struct err *e);
MUST_USE bool session_find(const struct domain *d, struct tx *tx, struct hash token_hash,
                           struct moderator *ret_moderator, bool *ret_found, struct err *e);
MUST_USE bool session_drop(const struct domain *d, struct tx *tx, struct hash token_hash,
                           struct err *e);

/* A comment as the queue shows it. */
struct queue_card {
    struct comment comment;
    struct str article_lang, article_slug, article_headline;
    bool has_parent;
    struct comment parent;      /* what it answers */
    int64_t approved, rejected; /* the commenter's */
    struct str rule;            /* why it is here: of the newest decision row */
};

struct queue_query {
    enum comment_state state;
    int64_t after_s; /* keyset; held: oldest first; others: newest first. 0: from the start */
    struct comment_id after;
    size_t max;
};
struct queue_page {
    struct queue_card *cards;
    size_t n;
    bool more; /* continue after the last card: its created_s and id */
};
/* One statement. */
MUST_USE bool queue_get(const struct domain *d, struct tx *tx, const struct queue_query *q,
                        struct queue_page *ret_page, struct err *e);
/*
 * How many comments wait for a decision, counted no further than max: it looks at so many of them.
 */
MUST_USE bool queue_held_count(const struct domain *d, struct tx *tx, int64_t max,
                               int64_t *ret_held, struct err *e);
/* One comment as the queue shows it, with all decisions about it, oldest first. */
struct queue_detail {
    struct queue_card card;
    struct decision *decisions;
    size_t n_decisions;
};
/* Two statements. Errors ERR_MISSING. */
MUST_USE bool queue_card_get(const struct domain *d, struct tx *tx, struct comment_id id,
                             struct queue_detail *ret_detail, struct err *e);

/* Whether an action is possible from a state: the one table of moves. */
bool action_is_possible(enum action a, enum comment_state from);
/* Whether a role may do it to a comment in that state: role × action × state, stated in full. */
bool action_is_allowed(enum role r, enum action a, enum comment_state from);

struct decide {
    struct comment_id comment;
    enum action action;
    struct str reason; /* key of reasons.def; needed for reject, and for withdraw by a moderator */
    struct str note;   /* needed when the reason is "other" */
    enum comment_state expected; /* what the moderator saw; another one now: ERR_CONFLICT */
    int64_t expected_edited_s;   /* its edited_s as the moderator saw it; the same */
};
/*
 * Does it and adds its row. *ret_thread is the conversation whose pages may have changed. A comment
 * that was published once keeps its place and counts in whatever state; withdrawing erases words
 * and name. After withdrawing, the caller has the database scrub its log: db_scrub.
 * Errors  ERR_MISSING, ERR_DENIED (role), ERR_CONFLICT (state changed meanwhile),
 *         ERR_INVALID with T_REASON_MISSING or T_NOTE_MISSING
 */
MUST_USE bool decision_make(const struct domain *d, struct tx *tx, const struct actor *actor,
                            const struct decide *decide, struct thread_id *ret_thread,
                            struct err *e);
/* The newest decision about a comment, for its author: reason and note. */
MUST_USE bool decision_newest(const struct domain *d, struct tx *tx, struct comment_id id,
                              struct decision *ret_decision, bool *ret_found, struct err *e);
