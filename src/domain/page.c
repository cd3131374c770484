#include "domain/conversation.h"
#include "domain/inner.h"

/* Comments as they came from the database, in the order of the page. */
struct rows {
    struct comment *items;
    size_t n;
    size_t capacity;
};

#define ROWS_PUT(a, to, from, n_from)                                                              \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < (n_from); i_++)                                                   \
            *ARENA_PUSH((a), (to)->items, (to)->n, (to)->capacity) = COMMENT_OF_ROW((from)[i_]);   \
    } while (0)

/* A page under construction. */
struct reading {
    const struct domain *d;
    struct tx *tx;
    const struct page_query *q;
    int64_t max; /* one more than the page holds: whether there is more */
    struct rows rows;
};

static bool range_down(struct reading *r, struct str above, struct str below, struct err *e)
{
    struct range_down_in in = {r->d->site.id.v, r->q->thread.v, above, below,
                               r->max - (int64_t)r->rows.n};
    struct range_down_out *rows;
    size_t n;
    if (!sql_range_down(r->tx, &in, &rows, &n, e))
        return false;
    ROWS_PUT(tx_arena(r->tx), &r->rows, rows, n);
    return true;
}

static bool range_up(struct reading *r, struct str above, struct str below, struct err *e)
{
    struct range_up_in in = {r->d->site.id.v, r->q->thread.v, above, below,
                             r->max - (int64_t)r->rows.n};
    struct range_up_out *rows;
    size_t n;
    if (!sql_range_up(r->tx, &in, &rows, &n, e))
        return false;
    ROWS_PUT(tx_arena(r->tx), &r->rows, rows, n);
    return true;
}

static bool roots_down(struct reading *r, int64_t before_root, struct err *e)
{
    if ((int64_t)r->rows.n >= r->max)
        return true;
    struct roots_down_in in = {r->d->site.id.v, r->q->thread.v, before_root,
                               r->max - (int64_t)r->rows.n};
    struct roots_down_out *rows;
    size_t n;
    if (!sql_roots_down(r->tx, &in, &rows, &n, e))
        return false;
    ROWS_PUT(tx_arena(r->tx), &r->rows, rows, n);
    return true;
}

static bool roots_up(struct reading *r, int64_t after_root, struct err *e)
{
    if ((int64_t)r->rows.n >= r->max)
        return true;
    struct roots_up_in in = {r->d->site.id.v, r->q->thread.v, after_root,
                             r->max - (int64_t)r->rows.n};
    struct roots_up_out *rows;
    size_t n;
    if (!sql_roots_up(r->tx, &in, &rows, &n, e))
        return false;
    ROWS_PUT(tx_arena(r->tx), &r->rows, rows, n);
    return true;
}

/* The bound above all that belongs to the thread of a comment. */
static struct str thread_end(struct arena *a, struct str path)
{
    return path_end(a, path_head(path));
}

/* Forward from q->after, or from the beginning. */
static bool read_after(struct reading *r, struct err *e)
{
    const struct place *p = &r->q->after;
    struct arena *a = tx_arena(r->tx);
    if (r->q->order == ORDER_OLDEST)
        return range_down(r, p->is_set ? p->path : STR_NONE, PATH_AFTER_ALL, e);
    if (p->is_set && !range_down(r, p->path, thread_end(a, p->path), e))
        return false;
    return roots_down(r, p->is_set ? p->root : COMMENT_NUMBER_MAX + 1, e);
}

/* Backward from q->before; the rows are turned round at the end. */
static bool read_before(struct reading *r, struct err *e)
{
    const struct place *p = &r->q->before;
    if (r->q->order == ORDER_OLDEST)
        return range_up(r, STR_NONE, p->path, e);
    struct arena *a = tx_arena(r->tx);
    struct str above = p->root > 1 ? path_end(a, path_root(a, p->root - 1)) : STR_NONE;
    if (!range_up(r, above, p->path, e))
        return false;
    return roots_up(r, p->root, e);
}

static void turn_round(struct comment *items, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct comment c = items[i];
        items[i] = items[n - 1 - i];
        items[n - 1 - i] = c;
    }
}

/* The reading order: negative, 0 or positive. */
static int order_compare(enum order order, const struct comment *a, const struct comment *b)
{
    int64_t root_a = root_number(a->path), root_b = root_number(b->path);
    if (order == ORDER_NEWEST && root_a != root_b)
        return root_a > root_b ? -1 : 1;
    return str_cmp(a->path, b->path);
}

static struct comment comment_at(const struct place *p)
{
    return (struct comment){.path = p->path};
}

/*
 * Whether what the viewer wrote belongs on this page rather than on the one before or after: pages
 * read forward take what comes behind the last comment of the page before them, pages read
 * backward what comes behind their first.
 */
static bool is_on_page(const struct page_query *q, const struct rows *page, bool more,
                       const struct comment *c)
{
    if (q->before.is_set) {
        struct comment end = comment_at(&q->before);
        if (order_compare(q->order, c, &end) >= 0)
            return false;
        return !more || page->n == 0 || order_compare(q->order, c, &page->items[0]) > 0;
    }
    if (q->after.is_set) {
        struct comment begin = comment_at(&q->after);
        if (order_compare(q->order, c, &begin) <= 0)
            return false;
    }
    return !more || page->n == 0 || order_compare(q->order, c, &page->items[page->n - 1]) < 0;
}

#define OWN_MAX 50

/* Puts what the viewer wrote and is not public where it will stand. */
static bool own_merge(struct reading *r, bool more, struct comment_page *page, struct err *e)
{
    struct own_unplaced_in in = {r->d->site.id.v, commenter_str(r->q->viewer), r->q->thread.v,
                                 tx_now_s(r->tx), OWN_MAX};
    struct own_unplaced_out *rows;
    size_t n_rows;
    if (!sql_own_unplaced(r->tx, &in, &rows, &n_rows, e))
        return false;
    struct rows merged = {.items = NULL};
    struct arena *a = tx_arena(r->tx);
    for (size_t i = 0; i < r->rows.n; i++)
        *ARENA_PUSH(a, merged.items, merged.n, merged.capacity) = r->rows.items[i];
    for (size_t i = 0; i < n_rows; i++) {
        struct comment own = COMMENT_OF_ROW(rows[i]);
        if (!is_on_page(r->q, &r->rows, more, &own))
            continue;
        (void)ARENA_PUSH(a, merged.items, merged.n, merged.capacity);
        size_t at = merged.n - 1;
        for (; at > 0 && order_compare(r->q->order, &own, &merged.items[at - 1]) < 0; at--)
            merged.items[at] = merged.items[at - 1];
        merged.items[at] = own;
    }
    page->comments = merged.items;
    page->n = merged.n;
    return true;
}

static struct place place_of(const struct comment *c)
{
    return (struct place){.is_set = true, .root = root_number(c->path), .path = c->path};
}

bool comment_page_get(const struct domain *d, struct tx *tx, const struct page_query *q,
                      struct comment_page *ret_page, struct err *e)
{
    struct reading r = {.d = d, .tx = tx, .q = q, .max = (int64_t)q->max + 1};
    bool backward = q->before.is_set;
    if (!(backward ? read_before(&r, e) : read_after(&r, e)))
        return false;
    bool more = r.rows.n > q->max;
    if (more)
        r.rows.n = q->max;
    if (backward)
        turn_round(r.rows.items, r.rows.n);

    struct comment_page page = {.comments = r.rows.items, .n = r.rows.n};
    if (r.rows.n > 0 && (backward ? more : q->after.is_set))
        page.before = place_of(&r.rows.items[0]);
    if (r.rows.n > 0 && (backward || more))
        page.after = place_of(&r.rows.items[r.rows.n - 1]);
    if (q->viewer && (!own_merge(&r, more, &page, e) ||
                      !kept_words_mark(d, tx, page.comments, page.n, q->viewer, e)))
        return false;
    for (size_t i = 0; i < page.n; i++)
        comment_blank(&page.comments[i], q->viewer);
    *ret_page = page;
    return true;
}
