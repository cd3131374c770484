#include "domain/queue.h"

#include "base/must.h"
#include "domain/campaign_meet.h"
#include "domain/decisions.h"
#include "domain/queue_walk.h"
#include "domain/search.h"
#include "domain/undo.h"
#include "text/shown.h"

#define CARDS_MAX 200

/* What a comment answers, as moderators see it: with its words, whatever its state. */
#define PARENT_OF_ROW(r)                                                                           \
    ((struct comment){.id = {(r)->parent},                                                         \
                      .number = comment_id_number((struct comment_id){(r)->parent}),               \
                      .lang = (r)->parent_lang,                                                    \
                      .name = (r)->parent_name,                                                    \
                      .text = (r)->parent_text,                                                    \
                      .state = state_of((r)->parent_state.v),                                      \
                      .withdrawn_by = (enum comment_by)(r)->parent_withdrawn_by.v,                 \
                      .created_s = (r)->parent_created_s.v,                                        \
                      .edited_s = (r)->parent_edited_s.v})

static struct queue_card card_of(const struct queue_cards_out *r, int64_t now_s)
{
    enum trust trust = trust_now(r->trust, r->trust_until_s, now_s);
    return (struct queue_card){
        .comment = COMMENT_OF_ROW(*r),
        .article_lang = r->article_lang,
        .article_slug = r->article_slug,
        .article_headline = r->article_headline,
        .has_parent = r->parent != 0,
        .parent = PARENT_OF_ROW(r),
        .approved = r->approved - (r->judged == 1),
        .rejected = r->rejected - (r->judged == 2),
        .trust = trust,
        .trust_until_s = trust == TRUST_NONE ? 0 : r->trust_until_s,
        .campaign = {r->campaign},
        .open_reports = r->reports,
    };
}

/* Whether a rule decides by the words, and not by who wrote them or where. */
static bool is_of_words(struct str rule)
{
    return str_begins(rule, STR("rule:")) || str_begins(rule, CAMPAIGN_RULE);
}

/* What a rule said of the words of before says nothing of those there are. */
static void rule_put(const struct queue_marks_out *r, struct queue_card *c)
{
    bool is_of_these = r->rule_edited_s.v == c->comment.edited_s;
    c->rule = r->rule;
    c->is_rule_past = !is_of_these && is_of_words(r->rule) && c->comment.state != COMMENT_WITHDRAWN;
    c->evidence = is_of_these ? r->evidence : STR_NONE;
}

static void marks_put(const struct queue_marks_out *r, struct queue_card *c)
{
    rule_put(r, c);
    if (r->claimer.is_set)
        c->claim = (struct claim){{r->claimer.v}, r->claimer_name, r->claimed_until_s.v};
    if (r->asker.is_set)
        c->opinion = (struct opinion){{r->asker.v}, r->asker_name, r->question, r->asked_s.v};
    c->notes = r->notes;
    c->reported_s = r->reported_s;
    c->campaign_size = r->copies;
    c->campaign_commenters = r->copiers;
    c->network_others = r->others < CARD_NETWORK_MAX ? r->others : CARD_NETWORK_MAX;
}

static struct queue_card *card_find(struct queue_card *cards, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (cards[i].comment.id.v == id)
            return &cards[i];
    return NULL;
}

static bool marks_get(const struct domain *d, struct tx *tx, struct str ids,
                      struct queue_card *cards, size_t n_cards, struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    struct queue_marks_in in = {d->site.id.v, ids,
                                now_s - d->settings->moderation_network_hours * 3600, now_s};
    struct queue_marks_out *rows;
    size_t n;
    if (!sql_queue_marks(tx, &in, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct queue_card *c = card_find(cards, n_cards, rows[i].id);
        if (c)
            marks_put(&rows[i], c);
    }
    return true;
}

/* The rows of one comment stand together. */
static bool reports_get(const struct domain *d, struct tx *tx, struct str ids,
                        struct queue_card *cards, size_t n_cards, struct err *e)
{
    struct queue_reports_in in = {d->site.id.v, ids};
    struct queue_reports_out *rows;
    size_t n;
    if (!sql_queue_reports(tx, &in, &rows, &n, e))
        return false;
    struct card_reports *reports = ARENA_ARRAY(tx_arena(tx), struct card_reports, n);
    for (size_t i = 0; i < n; i++) {
        reports[i] = (struct card_reports){rows[i].reason, rows[i].n};
        struct queue_card *c = card_find(cards, n_cards, rows[i].comment);
        if (!c)
            continue;
        if (c->n_reports == 0)
            c->reports = &reports[i];
        c->n_reports++;
    }
    return true;
}

/* Puts what was read in any order into the order asked for. */
static size_t cards_order(const struct queue_cards_out *rows, size_t n_rows,
                          const struct comment_ids *ids, int64_t now_s, struct queue_card *cards)
{
    size_t n = 0;
    for (size_t i = 0; i < ids->n; i++)
        for (size_t k = 0; k < n_rows; k++)
            if (rows[k].id == ids->items[i]) {
                cards[n++] = card_of(&rows[k], now_s);
                break;
            }
    return n;
}

bool queue_cards(const struct domain *d, struct tx *tx, const struct comment_ids *ids,
                 struct card_list *ret_cards, struct err *e)
{
    MUST(ids->n <= CARDS_MAX);
    *ret_cards = (struct card_list){NULL, 0};
    if (ids->n == 0)
        return true;
    struct str json = ids_json(tx_arena(tx), ids->items, ids->n);
    struct queue_cards_in in = {d->site.id.v, d->site.language, json};
    struct queue_cards_out *rows;
    size_t n_rows;
    if (!sql_queue_cards(tx, &in, &rows, &n_rows, e))
        return false;
    struct queue_card *cards = ARENA_ARRAY(tx_arena(tx), struct queue_card, ids->n);
    size_t n = cards_order(rows, n_rows, ids, tx_now_s(tx), cards);
    if (!marks_get(d, tx, json, cards, n, e) || !reports_get(d, tx, json, cards, n, e))
        return false;
    *ret_cards = (struct card_list){cards, n};
    return true;
}

/* Where the source has what was searched for: the index knows what is shown and what was written.
 */
static struct marks found_in(struct arena *a, const struct search_query *q, struct str text)
{
    struct shown shown = shown_of(a, text);
    struct marks met = search_marks(a, q, shown.text);
    struct mark *places = ARENA_ARRAY(a, struct mark, met.n);
    for (size_t i = 0; i < met.n; i++)
        places[i] = shown_source(&shown, met.items[i]);
    return marks_join(a, (struct marks){places, met.n}, search_marks(a, q, text));
}

/* Points out what was searched for. */
static void found_put(struct arena *a, struct str words, const struct card_list *list)
{
    if (words.n == 0)
        return;
    struct search_query q = search_query_of(a, words);
    for (size_t i = 0; i < list->n; i++)
        list->items[i].found = found_in(a, &q, list->items[i].comment.text);
}

bool queue_get(const struct domain *d, struct tx *tx, const struct queue_query *q,
               struct queue_page *ret_page, struct err *e)
{
    MUST(q->max >= 1 && q->max <= CARDS_MAX);
    struct queue_walk w = {
        .filter = &q->filter, .after_s = q->after_s, .after = q->after.v, .window = QUEUE_WINDOW};
    struct comment_ids ids;
    struct card_list list;
    if (!queue_walk_next(d, tx, &w, q->max, &ids, e) || !queue_cards(d, tx, &ids, &list, e))
        return false;
    found_put(tx_arena(tx), q->filter.words, &list);
    struct queue_page page = {.cards = list.items, .n = list.n};
    page.more = !w.is_end;
    page.next_s = w.after_s;
    page.next.v = w.after;
    *ret_page = page;
    return true;
}

bool queue_count(const struct domain *d, struct tx *tx, struct queue_counts *ret_counts,
                 struct err *e)
{
    return queue_count_to(d, tx, QUEUE_COUNT_MAX + 1, ret_counts, e);
}

bool queue_count_to(const struct domain *d, struct tx *tx, int64_t max,
                    struct queue_counts *ret_counts, struct err *e)
{
    struct queue_count_in in = {d->site.id.v, max};
    struct queue_count_out row;
    if (!sql_queue_count(tx, &in, &row, e))
        return false;
    *ret_counts = (struct queue_counts){row.held, row.reported, row.asked};
    return true;
}

bool queue_filter_count(const struct domain *d, struct tx *tx, const struct queue_filter *f,
                        struct queue_found *ret_found, struct err *e)
{
    struct queue_walk w = {.filter = f, .window = QUEUE_WINDOW};
    struct comment_ids ids;
    if (!queue_walk_next(d, tx, &w, QUEUE_COUNT_MAX + 1, &ids, e))
        return false;
    *ret_found = (struct queue_found){(int64_t)ids.n, w.is_end && ids.n <= QUEUE_COUNT_MAX};
    return true;
}

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
    struct card_list list;
    if (!queue_cards(d, tx, &(struct comment_ids){&id.v, 1}, &list, e))
        return false;
    if (list.n == 0)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, id.v);
    struct queue_detail detail = {.card = list.items[0]};
    if (!decision_list(d, tx, id, &detail.decisions, &detail.n_decisions, e) ||
        !undo_seq(d, tx, id, &detail.undo_seq, e))
        return false;
    *ret_detail = detail;
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
