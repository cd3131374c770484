/*
 * Looking at one text with several rules: what they have in common is worked out once, and only
 * when it is needed. Nobody outside domain/ includes it.
 */
#pragma once

#include <stdatomic.h>

#include "domain/rule_set.h"
#include "text/markdown.h"
#include "text/shape.h"
#include "text/shown.h"

struct compiled_rule {
    atomic_size_t holders;
    struct arena *home; /* holds the struct itself */
    int64_t id, rev;
    enum rule_kind kind;
    enum rule_does does;
    struct word_list *words; /* RULE_WORDS only */
    struct rule_terms terms;
};

#define LINKS_LOOKED_AT 200 /* a rule has at most 100; beyond these nobody counts */

/* A text that is looked at. */
struct looking {
    struct str text;
    struct arena *home;    /* of what is kept until the end */
    struct arena *scratch; /* of one list, emptied after it */
    bool has_shown, has_links, has_reading, has_shape;
    struct markdown_link *links;
    struct str *hosts; /* of the links, as host_ascii gives them */
    size_t n_links;
    struct shown shown;      /* what readers see of it; most is read there */
    bool is_as_written;      /* they see the text itself, white space apart */
    struct reading reading;  /* of what is shown */
    struct reading *written; /* of the text where it is another; NULL: not read yet */
    struct text_shape shape;
};

/* Begins; text must live as long. */
struct looking looking_begin(struct str text);
/* Gives the memory back. */
void looking_end(struct looking *l);

/* As compiled_meets. */
struct rule_hit looking_at(struct looking *l, const struct compiled_rule *c);

/* How many characters the text has as it was written, which is how the form counts them. */
size_t looking_chars(const struct looking *l);
