/*
 * Places in a text that are pointed out: what a rule met, as decisions keep it ("AT+N AT+N …"). A
 * word that was met in disguise says so: "AT+N:DISGUISES:ENTRY", bits of enum disguise and the
 * list's entry, a plus for each white space in it. Older decisions have places only.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define MARKS_MAX 100

/* Bytes of a text. */
struct mark {
    size_t at, n;
};
struct marks {
    const struct mark *items; /* in order, none overlaps another */
    size_t n;
};

/* How the word at a place was hidden. 0 and empty: it was not, or nobody kept it. */
struct mark_note {
    unsigned disguises;
    struct str entry; /* of the list, as the moderator wrote it; empty: not kept */
};

#define MARK_PRINTED_MAX 320 /* bytes that mark_print adds at most */
struct buf;
/* Adds a place to those in b. An entry that is longer than 200 bytes is not kept. */
void mark_print(struct buf *b, struct mark mark, struct mark_note note);

/*
 * Reads "AT+N AT+N …", at most MARKS_MAX of them. A place that is not whole characters of the text,
 * or comes before the end of the one before it, is left out: the words may have been changed since.
 * Memory: arena. Never fails.
 */
struct marks marks_parse(struct arena *a, struct str places, struct str text);
/* The same; *ret_notes has one for each, in the arena. */
struct marks marks_parse_noted(struct arena *a, struct str places, struct str text,
                               const struct mark_note **ret_notes);

/*
 * What either has, each in order of its places: at most MARKS_MAX. Places that overlap become one;
 * empty ones are left out. Memory: arena. Never fails.
 */
struct marks marks_join(struct arena *a, struct marks one, struct marks other);
