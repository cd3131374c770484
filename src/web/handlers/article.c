/*
 * The article's page, a comment's page, and the form for a reply.
 */
#include <inttypes.h>

#include "domain/conversation.h"
#include "text/language.h"
#include "web/address.h"
#include "web/article.h"
#include "web/rules.h"

bool article_number(const struct request *rq, int64_t *ret_number, struct err *e)
{
    return str_to_int64(rq->args[2], 1, COMMENT_NUMBER_MAX, ret_number) ||
           err_set(e, ERR_MISSING, 0, "no number");
}

bool article_open(struct request *rq, struct tx *tx, struct edition *ret_edition, struct err *e)
{
    return edition_get(rq->web->o.domain, tx, rq->args[0], rq->args[1], ret_edition, e);
}

bool article_find(struct request *rq, struct tx *tx, struct thread_id *ret_article, struct err *e)
{
    return edition_find(rq->web->o.domain, tx, rq->args[0], rq->args[1], ret_article, e);
}

bool article_languages(struct request *rq, struct tx *tx, const struct edition *ed,
                       struct frame_want *want, struct err *e)
{
    struct edition_link *links;
    size_t n;
    if (!edition_links(rq->web->o.domain, tx, ed->article, &links, &n, e))
        return false;
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, n);
    for (size_t i = 0; i < n; i++)
        paths[i] = (struct lang_path){links[i].lang,
                                      address_article(rq->arena, links[i].lang, links[i].slug)};
    want->languages = paths;
    want->n_languages = n;
    return true;
}

static struct frame_want want_of(struct request *rq, const struct edition *ed)
{
    return (struct frame_want){
        .title = ed->headline,
        .description = ed->standfirst,
        .path = address_article(rq->arena, ed->lang, ed->slug),
        .section = ed->section,
        .has_script = true,
        .feed_title = i18n_fill(rq->arena, rq->words, T_FEED_OF_COMMENTS, ed->headline, STR_NONE),
        .feed_path = arena_printf(rq->arena, "/" STR_FMT "/" STR_FMT "/comments.atom",
                                  STR_ARG(ed->lang), STR_ARG(ed->slug)),
    };
}

static const struct commenter_id *viewer_of(const struct request *rq)
{
    return rq->actor.has_commenter ? &rq->actor.commenter : NULL;
}

/* "after" and "before" of the query; a place that cannot be read is the beginning. */
static void read_places(struct request *rq, struct page_query *q)
{
    struct err ignored = {0};
    if (rq->query.after.n && !place_parse(rq->arena, rq->query.after, &q->after, &ignored))
        q->after = (struct place){0};
    if (rq->query.before.n && !place_parse(rq->arena, rq->query.before, &q->before, &ignored))
        q->before = (struct place){0};
}

static struct str page_address(struct request *rq, const struct talk *t, bool is_newest,
                               const char *name, struct place place)
{
    if (!place.is_set)
        return STR_NONE;
    struct str base = address_article(rq->arena, t->lang, t->slug);
    if (is_newest)
        base = address_with(rq->arena, base, "order", STR("newest"));
    base = address_with(rq->arena, base, name, place_print(rq->arena, place));
    return arena_printf(rq->arena, STR_FMT "#conversation", STR_ARG(base));
}

static bool read_comments(struct request *rq, struct tx *tx, struct talk *t,
                          struct comment_page *page, struct conversation_view *v, struct err *e)
{
    bool is_newest = str_eq(rq->query.order, STR("newest"));
    struct page_query q = {.thread = t->thread->id,
                           .order = is_newest ? ORDER_NEWEST : ORDER_OLDEST,
                           .max = (size_t)rq->web->o.settings->comments_page_size,
                           .viewer = viewer_of(rq)};
    read_places(rq, &q);
    if (!comment_page_get(rq->web->o.domain, tx, &q, page, e))
        return false;
    t->shown = page->comments;
    t->n_shown = page->n;
    fill_conversation(t, v);
    v->comments = fill_comments(t, page->comments, page->n);
    v->n_comments = page->n;
    v->previous_address = page_address(rq, t, is_newest, "before", page->before);
    v->next_address = page_address(rq, t, is_newest, "after", page->after);
    return true;
}

static bool read_rating(struct request *rq, struct tx *tx, const struct talk *t,
                        struct article_page *p, struct err *e)
{
    int answer = -1;
    const struct domain *d = rq->web->o.domain;
    if (rq->cookies.rating.n &&
        !rating_get(d, tx, t->thread->id, rater_of(d, t->thread->id, rq->cookies.rating), &answer,
                    e))
        return false;
    p->rating = fill_rating(t, answer);
    return true;
}

static void fill_story(struct request *rq, const struct edition *ed, const struct frame *f,
                       const struct frame_want *want, struct article_page *p)
{
    struct view_byline byline = fill_byline(rq, ed->byline, ed->n_byline, NULL);
    const struct section *section = frame_section(f, ed->section);
    p->head = &f->head;
    p->bar = &f->bar;
    p->foot = &f->foot;
    p->moderator = f->moderator;
    p->lang = ed->lang;
    p->dir = fill_direction(ed->lang);
    p->address = want->path;
    p->headline = ed->headline;
    p->standfirst = ed->standfirst;
    p->editions = frame_links(rq, want->languages, want->n_languages, ed->lang, &p->n_editions);
    p->byline = byline.pieces;
    p->n_byline = byline.n_pieces;
    p->published = fill_time(rq, ed->published_s);
    p->published_text = fill_time_text(rq, ed->published_s, I18N_DATE_TIME);
    p->updated = fill_time(rq, ed->updated_s);
    p->updated_text = fill_time_text(rq, ed->updated_s, I18N_DATE_TIME);
    if (ed->n_pictures > 0)
        p->lead_picture = fill_picture(rq, &ed->pictures[0], true);
    if (section) {
        struct section_link *link = ARENA_NEW(rq->arena, struct section_link);
        link->name = section->name;
        link->address = address_section(rq->arena, ed->lang, section->slug);
        p->section = link;
    }
}

/* An address of old leads to the one of today; whether it is one must be known before it is 404. */
static bool lead_to_new_slug(struct request *rq, struct tx *tx, struct err *e)
{
    struct str slug;
    if (e->kind != ERR_MISSING ||
        !edition_moved(rq->web->o.domain, tx, rq->args[0], rq->args[1], &slug, e))
        return false;
    rq->reply.status = 308;
    reply_redirect(&rq->reply, address_article(rq->arena, rq->args[0], slug));
    return true;
}

static struct notice_view *notice_of(struct request *rq, enum message m)
{
    struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
    notice->text = i18n_text(rq->words, m);
    return notice;
}

/* Only a known commenter can have withdrawn something; their pages are nobody else's. */
static struct notice_view *withdrawn_notice(struct request *rq)
{
    if (!rq->actor.has_commenter || !str_eq(rq->query.done, STR("withdrawn")))
        return NULL;
    return notice_of(rq, T_COMMENT_WITHDRAWN_OWN);
}

bool article_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct frame_want want;
    struct talk talk;
    struct comment_page said = {0};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct article_page *p = ARENA_NEW(rq->arena, struct article_page);
    struct conversation_view *v = ARENA_NEW(rq->arena, struct conversation_view);
    if (!article_open(rq, tx, &ed, e))
        return lead_to_new_slug(rq, tx, e);
    want = want_of(rq, &ed);
    want.is_noindex = rq->query.order.n > 0;
    if (!article_languages(rq, tx, &ed, &want, e) || !frame_fill(rq, tx, &want, f, e) ||
        !talk_open(rq, tx, &ed, f, &talk, e) || !read_comments(rq, tx, &talk, &said, v, e) ||
        !read_rating(rq, tx, &talk, p, e) || !fill_blocks(rq, &ed, p, e))
        return false;
    if (talk.is_open)
        v->form = fill_comment_form(&talk, NULL);
    fill_story(rq, &ed, f, &want, p);
    fill_article_head(rq, &ed, f, talk.thread, &said);
    v->notice = withdrawn_notice(rq);
    p->conversation = v;
    reply_template(&rq->reply, TEMPLATE_ARTICLE, p);
    return true;
}

static bool is_own(const struct request *rq, const struct comment *c)
{
    const struct actor *who = &rq->actor;
    return who->has_commenter && memcmp(&who->commenter, &c->commenter, sizeof c->commenter) == 0;
}

/* Reason and note are for the author's eyes: to others there is nothing to tell. */
static bool is_told_the_decision(const struct request *rq, const struct comment *c)
{
    return is_own(rq, c) && c->state != COMMENT_PUBLISHED &&
           (c->state != COMMENT_WITHDRAWN || c->withdrawn_by == BY_MODERATOR);
}

/*
 * Back from a form. Whoever reported it gets the same page, which may be kept; what its author did
 * is told to the author, as long as it is true.
 */
static struct notice_view *done_notice(struct request *rq, const struct comment *c)
{
    struct str done = rq->query.done;
    bool is_authors = is_own(rq, c) && c->state == COMMENT_PUBLISHED;
    if (str_eq(done, STR("reported")))
        return notice_of(rq, T_REPORT_THANKS);
    if (is_authors && str_eq(done, STR("posted")))
        return notice_of(rq, T_COMMENT_POSTED);
    if (is_authors && str_eq(done, STR("edited")))
        return notice_of(rq, T_COMMENT_CHANGED);
    return NULL;
}

static struct notice_view *held_notice(struct request *rq)
{
    struct notice_view *notice = notice_of(rq, T_COMMENT_STORED_HELD);
    notice->detail = i18n_text(rq->words, T_COMMENT_HELD_OWN);
    return notice;
}

static bool decision_notice(struct request *rq, struct tx *tx, const struct comment *c,
                            struct notice_view **ret_notice, struct err *e)
{
    struct decision d;
    bool is_found = false;
    if (!decision_newest(rq->web->o.domain, tx, c->id, &d, &is_found, e) ||
        !reasons_open(rq, tx, e))
        return false;
    struct notice_view *notice =
        notice_of(rq, c->state == COMMENT_WITHDRAWN ? T_COMMENT_WITHDRAWN_MODERATOR
                                                    : T_COMMENT_NOT_PUBLISHED);
    struct str told = is_found ? fill_reason_told(rq, d.reason) : STR_NONE;
    notice->is_problem = true;
    if (told.n > 0)
        notice->detail =
            arena_printf(rq->arena, STR_FMT " " STR_FMT, STR_ARG(told), STR_ARG(d.note));
    if (is_found && notice->detail.n == 0)
        notice->detail = fill_rule_told(rq, d.reason);
    *ret_notice = notice;
    return true;
}

/* What there is to say about the comment, inside it: its address leads the eye there. */
static bool read_notice(struct request *rq, struct tx *tx, const struct comment *c, struct talk *t,
                        struct err *e)
{
    if (is_told_the_decision(rq, c) && c->state != COMMENT_HELD)
        return decision_notice(rq, tx, c, &t->notice, e);
    t->notice = is_told_the_decision(rq, c) ? held_notice(rq) : done_notice(rq, c);
    return true;
}

/* Chain, comment and replies as one list in reading order. */
static struct comment *join(struct request *rq, const struct comment_context *c, size_t *ret_n)
{
    size_t n = c->n_chain + 1 + c->n_replies;
    struct comment *all = ARENA_ARRAY(rq->arena, struct comment, n);
    if (c->n_chain)
        memcpy(all, c->chain, c->n_chain * sizeof *all);
    all[c->n_chain] = c->comment;
    if (c->n_replies)
        memcpy(all + c->n_chain + 1, c->replies, c->n_replies * sizeof *all);
    *ret_n = n;
    return all;
}

static void fill_page(struct request *rq, const struct edition *ed, const struct frame *f,
                      const struct talk *t, const struct comment *c, struct conversation_page *p)
{
    p->head = &f->head;
    p->bar = &f->bar;
    p->foot = &f->foot;
    p->moderator = f->moderator;
    p->headline = ed->headline;
    p->address = address_article(rq->arena, ed->lang, ed->slug);
    p->lang = ed->lang;
    p->dir = fill_direction(ed->lang);
    p->title = article_comment_title(rq, c);
    p->all_address = arena_printf(rq->arena, STR_FMT "#conversation", STR_ARG(p->address));
    p->all_text = t->thread->placed > 0
                      ? i18n_count(rq->arena, rq->words, T_COMMENT_ALL, t->thread->placed)
                      : i18n_text(rq->words, T_COMMENT_BACK);
}

struct str article_comment_title(struct request *rq, const struct comment *c)
{
    struct str number = i18n_digits(rq->arena, rq->words, c->number);
    return c->name.n ? i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE, number, c->name)
                     : i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE_GONE, number, STR_NONE);
}

bool comment_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct edition ed;
    struct talk talk;
    struct comment_context context;
    struct context_query q = {.viewer = viewer_of(rq),
                              .max = (size_t)rq->web->o.settings->comments_page_size};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct conversation_page *p = ARENA_NEW(rq->arena, struct conversation_page);
    struct conversation_view *v = ARENA_NEW(rq->arena, struct conversation_view);
    if (!article_number(rq, &q.number, e) || !article_open(rq, tx, &ed, e))
        return false;
    q.thread = ed.article;
    if (!comment_context_get(rq->web->o.domain, tx, &q, &context, e))
        return false;
    struct frame_want want = want_of(rq, &ed);
    want.title = article_comment_title(rq, &context.comment);
    want.is_noindex = true;
    if (!frame_fill(rq, tx, &want, f, e) || !talk_open(rq, tx, &ed, f, &talk, e) ||
        !read_notice(rq, tx, &context.comment, &talk, e))
        return false;
    talk.focus = q.number;
    talk.shown = join(rq, &context, &talk.n_shown);
    fill_conversation(&talk, v);
    v->orders = NULL;
    v->n_orders = 0;
    v->comments = fill_comments(&talk, talk.shown, talk.n_shown);
    v->n_comments = talk.n_shown;
    /* Below one's own an open form would look as if nothing had been sent. */
    if (talk.is_open && context.comment.state == COMMENT_PUBLISHED && !is_own(rq, &context.comment))
        v->form = fill_comment_form(&talk, &context.comment);
    fill_page(rq, &ed, f, &talk, &context.comment, p);
    p->conversation = v;
    reply_template(&rq->reply, TEMPLATE_CONVERSATION, p);
    return true;
}
