/* Signing in, one's own account, the team. */
#include "base/rand.h"
#include "domain/passkeys.h"
#include "domain/second_step.h"
#include "tests/unit/web/fault_cases.h"

static void prepare_sign_in(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "name=Raushan+Ospan&password=a+long+enough+password&next=/mod";
}

static void prepare_sign_out(struct round *round, struct ask *ask)
{
    ask->cookies.session = newsroom_session(round->n, round->a);
    ask->form = "a=b";
}

/* Of nobody: a wrong password of one of the team is told to the ledger, some time later. */
static void refuse_sign_in(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "name=Nobody&password=a+wrong+password";
}

#define PROOF "password=a+long+enough+password"
#define SEED_TOKEN "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed"

CALL(add_member_call, struct moderator who; struct str hash;
     , moderator_add(d, tx, (struct moderator_id){0}, &c->who, c->hash, e))
CALL(add_session_call, struct moderator_id m; struct hash hash; enum strength strength;
     , session_add(d, tx, c->m, c->hash, c->strength, e))
CALL(totp_call, struct session s; struct str code;
     , totp_turn_on(d, tx, &c->s, STR(SEED_TOKEN), c->code, e))
CALL(add_passkey_call, struct session s; struct webauthn_key key;
     , passkey_add(d, tx, &c->s, &c->key, STR("Phone"), e))

/* Somebody new of the team, as strong as an attempt needs them. */
struct member_case {
    struct moderator_id id;
    struct session session;
    struct str token;
};

static struct str member_session(struct round *round, struct moderator_id id,
                                 enum strength strength)
{
    struct room *r = &round->n->r;
    struct hash h;
    rand_bytes(h.b, sizeof h.b);
    struct str token = hash_hex(round->a, h, 2 * HASH_BYTES);
    struct add_session_call c = {.r = r, .m = id, .hash = hash_of(token), .strength = strength};
    room_must_write(r, add_session_call_work, &c);
    return token;
}

static struct member_case member_new(struct round *round, enum role role)
{
    struct room *r = &round->n->r;
    struct hash h;
    rand_bytes(h.b, sizeof h.b);
    struct add_member_call add = {.r = r, .hash = newsroom_password_hash(round->n)};
    add.who = (struct moderator){.name = hash_hex(round->a, h, 20), .role = role};
    room_must_write(r, add_member_call_work, &add);
    struct str token = member_session(round, add.who.id, STRENGTH_PASSWORD);
    return (struct member_case){.id = add.who.id,
                                .token = token,
                                .session = {.hash = hash_of(token),
                                            .moderator = {.id = add.who.id},
                                            .strength = STRENGTH_PASSWORD}};
}

/* The code of an app so many steps from now. */
static struct str code_of(struct round *round, struct moderator_id m, int64_t steps)
{
    struct totp_secret secret = totp_secret_of(&round->n->r.d, m, STR(SEED_TOKEN));
    char *code = arena_take(round->a, TOTP_DIGITS + 1);
    totp_code(&secret, round->n->r.clock.now_s / TOTP_STEP_S + steps, code);
    return str_of(code);
}

static void member_codes(struct round *round, const struct member_case *m)
{
    struct totp_call on = {.r = &round->n->r, .s = m->session, .code = code_of(round, m->id, -1)};
    room_must_write(&round->n->r, totp_call_work, &on);
}

static void prepare_language(struct round *round, struct ask *ask)
{
    ask->cookies.session = newsroom_session(round->n, round->a);
    ask->form = "lang=en&next=/mod/team";
}

static void prepare_password(struct round *round, struct ask *ask)
{
    ask->cookies.session = member_new(round, ROLE_MODERATOR).token;
    ask->form = "current=a+long+enough+password&fresh=0123456789&again=0123456789";
}

static void prepare_second_step_show(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    ask->cookies.session = member_session(round, m.id, STRENGTH_PENDING);
}

static void prepare_second_step(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    member_codes(round, &m);
    ask->cookies.session = member_session(round, m.id, STRENGTH_PENDING);
    ask->form = arena_printf(round->a, "code=%s&next=/mod", code_of(round, m.id, 0).p).p;
}

/* A wrong code is counted, so it stores something. */
static void prepare_wrong_code(struct round *round, struct ask *ask)
{
    prepare_second_step(round, ask);
    ask->form = "code=000000";
}

/* The secret is made from the form's token, which the form's maker knows. */
static void prepare_totp_on(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    ask->cookies.session = m.token;
    ask->token = newsroom_token(round->n, round->a, ask);
    struct totp_secret secret = totp_secret_of(&round->n->r.d, m.id, ask->token);
    char code[TOTP_DIGITS + 1];
    totp_code(&secret, round->n->r.clock.now_s / TOTP_STEP_S, code);
    ask->form = arena_printf(round->a, "code=%s&" PROOF, code).p;
}

static void prepare_totp_off(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    member_codes(round, &m);
    ask->cookies.session = m.token;
    ask->form = arena_printf(round->a, "code=%s&" PROOF, code_of(round, m.id, 0).p).p;
}

static void prepare_codes(struct round *round, struct ask *ask)
{
    prepare_totp_off(round, ask);
    ask->form = PROOF;
}

static struct str key_of(struct round *round, struct str id)
{
    return hash_hex(round->a, hash_of(id), 32);
}

static void prepare_passkey(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    struct str id = arena_copy(round->a, m.token);
    struct add_passkey_call add = {
        .r = &round->n->r, .s = m.session, .key = {id, str_head(m.token, WEBAUTHN_KEY_BYTES), 0}};
    room_must_write(&round->n->r, add_passkey_call_work, &add);
    ask->cookies.session = m.token;
    ask->path =
        arena_printf(round->a, "/mod/account/passkeys/%s%s", key_of(round, id).p, ask->path).p;
    ask->form = "name=Drawer&" PROOF;
}

/* What makes and uses a passkey needs an authenticator: tests/api/http/passkeys.test.mjs. */
static void refuse_passkey(struct round *round, struct ask *ask)
{
    ask->cookies.session = member_new(round, ROLE_MODERATOR).token;
    ask->form = "name=Phone&password=x";
}

static void refuse_passkey_sign_in(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "key=AAAA";
}

static void prepare_session_end(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    struct hash other = hash_of(member_session(round, m.id, STRENGTH_CODE));
    struct str key = key_of(round, (struct str){(const char *)other.b, sizeof other.b});
    ask->cookies.session = m.token;
    ask->path = arena_printf(round->a, "/mod/account/sessions/%s/end", key.p).p;
    ask->form = "a=b";
}

static void prepare_end_others(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    (void)member_session(round, m.id, STRENGTH_CODE);
    ask->cookies.session = m.token;
    ask->form = "a=b";
}

static void prepare_team_add(struct round *round, struct ask *ask)
{
    ask->form = arena_printf(round->a, "name=Member+%u&role=2", round->n->n_networks).p;
}

static void prepare_member_show(struct round *round, struct ask *ask)
{
    ask->path = arena_printf(round->a, "/mod/team/%lld", (long long)round->n->moderator.v).p;
}

static void prepare_member(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    ask->path = arena_printf(round->a, "/mod/team/%lld%s", (long long)m.id.v, ask->path).p;
    ask->form = "role=3";
}

CALL(shut_call, struct moderator_id id;
     , moderator_set_disabled(d, tx, (struct moderator_id){0}, c->id, true, e))

static void prepare_enable(struct round *round, struct ask *ask)
{
    struct member_case m = member_new(round, ROLE_MODERATOR);
    struct shut_call shut = {&round->n->r, m.id};
    room_must_write(&round->n->r, shut_call_work, &shut);
    ask->path = arena_printf(round->a, "/mod/team/%lld/enable", (long long)m.id.v).p;
    ask->form = "a=b";
}

/* ---- The rows ------------------------------------------------------------------------------- */

static const struct route_case rows[] = {
    {"sign_in_show", "/mod/sign-in", 200, GUEST, NULL, false},
    {"sign_in_post", "/mod/sign-in", 303, GUEST, prepare_sign_in, false},
    {"sign_out_post", "/mod/sign-out", 303, MODERATOR, prepare_sign_out, false},
    {"passkey_sign_in_post", "/mod/sign-in/passkey", 422, GUEST, refuse_passkey_sign_in, true},
    {"second_step_show", "/mod/second-step", 200, GUEST, prepare_second_step_show, false},
    {"second_step_post", "/mod/second-step", 303, GUEST, prepare_second_step, false},
    {"second_step_post", "/mod/second-step", 422, GUEST, prepare_wrong_code, false},
    {"account_show", "/mod/account", 200, MODERATOR, NULL, false},
    {"language_post", "/mod/account/language", 303, MODERATOR, prepare_language, false},
    {"account_password_post", "/mod/account/password", 303, GUEST, prepare_password, false},
    {"totp_show", "/mod/account/totp", 200, MODERATOR, NULL, false},
    {"totp_on_post", "/mod/account/totp", 200, GUEST, prepare_totp_on, false},
    {"totp_off_post", "/mod/account/totp/off", 303, GUEST, prepare_totp_off, false},
    {"codes_post", "/mod/account/codes", 200, GUEST, prepare_codes, false},
    {"passkey_add_post", "/mod/account/passkeys", 422, GUEST, refuse_passkey, true},
    {"passkey_name_post", "/name", 303, GUEST, prepare_passkey, false},
    {"passkey_remove_post", "/remove", 303, GUEST, prepare_passkey, false},
    {"session_end_post", NULL, 303, GUEST, prepare_session_end, false},
    {"session_end_others_post", "/mod/account/sessions/end-others", 303, GUEST, prepare_end_others,
     false},
    {"team_show", "/mod/team", 200, MODERATOR, NULL, false},
    {"team_add_post", "/mod/team", 200, MODERATOR, prepare_team_add, false},
    {"member_show", NULL, 200, MODERATOR, prepare_member_show, false},
    {"member_role_post", "/role", 303, MODERATOR, prepare_member, false},
    {"member_password_post", "/password", 200, MODERATOR, prepare_member, false},
    {"member_reset_post", "/reset", 303, MODERATOR, prepare_member, false},
    {"member_disable_post", "/disable", 303, MODERATOR, prepare_member, false},
    {"member_enable_post", NULL, 303, MODERATOR, prepare_enable, false},
    {"sign_in_post", "/mod/sign-in", 422, GUEST, refuse_sign_in, true},
};

const struct case_list team_rows = {"team", rows, ARRAY_LEN(rows), 17, 0};
