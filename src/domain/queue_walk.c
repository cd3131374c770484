#include "domain/queue_walk.h"

#include <stdlib.h>

#include "domain/search.h"

#define CHUNK 500         /* rows read at once where only some will fit */
#define SEARCH_CHUNK 2500 /* of a search, which begins anew with each */

/* A row of an index: where it stands in its order, and the comment. */
struct spot {
    int64_t at_s, id;
};
struct spots {
    struct spot *items;
    size_t n;
};

/* One read of an index. */
struct drive {
    const struct domain *d;
    struct tx *tx;
    const struct queue_filter *f;
    enum comment_state state;
    int64_t after_s, after;   /* going up: 0 is the start */
    int64_t before_s, before; /* going down: the start is the end of all numbers */
    int64_t max;
};
typedef bool driver(const struct drive *r, struct spots *ret, struct err *e);

#define SITE r->d->site.id.v
#define DRIVER(statement, ...)                                                                     \
    static bool drive_##statement(const struct drive *r, struct spots *ret, struct err *e)         \
    {                                                                                              \
        struct statement##_in in = {__VA_ARGS__};                                                  \
        struct statement##_out *rows;                                                              \
        if (!sql_##statement(r->tx, &in, &rows, &ret->n, e))                                       \
            return false;                                                                          \
        ret->items = ARENA_ARRAY(tx_arena(r->tx), struct spot, ret->n);                            \
        for (size_t i = 0; i < ret->n; i++)                                                        \
            ret->items[i] = (struct spot){rows[i].at_s, rows[i].id};                               \
        return true;                                                                               \
    }
DRIVER(queue_oldest, SITE, r->state, r->after_s, r->after, r->max)
DRIVER(queue_newest, SITE, r->state, r->before_s, r->before, r->max)
DRIVER(queue_reported, SITE, r->after_s, r->after, r->max)
DRIVER(queue_asked, SITE, r->after_s, r->after, r->max)
DRIVER(queue_featured, SITE, r->before_s, r->before, r->max)
DRIVER(queue_of_commenter, SITE, commenter_str(&r->f->commenter), r->before_s, r->before, r->max)
DRIVER(queue_of_campaign, SITE, r->f->campaign.v, r->after, r->max)
DRIVER(queue_aside_oldest, SITE, r->f->thread.v, r->state, r->after, r->max)
DRIVER(queue_aside_newest, SITE, r->f->thread.v, r->state, r->before, r->max)
DRIVER(queue_public, SITE, r->f->thread.v, r->before, r->max)

static bool drive_queue_of_thread(const struct drive *r, struct spots *ret, struct err *e)
{
    int64_t above = comment_id_of(r->f->thread, 0).v;
    int64_t end = above + COMMENT_NUMBER_MAX + 1;
    struct queue_of_thread_in in = {SITE, above, r->before < end ? r->before : end, r->max};
    struct queue_of_thread_out *rows;
    if (!sql_queue_of_thread(r->tx, &in, &rows, &ret->n, e))
        return false;
    ret->items = ARENA_ARRAY(tx_arena(r->tx), struct spot, ret->n);
    for (size_t i = 0; i < ret->n; i++)
        ret->items[i] = (struct spot){rows[i].at_s, rows[i].id};
    return true;
}

/* The newest with some words; in their order a place stands for the time. */
static bool drive_search(const struct drive *r, struct spots *ret, struct err *e)
{
    struct arena *a = tx_arena(r->tx);
    struct search_query q = search_query_of(a, r->f->words);
    struct search_found found;
    const struct search_want want = {&q, r->before_s, r->max};
    if (!search_find(r->d, a, &want, &found, e))
        return false;
    ret->items = ARENA_ARRAY(a, struct spot, found.n);
    ret->n = found.n;
    for (size_t i = 0; i < found.n; i++)
        ret->items[i] = (struct spot){found.items[i].place, found.items[i].comment};
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? 1 : -1;
    return (x->id < y->id) - (x->id > y->id);
}

/* The newest in whatever state: of each so many, and of those the newest. */
static bool drive_all(const struct drive *r, struct spots *ret, struct err *e)
{
    size_t max = (size_t)r->max, n = 0;
    struct spot *all = ARENA_ARRAY(tx_arena(r->tx), struct spot, (COMMENT_WITHDRAWN + 1) * max);
    for (int state = COMMENT_HELD; state <= COMMENT_WITHDRAWN; state++) {
        struct drive one = *r;
        struct spots some;
        one.state = (enum comment_state)state;
        if (!drive_queue_newest(&one, &some, e))
            return false;
        for (size_t i = 0; i < some.n; i++)
            all[n++] = some.items[i];
    }
    qsort(all, n, sizeof *all, newest_first);
    *ret = (struct spots){all, n < max ? n : max};
    return true;
}

/* The index to walk along, and what of the filter it does not know. */
struct plan {
    driver *drive;
    struct queue_fit_in rest;
    bool has_rest;
};

static bool is_state(enum queue_which which)
{
    return which <= QUEUE_WITHDRAWN;
}

static driver *driver_of(const struct queue_filter *f)
{
    if (f->words.n)
        return drive_search;
    if (f->has_commenter)
        return drive_queue_of_commenter;
    if (f->campaign.v)
        return drive_queue_of_campaign;
    switch (f->which) {
    case QUEUE_REPORTED:
        return drive_queue_reported;
    case QUEUE_OPINION:
        return drive_queue_asked;
    case QUEUE_FEATURED:
        return drive_queue_featured;
    case QUEUE_ALL:
        return f->thread.v ? drive_queue_of_thread : drive_all;
    case QUEUE_HELD:
        return f->thread.v ? drive_queue_aside_oldest : drive_queue_oldest;
    case QUEUE_PUBLISHED:
        return f->thread.v ? drive_queue_public : drive_queue_newest;
    case QUEUE_REJECTED:
    case QUEUE_SPAM:
    case QUEUE_WITHDRAWN:
        return f->thread.v ? drive_queue_aside_newest : drive_queue_newest;
    }
    return drive_all;
}

static bool asks_anything(const struct queue_fit_in *rest)
{
    return rest->state >= 0 || rest->reported || rest->featured || rest->asked || rest->thread ||
           rest->lang.n || rest->edition.n || rest->rule.n || rest->commenter.n || rest->campaign;
}

static struct plan plan_of(const struct domain *d, const struct queue_filter *f)
{
    struct plan p = {.drive = driver_of(f)};
    bool by_commenter = p.drive == drive_queue_of_commenter;
    bool by_campaign = p.drive == drive_queue_of_campaign;
    bool by_words = p.drive == drive_search;
    bool knows_which = !by_commenter && !by_campaign && !by_words;
    bool knows_thread = knows_which && (is_state(f->which) || f->which == QUEUE_ALL);
    p.rest = (struct queue_fit_in){
        .site = d->site.id.v,
        .state = !knows_which && is_state(f->which) ? (int64_t)f->which : -1,
        .reported = !knows_which && f->which == QUEUE_REPORTED,
        .featured = !knows_which && f->which == QUEUE_FEATURED,
        .asked = !knows_which && f->which == QUEUE_OPINION,
        .thread = knows_thread ? 0 : f->thread.v,
        .lang = f->lang,
        .edition = f->edition,
        .rule = f->rule,
        .commenter = by_words && f->has_commenter ? commenter_str(&f->commenter) : STR_NONE,
        .campaign = by_campaign ? 0 : f->campaign.v,
    };
    p.has_rest = asks_anything(&p.rest);
    return p;
}

static int by_id(const void *a, const void *b)
{
    const struct queue_fit_out *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Which of them fit the rest of the filter. */
static bool fit(struct tx *tx, const struct plan *p, const struct spots *spots, bool *ret_fits,
                struct err *e)
{
    struct queue_fit_in in = p->rest;
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, spots->n);
    for (size_t i = 0; i < spots->n; i++) {
        ids[i] = spots->items[i].id;
        ret_fits[i] = !p->has_rest;
    }
    if (!p->has_rest || spots->n == 0)
        return true;
    in.ids = ids_json(tx_arena(tx), ids, spots->n);
    struct queue_fit_out *rows;
    size_t n;
    if (!sql_queue_fit(tx, &in, &rows, &n, e))
        return false;
    if (n > 0)
        qsort(rows, n, sizeof *rows, by_id);
    for (size_t i = 0; i < spots->n && n > 0; i++) {
        struct queue_fit_out key = {ids[i]};
        ret_fits[i] = bsearch(&key, rows, n, sizeof *rows, by_id) != NULL;
    }
    return true;
}

static struct drive drive_from(const struct domain *d, struct tx *tx, const struct queue_walk *w,
                               size_t max)
{
    bool is_start = w->after_s == 0 && w->after == 0;
    return (struct drive){
        .d = d,
        .tx = tx,
        .f = w->filter,
        .state = (enum comment_state)w->filter->which,
        .after_s = w->after_s,
        .after = w->after,
        .before_s = is_start ? INT64_MAX : w->after_s,
        .before = is_start ? INT64_MAX : w->after,
        .max = (int64_t)max,
    };
}

bool queue_walk_next(const struct domain *d, struct tx *tx, struct queue_walk *w, size_t max,
                     struct comment_ids *ret_ids, struct err *e)
{
    struct plan p = plan_of(d, w->filter);
    size_t most = p.drive == drive_search ? SEARCH_CHUNK : CHUNK;
    bool *fits = ARENA_ARRAY(tx_arena(tx), bool, most);
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, max);
    size_t n = 0;
    while (n < max && !w->is_end && w->looked < w->window) {
        /* One more than is wanted tells whether anything is left. */
        size_t chunk = p.has_rest || max - n >= most ? most : max - n + 1;
        struct drive r = drive_from(d, tx, w, chunk);
        struct spots spots;
        if (!p.drive(&r, &spots, e) || !fit(tx, &p, &spots, fits, e))
            return false;
        size_t i = 0;
        for (; i < spots.n && (n < max || !fits[i]); i++) {
            w->after_s = spots.items[i].at_s;
            w->after = spots.items[i].id;
            w->looked++;
            if (fits[i])
                ids[n++] = w->after;
        }
        w->is_end = i == spots.n && spots.n < chunk;
    }
    *ret_ids = (struct comment_ids){ids, n};
    return true;
}
