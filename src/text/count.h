/*
 * How long a text is as a person counts: extended grapheme clusters (UAX #29) by ICU's properties
 * and, as browsers do, with Indic conjuncts as one (GB9c). Linear, nothing allocated. Line ends
 * count as one whether they came as CRLF or LF.
 */
#pragma once

#include "base/str.h"

/* Extended grapheme clusters of well-formed UTF-8. */
PURE size_t count_chars(struct str s);

/* The first n_chars clusters; for excerpts, never for what readers wrote and we store. */
struct str count_head(struct str s, size_t n_chars);
