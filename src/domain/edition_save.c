#include "domain/articles.h"
#include "domain/controls.h"
#include "domain/inner.h"
#include "text/slug.h"

/* An edition on its way in. */
struct saving {
    const struct domain *d;
    struct tx *tx;
    const struct edition *edition;
    const struct conversation_wish *wish;
    int64_t article;
    bool is_new_article, is_new_edition;
    struct edition_saved_out before; /* zeros for a new edition */
};

#define NO_WISH (-1)

static int64_t wish_mode(const struct conversation_wish *w)
{
    return w->has_mode ? (int64_t)w->mode : NO_WISH;
}

static bool edition_refuse(const struct edition *ed, const char *what, struct str which,
                           struct err *e)
{
    return err_set(e, ERR_INVALID, 0, "article \"" STR_FMT "\" (" STR_FMT "): %s \"" STR_FMT "\"",
                   STR_ARG(ed->key), STR_ARG(ed->lang), what, STR_ARG(which));
}

/* What needs no database. */
static bool edition_check(const struct domain *d, const struct edition *ed,
                          const struct conversation_wish *wish, struct err *e)
{
    bool is_language = false;
    for (size_t i = 0; i < d->site.n_languages; i++)
        is_language = is_language || str_eq(d->site.languages[i], ed->lang);
    if (!is_language)
        return edition_refuse(ed, "the site has no language", ed->lang, e);
    if (!slug_is_valid(ed->key))
        return edition_refuse(ed, "this cannot be a key:", ed->key, e);
    if (!slug_is_valid(ed->slug))
        return edition_refuse(ed, "this cannot be a slug:", ed->slug, e);
    if (ed->published_s <= 0 || ed->updated_s < 0 || wish->closes_s < 0)
        return edition_refuse(ed, "a time is missing or impossible in", ed->slug, e);
    for (size_t i = 0; i < ed->n_byline; i++)
        for (size_t j = 0; j < i; j++)
            if (ed->byline[i].key.n > 0 && str_eq(ed->byline[i].key, ed->byline[j].key))
                return edition_refuse(ed, "twice in the byline:", ed->byline[i].key, e);
    return true;
}

static bool section_check(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    if (ed->section.n == 0)
        return true;
    struct section_find_in in = {s->d->site.id.v, ed->section};
    struct section_find_out row;
    bool found;
    if (!sql_section_find(s->tx, &in, &row, &found, e))
        return false;
    return found || edition_refuse(ed, "there is no section", ed->section, e);
}

static bool pictures_check(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    for (size_t i = 0; i < ed->n_pictures; i++) {
        struct picture_find_in in = {s->d->site.id.v, hash_str(&ed->pictures[i].hash)};
        struct picture_find_out row;
        bool found;
        if (!sql_picture_find(s->tx, &in, &row, &found, e))
            return false;
        if (!found)
            return edition_refuse(ed, "there is no picture",
                                  hash_hex(tx_arena(s->tx), ed->pictures[i].hash, 16), e);
    }
    return true;
}

static bool slug_check(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    struct edition_slug_owner_in in = {s->d->site.id.v, ed->lang, ed->slug};
    struct edition_slug_owner_out row;
    bool found;
    if (!sql_edition_slug_owner(s->tx, &in, &row, &found, e))
        return false;
    if (found && !str_eq(row.key, ed->key))
        return err_set(e, ERR_CONFLICT, 0,
                       "the slug \"" STR_FMT "\" (" STR_FMT ") of article \"" STR_FMT
                       "\" is taken by article \"" STR_FMT "\"",
                       STR_ARG(ed->slug), STR_ARG(ed->lang), STR_ARG(ed->key), STR_ARG(row.key));
    return true;
}

/* The article's id, and what is stored of this edition. */
static bool before_get(struct saving *s, struct err *e)
{
    struct article_by_key_in by_key = {s->d->site.id.v, s->edition->key};
    struct article_by_key_out article;
    bool found;
    if (!sql_article_by_key(s->tx, &by_key, &article, &found, e))
        return false;
    s->before.wish_mode = NO_WISH;
    s->is_new_article = s->is_new_edition = !found;
    if (!found)
        return true;
    s->article = article.id;
    struct edition_saved_in in = {s->d->site.id.v, article.id, s->edition->lang};
    struct edition_saved_out row;
    if (!sql_edition_saved(s->tx, &in, &row, &found, e))
        return false;
    s->is_new_edition = !found;
    if (found)
        s->before = row;
    return true;
}

static bool article_make(struct saving *s, struct err *e)
{
    /* Site 0: ids of threads, and so of comments, are unique in a shard, whatever the site. */
    struct counter_take_in counter = {0, STR("thread")};
    struct counter_take_out id;
    if (!sql_counter_take(s->tx, &counter, &id, e))
        return false;
    s->article = id.number;
    enum mode mode = s->wish->mode;
    if (!s->wish->has_mode && !site_new_mode(s->d, s->tx, &mode, e))
        return false;
    struct article_add_in article = {s->d->site.id.v, s->article, s->edition->key};
    struct thread_add_in thread = {
        .site = s->d->site.id.v, .id = s->article, .mode = mode, .closes_s = s->wish->closes_s};
    return sql_article_add(s->tx, &article, NULL, e) && sql_thread_add(s->tx, &thread, NULL, e);
}

/* The file's wish, where it says something else than the last time; else only the page changed. */
static bool thread_touch(const struct saving *s, struct err *e)
{
    struct thread_id id = {s->article};
    struct thread_lock_out row;
    if (!thread_lock(s->d, s->tx, id, &row, e))
        return false;
    struct thread_set_in in = {s->d->site.id.v, id.v, row.mode, row.closes_s};
    if (s->wish->has_mode && (int64_t)s->wish->mode != s->before.wish_mode)
        in.mode = s->wish->mode;
    if (s->wish->closes_s != s->before.wish_closes_s)
        in.closes_s = s->wish->closes_s;
    return sql_thread_set(s->tx, &in, NULL, e);
}

static bool byline_put(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    struct byline_clear_in clear = {s->d->site.id.v, s->article, ed->lang};
    if (!s->is_new_edition && !sql_byline_clear(s->tx, &clear, NULL, e))
        return false;
    for (size_t i = 0; i < ed->n_byline; i++) {
        struct byline_add_in in = {.site = s->d->site.id.v,
                                   .article = s->article,
                                   .lang = ed->lang,
                                   .position = (int64_t)i,
                                   .author = ed->byline[i].key,
                                   .name = ed->byline[i].name,
                                   .published_s = ed->published_s};
        if (!sql_byline_add(s->tx, &in, NULL, e) ||
            !name_protect(s->d, s->tx, ed->byline[i].name, e))
            return false;
    }
    return true;
}

static bool pictures_put(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    struct edition_picture_clear_in clear = {s->d->site.id.v, s->article, ed->lang};
    if (!s->is_new_edition && !sql_edition_picture_clear(s->tx, &clear, NULL, e))
        return false;
    for (size_t i = 0; i < ed->n_pictures; i++) {
        const struct picture *p = &ed->pictures[i];
        struct edition_picture_add_in in = {.site = s->d->site.id.v,
                                            .article = s->article,
                                            .lang = ed->lang,
                                            .position = (int64_t)i,
                                            .hash = hash_str(&p->hash),
                                            .caption = p->caption,
                                            .credit = p->credit,
                                            .alt = p->alt};
        if (!sql_edition_picture_add(s->tx, &in, NULL, e))
            return false;
    }
    return true;
}

/* A slug that changed leads on; one that is in use leads nowhere else. */
static bool slug_put(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    struct moved_drop_in drop = {s->d->site.id.v, ed->lang, ed->slug};
    if (!sql_moved_drop(s->tx, &drop, NULL, e))
        return false;
    if (s->is_new_edition || str_eq(s->before.slug, ed->slug))
        return true;
    struct moved_put_in put = {s->d->site.id.v, ed->lang, s->before.slug, s->article};
    return sql_moved_put(s->tx, &put, NULL, e);
}

static bool edition_put(const struct saving *s, struct err *e)
{
    const struct edition *ed = s->edition;
    struct edition_put_in in = {.site = s->d->site.id.v,
                                .article = s->article,
                                .lang = ed->lang,
                                .slug = ed->slug,
                                .section = ed->section,
                                .published_s = ed->published_s,
                                .updated_s = ed->updated_s,
                                .wish_mode = wish_mode(s->wish),
                                .wish_closes_s = s->wish->closes_s,
                                .source = hash_str(&ed->source),
                                .headline = ed->headline,
                                .dateline = ed->dateline,
                                .standfirst = ed->standfirst,
                                .body = ed->body};
    return sql_edition_put(s->tx, &in, NULL, e);
}

bool edition_save(const struct domain *d, struct tx *tx, const struct edition *edition,
                  const struct conversation_wish *wish, enum saved *ret_saved, struct err *e)
{
    struct saving s = {.d = d, .tx = tx, .edition = edition, .wish = wish};
    if (!edition_check(d, edition, wish, e) || !before_get(&s, e))
        return false;
    if (!s.is_new_edition && str_eq(s.before.source, hash_str(&edition->source))) {
        *ret_saved = SAVED_SAME;
        return true;
    }
    if (!section_check(&s, e) || !slug_check(&s, e) || !pictures_check(&s, e))
        return false;
    if (!(s.is_new_article ? article_make(&s, e) : thread_touch(&s, e)) || !slug_put(&s, e) ||
        !edition_put(&s, e) || !byline_put(&s, e) || !pictures_put(&s, e))
        return false;
    *ret_saved = s.is_new_edition ? SAVED_NEW : SAVED_CHANGED;
    return true;
}

bool edition_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                  struct err *e)
{
    struct article_by_key_in by_key = {d->site.id.v, key};
    struct article_by_key_out article;
    bool found;
    int64_t dropped = 0;
    if (!sql_article_by_key(tx, &by_key, &article, &found, e))
        return false;
    struct edition_drop_in in = {d->site.id.v, found ? article.id : 0, lang};
    if (found && !sql_edition_drop(tx, &in, &dropped, e))
        return false;
    if (dropped == 0)
        return err_set(e, ERR_MISSING, 0, "no edition (" STR_FMT ") of article \"" STR_FMT "\"",
                       STR_ARG(lang), STR_ARG(key));
    struct byline_clear_in byline = {d->site.id.v, article.id, lang};
    struct edition_picture_clear_in pictures = {d->site.id.v, article.id, lang};
    struct thread_delta delta = {.revs = 1};
    return sql_byline_clear(tx, &byline, NULL, e) &&
           sql_edition_picture_clear(tx, &pictures, NULL, e) &&
           thread_change(d, tx, (struct thread_id){article.id}, &delta, e);
}
