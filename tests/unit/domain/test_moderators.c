#include "tests/unit/domain/room.h"

CALL(add_call, const char *name; const char *password; enum role role;
     , moderator_add(d, tx, str_of(c->name), str_of(c->password), c->role, e))
CALL(set_call, const char *name; const char *password;
     , moderator_set_password(d, tx, str_of(c->name), str_of(c->password), e))
CALL(password_call, const char *name; struct moderator m; struct str hash;
     , moderator_password_get(d, tx, str_of(c->name), &c->m, &c->hash, e))
CALL(session_call, struct moderator_id m; struct hash token; struct moderator found_m; bool found;
     , session_add(d, tx, c->m, c->token, e))
CALL(drop_call, struct hash token;, session_drop(d, tx, c->token, e))

static bool find_work(struct tx *tx, void *context, struct err *e)
{
    struct session_call *c = context;
    return session_find(&c->r->d, tx, c->token, &c->found_m, &c->found, e);
}

static void passwords_open_sessions(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct add_call add = {&r, "Dana", "correct horse battery", ROLE_ADMINISTRATOR};
    room_must_write(&r, add_call_work, &add);
    assert_false(room_write(&r, add_call_work, &add, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);

    struct password_call known = {.r = &r, .name = "Dana"}, unknown = {.r = &r, .name = "Nobody"};
    room_must_read(&r, password_call_work, &known);
    assert_int_equal(known.m.role, ROLE_ADMINISTRATOR);
    assert_true(password_verify(STR("correct horse battery"), known.hash));
    assert_false(password_verify(STR("correct horse batterx"), known.hash));
    assert_false(password_verify(STR(""), known.hash));
    assert_false(password_verify(STR("x"), STR("not a hash")));
    room_must_read(&r, password_call_work, &unknown);
    assert_int_equal(unknown.m.id.v, 0);
    assert_int_equal(unknown.m.role, ROLE_READER);
    assert_false(password_verify(STR("correct horse battery"), unknown.hash));
    /* The stand-in costs as much: the same algorithm, memory and passes. */
    ptrdiff_t limits = str_find(known.hash, STR("p=1$"));
    assert_true(limits > 0);
    assert_true(
        str_eq(str_head(known.hash, (size_t)limits), str_head(unknown.hash, (size_t)limits)));

    struct session_call s = {.r = &r, .m = known.m.id, .token = {{1}}};
    room_must_write(&r, session_call_work, &s);
    room_must_read(&r, find_work, &s);
    assert_true(s.found);
    assert_str(s.found_m.name, "Dana");
    r.clock.now_s += r.settings.moderation_session_hours * 3600;
    room_must_read(&r, find_work, &s);
    assert_false(s.found);
    s.token.b[0] = 2;
    room_must_write(&r, session_call_work, &s);
    struct drop_call drop = {&r, s.token};
    room_must_write(&r, drop_call_work, &drop);
    room_must_read(&r, find_work, &s);
    assert_false(s.found);
    /* A new password ends what the old one opened. */
    s.token.b[0] = 3;
    room_must_write(&r, session_call_work, &s);
    struct set_call set = {&r, "Dana", "another long password"};
    room_must_write(&r, set_call_work, &set);
    room_must_read(&r, find_work, &s);
    assert_false(s.found);
    room_must_read(&r, password_call_work, &known);
    assert_true(password_verify(STR("another long password"), known.hash));
    set.name = "Nobody";
    assert_false(room_write(&r, set_call_work, &set, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct session_call nobody = {.r = &r, .token = {{9}}};
    assert_false(room_write(&r, session_call_work, &nobody, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    room_close(&r);
}

static void names_and_passwords_are_checked(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    static char long_password[202];
    memset(long_password, 'x', sizeof long_password - 1);
    const struct add_call bad[] = {
        {&r, "Dana", "too short", ROLE_MODERATOR},
        {&r, "Dana", long_password, ROLE_MODERATOR},
        {&r, "", "long enough password", ROLE_MODERATOR},
        {&r, "Da\u202Ena", "long enough password", ROLE_MODERATOR},
        {&r, "Dana", "long enough password", ROLE_READER},
        {&r, "Dana", "long enough password", (enum role)2},
        {&r, long_password, "long enough password", ROLE_MODERATOR},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct add_call c = bad[i];
        assert_false(room_write(&r, add_call_work, &c, &e));
        assert_int_equal(e.kind, ERR_INVALID);
        assert_null(strstr(e.why, "long enough"));
    }
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
    struct add_call add = {&r, "SAPARBEK", "long enough password", ROLE_MODERATOR};
    room_must_write(&r, add_call_work, &add);
    assert_false(room_add(&r, 0, NULL, "I am of the team, believe me.", &added, &e));
    assert_int_equal(e.say, T_NAME_IMITATION);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_open_sessions),
        cmocka_unit_test(names_and_passwords_are_checked),
        cmocka_unit_test(the_team_is_protected),
    };
    return RUN_TESTS(tests);
}
