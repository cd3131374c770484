#include "web/token.h"

#include "tests/lib/unit.h"

static const struct hash key = {{1, 2, 3}};
static const struct hash other_key = {{3, 2, 1}};

static void a_token_is_good_for_its_purpose_only(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct token t;
    struct str text = token_make(a, key, TOKEN_COMMENT, STR("/en/x"), 1000);
    assert_int_equal(text.n, TOKEN_CHARS);
    assert_true(token_check(key, TOKEN_COMMENT, STR("/en/x"), text, 1000, &t));
    assert_int_equal(t.issued_s, 1000);
    assert_false(token_check(key, TOKEN_RATING, STR("/en/x"), text, 1000, NULL));
    assert_false(token_check(key, TOKEN_COMMENT, STR("/en/y"), text, 1000, NULL));
    assert_false(token_check(other_key, TOKEN_COMMENT, STR("/en/x"), text, 1000, NULL));
}

static void a_token_ends(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = token_make(a, key, TOKEN_OWN, STR("s"), 100000);
    assert_true(token_check(key, TOKEN_OWN, STR("s"), text, 100000 + TOKEN_VALID_S, NULL));
    assert_false(token_check(key, TOKEN_OWN, STR("s"), text, 100001 + TOKEN_VALID_S, NULL));
    assert_true(token_check(key, TOKEN_OWN, STR("s"), text, 99970, NULL));
    assert_false(token_check(key, TOKEN_OWN, STR("s"), text, 90000, NULL));
}

static void a_changed_token_is_none(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = token_make(a, key, TOKEN_COMMENT, STR("s"), 5);
    char bytes[TOKEN_CHARS];
    for (size_t i = 0; i < sizeof bytes; i++) {
        memcpy(bytes, text.p, sizeof bytes);
        bytes[i] = bytes[i] == '0' ? '1' : '0';
        assert_false(
            token_check(key, TOKEN_COMMENT, STR("s"), (struct str){bytes, sizeof bytes}, 5, NULL));
    }
    assert_false(token_check(key, TOKEN_COMMENT, STR("s"), STR_NONE, 5, NULL));
    assert_false(token_check(key, TOKEN_COMMENT, STR("s"), str_head(text, 63), 5, NULL));
}

static void two_tokens_differ(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str one = token_make(a, key, TOKEN_COMMENT, STR("s"), 5);
    struct str two = token_make(a, key, TOKEN_COMMENT, STR("s"), 5);
    assert_false(str_eq(one, two));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_good_for_its_purpose_only),
        cmocka_unit_test(a_token_ends),
        cmocka_unit_test(a_changed_token_is_none),
        cmocka_unit_test(two_tokens_differ),
    };
    return RUN_TESTS(tests);
}
