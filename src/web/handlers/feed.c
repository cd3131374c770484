/*
 * For machines: Atom feeds and site maps.
 */
#include <inttypes.h>

#include "text/markdown.h"
#include "text/time.h"
#include "web/address.h"
#include "web/article.h"
#include "web/fill.h"

#define FEED_ENTRIES 30
#define COMMENT_ENTRIES 50
#define NEWS_ENTRIES 1000
#define NEWS_S (2 * 86400)
#define SITEMAP_ARTICLES 500
#define SITEMAPS_MAX 2000

/* ---- Feeds of articles ---------------------------------------------------------------------- */

static struct feed_author *feed_authors(struct request *rq, const struct byline_entry *byline,
                                        size_t n, size_t *ret_n)
{
    struct feed_author *authors = ARENA_ARRAY(rq->arena, struct feed_author, n + 1);
    for (size_t i = 0; i < n; i++) {
        authors[i].name = byline[i].name;
        if (byline[i].key.n)
            authors[i].address =
                address_absolute(rq, address_author(rq->arena, rq->lang, byline[i].key));
    }
    if (n == 0)
        authors[0].name = rq->web->o.domain->site.name;
    *ret_n = n ? n : 1;
    return authors;
}

static void fill_entry(struct request *rq, const struct edition_card *c, struct feed_entry *v)
{
    *v = (struct feed_entry){
        .title = c->headline,
        .lang = c->lang,
        .address = address_absolute(rq, address_article(rq->arena, c->lang, c->slug)),
        .published = fill_time(rq, c->published_s),
        .updated = fill_time(rq, c->updated_s ? c->updated_s : c->published_s),
        .category = c->section,
        .summary = c->standfirst,
    };
    /* An article keeps its id when its slug changes. */
    v->id = arena_printf(rq->arena, STR_FMT "/" STR_FMT "#article-%" PRId64,
                         STR_ARG(rq->web->origin), STR_ARG(c->lang), c->article.v);
    v->authors = feed_authors(rq, c->byline, c->n_byline, &v->n_authors);
}

static bool feed_of_cards(struct request *rq, struct tx *tx, const struct card_query *q,
                          struct feed_page *p, struct err *e)
{
    struct card_page list;
    int64_t newest_s = 0;
    if (!card_list(rq->web->o.domain, tx, q, &list, e))
        return false;
    struct feed_entry *entries = ARENA_ARRAY(rq->arena, struct feed_entry, list.n);
    for (size_t i = 0; i < list.n; i++) {
        const struct edition_card *c = &list.cards[i];
        int64_t at_s = c->updated_s ? c->updated_s : c->published_s;
        fill_entry(rq, c, &entries[i]);
        newest_s = at_s > newest_s ? at_s : newest_s;
    }
    p->lang = rq->lang;
    p->self_address = address_absolute(rq, rq->path);
    p->id = p->self_address;
    p->updated = time_print(rq->arena, newest_s);
    p->entries = entries;
    p->n_entries = list.n;
    reply_template(&rq->reply, TEMPLATE_FEED, p);
    return true;
}

bool feed_edition(struct request *rq, struct tx *tx, struct err *e)
{
    struct feed_page *p = ARENA_NEW(rq->arena, struct feed_page);
    const struct card_query q = {.lang = rq->lang, .max = FEED_ENTRIES};
    p->title = rq->web->o.domain->site.name;
    p->page_address = address_absolute(rq, address_front(rq->arena, rq->lang));
    return feed_of_cards(rq, tx, &q, p, e);
}

bool feed_section(struct request *rq, struct tx *tx, struct err *e)
{
    struct section section;
    struct feed_page *p = ARENA_NEW(rq->arena, struct feed_page);
    if (!section_get(rq->web->o.domain, tx, rq->lang, rq->args[1], &section, e))
        return false;
    const struct card_query q = {.lang = rq->lang, .section = section.key, .max = FEED_ENTRIES};
    p->title = arena_printf(rq->arena, STR_FMT " – " STR_FMT, STR_ARG(section.name),
                            STR_ARG(rq->web->o.domain->site.name));
    p->subtitle = section.about;
    p->page_address = address_absolute(rq, address_section(rq->arena, rq->lang, section.slug));
    return feed_of_cards(rq, tx, &q, p, e);
}

/* ---- The feed of a conversation ------------------------------------------------------------- */

static struct str comment_id_text(struct request *rq, struct comment_id id)
{
    return arena_printf(rq->arena, STR_FMT "/#comment-%" PRId64, STR_ARG(rq->web->origin), id.v);
}

static void fill_comment_entry(struct request *rq, const struct edition *ed,
                               const struct comment *c, struct feed_entry *v)
{
    struct feed_author *author = ARENA_NEW(rq->arena, struct feed_author);
    author->name = c->name;
    *v = (struct feed_entry){
        .id = comment_id_text(rq, c->id),
        .title = article_comment_title(rq, c),
        .lang = c->lang,
        .address = address_absolute(rq, address_comment(rq->arena, ed->lang, ed->slug, c->number)),
        .published = fill_time(rq, c->created_s),
        .updated = fill_time(rq, c->edited_s ? c->edited_s : c->created_s),
        .authors = author,
        .n_authors = 1,
        .content = markdown_comment(rq->arena, c->text).s,
    };
    if (c->parent.v) {
        v->reply_to_id = comment_id_text(rq, c->parent);
        v->reply_to_address = address_absolute(
            rq, address_comment(rq->arena, ed->lang, ed->slug, comment_id_number(c->parent)));
    }
}

bool feed_comments(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct comment_page said;
    size_t shown = 0;
    int64_t newest_s;
    struct feed_page *p = ARENA_NEW(rq->arena, struct feed_page);
    if (!article_open(rq, tx, &ed, e) ||
        !comment_newest(rq->web->o.domain, tx, ed.article, COMMENT_ENTRIES, &said, e))
        return false;
    struct feed_entry *entries = ARENA_ARRAY(rq->arena, struct feed_entry, said.n);
    newest_s = ed.published_s;
    for (size_t i = 0; i < said.n; i++) {
        const struct comment *c = &said.comments[i];
        if (c->state != COMMENT_PUBLISHED)
            continue;
        int64_t at_s = c->edited_s ? c->edited_s : c->created_s;
        newest_s = at_s > newest_s ? at_s : newest_s;
        fill_comment_entry(rq, &ed, c, &entries[shown++]);
    }
    reply_tag(&rq->reply, tag_of_thread(ed.article));
    *p = (struct feed_page){
        .lang = ed.lang,
        .title = i18n_fill(rq->arena, rq->words, T_FEED_OF_COMMENTS, ed.headline, STR_NONE),
        .self_address = address_absolute(rq, rq->path),
        .page_address = address_absolute(rq, address_article(rq->arena, ed.lang, ed.slug)),
        .updated = time_print(rq->arena, newest_s),
        .entries = entries,
        .n_entries = shown,
    };
    p->id = p->self_address;
    reply_template(&rq->reply, TEMPLATE_FEED, p);
    return true;
}

/* ---- Site maps ------------------------------------------------------------------------------ */

static void fill_url(struct request *rq, const struct sitemap_entry *s, struct sitemap_url *v)
{
    v->address = address_absolute(rq, address_article(rq->arena, s->lang, s->slug));
    v->modified = fill_time(rq, s->updated_s ? s->updated_s : s->published_s);
}

/* The editions of one article, each with links to all of them. */
static void fill_group(struct request *rq, const struct sitemap_entry *group, size_t n,
                       struct sitemap_url *urls)
{
    struct alternate_link *links = ARENA_ARRAY(rq->arena, struct alternate_link, n);
    for (size_t i = 0; i < n; i++) {
        fill_url(rq, &group[i], &urls[i]);
        links[i] = (struct alternate_link){group[i].lang, urls[i].address};
    }
    for (size_t i = 0; n > 1 && i < n; i++) {
        urls[i].alternates = links;
        urls[i].n_alternates = n;
    }
}

/* Maps are cut by ranges of ids, so that an old map never changes because of a new article. */
bool sitemap_show(struct request *rq, struct tx *tx, struct err *e)
{
    int64_t after;
    struct sitemap map;
    struct sitemap_page *p = ARENA_NEW(rq->arena, struct sitemap_page);
    if (!str_to_int64(rq->args[0], 0, INT64_MAX / 2, &after) || after % SITEMAP_ARTICLES != 0)
        return err_set(e, ERR_MISSING, 0, "no such map");
    if (!sitemap_list(rq->web->o.domain, tx, (struct thread_id){after}, SITEMAP_ARTICLES, &map, e))
        return false;
    const struct sitemap_entry *entries = map.entries;
    size_t n = map.n;
    while (n > 0 && entries[n - 1].article.v > after + SITEMAP_ARTICLES)
        n--;
    if (n == 0 && after > 0)
        return err_set(e, ERR_MISSING, 0, "an empty map");
    struct sitemap_url *urls = ARENA_ARRAY(rq->arena, struct sitemap_url, n);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && entries[to].article.v == entries[from].article.v;)
            to++;
        fill_group(rq, entries + from, to - from, urls + from);
    }
    p->urls = urls;
    p->n_urls = n;
    reply_template(&rq->reply, TEMPLATE_SITEMAP, p);
    return true;
}

bool sitemap_index(struct request *rq, struct tx *tx, struct err *e)
{
    struct thread_id last;
    struct sitemap_index_page *p = ARENA_NEW(rq->arena, struct sitemap_index_page);
    if (!article_last(rq->web->o.domain, tx, &last, e))
        return false;
    size_t n = last.v > 0 ? (size_t)((last.v - 1) / SITEMAP_ARTICLES + 1) : 1;
    if (n > SITEMAPS_MAX)
        n = SITEMAPS_MAX;
    struct sitemap_url *maps = ARENA_ARRAY(rq->arena, struct sitemap_url, n);
    for (size_t i = 0; i < n; i++)
        maps[i].address = arena_printf(rq->arena, STR_FMT "/sitemap-%zu.xml",
                                       STR_ARG(rq->web->origin), i * SITEMAP_ARTICLES);
    p->maps = maps;
    p->n_maps = n;
    reply_template(&rq->reply, TEMPLATE_SITEMAP_INDEX, p);
    return true;
}

bool sitemap_news(struct request *rq, struct tx *tx, struct err *e)
{
    struct sitemap map;
    struct sitemap_page *p = ARENA_NEW(rq->arena, struct sitemap_page);
    if (!sitemap_recent(rq->web->o.domain, tx, rq->now_s - NEWS_S, NEWS_ENTRIES, &map, e))
        return false;
    const struct sitemap_entry *entries = map.entries;
    struct sitemap_url *urls = ARENA_ARRAY(rq->arena, struct sitemap_url, map.n);
    for (size_t i = 0; i < map.n; i++) {
        fill_url(rq, &entries[i], &urls[i]);
        urls[i].news_name = rq->web->o.domain->site.name;
        urls[i].news_lang = entries[i].lang;
        urls[i].news_title = entries[i].headline;
        urls[i].news_published = fill_time(rq, entries[i].published_s);
    }
    p->urls = urls;
    p->n_urls = map.n;
    rq->reply.until_s = rq->now_s + 600; /* what is older than two days leaves */
    reply_template(&rq->reply, TEMPLATE_SITEMAP, p);
    return true;
}
