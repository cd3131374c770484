#include "domain/campaign_meet.h"
#include "domain/deciding.h"
#include "domain/ledger.h"
#include "domain/reasons.h"
#include "domain/report.h"
#include "domain/rules.h"

/* What an action makes of a comment, and what it says of its author. */
static const struct {
    enum comment_state to;
    bool judges;
    int64_t judged;
} outcome[] = {
    [ACTION_PUBLISH] = {COMMENT_PUBLISHED, true, 1},
    [ACTION_REJECT] = {COMMENT_REJECTED, true, 2},
    [ACTION_SPAM] = {COMMENT_SPAM, true, 2},
    [ACTION_WITHDRAW] = {COMMENT_WITHDRAWN, true, 2},
    [ACTION_HOLD] = {COMMENT_HELD, true, 0},
    [ACTION_FEATURE] = {COMMENT_PUBLISHED, false, 0},
    [ACTION_UNFEATURE] = {COMMENT_PUBLISHED, false, 0},
};

bool reason_check(const struct domain *d, struct tx *tx, enum action action, struct str reason,
                  struct str note, struct err *e)
{
    bool is_needed = action == ACTION_REJECT || action == ACTION_WITHDRAW, wants_note;
    if (!is_needed && reason.n == 0)
        return true;
    if (!reason_give(d, tx, reason, &wants_note, e))
        return false;
    if (wants_note && str_trim(note).n == 0)
        return err_set(e, ERR_INVALID, T_NOTE_MISSING, "a reason that wants a note, but no words");
    return true;
}

bool team_check(const struct actor *actor, struct err *e)
{
    if (actor->role < ROLE_MODERATOR || actor->moderator.id.v == 0)
        return err_set(e, ERR_DENIED, 0, "role %d decides nothing", (int)actor->role);
    return true;
}

bool facts_get(const struct domain *d, struct tx *tx, struct comment_id id, int64_t but_seq,
               struct decision_facts_out *ret_facts, struct err *e)
{
    struct decision_facts_in in = {d->site.id.v, id.v, but_seq};
    bool found;
    if (!sql_decision_facts(tx, &in, ret_facts, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, id.v);
    return true;
}

bool claim_check(const struct actor *actor, bool insists, const struct decision_facts_out *facts,
                 int64_t now_s, struct err *e)
{
    bool is_free = !facts->claimer.is_set || facts->claimed_until_s.v <= now_s ||
                   facts->claimer.v == actor->moderator.id.v;
    if (!is_free && !(insists && actor->role >= ROLE_SENIOR))
        return err_set(e, ERR_CONFLICT, T_MOD_CLAIMED, "moderator %" PRId64 " works on it",
                       facts->claimer.v);
    return true;
}

bool action_shows(enum action action)
{
    return outcome[action].to == COMMENT_PUBLISHED;
}

/*
 * Whether a reader has reported it since the moderator looked, and the report would be closed
 * unread by a decision that says the comment is good; readers alone could not take it out of sight
 * any more. What takes it away is right whatever else is reported. Under a storm of reports it must
 * stay decidable: whoever has seen as many as a page shows is not sent back for more.
 */
static bool is_reported_since(const struct decide *decide, const struct decision_facts_out *facts)
{
    return action_shows(decide->action) && facts->reports > 0 &&
           decide->expected_reports < REPORTS_SHOWN_MAX &&
           (facts->reports > decide->expected_reports ||
            facts->reported_s > decide->expected_reported_s);
}

bool decide_check(const struct actor *actor, const struct decide *decide,
                  const struct decision_facts_out *facts, int64_t now_s, struct err *e)
{
    enum comment_state now = state_of(facts->state);
    if (now != decide->expected || facts->edited_s != decide->expected_edited_s)
        return err_set(e, ERR_CONFLICT, 0, "comment %" PRId64 " is not as the moderator saw it",
                       decide->comment.v);
    if (!action_is_possible(decide->action, now) ||
        (decide->action == ACTION_FEATURE && facts->featured) ||
        (decide->action == ACTION_PUBLISH && now == COMMENT_PUBLISHED && facts->reports == 0) ||
        (decide->action == ACTION_UNFEATURE && !facts->featured))
        return err_set(e, ERR_CONFLICT, 0, "action %d leads nowhere from state %d",
                       (int)decide->action, (int)now);
    if (!action_is_allowed(actor->role, decide->action, now))
        return err_set(e, ERR_DENIED, 0, "role %d may not do action %d in state %d",
                       (int)actor->role, (int)decide->action, (int)now);
    if (is_reported_since(decide, facts))
        return err_set(e, ERR_CONFLICT, T_MOD_REPORTED_SINCE,
                       "comment %" PRId64 " was reported since", decide->comment.v);
    return claim_check(actor, decide->insists, facts, now_s, e);
}

bool commenter_judge(const struct domain *d, struct tx *tx, struct str commenter, int64_t before,
                     int64_t after, struct err *e)
{
    if (before == after)
        return true;
    struct commenter_change_in in = {.site = d->site.id.v,
                                     .id = commenter,
                                     .approved = (after == 1) - (before == 1),
                                     .rejected = (after == 2) - (before == 2)};
    return sql_commenter_change(tx, &in, NULL, e);
}

bool rule_learn(const struct domain *d, struct tx *tx, const struct learning *l, struct err *e)
{
    static const struct str prefix = STR_INIT("rule:");
    struct rule_learn_in in = {.site = d->site.id.v};
    const struct decision_facts_out *facts = l->facts;
    bool is_of_its_words = facts->rule_edited_s.is_set && facts->rule_edited_s.v == l->edited_s;
    if (l->action >= ACTION_HOLD || !is_of_its_words || facts->rule_judged > 0 ||
        !str_begins(facts->rule, prefix) ||
        !str_to_int64(str_from(facts->rule, prefix.n), 1, INT64_MAX, &in.id))
        return true;
    if (l->action == ACTION_PUBLISH)
        in.overruled = l->times;
    else
        in.agreed = l->times;
    return sql_rule_learn(tx, &in, NULL, e);
}

bool number_take(const struct domain *d, struct tx *tx, struct str name, int64_t *ret_n,
                 struct err *e)
{
    struct counter_take_in in = {d->site.id.v, name};
    struct counter_take_out row;
    if (!sql_counter_take(tx, &in, &row, e))
        return false;
    *ret_n = row.number;
    return true;
}

/* The words go; for a time they are kept aside. */
static bool words_withdraw(const struct domain *d, struct tx *tx, struct comment_id id,
                           int64_t judged, struct err *e)
{
    int64_t hours = d->settings->moderation_undo_hours;
    struct kept_words_keep_in keep = {d->site.id.v, id.v, tx_now_s(tx) + hours * 3600};
    struct erase erase = {id, BY_MODERATOR, judged};
    return (hours == 0 || sql_kept_words_keep(tx, &keep, NULL, e)) &&
           comment_erase(d, tx, &erase, e);
}

/* What a decision makes of a comment. */
struct result {
    enum comment_state to;
    bool placed, featured;
    int64_t judged;
};

static struct result result_of(enum action action, const struct decision_facts_out *facts)
{
    struct result r = {.to = outcome[action].to,
                       .placed = facts->placed || action == ACTION_PUBLISH,
                       .judged = outcome[action].judges ? outcome[action].judged : facts->judged};
    r.featured = action == ACTION_FEATURE || (action == ACTION_PUBLISH && facts->featured);
    return r;
}

static bool result_set(const struct domain *d, struct tx *tx, struct comment_id id,
                       const struct result *r, struct err *e)
{
    if (r->to == COMMENT_WITHDRAWN)
        return words_withdraw(d, tx, id, r->judged, e);
    struct comment_set_state_in in = {.site = d->site.id.v,
                                      .id = id.v,
                                      .state = r->to,
                                      .placed = r->placed,
                                      .judged = r->judged,
                                      .featured = r->featured};
    return sql_comment_set_state(tx, &in, NULL, e);
}

/* What waited for the decision waits no longer. */
static bool waiting_end(const struct domain *d, struct tx *tx, const struct actor *actor,
                        struct comment_id id, const struct decision_facts_out *facts, struct err *e)
{
    struct claim_end_in claim = {d->site.id.v, id.v};
    struct opinion_end_in opinion = {d->site.id.v, id.v, actor->moderator.id.v};
    return reports_close(d, tx, id, facts->reports, e) &&
           (!facts->claimer.is_set || sql_claim_end(tx, &claim, NULL, e)) &&
           (!facts->asker.is_set || sql_opinion_end(tx, &opinion, NULL, e));
}

bool decision_tell(const struct domain *d, struct tx *tx, const struct decision *why, int64_t seq,
                   struct err *e)
{
    struct str body =
        arena_printf(tx_arena(tx), "comment=%" PRId64 " seq=%" PRId64 " action=%d from=%d to=%d",
                     why->comment.v, seq, (int)why->action, (int)why->from, (int)why->to);
    if (why->reason.n > 0)
        body = arena_printf(tx_arena(tx), STR_FMT " reason=" STR_FMT, STR_ARG(body),
                            STR_ARG(why->reason));
    if (why->batch != 0)
        body = arena_printf(tx_arena(tx), STR_FMT " batch=%" PRId64, STR_ARG(body), why->batch);
    return ledger_add(d, tx, why->moderator, STR("decision"), body, e);
}

bool decide_apply(const struct domain *d, struct tx *tx, const struct actor *actor,
                  const struct deciding *deciding, struct err *e)
{
    const struct decide *decide = &deciding->decide;
    const struct decision_facts_out *facts = &deciding->facts;
    struct result r = result_of(decide->action, facts);
    struct move m = {.from = state_of(facts->state),
                     .to = r.to,
                     .placed_before = facts->placed != 0,
                     .placed_after = r.placed,
                     .words_changed = r.featured != (facts->featured != 0)};
    struct thread_delta delta = delta_of(&m);
    struct decision why = {.comment = decide->comment,
                           .moderator = actor->moderator.id,
                           .action = decide->action,
                           .from = m.from,
                           .to = m.to,
                           .reason = decide->reason,
                           .note = decide->note,
                           .batch = deciding->batch,
                           .was = {.placed = facts->placed != 0,
                                   .featured = facts->featured != 0,
                                   .judged = facts->judged,
                                   .edited_s = facts->edited_s}};
    struct learning learning = {facts, decide->action, facts->edited_s, 1};
    campaign_follow(d, tx, decide->comment, r.to);
    return result_set(d, tx, decide->comment, &r, e) &&
           thread_change(d, tx, comment_id_thread(decide->comment), &delta, e) &&
           commenter_judge(d, tx, facts->commenter, facts->judged, r.judged, e) &&
           decision_put(d, tx, &why, e) && waiting_end(d, tx, actor, decide->comment, facts, e) &&
           rule_learn(d, tx, &learning, e) && decision_tell(d, tx, &why, facts->seq + 1, e);
}

bool decision_make(const struct domain *d, struct tx *tx, const struct actor *actor,
                   const struct decide *decide, struct thread_id *ret_thread, struct err *e)
{
    struct thread_id thread = comment_id_thread(decide->comment);
    struct thread_lock_out thread_row;
    struct deciding deciding = {.decide = *decide};
    if (!team_check(actor, e) || !thread_lock(d, tx, thread, &thread_row, e) ||
        !facts_get(d, tx, decide->comment, 0, &deciding.facts, e) ||
        !decide_check(actor, decide, &deciding.facts, tx_now_s(tx), e) ||
        !reason_check(d, tx, decide->action, decide->reason, decide->note, e) ||
        !decide_apply(d, tx, actor, &deciding, e))
        return false;
    *ret_thread = thread;
    return true;
}
