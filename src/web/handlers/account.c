/*
 * One's own account: password, language, second step, passkeys, recovery codes, sessions.
 */
#include "web/handlers/account.h"

#include "domain/password.h"
#include "domain/second_step.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"
#include "web/routing.h"

#define KEY_CHARS 32 /* of a hash, in addresses */
#define LANGUAGE_KEPT_S (365 * 86400)

/* ---- What is shown once --------------------------------------------------------------------- */

bool account_show_once(struct request *rq, struct tx *tx, const struct shown_once *once,
                       struct err *e)
{
    struct str title = i18n_fill(rq->arena, rq->words, once->title, once->title_argument, STR_NONE);
    const struct frame_want want = {.title = title, .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct shown_once_page *p = ARENA_NEW(rq->arena, struct shown_once_page);
    struct secret_row *rows = ARENA_ARRAY(rq->arena, struct secret_row, once->n_secrets);
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    for (size_t i = 0; i < once->n_secrets; i++)
        rows[i].text = once->secrets[i];
    *p = (struct shown_once_page){
        .moderator = f->moderator,
        .title = title,
        .text = i18n_text(rq->words, once->text),
        .secrets = rows,
        .n_secrets = once->n_secrets,
        .back_address = once->back_address,
        .back_text = i18n_text(rq->words, once->back),
    };
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_SHOWN_ONCE, p);
    return true;
}

bool account_new_codes(struct request *rq, struct tx *tx, struct err *e)
{
    struct str codes[RECOVERY_CODES];
    const struct shown_once once = {.title = T_CODES_NEW,
                                    .text = T_CODES_ABOUT,
                                    .secrets = codes,
                                    .n_secrets = RECOVERY_CODES,
                                    .back_address = STR("/mod/account"),
                                    .back = T_CODES_KEPT};
    return recovery_codes_make(rq->web->o.domain, tx, rq->actor.moderator.id, codes, e) &&
           account_show_once(rq, tx, &once, e);
}

bool account_first_codes(struct request *rq, struct tx *tx, const char *address, struct err *e)
{
    struct member member;
    if (!moderator_get(rq->web->o.domain, tx, rq->actor.moderator.id, &member, e))
        return false;
    if (member.codes == 0)
        return account_new_codes(rq, tx, e);
    reply_redirect(&rq->reply, str_of(address));
    return true;
}

/* ---- The page ------------------------------------------------------------------------------- */

static struct str key_of(struct request *rq, struct str id)
{
    return hash_hex(rq->arena, hash_of(id), KEY_CHARS);
}

static struct str session_key(struct request *rq, struct hash hash)
{
    return key_of(rq, (struct str){(const char *)hash.b, sizeof hash.b});
}

static struct str about_passkey(struct request *rq, const struct passkey *k)
{
    struct str added = fill_time_text(rq, k->created_s, I18N_DATE);
    if (k->used_s == 0)
        return i18n_fill(rq->arena, rq->words, T_PASSKEY_UNUSED, added, STR_NONE);
    return i18n_fill(rq->arena, rq->words, T_PASSKEY_ABOUT, added,
                     fill_time_text(rq, k->used_s, I18N_DATE_TIME));
}

static bool fill_passkeys(struct request *rq, struct tx *tx, struct account_page *p,
                          struct passkey_view *fresh, struct err *e)
{
    struct passkey *passkeys;
    size_t n;
    if (!passkey_list(rq->web->o.domain, tx, rq->actor.moderator.id, &passkeys, &n, e))
        return false;
    struct passkey_row *rows = ARENA_ARRAY(rq->arena, struct passkey_row, n);
    struct buf known = buf_in(rq->arena, PASSKEYS_MAX * 2 * WEBAUTHN_ID_BYTES);
    bool is_kept = rq->err.kind && rq->route->form == &form_spec_passkey_remove_form;
    for (size_t i = 0; i < n; i++) {
        struct str key = key_of(rq, passkeys[i].id);
        struct str base = arena_printf(rq->arena, "/mod/account/passkeys/" STR_FMT, STR_ARG(key));
        rows[i] = (struct passkey_row){
            .key = key,
            .name = passkeys[i].name,
            .about = about_passkey(rq, &passkeys[i]),
            .name_action = arena_printf(rq->arena, STR_FMT "/name", STR_ARG(base)),
            .remove_action = arena_printf(rq->arena, STR_FMT "/remove", STR_ARG(base)),
        };
        if (is_kept && str_eq(key, rq->args[0]))
            rows[i].remove_error = fill_form_error(rq);
        buf_put(&known, i ? STR(" ") : STR_NONE);
        buf_put(&known, webauthn_text(rq->arena, passkeys[i].id));
    }
    p->passkeys = rows;
    p->n_passkeys = n;
    p->passkey = fresh;
    if (fresh)
        fresh->known = buf_str(&known);
    return true;
}

static struct str about_session(struct request *rq, const struct session *s)
{
    static const enum message by[] = {
        [STRENGTH_PENDING] = T_SESSION_BY_PASSWORD,
        [STRENGTH_PASSWORD] = T_SESSION_BY_PASSWORD,
        [STRENGTH_CODE] = T_SESSION_BY_CODE,
        [STRENGTH_PASSKEY] = T_SESSION_BY_PASSKEY,
    };
    return i18n_fill(rq->arena, rq->words, by[s->strength],
                     fill_time_text(rq, s->used_s, I18N_DATE_TIME), STR_NONE);
}

static bool fill_sessions(struct request *rq, struct tx *tx, struct account_page *p, struct err *e)
{
    struct session *sessions;
    size_t n;
    if (!session_list(rq->web->o.domain, tx, rq->actor.moderator.id, &sessions, &n, e))
        return false;
    struct session_row *rows = ARENA_ARRAY(rq->arena, struct session_row, n);
    for (size_t i = 0; i < n; i++) {
        const struct session *s = &sessions[i];
        struct str key = session_key(rq, s->hash);
        rows[i] = (struct session_row){
            .created = fill_time(rq, s->created_s),
            .created_text = fill_time_text(rq, s->created_s, I18N_DATE_TIME),
            .about = about_session(rq, s),
            .is_this = hash_eq(s->hash, rq->session.hash),
        };
        if (!rows[i].is_this)
            rows[i].end_action =
                arena_printf(rq->arena, "/mod/account/sessions/" STR_FMT "/end", STR_ARG(key));
    }
    p->sessions = rows;
    p->n_sessions = n;
    if (n > 1)
        p->end_others_action = STR("/mod/account/sessions/end-others");
    return true;
}

/* Which of the three that a password is changed with was refused; FIELDS_password_form: none. */
static size_t password_field(const struct request *rq)
{
    if (rq->err.say == T_PASSWORD_WRONG)
        return FIELD_password_form_current;
    if (rq->err.say == T_PASSWORD_DIFFERENT)
        return FIELD_password_form_again;
    for (size_t i = 0; rq->err.say == 0 && i < FIELDS_password_form; i++)
        if (rq->faults.field[i] != T_NONE)
            return i;
    return FIELDS_password_form;
}

static void fill_password_error(struct request *rq, struct account_page *p, struct fault_list *all)
{
    struct str text = fill_form_error(rq), at = STR_NONE;
    size_t field = password_field(rq);
    if (field == FIELD_password_form_current) {
        p->current_error = text;
        at = STR("f-current");
    } else if (field == FIELD_password_form_fresh) {
        p->fresh_error = text;
        at = STR("f-fresh");
    } else if (field == FIELD_password_form_again) {
        p->again_error = text;
        at = STR("f-again");
    }
    fill_fault(rq, all, at, text);
}

/* What is said at the field is said above the page as well, which opens there. */
static void fill_faults(struct request *rq, struct account_page *p,
                        const struct passkey_view *fresh, struct fault_list *all)
{
    fill_fault(rq, all, STR("f-off"), p->totp_error);
    fill_fault(rq, all, STR("f-off-password"), p->totp_password_error);
    fill_fault(rq, all, STR("f-codes"), p->codes_error);
    fill_fault(rq, all, STR_NONE, p->passkey_error);
    if (fresh)
        fill_fault(rq, all, STR("f-key-password"), fresh->password_error);
    for (size_t i = 0; i < p->n_passkeys; i++)
        fill_fault(rq, all, arena_printf(rq->arena, "p" STR_FMT, STR_ARG(p->passkeys[i].key)),
                   p->passkeys[i].remove_error);
    p->faults = all->items;
    p->n_faults = all->n;
}

/* What was refused is said where it was typed. */
static void fill_errors(struct request *rq, struct account_page *p, struct passkey_view *fresh)
{
    const struct form_spec *form = rq->route->form;
    struct fault_list all = {0};
    if (!rq->err.kind)
        return;
    if (form == &form_spec_password_form) {
        fill_password_error(rq, p, &all);
    } else if (form == &form_spec_totp_off_form) {
        struct proof_error error = fill_proof_error(rq, FIELD_totp_off_form_password);
        p->totp_error = error.other;
        p->totp_password_error = error.password;
    } else if (form == &form_spec_codes_form && p->codes_action.n) {
        p->codes_error = fill_form_error(rq);
    } else if (form == &form_spec_passkey_new_form && fresh) {
        struct proof_error error = fill_proof_error(rq, FIELD_passkey_new_form_password);
        fresh->error = error.other;
        fresh->password_error = error.password;
        fresh->name = FORM_OF(rq, passkey_new_form)->name;
    } else if (form != &form_spec_passkey_remove_form) { /* that one: fill_passkeys */
        p->passkey_error = fill_form_error(rq);
    }
    fill_faults(rq, p, fresh, &all);
}

static struct notice_view *must_set_up(struct request *rq)
{
    struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
    *notice = (struct notice_view){.text = i18n_text(rq->words, T_SECOND_STEP_MUST),
                                   .detail = i18n_text(rq->words, T_SECOND_STEP_MUST_DETAIL),
                                   .is_problem = true};
    return notice;
}

static void fill_second_step(struct request *rq, const struct member *m, struct account_page *p)
{
    p->totp_text = i18n_text(rq->words, m->has_totp ? T_TOTP_ON : T_TOTP_OFF);
    if (m->has_totp)
        p->totp_off_action = STR("/mod/account/totp/off");
    else
        p->totp_address = STR("/mod/account/totp");
    if (!member_has_second_step(m))
        return;
    p->codes_text = i18n_count(rq->arena, rq->words, T_CODES_LEFT, m->codes);
    p->codes_action = STR("/mod/account/codes");
}

bool account_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {
        .title = i18n_text(rq->words, T_ACCOUNT), .is_noindex = true, .has_passkey = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct account_page *p = ARENA_NEW(rq->arena, struct account_page);
    struct passkey_view *fresh =
        fill_passkey(rq, CSRF_PASSKEY_NEW, "/mod/account/passkeys", STR_NONE);
    struct member member;
    if (!moderator_get(rq->web->o.domain, tx, rq->actor.moderator.id, &member, e) ||
        !frame_fill(rq, tx, &want, f, e) || !fill_passkeys(rq, tx, p, fresh, e) ||
        !fill_sessions(rq, tx, p, e))
        return false;
    p->moderator = f->moderator;
    p->token = gate_token(rq, CSRF_SESSION);
    p->password_action = STR("/mod/account/password");
    p->notice = rq->actor.access < ACCESS_MODERATOR ? must_set_up(rq) : fill_done_notice(rq);
    fill_second_step(rq, &member, p);
    fill_errors(rq, p, fresh);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_ACCOUNT, p);
    return true;
}

/* ---- Password ------------------------------------------------------------------------------- */

struct change {
    struct request *rq;
    struct str hash;
};

static bool read_password(struct tx *tx, void *context, struct err *e)
{
    struct change *c = context;
    struct member member;
    if (!moderator_get(c->rq->web->o.domain, tx, c->rq->actor.moderator.id, &member, e))
        return false;
    c->hash = member.password;
    return true;
}

static bool note_wrong(struct tx *tx, void *context, struct err *e)
{
    const struct request *rq = context;
    return moderator_failed(rq->web->o.domain, tx, rq->actor.moderator.id, e);
}

bool account_password_prove(struct request *rq, struct str typed, struct err *e)
{
    struct change c = {.rq = rq};
    if (!gate_read(rq, read_password, &c, e) || !gate_count_name(rq, rq->actor.moderator.name, e))
        return false;
    if (password_verify(typed, c.hash))
        return true;
    return gate_write(rq, note_wrong, rq, e) &&
           err_set(e, ERR_INVALID, T_PASSWORD_WRONG, "not the current password");
}

struct proved {
    struct request *rq;
    route_handler *then;
};

/* A password changed since it was compared has ended this session, unless it was changed in it. */
static bool proved_work(struct tx *tx, void *context, struct err *e)
{
    const struct proved *p = context;
    p->rq->reply = (struct reply){0}; /* it may be run a second time */
    return p->then(p->rq, tx, e);
}

bool account_write_proved(struct request *rq, struct str typed, route_handler *then, struct err *e)
{
    struct proved p = {rq, then};
    return account_password_prove(rq, typed, e) && gate_write(rq, proved_work, &p, e);
}

static bool change_password(struct tx *tx, void *context, struct err *e)
{
    const struct change *c = context;
    const struct request *rq = c->rq;
    struct moderator_id m = rq->actor.moderator.id;
    const struct password_change change = {m, c->hash, &rq->session.hash};
    return moderator_set_password(rq->web->o.domain, tx, m, &change, e);
}

bool account_password_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct password_form *form = rq->form;
    struct change c = {.rq = rq};
    if (!str_eq(form->fresh, form->again))
        return err_set(e, ERR_INVALID, T_PASSWORD_DIFFERENT, "two different passwords");
    if (!account_password_prove(rq, form->current, e) ||
        !password_hash(rq->arena, form->fresh, &c.hash, e) ||
        !gate_write(rq, change_password, &c, e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/account?done=password"));
    return true;
}

/* ---- The console's language ----------------------------------------------------------------- */

bool language_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct language_form *form = rq->form;
    struct str lang = routing_language(rq->web, form->lang);
    if (lang.n == 0)
        return err_set(e, ERR_INVALID, 0, "a language that the site does not have");
    reply_cookie(rq, COOKIE_LANGUAGE, lang, LANGUAGE_KEPT_S);
    reply_redirect(&rq->reply, address_way_back(form->next));
    return true;
}

/* ---- Passkeys that are there ---------------------------------------------------------------- */

static bool find_passkey(struct request *rq, struct tx *tx, struct str *ret_id, struct err *e)
{
    struct passkey *passkeys;
    size_t n;
    if (!passkey_list(rq->web->o.domain, tx, rq->actor.moderator.id, &passkeys, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(key_of(rq, passkeys[i].id), rq->args[0]))
            continue;
        *ret_id = passkeys[i].id;
        return true;
    }
    return err_set(e, ERR_MISSING, 0, "no such passkey");
}

bool passkey_name_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct passkey_name_form *form = rq->form;
    struct str id = STR_NONE;
    reply_redirect(&rq->reply, STR("/mod/account?done=passkey-name"));
    return find_passkey(rq, tx, &id, e) &&
           passkey_set_name(rq->web->o.domain, tx, rq->actor.moderator.id, id, form->name, e);
}

static bool remove_passkey(struct request *rq, struct tx *tx, struct err *e)
{
    struct str id = STR_NONE;
    reply_redirect(&rq->reply, STR("/mod/account?done=removed"));
    return find_passkey(rq, tx, &id, e) &&
           passkey_drop(rq->web->o.domain, tx, rq->actor.moderator.id, id, e);
}

bool passkey_remove_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct passkey_remove_form *form = rq->form;
    return account_write_proved(rq, form->password, remove_passkey, e);
}

/* ---- Sessions ------------------------------------------------------------------------------- */

bool session_end_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct moderator_id m = rq->actor.moderator.id;
    struct session *sessions;
    size_t n;
    if (!session_list(d, tx, m, &sessions, &n, e))
        return false;
    reply_redirect(&rq->reply, STR("/mod/account?done=session"));
    for (size_t i = 0; i < n; i++)
        if (str_eq(session_key(rq, sessions[i].hash), rq->args[0]))
            return session_end(d, tx, m, sessions[i].hash, e);
    return err_set(e, ERR_MISSING, 0, "no such session");
}

bool session_end_others_post(struct request *rq, struct tx *tx, struct err *e)
{
    reply_redirect(&rq->reply, STR("/mod/account?done=session"));
    return session_end_others(rq->web->o.domain, tx, rq->actor.moderator.id, rq->session.hash, e);
}
