/*
 * Slugs: the words of an address.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define SLUG_BYTES_MAX 96

/* Lower-case ASCII letters and digits in words joined by single hyphens, 1 to 96 bytes. */
PURE bool slug_is_valid(struct str s);

/* A slug of any text, by ICU's transliteration to Latin ASCII; "x" when nothing is left. */
struct str slug_make(struct arena *a, struct str text);
