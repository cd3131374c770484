#include "domain/articles.h"
#include "domain/inner.h"
#include "text/slug.h"

#define SECTION_OF_ROW(lang_, r)                                                                   \
    ((struct section){.key = (r).key,                                                              \
                      .lang = (lang_),                                                             \
                      .slug = (r).slug,                                                            \
                      .name = (r).name,                                                            \
                      .about = (r).about,                                                          \
                      .source = hash_of_blob((r).source)})

static bool section_check(const struct domain *d, const struct section *given, struct err *e)
{
    bool is_language = false;
    for (size_t i = 0; i < d->site.n_languages; i++)
        is_language = is_language || str_eq(d->site.languages[i], given->lang);
    if (!is_language || !slug_is_valid(given->key) || !slug_is_valid(given->slug))
        return err_set(e, ERR_INVALID, 0,
                       "section \"" STR_FMT "\" (" STR_FMT "): the key, the slug \"" STR_FMT
                       "\" or the language is not possible",
                       STR_ARG(given->key), STR_ARG(given->lang), STR_ARG(given->slug));
    return true;
}

bool section_save(const struct domain *d, struct tx *tx, const struct section *section,
                  enum saved *ret_saved, struct err *e)
{
    struct section_saved_in saved_in = {d->site.id.v, section->lang, section->key};
    struct section_saved_out saved;
    struct section_slug_owner_in owner_in = {d->site.id.v, section->lang, section->slug};
    struct section_slug_owner_out owner;
    bool found, taken;
    if (!section_check(d, section, e) || !sql_section_saved(tx, &saved_in, &saved, &found, e))
        return false;
    if (found && str_eq(saved.source, hash_str(&section->source))) {
        *ret_saved = SAVED_SAME;
        return true;
    }
    if (!sql_section_slug_owner(tx, &owner_in, &owner, &taken, e))
        return false;
    if (taken && !str_eq(owner.key, section->key))
        return err_set(e, ERR_CONFLICT, 0,
                       "the slug \"" STR_FMT "\" (" STR_FMT ") of section \"" STR_FMT
                       "\" is taken by \"" STR_FMT "\"",
                       STR_ARG(section->slug), STR_ARG(section->lang), STR_ARG(section->key),
                       STR_ARG(owner.key));
    struct section_put_in in = {.site = d->site.id.v,
                                .lang = section->lang,
                                .key = section->key,
                                .slug = section->slug,
                                .name = section->name,
                                .about = section->about,
                                .source = hash_str(&section->source)};
    if (!sql_section_put(tx, &in, NULL, e))
        return false;
    *ret_saved = found ? SAVED_CHANGED : SAVED_NEW;
    return true;
}

bool section_drop(const struct domain *d, struct tx *tx, struct str key, struct str lang,
                  struct err *e)
{
    struct section_drop_in in = {d->site.id.v, lang, key};
    int64_t dropped;
    if (!sql_section_drop(tx, &in, &dropped, e))
        return false;
    return dropped > 0 || err_set(e, ERR_MISSING, 0, "no such section");
}

bool section_list(const struct domain *d, struct tx *tx, struct str lang,
                  struct section **ret_sections, size_t *ret_n, struct err *e)
{
    struct section_list_in in = {d->site.id.v, lang};
    struct section_list_out *rows;
    size_t n;
    if (!sql_section_list(tx, &in, &rows, &n, e))
        return false;
    struct section *items = ARENA_ARRAY(tx_arena(tx), struct section, n);
    struct str copy = arena_copy(tx_arena(tx), lang);
    for (size_t i = 0; i < n; i++)
        items[i] = SECTION_OF_ROW(copy, rows[i]);
    *ret_sections = items;
    *ret_n = n;
    return true;
}

bool section_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                 struct section *ret_section, struct err *e)
{
    struct section_by_slug_in in = {d->site.id.v, lang, slug};
    struct section_by_slug_out row;
    bool found;
    if (!sql_section_by_slug(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such section");
    *ret_section = SECTION_OF_ROW(arena_copy(tx_arena(tx), lang), row);
    return true;
}

bool section_get_by_key(const struct domain *d, struct tx *tx, struct str lang, struct str key,
                        struct section *ret_section, struct err *e)
{
    struct section_by_key_in in = {d->site.id.v, lang, key};
    struct section_by_key_out row;
    bool found;
    if (!sql_section_by_key(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such section");
    *ret_section = SECTION_OF_ROW(arena_copy(tx_arena(tx), lang), row);
    return true;
}

bool section_links(const struct domain *d, struct tx *tx, struct str key,
                   struct edition_link **ret_links, size_t *ret_n, struct err *e)
{
    struct section_links_in in = {d->site.id.v, key};
    struct section_links_out *rows;
    size_t n;
    if (!sql_section_links(tx, &in, &rows, &n, e))
        return false;
    struct edition_link *links = ARENA_ARRAY(tx_arena(tx), struct edition_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct edition_link){rows[i].lang, rows[i].slug, rows[i].name};
    links_sort(d, links, n);
    *ret_links = links;
    *ret_n = n;
    return true;
}
