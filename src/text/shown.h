/*
 * What readers see of a comment: its words without Markdown, with character references decoded, and
 * where each of them stands in the source. Taken from the walk of md4c that makes the page, so that
 * it cannot disagree with what is shown. Knows nothing of what the page adds of its own: the host
 * behind a link, the numbers of a list, the bar beside a quotation.
 *
 * Sources: CommonMark 0.30 (spec.commonmark.org/0.30), 2.4 "Backslash escapes", 2.5 "Entity and
 * numeric character references", 6.2 "Emphasis and strong emphasis", 6.3 "Links".
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "text/marks.h"

#define SHOWN_SOURCE_MAX (100 * MiB)

/* A piece of the shown text and what it stands for; it ends where the next one begins. */
struct shown_piece {
    uint32_t at;      /* bytes of the shown text */
    uint32_t from, n; /* bytes of the source; n 0: stands for none of them */
    bool is_copy;     /* byte for byte; else, as a reference, one for the other as a whole */
};

struct shown {
    struct str text;            /* UTF-8; paragraphs are parted by an empty line */
    struct shown_piece *pieces; /* in order, in both texts */
    size_t n;
};

/*
 * What is shown of a comment's source, well-formed UTF-8 of at most SHOWN_SOURCE_MAX bytes. In the
 * arena, with the page that was made meanwhile: at most 64 times the source and some KiB. Linear,
 * as markdown_comment is; never fails.
 */
struct shown shown_of(struct arena *a, struct str source);

/*
 * The same words, but each line of a quotation begins with "> ", for those who tell what was quoted
 * from what is said. Memory: arena.
 */
struct str shown_quoting(struct arena *a, struct str source);

/*
 * Where the source has this place of the shown text: from its first byte to its last, with the
 * Markdown between. Whole characters give whole characters, places in order such in order.
 */
PURE struct mark shown_source(const struct shown *s, struct mark place);

/* Where the source's place is shown; n 0: it is not shown. */
PURE struct mark shown_place(const struct shown *s, struct mark source);
