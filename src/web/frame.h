/*
 * The frame of every page: head, bar, footer, the moderators' bar. One way in for all of them.
 */
#pragma once

#include "domain/articles.h"
#include "domain/queue.h"
#include "web/request.h"

struct frame {
    struct page_head head;
    struct site_bar bar;
    struct page_footer foot;
    const struct moderator_bar *moderator;
    struct str policy_address;      /* the comment policy's page; may be empty */
    const struct section *sections; /* of the page's language */
    size_t n_sections;
    struct queue_counts waiting; /* for the team: how much waits */
};

/* The same page in one language. */
struct lang_path {
    struct str lang;
    struct str path;
};

struct frame_want {
    struct str title; /* without the site's name; empty: the site's name alone */
    struct str description;
    struct str path;    /* of the page that search engines should keep; empty: none */
    struct str here;    /* in the console: its address; empty: as it was asked for, door_here */
    struct str section; /* key of the section that it belongs to */
    bool is_noindex;
    bool has_script;                   /* reader.js */
    bool has_passkey;                  /* passkey.js instead */
    bool has_console;                  /* console.js instead */
    const struct lang_path *languages; /* all it exists in, this one included */
    size_t n_languages;
    struct str feed_title, feed_path; /* a feed of its own; may be empty */
};

/*
 * Fills a frame. tx: NULL for pages that must not read (errors): they have no sections and no
 * standing pages. Otherwise two statements, and two more for a moderator.
 */
MUST_USE bool frame_fill(struct request *rq, struct tx *tx, const struct frame_want *want,
                         struct frame *ret_frame, struct err *e);

/* Puts the frame's parts into a page's view struct. */
static inline void frame_into(const struct frame *f, const struct page_head **head,
                              const struct site_bar **bar, const struct page_footer **foot)
{
    *head = &f->head;
    *bar = &f->bar;
    *foot = &f->foot;
}

/* The same page's languages as links; NULL and 0 when there is only one. */
const struct language_link *frame_links(struct request *rq, const struct lang_path *languages,
                                        size_t n, struct str current, size_t *ret_n);

/* The section's name and slug by its key, among the frame's; NULL: none. */
const struct section *frame_section(const struct frame *f, struct str key);
