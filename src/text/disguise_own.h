/*
 * What the parts of text/disguise.c have in common: disguise_cut.c reads the masks that end words,
 * disguise_script.c the letters of other scripts. For these alone.
 */
#pragma once

#include "text/disguise.h"

#define BIT(reach) ((uint8_t)(1u << (reach)))

/* Glyph i, which there is. */
static inline const struct glyph *glyph_at(const struct reading *r, size_t i)
{
    return &r->glyphs.items[i];
}

/* Its class; behind the last glyph a break. */
static inline enum glyph_class class_at(const struct reading *r, size_t i)
{
    return i < r->glyphs.n ? r->glyphs.items[i].class : GLYPH_BREAK;
}

/* Whether it is a letter. */
static inline bool is_letter(const struct reading *r, size_t i)
{
    return class_at(r, i) == GLYPH_LETTER;
}

/* Whether glyph i belongs to a token: a letter, digit, sign, mask or symbol. */
PURE bool disguise_is_in_token(const struct reading *r, size_t i);
/* Whether glyph i is a token by itself, once tokens were read. */
PURE bool disguise_is_single(const struct reading *r, size_t i);

/* A stretch of glyphs, and the letters in it. */
struct part {
    size_t from, end;   /* glyphs */
    size_t first, last; /* its first and its last letter */
    size_t letters;     /* how many */
};
/* The glyphs from `from` to before `end` as one. */
PURE struct part disguise_part(const struct reading *r, size_t from, size_t end);

/* Says of each token which masks at its end may stand for the rest of its word. */
void disguise_cuts_read(struct reading *r);
/* Says which letters may be read as what they look like, or as those without their accent. */
void disguise_scripts_read(struct reading *r);
