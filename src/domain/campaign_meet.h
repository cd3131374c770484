/*
 * What the campaign that a comment is of makes of it when it is written or its words are changed,
 * and what is remembered follows what becomes of it. Nobody outside domain/ includes it. All of it
 * does nothing in a program that remembers none (d->campaigns is NULL).
 */
#pragma once

#include <stdatomic.h>

#include "domain/campaign.h"
#include "domain/campaign_watch.h"
#include "domain/inner.h"

#define CAMPAIGN_RULE STR("campaign:") /* and the campaign's id */

/* Comments of which one step has learnt something that the rows do not say. */
struct campaign_found {
    struct campaign_link link;
    struct comment_id comment;
    int64_t at_s;     /* when it came */
    int64_t edited_s; /* of the words that were looked at */
    bool is_new;      /* it came since looking has begun */
    bool is_unmet;    /* its row names no campaign although it is of one */
};

struct campaign_watch {
    struct campaigns *ring;
    struct shingler *shingler;
    atomic_bool is_ready, is_wanted;
    /* Only for the thread that looks: */
    bool has_begun, is_read; /* is_read: to the end, at least once */
    int64_t started_s;       /* comments since then are new */
    int64_t after_s, after;  /* comments up to here are remembered */
    int64_t judged_s;        /* decisions up to here are known */
    struct campaign_found found[CAMPAIGN_STEP_MAX];
    size_t n_found; /* that are not stored yet */
};

/* The sketch of a comment's words, in the arena; NULL where nothing is remembered. */
const struct shingle_sketch *campaign_sketch(const struct domain *d, struct arena *a,
                                             struct str text, struct str name);

/* A comment with its new words, about to be stored. */
struct campaign_meeting {
    const struct comment *comment;       /* state: what all other rules make of it */
    const struct shingle_sketch *sketch; /* of it; NULL: nothing is looked at */
    enum trust trust;                    /* in the commenter; TRUST_FULL: nothing is done */
};
/* What follows for it. */
struct campaign_met {
    enum comment_state state; /* as given, or stricter */
    enum comment_state given;
    struct str rule, reason; /* why it is stricter; else empty. Memory: tx's arena */
    struct campaign_link link;
    int64_t campaign; /* its name; 0: it is of none */
    int64_t batch;    /* the decision that is carried on to it; 0: none is */
};
/*
 * Remembers the comment, until the transaction fails. A copy of a campaign on which the team has
 * decided for those to come gets that action; one that is like something rejected or spam is held.
 * Of the copies that were changed much only those of a campaign with such a decision are known, by
 * their words. At most one statement, and two for a comment that may be such a copy.
 */
MUST_USE bool campaign_meet(const struct domain *d, struct tx *tx, const struct campaign_meeting *m,
                            struct campaign_met *ret_met, struct err *e);
/* After the comment is stored: its row and those of the comments that joined the campaign with it
 * say so, and the team is told. At most two statements. */
MUST_USE bool campaign_note(const struct domain *d, struct tx *tx, const struct campaign_met *met,
                            struct comment_id comment, struct err *e);

/*
 * Adds a decision, numbered seq, that was carried on to a comment: it counts with the batch that it
 * says, is taken back with it, and has an entry in the ledger. One that says none is only added.
 */
MUST_USE bool campaign_carry(const struct domain *d, struct tx *tx, const struct decision *why,
                             int64_t seq, struct err *e);

/*
 * The same for a comment that was stored before it was met, unless somebody has decided on it or
 * changed its words by then. row: of the campaign that link tells of. *ret_is_changed: pages with
 * the comment are, too. At most ten statements, and none where nothing follows.
 */
MUST_USE bool campaign_meet_late(const struct domain *d, struct tx *tx,
                                 const struct campaign_found *found,
                                 const struct campaign_of_out *row, bool *ret_is_changed,
                                 struct err *e);

/*
 * What the campaign of `other` is called, which `comment` is like, and what was decided about it. A
 * new one is called after `other`; if one is that it has left by an edit, after `comment`: what was
 * decided about the words of then says nothing of these.
 */
MUST_USE bool campaign_name(const struct domain *d, struct tx *tx, struct comment_id other,
                            struct comment_id comment, struct campaign_of_out *ret_row,
                            struct err *e);

/* Once it is stored: the comment's state has changed, or (COMMENT_WITHDRAWN) its words are gone. */
void campaign_follow(const struct domain *d, struct tx *tx, struct comment_id comment,
                     enum comment_state state);
