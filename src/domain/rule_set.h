/*
 * Rules ready to be used on comments: compiled, never changed, shared by all threads. A server has
 * one struct rules; whoever learns that a rule was changed, here or by another node, loads them
 * anew, off the writer and off the loops. Of those that did not change, nothing is made again.
 */
#pragma once

#include "base/hash.h"
#include "domain/domain.h"
#include "domain/rule_findings.h"
#include "domain/rule_terms.h"
#include "model/comment.h"
#include "text/marks.h"

struct tx;
struct compiled_rule;

/*
 * Compiles a rule; only its kind, id, does and source are read. Lines with faults are left out and
 * reported. 100,000 words take about 90 ms and 20 times their bytes of scratch meanwhile.
 * Memory  *ret is the caller's, until compiled_drop
 * Errors  ERR_INVALID (not UTF-8), ERR_TOO_LARGE (more than RULE_SOURCE_BYTES_MAX, or entries)
 */
MUST_USE bool rule_compile(const struct rule *rule, struct compiled_rule **ret,
                           struct rule_faults *ret_faults, struct err *e);
/* Lets go of it; takes the address, accepts NULL, clears it. Any thread. */
void compiled_drop(struct compiled_rule **c);
/* Words of a list; figures and hosts of the other kinds. */
size_t compiled_entries(const struct compiled_rule *c);
/* The figures of a rule that is no word list. */
const struct rule_terms *compiled_terms(const struct compiled_rule *c);

/* Where a text meets a rule. */
struct rule_hit {
    bool is_met;
    struct mark marks[20];      /* in order; none: the text as a whole */
    struct mark_note notes[20]; /* one for each: how a word was hidden; entries are the rule's */
    size_t n_marks;
};
/*
 * Whether a text meets a rule, so far as that can be told of the text alone: RULE_NEWCOMER and
 * RULE_REPEAT meet none here. text: well-formed UTF-8.
 */
struct rule_hit compiled_meets(const struct compiled_rule *c, struct str text);

/* ---- All rules of a site -------------------------------------------------------------------- */

struct rules;

/* None yet: rules_load. */
RETURNS_MEMORY struct rules *rules_new(void);
/* When no thread uses them any more. Takes the address, accepts NULL, clears it. */
void rules_free(struct rules **r);

/* Rules as they are now; those that are on and were not known yet come with their sources. */
struct rules_news {
    struct rule *rules;
    size_t n;
};
/* Reads them: one statement, and one for each that comes with its source. Memory: tx's arena. */
MUST_USE bool rules_read(struct rules *r, const struct domain *d, struct tx *tx,
                         struct rules_news *ret_news, struct err *e);
/*
 * Puts them to use: compiles what is new, which takes its time, then exchanges the rules at once.
 * Outside of transactions, and by one thread at a time, the one that has read them.
 * Errors  ERR_BROKEN (a stored source that cannot be: the rules stay as they were)
 */
MUST_USE bool rules_use(struct rules *r, const struct rules_news *news, struct err *e);

/* A rule's kind and name as last loaded, also of one that is off; false: there is none. Memory:
 * arena. r may be NULL. */
bool rules_name(struct rules *r, struct arena *a, int64_t id, enum rule_kind *ret_kind,
                struct str *ret_name);

/* A rule as last loaded, also one that is off. */
struct rule_named {
    int64_t id;
    enum rule_kind kind;
    struct str name;
};
/* All of them by id, RULES_MAX at most. Memory: arena. r may be NULL: there are none. */
const struct rule_named *rules_named(struct rules *r, struct arena *a, size_t *ret_n);

/* ---- A comment ------------------------------------------------------------------------------ */

/*
 * Runs all rules that are on, cheapest first, until one rejects. r NULL: there are none. The result
 * is of the arena and does not depend on the rules any more.
 */
struct rule_findings rules_look(struct rules *r, struct arena *a, struct str text);
