/*
 * What the pages of the site's rules have in common. Runs inside the transaction; what it makes is
 * the request arena's.
 */
#pragma once

#include "domain/rule.h"
#include "domain/rule_trial.h"
#include "web/fill.h"

/* A rule on its way from its form: what was typed, what is wrong with it, what it would have done.
 */
struct rule_draft {
    struct rule rule;          /* as typed; its rev is the one that was seen */
    struct str title;          /* the rule's name as stored */
    struct str source;         /* as stored; for what changed */
    struct rule_faults faults; /* of the source */
    bool is_typed;             /* rule and faults are those of this request's form */
    bool is_tried;
    struct rule_trial trial;
};

/* A kind's word in addresses: "words". */
struct str rule_kind_key(enum rule_kind kind);
MUST_USE bool rule_kind_of(struct str key, enum rule_kind *ret_kind);

/* "Word list", what such a rule does, and "Word list “NAME”". */
struct str fill_rule_kind(struct request *rq, enum rule_kind kind);
struct str fill_rule_about(struct request *rq, enum rule_kind kind);
struct str fill_rule_name(struct request *rq, enum rule_kind kind, struct str name);
/* What the author of a rejected comment is told: by the reason of a rule's decision. Empty: it is
 * no rule's. */
struct str fill_rule_told(struct request *rq, struct str reason);

/* A rule in the list. */
struct rule_row fill_rule_row(struct request *rq, const struct rule *rule);
/* What kinds there are to be made. */
const struct rule_kind_row *fill_rule_kinds(struct request *rq, size_t *ret_n);
/* The form, with what is wrong with it. */
void fill_rule_form(struct request *rq, const struct rule_draft *draft, struct rule_page *p);
/* What a rule would have done. */
const struct rule_trial_view *fill_rule_trial(struct request *rq, const struct rule_trial *t);
