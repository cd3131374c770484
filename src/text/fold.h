/*
 * Text as a look-alike hunter sees it: for comparing names and finding the same words again.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/*
 * The skeleton of UTS #39, section 4, over case-folded NFKC without default-ignorable characters,
 * white space, punctuation and symbols: two names that a reader could mistake for each other have
 * equal skeletons, and so have a name and the same name with stars or ticks around it.
 */
struct str fold_skeleton(struct arena *a, struct str name);

/*
 * For finding identical comments: case-folded, NFKC, white space runs as one space, marks of
 * punctuation and default-ignorable characters left out.
 */
struct str fold_words(struct arena *a, struct str text);

/*
 * Letters that readers take for plain ones although Unicode's tables keep them apart: small
 * capitals, and capitals in circles and squares, give the small letter; all else itself.
 */
uint32_t fold_plain_letter(uint32_t c);

/* NFKC_Casefold: case-folded, NFKC, default-ignorable (invisible) characters left out. */
struct str fold_case(struct arena *a, struct str text);
