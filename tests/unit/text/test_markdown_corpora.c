#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "tests/unit/text/html_check.h"
#include "text/markdown.h"

/*
 * Where md4c 0.4.8 (CommonMark 0.30) and the examples of 0.31 differ: tabs around a heading's
 * words, currency signs beside emphasis, comments in raw HTML, which stay text then.
 */
static const int known_differences[] = {10, 82, 356, 627, 628};

static struct str replaced(struct arena *a, struct str s, const char *from, const char *to)
{
    struct buf b = buf_in(a, s.n * 4 + 64);
    for (size_t i = 0; i < s.n;) {
        if (str_begins(str_from(s, i), str_of(from))) {
            buf_put(&b, str_of(to));
            i += strlen(from);
        } else {
            buf_char(&b, s.p[i++]);
        }
    }
    return buf_str(&b);
}

/* The specification's HTML as this project writes it: cross-heads, no XHTML slashes. */
static struct str as_ours(struct arena *a, struct str html)
{
    static const char *const changes[][2] = {
        {"<br />", "<br>"}, {"<hr />", "<hr>"}, {"<h1>", "<h2>"}, {"</h1>", "</h2>"},
        {"<h4>", "<h3>"},   {"</h4>", "</h3>"}, {"<h5>", "<h3>"}, {"</h5>", "</h3>"},
        {"<h6>", "<h3>"},   {"</h6>", "</h3>"},
    };
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        html = replaced(a, html, changes[i][0], changes[i][1]);
    return html;
}

/* Without the line ends beside tags, which say nothing. */
static struct str without_line_ends(struct arena *a, struct str html)
{
    struct buf b = buf_in(a, html.n + 1);
    for (size_t i = 0; i < html.n; i++) {
        bool beside = (i > 0 && html.p[i - 1] == '>') || i + 1 == html.n || html.p[i + 1] == '<';
        if (html.p[i] != '\n' || !beside)
            buf_char(&b, html.p[i]);
    }
    return buf_str(&b);
}

/* Our HTML without ids and with bare apostrophes, as the specification has it. */
static struct str as_theirs(struct arena *a, struct str html)
{
    struct buf b = buf_in(a, html.n + 1);
    html = replaced(a, html, "&#39;", "'");
    for (size_t i = 0; i < html.n;) {
        struct str rest = str_from(html, i);
        if (str_begins(rest, STR(" id=\"h-"))) {
            i += 5 + (size_t)str_find_char(str_from(rest, 5), '"') + 1;
            continue;
        }
        buf_char(&b, html.p[i++]);
    }
    return buf_str(&b);
}

static bool is_known(int example)
{
    for (size_t i = 0; i < ARRAY_LEN(known_differences); i++) {
        if (known_differences[i] == example)
            return true;
    }
    return false;
}

struct tally {
    int same, refused, different;
};

/* One example through the article's renderer; what it refuses must be something we refuse. */
static void compare(struct arena *a, int example, struct str markdown, struct str html,
                    struct tally *t)
{
    struct markdown_block *blocks;
    size_t n, depth;
    struct err e = {0};

    if (!markdown_article(a, markdown, &blocks, &n, &e)) {
        t->refused++;
        return;
    }
    struct buf b = buf_in(a, MiB);
    for (size_t i = 0; i < n; i++)
        buf_put(&b, blocks[i].html.s);
    const char *fault = html_fault(buf_str(&b), HTML_ARTICLE, &depth);
    if (fault)
        fail_msg("example %d: %s", example, fault);
    struct str got = as_theirs(a, buf_str(&b)), expected = as_ours(a, html);
    if (str_eq(without_line_ends(a, got), without_line_ends(a, expected))) {
        t->same++;
        return;
    }
    t->different++;
    if (!is_known(example))
        fail_msg("example %d:\n" STR_FMT "expected\n" STR_FMT, example, STR_ARG(got),
                 STR_ARG(expected));
}

static void commonmark_examples_agree(void **state)
{
    (void)state;
    corpora_need("markdown/spec.json");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    json_t *examples = corpora_json(a, "markdown/spec.json"), *example;
    struct tally t = {0};
    size_t i;

    json_array_foreach(examples, i, example)
    {
        int number = (int)json_integer_value(json_object_get(example, "example"));
        struct str markdown = corpora_string(json_object_get(example, "markdown"));
        compare(a, number, markdown, corpora_string(json_object_get(example, "html")), &t);
        size_t depth;
        const char *fault = html_fault(markdown_comment(a, markdown).s, HTML_COMMENT, &depth);
        if (fault)
            fail_msg("example %d as a comment: %s", number, fault);
    }
    print_message("# %d the same, %d refused, %d known to differ\n", t.same, t.refused,
                  t.different);
    assert_true(t.same >= 520);
    json_decref(examples);
}

/* cmark's regressions: fenced "example" blocks with a dot between Markdown and HTML. */
static void cmark_regressions_are_safe(void **state)
{
    (void)state;
    corpora_need("markdown/cmark-regression.txt");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str rest = corpora_read(a, "markdown/cmark-regression.txt"), line;
    struct buf b = buf_in(a, MiB);
    bool inside = false;
    int n = 0;

    while (str_next(&rest, '\n', &line)) {
        size_t depth;
        if (!inside && str_begins(line, STR("````````"))) {
            inside = true;
            buf_clear(&b);
        } else if (inside && str_eq(line, STR("."))) {
            inside = false;
            struct str text = replaced(a, buf_str(&b), "→", "\t");
            assert_null(html_fault(markdown_comment(a, text).s, HTML_COMMENT, &depth));
            struct tally t = {0};
            struct markdown_block *blocks;
            size_t blocks_n;
            struct err e;
            t.same += markdown_article(a, text, &blocks, &blocks_n, &e);
            n++;
            while (str_next(&rest, '\n', &line) && !str_begins(line, STR("````````")))
                ;
        } else if (inside) {
            buf_put(&b, line);
            buf_char(&b, '\n');
        }
    }
    assert_true(n > 20);
}

/* One vector in every place where Markdown takes text. */
static void try_vector(struct arena *a, const char *file, size_t number, struct str v)
{
    static const char *const frames[] = {
        STR_FMT,
        "[x](" STR_FMT ")",
        "[x](<" STR_FMT ">)",
        "[x]: " STR_FMT "\n\n[x]",
        "`" STR_FMT "`",
        "![" STR_FMT "](https://a.kz)",
        "[" STR_FMT "](https://a.kz)",
        "<" STR_FMT ">",
        "https://a.kz/" STR_FMT,
        "```" STR_FMT "\nx\n```",
        "# " STR_FMT,
        "[x](https://a.kz/" STR_FMT ")",
        "[x](https://a.kz '" STR_FMT "')",
        "| " STR_FMT " |\n|---|\n| " STR_FMT " |",
    };
    v = str_head(v, 60000);
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        struct buf b = buf_in(a, MiB);
        struct str rest = str_of(frames[i]), before, after;
        while (str_find(rest, STR(STR_FMT)) >= 0) {
            size_t at = (size_t)str_find(rest, STR(STR_FMT));
            before = str_head(rest, at);
            after = str_from(rest, at + sizeof STR_FMT - 1);
            buf_put(&b, before);
            buf_put(&b, v);
            rest = after;
        }
        buf_put(&b, rest);
        size_t depth, n;
        const char *fault = html_fault(markdown_comment(a, buf_str(&b)).s, HTML_COMMENT, &depth);
        struct markdown_block *blocks;
        struct err e;
        if (!fault && markdown_article(a, buf_str(&b), &blocks, &n, &e)) {
            for (size_t k = 0; k < n && !fault; k++)
                fault = html_fault(blocks[k].html.s, HTML_ARTICLE, &depth);
        }
        if (fault)
            fail_msg("%s, vector %zu in %s: %s", file, number, frames[i], fault);
    }
    arena_reset(a);
}

static void xss_vectors_stay_text(void **state)
{
    (void)state;
    static const char *const files[] = {
        "xss/h5sc-vectors.txt",
        "xss/pat/0xcela_event_handlers.txt",
        "xss/pat/BRUTELOGIC-XSS-JS.txt",
        "xss/pat/BRUTELOGIC-XSS-STRINGS.txt",
        "xss/pat/IntrudersXSS.txt",
        "xss/pat/JHADDIX_XSS.txt",
        "xss/pat/MarioXSSVectors.txt",
        "xss/pat/RSNAKE_XSS.txt",
        "xss/pat/XSSDetection.txt",
        "xss/pat/XSS_Polyglots.txt",
        "xss/pat/jsonp_endpoint.txt",
        "xss/pat/xss_alert.txt",
        "xss/pat/xss_payloads_quick.txt",
        "xss/pat/xss_swf_fuzz.txt",
        "blns/blns.txt",
    };
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        corpora_need(files[i]);
    ON_LEAVE(arena_free) struct arena *files_arena = arena_new(0);
    ON_LEAVE(arena_free) struct arena *a = arena_new(64 * KiB);
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct str rest = corpora_read(files_arena, files[i]), line;
        try_vector(a, files[i], 0, rest);
        for (size_t number = 1; str_next(&rest, '\n', &line); number++, n++)
            try_vector(a, files[i], number, line);
    }
    print_message("# %zu vectors\n", n);
    assert_true(n > 2000);
}

static void sanitiser_vectors_stay_text(void **state)
{
    (void)state;
    corpora_need("xss/dompurify-expect.json");
    ON_LEAVE(arena_free) struct arena *files_arena = arena_new(0);
    ON_LEAVE(arena_free) struct arena *a = arena_new(64 * KiB);
    json_t *list = corpora_json(files_arena, "xss/dompurify-expect.json"), *value;
    size_t i;

    json_array_foreach(list, i, value)
        try_vector(a, "dompurify", i, corpora_string(json_object_get(value, "payload")));
    assert_true(json_array_size(list) > 100);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commonmark_examples_agree),
        cmocka_unit_test(cmark_regressions_are_safe),
        cmocka_unit_test(xss_vectors_stay_text),
        cmocka_unit_test(sanitiser_vectors_stay_text),
    };
    return RUN_TESTS(tests);
}
