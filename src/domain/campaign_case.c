#include "domain/campaign_case.h"

#include "base/buf.h"
#include "domain/campaign_meet.h"
#include "domain/deciding.h"
#include "domain/inner.h"
#include "domain/ledger.h"
#include "domain/rights.h"
#include "text/fold.h"
#include "text/shown.h"

#define SHARED_BYTES_MAX 600

/* ---- Words that copies share ---------------------------------------------------------------- */

/* Whether one of the words, which have a space before and behind each, is this. */
static bool has_word(struct str words, struct str word)
{
    for (size_t at = 0; at + word.n + 2 <= words.n; at++)
        if (words.p[at] == ' ' && words.p[at + word.n + 1] == ' ' &&
            str_begins(str_from(words, at + 1), word))
            return true;
    return false;
}

/* Words of the first text that three of four texts have, in its order; runs are joined by "…". */
static struct str shared_words(struct arena *a, const struct campaign_texts_out *rows, size_t n)
{
    struct str words[CAMPAIGN_TEXTS_MAX], word, rest;
    struct buf b = buf_in(a, SHARED_BYTES_MAX);
    bool is_gap = false;
    for (size_t i = 0; i < n; i++)
        words[i] = arena_printf(a, " " STR_FMT " ",
                                STR_ARG(fold_words(a, shown_of(a, rows[i].text).text)));
    rest = n > 1 ? words[0] : STR_NONE;
    while (str_next(&rest, ' ', &word)) {
        size_t has = 0;
        for (size_t i = 0; i < n && word.n > 0; i++)
            has += has_word(words[i], word);
        bool is_shared = word.n > 0 && 4 * has >= 3 * n;
        if (is_shared && buf_str(&b).n + word.n + 6 < SHARED_BYTES_MAX) {
            buf_put(&b, buf_str(&b).n == 0 ? STR_NONE : is_gap ? STR(" … ") : STR(" "));
            buf_put(&b, word);
        }
        is_gap = word.n > 0 ? !is_shared : is_gap;
    }
    return buf_str(&b);
}

/* ---- Looking -------------------------------------------------------------------------------- */

#define CASE_OF_ROW(r)                                                                             \
    ((struct campaign_case){.id = {(r)->id},                                                       \
                            .alert_s = (r)->alert_s,                                               \
                            .decided_s = (r)->decided_s,                                           \
                            .action = (enum action)(r)->action,                                    \
                            .moderator = {(r)->moderator},                                         \
                            .moderator_name = (r)->moderator_name,                                 \
                            .batch = (r)->batch,                                                   \
                            .reason = (r)->reason})

static bool size_get(const struct domain *d, struct tx *tx, struct campaign_case *c, struct err *e)
{
    struct campaign_size_in in = {d->site.id.v, c->id.v, CAMPAIGN_SIZE_MAX + 1};
    struct campaign_size_out row;
    if (!sql_campaign_size(tx, &in, &row, e))
        return false;
    c->copies = row.copies;
    c->open = row.open;
    c->commenters = row.commenters;
    c->articles = row.articles;
    c->first_s = row.first_s.v;
    c->last_s = row.last_s.v;
    return true;
}

static bool text_get(const struct domain *d, struct tx *tx, struct campaign_case *c, size_t max,
                     struct str *ret_shared, struct err *e)
{
    struct campaign_texts_in in = {d->site.id.v, c->id.v, (int64_t)max};
    struct campaign_texts_out *rows;
    size_t n;
    if (!sql_campaign_texts(tx, &in, &rows, &n, e))
        return false;
    c->text = n > 0 ? rows[0].text : STR_NONE;
    c->lang = n > 0 ? rows[0].lang : STR_NONE;
    if (ret_shared)
        *ret_shared = shared_words(tx_arena(tx), rows, n);
    return true;
}

bool campaign_list(const struct domain *d, struct tx *tx, const struct campaign_place *behind,
                   size_t max, struct campaign_list *ret_list, struct err *e)
{
    struct campaign_list_in in = {d->site.id.v, behind->alert_s ? behind->alert_s : INT64_MAX,
                                  behind->id.v, (int64_t)max + 1};
    struct campaign_list_out *rows;
    size_t n;
    if (!sql_campaign_list(tx, &in, &rows, &n, e))
        return false;
    struct campaign_list list = {ARENA_ARRAY(tx_arena(tx), struct campaign_case, max), 0, n > max};
    for (; list.n < n && list.n < max; list.n++) {
        struct campaign_case *c = &list.items[list.n];
        *c = CASE_OF_ROW(&rows[list.n]);
        if (!size_get(d, tx, c, e) || !text_get(d, tx, c, 1, NULL, e))
            return false;
    }
    *ret_list = list;
    return true;
}

/* What is known of it besides its comments, and how many they are. */
static bool case_get(const struct domain *d, struct tx *tx, struct comment_id id,
                     struct campaign_case *ret_case, struct err *e)
{
    struct campaign_get_in in = {d->site.id.v, id.v};
    struct campaign_get_out row;
    bool found;
    if (!sql_campaign_get(tx, &in, &row, &found, e))
        return false;
    struct campaign_case c = {.id = id};
    if (found) {
        c = CASE_OF_ROW(&row);
        c.carried = row.carried.v;
    }
    if (!size_get(d, tx, &c, e))
        return false;
    if (c.copies == 0 && !found)
        return err_set(e, ERR_MISSING, 0, "no campaign %" PRId64, id.v);
    *ret_case = c;
    return true;
}

bool campaign_get(const struct domain *d, struct tx *tx, struct comment_id id,
                  struct campaign_case *ret_case, struct str *ret_shared, struct err *e)
{
    return case_get(d, tx, id, ret_case, e) &&
           text_get(d, tx, ret_case, CAMPAIGN_TEXTS_MAX, ret_shared, e);
}

size_t campaign_alike(const struct domain *d, struct arena *a, const struct comment *c,
                      int64_t *ret_ids, size_t max)
{
    const struct shingle_sketch *sketch = campaign_sketch(d, a, c->text, c->name);
    if (!sketch)
        return 0;
    struct campaign_like *likes = ARENA_ARRAY(a, struct campaign_like, max);
    size_t n = campaign_similar(d->campaigns->ring, d->site.id, sketch, c->id, likes, max);
    for (size_t i = 0; i < n; i++)
        ret_ids[i] = likes[i].comment.v;
    return n;
}

bool campaign_undecided(const struct domain *d, struct tx *tx, int64_t *ret_n, struct err *e)
{
    struct campaign_count_in in = {d->site.id.v, CAMPAIGN_UNDECIDED_MAX + 1};
    struct campaign_count_out row;
    if (!sql_campaign_count(tx, &in, &row, e))
        return false;
    *ret_n = row.n;
    return true;
}

struct str campaign_rule_fold(struct str rule)
{
    return str_begins(rule, CAMPAIGN_RULE) ? CAMPAIGNS_RULE : rule;
}

/* ---- Deciding ------------------------------------------------------------------------------- */

static bool senior_check(const struct actor *actor, struct err *e)
{
    if (!right_is_held(RIGHT_CAMPAIGN_DECIDE, actor->role))
        return err_set(e, ERR_DENIED, 0, "role %d decides on no campaign", (int)actor->role);
    return team_check(actor, e);
}

static bool tell(const struct domain *d, struct tx *tx, const struct actor *actor,
                 struct comment_id id, int64_t action, struct err *e)
{
    struct str body =
        arena_printf(tx_arena(tx), "campaign=%" PRId64 " action=%" PRId64, id.v, action);
    return ledger_add(d, tx, actor->moderator.id, STR("campaign"), body, e);
}

bool campaign_decide(const struct domain *d, struct tx *tx, const struct actor *actor,
                     const struct campaign_plan *plan, int64_t *ret_batch, struct err *e)
{
    struct campaign_case c = {0};
    struct batch_plan batch = {.action = plan->action,
                               .reason = plan->reason,
                               .note = plan->note,
                               .filter = {.which = QUEUE_ALL, .campaign = plan->id},
                               .expected = plan->expected,
                               .until_s = plan->until_s,
                               .takes_unseen = true};
    int64_t id;
    if (plan->action < ACTION_PUBLISH || plan->action > ACTION_HOLD ||
        plan->action == ACTION_WITHDRAW)
        return err_set(e, ERR_INVALID, 0, "no action for a campaign: %d", (int)plan->action);
    if (!senior_check(actor, e) || !case_get(d, tx, plan->id, &c, e) ||
        !batch_begin(d, tx, actor, &batch, &id, e))
        return false;
    struct campaign_decide_in in = {d->site.id.v, plan->id.v, plan->action, actor->moderator.id.v,
                                    tx_now_s(tx), id,         plan->reason};
    *ret_batch = id;
    return sql_campaign_decide(tx, &in, NULL, e) && tell(d, tx, actor, plan->id, plan->action, e);
}

static unsigned right_state(const struct campaign_case *c)
{
    if (c->decided_s == 0)
        return c->batch ? CAMPAIGN_IS_UNDONE : CAMPAIGN_IS_ALERT;
    return c->action ? CAMPAIGN_IS_DECIDED : CAMPAIGN_IS_ENDED;
}

bool campaign_end(const struct domain *d, struct tx *tx, const struct actor *actor,
                  struct comment_id id, struct err *e)
{
    struct campaign_case c = {0};
    if (!senior_check(actor, e) || !case_get(d, tx, id, &c, e))
        return false;
    if (!right_is_possible(RIGHT_CAMPAIGN_END, right_state(&c)))
        return err_set(e, ERR_CONFLICT, 0, "nothing is decided for campaign %" PRId64, id.v);
    struct campaign_decide_in in = {d->site.id.v, id.v,    0,       c.moderator.v,
                                    c.decided_s,  c.batch, c.reason};
    return sql_campaign_decide(tx, &in, NULL, e) && tell(d, tx, actor, id, 0, e);
}

bool campaign_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                   struct comment_id id, int64_t *ret_batch, struct err *e)
{
    struct campaign_case c = {0};
    if (!senior_check(actor, e) || !case_get(d, tx, id, &c, e))
        return false;
    if (!right_is_possible(RIGHT_CAMPAIGN_UNDO, right_state(&c)))
        return err_set(e, ERR_CONFLICT, 0, "nothing is decided for campaign %" PRId64, id.v);
    *ret_batch = c.batch;
    return batch_undo(d, tx, actor, c.batch, e) && tell(d, tx, actor, id, 0, e);
}
