#include "text/escape.h"

#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "text/entity.h"
#include "text/utf8.h"

static struct str with(struct arena *a, void (*escape)(struct buf *, struct str), struct str s)
{
    struct buf b = buf_in(a, MiB);
    escape(&b, s);
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

static void each_context_has_its_own(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(with(a, escape_html, STR("<a href='x' t=\"y\">&amp;</a>")),
               "&lt;a href=&#39;x&#39; t=&quot;y&quot;&gt;&amp;amp;&lt;/a&gt;");
    assert_str(with(a, escape_html, STR("")), "");
    assert_str(with(a, escape_xml,
                    STR("a\x01<\x08\n\xEF\xBF\xBE"
                        "b\x1f")),
               "a&lt;\nb");
    assert_str(
        with(a, escape_json, STR("</script>&\"\\\n\t\b\f\r\x01\x0b\x7f\xE2\x80\xA8\xE2\x80\xA9")),
        "\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\t\\b\\f\\r\\u0001\\u000b\\u007f\\u2028\\u2029");
    assert_str(with(a, escape_json, STR("Айтыс — \xE2\x80\xA7 \xE2\x82")),
               "Айтыс — \xE2\x80\xA7 \xE2\x82");
    assert_str(escape_to_html(a, STR("\"\"\"'&<>")).s, "&quot;&quot;&quot;&#39;&amp;&lt;&gt;");
}

static void text_comes_out_of_html(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct html h = {STR("<p>A &amp; <em>B</em>,<br>\n  &lt;b&gt;</p>\n<ul>\n<li>one</li>\n"
                         "<li>two &#39;3&#39;</li>\n</ul>\n<p title=\"x\">&quot;</p>")};
    assert_str(escape_html_to_text(a, h), "A & B,\n<b>\none\ntwo '3'\n\"");
    assert_str(escape_html_to_text(a, (struct html){STR("a <unclosed")}), "a");
    assert_str(escape_html_to_text(a, (struct html){STR_NONE}), "");
}

/* Undoes escape_html by hand: the three entities and two numbers that it writes. */
static struct str unescape(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        char c[ENTITY_BYTES_MAX];
        size_t used = 1, n = s.p[i] == '&' ? entity_parse(str_from(s, i), &used, c) : 0;
        buf_put(&b, n ? (struct str){c, n} : (struct str){s.p + i, 1});
        i += used;
    }
    return buf_str(&b);
}

static void naughty_strings_come_back(void **state)
{
    (void)state;
    corpora_need("blns/blns.json");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    json_t *list = corpora_json(a, "blns/blns.json"), *value;
    size_t i;

    json_array_foreach(list, i, value)
    {
        struct str s = corpora_string(value), html = escape_to_html(a, s).s;
        if (!str_eq(unescape(a, html), s))
            fail_msg("string %zu changed in HTML", i);
        if (str_find_char(html, '<') >= 0 || str_find_char(html, '>') >= 0 ||
            str_find_char(html, '"') >= 0 || str_find_char(html, '\'') >= 0)
            fail_msg("string %zu is not escaped", i);
        struct str json = with(a, escape_json, s);
        struct str quoted = arena_printf(a, "\"" STR_FMT "\"", STR_ARG(json));
        json_t *back = json_loadb(quoted.p, quoted.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!back || !str_eq(corpora_string(back), s))
            fail_msg("string %zu changed in JSON", i);
        json_decref(back);
    }
    assert_true(json_array_size(list) > 400);
    json_decref(list);
}

static void references_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *reference, *text;
    } good[] = {
        {"&amp;", "&"},
        {"&AMP;", "&"},
        {"&copy;x", "©"},
        {"&#65;", "A"},
        {"&#x41;", "A"},
        {"&#X1F600;", "😀"},
        {"&#0;", "\xEF\xBF\xBD"},
        {"&#xD800;", "\xEF\xBF\xBD"},
        {"&#1114112;", "\xEF\xBF\xBD"},
        {"&ngE;", "≧̸"},
        {"&CounterClockwiseContourIntegral;", "∳"},
        {"&Aacute;", "Á"},
        {"&zwnj;", "\xE2\x80\x8C"},
    };
    static const char *const bad[] = {"&",           "&;",          "&#;",   "&#x;",
                                      "&#12345678;", "&#x1234567;", "&amp",  "&nosuch;",
                                      "&am p;",      "&#1a;",       "a&amp;"};
    char c[ENTITY_BYTES_MAX];
    size_t used = 0;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct str s = {c, entity_parse(str_of(good[i].reference), &used, c)};
        assert_str(s, good[i].text);
        assert_int_equal(good[i].reference[used - 1], ';');
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(entity_parse(str_of(bad[i]), &used, c), 0);
    for (size_t i = 1; i < entities_n; i++)
        assert_true(strcmp(entities[i - 1].name, entities[i].name) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_context_has_its_own),
        cmocka_unit_test(text_comes_out_of_html),
        cmocka_unit_test(naughty_strings_come_back),
        cmocka_unit_test(references_are_read),
    };
    return RUN_TESTS(tests);
}
