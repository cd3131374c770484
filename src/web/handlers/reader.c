/*
 * Front pages, sections, authors, standing pages.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "text/markdown.h"
#include "web/address.h"
#include "web/fill.h"

#define FRONT_CARDS 24
#define DISCUSSED 5
#define LIST_CARDS 20

bool root_show(struct request *rq, UNUSED struct tx *tx, UNUSED struct err *e)
{
    reply_header(&rq->reply, STR("Vary"), STR("Accept-Language"));
    rq->reply.status = 302;
    reply_redirect(&rq->reply, address_front(rq->arena, rq->lang));
    return true;
}

/* All languages of the site, for pages that every one of them has. */
static void all_languages(struct request *rq, struct frame_want *want)
{
    const struct site *site = &rq->web->o.domain->site;
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, site->n_languages);
    for (size_t i = 0; i < site->n_languages; i++)
        paths[i] =
            (struct lang_path){site->languages[i], address_front(rq->arena, site->languages[i])};
    want->languages = paths;
    want->n_languages = site->n_languages;
}

static int by_comments(const void *a, const void *b)
{
    const struct edition_card *x = a, *y = b;
    return (x->comments < y->comments) - (x->comments > y->comments);
}

/* The most discussed among the newest. */
static void fill_discussed(struct request *rq, const struct frame *f,
                           const struct edition_card *cards, size_t n, struct front_page *p)
{
    struct edition_card *sorted = ARENA_ARRAY(rq->arena, struct edition_card, n);
    if (n == 0)
        return;
    memcpy(sorted, cards, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_comments);
    size_t most = 0;
    while (most < n && most < DISCUSSED && sorted[most].comments > 0)
        most++;
    p->discussed = fill_cards(rq, f, sorted, most, false);
    p->n_discussed = most;
}

bool front_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct frame_want want = {.path = address_front(rq->arena, rq->lang)};
    const struct card_query q = {.lang = rq->lang, .max = FRONT_CARDS};
    struct card_page list;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct front_page *p = ARENA_NEW(rq->arena, struct front_page);
    all_languages(rq, &want);
    if (!frame_fill(rq, tx, &want, f, e) || !card_list(rq->web->o.domain, tx, &q, &list, e))
        return false;
    struct article_card *views = fill_cards(rq, f, list.cards, list.n, true);
    *p = (struct front_page){
        .head = &f->head, .bar = &f->bar, .foot = &f->foot, .moderator = f->moderator};
    f->head.og_type = STR("website");
    f->head.og_title = f->head.og_site_name = f->bar.site_name;
    if (list.n > 0) {
        p->lead = &views[0];
        p->cards = views + 1;
        p->n_cards = list.n - 1;
        p->updated = fill_time(rq, list.cards[0].published_s);
        p->updated_text = fill_time_text(rq, list.cards[0].published_s, I18N_DATE_TIME);
    }
    fill_discussed(rq, f, list.cards, list.n, p);
    reply_template(&rq->reply, TEMPLATE_FRONT, p);
    return true;
}

/* ---- Lists by pages ------------------------------------------------------------------------- */

/* "SECONDS-ARTICLE" of the query; what cannot be read is the beginning. */
static void read_before(const struct request *rq, struct card_query *q)
{
    struct str seconds, article;
    int64_t before_s, id;
    if (str_cut(rq->query.before, '-', &seconds, &article) &&
        str_to_int64(seconds, 1, INT64_MAX, &before_s) &&
        str_to_int64(article, 0, INT64_MAX, &id)) {
        q->before_s = before_s;
        q->before_article.v = id;
    }
}

static struct str older_address(struct request *rq, struct str base, const struct card_page *list)
{
    if (!list->more || list->n == 0)
        return STR_NONE;
    const struct edition_card *last = &list->cards[list->n - 1];
    return address_with(
        rq->arena, base, "before",
        arena_printf(rq->arena, "%" PRId64 "-%" PRId64, last->published_s, last->article.v));
}

static void section_languages(struct request *rq, const struct edition_link *links, size_t n,
                              struct frame_want *want)
{
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, n);
    for (size_t i = 0; i < n; i++)
        paths[i] = (struct lang_path){links[i].lang,
                                      address_section(rq->arena, links[i].lang, links[i].slug)};
    want->languages = paths;
    want->n_languages = n;
}

bool section_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct section section;
    struct edition_link *links;
    struct card_page list;
    size_t n_links;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct section_page *p = ARENA_NEW(rq->arena, struct section_page);
    if (!section_get(d, tx, rq->lang, rq->args[1], &section, e) ||
        !section_links(d, tx, section.key, &links, &n_links, e))
        return false;
    struct str base = address_section(rq->arena, rq->lang, section.slug);
    struct frame_want want = {.title = section.name,
                              .description = section.about,
                              .path = base,
                              .section = section.key,
                              .feed_title = section.name,
                              .feed_path =
                                  arena_printf(rq->arena, STR_FMT "/feed.atom", STR_ARG(base))};
    struct card_query q = {.lang = rq->lang, .section = section.key, .max = LIST_CARDS};
    section_languages(rq, links, n_links, &want);
    read_before(rq, &q);
    if (!frame_fill(rq, tx, &want, f, e) || !card_list(d, tx, &q, &list, e))
        return false;
    *p = (struct section_page){
        .head = &f->head,
        .bar = &f->bar,
        .foot = &f->foot,
        .moderator = f->moderator,
        .name = section.name,
        .description = section.about,
        .cards = fill_cards(rq, f, list.cards, list.n, false),
        .n_cards = list.n,
        .newer_address = q.before_s ? base : STR_NONE,
        .older_address = older_address(rq, base, &list),
        .feed_address = want.feed_path,
    };
    reply_template(&rq->reply, TEMPLATE_SECTION, p);
    return true;
}

bool author_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct str name, key = rq->args[1];
    struct edition_link *links;
    struct card_page list;
    size_t n_links;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct author_page *p = ARENA_NEW(rq->arena, struct author_page);
    if (!author_get(d, tx, rq->lang, key, &name, e) ||
        !author_links(d, tx, key, &links, &n_links, e))
        return false;
    struct str base = address_author(rq->arena, rq->lang, key);
    struct frame_want want = {.title = name, .path = base};
    struct card_query q = {.lang = rq->lang, .author = key, .max = LIST_CARDS};
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, n_links);
    for (size_t i = 0; i < n_links; i++)
        paths[i] = (struct lang_path){links[i].lang, address_author(rq->arena, links[i].lang, key)};
    want.languages = paths;
    want.n_languages = n_links;
    read_before(rq, &q);
    if (!frame_fill(rq, tx, &want, f, e) || !card_list(d, tx, &q, &list, e))
        return false;
    *p = (struct author_page){
        .head = &f->head,
        .bar = &f->bar,
        .foot = &f->foot,
        .moderator = f->moderator,
        .name = name,
        .cards = fill_cards(rq, f, list.cards, list.n, true),
        .n_cards = list.n,
        .newer_address = q.before_s ? base : STR_NONE,
        .older_address = older_address(rq, base, &list),
    };
    reply_template(&rq->reply, TEMPLATE_AUTHOR, p);
    return true;
}

bool standing_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct standing page;
    struct edition_link *links;
    size_t n_links;
    struct markdown_block *blocks;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct standing_page *p = ARENA_NEW(rq->arena, struct standing_page);
    if (!standing_get(d, tx, rq->lang, rq->args[1], &page, e) ||
        !standing_links(d, tx, page.key, &links, &n_links, e))
        return false;
    struct frame_want want = {.title = page.title,
                              .path = address_standing(rq->arena, rq->lang, page.slug)};
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, n_links);
    for (size_t i = 0; i < n_links; i++)
        paths[i] = (struct lang_path){links[i].lang,
                                      address_standing(rq->arena, links[i].lang, links[i].slug)};
    want.languages = paths;
    want.n_languages = n_links;
    if (!frame_fill(rq, tx, &want, f, e) ||
        !markdown_article(rq->arena, page.body, &blocks, &p->n_blocks, e))
        return false;
    struct article_block *views = ARENA_ARRAY(rq->arena, struct article_block, p->n_blocks);
    for (size_t i = 0; i < p->n_blocks; i++)
        views[i].html = blocks[i].html;
    p->head = &f->head;
    p->bar = &f->bar;
    p->foot = &f->foot;
    p->moderator = f->moderator;
    p->lang = page.lang;
    p->dir = fill_direction(page.lang);
    p->headline = page.title;
    p->editions = frame_links(rq, paths, n_links, page.lang, &p->n_editions);
    p->blocks = views;
    reply_template(&rq->reply, TEMPLATE_STANDING, p);
    return true;
}

bool error_page(UNUSED struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    return err_set(e, ERR_BROKEN, 0, "a page that cannot be asked for");
}
