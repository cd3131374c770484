/*
 * Signing in with name and password, and out. What comes between: second_step.c, passkey.c.
 */
#include "web/handlers/sign_in.h"

#include "base/rand.h"
#include "domain/password.h"
#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

bool sign_in_show(struct request *rq, struct tx *tx, struct err *e)
{
    bool has_password = rq->form && rq->route->form == &form_spec_sign_in_form;
    const struct sign_in_form *form = has_password ? rq->form : NULL;
    const struct frame_want want = {
        .title = i18n_text(rq->words, T_SIGN_IN), .is_noindex = true, .has_passkey = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct sign_in_page *p = ARENA_NEW(rq->arena, struct sign_in_page);
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    *p = (struct sign_in_page){
        .action = STR("/mod/sign-in"),
        .token = gate_token(rq, CSRF_SIGN_IN),
        .name = form ? form->name : STR_NONE,
        .next = address_way_back(form ? form->next : rq->query.next),
    };
    struct passkey_view *passkey = fill_passkey(rq, CSRF_PASSKEY, "/mod/sign-in/passkey", p->next);
    p->passkey = passkey;
    if (rq->err.kind == ERR_INVALID && form)
        p->error = i18n_text(rq->words, T_SIGN_IN_WRONG);
    else if (rq->err.kind && !form && passkey)
        passkey->error = reply_error_text(rq);
    else if (rq->err.kind)
        p->error = reply_error_text(rq);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_SIGN_IN, p);
    return true;
}

struct str sign_in_token(struct request *rq)
{
    struct hash h = {0};
    rand_bytes(h.b, sizeof h.b);
    return hash_hex(rq->arena, h, 2 * HASH_BYTES);
}

bool sign_in_open(struct request *rq, struct tx *tx, const struct opening *o, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    if (rq->actor.access >= ACCESS_PENDING && !session_drop(d, tx, &rq->session, e))
        return false;
    return session_add(d, tx, o->moderator, hash_of(o->token), o->strength, e);
}

void sign_in_lead(struct request *rq, struct str token, enum strength strength, struct str next)
{
    struct str back = address_way_back(next);
    if (strength == STRENGTH_PENDING) {
        reply_cookie(rq, COOKIE_SESSION, token, SESSION_PENDING_S);
        reply_redirect(&rq->reply, address_with(rq->arena, STR("/mod/second-step"), "next", back));
        return;
    }
    reply_cookie(rq, COOKIE_SESSION, token, rq->web->o.settings->moderation_session_hours * 3600);
    reply_redirect(&rq->reply, back);
}

/* ---- Name and password ---------------------------------------------------------------------- */

struct sign_in {
    struct request *rq;
    struct moderator moderator;
    struct str hash;
    struct str token;
    enum strength strength;
};

static bool find_moderator(struct tx *tx, void *context, struct err *e)
{
    struct sign_in *s = context;
    const struct sign_in_form *form = s->rq->form;
    return moderator_password_get(s->rq->web->o.domain, tx, form->name, &s->moderator, &s->hash, e);
}

static bool open_session(struct tx *tx, void *context, struct err *e)
{
    struct sign_in *s = context;
    const struct domain *d = s->rq->web->o.domain;
    struct member member;
    if (!moderator_get(d, tx, s->moderator.id, &member, e))
        return false;
    /* Changed or shut out since it was compared: as if it had been so before. */
    if (member.disabled_s != 0 || !str_eq(member.password, s->hash))
        return err_set(e, ERR_INVALID, T_SIGN_IN_WRONG, "the password was changed meanwhile");
    s->strength = member_has_second_step(&member) ? STRENGTH_PENDING : STRENGTH_PASSWORD;
    const struct opening opening = {s->moderator.id, s->token, s->strength};
    return sign_in_open(s->rq, tx, &opening, e);
}

/* A wrong password on its way to the ledger; it owns its arena and lives there. */
struct failure {
    struct db_write write;
    struct arena *arena;
    const struct web *web;
    struct moderator_id who;
};

static bool failure_work(struct tx *tx, void *context, struct err *e)
{
    const struct failure *f = context;
    tx_changes(tx, NULL, 0);
    return moderator_failed(f->web->o.domain, tx, f->who, e);
}

static void failure_done(void *context, bool ok, const struct err *e)
{
    struct failure *f = context;
    struct arena *a = f->arena; /* f goes with it */
    if (!ok)
        log_err(f->web->o.log, "sign-in", e);
    arena_free(&a);
}

/*
 * Nobody waits for it: the answer to a wrong password must not take longer where the name is one
 * of the team's.
 */
static void note_failure(struct request *rq, struct moderator_id who)
{
    struct arena *a = arena_new(0);
    struct failure *f = ARENA_NEW(a, struct failure);
    struct err e;
    *f = (struct failure){.arena = a, .web = rq->web, .who = who};
    f->write =
        (struct db_write){.work = failure_work, .done = failure_done, .context = f, .arena = a};
    if (!db_write_later(rq->web->o.db, &f->write, &e))
        failure_done(f, false, &e);
}

/* On the thread for passwords: no transaction is open while the hash is computed. */
bool sign_in_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct sign_in_form *form = rq->form;
    struct sign_in s = {.rq = rq, .token = sign_in_token(rq)};
    if (!gate_count_name(rq, form->name, e) || !gate_read(rq, find_moderator, &s, e))
        return false;
    bool is_right = password_verify(form->password, s.hash);
    bool is_known = s.moderator.id.v != 0;
    if (!is_right && is_known)
        note_failure(rq, s.moderator.id);
    if (!is_right || !is_known)
        return err_set(e, ERR_INVALID, T_SIGN_IN_WRONG, "a wrong name or password");
    if (!gate_write(rq, open_session, &s, e))
        return false;
    sign_in_lead(rq, s.token, s.strength, form->next);
    return true;
}

bool sign_out_post(struct request *rq, struct tx *tx, struct err *e)
{
    if (!session_drop(rq->web->o.domain, tx, &rq->session, e))
        return false;
    reply_cookie(rq, COOKIE_SESSION, STR_NONE, -1);
    reply_redirect(&rq->reply, STR("/mod/sign-in"));
    return true;
}
