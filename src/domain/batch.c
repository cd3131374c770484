#include "domain/batch.h"

#include <stdlib.h>

#include "base/buf.h"
#include "domain/deciding.h"
#include "domain/ledger.h"
#include "domain/queue_walk.h"
#include "domain/rights.h"

#define IDS_KEY STR("ids=")

#define BATCH_OF_ROW(r)                                                                            \
    ((struct batch){.id = (r)->id,                                                                 \
                    .moderator = {(r)->moderator},                                                 \
                    .moderator_name = (r)->moderator_name,                                         \
                    .stage = stage_of((r)->is_done, (r)->undone_s, (r)->stopped_s),                \
                    .action = (enum action)(r)->action,                                            \
                    .reason = (r)->reason,                                                         \
                    .note = (r)->note,                                                             \
                    .choice = (r)->choice,                                                         \
                    .expected = (r)->expected,                                                     \
                    .comments = (r)->comments,                                                     \
                    .carried = (r)->carried,                                                       \
                    .undone = (r)->undone,                                                         \
                    .skipped = (r)->skipped,                                                       \
                    .kept = (r)->kept,                                                             \
                    .at_s = (r)->at_s,                                                             \
                    .undone_s = (r)->undone_s})

static enum batch_stage stage_of(int64_t is_done, int64_t undone_s, int64_t stopped_s)
{
    if (stopped_s != 0)
        return BATCH_STOPPED;
    if (undone_s == 0)
        return is_done ? BATCH_DECIDED : BATCH_DECIDING;
    return is_done ? BATCH_UNDONE : BATCH_UNDOING;
}

/* ---- Beginning ------------------------------------------------------------------------------ */

struct str batch_choice_print(struct arena *a, struct comment_id id,
                              const struct comment_seen *seen)
{
    struct str how = seen_print(a, seen);
    return how.n > 0 ? arena_printf(a, "%" PRId64 "." STR_FMT, id.v, STR_ARG(how))
                     : arena_printf(a, "%" PRId64, id.v);
}

bool batch_choice_parse(struct str text, struct comment_id *ret_id, struct comment_seen *ret_seen)
{
    struct str id, how;
    *ret_seen = (struct comment_seen){.is_known = false};
    if (!str_cut(text, '.', &id, &how))
        return str_to_int64(text, 1, INT64_MAX, &ret_id->v);
    return str_to_int64(id, 1, INT64_MAX, &ret_id->v) && seen_parse(how, ret_seen);
}

/* "ids=1.0.0.0.0,2.1.0.0.0,3" or the filter. */
static struct str choice_print(struct arena *a, const struct batch_plan *plan)
{
    if (plan->n_ids == 0)
        return queue_filter_print(a, &plan->filter);
    struct buf b = buf_in(a, BATCH_IDS_MAX * (21 + SEEN_BYTES_MAX) + 4);
    const struct comment_seen unknown = {.is_known = false};
    buf_put(&b, IDS_KEY);
    for (size_t i = 0; i < plan->n_ids; i++) {
        if (i > 0)
            buf_char(&b, ',');
        buf_put(&b, batch_choice_print(a, plan->ids[i], plan->seen ? &plan->seen[i] : &unknown));
    }
    return buf_str(&b);
}

/* Whether the role may begin such a batch, and go on with it. */
static bool may_decide(enum role role, enum action action, bool is_filter)
{
    bool is_possible = false;
    for (int from = COMMENT_HELD; from <= COMMENT_WITHDRAWN; from++)
        is_possible |= action_is_allowed(role, action, (enum comment_state)from);
    return is_possible && (!is_filter || role >= ROLE_SENIOR);
}

static bool plan_check(const struct domain *d, struct tx *tx, const struct actor *actor,
                       const struct batch_plan *plan, struct err *e)
{
    if (!may_decide(actor->role, plan->action, plan->n_ids == 0))
        return err_set(e, ERR_DENIED, 0, "role %d does no action %d to %zu chosen or to a filter",
                       (int)actor->role, (int)plan->action, plan->n_ids);
    /* The index follows a moment later: what it finds is chosen one by one. */
    if (plan->n_ids == 0 && plan->filter.words.n > 0)
        return err_set(e, ERR_INVALID, 0, "a search is not decided on as a whole");
    if (plan->n_ids > BATCH_IDS_MAX)
        return err_set(e, ERR_INVALID, 0, "%zu comments are chosen", plan->n_ids);
    return reason_check(d, tx, plan->action, plan->reason, plan->note, e);
}

bool batch_begin(const struct domain *d, struct tx *tx, const struct actor *actor,
                 const struct batch_plan *plan, int64_t *ret_id, struct err *e)
{
    int64_t id;
    if (!team_check(actor, e) || !plan_check(d, tx, actor, plan, e) ||
        !number_take(d, tx, STR("batch"), &id, e))
        return false;
    int64_t now_s = tx_now_s(tx);
    struct batch_add_in in = {
        .site = d->site.id.v,
        .id = id,
        .moderator = actor->moderator.id.v,
        .role = actor->role,
        .action = plan->action,
        .expected = plan->expected,
        .until_s = plan->until_s > 0 && plan->until_s < now_s ? plan->until_s : now_s,
        .takes_unseen = plan->takes_unseen,
        .at_s = now_s,
        .reason = plan->reason,
        .note = plan->note,
        .choice = choice_print(tx_arena(tx), plan),
    };
    struct str body = arena_printf(tx_arena(tx), "batch=%" PRId64 " action=%d comments=%" PRId64,
                                   id, (int)plan->action, plan->expected);
    if (!sql_batch_add(tx, &in, NULL, e) ||
        !ledger_add(d, tx, actor->moderator.id, STR("batch"), body, e))
        return false;
    *ret_id = id;
    return true;
}

/* ---- A step --------------------------------------------------------------------------------- */

/* A step under way. */
struct stepping {
    const struct domain *d;
    struct tx *tx;
    const struct batch_get_out *row;
    struct actor actor; /* for whom it is done */
    int64_t ids[BATCH_STEP_MAX];
    struct comment_seen seen[BATCH_STEP_MAX]; /* of those that were chosen one by one */
    int64_t seqs[BATCH_STEP_MAX];             /* of the decisions to be taken back */
    size_t n;
    struct batch_move_in moved; /* what is noted at the end */
    struct batch_step step;
};

/* The next of "ids=1.0.0.0.0,2.1.0.0.0,3", from the place where the last step got. */
static bool next_of_list(struct stepping *s, struct str list, struct err *e)
{
    struct str part;
    int64_t place = 0;
    struct comment_id id;
    while (s->n < BATCH_STEP_MAX && str_next(&list, ',', &part)) {
        if (place++ < s->row->after_id)
            continue;
        if (!batch_choice_parse(part, &id, &s->seen[s->n]))
            return err_set(e, ERR_BROKEN, 0, "batch %" PRId64 " has no list", s->row->id);
        s->ids[s->n++] = id.v;
    }
    s->moved.after_id = place;
    s->moved.is_done = list.n == 0;
    return true;
}

static bool next_of_filter(struct stepping *s, struct err *e)
{
    struct queue_filter filter;
    if (!queue_filter_parse(tx_arena(s->tx), s->row->choice, &filter))
        return err_set(e, ERR_BROKEN, 0, "batch %" PRId64 " has no filter", s->row->id);
    struct queue_walk w = {.filter = &filter,
                           .after_s = s->row->after_s,
                           .after = s->row->after_id,
                           .window = QUEUE_WINDOW};
    struct comment_ids ids;
    if (!queue_walk_next(s->d, s->tx, &w, BATCH_STEP_MAX, &ids, e))
        return false;
    for (; s->n < ids.n; s->n++)
        s->ids[s->n] = ids.items[s->n];
    s->moved.after_s = w.after_s;
    s->moved.after_id = w.after;
    s->moved.is_done = w.is_end;
    return true;
}

static bool next_of_decisions(struct stepping *s, struct err *e)
{
    struct decision_of_batch_in in = {s->d->site.id.v, s->row->id, s->row->after_id,
                                      BATCH_STEP_MAX};
    struct decision_of_batch_out *rows;
    if (!sql_decision_of_batch(s->tx, &in, &rows, &s->n, e))
        return false;
    for (size_t i = 0; i < s->n; i++) {
        s->ids[i] = rows[i].comment;
        s->seqs[i] = rows[i].seq;
        s->moved.after_id = rows[i].comment;
    }
    s->moved.is_done = s->n < BATCH_STEP_MAX;
    return true;
}

static bool next_of_batch(struct stepping *s, struct err *e)
{
    if (s->row->undone_s)
        return next_of_decisions(s, e);
    struct str choice = s->row->choice;
    return str_begins(choice, IDS_KEY) ? next_of_list(s, str_from(choice, IDS_KEY.n), e)
                                       : next_of_filter(s, e);
}

/* Why a comment is passed over; anything else fails the step. */
static bool is_passed_over(const struct err *e)
{
    return e->kind == ERR_CONFLICT || e->kind == ERR_DENIED || e->kind == ERR_MISSING;
}

static void thread_changed(struct stepping *s, struct thread_id thread)
{
    for (size_t i = s->step.n_threads; i > 0; i--)
        if (s->step.threads[i - 1].v == thread.v)
            return;
    s->step.threads[s->step.n_threads++] = thread;
}

/* Whether the comment was there when the moderator chose, or is taken without having been seen. */
static bool is_chosen(const struct batch_get_out *row, const struct decision_facts_out *facts)
{
    return facts->created_s <= (row->takes_unseen ? row->at_s : row->until_s);
}

/*
 * Whether it may be another by now than the one that the moderator saw. Nobody can tell what of the
 * very second in which the page was made stood on it: that counts as later. Nobody saw one that
 * came after; but whoever decided on that has.
 */
static bool is_changed_since(const struct batch_get_out *row,
                             const struct decision_facts_out *facts)
{
    bool may_be_seen = facts->created_s <= row->until_s;
    bool was_seen = facts->created_s < row->until_s || row->takes_unseen;
    return !was_seen || (may_be_seen && facts->edited_s >= row->until_s) ||
           facts->decided_s >= row->until_s ||
           (action_shows((enum action)row->action) && facts->reports > 0 &&
            facts->reported_s >= row->until_s);
}

/* The same of one that was chosen by itself: decide_check knows how it was seen. */
static bool is_decided_since(const struct batch_get_out *row,
                             const struct decision_facts_out *facts)
{
    return facts->decided_s > row->until_s;
}

/* Decides on one comment, or passes it over. */
static bool decide_next(struct stepping *s, int64_t id, const struct comment_seen *seen,
                        struct err *e)
{
    const struct batch_get_out *row = s->row;
    struct deciding now = {.decide = {.comment = {id},
                                      .action = (enum action)row->action,
                                      .reason = row->reason,
                                      .note = row->note},
                           .batch = row->id};
    if (!facts_get(s->d, s->tx, now.decide.comment, 0, &now.facts, e))
        return false;
    if (!seen->is_known && !is_chosen(row, &now.facts))
        return true;
    now.decide.expected = seen->is_known ? seen->state : state_of(now.facts.state);
    now.decide.expected_edited_s = seen->is_known ? seen->edited_s : now.facts.edited_s;
    now.decide.expected_reports = seen->is_known ? seen->reports : now.facts.reports;
    now.decide.expected_reported_s = seen->is_known ? seen->reported_s : now.facts.reported_s;
    bool is_changed =
        seen->is_known ? is_decided_since(row, &now.facts) : is_changed_since(row, &now.facts);
    if (is_changed || !decide_check(&s->actor, &now.decide, &now.facts, tx_now_s(s->tx), e)) {
        s->moved.skipped++;
        return is_changed || is_passed_over(e);
    }
    s->moved.comments++;
    s->step.wants_scrub |= now.decide.action == ACTION_WITHDRAW;
    thread_changed(s, comment_id_thread(now.decide.comment));
    return decide_apply(s->d, s->tx, &s->actor, &now, e);
}

/* Takes one decision back, or passes it over. */
static bool undo_next(struct stepping *s, int64_t id, int64_t seq, int64_t next_number,
                      struct err *e)
{
    struct undoing u = {
        .undo = {.comment = {id}, .seq = seq}, .batch = s->row->id, .next_number = next_number};
    if (!undo_check(s->d, s->tx, &s->actor, &u, e)) {
        s->moved.kept++;
        return is_passed_over(e);
    }
    s->moved.undone++;
    thread_changed(s, comment_id_thread(u.undo.comment));
    return undo_apply(s->d, s->tx, &s->actor, &u, e);
}

/* Each conversation is locked before its comments. */
static bool all_next(struct stepping *s, struct err *e)
{
    struct thread_id locked = {0};
    struct thread_lock_out row = {0};
    for (size_t i = 0; i < s->n; i++) {
        struct thread_id thread = comment_id_thread((struct comment_id){s->ids[i]});
        if (thread.v != locked.v && !thread_lock(s->d, s->tx, thread, &row, e)) {
            if (e->kind != ERR_MISSING)
                return false;
            s->moved.skipped++; /* a number that was made up */
            continue;
        }
        locked = thread;
        if (s->row->undone_s ? !undo_next(s, s->ids[i], s->seqs[i], row.next_number, e)
                             : !decide_next(s, s->ids[i], &s->seen[i], e)) {
            if (e->kind != ERR_MISSING)
                return false;
            s->moved.skipped++;
        }
    }
    return true;
}

static bool row_get(const struct domain *d, struct tx *tx, int64_t id,
                    struct batch_get_out *ret_row, struct err *e)
{
    struct batch_get_in in = {d->site.id.v, id};
    bool found;
    if (!sql_batch_get(tx, &in, ret_row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no batch %" PRId64, id);
    return true;
}

/* The role of whoever it is done for, as it is now. */
static enum role present_role(const struct batch_get_out *row)
{
    return (enum role)(row->present_role.is_set ? row->present_role.v : row->role);
}

static enum right undo_right(const struct batch_get_out *row, struct moderator_id who)
{
    return row->moderator == who.v ? RIGHT_BATCH_UNDO_OWN : RIGHT_BATCH_UNDO;
}

/* Whether whoever it is done for could still begin it: not shut out, and with the right to it. */
static bool may_go_on(const struct batch_get_out *row)
{
    enum role role = present_role(row);
    if (row->disabled_s.v != 0)
        return false;
    if (row->undone_s)
        return right_is_held(undo_right(row, (struct moderator_id){row->undone_by}), role);
    return may_decide(role, (enum action)row->action, !str_begins(row->choice, IDS_KEY));
}

bool batch_step(const struct domain *d, struct tx *tx, int64_t id, struct batch_step *ret_step,
                struct err *e)
{
    struct batch_get_out row;
    if (!row_get(d, tx, id, &row, e))
        return false;
    if (row.is_done) {
        *ret_step = (struct batch_step){.is_done = true};
        return true;
    }
    if (!may_go_on(&row)) {
        struct batch_stop_in stop = {d->site.id.v, id, tx_now_s(tx)};
        *ret_step = (struct batch_step){.is_done = true};
        return sql_batch_stop(tx, &stop, NULL, e);
    }
    struct stepping *s = ARENA_NEW(tx_arena(tx), struct stepping);
    *s = (struct stepping){
        .d = d,
        .tx = tx,
        .row = &row,
        .actor = {.role = present_role(&row),
                  .moderator = {.id = {row.undone_s ? row.undone_by : row.moderator}}},
        .moved = {.site = d->site.id.v, .id = id},
        .step = {.threads = ARENA_ARRAY(tx_arena(tx), struct thread_id, BATCH_STEP_MAX)},
    };
    if (!next_of_batch(s, e) || !all_next(s, e) || !sql_batch_move(tx, &s->moved, NULL, e))
        return false;
    s->step.is_done = s->moved.is_done != 0;
    *ret_step = s->step;
    return true;
}

/* ---- The whole ------------------------------------------------------------------------------ */

bool batch_next_open(const struct domain *d, struct tx *tx, int64_t *ret_id, struct err *e)
{
    struct batch_open_in in = {d->site.id.v};
    struct batch_open_out row;
    bool found;
    if (!sql_batch_open(tx, &in, &row, &found, e))
        return false;
    *ret_id = found ? row.id : 0;
    return true;
}

/* One that was stopped is to be taken back like one that is decided. */
static unsigned right_state(const struct batch_get_out *row)
{
    if (row->undone_s && !row->stopped_s)
        return BATCH_IS_UNDONE;
    return row->is_done ? BATCH_IS_DECIDED : BATCH_IS_DECIDING;
}

bool batch_undo(const struct domain *d, struct tx *tx, const struct actor *actor, int64_t id,
                struct err *e)
{
    struct batch_get_out row;
    if (!team_check(actor, e) || !row_get(d, tx, id, &row, e))
        return false;
    enum right right = undo_right(&row, actor->moderator.id);
    if (!right_is_held(right, actor->role))
        return err_set(e, ERR_DENIED, 0, "batch %" PRId64 " is another's", id);
    if (!right_is_possible(right, right_state(&row)))
        return err_set(e, ERR_CONFLICT, 0, "batch %" PRId64 " is taken back already", id);
    struct batch_take_back_in in = {d->site.id.v, id, tx_now_s(tx), actor->moderator.id.v,
                                    actor->role};
    struct batch_end_campaign_in campaign = {d->site.id.v, id, 0, STR_NONE};
    struct str body = arena_printf(tx_arena(tx), "batch=%" PRId64, id);
    return sql_batch_take_back(tx, &in, NULL, e) &&
           sql_batch_end_campaign(tx, &campaign, NULL, e) &&
           ledger_add(d, tx, actor->moderator.id, STR("undo"), body, e);
}

bool batch_get(const struct domain *d, struct tx *tx, int64_t id, struct batch *ret_batch,
               struct err *e)
{
    struct batch_get_out row;
    if (!row_get(d, tx, id, &row, e))
        return false;
    *ret_batch = BATCH_OF_ROW(&row);
    return true;
}

bool batch_list(const struct domain *d, struct tx *tx, int64_t before, size_t max,
                struct batch_list *ret_list, struct err *e)
{
    struct batch_list_in in = {d->site.id.v, before ? before : INT64_MAX, (int64_t)max};
    struct batch_list_out *rows;
    size_t n;
    if (!sql_batch_list(tx, &in, &rows, &n, e))
        return false;
    struct batch *items = ARENA_ARRAY(tx_arena(tx), struct batch, n);
    for (size_t i = 0; i < n; i++)
        items[i] = BATCH_OF_ROW(&rows[i]);
    *ret_list = (struct batch_list){items, n};
    return true;
}
