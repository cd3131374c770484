/*
 * Publishing and finding articles, sections and standing pages.
 */
#pragma once

#include "domain/domain.h"
#include "model/article.h"

struct tx;

enum saved { SAVED_NEW, SAVED_CHANGED, SAVED_SAME };

/*
 * How an edition's file wants its conversation. Each of the two wishes is applied when the article
 * is new, or when it differs from what this edition's file said the last time (nothing, for a new
 * edition); so what the newsroom set by hand stays until a file says something new. A mode that a
 * file no longer names stays as it is; a date that it no longer names is taken back.
 */
struct conversation_wish {
    bool has_mode;
    enum mode mode;
    int64_t closes_s; /* 0: no date */
};

/*
 * Adds or replaces an edition by (article key, lang); the same source hash changes nothing. The
 * conversation stays. Pictures named by hash must have been saved before, and the section in some
 * language (an empty one is allowed). A slug that changed leads to the new one: edition_moved. A
 * file whose lang changed makes another edition; edition_drop takes the old one out.
 * Errors  ERR_CONFLICT (the slug is another article's: why names both), ERR_INVALID (language of
 *         no edition of the site, key or slug, unknown section or picture, author twice),
 * ERR_BROKEN
 */
MUST_USE bool edition_save(const struct domain *d, struct tx *tx, const struct edition *edition,
                           const struct conversation_wish *wish, enum saved *ret_saved,
                           struct err *e);
/* Takes an edition out; article and conversation stay. Errors ERR_MISSING. */
MUST_USE bool edition_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                           struct err *e);

/* What names an edition. */
struct edition_name {
    struct str key; /* the article's */
    struct str lang;
    struct str slug;
};
/* All there are, published or not: for finding those whose file is gone. */
MUST_USE bool edition_list(const struct domain *d, struct tx *tx, struct edition_name **ret_names,
                           size_t *ret_n, struct err *e);

/*
 * Adds or replaces by (key, lang); the same source hash changes nothing.
 * Errors  ERR_CONFLICT (the slug is another's), ERR_INVALID (key, slug or language), ERR_BROKEN
 */
MUST_USE bool section_save(const struct domain *d, struct tx *tx, const struct section *section,
                           enum saved *ret_saved, struct err *e);
MUST_USE bool standing_save(const struct domain *d, struct tx *tx, const struct standing *page,
                            enum saved *ret_saved, struct err *e);

/* Takes a section or standing page in one language out. Errors ERR_MISSING. */
MUST_USE bool section_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                           struct err *e);
MUST_USE bool standing_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                            struct err *e);

/* One stored size of a picture. */
struct picture_bytes {
    int64_t width;
    struct str bytes;
};
/*
 * Stores a picture unless its hash is there. p: hash, extension, width and height. The sizes
 * ascend and end with the picture's own width, at most 32 of them. Errors ERR_INVALID.
 */
MUST_USE bool picture_save(const struct domain *d, struct tx *tx, const struct picture *p,
                           const struct picture_bytes *sizes, size_t n_sizes, struct err *e);
/* The stored bytes of one size. Errors ERR_MISSING. */
struct picture_file {
    struct str extension; /* "jpg", "png", "webp" */
    struct str bytes;
};
MUST_USE bool picture_get(const struct domain *d, struct tx *tx, struct hash hash, int64_t width,
                          struct picture_file *ret_file, struct err *e);

/*
 * A published edition, with byline and pictures: three statements.
 * Errors  ERR_MISSING (none, or not published yet)
 */
MUST_USE bool edition_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                          struct edition *ret_edition, struct err *e);

/* The article of a published edition alone, for what changes it. Errors ERR_MISSING. */
MUST_USE bool edition_find(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                           struct thread_id *ret_article, struct err *e);

/* A link to the same article in another language. */
struct edition_link {
    struct str lang;
    struct str slug;
    struct str headline;
};
/* All published editions of an article, in the site's order of languages, its own included. */
MUST_USE bool edition_links(const struct domain *d, struct tx *tx, struct thread_id article,
                            struct edition_link **ret_links, size_t *ret_n, struct err *e);

/* The slug that an edition has now, by one it had before: for a redirect. Errors ERR_MISSING. */
MUST_USE bool edition_moved(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                            struct str *ret_slug, struct err *e);
/* When the next edition appears of itself, so that cached pages can go; 0: none is waiting. */
MUST_USE bool edition_next(const struct domain *d, struct tx *tx, int64_t *ret_at_s, struct err *e);

/* Which cards, newest first; keyset: those before (published_s, article) when before_s is set. */
struct card_query {
    struct str lang;
    struct str section; /* key; empty: all */
    struct str author;  /* key; empty: all */
    int64_t before_s;   /* 0: from the newest */
    struct thread_id before_article;
    size_t max; /* at most CARDS_MAX */
};
#define CARDS_MAX 100
struct card_page {
    struct edition_card *cards;
    size_t n;
    bool more; /* there are older ones: continue before the last card */
};
/* Published cards with byline, lead picture and count: two statements. An author goes first. */
MUST_USE bool card_list(const struct domain *d, struct tx *tx, const struct card_query *q,
                        struct card_page *ret_page, struct err *e);

/* All sections of a language, by key. */
MUST_USE bool section_list(const struct domain *d, struct tx *tx, struct str lang,
                           struct section **ret_sections, size_t *ret_n, struct err *e);
/* Errors ERR_MISSING. By slug in a language. */
MUST_USE bool section_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                          struct section *ret_section, struct err *e);
/* Errors ERR_MISSING. By key in a language. */
MUST_USE bool section_get_by_key(const struct domain *d, struct tx *tx, struct str lang,
                                 struct str key, struct section *ret_section, struct err *e);
/* All languages of a section or standing page, by key: for the links to other editions. */
MUST_USE bool section_links(const struct domain *d, struct tx *tx, struct str key,
                            struct edition_link **ret_links, size_t *ret_n, struct err *e);
MUST_USE bool standing_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                           struct standing *ret_page, struct err *e);
MUST_USE bool standing_get_by_key(const struct domain *d, struct tx *tx, struct str lang,
                                  struct str key, struct standing *ret_page, struct err *e);
MUST_USE bool standing_list(const struct domain *d, struct tx *tx, struct str lang,
                            struct standing **ret_pages, size_t *ret_n, struct err *e);
MUST_USE bool standing_links(const struct domain *d, struct tx *tx, struct str key,
                             struct edition_link **ret_links, size_t *ret_n, struct err *e);
/* The author's name in this language (of the newest byline). Errors ERR_MISSING. */
MUST_USE bool author_get(const struct domain *d, struct tx *tx, struct str lang, struct str key,
                         struct str *ret_name, struct err *e);
/* The languages in which an author has bylines; slug is the key, headline the name there. */
MUST_USE bool author_links(const struct domain *d, struct tx *tx, struct str key,
                           struct edition_link **ret_links, size_t *ret_n, struct err *e);

/* The highest id of an article, 0 without any: sitemaps are cut by ranges of ids. */
MUST_USE bool article_last(const struct domain *d, struct tx *tx, struct thread_id *ret_article,
                           struct err *e);

/* For sitemaps: editions by article, all languages of an article together, keyset by article id. */
struct sitemap_entry {
    struct thread_id article;
    struct str lang;
    struct str slug;
    struct str headline;
    int64_t published_s;
    int64_t updated_s;
};
struct sitemap {
    struct sitemap_entry *entries;
    size_t n;
};
/* The published editions of the next max_articles that have any, after an id. */
MUST_USE bool sitemap_list(const struct domain *d, struct tx *tx, struct thread_id after,
                           size_t max_articles, struct sitemap *ret_sitemap, struct err *e);
/* Editions published since a time, newest first (news sitemaps: two days), at most max. */
MUST_USE bool sitemap_recent(const struct domain *d, struct tx *tx, int64_t since_s, size_t max,
                             struct sitemap *ret_sitemap, struct err *e);
