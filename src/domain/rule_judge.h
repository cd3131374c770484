/*
 * What rules make of a comment that is written or edited, on the writer: the part that asks the
 * database. Nobody outside domain/ includes it.
 */
#pragma once

#include "domain/inner.h"
#include "domain/rule.h"
#include "domain/rule_set.h"

/* Who says what, and where. */
struct rule_subject {
    const struct rule_findings *findings; /* rules_look */
    const struct hash *words;             /* words_hash */
    struct thread_id thread;
    enum trust trust; /* TRUST_FULL: only rules that reject count */
    bool is_new_commenter;
    struct commenter_id commenter;
};
/*
 * The rule that does most to it, the first of equals; id 0: none. A statement for each rule that
 * asks the database and would do more than those before it.
 */
MUST_USE bool rules_judge(const struct domain *d, struct tx *tx, const struct rule_subject *s,
                          struct rule_met *ret_met, struct err *e);

/*
 * The state that a comment gets with the rule it met, which would have that state without. A rule
 * that only reports does nothing to what is not published: it is forgotten then.
 */
enum comment_state rule_weigh(struct rule_met *met, enum comment_state without);

/*
 * Notes what a rule did: its decision, its report if it reports, and that it was met. The comment
 * has its new state already. Nothing when none was met.
 */
struct rule_effect {
    struct comment_id comment;
    enum comment_state from, to;
    int64_t edited_s; /* the comment's, of the words that met the rule */
};
MUST_USE bool rule_note(const struct domain *d, struct tx *tx, const struct rule_effect *effect,
                        const struct rule_met *met, struct err *e);

/* Closes the report that a rule made, if it is open: the words that met the rule are gone. */
MUST_USE bool rule_report_end(const struct domain *d, struct tx *tx, struct comment_id id,
                              struct err *e);

/* How new a commenter was when a comment was written. */
struct rule_writer {
    int64_t published; /* of the newest 200 before it */
    int64_t age_s;     /* since the first one */
};
bool rule_newcomer_meets(const int64_t numbers[static RULE_TERMS], const struct rule_writer *w);

/* Whether a text is long enough to be looked for elsewhere. */
bool rule_repeat_is_long(const int64_t numbers[static RULE_TERMS], struct str text);
