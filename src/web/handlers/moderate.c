/*
 * The moderators' pages: signing in, the queue, one comment, decisions.
 */
#include <inttypes.h>

#include "base/rand.h"
#include "domain/conversation.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

#define QUEUE_CARDS 25
#define AROUND_REPLIES 20

static void frame_into(const struct frame *f, const struct page_head **head,
                       const struct site_bar **bar, const struct page_footer **foot)
{
    *head = &f->head;
    *bar = &f->bar;
    *foot = &f->foot;
}

static struct str way_back(struct str next)
{
    return address_is_mod(next) ? next : STR("/mod");
}

/* ---- Signing in and out --------------------------------------------------------------------- */

bool sign_in_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct sign_in_form *form = rq->form;
    const struct frame_want want = {.title = i18n_text(rq->words, T_SIGN_IN), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct sign_in_page *p = ARENA_NEW(rq->arena, struct sign_in_page);
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    *p = (struct sign_in_page){
        .action = STR("/mod/sign-in"),
        .token = gate_token(rq, CSRF_SIGN_IN),
        .name = form ? form->name : STR_NONE,
        .next = way_back(form ? form->next : rq->query.next),
    };
    if (rq->err.kind == ERR_INVALID)
        p->error = i18n_text(rq->words, T_SIGN_IN_WRONG);
    else if (rq->err.kind)
        p->error = reply_error_text(rq);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_SIGN_IN, p);
    return true;
}

struct sign_in {
    struct request *rq;
    struct moderator moderator;
    struct str hash;
    struct str token;
};

static bool find_moderator(struct tx *tx, void *context, struct err *e)
{
    struct sign_in *s = context;
    const struct sign_in_form *form = s->rq->form;
    return moderator_password_get(s->rq->web->o.domain, tx, form->name, &s->moderator, &s->hash, e);
}

static bool open_session(struct tx *tx, void *context, struct err *e)
{
    struct sign_in *s = context;
    tx_changes(tx, NULL, 0); /* no page shows it */
    return session_add(s->rq->web->o.domain, tx, s->moderator.id, hash_of(s->token), e);
}

static struct str fresh_token(struct request *rq)
{
    struct hash h = {0};
    rand_bytes(h.b, sizeof h.b);
    return hash_hex(rq->arena, h, 2 * HASH_BYTES);
}

/* On the thread for passwords: no transaction is open while the hash is computed. */
bool sign_in_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    struct web *w = rq->web;
    const struct sign_in_form *form = rq->form;
    struct sign_in s = {.rq = rq, .token = fresh_token(rq)};
    if (!db_read(w->o.db, rq->arena, find_moderator, &s, e))
        return false;
    bool is_right = password_verify(form->password, s.hash);
    if (!is_right || s.moderator.id.v == 0)
        return err_set(e, ERR_INVALID, T_SIGN_IN_WRONG, "a wrong name or password");
    if (!db_write_now(w->o.db, rq->arena, open_session, &s, e))
        return false;
    reply_cookie(rq, COOKIE_SESSION, s.token, w->o.settings->moderation_session_hours * 3600);
    reply_redirect(&rq->reply, way_back(form->next));
    return true;
}

bool sign_out_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!session_drop(rq->web->o.domain, tx, hash_of(rq->cookies.session), e))
        return false;
    reply_cookie(rq, COOKIE_SESSION, STR_NONE, -1);
    reply_redirect(&rq->reply, STR("/mod/sign-in"));
    return true;
}

/* ---- The queue ------------------------------------------------------------------------------ */

static const struct {
    struct str name; /* in addresses */
    enum comment_state state;
} states[] = {
    {STR_INIT("held"), COMMENT_HELD},           {STR_INIT("published"), COMMENT_PUBLISHED},
    {STR_INIT("rejected"), COMMENT_REJECTED},   {STR_INIT("spam"), COMMENT_SPAM},
    {STR_INIT("withdrawn"), COMMENT_WITHDRAWN},
};

static struct str queue_address(struct request *rq, size_t state)
{
    return state == 0 ? STR("/mod")
                      : arena_printf(rq->arena, "/mod?state=" STR_FMT, STR_ARG(states[state].name));
}

static size_t state_asked(const struct request *rq)
{
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        if (str_eq(rq->query.state, states[i].name))
            return i;
    }
    return 0;
}

/* "12", "1,000+"; nothing for none. */
static struct str held_text(struct request *rq, int64_t held)
{
    if (held <= FRAME_HELD_MAX)
        return held > 0 ? i18n_number(rq->arena, rq->words, held) : STR_NONE;
    return arena_printf(rq->arena, STR_FMT "+",
                        STR_ARG(i18n_number(rq->arena, rq->words, FRAME_HELD_MAX)));
}

static void fill_tabs(struct request *rq, size_t current, int64_t held, struct cases_page *p)
{
    struct queue_tab *tabs = ARENA_ARRAY(rq->arena, struct queue_tab, ARRAY_LEN(states));
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        tabs[i] = (struct queue_tab){
            .text = fill_state_text(rq, states[i].state),
            .count_text = i == 0 ? held_text(rq, held) : STR_NONE,
            .address = queue_address(rq, i),
            .is_current = i == current,
        };
    p->tabs = tabs;
    p->n_tabs = ARRAY_LEN(states);
}

/* "SECONDS-ID" of the query. */
static void read_after(const struct request *rq, struct queue_query *q)
{
    struct str seconds, id;
    int64_t after_s, after;
    if (str_cut(rq->query.after, '-', &seconds, &id) &&
        str_to_int64(seconds, 1, INT64_MAX, &after_s) && str_to_int64(id, 1, INT64_MAX, &after)) {
        q->after_s = after_s;
        q->after.v = after;
    }
}

/* "ID" of the comment that was decided on just now. */
static void fill_done(struct request *rq, struct cases_page *p)
{
    int64_t id;
    if (!str_to_int64(rq->query.done, 1, INT64_MAX, &id))
        return;
    struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
    notice->text = i18n_text(rq->words, T_MOD_DONE);
    notice->link_text = i18n_text(rq->words, T_MOD_DETAILS);
    notice->link_address = address_mod(rq->arena, (struct comment_id){id}, "");
    p->notice = notice;
}

static struct str older_address(struct request *rq, struct str base, const struct queue_page *list)
{
    if (!list->more || list->n == 0)
        return STR_NONE;
    const struct comment *last = &list->cards[list->n - 1].comment;
    return address_with(
        rq->arena, base, "after",
        arena_printf(rq->arena, "%" PRId64 "-%" PRId64, last->created_s, last->id.v));
}

bool queue_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    size_t state = state_asked(rq);
    struct queue_query q = {.state = states[state].state, .max = QUEUE_CARDS};
    struct queue_page list;
    const struct frame_want want = {.title = i18n_text(rq->words, T_MOD_QUEUE), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct cases_page *p = ARENA_NEW(rq->arena, struct cases_page);
    read_after(rq, &q);
    if (!frame_fill(rq, tx, &want, f, e) || !queue_get(d, tx, &q, &list, e))
        return false;
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list.n);
    for (size_t i = 0; i < list.n; i++)
        views[i] = *fill_case(rq, &list.cards[i]);
    p->moderator = f->moderator;
    p->count_text = f->moderator->queue_text;
    p->cards = views;
    p->n_cards = list.n;
    p->reasons = fill_reasons(rq, STR_NONE, &p->n_reasons);
    p->token = gate_token(rq, CSRF_SESSION);
    p->next = queue_address(rq, state);
    p->newer_address = q.after_s ? p->next : STR_NONE;
    p->older_address = older_address(rq, p->next, &list);
    fill_tabs(rq, state, f->held, p);
    fill_done(rq, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_QUEUE, p);
    return true;
}

/* ---- One comment ---------------------------------------------------------------------------- */

static bool read_id(const struct request *rq, struct comment_id *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX, &ret_id->v) ||
           err_set(e, ERR_MISSING, 0, "no such comment");
}

static void fill_decisions(struct request *rq, const struct decision *decisions, size_t n,
                           struct decide_page *p)
{
    struct decision_line *lines = ARENA_ARRAY(rq->arena, struct decision_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct decision *d = &decisions[i];
        size_t n_reasons;
        const struct reason_option *reasons = fill_reasons(rq, d->reason, &n_reasons);
        lines[i] = (struct decision_line){
            .time = fill_time(rq, d->at_s),
            .time_text = fill_time_text(rq, d->at_s, I18N_DATE_TIME),
            .who = d->moderator_name.n ? d->moderator_name : fill_rule_text(rq, d->rule),
            .text = fill_state_text(rq, d->to),
            .note = d->note,
        };
        for (size_t r = 0; r < n_reasons; r++) {
            if (reasons[r].is_selected)
                lines[i].reason_text = reasons[r].text;
        }
    }
    p->decisions = lines;
    p->n_decisions = n;
}

/* The thread around it, as readers see it. */
static bool read_around(struct request *rq, struct tx *tx, const struct queue_card *card,
                        struct decide_page *p, struct err *e)
{
    const struct comment *c = &card->comment;
    struct comment_context context;
    const struct context_query q = {.thread = comment_id_thread(c->id),
                                    .number = comment_id_number(c->id),
                                    .viewer = &c->commenter,
                                    .max = AROUND_REPLIES};
    struct err missing = {0};
    if (!comment_context_get(rq->web->o.domain, tx, &q, &context, &missing)) {
        if (missing.kind == ERR_MISSING)
            return true;
        *e = missing;
        return false;
    }
    struct talk talk = {
        .rq = rq, .lang = card->article_lang, .slug = card->article_slug, .focus = q.number};
    size_t n = context.n_chain + 1 + context.n_replies;
    struct comment *all = ARENA_ARRAY(rq->arena, struct comment, n);
    if (context.n_chain)
        memcpy(all, context.chain, context.n_chain * sizeof *all);
    all[context.n_chain] = context.comment;
    if (context.n_replies)
        memcpy(all + context.n_chain + 1, context.replies, context.n_replies * sizeof *all);
    talk.shown = all;
    talk.n_shown = n;
    p->around = fill_comments(&talk, all, n);
    p->n_around = n;
    return true;
}

/* What was chosen and typed in a decision that was refused. */
static void fill_refused(struct request *rq, struct decide_page *p)
{
    const struct decide_form *form = rq->form;
    struct str selected = form ? form->reason : STR_NONE;
    p->reasons = fill_reasons(rq, selected, &p->n_reasons);
    p->next = way_back(form ? form->next : STR_NONE);
    if (!form)
        return;
    p->note = form->note;
    if (rq->err.say == T_NOTE_MISSING)
        p->note_error = reply_error_text(rq);
    else if (rq->faults.field[FIELD_decide_form_note] != T_NONE)
        p->note_error =
            i18n_fill(rq->arena, rq->words, rq->faults.field[FIELD_decide_form_note],
                      i18n_number(rq->arena, rq->words, MAX_decide_form_note),
                      i18n_number(rq->arena, rq->words, rq->faults.chars[FIELD_decide_form_note]));
    else
        p->reason_error = reply_error_text(rq);
}

bool decide_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct comment_id id;
    struct queue_detail detail;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct decide_page *p = ARENA_NEW(rq->arena, struct decide_page);
    if (!read_id(rq, &id, e) || !queue_card_get(rq->web->o.domain, tx, id, &detail, e))
        return false;
    const struct comment *c = &detail.card.comment;
    struct str number = arena_printf(rq->arena, "%" PRId64, c->number);
    p->title = c->name.n ? i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE, number, c->name)
                         : i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE_GONE, number, STR_NONE);
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e) || !read_around(rq, tx, &detail.card, p, e))
        return false;
    p->moderator = f->moderator;
    p->card = fill_case(rq, &detail.card);
    p->token = gate_token(rq, CSRF_SESSION);
    fill_decisions(rq, detail.decisions, detail.n_decisions, p);
    fill_refused(rq, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_DECIDE, p);
    return true;
}

/* "STATE.EDITED" of the form: what the moderator saw. */
static bool read_rev(const struct decide_form *form, struct decide *d, struct err *e)
{
    struct str state, edited;
    int64_t n;
    if (!str_cut(form->rev, '.', &state, &edited) ||
        !str_to_int64(state, COMMENT_HELD, COMMENT_WITHDRAWN, &n) ||
        !str_to_int64(edited, 0, INT64_MAX, &d->expected_edited_s))
        return err_set(e, ERR_CONFLICT, 0, "no revision");
    d->expected = (enum comment_state)n;
    return true;
}

static bool decide(struct request *rq, struct tx *tx, enum action action, struct err *e)
{
    const struct decide_form *form = rq->form;
    struct decide d = {.action = action, .reason = form->reason, .note = form->note};
    struct thread_id thread;
    if (!read_id(rq, &d.comment, e) || !read_rev(form, &d, e) ||
        !decision_make(rq->web->o.domain, tx, &rq->actor, &d, &thread, e))
        return false;
    rq->reply.wants_scrub = action == ACTION_WITHDRAW;
    reply_tag(&rq->reply, tag_of_thread(thread));
    struct str back = way_back(form->next);
    if (str_eq(back, STR("/mod")) || str_begins(back, STR("/mod?")))
        back =
            address_with(rq->arena, back, "done", arena_printf(rq->arena, "%" PRId64, d.comment.v));
    reply_redirect(&rq->reply, back);
    return true;
}

bool decide_publish(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_PUBLISH, e);
}

bool decide_reject(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_REJECT, e);
}

bool decide_spam(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_SPAM, e);
}

bool decide_withdraw(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_WITHDRAW, e);
}
