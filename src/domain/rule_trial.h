/*
 * What a rule would have done to the comments of the last days, had it been there. Nothing is
 * changed. It looks at a page of comments at a time, each in a read of its own, until it has seen
 * all of them or enough, or has taken its time.
 */
#pragma once

#include "domain/rule_set.h"

struct tx;

#define RULE_TRIAL_DAYS 30
#define RULE_TRIAL_COMMENTS_MAX 20000
#define RULE_TRIAL_MS_MAX 2000
#define RULE_TRIAL_PAGE 500
#define RULE_TRIAL_EXAMPLES 10

/* A comment that it would have met. */
struct rule_example {
    struct comment_id id;
    enum comment_state state;
    int64_t judged; /* as in the table: 0 by nobody, 1 good, 2 bad */
    int64_t created_s;
    struct str text;
    struct marks marks; /* what it met; none: the text as a whole */
};

struct rule_trial {
    /* Given: */
    const struct compiled_rule *rule;
    struct arena *arena; /* of the examples */
    int64_t until_s;     /* now */
    /* The result so far; all zeros at the beginning: */
    bool is_done; /* all of the time was looked at, or RULE_TRIAL_COMMENTS_MAX */
    bool is_all;  /* there was nothing older within the time */
    int64_t seen; /* comments looked at, newest first */
    int64_t met;  /* of them; and of these: */
    int64_t good; /* published by moderators */
    int64_t bad;  /* kept away by moderators */
    int64_t judged_by_nobody;
    int64_t oldest_s;                                  /* of those that were looked at */
    struct rule_example examples[RULE_TRIAL_EXAMPLES]; /* newest first */
    size_t n_examples;
    struct comment_id last; /* how far it got */
};

/*
 * Looks at the next page. One statement, two for rules that ask the database. The caller goes on
 * until is_done, or until it has taken RULE_TRIAL_MS_MAX.
 */
MUST_USE bool rule_trial_step(const struct domain *d, struct tx *tx, struct rule_trial *trial,
                              struct err *e);
