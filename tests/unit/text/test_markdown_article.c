#include "tests/lib/unit.h"
#include "tests/unit/text/html_check.h"
#include "text/markdown.h"

static struct str joined(struct arena *a, struct str text)
{
    struct markdown_block *blocks;
    size_t n;
    struct err e = {0};
    struct buf b = buf_in(a, 16 * MiB);

    if (!markdown_article(a, text, &blocks, &n, &e))
        fail_msg("%s", e.why);
    for (size_t i = 0; i < n; i++)
        buf_put(&b, blocks[i].html.s);
    return buf_str(&b);
}

static void bodies_become_blocks(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct markdown_block *blocks;
    size_t n;
    struct err e = {0};
    assert_true(markdown_article(a,
                                 STR("First *one*\nsecond line\n\n# Cross-head\n\n> quote\n\n"
                                     "- a\n- b\n\n***\n\nLast [x](/p \"t\") <mailto:a@b.kz>\n"),
                                 &blocks, &n, &e));
    assert_int_equal(n, 6);
    assert_str(blocks[0].html.s, "<p>First <em>one</em>\nsecond line</p>\n");
    assert_true(blocks[0].is_paragraph);
    assert_str(blocks[1].html.s, "<h2 id=\"h-cross-head\">Cross-head</h2>\n");
    assert_false(blocks[1].is_paragraph);
    assert_str(blocks[2].html.s, "<blockquote>\n<p>quote</p>\n</blockquote>\n");
    assert_false(blocks[2].is_paragraph);
    assert_str(blocks[3].html.s, "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
    assert_str(blocks[4].html.s, "<hr>\n");
    assert_str(blocks[5].html.s, "<p>Last <a href=\"/p\" title=\"t\">x</a> <a "
                                 "href=\"mailto:a@b.kz\">mailto:a@b.kz</a></p>\n");
    assert_true(blocks[5].is_paragraph);
    assert_true(markdown_article(a, STR(""), &blocks, &n, &e));
    assert_int_equal(n, 0);
}

static void headings_have_ids(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(joined(a, STR("# Что дальше?\n## Что   *дальше*\n### Үш\n###### Six\n# ***\n# ?\n")),
               "<h2 id=\"h-что-дальше\">Что дальше?</h2>\n"
               "<h2 id=\"h-что-дальше-2\">Что   <em>дальше</em></h2>\n"
               "<h3 id=\"h-үш\">Үш</h3>\n<h3 id=\"h-six\">Six</h3>\n"
               "<h2 id=\"h-part\">***</h2>\n<h2 id=\"h-part-2\">?</h2>\n");
    struct buf b = buf_in(a, MiB);
    for (int i = 0; i < 2000; i++)
        buf_put(&b, STR("# a\n"));
    struct str html = joined(a, buf_str(&b));
    assert_true(str_find(html, STR("id=\"h-a-256\"")) > 0);
    assert_true(str_find(html, STR("id=\"h-a-257\"")) < 0);
}

static void tables_are_written(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(
        joined(a, STR("| a | b |\n|---|--:|\n| 1 | <2 |\n")),
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"right\">b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td class=\"right\">&lt;2</td>\n</tr>\n</tbody>\n</table>\n");
}

static void faults_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"a\n\n<div>x</div>\n", "line 3: raw HTML"},
        {"a\nb <b>c</b>\n", "line 2: raw HTML"},
        {"<!-- x -->", "line 1: raw HTML"},
        {"a\n\nb\n![x](y.png)\n", "line 4: a picture; pictures are set between the blocks"},
        {"a\n\n[x](javascript:alert(1))",
         "line 3: a link that is not http, https, mailto or a path"},
        {"[x](&#x6A;avascript:1)", "line 1: a link that is not http, https, mailto or a path"},
        {"\n\n<data:text/html,x>", "line 3: a link that is not http, https, mailto or a path"},
        {"a\n[x][y]\n\n[y]: //evil.com",
         "line 2: a link that is not http, https, mailto or a path"},
        {"[x](relative)", "line 1: a link that is not http, https, mailto or a path"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct markdown_block *blocks = NULL;
        size_t n = 7;
        struct err e = {0};
        if (markdown_article(a, str_of(cases[i].text), &blocks, &n, &e))
            fail_msg("accepted: %s", cases[i].text);
        assert_int_equal(e.kind, ERR_INVALID);
        assert_string_equal(e.why, cases[i].why);
        assert_null(blocks);
        assert_int_equal(n, 7);
    }
}

static void excess_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct markdown_block *blocks;
    size_t n;
    struct err e = {0};
    struct buf b = buf_in(a, 8 * MiB);

    for (int i = 0; i < 70; i++)
        buf_put(&b, STR("|a"));
    buf_put(&b, STR("\n"));
    for (int i = 0; i < 70; i++)
        buf_put(&b, STR("|---"));
    buf_put(&b, STR("\n"));
    assert_false(markdown_article(a, buf_str(&b), &blocks, &n, &e));
    assert_non_null(strstr(e.why, "64 columns"));

    buf_clear(&b);
    buf_put(&b, STR("text\n\n"));
    for (int i = 0; i < 100; i++)
        buf_put(&b, STR("> "));
    assert_false(markdown_article(a, buf_str(&b), &blocks, &n, &e));
    assert_string_equal(e.why, "line 3: quotations or lists are too deep");

    buf_clear(&b);
    for (int i = 0; i < 40000; i++)
        buf_put(&b, STR("[a](\n"));
    assert_false(markdown_article(a, buf_str(&b), &blocks, &n, &e));
    assert_int_equal(e.kind, ERR_INVALID);

    buf_clear(&b);
    while (b.n <= MiB)
        buf_put(&b, STR("words and words\n\n"));
    assert_false(markdown_article(a, buf_str(&b), &blocks, &n, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    if (!markdown_article(a, str_head(buf_str(&b), MiB), &blocks, &n, &e))
        fail_msg("%s", e.why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_become_blocks), cmocka_unit_test(headings_have_ids),
        cmocka_unit_test(tables_are_written),   cmocka_unit_test(faults_name_the_line),
        cmocka_unit_test(excess_is_refused),
    };
    return RUN_TESTS(tests);
}
