#include "web/kept.h"

#include "web/address.h"
#include "web/fill.h"
#include "web/frame.h"
#include "web/reply.h"

/* What a new comment answers is kept in the form; its words are the database's. */
static struct comment_form_view *new_form(struct request *rq, const struct talk *t)
{
    struct comment_form_view *v = fill_comment_form(t, NULL);
    v->reply_to = FORM_OF(rq, comment_form)->reply_to;
    return v;
}

static struct comment_form_view *edit_form_kept(struct request *rq, const struct talk *t)
{
    struct comment c = {0};
    if (!str_to_int64(rq->args[2], 1, COMMENT_NUMBER_MAX, &c.number))
        return NULL;
    return fill_edit_form(t, &c);
}

bool kept_show(struct request *rq)
{
    bool is_new = rq->route->form == &form_spec_comment_form;
    if (!is_new && rq->route->form != &form_spec_edit_form)
        return false;
    struct err ignored = {0};
    struct thread unknown = {0};
    const struct talk t = {
        .rq = rq, .lang = rq->args[0], .slug = rq->args[1], .thread = &unknown, .is_open = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct comment_form_page *p = ARENA_NEW(rq->arena, struct comment_form_page);
    struct str title = i18n_text(rq->words, is_new ? T_WRITE_COMMENT : T_COMMENT_EDIT);
    const struct frame_want want = {.title = title, .is_noindex = true};
    struct comment_form_view *form = is_new ? new_form(rq, &t) : edit_form_kept(rq, &t);
    if (!form || !frame_fill(rq, NULL, &want, f, &ignored))
        return false;
    form->draft_key = STR_NONE; /* the conversation's number: not known here */
    form->mode_text = STR_NONE;
    form->is_alone = true;
    *p = (struct comment_form_page){
        .head = &f->head,
        .bar = &f->bar,
        .foot = &f->foot,
        .headline = f->bar.site_name,
        .address = address_article(rq->arena, t.lang, t.slug),
        .lang = t.lang,
        .dir = f->head.dir,
        .title = title,
        .form = form,
    };
    rq->reply.status = reply_status(rq->err.kind, false);
    reply_template(&rq->reply, TEMPLATE_COMMENT_FORM, p);
    return true;
}
