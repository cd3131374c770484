/*
 * How much of a text's wording another has: the words that both have in the same order. Slower than
 * shingles (text/shingles.h), and nothing is left of a text to compare later; but a text in which
 * every third word was put for another keeps two thirds of it, where few shingles survive.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define WORDING_WORDS_MAX 400 /* of a text; what is behind them is not looked at */

struct wording_shared {
    size_t words;  /* of the text */
    size_t shared; /* of these, in the same order in the other */
};

/*
 * Compares a text with another: the longest common subsequence of their words (Wagner and Fischer,
 * "The string-to-string correction problem", 1974). Words are what bare_text leaves of them:
 * capitals, look-alikes and punctuation are no matter. Well-formed UTF-8; at most
 * WORDING_WORDS_MAX² steps; the arena gives what bare_text takes for each of the words.
 */
struct wording_shared wording_compare(struct arena *a, struct str text, struct str other);
