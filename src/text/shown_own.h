/*
 * Between the renderer of comments and text/shown.c, for these two only: what is shown, as it is
 * gathered.
 */
#pragma once

#include "base/buf.h"
#include "text/shown.h"

struct showing {
    struct arena *arena;
    struct str home; /* the source, where the words that are put lie */
    struct buf out;
    struct shown_piece *pieces;
    size_t n, capacity;
    size_t cursor;      /* of the source: what is behind the last piece */
    unsigned gap;       /* line ends that are due before the next words: 0 to 2 */
    size_t quotes;      /* quotations that are open */
    bool marks_quotes;  /* begins their lines with "> " */
    bool is_line_start; /* the next words begin a line */
};

/* Begins anew with a copy of the source, or the source itself; it must live as long. */
void showing_begin(struct showing *s, struct str home);

/* Adds words that the source has as `written`; words of the page itself lie outside of it. */
void showing_put(struct showing *s, struct str words, struct str written);

/* A block begins or ends: at least so many line ends, 1 or 2, before the next words. */
void showing_part(struct showing *s, unsigned lines);

/* Walks a comment, as markdown_comment does. */
void markdown_comment_show(struct arena *a, struct str source, struct showing *s);
