/*
 * What waits for the team, and whatever else they look for among comments: filters, pages, cards.
 * Each read looks at a bounded number of rows, however many comments there are.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"
#include "model/moderator.h"
#include "text/marks.h"

struct tx;

/* Which comments. The first are the states, by their numbers. */
enum queue_which {
    QUEUE_HELD = COMMENT_HELD,
    QUEUE_PUBLISHED = COMMENT_PUBLISHED,
    QUEUE_REJECTED = COMMENT_REJECTED,
    QUEUE_SPAM = COMMENT_SPAM,
    QUEUE_WITHDRAWN = COMMENT_WITHDRAWN,
    QUEUE_REPORTED, /* with open reports, in any state */
    QUEUE_OPINION,  /* somebody of the team asked for a second opinion; by the time of asking */
    QUEUE_FEATURED,
    QUEUE_ALL, /* in any state */
};
#define QUEUE_WHICH_N (QUEUE_ALL + 1)

/* All that is given must hold; what is empty or 0 does not matter. */
struct queue_filter {
    enum queue_which which;
    struct thread_id thread; /* of one article */
    struct str lang;         /* the comment's */
    struct str edition;      /* the article has an edition in this language */
    struct str rule;         /* of the newest rule decision: "rule:12", "mode:held" */
    bool has_commenter;
    struct commenter_id commenter;
    struct comment_id campaign;
    struct str words; /* that its text or name has: a query of text/search_words.h */
};

/*
 * A filter as an address has it:
 * "state=reported&article=5&lang=kk&rule=rule%3A12&commenter=HEX&q=…". state is left out for
 * QUEUE_HELD; a filter that is all zeros is the empty text. Memory: arena.
 */
#define QUEUE_FILTER_BYTES 1100
struct str queue_filter_print(struct arena *a, const struct queue_filter *f);
/* The other way round, of any order of keys. False: an unknown key or value, or the text is longer
 * than QUEUE_FILTER_BYTES; ret_filter is untouched. Strings: arena. */
MUST_USE bool queue_filter_parse(struct arena *a, struct str text, struct queue_filter *ret_filter);
/* One word for each: "held" … "reported", "opinion", "featured", "all"; static. */
struct str queue_which_name(enum queue_which which);
MUST_USE bool queue_which_of(struct str name, enum queue_which *ret_which);

/* Open reports of a comment that give one reason. */
struct card_reports {
    struct str reason;
    int64_t n;
};
/* Who works on a card; moderator.v 0: nobody. */
struct claim {
    struct moderator_id moderator;
    struct str name;
    int64_t until_s;
};
/* A request for a second opinion; moderator.v 0: none. */
struct opinion {
    struct moderator_id moderator; /* who asks */
    struct str name;
    struct str note;
    int64_t at_s;
};

#define CARD_NETWORK_MAX 9    /* neighbours are counted up to here */
#define CARD_CAMPAIGN_MAX 999 /* and copies */

/* A comment as the queue shows it. */
struct queue_card {
    struct comment comment;
    struct str article_lang, article_slug, article_headline;
    bool has_parent;
    struct comment parent;      /* what it answers */
    int64_t approved, rejected; /* the commenter's others, as moderators judged them */
    enum trust trust;           /* as it is now: one that has run out is TRUST_NONE */
    int64_t trust_until_s;
    int64_t network_others; /* other commenters by the same network lately: 0 … CARD_NETWORK_MAX */
    struct str rule;        /* why it is or was here: of the newest decision by a rule */
    bool is_rule_past;      /* it was about words that the author has changed since */
    struct str evidence;    /* its, as text/marks.h has it; empty when it is past */
    const struct card_reports *reports; /* those that are open, by reason */
    size_t n_reports;
    int64_t open_reports; /* of all reasons, */
    int64_t reported_s;   /* and when the newest came, open or not; 0: none has */
    struct claim claim;   /* as it is now: one that has run out is none */
    struct opinion opinion;
    int64_t notes;               /* of the team, on the comment and on the commenter */
    struct comment_id campaign;  /* v 0: it is nobody's copy */
    int64_t campaign_size;       /* copies, itself too: 0 … CARD_CAMPAIGN_MAX + 1 */
    int64_t campaign_commenters; /* by so many */
    struct marks found;          /* what of its words was searched for */
};

struct queue_query {
    struct queue_filter filter;
    int64_t after_s; /* where the page before ended: its next_s and next; 0 and 0: from the start */
    struct comment_id after;
    size_t max; /* cards; 1 to 200 */
};
struct queue_page {
    struct queue_card *cards;
    size_t n;
    bool more; /* go on at next_s, next; there may be more even if n is less than max, or 0: the
                * read has looked at QUEUE_WINDOW rows */
    int64_t next_s;
    struct comment_id next;
};
#define QUEUE_WINDOW 5000 /* comments that one read looks at */

/*
 * A page of the queue, filled so far as QUEUE_WINDOW comments gave. Order: held, reported and asked
 * oldest first, others newest first; of one commenter, and of those with some words, always newest
 * first; of a campaign in the order of ids. Four statements where an index knows the whole filter,
 * else two more for each 500 rows looked at (2,500 of a search); eight of QUEUE_ALL alone. Memory:
 * tx's arena.
 */
MUST_USE bool queue_get(const struct domain *d, struct tx *tx, const struct queue_query *q,
                        struct queue_page *ret_page, struct err *e);
/* Comments by their ids, and their cards. */
struct comment_ids {
    const int64_t *items;
    size_t n;
};
struct card_list {
    struct queue_card *items;
    size_t n;
};
/* The cards of up to 200 comments, in the order given; those that do not exist are left out. Three
 * statements. For lists made elsewhere: search, campaigns. */
MUST_USE bool queue_cards(const struct domain *d, struct tx *tx, const struct comment_ids *ids,
                          struct card_list *ret_cards, struct err *e);

#define QUEUE_COUNT_MAX                                                                            \
    1000 /* counts are right up to here; QUEUE_COUNT_MAX + 1: there are more                       \
          */

/* How much waits: one statement, in bounded time. */
struct queue_counts {
    int64_t held, reported, opinions; /* each 0 … QUEUE_COUNT_MAX + 1 */
};
MUST_USE bool queue_count(const struct domain *d, struct tx *tx, struct queue_counts *ret_counts,
                          struct err *e);
/* The same for whoever watches the figures: each 0 … max, which is at least 1. */
MUST_USE bool queue_count_to(const struct domain *d, struct tx *tx, int64_t max,
                             struct queue_counts *ret_counts, struct err *e);
/*
 * How many comments a filter finds: for asking before a batch. is_exact false: there are at least
 * so many; QUEUE_WINDOW rows were looked at or QUEUE_COUNT_MAX + 1 found.
 */
struct queue_found {
    int64_t n;
    bool is_exact;
};
MUST_USE bool queue_filter_count(const struct domain *d, struct tx *tx,
                                 const struct queue_filter *f, struct queue_found *ret_found,
                                 struct err *e);

/* One comment as the queue shows it, with all decisions about it, oldest first. */
struct queue_detail {
    struct queue_card card;
    struct decision *decisions;
    size_t n_decisions;
    int64_t undo_seq; /* of the decision that can be undone now; 0: none (undo.h) */
};
/* Five statements. Errors ERR_MISSING. */
MUST_USE bool queue_card_get(const struct domain *d, struct tx *tx, struct comment_id id,
                             struct queue_detail *ret_detail, struct err *e);
