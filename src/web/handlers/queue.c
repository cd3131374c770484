/*
 * The moderators' queue: what waits, and whatever else they look for among comments.
 */
#include <inttypes.h>

#include "web/address.h"
#include "web/console.h"
#include "web/gate.h"
#include "web/rules.h"

#define QUEUE_CARDS 25

/* "SECONDS-ID" of the query. */
static void read_after(struct str text, struct queue_query *q)
{
    struct str seconds, id;
    int64_t after_s, after;
    if (str_cut(text, '-', &seconds, &id) && str_to_int64(seconds, 1, INT64_MAX, &after_s) &&
        str_to_int64(id, 1, INT64_MAX, &after)) {
        q->after_s = after_s;
        q->after.v = after;
    }
}

static struct str page_address(struct request *rq, struct str base, int64_t at_s, int64_t id)
{
    if (at_s == 0)
        return base;
    return address_with(rq->arena, base, "after",
                        arena_printf(rq->arena, "%" PRId64 "-%" PRId64, at_s, id));
}

/* ---- The filter's form ---------------------------------------------------------------------- */

/* Languages of the site, one of them perhaps selected; the first: any. */
static const struct choice_option *fill_languages(struct request *rq, struct str selected,
                                                  size_t *ret_n)
{
    const struct site *site = &rq->web->o.domain->site;
    struct choice_option *options =
        ARENA_ARRAY(rq->arena, struct choice_option, site->n_languages + 2);
    size_t n = 0;
    bool is_known = selected.n == 0;
    options[n++] = (struct choice_option){.text = i18n_text(rq->words, T_MOD_FILTER_ANY)};
    for (size_t i = 0; i < site->n_languages; i++) {
        struct str lang = site->languages[i];
        bool is_selected = str_eq(lang, selected);
        is_known |= is_selected;
        options[n++] =
            (struct choice_option){lang, i18n_language_name(rq->arena, lang), is_selected};
    }
    if (!is_known)
        options[n++] =
            (struct choice_option){selected, i18n_language_name(rq->arena, selected), true};
    *ret_n = n;
    return options;
}

/* Those that the program has, then those that the team made; one that is gone, if it is asked for.
 */
static const struct choice_option *fill_rules(struct request *rq, struct str selected,
                                              size_t *ret_n)
{
    static const struct str rules[] = {STR_INIT("mode:held"), STR_INIT("mode:first"),
                                       STR_INIT("site:held"), STR_INIT("trust:held"),
                                       STR_INIT("reports"),   STR_INIT("network:banned"),
                                       STR_INIT("campaign"),  STR_INIT("import")};
    size_t n_own, n = 0;
    const struct rule_named *own = rules_named(rq->web->o.domain->rules, rq->arena, &n_own);
    struct choice_option *options =
        ARENA_ARRAY(rq->arena, struct choice_option, ARRAY_LEN(rules) + n_own + 2);
    bool is_known = selected.n == 0;
    options[n++] = (struct choice_option){.text = i18n_text(rq->words, T_MOD_FILTER_ANY)};
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        options[n++] = (struct choice_option){rules[i], fill_rule_text(rq, rules[i]), false};
    for (size_t i = 0; i < n_own; i++)
        options[n++] = (struct choice_option){arena_printf(rq->arena, "rule:%" PRId64, own[i].id),
                                              fill_rule_name(rq, own[i].kind, own[i].name), false};
    for (size_t i = 1; i < n; i++) {
        options[i].is_selected = str_eq(options[i].value, selected);
        is_known |= options[i].is_selected;
    }
    if (!is_known)
        options[n++] = (struct choice_option){selected, fill_rule_text(rq, selected), true};
    *ret_n = n;
    return options;
}

/* What the form passes on unseen: all that is not chosen in it. */
static void fill_kept(struct request *rq, const struct queue_filter *f, struct cases_page *p)
{
    struct queue_filter rest = *f;
    rest.lang = rest.edition = rest.rule = STR_NONE;
    p->kept = fill_filter_fields(rq, &rest, &p->n_kept);
}

static void fill_filter(struct request *rq, const struct queue_filter *f,
                        const struct queue_page *list, struct cases_page *p)
{
    p->filter_action = STR("/mod");
    p->langs = fill_languages(rq, f->lang, &p->n_langs);
    p->editions = fill_languages(rq, f->edition, &p->n_editions);
    p->rules = fill_rules(rq, f->rule, &p->n_rules);
    p->chips = fill_chips(rq, f, list->n ? &list->cards[0] : NULL, &p->n_chips);
    fill_kept(rq, f, p);
}

/* ---- The page ------------------------------------------------------------------------------- */

static void fill_many_of_queue(struct request *rq, const struct queue_filter *filter,
                               struct cases_page *p)
{
    if (p->n_cards == 0)
        return;
    struct many_view *many = fill_many(rq, p->next);
    many->seen = rq->now_s; /* of a form that comes back, too: these are the cards of now */
    if (rq->actor.role >= ROLE_SENIOR && filter->words.n == 0) {
        struct str text = queue_filter_print(rq->arena, filter);
        many->filter = text.n ? text : STR("state=held");
        many->filter_text = i18n_text(rq->words, T_MOD_MANY_ALL);
    }
    p->many = many;
}

/* A count stands at the tab that is shown, unless nothing waits or a filter is set. */
static bool is_count_at_tab(const struct cases_page *p)
{
    for (size_t i = 0; i < p->n_tabs; i++) {
        if (p->tabs[i].is_current && p->tabs[i].count_text.n)
            return true;
    }
    return false;
}

static bool is_chosen(const struct batch_form *form, struct comment_id id)
{
    struct form_many chosen = form->chosen;
    struct str value;
    struct comment_id one;
    struct comment_seen seen;
    while (form_many_next(&chosen, &value))
        if (batch_choice_parse(value, &one, &seen) && one.v == id.v)
            return true;
    return false;
}

static void fill_cards_of_queue(struct request *rq, const struct queue_page *list,
                                struct cases_page *p)
{
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, list->n);
    for (size_t i = 0; i < list->n; i++) {
        views[i] = *fill_case(rq, &list->cards[i]);
        views[i].is_choosable = true;
        views[i].is_chosen = rq->form && is_chosen(rq->form, list->cards[i].comment.id);
    }
    p->cards = views;
    p->n_cards = list->n;
}

/* Where a script goes after a decision: there the same filter is counted anew. */
static struct str done_address(struct request *rq, const struct queue_filter *filter)
{
    struct str query = queue_filter_print(rq->arena, filter);
    return query.n ? arena_printf(rq->arena, "/mod/done?" STR_FMT, STR_ARG(query))
                   : STR("/mod/done");
}

/* What was done, or why the form under the cards was refused. */
static bool fill_notice(struct request *rq, struct tx *tx, struct cases_page *p, struct err *e)
{
    p->notice = fill_problem(rq);
    return p->notice || fill_done(rq, tx, p->next, &p->notice, e);
}

/* The page with that query; after: its parameter of that name. */
static bool show(struct request *rq, struct tx *tx, struct str query, struct str after,
                 struct err *e)
{
    struct queue_query q = {.filter = filter_asked(rq, query), .max = QUEUE_CARDS};
    struct queue_page list;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct cases_page *p = ARENA_NEW(rq->arena, struct cases_page);
    struct str base = address_queue(rq->arena, &q.filter);
    read_after(after, &q);
    p->next = page_address(rq, base, q.after_s, q.after.v);
    const struct frame_want want = {.title = i18n_text(rq->words, T_MOD_QUEUE),
                                    .here = p->next,
                                    .is_noindex = true,
                                    .has_console = true};
    if (!frame_fill(rq, tx, &want, f, e) || !queue_get(rq->web->o.domain, tx, &q, &list, e) ||
        !fill_notice(rq, tx, p, e) ||
        !fill_search(rq, tx, &q.filter, q.after_s == 0, &p->search, e) ||
        !fill_found(rq, tx, f, &q.filter, &p->found_text, e) || !reasons_open(rq, tx, e) ||
        !session_others(rq->web->o.domain, tx, rq->actor.moderator.id, &p->is_shared, e))
        return false;
    p->moderator = f->moderator;
    p->is_search = q.filter.words.n > 0;
    p->count_text = f->moderator->queue_text;
    p->tabs = fill_tabs(rq, f, &q.filter, &p->n_tabs);
    p->is_told = is_count_at_tab(p);
    p->reasons = fill_reasons(rq, STR_NONE, &p->n_reasons);
    p->token = gate_token(rq, CSRF_SESSION);
    p->newer_address = q.after_s ? base : STR_NONE;
    p->is_look_further = list.more && list.n < QUEUE_CARDS;
    p->older_address = list.more ? page_address(rq, base, list.next_s, list.next.v) : STR_NONE;
    p->done_address = done_address(rq, &q.filter);
    fill_cards_of_queue(rq, &list, p);
    fill_filter(rq, &q.filter, &list, p);
    fill_many_of_queue(rq, &q.filter, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_QUEUE, p);
    return true;
}

bool queue_show(struct request *rq, struct tx *tx, struct err *e)
{
    return show(rq, tx, rq->x->request.query, rq->query.after, e);
}

/* Where the form under the cards came from, with what was typed into it. */
bool queue_again(struct request *rq, struct tx *tx, struct err *e)
{
    struct str next = address_way_back(FORM_OF(rq, batch_form)->next), path, query = STR_NONE;
    struct form pairs = {NULL, 0};
    struct err ignored = {0};
    if (!str_cut(next, '?', &path, &query) || !str_eq(path, STR("/mod")) ||
        !form_parse(rq->arena, query, FORM_PAIRS_MAX, &pairs, &ignored)) {
        query = STR_NONE;
        pairs.n = 0;
    }
    return show(rq, tx, query, form_get(&pairs, STR("after")), e);
}

bool done_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct queue_filter held = {.which = QUEUE_HELD},
                              filter = filter_asked(rq, rq->x->request.query);
    const struct frame_want want = {.title = i18n_text(rq->words, T_MOD_QUEUE), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct done_page *p = ARENA_NEW(rq->arena, struct done_page);
    struct str here = done_address(rq, &filter);
    if (!frame_fill(rq, tx, &want, f, e) || !fill_done(rq, tx, here, &p->notice, e) ||
        !fill_found(rq, tx, f, &filter, &p->found_text, e))
        return false;
    p->moderator = f->moderator;
    p->count_text = f->moderator->queue_text;
    p->tabs = fill_tabs(rq, f, &held, &p->n_tabs);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_DONE, p);
    return true;
}
