/*
 * Text as glyphs: one for each letter, digit or sign that a reader sees, case-folded, each knowing
 * the bytes of the original that it stands for. Marks over letters and invisible characters belong
 * to the glyph before them. What a glyph may be taken for stands in a table that is made from
 * Unicode's data when the program is built (gen_glyphs.c).
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum glyph_class {
    GLYPH_BREAK,      /* ends a word: punctuation, control characters */
    GLYPH_SPACE,      /* white space */
    GLYPH_LETTER,     /* also a vowel sign of an Indian script */
    GLYPH_DIGIT,      /* 0 to 9 of any script */
    GLYPH_APOSTROPHE, /* all its forms are one: it belongs to a word in which it stands */
    GLYPH_SIGN,       /* stands for letters between letters: @ $ */
    GLYPH_MASK,       /* hides a letter between letters: * # % */
    GLYPH_JOINER,     /* cuts a word apart: - _ ~ */
    GLYPH_DOT,        /* a full stop: two or more hide letters */
    GLYPH_SYMBOL,     /* an emoji or the like: a word of its own, or a mask */
    GLYPH_NOTHING,    /* not seen; never in a struct glyphs */
    GLYPH_MARK,       /* over a letter; never in a struct glyphs */
};

enum glyph_script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_GREEK, SCRIPT_N };

/* What a code point is, and what it may be taken for. */
struct glyph_record {
    uint8_t class;
    uint8_t script;
    uint8_t to_n;             /* code points that it folds to; 0: itself */
    uint8_t looks_n;          /* letters that it may be taken for, or that it is put for */
    uint8_t sure_n;           /* the first of these look the same, or their capitals do */
    uint16_t to_at, looks_at; /* in the table of letters */
    uint32_t kin;             /* the letter without its accent or tail; 0: none */
    bool fancy;               /* folds to what it is a fancy form of */
    bool odd;                 /* a letter of no language that looks like a plain one, or turned */
    bool bracket;             /* a bracket or a quotation mark */
    uint8_t turned;           /* the Latin letter that it is upside down; 0: none */
};

/* The record of a code point, at most U+10FFFF; lives for ever. */
const struct glyph_record *glyph_record_of(uint32_t c);

/* The table of letters from a record's to_at or looks_at on; lives for ever. */
const uint32_t *glyph_letters(size_t at);

struct glyph {
    uint32_t at, end; /* bytes of the original, with the marks and invisible characters behind */
    uint32_t letter;  /* the folded code point */
    const struct glyph_record *record; /* of the letter; never NULL */
    uint8_t class;
    bool invisible; /* something invisible was left out inside the word, before or behind it */
    bool marked;    /* a mark that makes no other letter was left out */
    bool fancy;     /* it was written in a fancy form */
};

struct glyphs {
    struct glyph *items;
    size_t n;
};

/*
 * The glyphs of a text, in order; in the arena. Anything that is well-formed UTF-8 of less than
 * 4 GiB will do. Linear; a mark costs no memory.
 */
struct glyphs glyphs_of(struct arena *a, struct str text);

/*
 * The glyphs as who turns the page sees them: letters upside down become plain ones, and stand in
 * the opposite order; all else stays. Returns false when nothing was written upside down. In the
 * arena.
 */
MUST_USE bool glyphs_turn(struct arena *a, const struct glyphs *glyphs, struct glyphs *ret);
