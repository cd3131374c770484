/*
 * Character references of HTML: "&eacute;", "&#233;", "&#xE9;".
 */
#pragma once

#include "base/str.h"

/* The most UTF-8 bytes that one stands for. */
#define ENTITY_BYTES_MAX 8

/* A named one, as tools/gen_entities lists them from the HTML standard's table. */
struct entity {
    const char *name; /* without "&" and ";" */
    const char *text; /* UTF-8 */
};

/* All that end in a semicolon, sorted by name. */
extern const struct entity entities[];
extern const size_t entities_n;

/*
 * Reads the reference at the start of s, semicolon included. Returns the number of bytes written
 * to ret_bytes, 0 when there is none; *ret_used: bytes of s it took. Numbers that are no character
 * (0, surrogates, above U+10FFFF) give U+FFFD, as CommonMark wants.
 */
size_t entity_parse(struct str s, size_t *ret_used, char ret_bytes[static ENTITY_BYTES_MAX]);
