/*
 * Campaigns of near-copies: what the team was told of, and deciding on all of one.
 */
#include <inttypes.h>

#include "domain/campaign_case.h"
#include "domain/rights.h"
#include "web/address.h"
#include "web/console.h"
#include "web/gate.h"
#include "web/reply.h"

#define CAMPAIGNS 20
#define COPIES 20
#define EXAMPLES 5

/* ---- What is shown of one ------------------------------------------------------------------- */

static struct str number_text(struct request *rq, int64_t n, int64_t max)
{
    struct str text = i18n_number(rq->arena, rq->words, n <= max ? n : max);
    return n <= max ? text : arena_printf(rq->arena, STR_FMT "+", STR_ARG(text));
}

static struct str count_text(struct request *rq, const struct campaign_case *c)
{
    return i18n_fill(rq->arena, rq->words, T_CAMPAIGN_COPIES,
                     number_text(rq, c->copies, CAMPAIGN_SIZE_MAX),
                     i18n_number(rq->arena, rq->words, c->commenters));
}

static struct str state_text(struct request *rq, const struct campaign_case *c)
{
    if (c->decided_s == 0)
        return i18n_text(rq->words, T_CAMPAIGN_OPEN);
    if (c->action == 0)
        return i18n_text(rq->words, T_CAMPAIGN_ENDED);
    return i18n_fill(rq->arena, rq->words, T_CAMPAIGN_STANDS, fill_action_text(rq, c->action),
                     STR_NONE);
}

static struct campaign_line fill_line(struct request *rq, const struct campaign_case *c)
{
    struct campaign_line line = {
        .address = address_campaign(rq->arena, c->id, ""),
        .count_text = count_text(rq, c),
        .articles_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_ARTICLES,
                                   i18n_number(rq->arena, rq->words, c->articles), STR_NONE),
        .left_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_LEFT,
                               number_text(rq, c->open, CAMPAIGN_SIZE_MAX), STR_NONE),
        .state_text = state_text(rq, c),
        .is_open = c->decided_s == 0,
        .who = c->decided_s ? c->moderator_name : STR_NONE,
        .reason_text = c->reason.n ? fill_reason_text(rq, c->reason) : STR_NONE,
        .batch_address = c->batch ? address_batch(rq->arena, c->batch, "") : STR_NONE,
        .text = c->text,
        .text_lang = c->lang,
        .text_dir = fill_direction(c->lang),
    };
    if (c->carried > 0)
        line.carried_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_CARRIED,
                                      i18n_number(rq->arena, rq->words, c->carried), STR_NONE);
    if (c->copies > 0)
        line.span_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_SPAN,
                                   fill_time_text(rq, c->first_s, I18N_DATE_TIME),
                                   fill_time_text(rq, c->last_s, I18N_DATE_TIME));
    return line;
}

/* ---- All of them ---------------------------------------------------------------------------- */

/* "SECONDS-ID" of the query. */
static void read_before(const struct request *rq, int64_t *ret_s, struct comment_id *ret_id)
{
    struct str seconds, id;
    if (!str_cut(rq->query.before, '-', &seconds, &id) ||
        !str_to_int64(seconds, 1, INT64_MAX, ret_s) || !str_to_int64(id, 1, INT64_MAX, &ret_id->v))
        *ret_s = 0;
}

bool campaigns_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_CAMPAIGNS), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct campaigns_page *p = ARENA_NEW(rq->arena, struct campaigns_page);
    struct comment_id before = {0};
    struct campaign_list list;
    int64_t before_s = 0;
    read_before(rq, &before_s, &before);
    if (!frame_fill(rq, tx, &want, f, e) ||
        !campaign_list(rq->web->o.domain, tx, &(struct campaign_place){before_s, before}, CAMPAIGNS,
                       &list, e) ||
        !reasons_open(rq, tx, e))
        return false;
    struct campaign_line *lines = ARENA_ARRAY(rq->arena, struct campaign_line, list.n);
    for (size_t i = 0; i < list.n; i++)
        lines[i] = fill_line(rq, &list.items[i]);
    p->moderator = f->moderator;
    p->campaigns = lines;
    p->n_campaigns = list.n;
    if (list.more)
        p->older_address =
            arena_printf(rq->arena, "/mod/campaigns?before=%" PRId64 "-%" PRId64,
                         list.items[list.n - 1].alert_s, list.items[list.n - 1].id.v);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_CAMPAIGNS, p);
    return true;
}

/* ---- One ------------------------------------------------------------------------------------ */

/* Withdrawing erases words by which those to come are known. */
static const struct choice_option *fill_campaign_actions(struct request *rq, struct str selected,
                                                         size_t *ret_n)
{
    size_t n_all;
    const struct choice_option *all = fill_actions(rq, selected, &n_all);
    struct choice_option *some = ARENA_ARRAY(rq->arena, struct choice_option, n_all);
    *ret_n = 0;
    for (size_t i = 0; i < n_all; i++)
        if (!str_eq(all[i].value, STR("withdraw")))
            some[(*ret_n)++] = all[i];
    return some;
}

/* The form; what it holds is put back when it comes again. */
static struct many_view *fill_decision(struct request *rq, struct comment_id id)
{
    const struct batch_form *form =
        rq->form && rq->route->form == &form_spec_batch_form ? rq->form : NULL;
    struct many_view *many = fill_many(rq, address_campaign(rq->arena, id, ""));
    many->ask_action = address_campaign(rq->arena, id, "ask");
    many->action = address_campaign(rq->arena, id, "");
    many->actions =
        fill_campaign_actions(rq, form ? form->action : STR("reject"), &many->n_actions);
    return many;
}

static bool read_copies(struct request *rq, struct tx *tx, struct comment_id id,
                        struct campaign_page *p, struct err *e)
{
    struct queue_query q = {.filter = {.which = QUEUE_ALL, .campaign = id}, .max = COPIES};
    struct queue_page list;
    if (!str_to_int64(rq->query.after, 1, INT64_MAX, &q.after.v))
        q.after.v = 0;
    if (!queue_get(rq->web->o.domain, tx, &q, &list, e))
        return false;
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list.n);
    for (size_t i = 0; i < list.n; i++)
        views[i] = *fill_case(rq, &list.cards[i]);
    p->cards = views;
    p->n_cards = list.n;
    p->queue_address = address_queue(rq->arena, &q.filter);
    if (list.more)
        p->older_address = address_with(rq->arena, address_campaign(rq->arena, id, ""), "after",
                                        arena_printf(rq->arena, "%" PRId64, list.next.v));
    return true;
}

/* The queue with what was decided on when it arrived, also after that was taken back. */
static struct str later_address(struct request *rq, const struct campaign_case *c)
{
    const struct queue_filter later = {
        .which = QUEUE_ALL,
        .rule = CAMPAIGNS_RULE,
        .campaign = c->id,
    };
    return c->batch ? address_queue(rq->arena, &later) : STR_NONE;
}

/* What may be done by whoever looks. */
static void fill_doing(struct request *rq, const struct campaign_case *c, struct campaign_page *p)
{
    if (!right_is_held(RIGHT_CAMPAIGN_DECIDE, rq->actor.role))
        return;
    p->many = fill_decision(rq, c->id);
    if (c->action != 0)
        p->end_action = address_campaign(rq->arena, c->id, "end");
    if (c->decided_s != 0)
        p->undo_action = address_campaign(rq->arena, c->id, "undo");
}

bool campaign_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_CAMPAIGN), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct campaign_page *p = ARENA_NEW(rq->arena, struct campaign_page);
    struct campaign_line *line = ARENA_NEW(rq->arena, struct campaign_line);
    struct campaign_case c;
    struct comment_id id;
    if (!read_comment_id(rq, &id, e) ||
        !campaign_get(rq->web->o.domain, tx, id, &c, &p->shared_text, e) ||
        !frame_fill(rq, tx, &want, f, e) || !read_copies(rq, tx, id, p, e) ||
        !reasons_open(rq, tx, e))
        return false;
    *line = fill_line(rq, &c);
    p->moderator = f->moderator;
    p->campaign = line;
    p->token = gate_token(rq, CSRF_SESSION);
    p->error = rq->err.kind ? reply_error_text(rq) : STR_NONE;
    p->later_address = later_address(rq, &c);
    fill_doing(rq, &c, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_CAMPAIGN, p);
    return true;
}

/* ---- Deciding ------------------------------------------------------------------------------- */

bool campaign_ask(struct request *rq, struct tx *tx, struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct ask_page *p = ARENA_NEW(rq->arena, struct ask_page);
    struct queue_query q = {.filter = {.which = QUEUE_ALL}, .max = EXAMPLES};
    struct queue_page list;
    struct campaign_case c;
    struct str shared;
    if (!read_comment_id(rq, &q.filter.campaign, e) ||
        !campaign_get(rq->web->o.domain, tx, q.filter.campaign, &c, &shared, e) ||
        !queue_get(rq->web->o.domain, tx, &q, &list, e))
        return false;
    struct str copies = c.copies <= CAMPAIGN_SIZE_MAX
                            ? i18n_count(rq->arena, rq->words, T_COMMENT_COUNT, c.copies)
                            : number_text(rq, c.copies, CAMPAIGN_SIZE_MAX);
    p->title = fill_ask_title(rq, copies);
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e) || !reasons_open(rq, tx, e))
        return false;
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list.n);
    for (size_t i = 0; i < list.n; i++)
        views[i] = *fill_case(rq, &list.cards[i]);
    struct many_view *many = fill_decision(rq, c.id);
    many->expected = c.copies;
    many->filter_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_CONFIRM, copies, STR_NONE);
    p->moderator = f->moderator;
    p->token = gate_token(rq, CSRF_SESSION);
    p->count_text = count_text(rq, &c);
    p->examples = views;
    p->n_examples = list.n;
    p->many = many;
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_ASK, p);
    return true;
}

/* Few copies are done when the page comes. */
static bool first_step(struct request *rq, struct tx *tx, int64_t batch, struct err *e)
{
    struct batch_step step;
    if (!batch_step(rq->web->o.domain, tx, batch, &step, e))
        return false;
    for (size_t i = 0; i < step.n_threads; i++)
        reply_tag(&rq->reply, tag_of_thread(step.threads[i]));
    rq->reply.wants_scrub |= step.wants_scrub;
    return true;
}

bool campaign_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct batch_form *form = rq->form;
    const struct action_word *word = action_word_of(form->action);
    struct campaign_plan plan = {
        .reason = form->reason, .note = form->note, .expected = form->expected};
    int64_t batch;
    if (!word)
        return err_set(e, ERR_INVALID, 0, "no such action");
    plan.action = word->action;
    if (!str_to_int64(form->seen, 1, rq->now_s, &plan.until_s))
        return err_set(e, ERR_INVALID, 0, "nobody says when they were seen");
    if (!read_comment_id(rq, &plan.id, e) ||
        !campaign_decide(rq->web->o.domain, tx, &rq->actor, &plan, &batch, e) ||
        !first_step(rq, tx, batch, e))
        return false;
    reply_redirect(&rq->reply, address_campaign(rq->arena, plan.id, ""));
    return true;
}

bool campaign_end_post(struct request *rq, struct tx *tx, struct err *e)
{
    struct comment_id id;
    if (!read_comment_id(rq, &id, e) || !campaign_end(rq->web->o.domain, tx, &rq->actor, id, e))
        return false;
    reply_redirect(&rq->reply, address_campaign(rq->arena, id, ""));
    return true;
}

bool campaign_undo_post(struct request *rq, struct tx *tx, struct err *e)
{
    struct comment_id id;
    int64_t batch;
    if (!read_comment_id(rq, &id, e) ||
        !campaign_undo(rq->web->o.domain, tx, &rq->actor, id, &batch, e) ||
        !first_step(rq, tx, batch, e))
        return false;
    reply_redirect(&rq->reply, address_campaign(rq->arena, id, ""));
    return true;
}
