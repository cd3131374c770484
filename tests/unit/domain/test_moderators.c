#include "domain/password.h"
#include "tests/unit/domain/told.h"

/* A cheap stand-in for a password's hash where none is compared. */
#define HASH STR("$argon2id$not-a-real-one")

CALL(add_call, struct moderator_id by; struct moderator who;
     , moderator_add(d, tx, c->by, &c->who, HASH, e))
CALL(set_call, struct moderator_id by; struct password_change change;
     , moderator_set_password(d, tx, c->by, &c->change, e))
CALL(password_call, const char *name; struct moderator m; struct str hash;
     , moderator_password_get(d, tx, str_of(c->name), &c->m, &c->hash, e))
CALL(get_call, struct moderator_id id; struct member member;
     , moderator_get(d, tx, c->id, &c->member, e))
CALL(list_call, struct member *members; size_t n;, moderator_list(d, tx, &c->members, &c->n, e))
CALL(role_call, struct moderator_id by; struct moderator_id id; enum role role;
     , moderator_set_role(d, tx, c->by, c->id, c->role, e))
CALL(disable_call, struct moderator_id by; struct moderator_id id; bool is_disabled;
     , moderator_set_disabled(d, tx, c->by, c->id, c->is_disabled, e))
CALL(reset_call, struct moderator_id by; struct moderator_id id;
     , moderator_reset(d, tx, c->by, c->id, e))
CALL(session_call, struct moderator_id m; struct hash token; enum strength strength;
     struct session found_s; bool found;, session_add(d, tx, c->m, c->token, c->strength, e))
CALL(drop_call, struct session s;, session_drop(d, tx, &c->s, e))
CALL(use_call, struct hash token;, session_use(d, tx, c->token, e))
CALL(sessions_call, struct moderator_id m; struct session * sessions; size_t n;
     , session_list(d, tx, c->m, &c->sessions, &c->n, e))
CALL(end_call, struct moderator_id m; struct hash hash;, session_end(d, tx, c->m, c->hash, e))
CALL(others_call, struct moderator_id m; struct hash hash;
     , session_end_others(d, tx, c->m, c->hash, e))

static bool find_work(struct tx *tx, void *context, struct err *e)
{
    struct session_call *c = context;
    return session_find(&c->r->d, tx, c->token, &c->found_s, &c->found, e);
}

static struct moderator_id joins(struct room *r, const char *name, enum role role)
{
    struct add_call add = {.r = r, .who = {.name = str_of(name), .role = role}};
    room_must_write(r, add_call_work, &add);
    return add.who.id;
}

static bool is_open(struct room *r, uint8_t token)
{
    struct session_call s = {.r = r, .token = {{token}}};
    room_must_read(r, find_work, &s);
    return s.found;
}

static void opens(struct room *r, struct moderator_id m, uint8_t token, enum strength strength)
{
    struct session_call s = {.r = r, .m = m, .token = {{token}}, .strength = strength};
    room_must_write(r, session_call_work, &s);
}

static void passwords_are_hashed(void **state)
{
    (void)state;
    static char long_password[202];
    struct arena *a = arena_new(0);
    struct str hash, other;
    struct err e;
    memset(long_password, 'x', sizeof long_password - 1);
    assert_true(password_hash(a, STR("correct horse battery"), &hash, &e));
    assert_true(password_hash(a, STR("correct horse battery"), &other, &e));
    assert_false(str_eq(hash, other));
    assert_true(password_verify(STR("correct horse battery"), hash));
    assert_false(password_verify(STR("correct horse batterx"), hash));
    assert_false(password_verify(STR(""), hash));
    assert_false(password_verify(STR("x"), STR("not a hash")));
    assert_false(password_verify(STR("correct horse battery"), password_stand_in()));
    /* The stand-in costs as much: the same algorithm, memory and passes. */
    ptrdiff_t limits = str_find(hash, STR("p=1$"));
    assert_true(limits > 0);
    assert_true(
        str_eq(str_head(hash, (size_t)limits), str_head(password_stand_in(), (size_t)limits)));
    assert_false(password_hash(a, STR("too short"), &hash, &e));
    assert_int_equal(e.say, T_PASSWORD_LENGTH);
    assert_false(password_hash(a, str_of(long_password), &hash, &e));
    assert_null(strstr(e.why, "xxx"));
    struct str made = password_make(a, PASSWORD_GROUPS);
    assert_int_equal(made.n, PASSWORD_GROUPS * 5 - 1);
    assert_false(str_eq(made, password_make(a, PASSWORD_GROUPS)));
    arena_free(&a);
}

static void the_team_is_kept(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct moderator_id dana = joins(&r, "Dana", ROLE_ADMINISTRATOR);
    struct add_call twice = {.r = &r, .who = {.name = STR("Dana"), .role = ROLE_MODERATOR}};
    assert_false(room_write(&r, add_call_work, &twice, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_TEAM_NAME_TAKEN);
    struct password_call known = {.r = &r, .name = "Dana"}, unknown = {.r = &r, .name = "Nobody"};
    room_must_read(&r, password_call_work, &known);
    assert_int_equal(known.m.id.v, dana.v);
    assert_int_equal(known.m.role, ROLE_ADMINISTRATOR);
    room_must_read(&r, password_call_work, &unknown);
    assert_int_equal(unknown.m.id.v, 0);
    assert_true(str_eq(unknown.hash, password_stand_in()));
    struct get_call get = {.r = &r, .id = dana};
    room_must_read(&r, get_call_work, &get);
    assert_str(get.member.moderator.name, "Dana");
    assert_false(member_has_second_step(&get.member));
    assert_int_equal(get.member.signed_in_s, 0);
    get.id.v = 999;
    assert_false(room_read(&r, get_call_work, &get, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    static char long_name[202];
    memset(long_name, 'x', sizeof long_name - 1);
    const struct add_call bad[] = {
        {.r = &r, .who = {.name = STR(""), .role = ROLE_MODERATOR}},
        {.r = &r, .who = {.name = STR("Da\u202Ena"), .role = ROLE_MODERATOR}},
        {.r = &r, .who = {.name = str_of(long_name), .role = ROLE_MODERATOR}},
        {.r = &r, .who = {.name = STR("Dina"), .role = ROLE_READER}},
        {.r = &r, .who = {.name = STR("Dina"), .role = ROLES}},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct add_call c = bad[i];
        assert_false(room_write(&r, add_call_work, &c, &e));
        assert_int_equal(e.kind, ERR_INVALID);
    }
    assert_int_equal(told(&r, "team", NULL), 1);
    room_close(&r);
}

/* Whoever joins the team is protected at once, without the domain being opened again. */
static void the_team_is_protected(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment_added added;
    struct err e;
    assert_true(room_add(&r, 0, NULL, "I am nobody of the team.", &added, &e));
    (void)joins(&r, "SAPARBEK", ROLE_MODERATOR);
    assert_false(room_add(&r, 0, NULL, "I am of the team, believe me.", &added, &e));
    assert_int_equal(e.say, T_NAME_IMITATION);
    room_close(&r);
}

static void nobody_shuts_out_the_last(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct moderator_id one = joins(&r, "One", ROLE_ADMINISTRATOR);
    struct moderator_id two = joins(&r, "Two", ROLE_ADMINISTRATOR);
    struct role_call demote = {.r = &r, .by = one, .id = one, .role = ROLE_MODERATOR};
    struct disable_call disable = {.r = &r, .by = one, .id = one, .is_disabled = true};
    struct reset_call reset = {.r = &r, .by = one, .id = one};
    assert_false(room_write(&r, role_call_work, &demote, &e));
    assert_int_equal(e.say, T_TEAM_ONESELF);
    assert_false(room_write(&r, disable_call_work, &disable, &e));
    assert_int_equal(e.say, T_TEAM_ONESELF);
    assert_false(room_write(&r, reset_call_work, &reset, &e));
    assert_int_equal(e.say, T_TEAM_ONESELF);
    opens(&r, two, 2, STRENGTH_PASSWORD);
    disable.id = two;
    room_must_write(&r, disable_call_work, &disable);
    assert_false(is_open(&r, 2));
    struct password_call shut = {.r = &r, .name = "Two"};
    room_must_read(&r, password_call_work, &shut);
    assert_int_equal(shut.m.id.v, 0);
    /* The command line is nobody of the team, and may not take the last one either. */
    disable = (struct disable_call){.r = &r, .id = one, .is_disabled = true};
    demote = (struct role_call){.r = &r, .id = one, .role = ROLE_EDITOR};
    assert_false(room_write(&r, disable_call_work, &disable, &e));
    assert_int_equal(e.say, T_TEAM_LAST);
    assert_false(room_write(&r, role_call_work, &demote, &e));
    assert_int_equal(e.say, T_TEAM_LAST);
    disable = (struct disable_call){.r = &r, .id = two, .is_disabled = false};
    room_must_write(&r, disable_call_work, &disable);
    room_must_write(&r, role_call_work, &demote);
    struct list_call list = {.r = &r};
    room_must_read(&r, list_call_work, &list);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.members[0].moderator.role, ROLE_EDITOR);
    assert_int_equal(list.members[1].disabled_s, 0);
    assert_int_equal(told(&r, "team", NULL), 5); /* two joined, one out and in, one role */
    room_close(&r);
}

static void sessions_end(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct moderator_id m = joins(&r, "Dana", ROLE_MODERATOR), other = joins(&r, "Erlan", 1);
    opens(&r, m, 1, STRENGTH_PASSWORD);
    opens(&r, m, 2, STRENGTH_PENDING);
    opens(&r, m, 3, STRENGTH_PASSKEY);
    opens(&r, other, 4, STRENGTH_CODE);
    assert_int_equal(told(&r, "sign_in", NULL), 3); /* what is pending is none yet */
    struct sessions_call list = {.r = &r, .m = m};
    room_must_read(&r, sessions_call_work, &list);
    assert_int_equal(list.n, 2);
    /* The second proof has a quarter of an hour. */
    r.clock.now_s += SESSION_PENDING_S - 1;
    assert_true(is_open(&r, 2));
    r.clock.now_s += 1;
    assert_false(is_open(&r, 2));
    struct use_call use = {&r, {{1}}};
    room_must_write(&r, use_call_work, &use);
    struct session_call s = {.r = &r, .token = {{1}}};
    room_must_read(&r, find_work, &s);
    assert_int_equal(s.found_s.used_s, r.clock.now_s);
    /* Nobody ends another's. */
    struct end_call end = {.r = &r, .m = m, .hash = {{4}}};
    assert_false(room_write(&r, end_call_work, &end, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    end.hash.b[0] = 3;
    room_must_write(&r, end_call_work, &end);
    assert_false(is_open(&r, 3));
    opens(&r, m, 5, STRENGTH_PASSWORD);
    struct others_call others = {.r = &r, .m = m, .hash = {{5}}};
    room_must_write(&r, others_call_work, &others);
    assert_false(is_open(&r, 1));
    assert_true(is_open(&r, 5));
    assert_true(is_open(&r, 4));
    struct drop_call drop = {.r = &r, .s = {.hash = {{5}}, .moderator = {.id = m}, .strength = 1}};
    room_must_write(&r, drop_call_work, &drop);
    assert_false(is_open(&r, 5));
    assert_int_equal(told(&r, "sign_out", NULL), 1);
    assert_int_equal(told(&r, "session", NULL), 2);
    r.clock.now_s += r.settings.moderation_session_hours * 3600;
    assert_false(is_open(&r, 4));
    struct session_call nobody = {.r = &r, .token = {{9}}};
    assert_false(room_write(&r, session_call_work, &nobody, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    room_close(&r);
}

/* A new password ends what the old one opened; one's own change leaves the session it came from. */
static void a_new_password_ends_sessions(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct moderator_id m = joins(&r, "Dana", ROLE_MODERATOR);
    opens(&r, m, 1, STRENGTH_PASSWORD);
    opens(&r, m, 2, STRENGTH_PASSWORD);
    const struct hash own = {{1}};
    struct set_call set = {.r = &r, .by = m, .change = {.of = m, .hash = HASH, .but = &own}};
    room_must_write(&r, set_call_work, &set);
    assert_true(is_open(&r, 1));
    assert_false(is_open(&r, 2));
    set.change.but = NULL;
    room_must_write(&r, set_call_work, &set);
    assert_false(is_open(&r, 1));
    set.change.of.v = 999;
    assert_false(room_write(&r, set_call_work, &set, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_int_equal(told(&r, "password", NULL), 2);
    room_close(&r);
}

/* Strength × role × what the site wants: the whole table. */
static void access_is_as_stated(void **state)
{
    (void)state;
    static const enum access full[] = {ACCESS_READER, ACCESS_MODERATOR, ACCESS_SENIOR,
                                       ACCESS_EDITOR, ACCESS_ADMINISTRATOR};
    static const struct str wants[] = {STR_INIT("never"), STR_INIT("seniors"), STR_INIT("all")};
    for (size_t w = 0; w < ARRAY_LEN(wants); w++)
        for (int role = ROLE_MODERATOR; role < ROLES; role++)
            for (int strength = STRENGTH_PENDING; strength <= STRENGTH_PASSKEY; strength++) {
                struct settings settings = {.moderation_second_step = wants[w]};
                const struct domain d = {.settings = &settings};
                const struct session s = {.moderator = {.role = (enum role)role},
                                          .strength = (enum strength)strength};
                bool is_asked = w == 2 || (w == 1 && role >= ROLE_SENIOR);
                enum access expected = full[role];
                if (strength == STRENGTH_PENDING)
                    expected = ACCESS_PENDING;
                else if (strength == STRENGTH_PASSWORD && is_asked)
                    expected = ACCESS_ACCOUNT;
                assert_int_equal(session_access(&d, &s), expected);
            }
    const struct settings settings = {.moderation_second_step = STR("never")};
    const struct domain d = {.settings = &settings};
    const struct session broken = {.moderator = {.role = ROLES}, .strength = STRENGTH_PASSKEY};
    assert_int_equal(session_access(&d, &broken), ACCESS_READER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_are_hashed),  cmocka_unit_test(the_team_is_kept),
        cmocka_unit_test(the_team_is_protected), cmocka_unit_test(nobody_shuts_out_the_last),
        cmocka_unit_test(sessions_end),          cmocka_unit_test(a_new_password_ends_sessions),
        cmocka_unit_test(access_is_as_stated),
    };
    return RUN_TESTS(tests);
}
