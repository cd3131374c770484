#include "tests/lib/unit.h"
#include "tests/unit/text/html_check.h"
#include "text/markdown.h"

#define REL " rel=\"ugc nofollow noopener noreferrer\">"

static void comments_look_like_this(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"", ""},
        {"\n\n", ""},
        {"Сәлем!", "<p>Сәлем!</p>\n"},
        {"one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>\n"},
        {"one\r\ntwo", "<p>one<br>\ntwo</p>\n"},
        {"*a* **b** `c<d`", "<p><em>a</em> <strong>b</strong> <code>c&lt;d</code></p>\n"},
        {"> q\n> r", "<blockquote>\n<p>q<br>\nr</p>\n</blockquote>\n"},
        {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
        {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
        {"```js\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"},
        {"    indented", "<p>indented</p>\n"},
        {"# Head", "<p>Head</p>\n"},
        {"Head\n===", "<p>Head</p>\n"},
        {"a\n\n***\n\nb", "<p>a</p>\n<p>* * *</p>\n<p>b</p>\n"},
        {"<b onclick=x>&amp;</b>", "<p>&lt;b onclick=x&gt;&amp;&lt;/b&gt;</p>\n"},
        {"<!-- x -->", "<p>&lt;!-- x --&gt;</p>\n"},
        {"![alt *x*](http://a.kz/p.png)", "<p>alt x</p>\n"},
        {"| a |\n|---|\n| b |", "<p>| a |<br>\n|---|<br>\n| b |</p>\n"},
        {"~~a~~ a@b.kz www.a.kz", "<p>~~a~~ a@b.kz www.a.kz</p>\n"},
        {"&eacute; &#x202; &lt;b&gt; &nosuch; &#1;",
         "<p>é Ȃ &lt;b&gt; &amp;nosuch; \xEF\xBF\xBD</p>\n"},
        {"a\\*b\\*", "<p>a*b*</p>\n"},
        {"snake_case_name", "<p>snake_case_name</p>\n"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(markdown_comment(a, str_of(cases[i].text)).s, cases[i].html);
    assert_str(markdown_comment(a, STR("a\0b")).s, "<p>a\xEF\xBF\xBD"
                                                   "b</p>\n");
}

static void links_show_where_they_lead(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"[t](https://a.kz/b)",
         "<p><a href=\"https://a.kz/b\"" REL "t</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
        {"[a.kz](https://a.kz/b)", "<p><a href=\"https://a.kz/b\"" REL "a.kz</a></p>\n"},
        {"[https://b.kz](https://a.kz)", "<p><a href=\"https://a.kz\"" REL
                                         "https://b.kz</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
        {"[t](https://a.kz \"title\")",
         "<p><a href=\"https://a.kz\"" REL "t</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
        {"<https://a.kz/b>", "<p><a href=\"https://a.kz/b\"" REL "https://a.kz/b</a></p>\n"},
        {"https://a.kz/b_c_d?e=1&f=2!", "<p><a href=\"https://a.kz/b_c_d?e=1&amp;f=2\"" REL
                                        "https://a.kz/b_c_d?e=1&amp;f=2</a>!</p>\n"},
        {"[x https://b.kz y](https://a.kz)",
         "<p><a href=\"https://a.kz\"" REL
         "x https://b.kz y</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
        {"[a]\n\n[a]: https://a.kz",
         "<p><a href=\"https://a.kz\"" REL "a</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
        {"`https://a.kz`", "<p><code>https://a.kz</code></p>\n"},
        {"[![p](https://b.kz/p.png)](https://a.kz)",
         "<p><a href=\"https://a.kz\"" REL "p</a> <bdi class=\"host\">(a.kz)</bdi></p>\n"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(markdown_comment(a, str_of(cases[i].text)).s, cases[i].html);
}

/* md4c 0.4.8 would take the byte behind the text for the link's end, and then run far beyond. */
static void nothing_behind_the_text_is_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const char *const texts[] = {"[x](https://a.kz)y",
                                        "[x](<https://a.kz>)",
                                        "[x](https://a.kz 't')",
                                        "![x](https://a.kz)",
                                        "`a`",
                                        "**a**",
                                        "<https://a.kz>",
                                        "&amp;"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str whole = str_of(texts[i]);
        for (size_t n = 1; n < whole.n; n++) {
            struct str cut = str_head(whole, n), alone = {arena_take(a, n), n};
            memcpy((char *)(uintptr_t)alone.p, cut.p, n);
            struct str got = markdown_comment(a, cut).s;
            if (!str_eq(got, markdown_comment(a, alone).s))
                fail_msg(STR_FMT ": " STR_FMT, STR_ARG(cut), STR_ARG(got));
        }
    }
    assert_str(markdown_comment(a, str_head(STR("[x](a:b)"), 7)).s, "<p>[x](a:b</p>\n");
}

static void refused_links_are_text(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html;base64,PHM+",
        "vbscript:x",
        "mailto:a@b.kz",
        "//a.kz",
        "/path",
        "https://u:p@a.kz",
        "https://a.kz\\\\@b.kz",
        "&#104;ttps://u@a.kz",
        "blob:https://a.kz/x",
        "https&colon;//u@a.kz",
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct str text = arena_printf(a, "[t](%s)", urls[i]);
        assert_str(markdown_comment(a, text).s, "<p>t</p>\n");
        struct str reference = arena_printf(a, "[t]\n\n[t]: %s", urls[i]);
        assert_str(markdown_comment(a, reference).s, "<p>t</p>\n");
    }
    /* Entities are decoded before the judgement, so that a good address stays good. */
    assert_str(markdown_comment(a, STR("[a.kz](&#104;ttps://a.kz)")).s,
               "<p><a href=\"https://a.kz\"" REL "a.kz</a></p>\n");
}

static struct str repeated(struct arena *a, const char *unit, size_t bytes)
{
    struct buf b = buf_in(a, 4 * MiB);
    while (b.n < bytes)
        buf_put(&b, str_of(unit));
    return buf_str(&b);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    static const char *const units[] = {"> ", ">", "- ", "+ ", "1. ", "> - ", "*a **b ", "_a *b "};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        for (size_t bytes = 8; bytes <= 4000; bytes = bytes * 3 / 2) {
            struct str text = repeated(a, units[i], bytes);
            struct buf b = buf_in(a, MiB);
            buf_put(&b, text);
            buf_put(&b, STR("x"));
            for (size_t n = 0; i >= 6 && n < bytes / 7; n++)
                buf_put(&b, STR(" b** a*"));
            size_t depth = 0;
            const char *fault =
                html_fault(markdown_comment(a, buf_str(&b)).s, HTML_COMMENT, &depth);
            if (fault)
                fail_msg("%s × %zu: %s", units[i], bytes, fault);
            assert_true(depth <= 2 * 8 + 8 + 2);
        }
    }
    /* Nine lists: the ninth's items are lines of the eighth's. */
    assert_str(
        markdown_comment(a, STR("> > > > > > > > > > deep\n")).s,
        "<blockquote>\n<blockquote>\n<blockquote>\n<blockquote>\n<blockquote>\n<blockquote>\n"
        "<blockquote>\n<blockquote>\n<p>deep</p>\n</blockquote>\n</blockquote>\n</blockquote>\n"
        "</blockquote>\n</blockquote>\n</blockquote>\n</blockquote>\n</blockquote>\n");
    struct str lists = markdown_comment(a, STR("- - - - - - - - - a\n                - b\n")).s;
    assert_true(str_find(lists, STR("<li>a<br>\nb</li>")) >= 0);
}

/*
 * Whatever is repeated, the markup is at most a constant times the text: the bound that keeps time
 * linear too, because md4c's own excesses are refused before it sees them.
 */
/* Whether all of it was taken as text: lines that are escaped. */
static bool is_text(struct str html)
{
    struct str rest = html, line;
    while (str_next(&rest, '\n', &line)) {
        struct str words = str_begins(line, STR("<p>")) ? str_from(line, 3) : line;
        for (size_t i = 0; i < words.n; i++) {
            struct str tag = str_from(words, i);
            if (tag.p[0] == '<' && !str_eq(tag, STR("<br>")) && !str_eq(tag, STR("</p>")))
                return false;
        }
    }
    return true;
}

static size_t longest(struct html h, struct str text)
{
    return (is_text(h.s) ? 8 : 2) * text.n + 16 * KiB;
}

static void output_grows_with_the_text(void **state)
{
    (void)state;
    static const char *const units[] = {
        "[",          "]",       "*",       "_",
        "`",          ">",       "<",       "&",
        "![",         "[a](",    "\\",      "- ",
        "-\n+\n",     "> x\n",   "*a **b ", "a**b",
        "[a]: b\n",   "[a] ",    "http://", "http://a ",
        "<http://a>", "\n[a]( ", "]([\n",   "1)\n1.\n",
        "`` a ` ",    "- x\n\n", "\n\n> ",  "&amp;",
        "\"",         "# a\n",   "~~~\n",   "[a](http://b)",
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        for (size_t bytes = 2000; bytes <= 200000; bytes *= 10) {
            struct str text = repeated(a, units[i], bytes);
            struct html h = markdown_comment(a, text);
            size_t depth;
            const char *fault = html_fault(h.s, HTML_COMMENT, &depth);
            if (fault)
                fail_msg("%s: %s", units[i], fault);
            if (h.s.n > longest(h, text))
                fail_msg("%s: %zu bytes of %zu", units[i], h.s.n, text.n);
        }
        arena_reset(a);
    }
}

/* A definition's long address, used again and again: the square of the text if it were written. */
static void references_do_not_multiply(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const char *const heads[] = {"[a]: https://a.kz/", "[a]: javascript:"};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        struct buf b = buf_in(a, 4 * MiB);
        buf_put(&b, str_of(heads[i]));
        buf_put(&b, repeated(a, "x", 1900));
        buf_put(&b, STR("\n\n"));
        buf_put(&b, repeated(a, "[a]\n\n", 400000));
        struct html h = markdown_comment(a, buf_str(&b));
        size_t depth;
        assert_null(html_fault(h.s, HTML_COMMENT, &depth));
        assert_true(h.s.n <= longest(h, buf_str(&b)));
    }
}

static void what_is_too_much_is_text(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str quotes = repeated(a, ">", 100);
    struct str html = markdown_comment(a, quotes).s;
    assert_true(str_begins(html, STR("<p>&gt;&gt;")));
    struct buf b = buf_in(a, 4 * MiB);
    buf_put(&b, STR("one\ntwo <b>\n \n*three*\n"));
    buf_put(&b, quotes);
    assert_true(str_begins(markdown_comment(a, buf_str(&b)).s,
                           STR("<p>one<br>\ntwo &lt;b&gt;</p>\n<p>*three*<br>\n&gt;")));
    /* A drawn line is no nest. */
    assert_str(markdown_comment(a, repeated(a, "- ", 300)).s, "<p>* * *</p>\n");
    assert_str(markdown_comment(a, repeated(a, "=", 300)).s.n > 300 ? STR("yes") : STR("no"),
               "yes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_look_like_this),
        cmocka_unit_test(links_show_where_they_lead),
        cmocka_unit_test(refused_links_are_text),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(output_grows_with_the_text),
        cmocka_unit_test(references_do_not_multiply),
        cmocka_unit_test(what_is_too_much_is_text),
        cmocka_unit_test(nothing_behind_the_text_is_read),
    };
    return RUN_TESTS(tests);
}
