#include "base/buf.h"
#include "domain/articles.h"
#include "domain/inner.h"

/* A list of cards under construction: one more than asked for, to know whether there is more. */
struct dealing {
    const struct domain *d;
    struct tx *tx;
    const struct card_query *q;
    int64_t before_s, before_article;
    int64_t max;
    struct edition_card *cards;
    size_t n;
};

/* A row with the columns that all statements of cards.sql give. */
#define CARD_OF_ROW(lang_, r)                                                                      \
    ((struct edition_card){.article = {(r).article},                                               \
                           .lang = (lang_),                                                        \
                           .slug = (r).slug,                                                       \
                           .headline = (r).headline,                                               \
                           .standfirst = (r).standfirst,                                           \
                           .dateline = (r).dateline,                                               \
                           .section = (r).section,                                                 \
                           .published_s = (r).published_s,                                         \
                           .updated_s = (r).updated_s,                                             \
                           .comments = (r).placed})

#define DEAL(deal, rows, n_rows)                                                                   \
    do {                                                                                           \
        struct arena *a_ = tx_arena((deal)->tx);                                                   \
        struct str lang_ = arena_copy(a_, (deal)->q->lang);                                        \
        (deal)->cards = ARENA_ARRAY(a_, struct edition_card, (n_rows));                            \
        (deal)->n = (n_rows);                                                                      \
        for (size_t i_ = 0; i_ < (n_rows); i_++) {                                                 \
            (deal)->cards[i_] = CARD_OF_ROW(lang_, (rows)[i_]);                                    \
            if (!(rows)[i_].hash.p)                                                                \
                continue;                                                                          \
            struct picture *p_ = ARENA_NEW(a_, struct picture);                                    \
            *p_ = PICTURE_OF_ROW((rows)[i_], (rows)[i_].width.v, (rows)[i_].height.v);             \
            picture_widths(a_, (rows)[i_].widths, p_);                                             \
            (deal)->cards[i_].lead = p_;                                                           \
        }                                                                                          \
    } while (0)

static bool deal_newest(struct dealing *deal, struct err *e)
{
    struct card_newest_in in = {.site = deal->d->site.id.v,
                                .lang = deal->q->lang,
                                .before_s = deal->before_s,
                                .before_article = deal->before_article,
                                .max = deal->max};
    struct card_newest_out *rows;
    size_t n;
    if (!sql_card_newest(deal->tx, &in, &rows, &n, e))
        return false;
    DEAL(deal, rows, n);
    return true;
}

static bool deal_section(struct dealing *deal, struct err *e)
{
    struct card_of_section_in in = {.site = deal->d->site.id.v,
                                    .lang = deal->q->lang,
                                    .section = deal->q->section,
                                    .before_s = deal->before_s,
                                    .before_article = deal->before_article,
                                    .max = deal->max};
    struct card_of_section_out *rows;
    size_t n;
    if (!sql_card_of_section(deal->tx, &in, &rows, &n, e))
        return false;
    DEAL(deal, rows, n);
    return true;
}

static bool deal_author(struct dealing *deal, struct err *e)
{
    struct card_of_author_in in = {.site = deal->d->site.id.v,
                                   .lang = deal->q->lang,
                                   .author = deal->q->author,
                                   .before_s = deal->before_s,
                                   .before_article = deal->before_article,
                                   .max = deal->max};
    struct card_of_author_out *rows;
    size_t n;
    if (!sql_card_of_author(deal->tx, &in, &rows, &n, e))
        return false;
    DEAL(deal, rows, n);
    return true;
}

/* The bylines of all cards at once. */
static bool deal_bylines(struct dealing *deal, struct err *e)
{
    if (deal->n == 0)
        return true;
    struct arena *a = tx_arena(deal->tx);
    int64_t *ids = ARENA_ARRAY(a, int64_t, deal->n);
    for (size_t i = 0; i < deal->n; i++)
        ids[i] = deal->cards[i].article.v;
    struct card_bylines_in in = {deal->d->site.id.v, deal->q->lang, ids_json(a, ids, deal->n)};
    struct card_bylines_out *rows;
    size_t n;
    if (!sql_card_bylines(deal->tx, &in, &rows, &n, e))
        return false;
    struct byline_entry *entries = ARENA_ARRAY(a, struct byline_entry, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct byline_entry){rows[i].author, rows[i].name};
    for (size_t c = 0; c < deal->n; c++) {
        struct edition_card *card = &deal->cards[c];
        for (size_t i = 0; i < n; i++) {
            if (rows[i].article != card->article.v)
                continue;
            if (card->n_byline++ == 0)
                card->byline = &entries[i];
        }
    }
    return true;
}

bool card_list(const struct domain *d, struct tx *tx, const struct card_query *q,
               struct card_page *ret_page, struct err *e)
{
    size_t max = q->max > CARDS_MAX ? CARDS_MAX : q->max;
    int64_t now_s = tx_now_s(tx);
    bool from_newest = q->before_s == 0 || q->before_s > now_s;
    struct dealing deal = {.d = d,
                           .tx = tx,
                           .q = q,
                           .before_s = from_newest ? now_s : q->before_s,
                           .before_article = from_newest ? INT64_MAX : q->before_article.v,
                           .max = (int64_t)max + 1};
    bool good = q->author.n > 0    ? deal_author(&deal, e)
                : q->section.n > 0 ? deal_section(&deal, e)
                                   : deal_newest(&deal, e);
    if (!good)
        return false;
    bool more = deal.n > max;
    if (more)
        deal.n = max;
    if (!deal_bylines(&deal, e))
        return false;
    *ret_page = (struct card_page){deal.cards, deal.n, more};
    return true;
}

bool author_get(const struct domain *d, struct tx *tx, struct str lang, struct str key,
                struct str *ret_name, struct err *e)
{
    struct author_name_in in = {d->site.id.v, key, lang, tx_now_s(tx)};
    struct author_name_out row;
    bool found;
    if (!sql_author_name(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such author in this language");
    *ret_name = row.name;
    return true;
}

/* The site's languages as a JSON list; tags need no escapes, settings are checked for that. */
static struct str languages_json(const struct domain *d, struct arena *a)
{
    struct buf b = buf_in(a, d->site.n_languages * 40 + 2);
    buf_char(&b, '[');
    for (size_t i = 0; i < d->site.n_languages; i++)
        buf_printf(&b, "%s\"" STR_FMT "\"", i > 0 ? "," : "", STR_ARG(d->site.languages[i]));
    buf_char(&b, ']');
    return buf_str(&b);
}

bool author_links(const struct domain *d, struct tx *tx, struct str key,
                  struct edition_link **ret_links, size_t *ret_n, struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct author_names_in in = {d->site.id.v, key, languages_json(d, a), tx_now_s(tx)};
    struct author_names_out *rows;
    size_t n_rows, n = 0;
    if (!sql_author_names(tx, &in, &rows, &n_rows, e))
        return false;
    struct edition_link *links = ARENA_ARRAY(a, struct edition_link, n_rows);
    struct str slug = arena_copy(a, key);
    for (size_t i = 0; i < n_rows; i++)
        if (rows[i].name.p)
            links[n++] = (struct edition_link){rows[i].lang, slug, rows[i].name};
    links_sort(d, links, n);
    *ret_links = links;
    *ret_n = n;
    return true;
}
