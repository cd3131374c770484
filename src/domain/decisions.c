#include "domain/moderation.h"
#include "domain/rules.h"

/* What an action makes of a comment, and what it says of its author. */
static const struct {
    enum comment_state to;
    int64_t judged;
} outcome[] = {
    [ACTION_PUBLISH] = {COMMENT_PUBLISHED, 1}, [ACTION_REJECT] = {COMMENT_REJECTED, 2},
    [ACTION_SPAM] = {COMMENT_SPAM, 2},         [ACTION_WITHDRAW] = {COMMENT_WITHDRAWN, 2},
    [ACTION_HOLD] = {COMMENT_HELD, 0},
};

static bool reason_is_known(struct str key)
{
    static const struct str keys[] = {
#define REASON(key, message) STR_INIT(key),
#include "model/reasons.def"
#undef REASON
    };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

static bool reason_check(const struct decide *decide, struct err *e)
{
    bool needed = decide->action == ACTION_REJECT || decide->action == ACTION_WITHDRAW;
    if ((needed || decide->reason.n > 0) && !reason_is_known(decide->reason))
        return err_set(e, ERR_INVALID, T_REASON_MISSING, "no reason that is known");
    if (str_eq(decide->reason, STR("other")) && str_trim(decide->note).n == 0)
        return err_set(e, ERR_INVALID, T_NOTE_MISSING, "another reason, but no words on it");
    return true;
}

/* Whether this may happen to the comment as it is now. */
static bool move_check(const struct actor *actor, const struct decide *decide,
                       const struct comment_judge_get_out *row, struct err *e)
{
    enum comment_state now = state_of(row->state);
    if (now != decide->expected || row->edited_s != decide->expected_edited_s)
        return err_set(e, ERR_CONFLICT, 0, "comment %" PRId64 " is not as the moderator saw it",
                       decide->comment.v);
    if (!action_is_possible(decide->action, now))
        return err_set(e, ERR_CONFLICT, 0, "action %d leads nowhere from state %d",
                       (int)decide->action, (int)now);
    if (!action_is_allowed(actor->role, decide->action, now))
        return err_set(e, ERR_DENIED, 0, "role %d may not do action %d in state %d",
                       (int)actor->role, (int)decide->action, (int)now);
    return reason_check(decide, e);
}

/* Writes the comment's new state. */
static bool outcome_set(const struct domain *d, struct tx *tx, const struct decide *decide,
                        bool placed, struct err *e)
{
    enum comment_state to = outcome[decide->action].to;
    if (to == COMMENT_WITHDRAWN) {
        struct erase erase = {decide->comment, BY_MODERATOR, outcome[decide->action].judged};
        return comment_erase(d, tx, &erase, e);
    }
    struct comment_set_state_in in = {.site = d->site.id.v,
                                      .id = decide->comment.v,
                                      .state = to,
                                      .placed = placed,
                                      .judged = outcome[decide->action].judged};
    return sql_comment_set_state(tx, &in, NULL, e);
}

/* What moderators think of the commenter changes with what they think of the comment. */
static bool commenter_judge(const struct domain *d, struct tx *tx, struct str commenter,
                            int64_t before, int64_t after, struct err *e)
{
    if (before == after)
        return true;
    struct commenter_change_in in = {.site = d->site.id.v,
                                     .id = commenter,
                                     .approved = (after == 1) - (before == 1),
                                     .rejected = (after == 2) - (before == 2)};
    return sql_commenter_change(tx, &in, NULL, e);
}

bool decision_make(const struct domain *d, struct tx *tx, const struct actor *actor,
                   const struct decide *decide, struct thread_id *ret_thread, struct err *e)
{
    if (actor->role < ROLE_MODERATOR || actor->moderator.id.v == 0)
        return err_set(e, ERR_DENIED, 0, "role %d decides nothing", (int)actor->role);
    struct thread_id thread = comment_id_thread(decide->comment);
    struct thread_lock_out thread_row;
    struct comment_judge_get_in in = {d->site.id.v, decide->comment.v};
    struct comment_judge_get_out row;
    bool found;
    if (!thread_lock(d, tx, thread, &thread_row, e) ||
        !sql_comment_judge_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, decide->comment.v);
    if (!move_check(actor, decide, &row, e))
        return false;

    struct move m = {.from = state_of(row.state),
                     .to = outcome[decide->action].to,
                     .placed_before = row.placed != 0,
                     .placed_after = row.placed != 0 || decide->action == ACTION_PUBLISH};
    struct thread_delta delta = delta_of(&m);
    struct decision why = {.comment = decide->comment,
                           .moderator = actor->moderator.id,
                           .action = decide->action,
                           .from = m.from,
                           .to = m.to,
                           .reason = decide->reason,
                           .note = decide->note};
    int64_t judged = outcome[decide->action].judged;
    if (!outcome_set(d, tx, decide, m.placed_after, e) ||
        !thread_change(d, tx, thread, &delta, e) ||
        !commenter_judge(d, tx, row.commenter, row.judged, judged, e) ||
        !decision_put(d, tx, &why, e))
        return false;
    *ret_thread = thread;
    return true;
}
