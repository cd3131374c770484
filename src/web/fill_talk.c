#include <inttypes.h>

#include "text/language.h"
#include "text/markdown.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"

bool talk_open(struct request *rq, struct tx *tx, const struct edition *ed, const struct frame *f,
               struct talk *ret_talk, struct err *e)
{
    struct conversation_talk *talk = ARENA_NEW(rq->arena, struct conversation_talk);
    const struct thread *t = &talk->thread;
    enum message why;
    if (!conversation_talk_get(rq->web->o.domain, tx, ed->article, ed->lang, talk, e))
        return false;
    *ret_talk = (struct talk){.rq = rq,
                              .lang = ed->lang,
                              .slug = ed->slug,
                              .thread = t,
                              .is_open = thread_is_open(t, rq->now_s, &why),
                              .message = talk->message,
                              .policy_address = f ? f->policy_address : STR_NONE};
    reply_tag(&rq->reply, tag_of_thread(t->id));
    reply_tag(&rq->reply, TAG_TALKS);
    /* Made anew while its forms' token is still good for long, and when the conversation closes. */
    rq->reply.until_s = rq->now_s + TOKEN_PAGE_S;
    if (t->closes_s > rq->now_s && t->closes_s < rq->reply.until_s)
        rq->reply.until_s = t->closes_s;
    return true;
}

static bool is_on_page(const struct talk *t, int64_t number)
{
    for (size_t i = 0; i < t->n_shown; i++) {
        if (t->shown[i].number == number)
            return true;
    }
    return false;
}

/* "In reply to": to the place on this page, or to a page of its own. */
static void fill_parent(const struct talk *t, const struct comment *c, struct comment_view *v)
{
    struct arena *a = t->rq->arena;
    if (c->depth < 2 || c->parent.v == 0)
        return;
    v->is_reply = true;
    v->parent_number = comment_id_number(c->parent);
    v->parent_number_text = i18n_digits(a, t->rq->words, v->parent_number);
    v->parent_name = c->parent_name;
    v->parent_address = is_on_page(t, v->parent_number)
                            ? arena_printf(a, "#c%" PRId64, v->parent_number)
                            : address_comment(a, t->lang, t->slug, v->parent_number);
}

/* What the reader may do with it. */
static void fill_doing(const struct talk *t, const struct comment *c, struct comment_view *v)
{
    const struct request *rq = t->rq;
    const struct actor *who = &rq->actor;
    if (c->state == COMMENT_PUBLISHED && t->is_open)
        v->reply_address = address_comment_do(rq->arena, t->lang, t->slug, c->number, "reply");
    if (who->role >= ROLE_MODERATOR)
        v->moderate_address = address_mod(rq->arena, c->id, "");
    v->is_own =
        who->has_commenter && memcmp(&who->commenter, &c->commenter, sizeof who->commenter) == 0;
    if (c->state == COMMENT_PUBLISHED && !v->is_own && who->role < ROLE_MODERATOR)
        v->report_address = address_comment_do(rq->arena, t->lang, t->slug, c->number, "report");
    if (!v->is_own)
        return;
    if (comment_may_edit(rq->web->o.domain, c, &who->commenter, rq->now_s))
        v->edit_address = address_comment_do(rq->arena, t->lang, t->slug, c->number, "edit");
    if (comment_may_withdraw(c, &who->commenter))
        v->withdraw_address =
            address_comment_do(rq->arena, t->lang, t->slug, c->number, "withdraw");
    v->is_held_own = c->state == COMMENT_HELD;
    if (c->state == COMMENT_REJECTED || c->state == COMMENT_SPAM)
        v->state_text = i18n_text(rq->words, T_COMMENT_REJECTED_OWN);
}

/* A comment that keeps its place without its words. */
static enum message gone_message(const struct comment *c)
{
    if (c->state == COMMENT_HELD)
        return T_COMMENT_READ_AGAIN;
    if (c->state == COMMENT_WITHDRAWN && c->withdrawn_by != BY_MODERATOR)
        return T_COMMENT_WITHDRAWN_AUTHOR;
    return T_COMMENT_WITHDRAWN_MODERATOR;
}

/* What a moderator withdrew its author may erase, while the words are kept. */
static void fill_erasing(const struct talk *t, const struct comment *c, struct comment_view *v)
{
    const struct actor *who = &t->rq->actor;
    if (who->has_commenter && comment_may_withdraw(c, &who->commenter))
        v->withdraw_address =
            address_comment_do(t->rq->arena, t->lang, t->slug, c->number, "withdraw");
}

void fill_comment(const struct talk *t, const struct comment *c, struct comment_view *v)
{
    struct request *rq = t->rq;
    *v = (struct comment_view){
        .number = c->number,
        .number_text = i18n_digits(rq->arena, rq->words, c->number),
        .address = address_comment(rq->arena, t->lang, t->slug, c->number),
        .depth = c->depth,
        .indent = c->depth - 1 < VIEW_INDENT_MAX ? c->depth - 1 : VIEW_INDENT_MAX,
        .dir = STR("auto"),
        .is_focus = t->focus == c->number,
        .notice = t->focus == c->number ? t->notice : NULL,
        .is_featured = c->featured,
    };
    if (v->indent < 0)
        v->indent = 0;
    if (c->state != COMMENT_PUBLISHED && c->text.n == 0) {
        v->is_withdrawn = true;
        v->withdrawn_text = i18n_text(rq->words, gone_message(c));
        fill_erasing(t, c, v);
        return;
    }
    v->name = c->name;
    v->lang = str_eq(c->lang, rq->lang) ? STR_NONE : c->lang;
    v->dir = language_text_direction(c->text, language_direction(rq->lang)) == DIRECTION_RTL
                 ? STR("rtl")
                 : STR("ltr");
    v->time = fill_time(rq, c->created_s);
    v->time_text = fill_time_text(rq, c->created_s, I18N_DATE_TIME);
    if (c->edited_s)
        v->edited_text = i18n_fill(rq->arena, rq->words, T_COMMENT_EDITED,
                                   fill_time_text(rq, c->edited_s, I18N_DATE_TIME), STR_NONE);
    v->body = markdown_comment(rq->arena, c->text);
    fill_parent(t, c, v);
    fill_doing(t, c, v);
}

struct comment_view *fill_comments(const struct talk *t, const struct comment *comments, size_t n)
{
    struct comment_view *views = ARENA_ARRAY(t->rq->arena, struct comment_view, n);
    for (size_t i = 0; i < n; i++)
        fill_comment(t, &comments[i], &views[i]);
    return views;
}

struct str fill_mode_text(const struct talk *t)
{
    const struct request *rq = t->rq;
    if (t->thread->holds_all && t->thread->mode != MODE_CLOSED)
        return i18n_text(rq->words, T_COMMENT_MODE_HELD);
    switch (t->thread->mode) {
    case MODE_FIRST:
        return i18n_text(rq->words, T_COMMENT_MODE_FIRST);
    case MODE_HELD:
        return i18n_text(rq->words, T_COMMENT_MODE_HELD);
    case MODE_OPEN:
    case MODE_CLOSED:
        break;
    }
    return STR_NONE;
}

struct str fill_slow_text(const struct talk *t)
{
    struct request *rq = t->rq;
    return t->thread->slow_s ? i18n_count(rq->arena, rq->words, T_COMMENT_SLOW_MODE,
                                          (t->thread->slow_s + 59) / 60)
                             : STR_NONE;
}

static void fill_orders(const struct talk *t, struct conversation_view *v)
{
    struct request *rq = t->rq;
    struct str base = address_article(rq->arena, t->lang, t->slug);
    bool is_newest = str_eq(rq->query.order, STR("newest"));
    if (t->thread->placed < 2)
        return;
    struct order_link *orders = ARENA_ARRAY(rq->arena, struct order_link, 2);
    orders[0] = (struct order_link){
        .text = i18n_text(rq->words, T_COMMENT_OLDEST),
        .address = arena_printf(rq->arena, STR_FMT "#conversation", STR_ARG(base)),
        .is_current = !is_newest,
    };
    orders[1] = (struct order_link){
        .text = i18n_text(rq->words, T_COMMENT_NEWEST),
        .address = arena_printf(rq->arena, STR_FMT "?order=newest#conversation", STR_ARG(base)),
        .is_current = is_newest,
    };
    v->orders = orders;
    v->n_orders = 2;
}

void fill_conversation(const struct talk *t, struct conversation_view *v)
{
    struct request *rq = t->rq;
    v->count = t->thread->placed;
    v->count_text = i18n_count(rq->arena, rq->words, T_COMMENT_COUNT, t->thread->placed);
    v->is_closed = !t->is_open;
    v->mode_text = fill_mode_text(t);
    v->message = t->message;
    if (rq->actor.role >= ROLE_SENIOR)
        v->control_address = address_conversation(rq->arena, t->thread->id);
    v->feed_address = arena_printf(rq->arena, "/" STR_FMT "/" STR_FMT "/comments.atom",
                                   STR_ARG(t->lang), STR_ARG(t->slug));
    fill_orders(t, v);
}

struct rating_view *fill_rating(const struct talk *t, int answer)
{
    struct request *rq = t->rq;
    struct rating_view *v = ARENA_NEW(rq->arena, struct rating_view);
    const struct thread *th = t->thread;
    *v = (struct rating_view){
        .action = arena_printf(rq->arena, "/" STR_FMT "/" STR_FMT "/rating", STR_ARG(t->lang),
                               STR_ARG(t->slug)),
        .token = gate_token(rq, CSRF_RATING),
        .is_yes = answer == 1,
        .is_no = answer == 0,
    };
    if (th->yes + th->no == 0)
        return v;
    v->yes_text = i18n_number(rq->arena, rq->words, th->yes);
    v->no_text = i18n_number(rq->arena, rq->words, th->no);
    v->tally_text = i18n_fill(rq->arena, rq->words, T_RATING_TALLY, v->yes_text,
                              i18n_number(rq->arena, rq->words, th->yes + th->no));
    return v;
}
