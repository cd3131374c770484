#include "domain/inner.h"
#include "domain/moderation.h"

/* What a comment answers, as moderators see it: with its words, whatever its state. */
#define PARENT_OF_ROW(r)                                                                           \
    ((struct comment){.id = {(r).parent},                                                          \
                      .number = comment_id_number((struct comment_id){(r).parent}),                \
                      .lang = (r).parent_lang,                                                     \
                      .name = (r).parent_name,                                                     \
                      .text = (r).parent_text,                                                     \
                      .state = state_of((r).parent_state.v),                                       \
                      .withdrawn_by = (enum comment_by)(r).parent_withdrawn_by.v,                  \
                      .created_s = (r).parent_created_s.v,                                         \
                      .edited_s = (r).parent_edited_s.v})

/* A row with the columns that all statements of queue.sql give. */
#define CARD_OF_ROW(r)                                                                             \
    ((struct queue_card){.comment = COMMENT_OF_ROW(r),                                             \
                         .article_lang = (r).article_lang,                                         \
                         .article_slug = (r).article_slug,                                         \
                         .article_headline = (r).article_headline,                                 \
                         .has_parent = (r).parent != 0,                                            \
                         .parent = PARENT_OF_ROW(r),                                               \
                         .approved = (r).approved,                                                 \
                         .rejected = (r).rejected,                                                 \
                         .rule = (r).rule})

static bool queue_oldest(const struct domain *d, struct tx *tx, const struct queue_query *q,
                         struct queue_card **ret_cards, size_t *ret_n, struct err *e)
{
    struct queue_oldest_in in = {.site = d->site.id.v,
                                 .lang = d->site.language,
                                 .state = q->state,
                                 .after_s = q->after_s,
                                 .after = q->after.v,
                                 .max = (int64_t)q->max + 1};
    struct queue_oldest_out *rows;
    if (!sql_queue_oldest(tx, &in, &rows, ret_n, e))
        return false;
    *ret_cards = ARENA_ARRAY(tx_arena(tx), struct queue_card, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_cards)[i] = CARD_OF_ROW(rows[i]);
    return true;
}

static bool queue_newest(const struct domain *d, struct tx *tx, const struct queue_query *q,
                         struct queue_card **ret_cards, size_t *ret_n, struct err *e)
{
    bool from_start = q->after_s == 0 && q->after.v == 0;
    struct queue_newest_in in = {.site = d->site.id.v,
                                 .lang = d->site.language,
                                 .state = q->state,
                                 .before_s = from_start ? INT64_MAX : q->after_s,
                                 .before = from_start ? INT64_MAX : q->after.v,
                                 .max = (int64_t)q->max + 1};
    struct queue_newest_out *rows;
    if (!sql_queue_newest(tx, &in, &rows, ret_n, e))
        return false;
    *ret_cards = ARENA_ARRAY(tx_arena(tx), struct queue_card, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_cards)[i] = CARD_OF_ROW(rows[i]);
    return true;
}

bool queue_get(const struct domain *d, struct tx *tx, const struct queue_query *q,
               struct queue_page *ret_page, struct err *e)
{
    struct queue_card *cards;
    size_t n;
    if (!(q->state == COMMENT_HELD ? queue_oldest(d, tx, q, &cards, &n, e)
                                   : queue_newest(d, tx, q, &cards, &n, e)))
        return false;
    bool more = n > q->max;
    *ret_page = (struct queue_page){cards, more ? q->max : n, more};
    return true;
}

bool queue_held_count(const struct domain *d, struct tx *tx, int64_t max, int64_t *ret_held,
                      struct err *e)
{
    struct queue_held_count_in in = {d->site.id.v, max};
    struct queue_held_count_out row;
    if (!sql_queue_held_count(tx, &in, &row, e))
        return false;
    *ret_held = row.held;
    return true;
}

#define DECISION_OF_ROW(comment_, r)                                                               \
    ((struct decision){.id = (r).seq,                                                              \
                       .comment = (comment_),                                                      \
                       .moderator = {(r).moderator},                                               \
                       .moderator_name = (r).moderator_name,                                       \
                       .rule = (r).rule,                                                           \
                       .action = (enum action)(r).action,                                          \
                       .from = state_of((r).from_state),                                           \
                       .to = state_of((r).to_state),                                               \
                       .reason = (r).reason,                                                       \
                       .note = (r).note,                                                           \
                       .at_s = (r).at_s})

static bool decision_list(const struct domain *d, struct tx *tx, struct comment_id id,
                          struct decision **ret_decisions, size_t *ret_n, struct err *e)
{
    struct decision_list_in in = {d->site.id.v, id.v};
    struct decision_list_out *rows;
    if (!sql_decision_list(tx, &in, &rows, ret_n, e))
        return false;
    *ret_decisions = ARENA_ARRAY(tx_arena(tx), struct decision, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_decisions)[i] = DECISION_OF_ROW(id, rows[i]);
    return true;
}

bool queue_card_get(const struct domain *d, struct tx *tx, struct comment_id id,
                    struct queue_detail *ret_detail, struct err *e)
{
    struct queue_card_in in = {d->site.id.v, d->site.language, id.v};
    struct queue_card_out row;
    bool found;
    if (!sql_queue_card(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, id.v);
    struct decision *decisions;
    size_t n;
    if (!decision_list(d, tx, id, &decisions, &n, e))
        return false;
    *ret_detail = (struct queue_detail){CARD_OF_ROW(row), decisions, n};
    return true;
}

bool decision_newest(const struct domain *d, struct tx *tx, struct comment_id id,
                     struct decision *ret_decision, bool *ret_found, struct err *e)
{
    struct decision_newest_in in = {d->site.id.v, id.v};
    struct decision_newest_out row;
    if (!sql_decision_newest(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_decision = DECISION_OF_ROW(id, row);
    return true;
}
