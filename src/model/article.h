/*
 * Articles and what stands around them.
 */
#pragma once

#include "base/hash.h"
#include "base/str.h"
#include "model/ids.h"

enum mode { MODE_OPEN, MODE_FIRST, MODE_HELD, MODE_CLOSED };

struct byline_entry {
    struct str key;  /* the author's, the same in every language; empty: an agency */
    struct str name; /* as this edition writes it */
};

struct picture {
    struct hash hash; /* of the file's bytes as stored */
    int64_t width;    /* pixels, of the largest size */
    int64_t height;
    struct str extension;  /* "jpg", "png", "webp" */
    const int64_t *widths; /* the sizes there are, ascending; the last is width */
    size_t n_widths;
    struct str caption;
    struct str credit;
    struct str alt;
};

/* An article in one language. */
struct edition {
    struct thread_id article;
    struct str key; /* the article's */
    struct str lang;
    struct str slug;
    struct str headline;
    struct str standfirst;
    struct str dateline;
    struct str section; /* key */
    const struct byline_entry *byline;
    size_t n_byline;
    const struct picture *pictures; /* the first leads */
    size_t n_pictures;
    struct str body; /* Markdown, as written */
    int64_t published_s;
    int64_t updated_s;  /* 0: never */
    struct hash source; /* of the file it came from: unchanged means nothing to do */
};

/* An edition as a line in a list or a link. */
struct edition_card {
    struct thread_id article;
    struct str lang;
    struct str slug;
    struct str headline;
    struct str standfirst;
    struct str dateline;
    struct str section; /* key */
    const struct byline_entry *byline;
    size_t n_byline;
    const struct picture *lead; /* NULL: none */
    int64_t published_s;
    int64_t updated_s;
    int64_t comments; /* as counted on the page */
};

/* A section in one language. */
struct section {
    struct str key;
    struct str lang;
    struct str slug;
    struct str name;
    struct str about;
    struct hash source;
};

/* A standing page in one language: the comment policy, about. */
struct standing {
    struct str key; /* "policy" */
    struct str lang;
    struct str slug;
    struct str title;
    struct str body; /* Markdown */
    struct hash source;
};

/* A conversation: what the narrow table knows of it. */
struct thread {
    struct thread_id id;
    enum mode mode;
    int64_t closes_s; /* 0: no date */
    int64_t slow_s;   /* between two comments of one commenter; 0: no matter */
    bool holds_all;   /* the whole site holds what is written; not read everywhere */
    int64_t placed;   /* comments that have a place on the page: the count that is shown */
    int64_t held;
    int64_t yes, no; /* the rating's tally */
    int64_t rev;     /* grows with every change that a page can show */
};
