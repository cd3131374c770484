/*
 * One setting's value: from text to its place in struct settings, and back. Knows types and
 * ranges, not what a value is for.
 */
#pragma once

#include "base/buf.h"
#include "config/settings.h"

/*
 * Parses text for a row of any type; a list's items are separated by commas.
 * place      where the value belongs, of the row's type
 * ret_fault  why not: "what is wrong; what to do", in the arena
 */
MUST_USE bool value_parse(struct arena *a, const struct setting_about *row, struct str text,
                          void *place, struct str *ret_fault);

/* Whether one text may be an item of a list or a text at all: well-formed and on one line. */
MUST_USE bool value_check_text(struct str text, struct str *ret_fault);

/* Whether a list may have so many items. */
MUST_USE bool value_check_count(struct arena *a, const struct setting_about *row, size_t n,
                                struct str *ret_fault);

/* Writes the value at place as value_parse takes it; lists with ", ". */
void value_print(struct buf *out, const struct setting_about *row, const void *place);

/* Bytes in the largest unit that leaves a whole number: "64 MiB". */
void value_print_size(struct buf *out, int64_t bytes);
