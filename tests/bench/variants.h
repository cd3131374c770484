/*
 * Copies of a text as people make them who do not want to be found, the same for the same seed.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "tests/bench/words.h"

enum variant {
    VARIANT_CASE,      /* other capitals, links and addressed names */
    VARIANT_DISGUISED, /* half of the words: look-alikes, digits, signs, gaps, stretched letters */
    VARIANT_EDITED10,  /* a tenth of the words put for others, left out, added or moved */
    VARIANT_EDITED25,
    VARIANT_WRAPPED, /* within 0.3 to 1.5 times as much of other texts */
    VARIANT_N,
};

/* What the figures call it. */
const char *variant_name(enum variant kind);

/*
 * A copy of text in the arena. others: texts of the same language, from which foreign words come.
 */
struct str variant_of(enum variant kind, struct arena *a, struct words *w, struct str text,
                      const struct str *others, size_t n_others);

/* Every second word put for another: a text of its own, for filling. */
struct str variant_filler(struct arena *a, struct words *w, struct str text,
                          const struct str *others, size_t n_others);
