#include "domain/articles.h"
#include "domain/inner.h"

static bool byline_get(const struct domain *d, struct tx *tx, struct edition *ed, struct err *e)
{
    struct byline_get_in in = {d->site.id.v, ed->article.v, ed->lang};
    struct byline_get_out *rows;
    size_t n;
    if (!sql_byline_get(tx, &in, &rows, &n, e))
        return false;
    struct byline_entry *entries = ARENA_ARRAY(tx_arena(tx), struct byline_entry, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct byline_entry){rows[i].author, rows[i].name};
    ed->byline = entries;
    ed->n_byline = n;
    return true;
}

void picture_widths(struct arena *a, struct str widths, struct picture *p)
{
    int64_t *items = NULL;
    size_t n = 0, capacity = 0;
    struct str part;
    while (str_next(&widths, ' ', &part)) {
        int64_t width;
        if (str_to_int64(part, 1, INT32_MAX, &width))
            *ARENA_PUSH(a, items, n, capacity) = width;
    }
    p->widths = items;
    p->n_widths = n;
}

static bool pictures_get(const struct domain *d, struct tx *tx, struct edition *ed, struct err *e)
{
    struct edition_picture_get_in in = {d->site.id.v, ed->article.v, ed->lang};
    struct edition_picture_get_out *rows;
    size_t n;
    if (!sql_edition_picture_get(tx, &in, &rows, &n, e))
        return false;
    struct picture *pictures = ARENA_ARRAY(tx_arena(tx), struct picture, n);
    for (size_t i = 0; i < n; i++) {
        pictures[i] = PICTURE_OF_ROW(rows[i], rows[i].width, rows[i].height);
        picture_widths(tx_arena(tx), rows[i].widths, &pictures[i]);
    }
    ed->pictures = pictures;
    ed->n_pictures = n;
    return true;
}

bool edition_get(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                 struct edition *ret_edition, struct err *e)
{
    struct edition_by_slug_in in = {d->site.id.v, lang, slug, tx_now_s(tx)};
    struct edition_by_slug_out row;
    bool found;
    if (!sql_edition_by_slug(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such edition");
    struct edition ed = {.article = {row.article},
                         .key = row.key,
                         .lang = arena_copy(tx_arena(tx), lang),
                         .slug = arena_copy(tx_arena(tx), slug),
                         .headline = row.headline,
                         .standfirst = row.standfirst,
                         .dateline = row.dateline,
                         .section = row.section,
                         .body = row.body,
                         .published_s = row.published_s,
                         .updated_s = row.updated_s,
                         .source = hash_of_blob(row.source)};
    if (!byline_get(d, tx, &ed, e) || !pictures_get(d, tx, &ed, e))
        return false;
    *ret_edition = ed;
    return true;
}

bool edition_find(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                  struct thread_id *ret_article, struct err *e)
{
    struct edition_find_in in = {d->site.id.v, lang, slug, tx_now_s(tx)};
    struct edition_find_out row;
    bool found;
    if (!sql_edition_find(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such edition");
    ret_article->v = row.article;
    return true;
}

/* Where a language stands among the site's. */
static size_t language_rank(const struct domain *d, struct str lang)
{
    size_t i = 0;
    while (i < d->site.n_languages && !str_eq(d->site.languages[i], lang))
        i++;
    return i;
}

void links_sort(const struct domain *d, struct edition_link *links, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct edition_link link = links[i];
        size_t at = i;
        for (; at > 0 && language_rank(d, link.lang) < language_rank(d, links[at - 1].lang); at--)
            links[at] = links[at - 1];
        links[at] = link;
    }
}

bool edition_links(const struct domain *d, struct tx *tx, struct thread_id article,
                   struct edition_link **ret_links, size_t *ret_n, struct err *e)
{
    struct edition_links_in in = {d->site.id.v, article.v, tx_now_s(tx)};
    struct edition_links_out *rows;
    size_t n;
    if (!sql_edition_links(tx, &in, &rows, &n, e))
        return false;
    struct edition_link *links = ARENA_ARRAY(tx_arena(tx), struct edition_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct edition_link){rows[i].lang, rows[i].slug, rows[i].headline};
    links_sort(d, links, n);
    *ret_links = links;
    *ret_n = n;
    return true;
}

bool edition_moved(const struct domain *d, struct tx *tx, struct str lang, struct str slug,
                   struct str *ret_slug, struct err *e)
{
    struct moved_find_in in = {d->site.id.v, lang, slug, tx_now_s(tx)};
    struct moved_find_out row;
    bool found;
    if (!sql_moved_find(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no edition ever had this slug");
    *ret_slug = row.slug;
    return true;
}

bool edition_next(const struct domain *d, struct tx *tx, int64_t *ret_at_s, struct err *e)
{
    struct edition_next_in in = {d->site.id.v, tx_now_s(tx)};
    struct edition_next_out row;
    if (!sql_edition_next(tx, &in, &row, e))
        return false;
    *ret_at_s = row.at_s.is_set ? row.at_s.v : 0;
    return true;
}

bool edition_list(const struct domain *d, struct tx *tx, struct edition_name **ret_names,
                  size_t *ret_n, struct err *e)
{
    struct edition_list_in in = {d->site.id.v};
    struct edition_list_out *rows;
    size_t n;
    if (!sql_edition_list(tx, &in, &rows, &n, e))
        return false;
    struct edition_name *names = ARENA_ARRAY(tx_arena(tx), struct edition_name, n);
    for (size_t i = 0; i < n; i++)
        names[i] = (struct edition_name){rows[i].key, rows[i].lang, rows[i].slug};
    *ret_names = names;
    *ret_n = n;
    return true;
}
