/*
 * What does not need an authenticator; those that sign are in tests/api/http/passkeys.test.mjs.
 */
#include "domain/webauthn.h"

#include "base/buf.h"
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

/* What an authenticator of this host says, with that tail: why it is refused. */
static const char *refusal(struct arena *a, uint8_t flags, const char *tail, size_t tail_n)
{
    static const char challenge[WEBAUTHN_CHALLENGE_BYTES] = {0};
    static const uint8_t host[] = {/* SHA-256 of "localhost" */
                                   0x49, 0x96, 0x0d, 0xe5, 0x88, 0x0e, 0x8c, 0x68, 0x74, 0x34, 0x17,
                                   0x0f, 0x64, 0x76, 0x60, 0x5b, 0x8f, 0xe4, 0xae, 0xb9, 0xa2, 0x86,
                                   0x32, 0xc7, 0x99, 0x5c, 0xf3, 0xba, 0x83, 0x1d, 0x97, 0x63};
    const struct webauthn_ask ask = {.party = {STR("http://localhost"), STR("localhost")},
                                     .challenge = {challenge, sizeof challenge}};
    struct buf b = buf_in(a, 1000);
    struct webauthn_key key;
    struct err *e = ARENA_NEW(a, struct err);
    buf_put(&b, (struct str){(const char *)host, sizeof host});
    buf_char(&b, (char)flags);
    buf_put(&b, (struct str){"\0\0\0\1", 4});
    buf_put(&b, (struct str){tail, tail_n});
    struct webauthn_said said = {
        .client_data = STR("{\"type\":\"webauthn.create\",\"origin\":\"http://localhost\","
                           "\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"),
        .authenticator = buf_str(&b)};
    assert_false(webauthn_made(a, &ask, &said, &key, e));
    assert_int_equal(e->kind, ERR_INVALID);
    return e->why;
}

/* Nobody takes memory for what is claimed and not there. */
static void claims_are_bounded(void **state)
{
    (void)state;
#define MODEL "0123456789abcdef"
#define CASE(flags, tail, why)                                                                     \
    {                                                                                              \
        flags, tail, sizeof(tail) - 1, why                                                         \
    }
    static const char claims[] = "passkey: claims to say more than it does";
    static const char no_key[] = "passkey: no ES256 key";
    static const struct {
        uint8_t flags;
        const char *tail;
        size_t n;
        const char *why;
    } cases[] = {
        CASE(0x45, MODEL "\0", claims),                          /* half a length */
        CASE(0x45, MODEL "\0\4abc", claims),                     /* of an id that is cut off */
        CASE(0x45, MODEL "\0\1i\xba\xff\xff\xff\xff", claims),   /* a map of 2^32 */
        CASE(0x45, MODEL "\0\1i\xbb\x80\0\0\0\0\0\0\0", claims), /* 2^63: twice that is 0 */
        CASE(0x45, MODEL "\0\1i\x9a\1\0\0\0", claims),           /* an array */
        CASE(0x45, MODEL "\0\1i\x5a\1\0\0\0", claims),           /* bytes */
        CASE(0x45, MODEL "\0\1i\xbf\1\2\xff", claims),           /* a map without end */
        CASE(0x45, MODEL "\0\1i\x5b\1", claims),                 /* an argument that is cut off */
        CASE(0x45, MODEL "\0\1i\x83\x83\x83\1\2\3", claims),     /* each for itself would fit */
        CASE(0xC5, MODEL "\0\1i\xa1\1\2\xba\xff\xff\xff\xff", claims), /* an extension */
        CASE(0x05, "\xba\xff\xff\xff\xff", claims),
        CASE(0x05, "\xa1\1\2", "passkey: without a key"),
        CASE(0x45, MODEL "\0\1i\xa1\1\2", no_key),
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = refusal(a, cases[i].flags, cases[i].tail, cases[i].n);
        if (strcmp(why, cases[i].why) != 0)
            fail_msg("case %zu: %s", i, why);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(browsers_give_passkeys_to_these),
        cmocka_unit_test(bytes_go_both_ways),
        cmocka_unit_test(claims_are_bounded),
    };
    return RUN_TESTS(tests);
}
