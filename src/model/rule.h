/*
 * Rules of the site.
 */
#pragma once

#include "base/str.h"
#include "model/ids.h"

/* The numbers are in the database: never change one. */
enum rule_kind {
    RULE_WORDS = 1,    /* has words of a list */
    RULE_LINKS = 2,    /* has so many links, or a link to a refused host */
    RULE_NEWCOMER = 3, /* is by somebody who has written little, or not for long */
    RULE_REPEAT = 4,   /* has been said in other conversations */
    RULE_SHAPE = 5,    /* shouts, stretches, or says nothing */
};
#define RULE_KINDS 5 /* they are 1 … RULE_KINDS */

/* What a rule does to a comment that it meets; a lower number is stronger. As above. */
enum rule_does {
    RULE_REJECTS = 1,
    RULE_HOLDS = 2,
    RULE_REPORTS = 3, /* it appears, and the team is told */
};
#define RULE_DOES_N 3

#define RULES_MAX 100
#define RULE_NAME_CHARS_MAX 60
#define RULE_SOURCE_BYTES_MAX (4 * MiB)
#define RULE_SHAPE_LETTERS 20 /* fewer are not looked at for capitals, unless the rule says so */
#define RULE_HOSTS_MAX ((size_t)1000) /* of a rule about links, each way */

struct rule {
    int64_t id; /* 1, 2, … */
    enum rule_kind kind;
    enum rule_does does;
    bool is_on;
    int64_t met;       /* comments it did something to */
    int64_t agreed;    /* of them moderators kept away */
    int64_t overruled; /* of them moderators published */
    int64_t rev;       /* one more with each change */
    int64_t changed_s;
    struct moderator_id moderator; /* who changed it last */
    struct str moderator_name;     /* empty: not of the team any more */
    struct str name;
    struct str source;
};

/* The figures of rules that are no word lists: rule_terms.def. */
enum rule_term {
#define TERM(kind, name, least, most, about) TERM_##name,
#include "model/rule_terms.def"
#undef TERM
    RULE_TERMS
};
