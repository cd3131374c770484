/*
 * Reporting a comment: no account, one report a reader.
 */
#include "domain/report.h"

#include "web/address.h"
#include "web/article.h"
#include "web/gate.h"
#include "web/handlers/comment.h"
#include "web/idem.h"
#include "web/reply.h"

#define REPORTER_S (90 * 86400) /* longer than a report stays open */

static struct report_form_view *fill_form(struct request *rq, const struct edition *ed,
                                          int64_t number)
{
    const struct report_form *form = rq->form;
    struct report_form_view *v = ARENA_NEW(rq->arena, struct report_form_view);
    *v = (struct report_form_view){
        .action = address_comment_do(rq->arena, ed->lang, ed->slug, number, "report"),
        .token = gate_token(rq, CSRF_REPORT),
        .cancel_address = address_comment(rq->arena, ed->lang, ed->slug, number),
    };
    v->reasons = fill_report_reasons(rq, form ? form->reason : STR_NONE, &v->n_reasons);
    if (!form)
        return v;
    v->text = form->text;
    v->has_errors = true;
    if (rq->err.say == T_REPORT_REASON_MISSING)
        v->reason_error = reply_error_text(rq);
    else if (rq->err.say == T_REPORT_TEXT_MISSING || rq->err.kind == ERR_INVALID)
        v->text_error = fill_form_error(rq);
    else
        v->error = reply_error_text(rq);
    return v;
}

bool report_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct talk talk;
    struct comment c;
    int64_t number;
    struct comment_form_page *p = ARENA_NEW(rq->arena, struct comment_form_page);
    const struct commenter_id *viewer = rq->actor.has_commenter ? &rq->actor.commenter : NULL;
    if (!article_number(rq, &number, e) || !form_page_open(rq, tx, &ed, &talk, p, e) ||
        !report_check(rq->web->o.domain, tx, comment_id_of(ed.article, number), viewer, e) ||
        !read_comment(rq, tx, &ed, number, &c, e))
        return false;
    show_comment(rq, &talk, &c, p);
    p->title = i18n_text(rq->words, T_REPORT_TITLE);
    p->message = STR_NONE;
    p->report = fill_form(rq, &ed, number);
    reply_template(&rq->reply, TEMPLATE_COMMENT_FORM, p);
    return true;
}

/* The reader's token: known from another report, or new. */
static struct str token_of(struct request *rq)
{
    struct str token = rq->cookies.report;
    if (token.n == 0) {
        token = idem_reader_token(rq, COOKIE_REPORT);
        reply_cookie(rq, COOKIE_REPORT, token, REPORTER_S);
    }
    return token;
}

bool report_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct report_form *form = rq->form;
    struct report r = {.reason = form->reason,
                       .text = form->text,
                       .network = idem_network(rq),
                       .viewer = rq->actor.has_commenter ? &rq->actor.commenter : NULL};
    bool is_held;
    if (!comment_named(rq, tx, &r.comment, e))
        return false;
    r.reporter = reporter_of(d, r.comment, token_of(rq));
    if (!report_add(d, tx, &r, &is_held, e))
        return false;
    if (is_held) /* else nothing changes that readers see */
        reply_tag(&rq->reply, tag_of_thread(comment_id_thread(r.comment)));
    reply_redirect(&rq->reply, address_comment_done(rq->arena, rq->args[0], rq->args[1],
                                                    comment_id_number(r.comment), "reported"));
    return true;
}
