/*
 * Searching among comments: the form, and how many it found; the same of any other filter.
 */
#include "domain/search.h"
#include "web/address.h"
#include "web/console.h"

/* "12 comments found", "More than 1,000 comments found", or so many as were looked at. */
static struct str found_text(struct request *rq, const struct queue_found *found)
{
    if (found->n > QUEUE_COUNT_MAX)
        return i18n_fill(rq->arena, rq->words, T_MOD_FOUND_MANY,
                         i18n_number(rq->arena, rq->words, QUEUE_COUNT_MAX), STR_NONE);
    return i18n_count(rq->arena, rq->words, found->is_exact ? T_MOD_FOUND : T_MOD_FOUND_SO_FAR,
                      found->n);
}

/* What the frame has counted already. */
static bool is_counted(struct request *rq, const struct frame *f, const struct queue_filter *filter,
                       struct queue_found *ret_found)
{
    const struct queue_filter plain = {.which = filter->which};
    if (!str_eq(queue_filter_print(rq->arena, filter), queue_filter_print(rq->arena, &plain)) ||
        (filter->which != QUEUE_REPORTED && filter->which != QUEUE_OPINION))
        return false;
    ret_found->n = filter->which == QUEUE_REPORTED ? f->waiting.reported : f->waiting.opinions;
    ret_found->is_exact = ret_found->n <= QUEUE_COUNT_MAX;
    return true;
}

bool fill_found(struct request *rq, struct tx *tx, const struct frame *f,
                const struct queue_filter *filter, struct str *ret_text, struct err *e)
{
    struct queue_found found;
    *ret_text = STR_NONE;
    if (filter->words.n > 0 || queue_filter_print(rq->arena, filter).n == 0)
        return true;
    if (!is_counted(rq, f, filter, &found) &&
        !queue_filter_count(rq->web->o.domain, tx, filter, &found, e))
        return false;
    *ret_text = found_text(rq, &found);
    return true;
}

static struct str prepared_text(struct request *rq)
{
    struct search_progress p = search_progress(rq->web->o.domain->search);
    if (p.is_whole)
        return STR_NONE;
    int64_t total = p.total > p.done ? p.total : p.done;
    return i18n_fill(rq->arena, rq->words, T_MOD_SEARCH_PREPARED,
                     i18n_number(rq->arena, rq->words, p.done),
                     i18n_number(rq->arena, rq->words, total));
}

bool fill_search(struct request *rq, struct tx *tx, const struct queue_filter *filter, bool first,
                 const struct search_view **ret_search, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct queue_filter rest = *filter;
    struct queue_found found;
    *ret_search = NULL;
    if (!d->search)
        return true;
    struct search_view *v = ARENA_NEW(rq->arena, struct search_view);
    rest.words = STR_NONE;
    v->action = STR("/mod");
    v->words = filter->words;
    v->all_address = address_queue(rq->arena, &rest);
    if (filter->words.n == 0) /* who begins to search does not think of what waits alone */
        rest.which = QUEUE_ALL;
    v->kept = fill_filter_fields(rq, &rest, &v->n_kept);
    v->note_text = prepared_text(rq);
    *ret_search = v;
    if (filter->words.n == 0)
        return true;
    if (search_query_of(rq->arena, filter->words).n_terms == 0) {
        v->note_text = i18n_text(rq->words, T_MOD_SEARCH_NO_WORD);
        return true;
    }
    if (first) {
        if (!queue_filter_count(d, tx, filter, &found, e))
            return false;
        v->found_text = found_text(rq, &found);
    }
    return true;
}
