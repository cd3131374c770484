/*
 * A moderator's list of words and phrases, and where they stand in a text, also in disguise (see
 * docs/newsroom/word-lists.md). A list never changes once made: threads share it. What is done with
 * a match, the caller knows.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "text/disguise.h"

#define WORD_LIST_ENTRIES_MAX ((size_t)100000)
#define WORD_LIST_BYTES_MAX (8 * MiB) /* of the source */
#define WORD_ENTRY_CHARS_MAX 200      /* glyphs of an entry */
#define WORD_ENTRY_WORDS_MAX 8        /* words of a phrase */
#define WORD_FAULTS_MAX ((size_t)100) /* more are counted, not kept */

enum word_fault_kind {
    WORD_FAULT_LONG,      /* more than WORD_ENTRY_CHARS_MAX characters */
    WORD_FAULT_WORDS,     /* more than WORD_ENTRY_WORDS_MAX words */
    WORD_FAULT_CHARACTER, /* one that is in no word, or that nobody sees */
    WORD_FAULT_STAR,      /* a star that does not end a word of two letters and more */
    WORD_FAULT_SHORT,     /* one letter: it would match nearly everything */
    WORD_FAULT_REPEATED,  /* the same as the entry of first_line, once folded */
};

/* A line that is not in the list. */
struct word_fault {
    enum word_fault_kind kind;
    uint32_t line, first_line; /* from 1; first_line of what is repeated only, else 0 */
};

struct word_faults {
    struct word_fault items[WORD_FAULTS_MAX]; /* by line */
    size_t n;                                 /* of items */
    size_t all;                               /* as many there were */
};

struct word_list;

/*
 * Makes a list from its source: an entry a line, blank lines and lines that begin with # left out.
 * "word" is met as a whole word, "word*" also as the beginning of one; several words are a phrase,
 * whatever is between them. Lines with faults are left out and reported.
 *
 * Memory   *ret is one block of its own, freed with word_list_free; scratch is used meanwhile,
 * about 20 times the source Errors   ERR_INVALID (not UTF-8), ERR_TOO_LARGE (source or entries over
 * the limit)
 */
MUST_USE bool word_list_compile(struct arena *scratch, struct str source, struct word_list **ret,
                                struct word_faults *ret_faults, struct err *e);

/* Takes the address, accepts NULL, clears it. */
void word_list_free(struct word_list **list);

/* How many entries it has, and the bytes of memory it takes. */
PURE size_t word_list_entries(const struct word_list *list);
PURE size_t word_list_bytes(const struct word_list *list);

/* Entry i as the moderator wrote it, without white space around it; borrows from the list. */
PURE struct str word_list_entry(const struct word_list *list, size_t i);

/* The line of entry i in the source, from 1. */
PURE uint32_t word_list_line(const struct word_list *list, size_t i);

struct word_match {
    size_t at, n;       /* bytes of the original text, from letter to letter */
    uint32_t entry;     /* for word_list_entry */
    uint16_t disguises; /* bits of enum disguise; 0: as written */
};

/*
 * Finds words in a text that was read; the first `max` matches, in order, none within another: at
 * each place the longest, and of these the least disguised. Gives how many. Linear: after a bounded
 * number of steps for each glyph only words without disguise are looked for. scratch: 64 KiB, and
 * 32 bytes for each glyph of a text with letters upside down.
 */
size_t word_list_match_reading(const struct word_list *list, struct arena *scratch,
                               const struct reading *reading, struct word_match *ret, size_t max);

/* The same of a text, which is well-formed UTF-8 of less than 4 GiB. */
size_t word_list_match(const struct word_list *list, struct arena *scratch, struct str text,
                       struct word_match *ret, size_t max);
