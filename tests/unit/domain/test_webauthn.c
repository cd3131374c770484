/*
 * What does not need an authenticator; those that sign are in tests/api/http/passkeys.test.mjs.
 */
#include "domain/webauthn.h"
#include "tests/lib/unit.h"

static void browsers_give_passkeys_to_these(void **state)
{
    (void)state;
    static const struct {
        const char *origin, *host; /* NULL: none */
    } rows[] = {
        {"https://news.example", "news.example"},
        {"https://news.example:8443", "news.example"},
        {"http://localhost", "localhost"},
        {"http://localhost:8080", "localhost"},
        {"http://mod.localhost:8080", "mod.localhost"},
        {"http://news.example", NULL},
        {"http://notlocalhost", NULL},
        {"https://192.0.2.7", NULL},
        {"https://[2001:db8::1]", NULL},
        {"http://127.0.0.1:8080", NULL},
        {"https://", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct webauthn_party party;
        bool is_one = webauthn_party_of(str_of(rows[i].origin), &party);
        assert_int_equal(is_one, rows[i].host != NULL);
        if (!is_one)
            continue;
        assert_str(party.id, rows[i].host);
        assert_str(party.origin, rows[i].origin);
    }
}

static void bytes_go_both_ways(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str bytes;
    /* RFC 4648, section 10, and the two letters that differ. */
    assert_str(webauthn_text(a, STR("foobar")), "Zm9vYmFy");
    assert_str(webauthn_text(a, STR("fooba")), "Zm9vYmE");
    assert_str(webauthn_text(a, STR("\xfb\xff")), "-_8");
    assert_true(webauthn_bytes(a, STR("Zm9vYmE"), &bytes));
    assert_str(bytes, "fooba");
    assert_true(webauthn_bytes(a, STR_NONE, &bytes));
    assert_int_equal(bytes.n, 0);
    static const char *const bad[] = {"Zm9vYmE=", "Zm9v YmE", "+_8", "Z", "Zm9vYmE\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(webauthn_bytes(a, str_of(bad[i]), &bytes));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(browsers_give_passkeys_to_these),
        cmocka_unit_test(bytes_go_both_ways),
    };
    return RUN_TESTS(tests);
}
