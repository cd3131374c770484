/*
 * Texts as they are compared with each other: letters and nothing else. Without look-alikes,
 * invisible characters, marks, white space, punctuation, links, @names, quoted lines and the
 * writer's own name; a stretched letter ("nooo") counts once.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define BARE_LETTERS_MAX 4096 /* of a text; what is behind them is not looked at */

struct bare {
    uint32_t *p; /* in the arena */
    size_t n;
};

/*
 * Strips well-formed UTF-8. name: whose words they are, left out where the text repeats it when it
 * has 3 letters or more; may be empty. Lines that quote (Markdown's ">") are left out when the rest
 * has n_enough letters. Linear in the text's first 16 KiB; the arena gives at most 40 bytes a byte
 * of that, 100 for text of ligatures.
 */
struct bare bare_text(struct arena *a, struct str text, struct str name, size_t n_enough);
