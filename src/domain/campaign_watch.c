#include "domain/campaign_watch.h"

#include <stdlib.h>

#include "base/must.h"
#include "domain/campaign_meet.h"

struct campaign_watch *campaign_watch_new(int64_t comments, struct hash secret)
{
    struct campaign_watch *w = calloc(1, sizeof *w);
    size_t n = CAMPAIGN_LEAST;
    MUST(w != NULL);
    while ((int64_t)n < comments && n < CAMPAIGN_COMMENTS_MAX)
        n *= 2;
    w->ring = campaigns_new(n, hash_keyed(secret, STR("campaigns: commenters")));
    w->shingler = shingler_new(hash_keyed(secret, STR("campaigns: shingles")));
    atomic_init(&w->is_ready, false);
    atomic_init(&w->is_wanted, false);
    return w;
}

void campaign_watch_free(struct campaign_watch **at)
{
    struct campaign_watch *w = *at;
    if (!w)
        return;
    campaigns_free(&w->ring);
    shingler_free(&w->shingler);
    free(w);
    *at = NULL;
}

void campaign_watch_want(struct campaign_watch *w)
{
    if (!campaign_watch_is_wanted(w))
        atomic_store(&w->is_wanted, true);
}

bool campaign_watch_is_wanted(const struct campaign_watch *w)
{
    return atomic_load_explicit(&w->is_wanted, memory_order_relaxed);
}

bool campaign_watch_is_ready(const struct campaign_watch *w)
{
    return atomic_load(&w->is_ready);
}

size_t campaign_watch_count(const struct campaign_watch *w)
{
    return campaigns_count(w->ring);
}

/* ---- Comments ------------------------------------------------------------------------------- */

/* Where to begin: behind that place there are as many comments as are remembered, or all. */
static bool begin(const struct domain *d, struct tx *tx, struct campaign_watch *w, struct err *e)
{
    int64_t others = (int64_t)campaigns_room(w->ring) - 1;
    struct campaign_start_in in = {d->site.id.v, others};
    struct campaign_start_out row;
    if (!sql_campaign_start(tx, &in, &row, e))
        return false;
    w->after_s = row.at_s.is_set ? row.at_s.v - 1 : -1;
    w->after = INT64_MAX;
    w->judged_s = w->started_s = tx_now_s(tx) - CAMPAIGN_LATE_S;
    w->has_begun = true;
    return true;
}

static void add(const struct domain *d, struct campaign_watch *w, struct arena *scratch,
                const struct campaign_words_out *row)
{
    struct campaign_comment c = {.site = d->site.id,
                                 .comment = {row->id},
                                 .commenter = commenter_id_of(row->commenter),
                                 .state = state_of(row->state),
                                 .at_s = row->created_s};
    struct campaign_found *found = &w->found[w->n_found];
    shingle_text(w->shingler, scratch, row->text, row->name, &c.sketch);
    *found = (struct campaign_found){.comment = c.comment,
                                     .at_s = c.at_s,
                                     .edited_s = row->edited_s,
                                     .is_new = c.at_s >= w->started_s};
    campaign_add(w->ring, &c, &found->link);
    found->link.is_alert &= found->is_new;
    found->is_unmet = found->link.campaign.n_comments > 0 && row->campaign == 0;
    w->n_found += found->is_unmet || found->link.is_alert;
}

/* Reads the words of those that are not remembered yet, and remembers them. */
static bool add_all(const struct domain *d, struct tx *tx, struct campaign_watch *w,
                    const struct campaign_after_out *came, size_t n_came, struct err *e)
{
    int64_t ids[CAMPAIGN_STEP_MAX];
    size_t n_ids = 0, n;
    for (size_t i = 0; i < n_came; i++)
        if (!campaign_has(w->ring, (struct comment_id){came[i].id}))
            ids[n_ids++] = came[i].id;
    if (n_ids == 0)
        return true;
    struct campaign_words_in in = {d->site.id.v, ids_json(tx_arena(tx), ids, n_ids)};
    struct campaign_words_out *rows;
    if (!sql_campaign_words(tx, &in, &rows, &n, e))
        return false;
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    for (size_t i = 0; i < n; i++) {
        add(d, w, scratch, &rows[i]);
        arena_reset(scratch);
    }
    return true;
}

static bool comments_step(const struct domain *d, struct tx *tx, struct campaign_watch *w,
                          bool *ret_is_end, struct err *e)
{
    struct campaign_after_in in = {d->site.id.v, w->after_s, w->after, CAMPAIGN_STEP_MAX};
    struct campaign_after_out *came;
    size_t n;
    if (!sql_campaign_after(tx, &in, &came, &n, e) || !add_all(d, tx, w, came, n, e))
        return false;
    if (n > 0) {
        w->after_s = came[n - 1].at_s;
        w->after = came[n - 1].id;
    }
    *ret_is_end = n < CAMPAIGN_STEP_MAX;
    return true;
}

/* ---- Decisions ------------------------------------------------------------------------------ */

/* What was decided lately, here or elsewhere; to be told twice is no matter. */
static bool judge_all(const struct domain *d, struct tx *tx, struct campaign_watch *w,
                      struct err *e)
{
    struct campaign_judged_in in = {.site = d->site.id.v,
                                    .after_s = w->judged_s,
                                    .comment = INT64_MAX,
                                    .seq = INT64_MAX,
                                    .max = CAMPAIGN_STEP_MAX};
    struct campaign_judged_out *rows;
    size_t n;
    do {
        if (!sql_campaign_judged(tx, &in, &rows, &n, e))
            return false;
        for (size_t i = 0; i < n; i++) {
            struct comment_id comment = {rows[i].comment};
            if (rows[i].state == COMMENT_WITHDRAWN)
                campaign_forget(w->ring, comment);
            else
                campaign_mark(w->ring, comment, state_of(rows[i].state));
            in.after_s = rows[i].at_s;
            in.comment = rows[i].comment;
            in.seq = rows[i].seq;
        }
    } while (n == CAMPAIGN_STEP_MAX);
    return true;
}

/* ---- A step --------------------------------------------------------------------------------- */

/* All is read: the next look goes a little back, for what was stored late. */
static void look_back(const struct tx *tx, struct campaign_watch *w)
{
    int64_t late_s = tx_now_s(tx) - CAMPAIGN_LATE_S;
    w->judged_s = late_s;
    if (w->after_s >= late_s) {
        w->after_s = late_s;
        w->after = INT64_MAX;
    }
    w->is_read = true;
}

/* Comments are met from now on: those of before are in the rows, too, by what they are called. */
static void on_stored(void *context, bool ok)
{
    struct campaign_watch *w = context;
    if (!ok)
        return;
    w->n_found = 0;
    if (w->is_read)
        atomic_store(&w->is_ready, true);
}

bool campaign_watch_look(const struct domain *d, struct tx *tx, struct campaign_look *ret_look,
                         struct err *e)
{
    struct campaign_watch *w = d->campaigns;
    struct campaign_look look = {.has_found = w->n_found > 0};
    if (look.has_found) { /* remembered, so that no look finds it again; it is not stored yet */
        *ret_look = look;
        return true;
    }
    if ((!w->has_begun && !begin(d, tx, w, e)) || !comments_step(d, tx, w, &look.is_done, e))
        return false;
    if (look.is_done) {
        if (!judge_all(d, tx, w, e))
            return false;
        look_back(tx, w);
    }
    look.has_found = w->n_found > 0;
    if (!look.has_found)
        on_stored(w, true);
    *ret_look = look;
    return true;
}

/* Whether a later one is of the same campaign, and tells of all of it. */
static bool is_told_later(const struct campaign_watch *w, size_t i)
{
    for (size_t k = i + 1; k < w->n_found; k++)
        if (w->found[k].link.campaign.first.v == w->found[i].link.campaign.first.v)
            return true;
    return false;
}

/* How many have joined the campaign since the first of it that this step has found. */
static uint32_t joined_since(const struct campaign_watch *w, size_t i)
{
    struct campaign now;
    size_t k = 0;
    while (w->found[k].link.campaign.first.v != w->found[i].link.campaign.first.v)
        k++;
    const struct campaign_link *then = &w->found[k].link;
    campaign_of(w->ring, w->found[i].comment, &now);
    return now.n_comments > then->campaign.n_comments
               ? now.n_comments - then->campaign.n_comments + then->n_joined
               : then->n_joined;
}

/* Which campaign the comment is of, and who else, unless a later one tells. */
static bool note(const struct domain *d, struct tx *tx, const struct campaign_watch *w, size_t i,
                 int64_t campaign, struct err *e)
{
    struct campaign_met met = {.link = w->found[i].link, .campaign = campaign};
    if (is_told_later(w, i) && !met.link.is_alert)
        return true;
    met.link.n_joined = joined_since(w, i);
    return campaign_note(d, tx, &met, w->found[i].comment, e);
}

bool campaign_watch_store(const struct domain *d, struct tx *tx,
                          struct campaign_changes *ret_changes, struct err *e)
{
    struct campaign_watch *w = d->campaigns;
    struct campaign_changes changes = {ARENA_ARRAY(tx_arena(tx), struct thread_id, w->n_found), 0};
    for (size_t i = 0; i < w->n_found; i++) {
        const struct campaign_found *found = &w->found[i];
        struct comment_id oldest = found->comment;
        struct campaign_of_out row;
        bool is_changed = false;
        (void)campaign_members(w->ring, found->comment, &oldest, 1);
        if (!campaign_name(d, tx, oldest, found->comment, &row, e) ||
            !note(d, tx, w, i, row.campaign, e) ||
            !campaign_meet_late(d, tx, found, &row, &is_changed, e))
            return false;
        if (is_changed)
            changes.threads[changes.n++] = comment_id_thread(found->comment);
    }
    *ret_changes = changes;
    tx_after(tx, on_stored, w);
    return true;
}
