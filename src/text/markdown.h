/*
 * Markdown to HTML by md4c: one subset for what readers write, one for what the newsroom writes.
 * Neither lets raw HTML through. Linear in the text's size; nesting is bounded.
 */
#pragma once

#include "base/err.h"
#include "text/escape.h"
#include "text/marks.h"

/*
 * A comment: paragraphs, line breaks where the writer broke the line, emphasis, strong emphasis,
 * quotations, lists, code, links (http, https, mailto is refused) with
 * rel="ugc nofollow noopener noreferrer" and the host shown behind the text when the text does not
 * show it. Headings and pictures become plain text. Bare http(s) addresses become links.
 * text: well-formed UTF-8. Gives at most 2 times the text and 16 KiB; what would be more, or is not
 * understood, is text: its lines, escaped. Memory: in the arena. Never fails.
 */
struct html markdown_comment(struct arena *a, struct str text);
/* The same, with these places of the text in <mark>: so far as they are words that are shown, once
 * for each run of plain text and each character reference. */
struct html markdown_comment_marked(struct arena *a, struct str text, struct marks marks);

/* A link of a comment: the whole address, and where the text has it (n 0: in no one place). */
struct markdown_link {
    struct str url;
    size_t at, n; /* bytes of the text */
};

/*
 * The links that markdown_comment makes of a text, the first max of them, in order. Gives how many.
 * Memory: arena. Costs what rendering does.
 */
size_t markdown_comment_links(struct arena *a, struct str text, struct markdown_link *ret,
                              size_t max);

/* A block of an article's body: pictures are set between blocks. */
struct markdown_block {
    struct html html;  /* <p>…</p>, <h2>…</h2>, <blockquote>…</blockquote>, <ul>…, <hr> */
    bool is_paragraph; /* a plain paragraph at top level: pictures and the dateline go here */
};

/*
 * An article's body: CommonMark without raw HTML and pictures, with tables; headings of level 1
 * and 2 become h2 (cross-heads), deeper ones h3, each with an id made of its words.
 * Errors  ERR_INVALID: raw HTML or a picture in the text, a link that is not http(s), mailto or a
 *         path, a text over 1 MiB. why names the line ("line 12: …"), counted from 1.
 */
MUST_USE bool markdown_article(struct arena *a, struct str text, struct markdown_block **ret_blocks,
                               size_t *ret_n, struct err *e);

/* Whether an address may be a link in a comment: http or https, a host, no user, no controls. */
PURE bool markdown_link_is_allowed(struct str url);
