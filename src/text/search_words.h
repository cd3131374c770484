/*
 * Text as it is searched: words, each folded so that what readers type in different ways is one.
 * Case, width, accents, vowel signs and stretched Arabic letters make no difference; neither do the
 * letters that a keyboard may lack: ё, the Kazakh, Kyrgyz and Uzbek ones, the forms of alef and
 * yeh, the apostrophe of oʻ. What is indexed and what is asked for are folded here alike.
 */
#pragma once

#include "base/arena.h"
#include "text/marks.h"

#define SEARCH_WORD_LETTERS_MAX 40 /* what is behind them is not looked at */
#define SEARCH_PREFIX_LETTERS 3    /* so many letters and more are met as a beginning, too */
#define SEARCH_QUERY_BYTES 160
#define SEARCH_TERMS_MAX 12 /* words of a query; further ones are left out */
#define SEARCH_PHRASES_MAX 2

struct search_word {
    struct str folded; /* letters and digits, nothing that any query language knows */
    size_t at, n;      /* bytes of the text it stands in */
    size_t letters;
};
struct search_words {
    struct search_word *items;
    size_t n;
};

/*
 * The words of well-formed UTF-8 of less than 4 GiB, in order. A character of a script that does
 * not part its words (Han, kana) is a word by itself. Linear; the arena gives about 120 bytes a
 * letter.
 */
struct search_words search_words_of(struct arena *a, struct str text);

/* A word that is asked for. */
struct search_term {
    struct str folded;
    bool is_whole; /* it stood in quotation marks: its beginning will not do */
};
/* Words in quotation marks: one behind the other, with nothing between. */
struct search_phrase {
    size_t first, n; /* of the query's terms */
};
struct search_query {
    struct search_term terms[SEARCH_TERMS_MAX]; /* all must be there */
    size_t n_terms;                             /* 0: it asks for no word */
    struct search_phrase phrases[SEARCH_PHRASES_MAX];
    size_t n_phrases;
};

/*
 * Reads what somebody typed: any well-formed UTF-8; nothing in it is refused. Quotation marks of
 * all languages are known; one without its other is none. Memory: arena.
 */
struct search_query search_query_of(struct arena *a, struct str text);

/* Where a text has what was asked for, at most MARKS_MAX places. Memory: arena. */
struct marks search_marks(struct arena *a, const struct search_query *q, struct str text);
