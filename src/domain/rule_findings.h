/*
 * What the site's rules say of a text by itself: made by rules_look (rule_set.h), before the
 * database is asked.
 */
#pragma once

#include "model/rule.h"

/* A rule that was met; id 0: none was. */
struct rule_met {
    int64_t id;
    enum rule_kind kind;
    enum rule_does does;
    struct str evidence; /* as text/marks.h has it */
};

/* A rule that asks the database: newcomer, repeat. */
struct rule_question {
    int64_t id;
    enum rule_kind kind;
    enum rule_does does;
    int64_t numbers[RULE_TERMS];
};

/* What rules say of a text before anybody asks the database. */
struct rule_findings {
    struct rule_met met; /* the strongest */
    struct rule_question *questions;
    size_t n_questions;
    size_t chars; /* of the text; 0 when there are no questions */
};
