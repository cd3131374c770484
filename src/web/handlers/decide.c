/*
 * One comment in its context, decisions on it, and taking them back.
 */
#include <inttypes.h>

#include "domain/campaign_case.h"
#include "domain/claims.h"
#include "domain/conversation.h"
#include "domain/seen.h"
#include "domain/undo.h"
#include "web/address.h"
#include "web/console.h"
#include "web/gate.h"
#include "web/reply.h"

#define AROUND_REPLIES 20
#define SIMILAR 5

/* ---- The page ------------------------------------------------------------------------------- */

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

/* Why the reason or the note was refused, at the field and above the page. */
static void fill_faults(struct request *rq, struct case_view *card, struct decide_page *p)
{
    struct fault_list all = {0};
    if (rq->err.say == T_NOTE_MISSING || rq->faults.field[FIELD_decide_form_note] != T_NONE) {
        p->note_error = fill_form_error(rq);
        fill_fault(rq, &all, arena_printf(rq->arena, "n" STR_FMT, STR_ARG(card->id)),
                   p->note_error);
    } else {
        card->reason_error = reply_error_text(rq);
        struct str at = arena_printf(rq->arena, "r" STR_FMT, STR_ARG(card->id));
        fill_fault(rq, &all, card->has_reason ? at : STR_NONE, card->reason_error);
    }
    p->faults = all.items;
    p->n_faults = all.n;
}

/* What was chosen and typed in a decision that was refused. */
static void fill_refused(struct request *rq, struct case_view *card, struct decide_page *p)
{
    const struct decide_form *form =
        rq->form && rq->route->form == &form_spec_decide_form ? rq->form : NULL;
    p->reasons = fill_reasons(rq, form ? form->reason : STR_NONE, &p->n_reasons);
    p->next = address_way_back(form ? form->next : STR_NONE);
    if (!form) {
        if (!str_ends(rq->route->pattern, STR("/notes"))) /* that says it at its field */
            p->notice = rq->err.kind ? fill_problem(rq) : p->notice;
        return;
    }
    p->note = form->note;
    if (rq->err.kind == ERR_INVALID)
        fill_faults(rq, card, p);
    else if (rq->err.kind)
        p->notice = fill_problem(rq);
}

/* What the team may do beside deciding. */
static void fill_beside(struct request *rq, const struct queue_card *card, struct decide_page *p)
{
    struct comment_id id = card->comment.id;
    int64_t me = rq->actor.moderator.id.v;
    if (card->claim.moderator.v == me)
        p->release_action = address_mod(rq->arena, id, "release");
    else if (card->claim.moderator.v == 0)
        p->claim_action = address_mod(rq->arena, id, "claim");
    if (card->opinion.moderator.v == me)
        p->opinion_drop_action = address_mod(rq->arena, id, "opinion/drop");
    else if (card->opinion.moderator.v == 0)
        p->opinion_action = address_mod(rq->arena, id, "opinion");
    p->has_team =
        p->claim_action.n || p->release_action.n || p->opinion_action.n || p->opinion_drop_action.n;
}

static bool read_notes(struct request *rq, struct tx *tx, struct decide_page *p,
                       struct comment_id id, struct err *e)
{
    const struct note_subject on = {.comment = id};
    struct team_note *notes;
    size_t n;
    if (!team_note_list(rq->web->o.domain, tx, &on, &notes, &n, e))
        return false;
    p->notes = fill_notes(rq, notes, n, address_mod(rq->arena, id, "notes"), p->here);
    return true;
}

static bool read_similar(struct request *rq, struct tx *tx, const struct comment *c,
                         struct decide_page *p, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    int64_t ids[SIMILAR];
    const struct comment_ids all = {ids, campaign_alike(d, rq->arena, c, ids, SIMILAR)};
    struct card_list list;
    if (!queue_cards(d, tx, &all, &list, e))
        return false;
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list.n);
    for (size_t i = 0; i < list.n; i++)
        views[i] = *fill_case(rq, &list.items[i]);
    p->similar = views;
    p->n_similar = list.n;
    return true;
}

bool decide_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct comment_id id;
    struct queue_detail detail;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct decide_page *p = ARENA_NEW(rq->arena, struct decide_page);
    if (!read_comment_id(rq, &id, e) || !queue_card_get(rq->web->o.domain, tx, id, &detail, e) ||
        !reasons_open(rq, tx, e))
        return false;
    p->title = fill_comment_title(rq, &detail.card.comment);
    p->here = address_mod(rq->arena, id, "");
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e) || !read_around(rq, tx, &detail.card, p, e) ||
        !read_similar(rq, tx, &detail.card.comment, p, e) || !read_notes(rq, tx, p, id, e) ||
        !fill_reports(rq, tx, id, p, e) || !fill_done(rq, tx, p->here, &p->notice, e))
        return false;
    p->moderator = f->moderator;
    struct case_view *card = fill_case(rq, &detail.card);
    p->card = card;
    p->token = gate_token(rq, CSRF_SESSION);
    const struct decisions_want undo = {.undo_seq = detail.undo_seq,
                                        .may_insist = fill_may_insist(rq, &detail.card.claim)};
    p->decisions = fill_decisions(rq, detail.decisions, detail.n_decisions, &undo);
    p->n_decisions = detail.n_decisions;
    fill_beside(rq, &detail.card, p);
    fill_refused(rq, card, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_DECIDE, p);
    return true;
}

/* ---- Deciding ------------------------------------------------------------------------------- */

/* What the moderator saw. */
static bool read_rev(const struct decide_form *form, struct decide *d, struct err *e)
{
    struct comment_seen seen;
    if (!seen_parse(form->rev, &seen))
        return err_set(e, ERR_CONFLICT, 0, "no revision");
    d->expected = seen.state;
    d->expected_edited_s = seen.edited_s;
    d->expected_reports = seen.reports;
    d->expected_reported_s = seen.reported_s;
    return true;
}

/* Back to where the moderator was, who is told what was done there. */
static void go_back(struct request *rq, struct str next, struct comment_id id,
                    struct thread_id thread)
{
    reply_tag(&rq->reply, tag_of_thread(thread));
    reply_redirect(&rq->reply, done_way_back(rq, next, arena_printf(rq->arena, "%" PRId64, id.v)));
}

static bool decide(struct request *rq, struct tx *tx, enum action action, struct err *e)
{
    const struct decide_form *form = rq->form;
    struct decide d = {.action = action,
                       .reason = form->reason,
                       .note = form->note,
                       .insists = form->insists != 0};
    struct thread_id thread;
    if (!read_comment_id(rq, &d.comment, e) || !read_rev(form, &d, e) ||
        !decision_make(rq->web->o.domain, tx, &rq->actor, &d, &thread, e))
        return false;
    rq->reply.wants_scrub = action == ACTION_WITHDRAW;
    go_back(rq, form->next, d.comment, thread);
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

bool decide_hold(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_HOLD, e);
}

bool decide_feature(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_FEATURE, e);
}

bool decide_unfeature(struct request *rq, struct tx *tx, struct err *e)
{
    return decide(rq, tx, ACTION_UNFEATURE, e);
}

bool decide_undo(struct request *rq, struct tx *tx, struct err *e)
{
    const struct undo_form *form = rq->form;
    struct undo u = {.seq = form->seq, .insists = form->insists != 0};
    struct thread_id thread;
    if (!read_comment_id(rq, &u.comment, e) ||
        !decision_undo(rq->web->o.domain, tx, &rq->actor, &u, &thread, e))
        return false;
    go_back(rq, form->next, u.comment, thread);
    return true;
}
