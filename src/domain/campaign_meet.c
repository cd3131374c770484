#include "domain/campaign_meet.h"

#include "domain/deciding.h"
#include "domain/rules.h"

/* Comments that may join with one: those it was compared with, and itself. */
#define JOINED_MAX (CAMPAIGN_LOOKED_AT_MAX + 1)

const struct shingle_sketch *campaign_sketch(const struct domain *d, struct arena *a,
                                             struct str text, struct str name)
{
    if (!d->campaigns)
        return NULL;
    campaign_watch_want(d->campaigns);
    struct shingle_sketch *sketch = ARENA_NEW(a, struct shingle_sketch);
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    shingle_text(d->campaigns->shingler, scratch, text, name, sketch);
    return sketch;
}

/* ---- Following what becomes of a comment ---------------------------------------------------- */

struct followed {
    struct campaigns *ring;
    struct comment_id comment;
    enum comment_state state;
    bool is_new;   /* remembered by this transaction */
    bool is_alert; /* and the alert was raised with it */
};

static void on_end(void *context, bool ok)
{
    const struct followed *f = context;
    if (!ok && f->is_new)
        campaign_take_back(f->ring, f->comment, f->is_alert);
    else if (ok && f->state == COMMENT_WITHDRAWN)
        campaign_forget(f->ring, f->comment);
    else if (ok)
        campaign_mark(f->ring, f->comment, f->state);
}

static void follow(const struct domain *d, struct tx *tx, const struct followed *followed)
{
    struct followed *f = ARENA_NEW(tx_arena(tx), struct followed);
    *f = *followed;
    f->ring = d->campaigns->ring;
    tx_after(tx, on_end, f);
}

void campaign_follow(const struct domain *d, struct tx *tx, struct comment_id comment,
                     enum comment_state state)
{
    if (d->campaigns)
        follow(d, tx, &(struct followed){.comment = comment, .state = state});
}

/* ---- Meeting -------------------------------------------------------------------------------- */

bool campaign_name(const struct domain *d, struct tx *tx, struct comment_id other,
                   struct comment_id comment, struct campaign_of_out *ret_row, struct err *e)
{
    struct campaign_of_in in = {d->site.id.v, other.v};
    bool found;
    if (!sql_campaign_of(tx, &in, ret_row, &found, e))
        return false;
    if (!found) /* its row was removed from the database */
        *ret_row = (struct campaign_of_out){.campaign = comment.v};
    if (ret_row->campaign == 0)
        ret_row->campaign = ret_row->is_name ? comment.v : other.v;
    return true;
}

/* Of those that the comment is like, the one that tells the campaign's name. */
static struct comment_id namer(const struct domain *d, const struct campaign_link *link,
                               struct comment_id comment)
{
    struct comment_id oldest = link->nearest;
    if (link->campaign.n_comments > 0)
        (void)campaign_members(d->campaigns->ring, comment, &oldest, 1);
    return oldest;
}

/* How much a state keeps words from readers. */
static int strictness(enum comment_state state)
{
    return state == COMMENT_PUBLISHED ? 0 : state == COMMENT_HELD ? 1 : 2;
}

/* Whether what the team has decided for those to come is carried on to the comment. */
static bool is_carried(const struct campaign_link *link, enum action action)
{
    return link->is_copy &&
           (action == ACTION_REJECT || action == ACTION_SPAM || action == ACTION_HOLD);
}

static enum comment_state state_by(const struct campaign_link *link, enum action action)
{
    if (link->is_copy && action == ACTION_REJECT)
        return COMMENT_REJECTED;
    if (link->is_copy && action == ACTION_SPAM)
        return COMMENT_SPAM;
    if (link->is_copy && action == ACTION_HOLD)
        return COMMENT_HELD;
    bool is_allowed = link->is_copy && action == ACTION_PUBLISH;
    return link->is_like_rejected && !is_allowed ? COMMENT_HELD : COMMENT_PUBLISHED;
}

static void judge(struct tx *tx, const struct campaign_of_out *row, struct campaign_met *met)
{
    enum comment_state state = state_by(&met->link, (enum action)row->action.v);
    if (strictness(state) <= strictness(met->state))
        return;
    met->state = state;
    met->rule =
        arena_printf(tx_arena(tx), STR_FMT "%" PRId64, STR_ARG(CAMPAIGN_RULE), row->campaign);
    met->batch = is_carried(&met->link, (enum action)row->action.v) ? row->batch.v : 0;
    if (state != COMMENT_HELD)
        met->reason = row->reason;
}

/* What is known of the campaign that the comment is of by what is remembered. */
static bool row_get(const struct domain *d, struct tx *tx, struct comment_id comment,
                    const struct campaign_link *link, struct campaign_of_out *ret_row,
                    struct err *e)
{
    *ret_row = (struct campaign_of_out){.campaign = 0};
    return (link->campaign.n_comments == 0 && !link->is_like_rejected) ||
           campaign_name(d, tx, namer(d, link, comment), comment, ret_row, e);
}

/* Whether the words of a comment are those of another, one or the other of them changed. */
static bool words_compare(const struct domain *d, struct tx *tx, struct str text,
                          struct comment_id other, bool *ret_is_copy, struct err *e)
{
    struct campaign_text_in in = {d->site.id.v, other.v};
    struct campaign_text_out row;
    bool found;
    if (!sql_campaign_text(tx, &in, &row, &found, e))
        return false;
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    *ret_is_copy = found && campaign_is_reworded(scratch, text, row.text);
    return true;
}

/*
 * A copy that was changed too much to be found by what is remembered is of a campaign all the same,
 * when the team has decided on that one: its words say so.
 */
static bool akin_ask(const struct domain *d, struct tx *tx, const struct campaign_meeting *m,
                     struct campaign_link *link, struct campaign_of_out *row, struct err *e)
{
    struct campaign_of_in in = {d->site.id.v, link->akin.v};
    struct campaign_of_out other;
    bool found, is_copy;
    if (link->akin.v == 0 || m->trust == TRUST_FULL || row->action.v != 0)
        return true;
    if (!sql_campaign_of(tx, &in, &other, &found, e))
        return false;
    if (!found || other.action.v == 0)
        return true;
    if (!words_compare(d, tx, m->comment->text, link->akin, &is_copy, e))
        return false;
    if (is_copy && campaign_take(d->campaigns->ring, m->comment->id, link->akin, link))
        *row = other;
    return true;
}

bool campaign_meet(const struct domain *d, struct tx *tx, const struct campaign_meeting *m,
                   struct campaign_met *ret_met, struct err *e)
{
    const struct comment *c = m->comment;
    struct campaign_met met = {.state = c->state, .given = c->state};
    struct campaign_of_out row;
    *ret_met = met;
    if (!d->campaigns || !m->sketch || !atomic_load(&d->campaigns->is_ready))
        return true;
    struct campaign_comment added = {d->site.id, c->id,        c->commenter,
                                     c->state,   c->created_s, *m->sketch};
    campaign_add(d->campaigns->ring, &added, &met.link);
    if (!row_get(d, tx, c->id, &met.link, &row, e) || !akin_ask(d, tx, m, &met.link, &row, e)) {
        campaign_take_back(d->campaigns->ring, c->id, met.link.is_alert);
        return false;
    }
    if (m->trust != TRUST_FULL)
        judge(tx, &row, &met);
    met.campaign = met.link.campaign.n_comments > 0 ? row.campaign : 0;
    follow(
        d, tx,
        &(struct followed){
            .comment = c->id, .state = met.state, .is_new = true, .is_alert = met.link.is_alert});
    *ret_met = met;
    return true;
}

bool campaign_carry(const struct domain *d, struct tx *tx, const struct decision *why, int64_t seq,
                    struct err *e)
{
    struct batch_carry_in in = {d->site.id.v, why->batch};
    return decision_put(d, tx, why, e) && (why->batch == 0 || (sql_batch_carry(tx, &in, NULL, e) &&
                                                               decision_tell(d, tx, why, seq, e)));
}

/* ---- Meeting late --------------------------------------------------------------------------- */

/* Whether nobody has decided on a comment yet and the team does not trust who wrote it. */
static bool is_open_to(const struct domain *d, struct tx *tx,
                       const struct decision_facts_out *facts, bool *ret_is, struct err *e)
{
    struct commenter_get_in in = {d->site.id.v, facts->commenter};
    struct commenter_get_out row;
    if (!sql_commenter_get(tx, &in, &row, ret_is, e))
        return false;
    *ret_is = *ret_is && facts->seq == 0 &&
              trust_now(row.trust, row.trust_until_s, tx_now_s(tx)) != TRUST_FULL;
    return true;
}

/*
 * Whether anything follows for it now. For one that came before the looking has begun only what the
 * team had decided by then for those to come: it was stored by a program that ended before it was
 * met, or could not store what it found.
 */
static bool is_due(const struct campaign_found *found, const struct campaign_of_out *row)
{
    bool is_after = row->decided_s.v > 0 && found->at_s >= row->decided_s.v;
    return found->is_new ||
           (found->is_unmet && is_after && is_carried(&found->link, (enum action)row->action.v));
}

static bool late_store(const struct domain *d, struct tx *tx, struct comment_id id,
                       const struct decision_facts_out *facts, const struct campaign_met *met,
                       struct err *e)
{
    struct move m = {.from = state_of(facts->state),
                     .to = met->state,
                     .placed_before = facts->placed != 0,
                     .placed_after = facts->placed != 0};
    struct thread_delta delta = delta_of(&m);
    struct comment_set_state_in in = {.site = d->site.id.v,
                                      .id = id.v,
                                      .state = m.to,
                                      .placed = facts->placed,
                                      .judged = facts->judged,
                                      .featured = facts->featured};
    struct decision why = {.comment = id,
                           .rule = met->rule,
                           .reason = met->reason,
                           .action = action_to(m.to),
                           .from = m.from,
                           .to = m.to,
                           .batch = met->batch,
                           .was = {.placed = facts->placed != 0,
                                   .featured = facts->featured != 0,
                                   .judged = facts->judged,
                                   .edited_s = facts->edited_s}};
    campaign_follow(d, tx, id, m.to);
    return sql_comment_set_state(tx, &in, NULL, e) &&
           thread_change(d, tx, comment_id_thread(id), &delta, e) &&
           campaign_carry(d, tx, &why, facts->seq + 1, e);
}

bool campaign_meet_late(const struct domain *d, struct tx *tx, const struct campaign_found *found,
                        const struct campaign_of_out *row, bool *ret_is_changed, struct err *e)
{
    struct campaign_met met = {.state = COMMENT_PUBLISHED, .link = found->link};
    struct decision_facts_out facts;
    struct thread_lock_out thread;
    *ret_is_changed = false;
    if (is_due(found, row))
        judge(tx, row, &met);
    if (met.rule.n == 0)
        return true;
    if (!thread_lock(d, tx, comment_id_thread(found->comment), &thread, e) ||
        !facts_get(d, tx, found->comment, 0, &facts, e))
        return e->kind == ERR_MISSING; /* its row was removed from the database */
    bool is_open = strictness(state_of(facts.state)) < strictness(met.state) &&
                   facts.edited_s == found->edited_s;
    if (is_open && !is_open_to(d, tx, &facts, &is_open, e))
        return false;
    *ret_is_changed = is_open;
    return !is_open || late_store(d, tx, found->comment, &facts, &met, e);
}

bool campaign_note(const struct domain *d, struct tx *tx, const struct campaign_met *met,
                   struct comment_id comment, struct err *e)
{
    if (met->campaign == 0)
        return true;
    size_t max = met->link.n_joined < JOINED_MAX ? met->link.n_joined : JOINED_MAX;
    struct comment_id *joined = ARENA_ARRAY(tx_arena(tx), struct comment_id, max);
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, max + 1);
    size_t n = campaign_last(d->campaigns->ring, comment, joined, max);
    for (size_t i = 0; i < n; i++)
        ids[i] = joined[i].v;
    ids[n] = comment.v; /* others may have joined since */
    struct campaign_join_in join = {d->site.id.v, met->campaign,
                                    ids_json(tx_arena(tx), ids, n + 1)};
    struct campaign_alert_in alert = {d->site.id.v, met->campaign, tx_now_s(tx)};
    return sql_campaign_join(tx, &join, NULL, e) &&
           (!met->link.is_alert || sql_campaign_alert(tx, &alert, NULL, e));
}
