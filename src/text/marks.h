/*
 * Places in a text that are pointed out: what a rule met, as decisions keep it ("AT+N AT+N …").
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

/*
 * Reads "AT+N AT+N …", at most MARKS_MAX of them. A place that is not whole characters of the text,
 * or comes before the end of the one before it, is left out: the words may have been changed since.
 * Memory: arena. Never fails.
 */
struct marks marks_parse(struct arena *a, struct str places, struct str text);
