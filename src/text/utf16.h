/*
 * Between our UTF-8 and the UTF-16 that ICU works in. For text/ and i18n/ only.
 */
#pragma once

#include <unicode/utypes.h>

#include "base/arena.h"
#include "base/str.h"

/* A piece of UTF-16, NUL-terminated besides. */
struct utf16 {
    UChar *p;
    int32_t n; /* UTF-16 code units */
};

/* In the arena. s: well-formed UTF-8 (what is not becomes U+FFFD), under 512 MiB. */
struct utf16 utf16_of(struct arena *a, struct str s);

/* Room for n code units, in the arena. */
struct utf16 utf16_room(struct arena *a, size_t n);

/* In the arena; lone surrogates become U+FFFD. */
struct str utf16_to_str(struct arena *a, struct utf16 u);
