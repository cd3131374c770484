/*
 * struct str: a borrowed piece of bytes, pointer and length, not NUL-terminated.
 * It owns nothing and knows nothing of encodings; `text/` does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

struct str {
    const char *p; /* may be NULL only when n is 0 */
    size_t n;      /* bytes */
};

#define STR(literal) ((struct str){("" literal ""), sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        ("" literal ""), sizeof(literal) - 1                                                       \
    }
#define STR_NONE ((struct str){NULL, 0})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* A str over a NUL-terminated string; NULL gives the empty str. Borrows p. */
static inline struct str str_of(const char *p)
{
    return (struct str){p, p ? strlen(p) : 0};
}

/* Equal byte for byte. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The part from byte `from` on; empty when from is past the end. */
static inline struct str str_from(struct str s, size_t from)
{
    return from >= s.n ? STR_NONE : (struct str){s.p + from, s.n - from};
}

/* The first n bytes at most. Bytes, not characters: the caller knows that the cut is safe. */
static inline struct str str_head(struct str s, size_t n)
{
    return (struct str){s.p, n < s.n ? n : s.n};
}

/* Equal, ASCII letters compared without case. */
PURE bool str_eq_nocase(struct str a, struct str b);
/* Bytewise order: negative, 0 or positive. */
PURE int str_cmp(struct str a, struct str b);
PURE bool str_begins(struct str s, struct str with);
PURE bool str_ends(struct str s, struct str with);

/* Looks for a byte. Returns its index, or -1. */
PURE ptrdiff_t str_find_char(struct str s, char c);
/* Looks for a piece of bytes. Returns the index of the first, or -1. */
PURE ptrdiff_t str_find(struct str s, struct str what);

/* Without the ASCII white space (space, tab, CR, LF, VT, FF) at both ends. */
PURE struct str str_trim(struct str s);

/*
 * Takes the part before the next `separator` off the front of *rest.
 * Returns false when nothing is left; a trailing separator yields one last empty part.
 */
bool str_next(struct str *rest, char separator, struct str *ret_part);

/*
 * Splits once, at the first separator. Returns false, and leaves both alone, when there is none.
 */
MUST_USE bool str_cut(struct str s, char separator, struct str *ret_before, struct str *ret_after);

/*
 * Decimal numbers. The whole of s must be the number: no white space, no plus sign, no leading
 * zeros but "0" itself, within min and max (both included). Otherwise false; *ret_n is left alone.
 */
MUST_USE bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *ret_n);

/* Lower-case or upper-case hexadecimal to exactly n bytes. False when s is anything else. */
MUST_USE bool str_to_bytes(struct str s, uint8_t *ret_bytes, size_t n);
