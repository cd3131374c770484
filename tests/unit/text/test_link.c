#include "text/link.h"

#include "tests/lib/unit.h"
#include "text/markdown.h"

static void links_are_judged(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://example.kz",          "https://example.kz/",
        "HTTPS://EXAMPLE.KZ/a?b=c#d", "https://example.kz:8080/x",
        "https://1.2.3.4/",           "https://[2001:db8::1]/",
        "https://қаз.қаз/мақала",     "https://a.kz/?u=http://b.kz",
        "https://a.kz/a@b",           "https://xn--80ak6aa92e.com",
    };
    static const char *const bad[] = {
        "",
        "example.kz",
        "/path",
        "//example.kz",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "mailto:a@b.kz",
        "ftp://example.kz",
        "file:///etc/passwd",
        "http:example.kz",
        "http:/example.kz",
        "http://",
        "http:///x",
        "https://?x",
        "https://user@example.kz",
        "https://user:pw@example.kz",
        "https://example.kz:x/",
        "https://example.kz:123456/",
        "https://example.kz\\@evil.com/",
        "https://exa mple.kz",
        "https://example.kz/a b",
        "https://example.kz/\n",
        "https://example.kz/\x7f",
        "https://example.kz/\xC2\x85",
        "https://example.kz/\xE2\x80\xAEpng",
        "https://exam\xE2\x80\x8Bple.kz",
        "https://%65xample.kz",
        "https://.kz",
        "https://a..kz",
        "https://-a.kz",
        "https://[::1",
        "https://[x]/",
        "https://a<b",
        " https://example.kz",
        "https://example.kz/\xFF",
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!markdown_link_is_allowed(str_of(good[i])))
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (markdown_link_is_allowed(str_of(bad[i])))
            fail_msg("%s", bad[i]);
    }
    assert_false(markdown_link_is_allowed(STR("https://a.kz/\0")));
    char long_one[LINK_BYTES_MAX + 1];
    memset(long_one, 'a', sizeof long_one);
    memcpy(long_one, "https://a.kz/", 13);
    assert_true(markdown_link_is_allowed((struct str){long_one, LINK_BYTES_MAX}));
    assert_false(markdown_link_is_allowed((struct str){long_one, LINK_BYTES_MAX + 1}));
}

static void the_newsroom_links_to_more(void **state)
{
    (void)state;
    assert_true(link_is_mail(STR("mailto:news@example.kz")));
    assert_false(link_is_mail(STR("mailto:news")));
    assert_false(link_is_mail(STR("mailto:a@b.kz?bcc=c@d.kz")));
    assert_false(link_is_mail(STR("mailto:a%0abcc@b.kz")));
    assert_true(link_is_path(STR("/news/1?x#y")));
    assert_true(link_is_path(STR("#words")));
    assert_false(link_is_path(STR("//evil.com")));
    assert_false(link_is_path(STR("/\\evil.com")));
    assert_false(link_is_path(STR("/\t/evil.com")));
    assert_false(link_is_path(STR("news")));
    assert_false(link_is_path(STR("")));
}

static void hosts_are_shown(void **state)
{
    (void)state;
    assert_str(link_host(STR("https://Example.kz:80/x")), "Example.kz");
    assert_str(link_host(STR("https://[::1]:80/x")), "[::1]");
    assert_str(link_host(STR("http://a.kz?b")), "a.kz");
    static const char *const shown[] = {"a.kz", "https://A.kz", " a.kz/b ", "a.kz:80", "a.kz?x"};
    static const char *const hidden[] = {"",       "a.k",    "a.kz.evil.com", "https://b.kz/a.kz",
                                         "b a.kz", "a.kz b", "a.kz@b.kz",     "www.a.kz"};
    for (size_t i = 0; i < ARRAY_LEN(shown); i++)
        assert_true(link_is_shown(str_of(shown[i]), STR("a.kz")));
    for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
        assert_false(link_is_shown(str_of(hidden[i]), STR("a.kz")));
}

static void addresses_are_found_in_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *url; /* NULL: none */
    } cases[] = {
        {"see https://a.kz.", "https://a.kz"},
        {"(https://a.kz/b)", "https://a.kz/b"},
        {"https://a.kz/b_(c)", "https://a.kz/b_(c)"},
        {"https://a.kz/b_(c)).", "https://a.kz/b_(c)"},
        {"«https://a.kz/б»", "https://a.kz/б"},
        {"https://a.kz/б… бар", "https://a.kz/б"},
        {"https://a.kz/x،", "https://a.kz/x"},
        {"HTTP://A.KZ", "HTTP://A.KZ"},
        {"https://a.kz<b", "https://a.kz"},
        {"\"https://a.kz\"", "https://a.kz"},
        {"https://u@b.kz then http://c.kz", "http://c.kz"},
        {"http://http://a.kz", NULL},
        {"xhttps://a.kz", NULL},
        {"ftp://a.kz", NULL},
        {"://", NULL},
        {"http://", NULL},
        {"s://a http://b.kz", "http://b.kz"},
        {"no address", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str text = str_of(cases[i].text);
        size_t start = 0, end = 0;
        bool found = link_find(text, 0, &start, &end);
        if (found != (cases[i].url != NULL))
            fail_msg("%s", cases[i].text);
        if (found)
            assert_str(((struct str){text.p + start, end - start}), cases[i].url);
    }
}

static void addresses_are_encoded(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct {
        const char *url, *written;
    } cases[] = {
        {"https://қаз.kz/қ [x]\"'<>`&?a=b&c=%20#d",
         "https://қаз.kz/%D2%9B%20%5Bx%5D%22&#39;%3C%3E%60&amp;?a=b&amp;c=%20#d"},
        {"/a/б", "/a/%D0%B1"},
        {"https://[::1]/", "https://[::1]/"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf b = buf_in(a, KiB);
        link_put(&b, str_of(cases[i].url));
        assert_str(buf_str(&b), cases[i].written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_judged),      cmocka_unit_test(the_newsroom_links_to_more),
        cmocka_unit_test(hosts_are_shown),       cmocka_unit_test(addresses_are_found_in_text),
        cmocka_unit_test(addresses_are_encoded),
    };
    return RUN_TESTS(tests);
}
