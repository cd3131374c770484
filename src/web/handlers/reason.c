/*
 * The site's reasons: looking at them, adding, wording anew, in and out of use, their order.
 */
#include "domain/reasons.h"

#include <inttypes.h>

#include "text/count.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

/* ---- The list ------------------------------------------------------------------------------- */

/* "The reason is added", or what is wrong. NULL: neither. */
static const struct notice_view *fill_outcome(struct request *rq)
{
    static const struct {
        struct str what;
        enum message text;
    } all[] = {
        {STR_INIT("added"), T_REASON_DONE_ADDED}, {STR_INIT("saved"), T_CONTROL_SAVED},
        {STR_INIT("on"), T_REASON_DONE_ON},       {STR_INIT("off"), T_REASON_DONE_OFF},
        {STR_INIT("moved"), T_REASON_DONE_MOVED},
    };
    struct notice_view *v = ARENA_NEW(rq->arena, struct notice_view);
    if (rq->form) {
        *v = (struct notice_view){.text = fill_form_error(rq), .is_problem = true};
        return v;
    }
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (str_eq(rq->query.done, all[i].what))
            v->text = i18n_text(rq->words, all[i].text);
    }
    return v->text.n ? v : NULL;
}

static struct str address_of(struct request *rq, struct str key, const char *what)
{
    return arena_printf(rq->arena, "/mod/reasons/" STR_FMT "%s", STR_ARG(key), what);
}

/* Those in use, or else those out of use that were not worded anew. */
static const struct reason_row *fill_rows(struct request *rq, bool is_on, size_t *ret_n)
{
    struct reason_row *rows = ARENA_ARRAY(rq->arena, struct reason_row, rq->reasons->n);
    size_t n = 0;
    for (size_t i = 0; i < rq->reasons->n; i++) {
        const struct reason *r = &rq->reasons->items[i];
        if (r->is_on != is_on || r->successor.n > 0)
            continue;
        rows[n] = (struct reason_row){
            .address = address_of(rq, r->key, ""),
            .name = fill_reason_name(rq, r),
            .text = fill_reason_sentence(rq, r),
            .wants_note = r->wants_note,
            .switch_action = address_of(rq, r->key, "/switch"),
            .move_action = address_of(rq, r->key, "/move"),
            .is_first = n == 0,
        };
        n++;
    }
    if (n > 0)
        rows[n - 1].is_last = true;
    *ret_n = n;
    return rows;
}

bool reasons_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_REASONS), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct reasons_page *p = ARENA_NEW(rq->arena, struct reasons_page);
    if (!frame_fill(rq, tx, &want, f, e) || !reasons_open(rq, tx, e))
        return false;
    *p = (struct reasons_page){.moderator = f->moderator,
                               .notice = fill_outcome(rq),
                               .is_own = rq->reasons->is_own,
                               .new_address = STR("/mod/new-reason"),
                               .token = gate_token(rq, CSRF_SESSION)};
    p->reasons = fill_rows(rq, true, &p->n_reasons);
    p->others = fill_rows(rq, false, &p->n_others);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_REASONS, p);
    return true;
}

/* ---- The form ------------------------------------------------------------------------------- */

/* What an author reads in a language of the site, as it is stored. */
static struct str stored_text(struct request *rq, const struct reason *r,
                              const struct reason_texts *texts, struct str lang)
{
    for (size_t i = 0; i < texts->n; i++)
        if (str_eq(texts->items[i].lang, lang))
            return texts->items[i].text;
    return r->name.n ? STR_NONE : fill_reason_compiled(rq, r->key, lang);
}

/* What is wrong with one of the sentences; empty: nothing. */
static struct str text_error(struct request *rq, const struct reason_field *field)
{
    bool is_missing = field->is_required && str_trim(field->text).n == 0;
    bool is_long = count_chars(str_trim(field->text)) > REASON_TEXT_CHARS_MAX;
    if (!rq->form || !((rq->err.say == T_REASON_TEXT_EMPTY && is_missing) ||
                       (rq->err.say == T_REASON_TEXT_LONG && is_long)))
        return STR_NONE;
    return reply_error_text(rq);
}

static void fill_texts(struct request *rq, const struct reason *r, const struct reason_texts *texts,
                       struct reason_page *p)
{
    const struct site *site = &rq->web->o.domain->site;
    struct reason_field *fields = ARENA_ARRAY(rq->arena, struct reason_field, site->n_languages);
    struct form_many typed = {0};
    if (rq->form)
        typed = FORM_OF(rq, reason_form)->texts;
    for (size_t i = 0; i < site->n_languages; i++) {
        struct str lang = site->languages[i];
        fields[i] = (struct reason_field){
            .key = arena_printf(rq->arena, "t%zu", i),
            .label = i18n_language_name(rq->arena, lang),
            .lang = lang,
            .dir = fill_direction(lang),
            .text = stored_text(rq, r, texts, lang),
            .is_required = str_eq(lang, site->language),
        };
        (void)form_many_next(&typed, &fields[i].text);
        fields[i].error = text_error(rq, &fields[i]);
        p->error = fields[i].error.n ? STR_NONE : p->error;
    }
    p->texts = fields;
    p->n_texts = site->n_languages;
}

/* Puts what was typed in place of what is stored. */
static void take_form(struct request *rq, struct reason_page *p)
{
    const struct reason_form *form = rq->form;
    p->name = form->name;
    p->wants_note = form->wants_note != 0;
    /* After a conflict the form is made for what is there now: whoever saves again, replaces it. */
    if (rq->err.kind != ERR_CONFLICT)
        p->rev = form->rev;
    p->error = fill_form_error(rq);
    if (rq->faults.field[FIELD_reason_form_name] == T_NONE && rq->err.say != T_REASON_NAME_EMPTY)
        return;
    p->name_error = p->error;
    p->error = STR_NONE;
}

/* r: as it is stored; a new one: all zeros. */
static bool show_form(struct request *rq, struct tx *tx, const struct reason *r, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct reason_page *p = ARENA_NEW(rq->arena, struct reason_page);
    struct reason_texts texts = {0};
    if (r->key.n && !reason_texts_get(d, tx, r->key, &texts, e))
        return false;
    *p = (struct reason_page){
        .title = r->key.n ? fill_reason_name(rq, r) : i18n_text(rq->words, T_REASON_NEW),
        .is_kept = r->is_used,
        .action = r->key.n ? address_of(rq, r->key, "") : STR("/mod/new-reason"),
        .rev = r->rev,
        .name = fill_reason_name(rq, r),
        .name_max = REASON_NAME_CHARS_MAX,
        .texts_hint = i18n_fill(rq->arena, rq->words, T_REASON_TEXTS_HINT,
                                i18n_number(rq->arena, rq->words, REASON_TEXT_CHARS_MAX),
                                i18n_language_name(rq->arena, d->site.language)),
        .wants_note = r->wants_note,
    };
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    if (rq->form)
        take_form(rq, p);
    fill_texts(rq, r, &texts, p);
    p->moderator = f->moderator;
    p->token = gate_token(rq, CSRF_SESSION);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_REASON, p);
    return true;
}

bool reason_new_show(struct request *rq, struct tx *tx, struct err *e)
{
    return show_form(rq, tx, &(struct reason){0}, e);
}

/* One that was worded anew meanwhile shows what stands in its place. */
bool reason_show(struct request *rq, struct tx *tx, struct err *e)
{
    if (!reasons_open(rq, tx, e))
        return false;
    const struct reason *r = reason_latest(rq->reasons, rq->args[0]);
    return r ? show_form(rq, tx, r, e) : err_set(e, ERR_MISSING, 0, "no such reason");
}

/* ---- Changes -------------------------------------------------------------------------------- */

/* One for each of the site's languages, in the site's order. */
static bool read_texts(struct request *rq, struct reason_plan *plan, struct err *e)
{
    const struct site *site = &rq->web->o.domain->site;
    struct form_many sent = FORM_OF(rq, reason_form)->texts;
    struct reason_words *words = ARENA_ARRAY(rq->arena, struct reason_words, site->n_languages);
    for (size_t i = 0; i < site->n_languages; i++) {
        words[i].lang = site->languages[i];
        if (!form_many_next(&sent, &words[i].text))
            return err_set(e, ERR_CONFLICT, 0, "other languages than the form had");
    }
    plan->texts = (struct reason_texts){words, site->n_languages};
    return true;
}

static bool save(struct request *rq, struct tx *tx, struct str key, struct err *e)
{
    const struct reason_form *form = rq->form;
    struct reason_plan plan = {
        .key = key, .rev = form->rev, .name = form->name, .wants_note = form->wants_note != 0};
    struct str saved;
    return read_texts(rq, &plan, e) &&
           reason_save(rq->web->o.domain, tx, &rq->actor, &plan, &saved, e);
}

bool reason_add_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!save(rq, tx, STR_NONE, e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/reasons?done=added"));
    return true;
}

bool reason_change_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!save(rq, tx, rq->args[0], e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/reasons?done=saved"));
    return true;
}

bool reason_switch_post(struct request *rq, struct tx *tx, struct err *e)
{
    bool is_on = FORM_OF(rq, reason_switch_form)->is_on != 0;
    if (!reason_switch(rq->web->o.domain, tx, &rq->actor, rq->args[0], is_on, e))
        return false;
    reply_redirect(&rq->reply, is_on ? STR("/mod/reasons?done=on") : STR("/mod/reasons?done=off"));
    return true;
}

bool reason_move_post(struct request *rq, struct tx *tx, struct err *e)
{
    bool is_up = FORM_OF(rq, reason_move_form)->is_up != 0;
    if (!reason_move(rq->web->o.domain, tx, &rq->actor, rq->args[0], is_up, e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/reasons?done=moved"));
    return true;
}
