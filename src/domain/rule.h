/*
 * The site's rules: what is held, rejected or reported without anybody looking. A rule is a list of
 * words, or figures of its kind; both are stored as the text that the team typed. What rules do to
 * a comment: rule_set.h; what one would have done: rule_trial.h.
 */
#pragma once

#include "domain/domain.h"
#include "model/moderator.h"
#include "model/rule.h"

struct tx;

/* All rules by id, without their sources. Memory: tx's arena. */
MUST_USE bool rule_list(const struct domain *d, struct tx *tx, struct rule **ret_rules,
                        size_t *ret_n, struct err *e);

/* One with its source. Errors ERR_MISSING. */
MUST_USE bool rule_get(const struct domain *d, struct tx *tx, int64_t id, struct rule *ret_rule,
                       struct err *e);

/* The rule that a decision names as "rule:12": 12; 0: it names none. */
int64_t rule_id_of(struct str decision_rule);

/* What a decision of that rule says to the author as its reason: "rule-words" … Static. */
struct str rule_reason(enum rule_kind kind);

/* A rule as the team wants it. */
struct rule_plan {
    int64_t id;          /* 0: a new one */
    int64_t expected;    /* its rev as the editor saw it */
    enum rule_kind kind; /* of a new one; a rule never changes its kind */
    enum rule_does does;
    bool is_on;
    struct str name;   /* at least one visible character */
    struct str source; /* without faults: rule_compile has said so */
    int64_t entries;   /* of it, for the ledger */
};
/*
 * Adds or changes a rule and tells the ledger. The caller tells the other nodes and this one
 * (TAG_RULES). Errors  ERR_DENIED, ERR_MISSING, ERR_CONFLICT (changed meanwhile, with
 * T_RULE_CHANGED), ERR_INVALID with T_RULE_TOO_MANY (RULES_MAX)
 */
MUST_USE bool rule_save(const struct domain *d, struct tx *tx, const struct actor *actor,
                        const struct rule_plan *plan, int64_t *ret_id, struct err *e);

/* Switches one on or off; nothing happens when it is so. Errors ERR_DENIED, ERR_MISSING. */
MUST_USE bool rule_switch(const struct domain *d, struct tx *tx, const struct actor *actor,
                          int64_t id, bool is_on, struct err *e);

/* Removes one for good; decisions keep its number. Errors ERR_DENIED, ERR_MISSING. */
MUST_USE bool rule_remove(const struct domain *d, struct tx *tx, const struct actor *actor,
                          int64_t id, struct err *e);
