#include <inttypes.h>

#include "base/rand.h"
#include "text/count.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

/* A key of one reader's own; a shared page has none (docs/decisions/0006). */
static struct str fresh_key(struct request *rq)
{
    uint8_t bytes[COMMENT_KEY_BYTES];
    struct buf b = buf_in(rq->arena, 2 * sizeof bytes);
    rand_bytes(bytes, sizeof bytes);
    buf_hex(&b, bytes, sizeof bytes);
    return buf_str(&b);
}

/* Why a field was refused, in words. */
static struct str fault_text(struct request *rq, int field, int64_t max)
{
    enum message m = rq->faults.field[field];
    if (m == T_NONE)
        return STR_NONE;
    if (m == T_FORM_TOO_LONG)
        return i18n_fill(rq->arena, rq->words, m, i18n_number(rq->arena, rq->words, max),
                         i18n_number(rq->arena, rq->words, rq->faults.chars[field]));
    return i18n_text(rq->words, m);
}

/* A name that the rules refuse is marked at the name, not above the form. */
static bool is_about_name(int say)
{
    return say == T_NAME_EMPTY || say == T_NAME_CONTROLS || say == T_NAME_MARKS ||
           say == T_NAME_IMITATION || say == T_NAME_SCRIPTS;
}

static bool has_field_fault(const struct request *rq)
{
    for (size_t i = 0; i < FORM_FIELDS_MAX; i++) {
        if (rq->faults.field[i] != T_NONE)
            return true;
    }
    return false;
}

static void fill_counter(struct request *rq, struct comment_form_view *v)
{
    int64_t left = v->text_max - (int64_t)count_chars(v->text);
    v->text_left = left;
    v->counter_text = arena_printf(rq->arena, STR_FMT " / " STR_FMT,
                                   STR_ARG(i18n_digits(rq->arena, rq->words, left)),
                                   STR_ARG(i18n_digits(rq->arena, rq->words, v->text_max)));
}

/* Why the form as a whole was refused. */
static void fill_refusal(const struct talk *t, struct comment_form_view *v)
{
    struct request *rq = t->rq;
    v->is_banned = rq->err.say == T_COMMENT_BANNED;
    if (rq->err.say == T_COMMENT_SLOW)
        v->form_error = i18n_count(rq->arena, rq->words, T_COMMENT_SLOW_WAIT,
                                   rq->retry_s > 60 ? (rq->retry_s + 59) / 60 : 1);
    else if (v->is_banned && t->ban.until_s > 0)
        v->form_error = i18n_fill(rq->arena, rq->words, T_COMMENT_BANNED_UNTIL,
                                  fill_time_text(rq, t->ban.until_s, I18N_DATE_TIME), STR_NONE);
    else
        v->form_error = reply_error_text(rq);
}

/* Puts back what was typed, with the reasons why it was refused. */
static void fill_refused(const struct talk *t, struct comment_form_view *v)
{
    struct request *rq = t->rq;
    const struct comment_form *form = rq->form;
    struct token ignored;
    v->text = form->text;
    v->name = form->name;
    if (form->key.n)
        v->key = form->key; /* the same comment, so the same key: it may have been stored */
    if (token_check(rq->web->token_key, TOKEN_STARTED,
                    address_article(rq->arena, rq->args[0], rq->args[1]), form->started, rq->now_s,
                    &ignored))
        v->started = form->started;
    v->has_errors = true;
    v->text_error = fault_text(rq, FIELD_comment_form_text, v->text_max);
    v->name_error = fault_text(rq, FIELD_comment_form_name, v->name_max);
    if (is_about_name(rq->err.say))
        v->name_error = i18n_text(rq->words, (enum message)rq->err.say);
    else if (!has_field_fault(rq) || rq->err.kind != ERR_INVALID)
        fill_refusal(t, v);
}

struct comment_form_view *fill_comment_form(const struct talk *t, const struct comment *parent)
{
    struct request *rq = t->rq;
    struct arena *a = rq->arena;
    struct comment_form_view *v = ARENA_NEW(a, struct comment_form_view);
    struct str base = address_article(a, t->lang, t->slug);
    *v = (struct comment_form_view){
        .action = arena_printf(a, STR_FMT "/comments", STR_ARG(base)),
        .preview_action = arena_printf(a, STR_FMT "/preview", STR_ARG(base)),
        .token = gate_token(rq, CSRF_COMMENT),
        .key = rq->is_shared ? STR_NONE : fresh_key(rq),
        .started = gate_started(rq),
        .honeypot = STR("website"),
        .draft_key = arena_printf(a, "%" PRId64, t->thread->id.v),
        .has_name = true,
        .name_max = MAX_comment_form_name,
        .text_max = MAX_comment_form_text,
        .mode_text = fill_mode_text(t),
        .slow_text = fill_slow_text(t),
        .policy_address = t->policy_address,
    };
    if (parent) {
        v->reply_to = parent->number;
        v->reply_to_name = parent->name;
        v->cancel_address = address_comment(a, t->lang, t->slug, parent->number);
    }
    if (rq->form && rq->route->form == &form_spec_comment_form)
        fill_refused(t, v);
    fill_counter(rq, v);
    return v;
}

struct comment_form_view *fill_edit_form(const struct talk *t, const struct comment *c)
{
    struct request *rq = t->rq;
    struct arena *a = rq->arena;
    struct comment_form_view *v = ARENA_NEW(a, struct comment_form_view);
    struct str base = address_article(a, t->lang, t->slug);
    *v = (struct comment_form_view){
        .action = address_comment_do(a, t->lang, t->slug, c->number, "edit"),
        .preview_action = arena_printf(a, STR_FMT "/preview", STR_ARG(base)),
        .token = gate_token(rq, CSRF_OWN),
        .draft_key = arena_printf(a, "%" PRId64, c->id.v),
        .is_edit = true,
        .cancel_address = address_comment(a, t->lang, t->slug, c->number),
        .text = c->text,
        .text_max = MAX_edit_form_text,
        .mode_text = fill_mode_text(t),
        .policy_address = t->policy_address,
    };
    if (rq->form && rq->route->form == &form_spec_edit_form) {
        v->text = FORM_OF(rq, edit_form)->text;
        v->has_errors = true;
        v->text_error = fault_text(rq, FIELD_edit_form_text, v->text_max);
        if (!v->text_error.n)
            fill_refusal(t, v);
    }
    fill_counter(rq, v);
    return v;
}
