#include "domain/second_step.h"

#include "domain/passkeys.h"
#include "tests/unit/domain/told.h"

#define SEED STR("the text of a form's token")
#define TOKEN 7 /* of the session that everything is done in */

CALL(add_call, struct moderator who;
     , moderator_add(d, tx, (struct moderator_id){0}, &c->who, STR("no hash"), e))
CALL(session_call, struct moderator_id m; uint8_t token; enum strength strength;
     , session_add(d, tx, c->m, (struct hash){{c->token}}, c->strength, e))
CALL(on_call, struct session s; char code[TOTP_DIGITS + 1];
     , totp_turn_on(d, tx, &c->s, SEED, str_of(c->code), e))
CALL(off_call, struct moderator_id m;, totp_turn_off(d, tx, c->m, e))
CALL(take_call, struct moderator_id m; struct str typed; struct code_answer answer;
     , code_take(d, tx, c->m, c->typed, &c->answer, e))
CALL(codes_call, struct moderator_id m; struct str codes[RECOVERY_CODES];
     , recovery_codes_make(d, tx, c->m, c->codes, e))
CALL(get_call, struct moderator_id id; struct member member;
     , moderator_get(d, tx, c->id, &c->member, e))
CALL(passkey_call, struct session s; struct webauthn_key key; const char *name;
     , passkey_add(d, tx, &c->s, &c->key, str_of(c->name), e))
CALL(use_call, struct passkey_proof proof; enum passkey_used used;
     , passkey_use(d, tx, &c->proof, &c->used, e))
CALL(name_call, struct moderator_id m; struct str id; const char *name;
     , passkey_set_name(d, tx, c->m, c->id, str_of(c->name), e))
CALL(drop_call, struct moderator_id m; struct str id;, passkey_drop(d, tx, c->m, c->id, e))
CALL(keys_call, struct moderator_id m; struct passkey * keys; size_t n;
     , passkey_list(d, tx, c->m, &c->keys, &c->n, e))
CALL(find_call, struct str id; struct str handle; struct passkey_owner owner;
     , passkey_find(d, tx, c->id, c->handle, &c->owner, e))

struct account {
    struct room r;
    struct moderator_id m;
    struct session s;
};

static void account_open(struct account *x)
{
    room_open(&x->r, MODE_OPEN);
    struct add_call add = {.r = &x->r, .who = {.name = STR("Dana"), .role = ROLE_MODERATOR}};
    room_must_write(&x->r, add_call_work, &add);
    x->m = add.who.id;
    struct session_call s = {&x->r, x->m, TOKEN, STRENGTH_PASSWORD};
    room_must_write(&x->r, session_call_work, &s);
    x->s = (struct session){
        .hash = {{TOKEN}}, .moderator = {.id = x->m}, .strength = STRENGTH_PASSWORD};
}

static struct member member(struct account *x)
{
    struct get_call c = {.r = &x->r, .id = x->m};
    room_must_read(&x->r, get_call_work, &c);
    return c.member;
}

static bool session_work(struct tx *tx, void *context, struct err *e)
{
    struct account *x = context;
    bool found;
    return session_find(&x->r.d, tx, x->s.hash, &x->s, &found, e) &&
           (found || err_set(e, ERR_MISSING, 0, "no session"));
}

/* The code that the app shows, so many steps from now. */
static void shown(struct account *x, int64_t steps, char ret_code[static TOTP_DIGITS + 1])
{
    struct totp_secret secret = totp_secret_of(&x->r.d, x->m, SEED);
    totp_code(&secret, x->r.clock.now_s / TOTP_STEP_S + steps, ret_code);
}

static void turn_on(struct account *x)
{
    struct on_call on = {.r = &x->r, .s = x->s};
    shown(x, 0, on.code);
    room_must_write(&x->r, on_call_work, &on);
    x->r.clock.now_s += TOTP_STEP_S;
}

static struct code_answer take(struct account *x, struct str typed)
{
    struct take_call c = {.r = &x->r, .m = x->m, .typed = typed};
    room_must_write(&x->r, take_call_work, &c);
    return c.answer;
}

static void codes_are_switched_on_by_a_code(void **state)
{
    (void)state;
    static struct account x;
    struct err e;
    account_open(&x);
    struct session_call other = {&x.r, x.m, 8, STRENGTH_PASSWORD};
    room_must_write(&x.r, session_call_work, &other);
    struct on_call on = {.r = &x.r, .s = x.s, .code = "000000"};
    assert_false(room_write(&x.r, on_call_work, &on, &e));
    assert_int_equal(e.say, T_CODE_WRONG);
    assert_false(member(&x).has_totp);
    turn_on(&x);
    assert_true(member(&x).has_totp);
    /* This session proved it; what was opened by the password alone ended. */
    room_must_read(&x.r, session_work, &x);
    assert_int_equal(x.s.strength, STRENGTH_CODE);
    x.s.hash = (struct hash){{8}};
    assert_false(room_read(&x.r, session_work, &x, &e));
    shown(&x, 0, on.code);
    assert_false(room_write(&x.r, on_call_work, &on, &e));
    assert_int_equal(e.say, T_TOTP_IS_ON);
    struct off_call off = {&x.r, x.m};
    room_must_write(&x.r, off_call_work, &off);
    assert_false(member_has_second_step(&(struct member){0}));
    assert_false(member(&x).has_totp);
    assert_int_equal(told(&x.r, "totp", "did=on"), 1);
    assert_int_equal(told(&x.r, "totp", "did=off"), 1);
    room_close(&x.r);
}

/* Secrets differ by person and by seed: a row that is put under another name opens nothing. */
static void secrets_are_ones_own(void **state)
{
    (void)state;
    static struct account x;
    account_open(&x);
    struct totp_secret mine = totp_secret_of(&x.r.d, x.m, SEED);
    struct totp_secret other = totp_secret_of(&x.r.d, (struct moderator_id){x.m.v + 1}, SEED);
    struct totp_secret later = totp_secret_of(&x.r.d, x.m, STR("another token"));
    assert_memory_not_equal(&mine, &other, sizeof mine);
    assert_memory_not_equal(&mine, &later, sizeof mine);
    room_close(&x.r);
}

static void a_code_is_taken_once(void **state)
{
    (void)state;
    static struct account x;
    char code[TOTP_DIGITS + 1];
    account_open(&x);
    turn_on(&x);
    /* The code that switched them on is used up. */
    shown(&x, -1, code);
    assert_int_equal(take(&x, str_of(code)).taken, CODE_WRONG);
    shown(&x, 1, code);
    assert_int_equal(take(&x, str_of(code)).taken, CODE_GOOD);
    assert_int_equal(take(&x, str_of(code)).taken, CODE_WRONG);
    shown(&x, 0, code); /* older than the last one taken */
    assert_int_equal(take(&x, str_of(code)).taken, CODE_WRONG);
    x.r.clock.now_s += 2 * TOTP_STEP_S;
    shown(&x, 0, code);
    assert_int_equal(take(&x, str_of(code)).taken, CODE_GOOD);
    assert_int_equal(told(&x.r, "sign_in_failed", NULL), 3);
    room_close(&x.r);
}

/* Five are free; then a minute, two, four … and never more than an hour; a good one ends it. */
static void guessing_becomes_slow(void **state)
{
    (void)state;
    static struct account x;
    char code[TOTP_DIGITS + 1];
    account_open(&x);
    turn_on(&x);
    struct code_answer c = {0};
    for (int i = 1; i <= CODE_MISSES_FREE; i++) {
        c = take(&x, STR("no code"));
        assert_int_equal(c.taken, CODE_WRONG);
        assert_int_equal(c.wait_s, i < CODE_MISSES_FREE ? 0 : CODE_WAIT_S);
    }
    int64_t wait_s = CODE_WAIT_S;
    for (int i = 0; i < 12; i++) {
        x.r.clock.now_s += wait_s - 1;
        shown(&x, 0, code);
        c = take(&x, str_of(code)); /* right, but too soon: not looked at */
        assert_int_equal(c.taken, CODE_TOO_SOON);
        assert_int_equal(c.wait_s, 1);
        x.r.clock.now_s += 1;
        c = take(&x, STR("no code"));
        assert_int_equal(c.taken, CODE_WRONG);
        wait_s = 2 * wait_s < CODE_WAIT_MAX_S ? 2 * wait_s : CODE_WAIT_MAX_S;
        assert_int_equal(c.wait_s, wait_s);
    }
    x.r.clock.now_s += wait_s;
    shown(&x, 0, code);
    assert_int_equal(take(&x, str_of(code)).taken, CODE_GOOD);
    assert_int_equal(take(&x, STR("no code")).wait_s, 0);
    room_close(&x.r);
}

static void a_clock_set_back_locks_nobody_out(void **state)
{
    (void)state;
    static struct account x;
    account_open(&x);
    turn_on(&x);
    int64_t now_s = x.r.clock.now_s;
    x.r.clock.now_s += INT64_C(10) * 365 * 86400;
    for (int i = 0; i < CODE_MISSES_FREE; i++)
        (void)take(&x, STR("no code"));
    assert_int_equal(take(&x, STR("no code")).taken, CODE_TOO_SOON);
    x.r.clock.now_s -= 10; /* as another node's may be: no way around the wait */
    assert_int_equal(take(&x, STR("no code")).taken, CODE_TOO_SOON);
    x.r.clock.now_s = now_s;
    assert_int_equal(take(&x, STR("no code")).taken, CODE_WRONG);
    assert_int_equal(take(&x, STR("no code")).taken, CODE_TOO_SOON);
    room_close(&x.r);
}

/* The session may be stronger than what the account has by now. */
static void a_new_proof_ends_what_is_weaker(void **state)
{
    (void)state;
    static struct account x;
    struct err e;
    account_open(&x);
    turn_on(&x);
    x.s.strength = STRENGTH_CODE;
    struct off_call off = {&x.r, x.m};
    room_must_write(&x.r, off_call_work, &off);
    struct session_call weak = {&x.r, x.m, 8, STRENGTH_PASSWORD};
    struct session_call strong = {&x.r, x.m, 9, STRENGTH_CODE};
    room_must_write(&x.r, session_call_work, &weak);
    room_must_write(&x.r, session_call_work, &strong);
    turn_on(&x);
    room_must_read(&x.r, session_work, &x);
    x.s.hash = (struct hash){{9}};
    room_must_read(&x.r, session_work, &x);
    x.s.hash = (struct hash){{8}};
    assert_false(room_read(&x.r, session_work, &x, &e));
    room_close(&x.r);
}

static void recovery_codes_open_once(void **state)
{
    (void)state;
    static struct account x;
    account_open(&x);
    turn_on(&x);
    struct codes_call first = {.r = &x.r, .m = x.m}, second = {.r = &x.r, .m = x.m};
    room_must_write(&x.r, codes_call_work, &first);
    assert_int_equal(member(&x).codes, RECOVERY_CODES);
    /* 20 bits a group; not one like another. */
    for (int i = 0; i < RECOVERY_CODES; i++) {
        assert_int_equal(first.codes[i].n, RECOVERY_GROUPS * 5 - 1);
        for (int k = 0; k < i; k++)
            assert_false(str_eq(first.codes[i], first.codes[k]));
    }
    assert_int_equal(take(&x, first.codes[0]).taken, CODE_GOOD);
    assert_int_equal(take(&x, first.codes[0]).taken, CODE_WRONG);
    assert_int_equal(member(&x).codes, RECOVERY_CODES - 1);
    /* However it was written down. */
    char typed[64];
    size_t n = 0;
    for (size_t i = 0; i < first.codes[1].n; i++) {
        char c = first.codes[1].p[i];
        typed[n++] = c == '-' ? ' ' : (char)(c >= 'a' ? c - 'a' + 'A' : c);
    }
    assert_int_equal(take(&x, (struct str){typed, n}).taken, CODE_GOOD);
    room_must_write(&x.r, codes_call_work, &second);
    assert_int_equal(member(&x).codes, RECOVERY_CODES);
    assert_int_equal(take(&x, first.codes[2]).taken, CODE_WRONG);
    assert_int_equal(take(&x, second.codes[2]).taken, CODE_GOOD);
    assert_int_equal(told(&x.r, "recovery", "did=used"), 3);
    /* Without a second step there is nothing to recover. */
    struct off_call off = {&x.r, x.m};
    room_must_write(&x.r, off_call_work, &off);
    assert_int_equal(member(&x).codes, 0);
    room_close(&x.r);
}

static const struct webauthn_key key = {
    STR_INIT("credential"),
    STR_INIT("0123456789012345678901234567890123456789012345678901234567890123"), 5};

static enum passkey_used use(struct account *x, int64_t issued_s, int64_t uses)
{
    struct use_call c = {.r = &x->r, .proof = {key.id, issued_s, uses}};
    room_must_write(&x->r, use_call_work, &c);
    return c.used;
}

static void a_challenge_is_taken_once(void **state)
{
    (void)state;
    static struct account x;
    struct err e;
    account_open(&x);
    struct passkey_call add = {.r = &x.r, .s = x.s, .key = key, .name = "Phone"};
    room_must_write(&x.r, passkey_call_work, &add);
    assert_false(room_write(&x.r, passkey_call_work, &add, &e));
    assert_int_equal(e.say, T_PASSKEY_KNOWN);
    assert_true(member_has_second_step(&(struct member){.passkeys = member(&x).passkeys}));
    int64_t now_s = x.r.clock.now_s;
    assert_int_equal(use(&x, now_s - 10, 6), PASSKEY_GOOD);
    assert_int_equal(use(&x, now_s - 10, 7), PASSKEY_REPEATED);
    assert_int_equal(use(&x, now_s, 7), PASSKEY_REPEATED); /* made before the last use */
    x.r.clock.now_s += 60;
    assert_int_equal(use(&x, now_s + 1, 6), PASSKEY_CLONED);
    assert_int_equal(use(&x, now_s + 1, 0), PASSKEY_CLONED);
    assert_int_equal(use(&x, now_s + 1, 7), PASSKEY_GOOD);
    /* Made by a node whose clock is ahead: taken once as well. */
    assert_int_equal(use(&x, x.r.clock.now_s + 30, 8), PASSKEY_GOOD);
    x.r.clock.now_s += 10;
    assert_int_equal(use(&x, x.r.clock.now_s + 20, 9), PASSKEY_REPEATED);
    assert_int_equal(told(&x.r, "sign_in_failed", NULL), 5);
    room_close(&x.r);
}

/* Authenticators of today do not count: all of theirs are 0. */
static void a_passkey_need_not_count(void **state)
{
    (void)state;
    static struct account x;
    account_open(&x);
    struct passkey_call add = {.r = &x.r, .s = x.s, .key = key, .name = "Phone"};
    add.key.uses = 0;
    room_must_write(&x.r, passkey_call_work, &add);
    assert_int_equal(use(&x, x.r.clock.now_s, 0), PASSKEY_GOOD);
    x.r.clock.now_s += 2;
    assert_int_equal(use(&x, x.r.clock.now_s - 1, 0), PASSKEY_GOOD);
    room_close(&x.r);
}

static void passkeys_are_ones_own(void **state)
{
    (void)state;
    static struct account x;
    struct err e;
    account_open(&x);
    struct passkey_call add = {.r = &x.r, .s = x.s, .key = key, .name = "Phone"};
    room_must_write(&x.r, passkey_call_work, &add);
    struct moderator_id other = {x.m.v + 1};
    struct name_call rename = {&x.r, other, key.id, "Mine now"};
    struct drop_call drop = {&x.r, other, key.id};
    assert_false(room_write(&x.r, name_call_work, &rename, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(room_write(&x.r, drop_call_work, &drop, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct arena *a = arena_new(0);
    struct find_call find = {.r = &x.r, .id = key.id, .handle = passkey_handle(&x.r.d, a, x.m)};
    room_must_read(&x.r, find_call_work, &find);
    assert_int_equal(find.owner.moderator.id.v, x.m.v);
    find.handle = passkey_handle(&x.r.d, a, other);
    assert_false(room_read(&x.r, find_call_work, &find, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    arena_free(&a);
    rename.m = drop.m = x.m;
    room_must_write(&x.r, name_call_work, &rename);
    struct keys_call keys = {.r = &x.r, .m = x.m};
    room_must_read(&x.r, keys_call_work, &keys);
    assert_int_equal(keys.n, 1);
    assert_str(keys.keys[0].name, "Mine now");
    room_must_write(&x.r, drop_call_work, &drop);
    assert_int_equal(member(&x).passkeys, 0);
    room_close(&x.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_switched_on_by_a_code),
        cmocka_unit_test(secrets_are_ones_own),
        cmocka_unit_test(a_code_is_taken_once),
        cmocka_unit_test(guessing_becomes_slow),
        cmocka_unit_test(a_clock_set_back_locks_nobody_out),
        cmocka_unit_test(a_new_proof_ends_what_is_weaker),
        cmocka_unit_test(recovery_codes_open_once),
        cmocka_unit_test(a_challenge_is_taken_once),
        cmocka_unit_test(a_passkey_need_not_count),
        cmocka_unit_test(passkeys_are_ones_own),
    };
    return RUN_TESTS(tests);
}
