#include "domain/conversation.h"

#include "domain/inner.h"

bool thread_get(const struct domain *d, struct tx *tx, struct thread_id id,
                struct thread *ret_thread, struct err *e)
{
    struct thread_get_in in = {d->site.id.v, id.v};
    struct thread_get_out row;
    bool found;
    if (!sql_thread_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    *ret_thread = (struct thread){.id = id,
                                  .mode = (enum mode)row.mode,
                                  .closes_s = row.closes_s,
                                  .slow_s = row.slow_s,
                                  .placed = row.placed,
                                  .held = row.held,
                                  .yes = row.yes,
                                  .no = row.no,
                                  .rev = row.rev};
    return true;
}

bool thread_is_open(const struct thread *t, int64_t now_s, enum message *ret_why)
{
    if (t->mode != MODE_CLOSED && (t->closes_s == 0 || now_s < t->closes_s))
        return true;
    *ret_why = T_COMMENT_CLOSED;
    return false;
}

/* Whether there is such a comment for this viewer. */
static bool may_see(const struct comment *c, const struct commenter_id *viewer)
{
    return c->placed ||
           (comment_is_of(c, viewer) && (c->state != COMMENT_WITHDRAWN || c->words_kept));
}

static bool one_get(const struct domain *d, struct tx *tx, struct comment_id id,
                    const struct commenter_id *viewer, struct comment *ret_comment, struct err *e)
{
    struct comment_get_in in = {d->site.id.v, id.v};
    struct comment_get_out row;
    bool found;
    if (!sql_comment_get(tx, &in, &row, &found, e))
        return false;
    struct comment c = {.number = 0};
    if (found)
        c = COMMENT_OF_ROW(row);
    if (!kept_words_mark(d, tx, &c, 1, viewer, e))
        return false;
    if (!found || !may_see(&c, viewer))
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64 " for this viewer", id.v);
    *ret_comment = c;
    return true;
}

/* What stands above a comment, and what it answers where that stands beside it. */
static bool chain_get(const struct domain *d, struct tx *tx, struct comment_context *context,
                      struct err *e)
{
    const struct comment *c = &context->comment;
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n;
    if (!path_numbers(c->path, numbers, &n))
        return err_set(e, ERR_BROKEN, 0, "comment %" PRId64 " has a broken path", c->id.v);
    struct thread_id thread = comment_id_thread(c->id);
    int64_t ids[COMMENT_DEPTH_MAX];
    size_t n_ids = 0;
    for (size_t i = 0; i + 1 < n; i++)
        ids[n_ids++] = comment_id_of(thread, numbers[i]).v;
    if (c->parent.v != 0 && (n_ids == 0 || ids[n_ids - 1] != c->parent.v))
        ids[n_ids++] = c->parent.v;
    if (n_ids == 0)
        return true;
    struct comment_chain_in in = {d->site.id.v, ids_json(tx_arena(tx), ids, n_ids)};
    struct comment_chain_out *rows;
    size_t n_rows;
    if (!sql_comment_chain(tx, &in, &rows, &n_rows, e))
        return false;
    context->chain = ARENA_ARRAY(tx_arena(tx), struct comment, n_rows);
    for (size_t i = 0; i < n_rows; i++)
        context->chain[context->n_chain++] = COMMENT_OF_ROW(rows[i]);
    return true;
}

static bool replies_get(const struct domain *d, struct tx *tx, size_t max,
                        struct comment_context *context, struct err *e)
{
    const struct comment *c = &context->comment;
    struct arena *a = tx_arena(tx);
    struct range_down_in in = {d->site.id.v, comment_id_thread(c->id).v, c->path,
                               path_end(a, c->path), (int64_t)max + 1};
    struct range_down_out *rows;
    size_t n;
    if (!sql_range_down(tx, &in, &rows, &n, e))
        return false;
    context->more_replies = n > max;
    context->n_replies = n > max ? max : n;
    context->replies = ARENA_ARRAY(a, struct comment, context->n_replies);
    for (size_t i = 0; i < context->n_replies; i++)
        context->replies[i] = COMMENT_OF_ROW(rows[i]);
    return true;
}

bool comment_context_get(const struct domain *d, struct tx *tx, const struct context_query *q,
                         struct comment_context *ret_context, struct err *e)
{
    if (q->number < 1 || q->number > COMMENT_NUMBER_MAX)
        return err_set(e, ERR_MISSING, 0, "no comment has this number");
    struct comment_context context = {.chain = NULL};
    if (!one_get(d, tx, comment_id_of(q->thread, q->number), q->viewer, &context.comment, e) ||
        !chain_get(d, tx, &context, e) || !replies_get(d, tx, q->max, &context, e) ||
        !kept_words_mark(d, tx, context.chain, context.n_chain, q->viewer, e) ||
        !kept_words_mark(d, tx, context.replies, context.n_replies, q->viewer, e))
        return false;
    comment_blank(&context.comment, q->viewer);
    for (size_t i = 0; i < context.n_chain; i++)
        comment_blank(&context.chain[i], q->viewer);
    for (size_t i = 0; i < context.n_replies; i++)
        comment_blank(&context.replies[i], q->viewer);
    *ret_context = context;
    return true;
}

bool comment_newest(const struct domain *d, struct tx *tx, struct thread_id thread, size_t max,
                    struct comment_page *ret_page, struct err *e)
{
    struct comment_feed_in in = {d->site.id.v, thread.v, (int64_t)max};
    struct comment_feed_out *rows;
    size_t n;
    if (!sql_comment_feed(tx, &in, &rows, &n, e))
        return false;
    struct comment *comments = ARENA_ARRAY(tx_arena(tx), struct comment, n);
    for (size_t i = 0; i < n; i++)
        comments[i] = COMMENT_OF_ROW(rows[i]);
    *ret_page = (struct comment_page){.comments = comments, .n = n};
    return true;
}
