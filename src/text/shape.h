/*
 * How a text looks, whatever it says: how loud it is, how drawn out, how long its paragraphs are.
 */
#pragma once

#include "text/markdown.h"
#include "text/marks.h"

struct text_shape {
    size_t letters;  /* that have a capital form */
    size_t capitals; /* of them */
    size_t run;      /* the most characters in a row that are the same, capital or not */
    struct mark run_at;
    size_t paragraph; /* characters of the longest paragraph, as a person counts them */
    struct mark paragraph_at;
    bool has_words; /* a letter or digit, in any script, outside of links */
};

/*
 * Linear. text: well-formed UTF-8; links: those of markdown_comment_links, in order. Marks over
 * letters and what nobody sees are passed over; white space ends a run and is none.
 */
struct text_shape shape_of(struct str text, const struct markdown_link *links, size_t n_links);
