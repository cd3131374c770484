#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/network.h"
#include "tests/lib/unit.h"

static struct http_network network(const char *text)
{
    struct address a = {0};
    assert_true(address_parse(str_of(text), &a));
    return network_of(&a);
}

static bool same(struct http_network a, struct http_network b)
{
    return a.n == b.n && memcmp(a.bytes, b.bytes, a.n) == 0;
}

static void networks_are_what_they_should_be(void **state)
{
    (void)state;
    assert_int_equal(network("1.2.3.4").n, 4);
    assert_int_equal(network("2001:db8::1").n, 8);
    assert_true(same(network("::ffff:1.2.3.4"), network("1.2.3.4")));
    assert_true(same(network("2001:db8::1"), network("[2001:db8:0:0:ffff::2]:80")));
    assert_false(same(network("2001:db8::1"), network("2001:db8:0:1::1")));
    assert_true(same(network("1.2.3.4:99"), network("1.2.3.4")));
    struct address a;
    static const char *const bad[] = {"",          "unknown",  "1.2.3",       "1.2.3.4:x",
                                      "[1.2.3.4]", "[::1",     "[::1]x",      "_hidden",
                                      "::1 x",     "1.2.3.4:", "fe80::1%eth0"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(address_parse(str_of(bad[i]), &a));
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x01020304)};
    a = address_of((struct sockaddr *)&in);
    assert_true(same(network_of(&a), network("1.2.3.4")));
    struct sockaddr un = {.sa_family = AF_UNIX};
    a = address_of(&un);
    assert_int_equal(network_of(&a).n, 0);
}

static bool is_trusted(const struct trust *t, const char *text)
{
    struct address a = {0};
    assert_true(address_parse(str_of(text), &a));
    return trust_has(t, &a);
}

static void proxies_are_trusted_by_prefix(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct str list[] = {STR_INIT("127.0.0.1"), STR_INIT("10.128.0.0/9"),
                                      STR_INIT("fd00::/8"), STR_INIT("2001:db8::1")};
    struct trust t;
    struct err e;
    assert_true(trust_parse(a, list, ARRAY_LEN(list), &t, &e));
    assert_true(is_trusted(&t, "127.0.0.1"));
    assert_true(is_trusted(&t, "::ffff:127.0.0.1"));
    assert_false(is_trusted(&t, "127.0.0.2"));
    assert_true(is_trusted(&t, "10.255.1.1"));
    assert_false(is_trusted(&t, "10.127.1.1"));
    assert_true(is_trusted(&t, "fd12::1"));
    assert_false(is_trusted(&t, "fe12::1"));
    assert_true(is_trusted(&t, "2001:db8::1"));
    assert_false(is_trusted(&t, "2001:db8::2"));
    struct address nobody = {0};
    assert_false(trust_has(&t, &nobody));
    static const struct str bad[] = {STR_INIT("10.0.0.0/33"), STR_INIT("::/129"),    STR_INIT("x"),
                                     STR_INIT("10.0.0.0/"),   STR_INIT("localhost"), STR_INIT("")};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(trust_parse(a, &bad[i], 1, &t, &e));
    static const struct str socket = STR_INIT("unix"), all = STR_INIT("0.0.0.0/0");
    assert_true(trust_parse(a, &socket, 1, &t, &e));
    assert_true(trust_has(&t, &nobody));
    assert_true(trust_parse(a, &all, 1, &t, &e));
    assert_true(is_trusted(&t, "8.8.8.8"));
    assert_false(is_trusted(&t, "2001::8"));
}

static void forwarded_addresses_are_read_from_the_right(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct str list[] = {STR_INIT("127.0.0.1"), STR_INIT("10.0.0.0/8")};
    struct trust t;
    struct err e;
    assert_true(trust_parse(a, list, ARRAY_LEN(list), &t, &e));
    struct http_network proxy = network("127.0.0.1");
    static const struct {
        const char *first, *second, *reader;
    } cases[] = {
        {"1.1.1.1", NULL, "1.1.1.1"},
        {"6.6.6.6, 1.1.1.1", NULL, "1.1.1.1"},
        {"6.6.6.6, 1.1.1.1, 10.1.2.3", NULL, "1.1.1.1"},
        {"6.6.6.6", "1.1.1.1,10.9.9.9", "1.1.1.1"},
        {"1.1.1.1", "10.9.9.9", "1.1.1.1"},
        {"10.1.1.1, 10.2.2.2", NULL, "10.1.1.1"},
        {"1.1.1.1, unknown", NULL, "127.0.0.1"},
        {"1.1.1.1, unknown, 10.2.2.2", NULL, "10.2.2.2"},
        {"", NULL, "127.0.0.1"},
        {",", NULL, "127.0.0.1"},
        {"2001:db8:1:2:3::4", NULL, "2001:db8:1:2::"},
        {"::ffff:1.1.1.1", NULL, "1.1.1.1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_header headers[] = {
            {STR("X-Forwarded-For"), str_of(cases[i].first)},
            {STR("A"), STR("b")},
            {STR("x-forwarded-for"), str_of(cases[i].second)},
        };
        struct http_network got = network_forwarded(&t, proxy, headers, cases[i].second ? 3 : 2);
        if (!same(got, network(cases[i].reader)))
            fail_msg("not %s for %s", cases[i].reader, cases[i].first);
    }
    struct http_header proto[] = {{STR("X-Forwarded-Proto"), STR("http, HTTPS")}};
    assert_true(forwarded_https(proto, 1));
    proto[0].value = STR("https, http");
    assert_false(forwarded_https(proto, 1));
    assert_false(forwarded_https(NULL, 0));
}

static void connections_are_counted_by_network(void **state)
{
    (void)state;
    struct networks *t = networks_new(10, 2);
    for (int round = 0; round < 3; round++) {
        assert_true(networks_enter(t, network("1.1.1.1")));
        assert_true(networks_enter(t, network("1.1.1.1")));
        assert_false(networks_enter(t, network("1.1.1.1")));
        assert_true(networks_enter(t, network("1.1.1.2")));
        assert_true(networks_enter(t, network("2001:db8::1")));
        networks_leave(t, network("2001:db8::1"));
        networks_leave(t, network("1.1.1.2"));
        networks_leave(t, network("1.1.1.1"));
        networks_leave(t, network("1.1.1.1"));
    }
    assert_true(networks_enter(t, network("1.1.1.1")));
    networks_free(&t);
    assert_null(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_what_they_should_be),
        cmocka_unit_test(proxies_are_trusted_by_prefix),
        cmocka_unit_test(forwarded_addresses_are_read_from_the_right),
        cmocka_unit_test(connections_are_counted_by_network),
    };
    return RUN_TESTS(tests);
}
