/*
 * One Markdown file of the newsroom: front matter and body, as a record. Every fault is told with
 * its file and line. Reads no other file and knows no database.
 */
#pragma once

#include "config/faults.h"
#include "model/article.h"

#define FRONT_FILE_BYTES_MAX (2 * MiB)

enum front_kind { FRONT_ARTICLE, FRONT_SECTION, FRONT_STANDING };

/* A picture as the front matter names it. */
struct front_picture {
    struct str file; /* as written: relative to the Markdown file */
    struct str caption;
    struct str credit;
    struct str alt;
    size_t line;
};

struct yaml_node;

struct front {
    enum front_kind kind;
    struct str where;             /* the file, for faults */
    const struct yaml_node *root; /* for front_line */
    struct str key;               /* article, section or page */
    struct str lang;
    struct str slug;
    struct str title; /* headline, name or title */
    struct str standfirst;
    struct str about;
    struct str dateline;
    struct str section;
    int64_t published_s;
    int64_t updated_s; /* 0: never */
    bool has_mode;
    enum mode mode;
    int64_t closes_s; /* 0: no date */
    struct byline_entry *byline;
    size_t n_byline;
    struct front_picture *pictures;
    size_t n_pictures;
    struct str body;
};

/* Whether a file begins with front matter at all. */
PURE bool front_is_there(struct str bytes);

/*
 * Reads a file's bytes. Returns false when faults were added. Memory: the arena of faults; the
 * record borrows bytes and where.
 */
MUST_USE bool front_read(struct str bytes, struct str where, struct faults *faults,
                         struct front *ret_front);

/* The line of a field, or the first line when the file does not have it. */
size_t front_line(const struct front *f, const char *field);

/* "article", "section" or "page". */
const char *front_kind_name(enum front_kind kind);
