/*
 * The second step of signing in, and switching codes on and off.
 */
#include "domain/second_step.h"

#include "view/qr.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/handlers/account.h"
#include "web/handlers/sign_in.h"
#include "web/reply.h"

/* ---- The second step ------------------------------------------------------------------------ */

bool second_step_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct second_step_form *form = rq->form;
    const struct frame_want want = {
        .title = i18n_text(rq->words, T_SECOND_STEP), .is_noindex = true, .has_passkey = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct second_step_page *p = ARENA_NEW(rq->arena, struct second_step_page);
    struct member member;
    if (!moderator_get(rq->web->o.domain, tx, rq->actor.moderator.id, &member, e) ||
        !frame_fill(rq, tx, &want, f, e))
        return false;
    *p = (struct second_step_page){
        .action = STR("/mod/second-step"),
        .token = gate_token(rq, CSRF_SESSION),
        .next = address_way_back(form ? form->next : rq->query.next),
        .hint = i18n_text(rq->words, member.has_totp ? T_CODE_HINT : T_CODE_HINT_RECOVERY),
        .sign_out_action = STR("/mod/sign-out"),
    };
    if (member.passkeys > 0)
        p->passkey = fill_passkey(rq, CSRF_PASSKEY, "/mod/sign-in/passkey", p->next);
    if (rq->err.kind)
        p->error = fill_form_error(rq);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_SECOND_STEP, p);
    return true;
}

static void say_refused(struct request *rq, int64_t wait_s)
{
    rq->reply.status = wait_s > 0 ? 429 : 422;
    rq->retry_s = wait_s;
    rq->err.kind = wait_s > 0 ? ERR_TOO_MANY : ERR_INVALID;
    rq->err.say = wait_s > 0 ? T_CODE_TOO_MANY : T_CODE_WRONG;
}

/*
 * A code that was not taken is counted, so the transaction must be good; the page says what was
 * wrong nevertheless. After too many the sign-in begins anew.
 */
static bool refuse(struct request *rq, struct tx *tx, int64_t wait_s, struct err *e)
{
    say_refused(rq, wait_s);
    if (wait_s == 0)
        return second_step_show(rq, tx, e);
    reply_cookie(rq, COOKIE_SESSION, STR_NONE, -1);
    rq->form = NULL;
    return session_drop(rq->web->o.domain, tx, &rq->session, e) && sign_in_show(rq, tx, e);
}

bool second_step_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct second_step_form *form = rq->form;
    struct moderator_id m = rq->actor.moderator.id;
    struct str token = sign_in_token(rq), next = form->next;
    struct code_answer answer;
    if (rq->session.strength != STRENGTH_PENDING) {
        reply_redirect(&rq->reply, address_way_back(next));
        return true;
    }
    if (!code_take(d, tx, m, form->code, &answer, e))
        return false;
    if (answer.taken != CODE_GOOD)
        return refuse(rq, tx, answer.wait_s, e);
    /* The pending session's token has seen no second proof: it is never made stronger. */
    const struct opening opening = {m, token, STRENGTH_CODE};
    if (!sign_in_open(rq, tx, &opening, e))
        return false;
    sign_in_lead(rq, token, STRENGTH_CODE, next);
    return true;
}

/* ---- Codes on and off ----------------------------------------------------------------------- */

bool totp_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct totp_form *form = rq->form;
    const struct frame_want want = {.title = i18n_text(rq->words, T_TOTP_SET_UP),
                                    .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct totp_page *p = ARENA_NEW(rq->arena, struct totp_page);
    struct view_qr qr;
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    /* After a wrong code the secret stays: the app may have it already. */
    bool is_same = form && rq->err.kind == ERR_INVALID;
    struct str token = is_same ? form->token : gate_token(rq, CSRF_SESSION);
    struct totp_secret secret = totp_secret_of(d, rq->actor.moderator.id, token);
    *p = (struct totp_page){
        .moderator = f->moderator,
        .back_address = STR("/mod/account"),
        .action = STR("/mod/account/totp"),
        .token = token,
        .secret = totp_text(rq->arena, &secret),
        .address = totp_address(rq->arena, &secret, d->site.name, rq->actor.moderator.name),
    };
    if (view_qr(rq->arena, p->address, &qr)) { /* else the letters must do */
        p->qr_box = qr.box;
        p->qr_path = qr.path;
    }
    if (rq->err.kind) {
        struct proof_error error = fill_proof_error(rq, FIELD_totp_form_password);
        p->error = error.other;
        p->password_error = error.password;
        struct fault_list all = {0};
        fill_fault(rq, &all, STR("f-code"), p->error);
        fill_fault(rq, &all, STR("f-password"), p->password_error);
        p->faults = all.items;
        p->n_faults = all.n;
    }
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_TOTP, p);
    return true;
}

static bool turn_on(struct request *rq, struct tx *tx, struct err *e)
{
    const struct totp_form *form = rq->form;
    return totp_turn_on(rq->web->o.domain, tx, &rq->session, form->token, form->code, e) &&
           account_first_codes(rq, tx, "/mod/account", e);
}

bool totp_on_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct totp_form *form = rq->form;
    return account_write_proved(rq, form->password, turn_on, e);
}

/* A code that was not taken is counted, see refuse. */
static bool turn_off(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct totp_off_form *form = rq->form;
    struct moderator_id m = rq->actor.moderator.id;
    struct code_answer answer;
    if (!code_take(d, tx, m, form->code, &answer, e))
        return false;
    if (answer.taken == CODE_GOOD) {
        reply_redirect(&rq->reply, STR("/mod/account?done=totp-off"));
        return totp_turn_off(d, tx, m, e);
    }
    say_refused(rq, answer.wait_s);
    return account_show(rq, tx, e);
}

bool totp_off_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct totp_off_form *form = rq->form;
    return account_write_proved(rq, form->password, turn_off, e);
}

static bool make_codes(struct request *rq, struct tx *tx, struct err *e)
{
    struct member member;
    if (!moderator_get(rq->web->o.domain, tx, rq->actor.moderator.id, &member, e))
        return false;
    if (!member_has_second_step(&member))
        return err_set(e, ERR_CONFLICT, 0, "recovery codes without a second step");
    return account_new_codes(rq, tx, e);
}

bool codes_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct codes_form *form = rq->form;
    return account_write_proved(rq, form->password, make_codes, e);
}
