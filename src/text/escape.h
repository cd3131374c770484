/*
 * The only makers of safe text: each context has its own escape, applied once, at output.
 */
#pragma once

#include "base/buf.h"
#include "base/str.h"

/* Markup that was escaped or sanitised already. Only text/ and view/ make one. */
struct html {
    struct str s;
};

/* For HTML and XML element content and double-quoted attributes: & < > " '. */
void escape_html(struct buf *b, struct str s);

/* For XML 1.0: as escape_html, and bytes that XML cannot carry are left out. */
void escape_xml(struct buf *b, struct str s);

/*
 * The inside of a JSON string (RFC 8259), also safe within a script element: < > & U+2028 U+2029
 * are written as \u escapes.
 */
void escape_json(struct buf *b, struct str s);

/* Plain text as HTML; in the arena. */
struct html escape_to_html(struct arena *a, struct str s);

/* HTML without its tags and with its entities decoded: for excerpts, feeds' summaries, JSON-LD. */
struct str escape_html_to_text(struct arena *a, struct html h);
