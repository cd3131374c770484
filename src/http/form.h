/*
 * The bodies of forms and the parameters of queries: application/x-www-form-urlencoded and
 * multipart/form-data (RFC 7578, text fields only: a file part is an error).
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct form_pair {
    struct str name;
    struct str value; /* decoded; any bytes but NUL */
};

struct form {
    struct form_pair *pairs;
    size_t n;
};

/*
 * Reads "a=b&c=d" (WHATWG URL, section 5.1). Memory: pairs and decoded values live in the arena.
 * Errors  ERR_INVALID: a broken percent escape, a NUL, more than pairs_max pairs.
 */
MUST_USE bool form_parse(struct arena *a, struct str text, size_t pairs_max, struct form *ret_form,
                         struct err *e);

/* Reads a multipart body; content_type is the header with its boundary. */
MUST_USE bool form_parse_multipart(struct arena *a, struct str content_type, struct str body,
                                   size_t pairs_max, struct form *ret_form, struct err *e);

/* The value of the first pair of that name, or STR_NONE (p is NULL). */
struct str form_get(const struct form *f, struct str name);

/*
 * Percent-decodes a path (no plus signs). Errors ERR_INVALID: broken escapes, NUL, an escaped '/'.
 */
MUST_USE bool form_decode_path(struct arena *a, struct str path, struct str *ret_path,
                               struct err *e);

/* Percent-encodes everything but unreserved characters (RFC 3986, section 2.3). */
struct str form_encode(struct arena *a, struct str s);
