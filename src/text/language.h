/*
 * Language tags (a useful part of BCP 47), directions, and what can be said of a text's script.
 */
#pragma once

#include "base/str.h"

enum direction { DIRECTION_LTR, DIRECTION_RTL };

/* Whether tag is a language with optional script and region: "kk", "uz-Latn", "pt-BR". */
PURE bool language_is_tag(struct str tag);

/* The direction of a language's usual script (ar, fa, ur, he, ug, … or an explicit script). */
PURE enum direction language_direction(struct str tag);

/* The direction of the first strong character (UAX #9, P2); otherwise fallback. */
PURE enum direction language_text_direction(struct str text, enum direction fallback);

/*
 * The language a text is most likely in, for its lang attribute and fonts, among a site's
 * languages; by script and telling letters (ә, ң, ұ, қ …; oʻ gʻ; ө ү without қ: Kyrgyz).
 * Gives fallback when nothing tells. Linear; looks at the first 2,000 bytes.
 */
struct str language_guess(struct str text, const struct str *languages, size_t n,
                          struct str fallback);
