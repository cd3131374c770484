/*
 * Passkeys: signing in with one, and making one. The form's token is the challenge, so the gate has
 * seen to it that it is ours, of this purpose and (for a new one) of this session.
 */
#include "domain/passkeys.h"

#include "web/address.h"
#include "web/gate.h"
#include "web/handlers/account.h"
#include "web/handlers/sign_in.h"
#include "web/reply.h"

/* Errors  ERR_INVALID, ERR_CONFLICT (too old) */
static bool read_ask(struct request *rq, struct str token, struct webauthn_ask *ret_ask,
                     struct err *e)
{
    uint8_t *bytes = arena_take(rq->arena, WEBAUTHN_CHALLENGE_BYTES);
    *ret_ask = (struct webauthn_ask){.challenge = {(const char *)bytes, WEBAUTHN_CHALLENGE_BYTES}};
    if (!webauthn_party_of(rq->web->origin, &ret_ask->party) ||
        !str_to_bytes(token, bytes, WEBAUTHN_CHALLENGE_BYTES))
        return err_set(e, ERR_INVALID, T_PASSKEY_WRONG, "passkey: none for this origin");
    return passkey_is_fresh(rq->token.issued_s, rq->now_s, e);
}

/* Why a passkey was refused is for the log; people hear that it was. */
static bool refused(struct err *e)
{
    if (e->kind == ERR_INVALID || e->kind == ERR_MISSING) {
        e->kind = ERR_INVALID;
        e->say = T_PASSKEY_WRONG;
    }
    return false;
}

/* ---- Signing in ----------------------------------------------------------------------------- */

struct ceremony {
    struct request *rq;
    struct webauthn_ask ask;
    struct webauthn_said said;
    struct passkey_proof proof;
    struct str handle;
    struct passkey_owner owner;
    enum passkey_used used;
    struct str token;
};

static bool read_sign_in(struct ceremony *c, struct err *e)
{
    struct request *rq = c->rq;
    const struct passkey_form *form = rq->form;
    bool is_read = webauthn_bytes(rq->arena, form->key, &c->proof.id) &&
                   webauthn_bytes(rq->arena, form->user, &c->handle) &&
                   webauthn_bytes(rq->arena, form->client, &c->said.client_data) &&
                   webauthn_bytes(rq->arena, form->authenticator, &c->said.authenticator) &&
                   webauthn_bytes(rq->arena, form->signature, &c->said.signature);
    if (!is_read)
        return err_set(e, ERR_INVALID, T_PASSKEY_WRONG, "passkey: no base64url");
    c->proof.issued_s = rq->token.issued_s;
    return read_ask(rq, form->token, &c->ask, e);
}

static bool find_owner(struct tx *tx, void *context, struct err *e)
{
    struct ceremony *c = context;
    return passkey_find(c->rq->web->o.domain, tx, c->proof.id, c->handle, &c->owner, e);
}

/* A refusal must be stored as well, so the transaction is good either way. */
static bool use_and_open(struct tx *tx, void *context, struct err *e)
{
    struct ceremony *c = context;
    struct request *rq = c->rq;
    const struct domain *d = rq->web->o.domain;
    if (!passkey_use(d, tx, &c->proof, &c->used, e))
        return false;
    const struct opening opening = {c->owner.moderator.id, c->token, STRENGTH_PASSKEY};
    return c->used != PASSKEY_GOOD || sign_in_open(rq, tx, &opening, e);
}

bool passkey_sign_in_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct passkey_form *form = rq->form;
    struct ceremony c = {.rq = rq, .token = sign_in_token(rq)};
    if (!read_sign_in(&c, e))
        return false;
    if (!gate_read(rq, find_owner, &c, e))
        return refused(e);
    c.ask.public_key = c.owner.public_key;
    if (!webauthn_used(rq->arena, &c.ask, &c.said, &c.proof.uses, e))
        return refused(e);
    if (!gate_write(rq, use_and_open, &c, e))
        return false;
    if (c.used == PASSKEY_REPEATED)
        return err_set(e, ERR_CONFLICT, T_FORM_EXPIRED, "passkey: the challenge was used");
    if (c.used == PASSKEY_CLONED) {
        log_warning(rq->web->o.log, "passkey", "moderator=%lld count=went-back",
                    (long long)c.owner.moderator.id.v);
        return err_set(e, ERR_INVALID, T_PASSKEY_CLONED, "passkey: its count went back");
    }
    sign_in_lead(rq, c.token, STRENGTH_PASSKEY, form->next);
    return true;
}

/* ---- A new one ------------------------------------------------------------------------------ */

struct making {
    struct request *rq;
    struct webauthn_key key;
};

static bool add_and_show(struct tx *tx, void *context, struct err *e)
{
    struct making *m = context;
    struct request *rq = m->rq;
    const struct passkey_new_form *form = rq->form;
    return passkey_add(rq->web->o.domain, tx, &rq->session, &m->key, form->name, e) &&
           account_first_codes(rq, tx, "/mod/account?done=passkey", e);
}

bool passkey_add_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct passkey_new_form *form = rq->form;
    struct making m = {.rq = rq};
    struct webauthn_ask ask;
    struct webauthn_said said = {0};
    if (!webauthn_bytes(rq->arena, form->client, &said.client_data) ||
        !webauthn_bytes(rq->arena, form->authenticator, &said.authenticator))
        return err_set(e, ERR_INVALID, T_PASSKEY_WRONG, "passkey: no base64url");
    if (!read_ask(rq, form->token, &ask, e) || !account_password_prove(rq, form->password, e))
        return false;
    if (!webauthn_made(rq->arena, &ask, &said, &m.key, e))
        return refused(e);
    return gate_write(rq, add_and_show, &m, e);
}
