#include "domain/undo.h"

#include "domain/campaign_meet.h"
#include "domain/deciding.h"
#include "domain/ledger.h"

/* So many comments behind one are looked at for an answer to it; of more, one is taken for it. */
#define ANSWERS_AHEAD 2000
#define ERASED_AT_ONCE 500

static bool standing_get(const struct domain *d, struct tx *tx, struct comment_id id,
                         struct decision_standing_out *ret_last, bool *ret_found, struct err *e)
{
    struct decision_standing_in in = {d->site.id.v, id.v};
    return sql_decision_standing(tx, &in, ret_last, ret_found, e);
}

bool undo_seq(const struct domain *d, struct tx *tx, struct comment_id id, int64_t *ret_seq,
              struct err *e)
{
    struct decision_standing_out last;
    bool found;
    if (!standing_get(d, tx, id, &last, &found, e))
        return false;
    *ret_seq = found && last.moderator != 0 ? last.seq : 0;
    return true;
}

/* Whether the words that the decision was about are there to be put back. */
static bool words_check(const struct undoing *u, int64_t now_s, struct err *e)
{
    if (u->last.action == ACTION_WITHDRAW) {
        if (!u->facts.kept_until_s.is_set || u->facts.kept_until_s.v <= now_s)
            return err_set(e, ERR_CONFLICT, T_MOD_UNDO_LATE,
                           "the words of comment %" PRId64 " are erased", u->undo.comment.v);
        return true;
    }
    if (u->facts.edited_s != u->last.was_edited_s)
        return err_set(e, ERR_CONFLICT, 0, "comment %" PRId64 " has other words by now",
                       u->undo.comment.v);
    return true;
}

bool undo_check(const struct domain *d, struct tx *tx, const struct actor *actor, struct undoing *u,
                struct err *e)
{
    const struct undo *undo = &u->undo;
    bool found;
    if (!facts_get(d, tx, undo->comment, undo->seq, &u->facts, e) ||
        !standing_get(d, tx, undo->comment, &u->last, &found, e))
        return false;
    if (undo->seq < 1 || undo->seq > u->facts.seq)
        return err_set(e, ERR_MISSING, 0, "comment %" PRId64 " has no decision %" PRId64,
                       undo->comment.v, undo->seq);
    /* What was carried on to a comment is taken back with the batch. */
    bool is_teams = u->last.moderator != 0 || u->batch != 0;
    if (!found || u->last.seq != undo->seq || !is_teams || u->last.to_state != u->facts.state)
        return err_set(e, ERR_CONFLICT, 0,
                       "decision %" PRId64 " on comment %" PRId64 " is not the team's newest",
                       undo->seq, undo->comment.v);
    if (!action_is_allowed(actor->role, (enum action)u->last.action, state_of(u->last.from_state)))
        return err_set(e, ERR_DENIED, 0, "role %d may not undo action %d", (int)actor->role,
                       (int)u->last.action);
    return words_check(u, tx_now_s(tx), e) &&
           claim_check(actor, undo->insists, &u->facts, tx_now_s(tx), e);
}

/* Whether the comment has a place: one that the decision gave it stays if somebody stands below it,
 * and one that it was kept from by what was carried on to it is there for it. */
static bool place_get(const struct domain *d, struct tx *tx, const struct undoing *u,
                      bool *ret_placed, struct err *e)
{
    struct comment_id id = u->undo.comment;
    bool is_public = state_of(u->last.from_state) == COMMENT_PUBLISHED;
    *ret_placed = is_public || u->facts.placed;
    if (is_public || u->last.was_placed || !u->facts.placed ||
        u->next_number - comment_id_number(id) > ANSWERS_AHEAD)
        return true;
    struct comment_is_answered_in in = {d->site.id.v, id.v,
                                        comment_id_of(comment_id_thread(id), u->next_number).v};
    struct comment_is_answered_out row;
    if (!sql_comment_is_answered(tx, &in, &row, e))
        return false;
    *ret_placed = row.is_answered != 0;
    return true;
}

static bool words_restore(const struct domain *d, struct tx *tx, const struct undoing *u,
                          bool placed, struct err *e)
{
    const struct decision_standing_out *last = &u->last;
    struct kept_words_restore_in in = {d->site.id.v, u->undo.comment.v, last->from_state,
                                       placed,       last->was_judged,  last->was_featured};
    struct kept_words_drop_in drop = {d->site.id.v, u->undo.comment.v};
    return sql_kept_words_restore(tx, &in, NULL, e) && sql_kept_words_drop(tx, &drop, NULL, e);
}

static bool comment_restore(const struct domain *d, struct tx *tx, const struct undoing *u,
                            bool placed, struct err *e)
{
    if (u->last.action == ACTION_WITHDRAW)
        return words_restore(d, tx, u, placed, e);
    struct comment_set_state_in in = {.site = d->site.id.v,
                                      .id = u->undo.comment.v,
                                      .state = u->last.from_state,
                                      .placed = placed,
                                      .judged = u->last.was_judged,
                                      .featured = u->last.was_featured};
    return sql_comment_set_state(tx, &in, NULL, e);
}

/* The reports that the decision closed wait again. */
static bool reports_reopen(const struct domain *d, struct tx *tx, const struct undoing *u,
                           struct err *e)
{
    struct report_reopen_in in = {d->site.id.v, u->undo.comment.v, u->last.at_s};
    struct comment_count_reports_in count = {d->site.id.v, u->undo.comment.v};
    int64_t changed;
    return sql_report_reopen(tx, &in, &changed, e) &&
           (changed == 0 || sql_comment_count_reports(tx, &count, NULL, e));
}

static bool undo_record(const struct domain *d, struct tx *tx, const struct actor *actor,
                        const struct undoing *u, struct err *e)
{
    struct decision why = {.comment = u->undo.comment,
                           .moderator = actor->moderator.id,
                           .action = (enum action)u->last.action,
                           .from = state_of(u->facts.state),
                           .to = state_of(u->last.from_state),
                           .undoes = u->undo.seq,
                           .batch = u->batch};
    struct str body = arena_printf(
        tx_arena(tx), "comment=%" PRId64 " seq=%" PRId64 " undoes=%" PRId64 " from=%d to=%d",
        why.comment.v, u->facts.seq + 1, u->undo.seq, (int)why.from, (int)why.to);
    return decision_put(d, tx, &why, e) &&
           ledger_add(d, tx, actor->moderator.id, STR("undo"), body, e);
}

bool undo_apply(const struct domain *d, struct tx *tx, const struct actor *actor,
                const struct undoing *u, struct err *e)
{
    bool placed;
    if (!place_get(d, tx, u, &placed, e))
        return false;
    struct move m = {.from = state_of(u->facts.state),
                     .to = state_of(u->last.from_state),
                     .placed_before = u->facts.placed != 0,
                     .placed_after = placed,
                     .words_changed = u->facts.featured != u->last.was_featured};
    struct thread_delta delta = delta_of(&m);
    struct learning learning = {&u->facts, (enum action)u->last.action, u->last.was_edited_s, -1};
    campaign_follow(d, tx, u->undo.comment, m.to);
    return comment_restore(d, tx, u, placed, e) &&
           thread_change(d, tx, comment_id_thread(u->undo.comment), &delta, e) &&
           commenter_judge(d, tx, u->facts.commenter, u->facts.judged, u->last.was_judged, e) &&
           reports_reopen(d, tx, u, e) && rule_learn(d, tx, &learning, e) &&
           undo_record(d, tx, actor, u, e);
}

bool decision_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                   const struct undo *undo, struct thread_id *ret_thread, struct err *e)
{
    struct thread_id thread = comment_id_thread(undo->comment);
    struct thread_lock_out row;
    struct undoing u = {.undo = *undo};
    if (!team_check(actor, e) || !thread_lock(d, tx, thread, &row, e))
        return false;
    u.next_number = row.next_number;
    if (!undo_check(d, tx, actor, &u, e) || !undo_apply(d, tx, actor, &u, e))
        return false;
    *ret_thread = thread;
    return true;
}

bool kept_words_expire(const struct domain *d, struct tx *tx, int64_t *ret_erased, struct err *e)
{
    struct kept_words_due_in in = {d->site.id.v, tx_now_s(tx), ERASED_AT_ONCE};
    struct kept_words_due_out *rows;
    size_t n;
    *ret_erased = 0;
    if (!sql_kept_words_due(tx, &in, &rows, &n, e))
        return false;
    if (n == 0)
        return true;
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].comment;
    struct kept_words_erase_in erase = {d->site.id.v, ids_json(tx_arena(tx), ids, n)};
    return sql_kept_words_erase(tx, &erase, ret_erased, e);
}
