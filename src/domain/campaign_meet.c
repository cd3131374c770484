#include "domain/campaign_meet.h"

/* Comments that may join with one: those it was compared with, and itself. */
#define JOINED_MAX (CAMPAIGN_LOOKED_AT_MAX + 1)

const struct shingle_sketch *campaign_sketch(const struct domain *d, struct arena *a,
                                             struct str text, struct str name)
{
    if (!d->campaigns)
        return NULL;
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
    bool is_new; /* remembered by this transaction */
};

static void on_end(void *context, bool ok)
{
    const struct followed *f = context;
    if (ok ? f->state == COMMENT_WITHDRAWN : f->is_new)
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
    if (state != COMMENT_HELD)
        met->reason = row->reason;
}

bool campaign_meet(const struct domain *d, struct tx *tx, const struct campaign_meeting *m,
                   struct campaign_met *ret_met, struct err *e)
{
    const struct comment *c = m->comment;
    struct campaign_met met = {.state = c->state};
    *ret_met = met;
    if (!d->campaigns || !m->sketch || !atomic_load(&d->campaigns->is_ready))
        return true;
    struct campaign_comment added = {d->site.id, c->id,        c->commenter,
                                     c->state,   c->created_s, *m->sketch};
    campaign_add(d->campaigns->ring, &added, &met.link);
    bool is_of_one = met.link.campaign.n_comments > 0;
    struct campaign_of_out row = {.campaign = 0};
    if (is_of_one || met.link.is_like_rejected) {
        if (!campaign_name(d, tx, namer(d, &met.link, c->id), c->id, &row, e)) {
            campaign_forget(d->campaigns->ring, c->id);
            return false;
        }
        if (m->trust != TRUST_FULL)
            judge(tx, &row, &met);
    }
    met.campaign = is_of_one ? row.campaign : 0;
    follow(d, tx, &(struct followed){.comment = c->id, .state = met.state, .is_new = true});
    *ret_met = met;
    return true;
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
