/*
 * What the team knows of a commenter, thinks of them, and does to all that they wrote.
 */
#include "domain/commenters.h"

#include <inttypes.h>

#include "domain/rights.h"
#include "web/address.h"
#include "web/console.h"
#include "web/gate.h"
#include "web/reply.h"

#define COMMENTER_CARDS 10
#define DAY_S 86400
#define TRUST_DAYS_MAX 3650
#define TRUST_UNTIL "until-" /* and Unix seconds: as it is in force */

static bool read_commenter_id(const struct request *rq, struct commenter_id *ret_id, struct err *e)
{
    return str_to_bytes(rq->args[0], ret_id->b, sizeof ret_id->b) ||
           err_set(e, ERR_MISSING, 0, "no such commenter");
}

/* ---- The page ------------------------------------------------------------------------------- */

/* How many comments there are in a state, with the way to them. */
static struct fact_line state_fact(struct request *rq, const struct commenter_record *r,
                                   enum comment_state state)
{
    const struct queue_filter filter = {
        .which = (enum queue_which)state, .has_commenter = true, .commenter = r->id};
    return (struct fact_line){
        .label = fill_state_text(rq, state),
        .text = i18n_number(rq->arena, rq->words, r->by_state[state]),
        .address = address_queue(rq->arena, &filter),
    };
}

static void fill_facts(struct request *rq, const struct commenter_record *r,
                       struct commenter_page *p)
{
    struct fact_line *facts = ARENA_ARRAY(rq->arena, struct fact_line, COMMENT_WITHDRAWN + 4);
    size_t n = 0;
    facts[n++] = (struct fact_line){
        .label = i18n_text(rq->words, T_COMMENTER_SINCE),
        .text = fill_time_text(rq, r->created_s, I18N_DATE),
    };
    struct str seen = i18n_number(rq->arena, rq->words, r->seen);
    if (r->seen > COMMENTER_SEEN_MAX)
        seen = fill_waiting(rq, r->seen);
    facts[n++] =
        (struct fact_line){.label = i18n_text(rq->words, T_COMMENTER_COMMENTS), .text = seen};
    for (int state = COMMENT_HELD; state <= COMMENT_WITHDRAWN; state++) {
        if (r->by_state[state] > 0)
            facts[n++] = state_fact(rq, r, (enum comment_state)state);
    }
    p->facts = facts;
    p->n_facts = n;
}

/* A value of a list and what it is called. */
struct choice_row {
    struct str value;
    enum message text;
};

static const struct choice_row trust_rows[] = {{STR_INIT("0"), T_TRUST_NONE},
                                               {STR_INIT("1"), T_TRUST_HELD},
                                               {STR_INIT("2"), T_TRUST_FULL},
                                               {STR_INIT("3"), T_TRUST_BANNED}};
static const struct choice_row days_rows[] = {{STR_INIT("0"), T_DAYS_FOR_GOOD},
                                              {STR_INIT("1"), T_DAYS_ONE},
                                              {STR_INIT("7"), T_DAYS_SEVEN},
                                              {STR_INIT("30"), T_DAYS_THIRTY}};

static void fill_trusts(struct request *rq, int64_t chosen, struct commenter_page *p)
{
    struct choice_option *options =
        ARENA_ARRAY(rq->arena, struct choice_option, ARRAY_LEN(trust_rows));
    for (size_t i = 0; i < ARRAY_LEN(trust_rows); i++)
        options[i] = (struct choice_option){
            trust_rows[i].value, i18n_text(rq->words, trust_rows[i].text), (int64_t)i == chosen};
    p->trusts = options;
    p->n_trusts = ARRAY_LEN(trust_rows);
}

/* As it is in force, if it is to stay as it is when something else of the form is changed. */
static struct str days_now(struct request *rq, const struct commenter_record *r)
{
    if (r->trust_until_s > 0)
        return arena_printf(rq->arena, TRUST_UNTIL "%" PRId64, r->trust_until_s);
    return r->trust == TRUST_BANNED ? STR("0") : STR_NONE;
}

/*
 * How long, with what was chosen before; else as it is in force. Where there is nothing of both it
 * is asked for: no ban lasts for good because nobody chose.
 */
static void fill_days(struct request *rq, const struct commenter_record *r,
                      const struct trust_form *form, struct commenter_page *p)
{
    struct choice_option *options =
        ARENA_ARRAY(rq->arena, struct choice_option, ARRAY_LEN(days_rows) + 2);
    struct str now = days_now(rq, r);
    struct str chosen = form ? form->days : now;
    size_t n = 1;
    if (r->trust_until_s > 0) {
        struct str end = fill_time_text(rq, r->trust_until_s, I18N_DATE_TIME);
        struct str text = i18n_fill(rq->arena, rq->words, T_DAYS_AS_NOW, end, STR_NONE);
        options[n++] = (struct choice_option){now, text, str_eq(now, chosen)};
    }
    for (size_t i = 0; i < ARRAY_LEN(days_rows); i++)
        options[n++] =
            (struct choice_option){days_rows[i].value, i18n_text(rq->words, days_rows[i].text),
                                   str_eq(days_rows[i].value, chosen)};
    size_t first = 0;
    for (size_t i = 1; i < n; i++)
        if (options[i].is_selected)
            first = 1;
    options[0] = (struct choice_option){STR_NONE, i18n_text(rq->words, T_DAYS_CHOOSE), true};
    p->days = options + first;
    p->n_days = n - first;
}

/* Why it was refused, at the field and above everything. */
static void fill_trust_faults(struct request *rq, struct commenter_page *p)
{
    struct str text = fill_form_error(rq), at = STR_NONE;
    struct fault_list all = {0};
    if (rq->err.say == T_DAYS_CHOOSE) {
        p->days_error = text;
        at = STR("t-days");
    } else if (rq->err.say == T_REASON_MISSING) {
        p->reason_error = text;
        at = STR("t-reason");
    } else if (rq->err.say == T_NOTE_MISSING || rq->faults.field[FIELD_trust_form_note] != T_NONE) {
        p->note_error = text;
        at = STR("t-note");
    }
    fill_fault(rq, &all, at, text);
    p->faults = all.items;
    p->n_faults = all.n;
}

static void fill_trust_form(struct request *rq, const struct commenter_record *r,
                            struct commenter_page *p)
{
    const struct trust_form *form =
        rq->form && rq->route->form == &form_spec_trust_form ? rq->form : NULL;
    fill_trusts(rq, form ? form->trust : (int64_t)r->trust, p);
    fill_days(rq, r, form, p);
    p->reasons = fill_reasons(rq, form ? form->reason : STR_NONE, &p->n_reasons);
    p->trust_action = address_commenter(rq->arena, &r->id, "trust");
    if (form) {
        p->note = form->note;
        fill_trust_faults(rq, p);
    }
}

/* What only seniors may do: think something of a commenter, remove all they wrote. */
static void fill_senior(struct request *rq, const struct commenter_record *r,
                        const struct queue_filter *all, struct commenter_page *p)
{
    fill_trust_form(rq, r, p);
    struct many_view *many = fill_many(rq, p->next);
    many->filter = queue_filter_print(rq->arena, all);
    many->filter_text = i18n_text(rq->words, T_COMMENTER_REMOVE);
    many->actions = fill_actions(rq, STR("spam"), &many->n_actions);
    if (r->seen > 0)
        p->many = many;
}

static void fill_others(struct request *rq, const struct commenter_record *r,
                        struct commenter_page *p)
{
    struct other_line *lines = ARENA_ARRAY(rq->arena, struct other_line, r->n_others);
    for (size_t i = 0; i < r->n_others; i++) {
        const struct commenter_other *o = &r->others[i];
        lines[i] = (struct other_line){
            .name = o->name,
            .address = address_commenter(rq->arena, &o->id, ""),
            .history_text = fill_history(rq, T_COMMENTER_OTHERS_HISTORY, o->approved, o->rejected),
            .trust_text = fill_trust_text(rq, o->trust, 0),
        };
    }
    p->others = lines;
    p->n_others = r->n_others;
}

/* "Banned (until …)", "As everybody". */
static struct str trusting_text(struct request *rq, const struct trusting *t)
{
    if (t->trust == TRUST_NONE)
        return i18n_text(rq->words, T_TRUST_NONE);
    return fill_trust_text(rq, t->trust, t->until_s);
}

/* An undo is called by what it took back. */
static struct str change_text(struct request *rq, const struct trust_record *r)
{
    return trusting_text(rq, r->undoes ? &r->was : &r->is);
}

static void fill_trust_log(struct request *rq, const struct commenter_record *r,
                           struct commenter_page *p)
{
    struct trust_log_view *v = ARENA_NEW(rq->arena, struct trust_log_view);
    struct decision_line *lines = ARENA_ARRAY(rq->arena, struct decision_line, r->trusts.n);
    for (size_t i = 0; i < r->trusts.n; i++) {
        const struct trust_record *t = &r->trusts.items[i];
        lines[i] = (struct decision_line){
            .time = fill_time(rq, t->at_s),
            .time_text = fill_time_text(rq, t->at_s, I18N_DATE_TIME),
            .who = t->moderator_name,
            .text = change_text(rq, t),
            .is_undo = t->undoes != 0,
            .note = t->note,
        };
        if (t->reason.n)
            lines[i].reason_text = fill_reason_text(rq, t->reason);
        if (t->seq == r->trusts.undo_seq && right_is_held(RIGHT_COMMENTER_TRUST, rq->actor.role)) {
            lines[i].undo_action = address_commenter(rq->arena, &r->id, "trust/undo");
            lines[i].seq = t->seq;
        }
    }
    *v = (struct trust_log_view){.decisions = lines, .n_decisions = r->trusts.n};
    p->trust_log = r->trusts.n ? v : NULL;
}

/* What was decided just now, with the way back; else what could not be undone. */
static void fill_trust_notice(struct request *rq, const struct commenter_record *r,
                              struct commenter_page *p)
{
    if (rq->err.kind && rq->route->form == &form_spec_undo_form)
        p->notice = fill_problem(rq);
    if (!str_eq(rq->query.done, STR("trust")) || r->trusts.n == 0)
        return;
    const struct trust_record *newest = &r->trusts.items[0];
    struct done_view *v = ARENA_NEW(rq->arena, struct done_view);
    struct str text = change_text(rq, newest);
    if (newest->undoes)
        text = arena_printf(rq->arena, STR_FMT ": " STR_FMT,
                            STR_ARG(i18n_text(rq->words, T_MOD_UNDONE)), STR_ARG(text));
    *v = (struct done_view){.text = text,
                            .detail = i18n_text(rq->words, T_MOD_DONE_TRUST),
                            .next = p->here,
                            .token = p->token};
    if (r->trusts.undo_seq == newest->seq && right_is_held(RIGHT_COMMENTER_TRUST, rq->actor.role)) {
        v->undo_action = address_commenter(rq->arena, &r->id, "trust/undo");
        v->seq = newest->seq;
    }
    p->notice = v;
}

static void fill_record(struct request *rq, const struct commenter_record *r,
                        struct commenter_page *p)
{
    p->title = r->n_names ? r->names[0] : i18n_text(rq->words, T_COMMENTER_NAMELESS);
    if (r->n_names > 1)
        p->names_text = i18n_list(rq->arena, rq->words, r->names, r->n_names);
    p->trust_text = fill_trust_text(rq, r->trust, r->trust_until_s);
    p->next = p->here = address_commenter(rq->arena, &r->id, "");
    p->notes = fill_notes(rq, r->notes, r->n_notes, address_commenter(rq->arena, &r->id, "notes"),
                          p->here);
    p->decisions = fill_decisions(rq, r->decisions, r->n_decisions,
                                  &(struct decisions_want){.with_comment = true});
    p->n_decisions = r->n_decisions;
    fill_facts(rq, r, p);
    fill_trust_log(rq, r, p);
    fill_others(rq, r, p);
}

static void fill_cards_of_commenter(struct request *rq, const struct queue_page *list,
                                    struct commenter_page *p)
{
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list->n);
    for (size_t i = 0; i < list->n; i++)
        views[i] = *fill_case(rq, &list->cards[i]);
    p->cards = views;
    p->n_cards = list->n;
}

bool commenter_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct commenter_page *p = ARENA_NEW(rq->arena, struct commenter_page);
    struct commenter_id id;
    struct commenter_record r;
    struct queue_page list;
    if (!read_commenter_id(rq, &id, e) || !commenter_record_get(d, tx, &id, &r, e) ||
        !reasons_open(rq, tx, e))
        return false;
    const struct queue_query all = {
        .filter = {.which = QUEUE_ALL, .has_commenter = true, .commenter = id},
        .max = COMMENTER_CARDS};
    fill_record(rq, &r, p);
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e) || !queue_get(d, tx, &all, &list, e) ||
        !fill_done(rq, tx, p->here, &p->notice, e))
        return false;
    p->moderator = f->moderator;
    p->token = gate_token(rq, CSRF_SESSION);
    p->all_address = address_queue(rq->arena, &all.filter);
    fill_trust_notice(rq, &r, p);
    p->reasons = fill_reasons(rq, STR_NONE, &p->n_reasons);
    fill_cards_of_commenter(rq, &list, p);
    if (right_is_held(RIGHT_COMMENTER_TRUST, rq->actor.role))
        fill_senior(rq, &r, &all.filter, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_COMMENTER, p);
    return true;
}

/* ---- Changes -------------------------------------------------------------------------------- */

/*
 * So many days, or until then: what the list of fill_days has. *ret_until_s is 0 for good, which a
 * ban is only when somebody chose that.
 */
static bool read_until(const struct request *rq, const struct trust_form *form,
                       int64_t *ret_until_s, struct err *e)
{
    int64_t n;
    struct str until = STR(TRUST_UNTIL), days = form->days;
    if (days.n == 0 && form->trust != TRUST_BANNED) {
        *ret_until_s = 0;
        return true;
    }
    if (str_begins(days, until) &&
        str_to_int64(str_from(days, until.n), 1, rq->now_s + TRUST_DAYS_MAX * DAY_S, ret_until_s))
        return true;
    if (!str_to_int64(days, 0, TRUST_DAYS_MAX, &n))
        return err_set(e, ERR_INVALID, T_DAYS_CHOOSE, "no number of days, and no time");
    *ret_until_s = n ? rq->now_s + n * DAY_S : 0;
    return true;
}

bool commenter_trust_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct trust_form *form = rq->form;
    struct trust_change change = {
        .trust = (enum trust)form->trust, .reason = form->reason, .note = form->note};
    if (!read_commenter_id(rq, &change.commenter, e) || !read_until(rq, form, &change.until_s, e) ||
        !commenter_trust_set(rq->web->o.domain, tx, &rq->actor, &change, e))
        return false;
    reply_redirect(
        &rq->reply,
        done_way_back(rq, address_commenter(rq->arena, &change.commenter, ""), STR("trust")));
    return true;
}

bool commenter_trust_undo_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct undo_form *form = rq->form;
    struct commenter_id id;
    if (!read_commenter_id(rq, &id, e) ||
        !commenter_trust_undo(rq->web->o.domain, tx, &rq->actor, &id, form->seq, e))
        return false;
    reply_redirect(&rq->reply,
                   done_way_back(rq, address_commenter(rq->arena, &id, ""), STR("trust")));
    return true;
}

bool commenter_note_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct words_form *form = rq->form;
    struct note_subject on = {0};
    if (!read_commenter_id(rq, &on.commenter, e) ||
        !team_note_add(rq->web->o.domain, tx, &rq->actor, &on, form->text, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("note")));
    return true;
}
