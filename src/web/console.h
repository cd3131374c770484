/*
 * What the pages of the moderators' console have in common: words, filters, notices, lists. Runs
 * inside the transaction; what it makes is the request arena's.
 */
#pragma once

#include "domain/batch.h"
#include "domain/moderation.h"
#include "web/fill.h"

#define CLAIM_SECONDS 600 /* how long a card is taken when somebody begins to work on it */

/* ---- Actions ---- */

/* What a person can decide: its word in addresses and forms, its name on a button. */
struct action_word {
    enum action action;
    struct str key;
    enum message button; /* "Publish" */
    enum message done;   /* "Published" */
};
/* All of them, in the order of their buttons. */
const struct action_word *action_words(size_t *ret_n);
/* By its key; NULL: there is none. */
const struct action_word *action_word_of(struct str key);
/* What was done, in words: "Published". */
struct str fill_action_text(struct request *rq, enum action action);
/* The actions that may be done to many, one of them perhaps selected by its key. */
const struct choice_option *fill_actions(struct request *rq, struct str selected, size_t *ret_n);

/* ---- Filters ---- */

/* What the query of this request asks for; what is no filter reads as all that is held. */
struct queue_filter filter_asked(struct request *rq, struct str query);
/*
 * What a filter asks for besides the state, in words. first: a comment that it finds, for the names
 * of article and commenter; may be NULL.
 */
const struct filter_chip *fill_chips(struct request *rq, const struct queue_filter *filter,
                                     const struct queue_card *first, size_t *ret_n);
/* A filter as fields that a form passes on. */
const struct form_field *fill_filter_fields(struct request *rq, const struct queue_filter *filter,
                                            size_t *ret_n);
/*
 * The form for searching, within what else the filter asks for, and what was found. *ret_search is
 * NULL where there is no index. first: whether this is the first page, on which they are counted.
 */
MUST_USE bool fill_search(struct request *rq, struct tx *tx, const struct queue_filter *filter,
                          bool first, const struct search_view **ret_search, struct err *e);
/*
 * How many comments a filter finds, in words. *ret_text is empty where another line says it: of all
 * that is held, and of a search. At most what queue_filter_count reads.
 */
MUST_USE bool fill_found(struct request *rq, struct tx *tx, const struct frame *f,
                         const struct queue_filter *filter, struct str *ret_text, struct err *e);
/* Tabs by state; the same filter otherwise. Counts are shown where nothing else is asked for. */
const struct queue_tab *fill_tabs(struct request *rq, const struct frame *f,
                                  const struct queue_filter *filter, size_t *ret_n);
/* "1,000+" beyond what is counted; empty for none. */
struct str fill_waiting(struct request *rq, int64_t n);

/* ---- Notices and lists ---- */

/*
 * What ?done= says was done just now: "ID" of a comment, else a word of this page's. here: where
 * its undo leads back to. *ret_done is NULL when there is nothing to say.
 */
MUST_USE bool fill_done(struct request *rq, struct tx *tx, struct str here,
                        const struct done_view **ret_done, struct err *e);
/* "Comment 7 by N." */
struct str fill_comment_title(struct request *rq, const struct comment *c);
/* Why the form that came with this request was refused; NULL: it was not. */
const struct done_view *fill_problem(struct request *rq);
/* Whether somebody else works on a card, and whoever looks may decide or undo all the same. */
bool fill_may_insist(const struct request *rq, const struct claim *claim);

struct decisions_want {
    int64_t undo_seq;  /* of the one that can be undone; 0: none */
    bool may_insist;   /* on undoing it */
    bool with_comment; /* each says about which comment it is, and none can be undone */
};
const struct decision_line *fill_decisions(struct request *rq, const struct decision *decisions,
                                           size_t n, const struct decisions_want *want);
/* The team's notes, and the form for another. */
struct notes_view *fill_notes(struct request *rq, const struct team_note *notes, size_t n,
                              struct str action, struct str here);
/* What is thought of a commenter: "Banned (until …)"; empty for nothing. */
struct str fill_trust_text(struct request *rq, enum trust trust, int64_t until_s);
/* What moderators thought of a commenter's comments, in the words of text; empty when of none. */
struct str fill_history(struct request *rq, enum message text, int64_t approved, int64_t rejected);

/* ---- Bulk decisions ---- */

/* "Reject: 140 comments?", by the request's batch_form; count alone when that names no action. */
struct str fill_ask_title(struct request *rq, struct str count);
/* The form for many, with what was typed in batch_form, if it is this request's. */
struct many_view *fill_many(struct request *rq, struct str next);
/* A selection or a filter as it is kept, in words, with the names of article and commenter; empty
 * for a selection. Memory: the request's arena. */
struct chosen_view {
    const struct filter_chip *chips;
    size_t n;
};
MUST_USE bool fill_choice(struct request *rq, struct tx *tx, struct str choice,
                          struct chosen_view *ret_view, struct err *e);

/* Where to go after something was done: `next` with ?done= behind it. */
struct str done_way_back(struct request *rq, struct str next, struct str what);
/* The id of an address's comment. Errors ERR_MISSING. */
MUST_USE bool read_comment_id(const struct request *rq, struct comment_id *ret_id, struct err *e);
