#include "domain/articles.h"
#include "domain/inner.h"

#define ENTRY_OF_ROW(r)                                                                            \
    ((struct sitemap_entry){                                                                       \
        {(r).article}, (r).lang, (r).slug, (r).headline, (r).published_s, (r).updated_s})

bool sitemap_list(const struct domain *d, struct tx *tx, struct thread_id after,
                  size_t max_articles, struct sitemap *ret_sitemap, struct err *e)
{
    struct sitemap_list_in in = {.site = d->site.id.v,
                                 .after = after.v,
                                 .now_s = tx_now_s(tx),
                                 .max_articles = (int64_t)max_articles};
    struct sitemap_list_out *rows;
    size_t n;
    if (!sql_sitemap_list(tx, &in, &rows, &n, e))
        return false;
    struct sitemap_entry *entries = ARENA_ARRAY(tx_arena(tx), struct sitemap_entry, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = ENTRY_OF_ROW(rows[i]);
    *ret_sitemap = (struct sitemap){entries, n};
    return true;
}

bool sitemap_recent(const struct domain *d, struct tx *tx, int64_t since_s, size_t max,
                    struct sitemap *ret_sitemap, struct err *e)
{
    struct sitemap_recent_in in = {
        .site = d->site.id.v, .since_s = since_s, .now_s = tx_now_s(tx), .max = (int64_t)max};
    struct sitemap_recent_out *rows;
    size_t n;
    if (!sql_sitemap_recent(tx, &in, &rows, &n, e))
        return false;
    struct sitemap_entry *entries = ARENA_ARRAY(tx_arena(tx), struct sitemap_entry, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = ENTRY_OF_ROW(rows[i]);
    *ret_sitemap = (struct sitemap){entries, n};
    return true;
}

bool article_last(const struct domain *d, struct tx *tx, struct thread_id *ret_article,
                  struct err *e)
{
    struct article_last_in in = {d->site.id.v};
    struct article_last_out row;
    if (!sql_article_last(tx, &in, &row, e))
        return false;
    ret_article->v = row.id;
    return true;
}
