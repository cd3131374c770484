/*
 * Writing: post, reply, preview, edit, withdraw, rate.
 */
#include <inttypes.h>

#include "domain/commenters.h"
#include "domain/conversation.h"
#include "text/markdown.h"
#include "web/address.h"
#include "web/article.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/handlers/comment.h"
#include "web/idem.h"
#include "web/reply.h"

#define EDIT_KEY_S (400 * 86400) /* as long as browsers keep a cookie */
#define RATING_S (400 * 86400)

/* ---- Posting -------------------------------------------------------------------------------- */

/* The honeypot and the time trap: a person is told, and loses nothing. */
static bool pass_traps(struct request *rq, const struct comment_form *form, struct err *e)
{
    struct token started;
    int64_t min_s = rq->web->o.settings->comments_min_s;
    if (form->trap.n)
        return err_set(e, ERR_INVALID, T_FORM_TRAP, "the field that people do not see");
    /* Without a sealed time of its own, the form is as old as its token. */
    if (!token_check(rq->web->token_key, TOKEN_STARTED,
                     address_article(rq->arena, rq->args[0], rq->args[1]), form->started, rq->now_s,
                     &started))
        started = rq->token;
    if (rq->now_s - started.issued_s < min_s)
        return err_set(e, ERR_INVALID, T_FORM_FAST, "faster than %lld s", (long long)min_s);
    return true;
}

/* A comment before the writer's turn. */
struct post {
    struct comment_draft draft;
    struct idem idem;
};

static bool post_prepare(struct request *rq, struct err *e)
{
    const struct comment_form *form = rq->form;
    struct post *post = rq->prepared = ARENA_NEW(rq->arena, struct post);
    if (!pass_traps(rq, form, e))
        return false;
    idem_make(rq, &post->idem);
    rq->asks_ahead = true;
    post->draft = (struct comment_draft){
        .reply_to = form->reply_to,
        .lang = rq->args[0],
        .name = form->name,
        .text = form->text,
        .new_key_hash = edit_key_hash(&post->idem.edit_key),
        .network = idem_network(rq),
    };
    memcpy(post->draft.idem, post->idem.key, sizeof post->draft.idem);
    return comment_prepare(rq->web->o.domain, rq->arena, &post->draft, e);
}

bool comment_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!tx)
        return post_prepare(rq, e);
    const struct post *post = rq->prepared;
    struct comment_draft draft = post->draft;
    struct comment_added added;
    tx_may_repeat(tx);
    draft.has_commenter = rq->actor.has_commenter;
    draft.commenter = rq->actor.commenter;
    if (!article_find(rq, tx, &draft.thread, e) ||
        !comment_add(rq->web->o.domain, tx, &draft, &added, e))
        return false;
    if (!draft.has_commenter && idem_may_give_key(rq, &post->idem, &added)) {
        struct edit_key key = post->idem.edit_key;
        key.commenter = added.comment.commenter;
        reply_cookie(rq, COOKIE_EDIT_KEY, edit_key_print(rq->arena, &key), EDIT_KEY_S);
    }
    if (added.comment.state == COMMENT_PUBLISHED) /* a held one changes no page that others see */
        reply_tag(&rq->reply, tag_of_thread(draft.thread));
    reply_redirect(&rq->reply, address_comment_done(rq->arena, rq->args[0], rq->args[1],
                                                    added.comment.number, "posted"));
    return true;
}

/* ---- Forms as pages of their own ------------------------------------------------------------ */

bool form_page_open(struct request *rq, struct tx *tx, struct edition *ed, struct talk *ret_talk,
                    struct comment_form_page *p, struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    if (!article_open(rq, tx, ed, e))
        return false;
    const struct frame_want want = {.title = ed->headline,
                                    .section = ed->section,
                                    .path = address_article(rq->arena, ed->lang, ed->slug),
                                    .is_noindex = true,
                                    .has_script = true};
    if (!frame_fill(rq, tx, &want, f, e) || !talk_open(rq, tx, ed, f, ret_talk, e))
        return false;
    p->head = &f->head;
    p->bar = &f->bar;
    p->foot = &f->foot;
    p->moderator = f->moderator;
    p->headline = ed->headline;
    p->address = want.path;
    p->lang = ed->lang;
    p->dir = fill_direction(ed->lang);
    p->message = ret_talk->message;
    return true;
}

bool read_comment(struct request *rq, struct tx *tx, const struct edition *ed, int64_t number,
                  struct comment *ret_comment, struct err *e)
{
    struct comment_context context;
    const struct context_query q = {.thread = ed->article,
                                    .number = number,
                                    .viewer = rq->actor.has_commenter ? &rq->actor.commenter : NULL,
                                    .max = 1};
    if (!comment_context_get(rq->web->o.domain, tx, &q, &context, e))
        return false;
    *ret_comment = context.comment;
    return true;
}

void show_comment(struct request *rq, const struct talk *t, const struct comment *c,
                  struct comment_form_page *p)
{
    struct comment_view *v = ARENA_NEW(rq->arena, struct comment_view);
    fill_comment(t, c, v);
    v->reply_address = v->edit_address = v->withdraw_address = v->report_address = STR_NONE;
    p->comment = v;
}

/* Whoever was too early in slow mode is told how long to wait, the banned until when they are. */
static bool read_refusal(struct request *rq, struct tx *tx, struct talk *t, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    int64_t wait_s = 0;
    if (!rq->actor.has_commenter)
        return true;
    if (rq->err.say == T_COMMENT_BANNED)
        return commenter_trust_get(d, tx, &rq->actor.commenter, &t->ban, e);
    if (rq->err.say != T_COMMENT_SLOW)
        return true;
    if (!conversation_wait(d, tx, t->thread, &rq->actor.commenter, &wait_s, e))
        return false;
    rq->retry_s = wait_s > 0 ? wait_s : 1;
    return true;
}

/* The form on a page of its own: for a reply, or the article. number 0: the article. */
static bool write_page(struct request *rq, struct tx *tx, int64_t number, struct err *e)
{
    struct edition ed;
    struct talk talk;
    struct comment *parent = NULL;
    struct comment_form_page *p = ARENA_NEW(rq->arena, struct comment_form_page);
    if (!form_page_open(rq, tx, &ed, &talk, p, e))
        return false;
    p->title = i18n_text(rq->words, T_WRITE_COMMENT);
    if (number > 0) {
        parent = ARENA_NEW(rq->arena, struct comment);
        if (!read_comment(rq, tx, &ed, number, parent, e))
            return false;
        show_comment(rq, &talk, parent, p);
        p->title = i18n_text(rq->words, T_WRITE_REPLY);
    }
    if (!read_refusal(rq, tx, &talk, e))
        return false;
    struct comment_form_view *form = fill_comment_form(&talk, parent);
    form->is_alone = true;
    p->form = form;
    reply_template(&rq->reply, TEMPLATE_COMMENT_FORM, p);
    return true;
}

bool reply_show(struct request *rq, struct tx *tx, struct err *e)
{
    int64_t number;
    return article_number(rq, &number, e) && write_page(rq, tx, number, e);
}

bool comment_again(struct request *rq, struct tx *tx, struct err *e)
{
    const struct comment_form *form = rq->form;
    struct err gone = {0};
    if (form->reply_to == 0)
        return write_page(rq, tx, 0, e);
    /* What was answered may be gone meanwhile; what was typed is shown all the same. */
    return write_page(rq, tx, form->reply_to, &gone) || write_page(rq, tx, 0, e);
}

bool preview_show(struct request *rq, UNUSED struct tx *tx, UNUSED struct err *e)
{
    rq->reply.type = STR("text/html; charset=utf-8");
    rq->reply.body = markdown_comment(rq->arena, FORM_OF(rq, preview_form)->text).s;
    return true;
}

/* ---- One's own comment ---------------------------------------------------------------------- */

bool comment_named(struct request *rq, struct tx *tx, struct comment_id *ret_id, struct err *e)
{
    struct thread_id article;
    int64_t number;
    if (!article_number(rq, &number, e) || !article_find(rq, tx, &article, e))
        return false;
    *ret_id = comment_id_of(article, number);
    return true;
}

bool edit_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct talk talk;
    struct comment c;
    int64_t number;
    struct comment_form_page *p = ARENA_NEW(rq->arena, struct comment_form_page);
    if (!article_number(rq, &number, e) || !form_page_open(rq, tx, &ed, &talk, p, e) ||
        !read_comment(rq, tx, &ed, number, &c, e))
        return false;
    bool is_refused = rq->form != NULL; /* shown once more, with what was typed */
    if (!rq->actor.has_commenter ||
        (!is_refused && !comment_may_edit(rq->web->o.domain, &c, &rq->actor.commenter, rq->now_s)))
        return err_set(e, ERR_DENIED, T_COMMENT_EDIT_LATE, "not the author's, or too late");
    if (!read_refusal(rq, tx, &talk, e))
        return false;
    p->title = i18n_text(rq->words, T_COMMENT_EDIT);
    struct comment_form_view *form = fill_edit_form(&talk, &c);
    form->is_alone = true;
    p->form = form;
    reply_template(&rq->reply, TEMPLATE_COMMENT_FORM, p);
    return true;
}

bool edit_again(struct request *rq, struct tx *tx, struct err *e)
{
    return edit_show(rq, tx, e);
}

bool edit_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct comment_id id;
    if (!tx) {
        struct new_words *words = rq->prepared = ARENA_NEW(rq->arena, struct new_words);
        *words = words_prepare(d, rq->arena, FORM_OF(rq, edit_form)->text);
        return true;
    }
    if (!comment_named(rq, tx, &id, e))
        return false;
    if (!rq->actor.has_commenter)
        return err_set(e, ERR_DENIED, 0, "no edit key");
    if (!comment_edit(d, tx, id, &rq->actor.commenter, rq->prepared, e))
        return false;
    rq->reply.wants_scrub = true; /* the words before are gone as well */
    reply_tag(&rq->reply, tag_of_thread(comment_id_thread(id)));
    reply_redirect(&rq->reply, address_comment_done(rq->arena, rq->args[0], rq->args[1],
                                                    comment_id_number(id), "edited"));
    return true;
}

bool withdraw_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct talk talk;
    struct comment c;
    int64_t number;
    struct comment_form_page *p = ARENA_NEW(rq->arena, struct comment_form_page);
    struct withdraw_form_view *form = ARENA_NEW(rq->arena, struct withdraw_form_view);
    if (!article_number(rq, &number, e) || !form_page_open(rq, tx, &ed, &talk, p, e) ||
        !read_comment(rq, tx, &ed, number, &c, e))
        return false;
    if (!rq->actor.has_commenter || !comment_may_withdraw(&c, &rq->actor.commenter))
        return err_set(e, ERR_DENIED, 0, "not the author's");
    show_comment(rq, &talk, &c, p);
    *form = (struct withdraw_form_view){
        .action = address_comment_do(rq->arena, ed.lang, ed.slug, number, "withdraw"),
        .token = gate_token(rq, CSRF_OWN),
        .text = i18n_text(rq->words, c.words_kept ? T_WITHDRAW_KEPT_MEANS : T_WITHDRAW_MEANS),
        .confirm_text = i18n_text(rq->words, c.words_kept ? T_COMMENT_ERASE : T_WITHDRAW_CONFIRM),
        .error = rq->err.kind ? reply_error_text(rq) : STR_NONE,
        .cancel_address = address_comment(rq->arena, ed.lang, ed.slug, number),
    };
    p->title = i18n_text(rq->words, T_WITHDRAW_TITLE);
    p->withdraw = form;
    reply_template(&rq->reply, TEMPLATE_COMMENT_FORM, p);
    return true;
}

bool withdraw_post(struct request *rq, struct tx *tx, struct err *e)
{
    struct comment_id id;
    if (!comment_named(rq, tx, &id, e))
        return false;
    if (!rq->actor.has_commenter)
        return err_set(e, ERR_DENIED, 0, "no edit key");
    if (!comment_withdraw(rq->web->o.domain, tx, id, &rq->actor.commenter, e))
        return false;
    rq->reply.wants_scrub = true;
    reply_tag(&rq->reply, tag_of_thread(comment_id_thread(id)));
    /* What was never public has no page any more: the conversation tells it. */
    reply_redirect(&rq->reply,
                   arena_printf(rq->arena, "/" STR_FMT "/" STR_FMT "?done=withdrawn#conversation",
                                STR_ARG(rq->args[0]), STR_ARG(rq->args[1])));
    return true;
}

/* ---- The rating ----------------------------------------------------------------------------- */

bool rating_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct str answer = FORM_OF(rq, rating_form)->answer;
    struct str token = rq->cookies.rating;
    struct thread_id article;
    bool likes = str_eq(answer, STR("yes"));
    if (!likes && !str_eq(answer, STR("no")))
        return err_set(e, ERR_INVALID, 0, "an answer that was not asked for");
    if (!article_find(rq, tx, &article, e))
        return false;
    if (!token.n) {
        token = idem_reader_token(rq, COOKIE_RATING);
        reply_cookie(rq, COOKIE_RATING, token, RATING_S);
    }
    if (!rating_set(d, tx, article, rater_of(d, article, token), likes, e))
        return false;
    reply_tag(&rq->reply, tag_of_thread(article));
    reply_redirect(&rq->reply, arena_printf(rq->arena, "/" STR_FMT "/" STR_FMT "#rating",
                                            STR_ARG(rq->args[0]), STR_ARG(rq->args[1])));
    return true;
}
