/*
 * Reading a conversation: pages by keyset, in either order, never all of it.
 */
#pragma once

#include "domain/domain.h"
#include "model/article.h"
#include "model/comment.h"

struct tx;

enum order { ORDER_OLDEST, ORDER_NEWEST };

/* A place between comments: where a page begins. Printed into addresses, parsed from them. */
struct place {
    bool is_set;
    int64_t root;    /* number of the thread's first comment */
    struct str path; /* domain/path.h */
};
/* The numbers from the thread's first comment down: "3.17.40"; empty when it is not set. */
struct str place_print(struct arena *a, struct place p);
/* What place_print printed. Any such place is good, whether there is a comment or not. Errors
 * ERR_INVALID. */
MUST_USE bool place_parse(struct arena *a, struct str s, struct place *ret_place, struct err *e);

struct comment_page {
    struct comment *comments; /* reading order; withdrawn ones without words */
    size_t n;
    struct place before; /* the page before this one ends before here; is_set false: none */
    struct place after;  /* the next page begins after here */
};

/*
 * The conversation's row. Its rev grows with every change that a page can show to all; closing by
 * date and an edition's appearing at its time do not change a row. Errors ERR_MISSING.
 */
MUST_USE bool thread_get(const struct domain *d, struct tx *tx, struct thread_id id,
                         struct thread *ret_thread, struct err *e);

/* Whether new comments are taken now, and if not, why (T_…). */
bool thread_is_open(const struct thread *t, int64_t now_s, enum message *ret_why);

/*
 * One page of comments that have a place: after `after`, or before `before` (which goes first), or
 * from the beginning. One statement when the oldest come first, at most two when the newest do,
 * and one more for a viewer; their cost depends on the page's size only. What the viewer wrote and
 * is held or rejected is merged in at its place (the newest 50 of them, above max); others never
 * get it. Comments that are not published come without name and words, unless the viewer wrote
 * them: state and withdrawn_by say why.
 */
struct page_query {
    struct thread_id thread;
    enum order order;
    struct place after;
    struct place before;
    size_t max;
    const struct commenter_id *viewer; /* NULL: nobody */
};
MUST_USE bool comment_page_get(const struct domain *d, struct tx *tx, const struct page_query *q,
                               struct comment_page *ret_page, struct err *e);

/*
 * A comment with what it answers (the chain from the thread's first comment down, at most 32) and
 * the page of its replies: the permalink page. Three statements. What is not public comes without
 * words, unless the viewer wrote it.
 * Errors  ERR_MISSING (no such number, or not for this viewer)
 */
struct comment_context {
    struct comment *chain; /* from the thread's first comment down to the parent */
    size_t n_chain;
    struct comment comment;
    struct comment *replies; /* reading order, all levels, at most max */
    size_t n_replies;
    bool more_replies;
};
struct context_query {
    struct thread_id thread;
    int64_t number;
    const struct commenter_id *viewer; /* NULL: nobody */
    size_t max;                        /* replies */
};
MUST_USE bool comment_context_get(const struct domain *d, struct tx *tx,
                                  const struct context_query *q,
                                  struct comment_context *ret_context, struct err *e);

/* The newest published comments, for a feed: newest first; before and after are not set. */
MUST_USE bool comment_newest(const struct domain *d, struct tx *tx, struct thread_id thread,
                             size_t max, struct comment_page *ret_page, struct err *e);
