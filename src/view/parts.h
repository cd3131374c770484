/*
 * Pieces that templates cannot make: the byline's sentence with its links, the dateline within the
 * first paragraph, JSON-LD. Knows no store; its results go into the structs of bind.def.
 */
#pragma once

#include "i18n/i18n.h"
#include "view/bind.h"

/* comment_view.indent never passes this: replies below it stay at the same indent. */
#define VIEW_INDENT_MAX 6

/* A reporter or an agency; address: the page of their own, may be empty. */
struct view_person {
    struct str name;
    struct str address;  /* path, for links */
    struct str absolute; /* the same with the origin, for JSON-LD; may be empty */
    bool is_agency;
};

/* A byline as a sentence: pieces for pages, text for cards. */
struct view_byline {
    const struct byline_piece *pieces;
    size_t n_pieces;
    struct str text;
};

/*
 * "By A. Reporter and AGENCY" in the language's own order and with its own "and"
 * (the message BYLINE around i18n_list). At most 32 people are named. Empty without people.
 * Memory: in the arena; borrows names and addresses.
 */
struct view_byline view_byline(struct arena *a, const struct i18n_lang *l,
                               const struct view_person *people, size_t n);

/*
 * A body's first block with its dateline: "<p><b class=dateline>ALMATY</b> — Text…". A block that
 * is no paragraph gets a paragraph of its own before it. An empty dateline changes nothing.
 */
struct html view_dateline(struct arena *a, struct str dateline, struct html block);

/* A published comment, as search engines are told of it. */
struct view_said {
    struct str address;
    struct str name;
    struct str time; /* RFC 3339 */
    struct str text; /* as typed */
};

/* What search engines are told of an article (schema.org NewsArticle). Addresses are absolute. */
struct view_facts {
    struct str address;
    struct str lang;
    struct str headline;
    struct str description;
    struct str section;
    struct str published; /* RFC 3339 */
    struct str updated;   /* empty: as published */
    struct str site_name;
    struct str site_address;
    const struct str *pictures; /* addresses */
    size_t n_pictures;
    const struct view_person *people;
    size_t n_people;
    int64_t comments;             /* how many; below 0: it has no conversation */
    const struct view_said *said; /* the first page of them, published ones only */
    size_t n_said;
};

/* The inside of <script type="application/ld+json">; in the arena. */
struct html view_json_ld(struct arena *a, const struct view_facts *f);
