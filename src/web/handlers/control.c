/*
 * Conversation controls: of one conversation, and of the whole site.
 */
#include "domain/controls.h"

#include <inttypes.h>

#include "text/count.h"
#include "text/time.h"
#include "text/utf8.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

#define MODES 4
#define MODE_OF_SETTINGS 4  /* in the form */
#define LOCAL_TIME_CHARS 16 /* "2026-03-02T09:30" */

/* ---- What both pages have ------------------------------------------------------------------- */

/* "Saved", or why not. NULL: neither. */
static const struct notice_view *fill_outcome(struct request *rq)
{
    bool is_saved = str_eq(rq->query.done, STR("saved"));
    if (!rq->form && !is_saved)
        return NULL;
    struct notice_view *v = ARENA_NEW(rq->arena, struct notice_view);
    v->is_problem = rq->form != NULL;
    v->text = rq->form ? fill_form_error(rq) : i18n_text(rq->words, T_CONTROL_SAVED);
    return v;
}

/* The modes, one selected; with room for one more. */
static struct choice_option *fill_modes(struct request *rq, int64_t selected)
{
    struct choice_option *options = ARENA_ARRAY(rq->arena, struct choice_option, MODES + 1);
    for (int m = 0; m < MODES; m++)
        options[m] = (struct choice_option){arena_printf(rq->arena, "%d", m),
                                            fill_mode_name(rq, (enum mode)m), selected == m};
    return options;
}

static bool page_frame(struct request *rq, struct tx *tx, enum message title, struct frame *f,
                       struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, title), .is_noindex = true};
    return frame_fill(rq, tx, &want, f, e);
}

/* ---- Local time ----------------------------------------------------------------------------- */

/* As a datetime-local field has it, in the site's zone; empty for 0. */
static struct str local_print(struct request *rq, int64_t at_s)
{
    struct str zone = rq->web->o.settings->site_zone;
    if (at_s == 0)
        return STR_NONE;
    return str_head(time_print(rq->arena, at_s + i18n_zone_offset(rq->words, zone, at_s)),
                    LOCAL_TIME_CHARS);
}

/* Errors ERR_INVALID with T_CONTROL_DATE_BAD. */
static bool local_parse(struct request *rq, struct str text, int64_t *ret_s, struct err *e)
{
    struct str zone = rq->web->o.settings->site_zone;
    int64_t local_s;
    *ret_s = 0;
    if (text.n == 0)
        return true;
    if (text.n < LOCAL_TIME_CHARS ||
        !time_parse(arena_printf(rq->arena, STR_FMT "Z", STR_ARG(text)), &local_s))
        return err_set(e, ERR_INVALID, T_CONTROL_DATE_BAD, "no such local time");
    /* The offset of the moment itself, unless its clocks change within hours of it. */
    int64_t near_s = local_s - i18n_zone_offset(rq->words, zone, local_s);
    *ret_s = local_s - i18n_zone_offset(rq->words, zone, near_s);
    return *ret_s > 0 || err_set(e, ERR_INVALID, T_CONTROL_DATE_BAD, "before 1970");
}

/* Minutes between two comments, from 0, which is none, to the most. Errors ERR_INVALID. */
static bool slow_parse(struct str text, int64_t *ret_minutes, struct err *e)
{
    *ret_minutes = 0;
    text = str_trim(text);
    return text.n == 0 || str_to_int64(text, 0, CONVERSATION_SLOW_MINUTES_MAX, ret_minutes) ||
           err_set(e, ERR_INVALID, T_CONTROL_SLOW_BAD, "no number of minutes");
}

/* ---- One conversation ----------------------------------------------------------------------- */

static bool read_thread(const struct request *rq, struct thread_id *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX >> 24, &ret_id->v) ||
           err_set(e, ERR_MISSING, 0, "no such conversation");
}

static struct str wished_text(struct request *rq, const struct conversation_wished *w)
{
    struct str closes = STR_NONE;
    if (w->closes_s)
        closes = i18n_fill(rq->arena, rq->words, T_CONTROL_WISHED_CLOSES,
                           fill_time_text(rq, w->closes_s, I18N_DATE_TIME), STR_NONE);
    struct str parts[2];
    size_t n = 0;
    if (w->has_mode)
        parts[n++] = fill_mode_name(rq, w->mode);
    if (closes.n)
        parts[n++] = closes;
    return n == 0   ? i18n_text(rq->words, T_CONTROL_WISHED_NOTHING)
           : n == 1 ? parts[0]
                    : arena_printf(rq->arena, STR_FMT "; " STR_FMT, STR_ARG(parts[0]),
                                   STR_ARG(parts[1]));
}

/* The article's name: in the page's language, or whatever there is. */
static void fill_article(struct request *rq, const struct conversation_about *about,
                         struct control_page *p)
{
    if (about->n_wished == 0)
        return;
    const struct conversation_wished *best = &about->wished[0];
    for (size_t i = 0; i < about->n_wished; i++)
        if (str_eq(about->wished[i].lang, rq->lang))
            best = &about->wished[i];
    p->headline = best->headline;
    p->headline_lang = best->lang;
    p->headline_dir = fill_direction(best->lang);
    p->address = address_article(rq->arena, best->lang, best->slug);
}

/* A line for each edition, or one when all say the same. */
static void fill_wished(struct request *rq, const struct conversation_about *about,
                        struct control_page *p)
{
    struct control_wished *rows = ARENA_ARRAY(rq->arena, struct control_wished, about->n_wished);
    bool is_same = about->n_wished > 1;
    for (size_t i = 0; i < about->n_wished; i++) {
        rows[i] = (struct control_wished){i18n_language_name(rq->arena, about->wished[i].lang),
                                          wished_text(rq, &about->wished[i])};
        is_same = is_same && str_eq(rows[i].text, rows[0].text);
    }
    if (is_same)
        rows[0].language = i18n_text(rq->words, T_CONTROL_WISHED_ALL);
    p->wished = rows;
    p->n_wished = is_same ? 1 : about->n_wished;
}

/* Why a message was refused; empty: it was not. */
static struct str message_error(struct request *rq, struct str text)
{
    if (!utf8_is_text(text, true))
        return i18n_text(rq->words, T_FORM_NOT_TEXT);
    if (count_chars(text) > CONVERSATION_MESSAGE_CHARS_MAX)
        return i18n_text(rq->words, T_CONTROL_MESSAGE_LONG);
    return STR_NONE;
}

/* The fields for messages; what was typed and refused is put back. */
static void fill_messages(struct request *rq, const struct conversation_control *c,
                          struct control_page *p)
{
    struct form_many typed = {0};
    if (rq->form)
        typed = FORM_OF(rq, conversation_form)->messages;
    struct control_message *rows = ARENA_ARRAY(rq->arena, struct control_message, c->n_messages);
    for (size_t i = 0; i < c->n_messages; i++) {
        const struct conversation_message *m = &c->messages[i];
        rows[i] = (struct control_message){
            .key = arena_printf(rq->arena, "m%zu", i),
            .label = m->lang.n ? i18n_language_name(rq->arena, m->lang)
                               : i18n_text(rq->words, T_CONTROL_MESSAGE_ALL),
            .lang = m->lang,
            .dir = m->lang.n ? fill_direction(m->lang) : STR("auto"),
            .text = m->text,
        };
        if (form_many_next(&typed, &rows[i].text))
            rows[i].error = message_error(rq, rows[i].text);
    }
    p->messages = rows;
    p->n_messages = c->n_messages;
}

/* All that is wrong with what was typed, at each field and above the form. */
static void fill_faults(struct request *rq, const struct conversation_form *form,
                        struct control_page *p)
{
    struct fault_list all = {0};
    struct err wrong = {0};
    int64_t ignored;
    if (!local_parse(rq, form->closes, &ignored, &wrong) || rq->err.say == T_CONTROL_CLOSES_PAST)
        p->closes_error =
            i18n_text(rq->words, rq->err.say == T_CONTROL_CLOSES_PAST ? T_CONTROL_CLOSES_PAST
                                                                      : T_CONTROL_DATE_BAD);
    if (!slow_parse(form->slow, &ignored, &wrong))
        p->slow_error =
            i18n_fill(rq->arena, rq->words, T_CONTROL_SLOW_BAD,
                      i18n_number(rq->arena, rq->words, CONVERSATION_SLOW_MINUTES_MAX), STR_NONE);
    fill_fault(rq, &all, STR("f-closes"), p->closes_error);
    fill_fault(rq, &all, STR("f-slow"), p->slow_error);
    for (size_t i = 0; i < p->n_messages; i++)
        fill_fault(rq, &all, p->messages[i].key, p->messages[i].error);
    if (all.n == 0)
        fill_fault(rq, &all, STR_NONE, fill_form_error(rq));
    p->faults = all.items;
    p->n_faults = all.n;
}

/* Since when its time has been over; empty: it is not, or has none. */
static struct str closed_text(struct request *rq, const struct conversation_control *c)
{
    if (c->closes_s == 0 || c->closes_s > rq->now_s)
        return STR_NONE;
    return i18n_fill(rq->arena, rq->words, T_CONTROL_CLOSED_SINCE,
                     fill_time_text(rq, c->closes_s, I18N_DATE_TIME), STR_NONE);
}

bool conversation_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct thread_id id;
    struct conversation_about about;
    const struct conversation_form *form = rq->form;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct control_page *p = ARENA_NEW(rq->arena, struct control_page);
    if (!read_thread(rq, &id, e) || !conversation_about_get(rq->web->o.domain, tx, id, &about, e) ||
        !page_frame(rq, tx, T_CONTROL_TITLE, f, e))
        return false;
    const struct conversation_control *c = &about.control;
    const struct queue_filter all = {.which = QUEUE_ALL, .thread = id};
    *p = (struct control_page){
        .moderator = f->moderator,
        .queue_address = address_queue(rq->arena, &all),
        .notice = form ? NULL : fill_outcome(rq),
        .closed_text = closed_text(rq, c),
        .action = address_conversation(rq->arena, id),
        .token = gate_token(rq, CSRF_SESSION),
        .modes = fill_modes(rq, form ? form->mode : (int64_t)c->mode),
        .n_modes = MODES,
        .closes = form ? form->closes : local_print(rq, c->closes_s),
        .closes_hint = i18n_fill(rq->arena, rq->words, T_CONTROL_CLOSES_HINT,
                                 rq->web->o.settings->site_zone, STR_NONE),
        .slow = form ? form->slow : arena_printf(rq->arena, "%" PRId64, c->slow_s / 60),
    };
    fill_article(rq, &about, p);
    fill_messages(rq, c, p);
    if (form)
        fill_faults(rq, form, p);
    fill_wished(rq, &about, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_CONTROL, p);
    return true;
}

/* One message for all languages, then one for each, in the site's order. */
static bool read_messages(struct request *rq, struct conversation_control *c, struct err *e)
{
    const struct site *site = &rq->web->o.domain->site;
    struct form_many sent = FORM_OF(rq, conversation_form)->messages;
    struct conversation_message *messages =
        ARENA_ARRAY(rq->arena, struct conversation_message, site->n_languages + 1);
    for (size_t i = 0; i <= site->n_languages; i++) {
        messages[i].lang = i == 0 ? STR_NONE : site->languages[i - 1];
        if (!form_many_next(&sent, &messages[i].text))
            return err_set(e, ERR_CONFLICT, 0, "other languages than the form had");
    }
    c->messages = messages;
    c->n_messages = site->n_languages + 1;
    return true;
}

bool conversation_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct conversation_form *form = rq->form;
    struct conversation_control c = {.mode = (enum mode)form->mode};
    struct thread_id id;
    int64_t slow_minutes;
    if (!read_thread(rq, &id, e) || !local_parse(rq, form->closes, &c.closes_s, e) ||
        !slow_parse(form->slow, &slow_minutes, e) || !read_messages(rq, &c, e))
        return false;
    c.slow_s = slow_minutes * 60;
    if (!conversation_control_set(rq->web->o.domain, tx, &rq->actor, id, &c, e))
        return false;
    reply_tag(&rq->reply, tag_of_thread(id));
    reply_redirect(&rq->reply, address_with(rq->arena, address_conversation(rq->arena, id), "done",
                                            STR("saved")));
    return true;
}

/* ---- The whole site ------------------------------------------------------------------------- */

static struct str moved_text(struct request *rq, const struct site_switch *s)
{
    return s->changed_s ? i18n_fill(rq->arena, rq->words, T_CONTROL_MOVED, s->moderator_name,
                                    fill_time_text(rq, s->changed_s, I18N_DATE_TIME))
                        : STR_NONE;
}

bool site_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct site_controls c;
    const struct domain *d = rq->web->o.domain;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct site_page *p = ARENA_NEW(rq->arena, struct site_page);
    if (!site_controls_get(d, tx, &c, e) || !page_frame(rq, tx, T_CONTROL_SITE, f, e))
        return false;
    struct choice_option *modes = fill_modes(rq, c.new_mode.value);
    modes[MODES] = (struct choice_option){
        .value = arena_printf(rq->arena, "%d", MODE_OF_SETTINGS),
        .text = i18n_fill(rq->arena, rq->words, T_CONTROL_NEW_MODE_SETTINGS,
                          fill_mode_name(rq, settings_mode(d)), STR_NONE),
        .is_selected = c.new_mode.value == NEW_MODE_OF_SETTINGS,
    };
    *p = (struct site_page){
        .moderator = f->moderator,
        .notice = fill_outcome(rq),
        .token = gate_token(rq, CSRF_SESSION),
        .hold_action = STR("/mod/site/hold"),
        .is_held = c.holds_all.value != 0,
        .held_text = moved_text(rq, &c.holds_all),
        .mode_action = STR("/mod/site/mode"),
        .modes = modes,
        .n_modes = MODES + 1,
        .mode_text = moved_text(rq, &c.new_mode),
    };
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_SITE, p);
    return true;
}

bool site_hold_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!site_hold_set(rq->web->o.domain, tx, &rq->actor, FORM_OF(rq, site_hold_form)->on != 0, e))
        return false;
    reply_tag(&rq->reply, TAG_TALKS);
    reply_redirect(&rq->reply, STR("/mod/site?done=saved"));
    return true;
}

bool site_mode_post(struct request *rq, struct tx *tx, struct err *e)
{
    int64_t mode = FORM_OF(rq, site_mode_form)->mode;
    if (!site_new_mode_set(rq->web->o.domain, tx, &rq->actor,
                           mode == MODE_OF_SETTINGS ? NEW_MODE_OF_SETTINGS : mode, e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/site?done=saved"));
    return true;
}
