/*
 * How words may be hidden in a text, and where: which glyphs may be read as something else, which
 * may be left out, and where a word begins and ends in each way of reading. Knows no word lists.
 */
#pragma once

#include "text/glyph.h"

/*
 * The ways in which a word was hidden; a set of bits. 0: written as it is, in any case. Decisions
 * keep the bits (text/marks.h): none is ever renumbered.
 */
enum disguise {
    DISGUISE_INVISIBLE = 1 << 0,  /* zero-width characters between its letters */
    DISGUISE_MARKS = 1 << 1,      /* marks over, under or through its letters */
    DISGUISE_FANCY = 1 << 2,      /* letters in circles, bold, full width, of flags … */
    DISGUISE_LOOK_ALIKE = 1 << 3, /* letters of another script or of none */
    DISGUISE_ACCENT = 1 << 4,     /* letters with accents or tails that the text else lacks */
    DISGUISE_LEET = 1 << 5,       /* digits and signs for letters: "b4d", "b@d" */
    DISGUISE_MASK = 1 << 6,       /* letters hidden or cut by a star: "b*d", "bast***" */
    DISGUISE_STRETCH = 1 << 7,    /* "baaad" */
    DISGUISE_SPLIT = 1 << 8,      /* "b a d", "b.a.d", "b-ad", "b(a)d" */
};
#define DISGUISE_N 9

/* How much of the text belongs to a word, from plain to wide. Each has its own beginnings. */
enum reach {
    REACH_WORD,  /* letters, digits and the apostrophes between them (as UAX #29) */
    REACH_TOKEN, /* also signs and masks, up to white space, punctuation or a joiner */
    REACH_RUN, /* tokens with a joiner or brackets between them, or three single letters, spaced */
};
#define REACH_N 3

/* What a glyph may be read as. */
enum {
    MAY_LOOK = 1 << 0,      /* as a letter that it looks like or stands for */
    MAY_LOOK_SURE = 1 << 1, /* … that it cannot be told from */
    MAY_BE_BARE = 1 << 2,   /* as the letter without its accent */
    MAY_BE_ANY = 1 << 3,    /* as any letter */
    MAY_GO = 1 << 4,        /* left out, within a token: a mask */
    MAY_GO_SPLIT = 1 << 5,  /* left out, within a run: a joiner or space */
};

/* What is known of one glyph's place. */
struct spot {
    uint32_t end[REACH_N]; /* the glyph behind the word, token or run that it is in */
    uint32_t stretch_end;  /* the glyph behind three and more of the same letter; 0: is none */
    uint32_t cut_end;      /* the glyph behind masks that may stand for the rest of a word; or 0 */
    uint8_t begins, ends;  /* bits 1 << REACH_…: may be the first, the last of it */
    uint8_t may;           /* bits MAY_… */
};

struct reading {
    struct glyphs glyphs;
    struct spot *spots;     /* one for each glyph */
    struct reading *turned; /* of the text with what is upside down turned; NULL: nothing is */
};

/*
 * Reads a text, which is well-formed UTF-8 of less than 4 GiB. Linear. The reading lives in the
 * arena, about 100 bytes for each glyph, twice that when letters are upside down.
 */
struct reading reading_of(struct arena *a, struct str text);
