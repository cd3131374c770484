/*
 * UTF-8 (RFC 3629): well-formed or refused, never repaired.
 */
#pragma once

#include "base/str.h"

/* Whether s is well-formed: no surrogates, nothing overlong, nothing above U+10FFFF. */
PURE bool utf8_is_valid(struct str s);

/* How many bytes from the start of s are well-formed: s.n when all are. */
PURE size_t utf8_valid_bytes(struct str s);

/*
 * Whether a reader may send s as text: well-formed, no NUL and no control characters (C0, DEL, C1;
 * when multi_line: but tab, LF and CR) and none of U+FFF9–FFFB, U+FEFF inside, or noncharacters.
 */
PURE bool utf8_is_text(struct str s, bool multi_line);

/*
 * The code point at *at, which moves behind it. s must be well-formed and *at inside.
 */
uint32_t utf8_next(struct str s, size_t *at);

/* Writes a code point (not a surrogate, at most U+10FFFF). Returns its bytes, 1 to 4. */
size_t utf8_print(uint32_t c, char ret_bytes[static 4]);

/* The longest head of at most max bytes that ends at a code point's end. */
struct str utf8_head(struct str s, size_t max_bytes);
