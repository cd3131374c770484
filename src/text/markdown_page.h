/*
 * What the two renderers of Markdown share. For text/markdown*.c only.
 */
#pragma once

#include <md4c.h>

#include "base/buf.h"
#include "text/entity.h"
#include "text/markdown.h"

/* Deeper quotations and lists, and deeper emphasis, are shown at this depth. */
#define MARKDOWN_DEPTH_MAX 8
/*
 * No line may begin with more marks of quotations and lists: md4c walks through all open ones on
 * every blank line, which would make its time quadratic. Far deeper than anybody writes.
 */
#define MARKDOWN_MARKS_MAX 64
#define MARKDOWN_BYTES_MAX MiB

/* Emphasis, code, links and pictures that are open. */
struct markdown_span {
    MD_SPANTYPE type;
    bool shown; /* its start tag was written, so its end tag will be */
};

/* A text on its way through md4c. */
struct markdown_page {
    struct arena *arena;
    struct str source; /* a copy that ends in a line end */
    struct buf out;
    size_t work; /* bytes of addresses looked at: reference links repeat theirs at no cost */
    size_t work_max;
    size_t containers; /* open quotations and lists */
    struct markdown_span *open;
    size_t open_n, open_capacity;
    size_t emphases, links, pictures;          /* of those in open */
    void (*end_link)(struct markdown_page *p); /* writes what ends a shown link */
};

/* A page of at most max bytes. */
struct markdown_page markdown_page_of(struct arena *a, struct str source, size_t max);

/*
 * Runs md4c over the page's source. user: for the callbacks, begins with the page. Returns 0, or
 * what a callback returned.
 */
int markdown_parse(struct markdown_page *p, const MD_PARSER *parser, void *user);

/*
 * Whether md4c's text lies within the source, or is one of its own short constants. What is not is
 * a fault of md4c, and must neither be read nor shown.
 */
bool markdown_is_sound(const struct markdown_page *p, struct str s);

/*
 * Where md4c would need more than linear time: the first line (from 1) of it, and why in words; 0
 * when there is none, as in all that people write.
 */
size_t markdown_find_hard(struct str source, const char **ret_why);

/* The text of a link's address or title, decoded; false when the page's work is used up. */
bool markdown_attribute(struct markdown_page *p, const MD_ATTRIBUTE *attribute, struct str *ret_s);

/*
 * What is shown for a reference ("&eacute;"): its character, U+FFFD for one that no text may have,
 * the reference itself when there is none of that name. Borrows from it or from ret_bytes.
 */
struct str markdown_entity_text(struct str entity, char ret_bytes[static ENTITY_BYTES_MAX]);

/* Writes the character that a reference ("&eacute;") stands for, escaped. */
void markdown_entity(struct markdown_page *p, struct str entity);

/*
 * The blocks that both renderers write alike: quotations, lists, code, and their depth. False: it
 * is another block, the caller's.
 */
bool markdown_enter(struct markdown_page *p, MD_BLOCKTYPE type, const void *detail);
bool markdown_leave(struct markdown_page *p, MD_BLOCKTYPE type);

/*
 * md4c 0.4.8 does not always close what it opened, in order: a "*" inside a link's address can pair
 * with one behind it. So the page keeps its own account of what is open and stays well-formed.
 *
 * Opens one. Emphasis and code write their start tags; a link is the caller's: when the result is
 * true it is the outermost and not in a picture, and shown if the caller says so in *ret_shown.
 */
bool markdown_enter_span(struct markdown_page *p, MD_SPANTYPE type, bool **ret_shown);

/* Closes the innermost open span of this type and all inside it; nothing when there is none. */
void markdown_leave_span(struct markdown_page *p, MD_SPANTYPE type);

/* Closes all open spans: where a block begins or ends. */
void markdown_end_spans(struct markdown_page *p);
