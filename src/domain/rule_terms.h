/*
 * The sources of rules that are no word lists: lines of "name = value", as the console's form
 * writes them and as a file may have them.
 *
 *     links = 3
 *     refuse = casino.example
 *     allow = herald.example
 *
 * Names of figures are those of model/rule_terms.def for the rule's kind, each at most once; a rule
 * about links may have any number of hosts to refuse and to allow. Blank lines and lines that begin
 * with # are left out.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "model/rule.h"
#include "text/word_list.h"

/* What is wrong with a line. The first are those of words (text/word_list.h), in that order. */
enum rule_fault_kind {
    RULE_FAULT_LONG,
    RULE_FAULT_WORDS,
    RULE_FAULT_CHARACTER,
    RULE_FAULT_STAR,
    RULE_FAULT_SHORT,
    RULE_FAULT_REPEATED,
    RULE_FAULT_LINE,    /* is no "name = value" */
    RULE_FAULT_NAME,    /* a name that this kind of rule has not */
    RULE_FAULT_NUMBER,  /* no number, or beyond its bounds */
    RULE_FAULT_HOST,    /* no host's name */
    RULE_FAULT_HOSTS,   /* more than RULE_HOSTS_MAX */
    RULE_FAULT_MISSING, /* the rule would meet nothing, or everything; line 0 */
};
#define RULE_FAULT_KINDS (RULE_FAULT_MISSING + 1)

struct rule_fault {
    enum rule_fault_kind kind;
    uint32_t line;       /* of the source, from 1; 0: the source as a whole */
    uint32_t first_line; /* of what is repeated only, else 0 */
    enum rule_term term; /* the figure it is about; RULE_TERMS: none */
    struct str host;     /* as it was typed, borrowed from the source; empty: it is about none */
};

#define RULE_FAULTS_MAX WORD_FAULTS_MAX
struct rule_faults {
    struct rule_fault items[RULE_FAULTS_MAX]; /* by line */
    size_t n;                                 /* of items */
    size_t all;                               /* as many there were */
};

struct host_list {
    struct str *items; /* as host_ascii gives them */
    size_t n;
};

struct rule_terms {
    int64_t numbers[RULE_TERMS]; /* 0: not given */
    struct host_list refused, allowed;
};

/* A figure's row: its kind of rule, its name and its bounds; static. */
struct rule_term_row {
    enum rule_kind kind;
    struct str name;
    int64_t least, most;
};
const struct rule_term_row *rule_term_row(enum rule_term term);

/* Reads a source. Lines with faults are left out and reported. Memory: arena, hosts too. */
void rule_terms_parse(struct arena *a, enum rule_kind kind, struct str source,
                      struct rule_terms *ret_terms, struct rule_faults *ret_faults);

/*
 * Writes the source that says these: figures in the table's order, then hosts, one a line, as they
 * were typed; what is empty is left out, and nothing is checked. Memory: arena.
 */
struct str rule_terms_print(struct arena *a, enum rule_kind kind,
                            const struct str values[static RULE_TERMS], struct str refused,
                            struct str allowed);

/* A figure of a source as it was typed; empty: it has none. */
struct str rule_terms_value(struct str source, enum rule_term term);

/* The hosts of a source as they were typed, one a line, for the form. key: "refuse" or "allow". */
struct str rule_terms_hosts(struct arena *a, struct str source, struct str key);
