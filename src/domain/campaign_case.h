/*
 * Campaigns as the team sees them: what was told of, what is known of each, and deciding about all
 * copies, those still to come as well.
 */
#pragma once

#include "domain/batch.h"
#include "domain/domain.h"

struct tx;

#define CAMPAIGN_SIZE_MAX 5000 /* copies are counted up to here */
#define CAMPAIGN_TEXTS_MAX 20  /* copies whose words are compared for those they share */
#define CAMPAIGN_UNDECIDED_MAX 99

struct campaign_case {
    struct comment_id id;          /* its name: of its first comment */
    int64_t alert_s;               /* when the team was told; 0: never */
    int64_t decided_s;             /* 0: nobody has decided yet */
    enum action action;            /* for those still to come; 0: as for any other comment */
    struct moderator_id moderator; /* who decided */
    struct str moderator_name;
    int64_t batch;   /* the decisions, also when they were taken back; 0: none */
    int64_t carried; /* of them on copies that came later, when they stand; not in the list */
    struct str reason;
    int64_t copies, open, commenters, articles; /* counted up to CAMPAIGN_SIZE_MAX + 1 copies */
    int64_t first_s, last_s;                    /* open: held or published */
    struct str text, lang; /* of its oldest copy that has words; empty: none has any */
};

struct campaign_list {
    struct campaign_case *items;
    size_t n;
    bool more; /* go on behind the last */
};
/* Where a page of the list begins. */
struct campaign_place {
    int64_t alert_s; /* 0: at the newest */
    struct comment_id id;
};
/* Those the team was told of, newest first, behind a place. One statement, and two for each of
 * them. Memory: tx's arena. */
MUST_USE bool campaign_list(const struct domain *d, struct tx *tx,
                            const struct campaign_place *behind, size_t max,
                            struct campaign_list *ret_list, struct err *e);

/* One, and the words that most of its copies share, in the order of its text. Three statements.
 * Errors ERR_MISSING (no comment is of it). */
MUST_USE bool campaign_get(const struct domain *d, struct tx *tx, struct comment_id id,
                           struct campaign_case *ret_case, struct str *ret_shared, struct err *e);

/* Comments like this one, nearest first, at most max; returns how many. None where nothing is
 * remembered. */
size_t campaign_alike(const struct domain *d, struct arena *a, const struct comment *c,
                      int64_t *ret_ids, size_t max);

/* How many wait for a decision: 0 … CAMPAIGN_UNDECIDED_MAX + 1. One statement. */
MUST_USE bool campaign_undecided(const struct domain *d, struct tx *tx, int64_t *ret_n,
                                 struct err *e);

/* What all campaigns together are among rules: each has a name of its own in its decisions. */
#define CAMPAIGNS_RULE STR("campaign")
/* That for the rule of a campaign, any other as it is. Borrows. */
struct str campaign_rule_fold(struct str rule);

/* What is to be done to all copies there are, and to those still to come. */
struct campaign_plan {
    struct comment_id id;
    enum action action; /* publish: those to come are as any other comment; not withdraw */
    struct str reason, note;
    int64_t expected; /* copies, as the moderator was told */
    int64_t until_s;  /* when: what was edited or decided on later is left alone; copies that came
                       * later are not, as little as those still to come */
};
/*
 * Begins the batch and decides for those to come. ROLE_SENIOR.
 * Errors  ERR_MISSING, ERR_DENIED, ERR_INVALID as batch_begin
 */
MUST_USE bool campaign_decide(const struct domain *d, struct tx *tx, const struct actor *actor,
                              const struct campaign_plan *plan, int64_t *ret_batch, struct err *e);

/* Those to come are as any other comment again; what was done stays. Errors ERR_MISSING,
 * ERR_DENIED, ERR_CONFLICT (there is nothing to end). */
MUST_USE bool campaign_end(const struct domain *d, struct tx *tx, const struct actor *actor,
                           struct comment_id id, struct err *e);

/* Ends it and begins taking the batch back, on those that came later as well: it is undecided
 * again. Errors as campaign_end and batch_undo. */
MUST_USE bool campaign_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                            struct comment_id id, int64_t *ret_batch, struct err *e);
