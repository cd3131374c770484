/*
 * Writing comments: what may be said, by whom, and what becomes of it.
 */
#pragma once

#include "domain/domain.h"
#include "domain/rule_findings.h"
#include "model/article.h"
#include "model/comment.h"

struct tx;

#define COMMENT_CHARS_MAX 1500 /* extended grapheme clusters; web/forms.def has it from here */
#define NAME_CHARS_MAX 60
#define COMMENT_KEY_BYTES 16
#define NETWORK_BYTES 8

struct shingle_sketch;

/* What can be told of a comment's words and name without the database. */
struct comment_facts {
    struct str lang;                     /* guessed from the words */
    struct str skeleton;                 /* of the name: fold_skeleton */
    struct hash words;                   /* by which the same words are found again */
    struct rule_findings rules;          /* what the site's rules say of the text alone */
    const struct shingle_sketch *sketch; /* by which near-copies are found; NULL: they are not */
};

/* What a commenter typed, already checked for length and well-formed UTF-8 by the form's row. */
struct comment_draft {
    struct thread_id thread;
    int64_t reply_to; /* number; 0: the article */
    struct str lang;  /* the edition's; the text's own language is guessed from it */
    struct str name;
    struct str text;
    uint8_t idem[16]; /* the form's idempotency key */
    bool has_commenter;
    struct commenter_id commenter; /* recognised by the edit key */
    struct hash new_key_hash;      /* otherwise: hash of the secret the reader is about to get */
    struct str network; /* NETWORK_BYTES, a hash with a key nowhere stored; empty: not known */
    const struct comment_facts *facts; /* by comment_prepare */
};

struct comment_added {
    struct comment comment;
    bool is_repeat; /* the same idempotency key: the comment that was stored the first time */
    bool is_new_commenter;
};

/*
 * Fills in the draft's facts, in the arena: half of the work of a comment that needs no database,
 * and so should not be done on the writer. lang, name and text are given.
 * Errors  ERR_INVALID with T_NAME_… (the name is not allowed)
 */
MUST_USE bool comment_prepare(const struct domain *d, struct arena *a, struct comment_draft *draft,
                              struct err *e);

/*
 * Adds a prepared comment: published at once or held, as the mode says; a held one has its decision
 * row. Mode first holds until comments.first_n of the commenter's comments are approved. Approved
 * is a comment whose last decision by a moderator was to publish it; what a mode published by
 * itself is not. A reply needs something with a place to answer, in whatever state that is now. The
 * words are stored byte for byte. A form that comes again gives what was stored the first time,
 * also when the conversation is closed by then; is_new_commenter is true again if it brought the
 * same edit key, so that an answer that was lost can be given once more. Three to five statements,
 * of which one asks; for a job that asks ahead (db.h).
 * What the team thinks of the commenter goes first: who is banned may not write, all others' words
 * are held or pass as told (enum trust). A new guest by the network of somebody banned is held. In
 * slow mode a commenter waits between two comments (controls.h).
 * Then the site's rules: the strongest that the comment meets rejects, holds or reports it and has
 * the decision row; trust spares from all but those that reject. One more statement or two for
 * what was met, and one for each rule that asks the database.
 * Errors  ERR_MISSING (no conversation or commenter; with T_COMMENT_PARENT_GONE: nothing public to
 *         reply to), ERR_DENIED with T_COMMENT_CLOSED or T_COMMENT_BANNED, ERR_CONFLICT with
 *         T_COMMENT_REPEATED (the same words in this conversation lately; without it: another node
 *         was faster, try again),
 *         ERR_INVALID with T_NAME_IMITATION (of a name protected lately), ERR_BROKEN
 */
MUST_USE bool comment_add(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                          struct comment_added *ret_added, struct err *e);

/* May this actor edit or withdraw it now? The one place that knows. What a moderator withdrew its
 * author may withdraw as well for as long as its words are kept. */
bool comment_may_edit(const struct domain *d, const struct comment *c,
                      const struct commenter_id *who, int64_t now_s);
bool comment_may_withdraw(const struct comment *c, const struct commenter_id *who);

/* Words for an edit, and what the site's rules say of them. */
struct new_words {
    struct str text;
    struct hash hash; /* by which the same words are found again */
    struct rule_findings rules;
    const struct shingle_sketch *sketch; /* as in comment_facts */
};
/* Makes them, in the arena: half of the work of an edit that needs no database, and so should not
 * be done on the writer. */
struct new_words words_prepare(const struct domain *d, struct arena *a, struct str text);

/*
 * The author changes the words. What the mode would hold is held again; it keeps its place, and
 * nobody else sees the words until a moderator published them. The site's rules are asked as for a
 * new comment, and one that rejects takes the comment away. Each edit has a time of its own.
 * Errors  ERR_MISSING, ERR_DENIED (not the author's; with T_COMMENT_EDIT_LATE, T_COMMENT_CLOSED,
 *         T_COMMENT_BANNED),
 *         ERR_CONFLICT with T_COMMENT_REPEATED
 */
MUST_USE bool comment_edit(const struct domain *d, struct tx *tx, struct comment_id id,
                           const struct commenter_id *who, const struct new_words *words,
                           struct err *e);

/*
 * The author takes it back: words, name and time of the edit are erased, and nothing is left by
 * which the words could be recognised; place, number and replies stay when it was published,
 * otherwise nobody sees it any more. Possible in any state, and when the conversation is closed;
 * of what a moderator withdrew it erases the words that were kept for undoing.
 * After it the caller has the database scrub its log: db_scrub.
 * Errors  ERR_MISSING, ERR_DENIED
 */
MUST_USE bool comment_withdraw(const struct domain *d, struct tx *tx, struct comment_id id,
                               const struct commenter_id *who, struct err *e);

/*
 * The id of a guest who is new now. It begins with the time, 5 bytes of seconds, so that what is
 * written in one hour lies together on the disk, however much there was before. That says no more
 * than the row's created_s; the 11 bytes after it are random, and an id opens nothing without the
 * secret.
 */
struct commenter_id commenter_id_new(int64_t now_s);

/* Whether there is that guest, and the edit key's secret hashes to this. */
MUST_USE bool commenter_find(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                             struct hash key_hash, bool *ret_found, struct err *e);

/* One answer a reader to "Do you like this article?"; another answer replaces the first. */
MUST_USE bool rating_set(const struct domain *d, struct tx *tx, struct thread_id thread,
                         struct hash rater, bool likes, struct err *e);
/* The answer given by this rater: -1 none, 0 no, 1 yes. rater: rater_of. */
MUST_USE bool rating_get(const struct domain *d, struct tx *tx, struct thread_id thread,
                         struct hash rater, int *ret_answer, struct err *e);
/* The stored name of a reader in one conversation: keyed hash of the cookie's token and the thread,
 * so that answers under two articles cannot be joined. */
struct hash rater_of(const struct domain *d, struct thread_id thread, struct str token);

/* Bringing comments in as they are (demo, imports): numbers, times and states are given. */
struct comment_import {
    int64_t number;
    int64_t reply_to;
    struct str lang;
    struct str name;
    struct str text;
    enum comment_state state;
    enum comment_by withdrawn_by; /* of a withdrawn one; BY_NOBODY: its author */
    int64_t at_s;
};
struct comment_imports {
    struct str article_key;
    const struct comment_import *comments;
    size_t n;
};
/*
 * Adds them in order; numbers that exist already are left alone (so it can be run again). What is
 * answered comes first and has a place: it is published or withdrawn. Names are not checked.
 * Errors ERR_MISSING (no article of that key), ERR_INVALID (why names the number).
 */
MUST_USE bool comment_import_all(const struct domain *d, struct tx *tx,
                                 const struct comment_imports *imports, size_t *ret_added,
                                 struct err *e);
