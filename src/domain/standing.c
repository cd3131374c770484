#include "domain/articles.h"
#include "domain/inner.h"
#include "text/slug.h"

#define STANDING_OF_ROW(lang_, r)                                                                  \
    ((struct standing){.key = (r).key,                                                             \
                       .lang = (lang_),                                                            \
                       .slug = (r).slug,                                                           \
                       .title = (r).title,                                                         \
                       .body = (r).body,                                                           \
                       .source = hash_of_blob((r).source)})

static bool standing_check(const struct domain *d, const struct standing *given, struct err *e)
{
    bool is_language = false;
    for (size_t i = 0; i < d->site.n_languages; i++)
        is_language = is_language || str_eq(d->site.languages[i], given->lang);
    if (!is_language || !slug_is_valid(given->key) || !slug_is_valid(given->slug))
        return err_set(e, ERR_INVALID, 0,
                       "standing page \"" STR_FMT "\" (" STR_FMT "): the key, the slug \"" STR_FMT
                       "\" or the language is not possible",
                       STR_ARG(given->key), STR_ARG(given->lang), STR_ARG(given->slug));
    return true;
}

bool standing_save(const struct domain *d, struct tx *tx, const struct standing *page,
                   enum saved *ret_saved, struct err *e)
{
    struct standing_saved_in saved_in = {d->site.id.v, page->lang, page->key};
    struct standing_saved_out saved;
    struct standing_slug_owner_in owner_in = {d->site.id.v, page->lang, page->slug};
    struct standing_slug_owner_out owner;
    bool found, taken;
    if (!standing_check(d, page, e) || !sql_standing_saved(tx, &saved_in, &saved, &found, e))
        return false;
    if (found && str_eq(saved.source, hash_str(&page->source))) {
        *ret_saved = SAVED_SAME;
        return true;
    }
    if (!sql_standing_slug_owner(tx, &owner_in, &owner, &taken, e))
        return false;
    if (taken && !str_eq(owner.key, page->key))
        return err_set(e, ERR_CONFLICT, 0,
                       "the slug \"" STR_FMT "\" (" STR_FMT ") of standing page \"" STR_FMT
                       "\" is taken by \"" STR_FMT "\"",
                       STR_ARG(page->slug), STR_ARG(page->lang), STR_ARG(page->key),
                       STR_ARG(owner.key));
    struct standing_put_in in = {.site = d->site.id.v,
                                 .lang = page->lang,
                                 .key = page->key,
                                 .slug = page->slug,
                                 .title = page->title,
                                 .body = page->body,
                                 .source = hash_str(&page->source)};
    if (!sql_standing_put(tx, &in, NULL, e))
        return false;
    *ret_saved = found ? SAVED_CHANGED : SAVED_NEW;
    return true;
}

bool standing_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                   struct err *e)
{
    struct standing_drop_in in = {d->site.id.v, lang, key};
    int64_t dropped;
    if (!sql_standing_drop(tx, &in, &dropped, e))
        return false;
    return dropped > 0 || err_set(e, ERR_MISSING, 0, "no such standing page");
}

bool standing_list(const struct domain *d, struct tx *tx, struct str lang,
                   struct standing **ret_pages, size_t *ret_n, struct err *e)
{
    struct standing_list_in in = {d->site.id.v, lang};
    struct standing_list_out *rows;
    size_t n;
    if (!sql_standing_list(tx, &in, &rows, &n, e))
        return false;
    struct standing *items = ARENA_ARRAY(tx_arena(tx), struct standing, n);
    struct str copy = arena_copy(tx_arena(tx), lang);
    for (size_t i = 0; i < n; i++)
        items[i] = STANDING_OF_ROW(copy, rows[i]);
    *ret_pages = items;
    *ret_n = n;
    return true;
}

bool standing_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                  struct standing *ret_page, struct err *e)
{
    struct standing_by_slug_in in = {d->site.id.v, lang, slug};
    struct standing_by_slug_out row;
    bool found;
    if (!sql_standing_by_slug(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such standing page");
    *ret_page = STANDING_OF_ROW(arena_copy(tx_arena(tx), lang), row);
    return true;
}

bool standing_get_by_key(const struct domain *d, struct tx *tx, struct str lang, struct str key,
                         struct standing *ret_page, struct err *e)
{
    struct standing_by_key_in in = {d->site.id.v, lang, key};
    struct standing_by_key_out row;
    bool found;
    if (!sql_standing_by_key(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such standing page");
    *ret_page = STANDING_OF_ROW(arena_copy(tx_arena(tx), lang), row);
    return true;
}

bool standing_links(const struct domain *d, struct tx *tx, struct str key,
                    struct edition_link **ret_links, size_t *ret_n, struct err *e)
{
    struct standing_links_in in = {d->site.id.v, key};
    struct standing_links_out *rows;
    size_t n;
    if (!sql_standing_links(tx, &in, &rows, &n, e))
        return false;
    struct edition_link *links = ARENA_ARRAY(tx_arena(tx), struct edition_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct edition_link){rows[i].lang, rows[i].slug, rows[i].title};
    links_sort(d, links, n);
    *ret_links = links;
    *ret_n = n;
    return true;
}
