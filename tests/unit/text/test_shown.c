#include <unicode/uchar.h>

#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "text/escape.h"
#include "text/markdown.h"
#include "text/shown.h"
#include "text/utf8.h"

static void words_are_shown_without_markdown(void **state)
{
    static const struct {
        const char *source, *shown;
    } cases[] = {
        {"", ""},
        {"plain words, (and) \"signs\" - 5 > 3!", "plain words, (and) \"signs\" - 5 > 3!"},
        {"б&#1072;д б&#x430;д ба&#8203;д &amp;amp; b&aacute;d", "бад бад ба\u200Bд &amp; b\u00E1d"},
        {"&nosuch; &#; & &#1;", "&nosuch; &#; & \uFFFD"},
        {"б**а**д б*а*д __бад__ ***бад*** `бад` б``а``д", "бад бад бад бад бад бад"},
        {"2*3*4 a_b_c ~~a~~", "234 a_b_c ~~a~~"},
        {"b*d, _б_ад", "b*d, _б_ад"},
        {"б\\ад б\\-ад \\*бад\\* бад\\", "б\\ад б-ад *бад* бад\\"},
        {"б[а](http://a.example \"title\")д [x][r] <http://b.example>\n\n[r]: http://c.example",
         "бад x http://b.example"},
        {"![alt *text*](http://a.example/p.png) [не ссылка]", "alt text [не ссылка]"},
        {"one\ntwo  \nthree\\\nfour\n\n\nfive", "one\ntwo\nthree\nfour\n\nfive"},
        {"# Head\nText\nHead\n===\n---", "Head\n\nText\nHead\n\n* * *"},
        {"> said\nlazy\n> > deep\n\nanswer", "said\nlazy\n\ndeep\n\nanswer"},
        {"- a\n- b\n\n1. c\n2. d", "a\nb\n\nc\nd"},
        {"```c\nint *a;\n\nb\n```\nend", "int *a;\n\nb\n\n\nend"},
        {"<b>no</b> <!-- tags -->", "<b>no</b> <!-- tags -->"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        assert_str(shown_of(a, str_of(cases[i].source)).text, cases[i].shown);
    }
}

static void quoted_lines_are_told_apart(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(shown_quoting(a, STR("one\n\n> t**w**o\nlazy\n> > three\n\nfour")),
               "one\n\n> two\n> lazy\n\n> three\n\nfour");
    assert_str(shown_quoting(a, STR("> ```\n> a\n>\n> b\n> ```\nc")), "> a\n> \n> b\n\n\nc");
    assert_str(shown_quoting(a, STR(">\n>\n\n>")), "");
}

/* Each word of these stands in the source as the bytes between the bars. */
static void places_lead_back(void **state)
{
    static const struct {
        const char *barred, *word;
    } cases[] = {
        {"the |word| here", "word"},
        {"the |wo&#114;d| here", "word"},
        {"the |&#119;ord| here", "word"},
        {"the |wor&#x64;|, here", "word"},
        {"the |wo**r**d| here", "word"},
        {"the **|wor**d| here", "word"},
        {"the |wo[r](http://a.example)d| here", "word"},
        {"the [|word|](http://a.example) here", "word"},
        {"the |wo\\-rd| here", "wo-rd"},
        {"the `|word|` here", "word"},
        {"> the\n> - |word|\n\nhere", "word"},
        {"the\n\n|wo&zwnj;rd|\n\nhere", "wo\u200Crd"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str before, rest, within, after, barred = str_of(cases[i].barred);
        assert_true(str_cut(barred, '|', &before, &rest) && str_cut(rest, '|', &within, &after));
        struct str source = arena_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(before),
                                         STR_ARG(within), STR_ARG(after));
        struct shown s = shown_of(a, source);
        ptrdiff_t at = str_find(s.text, str_of(cases[i].word));
        assert_true(at >= 0);
        struct mark m = shown_source(&s, (struct mark){(size_t)at, str_of(cases[i].word).n});
        if (m.at != before.n || m.n != within.n)
            fail_msg("%s: %zu+%zu", cases[i].barred, m.at, m.n);
        struct mark back = shown_place(&s, m);
        assert_true(back.at == (size_t)at && back.n == str_of(cases[i].word).n);
    }
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct shown s = shown_of(a, STR("a [b](http://c.example) d"));
    assert_int_equal(shown_place(&s, (struct mark){6, 16}).n, 0);
    assert_int_equal(shown_source(&s, (struct mark){5, 1}).n, 0);
    assert_int_equal(shown_source(&s, (struct mark){0, 0}).n, 0);
}

/* --- Whatever is written: the same as the page shows. ---------------------------------------- */

static struct str without_space(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, s.n + 1);
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        if (!u_isUWhiteSpace((UChar32)utf8_next(s, &at)))
            buf_put(&b, (struct str){s.p + from, at - from});
    }
    return buf_str(&b);
}

/* The page without the hosts that it adds behind links. */
static struct html without_hosts(struct arena *a, struct html page)
{
    struct buf b = buf_in(a, page.s.n + 1);
    ptrdiff_t at;
    while ((at = str_find(page.s, STR("<bdi class=\"host\">"))) >= 0) {
        buf_put(&b, str_head(page.s, (size_t)at));
        page.s = str_from(page.s, (size_t)at);
        page.s = str_from(page.s, (size_t)str_find(page.s, STR("</bdi>")) + 6);
    }
    buf_put(&b, page.s);
    return (struct html){buf_str(&b)};
}

static void pieces_check(const struct shown *s, struct str source)
{
    size_t at = 0, from = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct shown_piece *p = &s->pieces[i];
        size_t end = i + 1 < s->n ? s->pieces[i + 1].at : s->text.n;
        assert_true(p->at == at && end > at && p->from >= from && p->from + p->n <= source.n);
        if (p->is_copy)
            assert_true(p->n == end - at && !memcmp(source.p + p->from, s->text.p + at, p->n));
        at = end;
        from = p->from + p->n;
    }
    assert_int_equal(at, s->text.n);
}

static void page_check(struct str source)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct shown s = shown_of(a, source);
    struct html page = without_hosts(a, markdown_comment(a, source));
    struct str expected = without_space(a, escape_html_to_text(a, page));

    assert_true(utf8_is_valid(s.text));
    pieces_check(&s, source);
    if (!str_eq(without_space(a, s.text), expected))
        fail_msg("of\n" STR_FMT "\nreaders see\n" STR_FMT "\nand not\n" STR_FMT, STR_ARG(source),
                 STR_ARG(expected), STR_ARG(s.text));
}

static void noise_is_shown_as_on_the_page(void **state)
{
    static const char *const parts[] = {
        "a",        "б",     " ",   "\n",  "\n\n", "*",   "**",      "_",         "`",
        "```\n",    "[",     "](",  ")",   "]",    "<",   ">",       "\n> ",      "\n- ",
        "\n1. ",    "\n# ",  "---", "===", "\\",   "\\-", "&amp;",   "&#1072;",   "&#8203;",
        "&nosuch;", "&#10;", "![",  "~~",  "\t",   "\"",  "http://", "a.example", "[r]: ",
    };
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char bytes[400];
        struct buf b = {.p = bytes, .capacity = sizeof bytes, .max = sizeof bytes};
        for (int k = 0; k < 30; k++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            buf_put(&b, str_of(parts[(seed >> 33) % ARRAY_LEN(parts)]));
        }
        page_check(buf_str(&b));
    }
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf deep = buf_in(a, 64 * KiB);
    for (int i = 0; i < 20; i++)
        buf_put(&deep, STR("> - *a* "));
    page_check(buf_str(&deep));
    for (int i = 0; i < 100; i++)
        buf_put(&deep, STR("> "));
    buf_put(&deep, STR("x **y**\n\nz\nz  \n"));
    page_check(buf_str(&deep)); /* too deep to be understood: as it came */
    page_check(STR("a\0b*c*"));
}

static void examples_are_shown_as_on_the_page(void **state)
{
    (void)state;
    corpora_need("markdown/spec.json");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    json_t *examples = corpora_json(a, "markdown/spec.json"), *example;
    size_t i;
    json_array_foreach(examples, i, example)
    {
        page_check(corpora_string(json_object_get(example, "markdown")));
    }
    assert_true(i > 600);
    json_decref(examples);
}

static void comments_are_shown_as_on_the_page(void **state)
{
    static const char *const files[] = {"../data/moderation/ru_toxic_2ch_pikabu.jsonl",
                                        "../data/moderation/app_reviews_uz.jsonl"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        corpora_need(files[i]);
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str rest = corpora_read(a, files[i]), line;
        size_t n = 0;
        while (n < 5000 && str_next(&rest, '\n', &line)) {
            json_t *json = json_loadb(line.p, line.n, 0, NULL);
            if (!json)
                continue;
            page_check(corpora_string(json_object_get(json, "text")));
            json_decref(json);
            n++;
        }
        assert_true(n > 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_shown_without_markdown),
        cmocka_unit_test(quoted_lines_are_told_apart),
        cmocka_unit_test(places_lead_back),
        cmocka_unit_test(noise_is_shown_as_on_the_page),
        cmocka_unit_test(examples_are_shown_as_on_the_page),
        cmocka_unit_test(comments_are_shown_as_on_the_page),
    };
    return RUN_TESTS(tests);
}
