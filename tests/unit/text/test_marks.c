/* What a rule met, read from its decision and marked in the words as they are shown. */
#include "tests/lib/unit.h"
#include "text/markdown.h"

static void places_are_read_in_order(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = STR("one two three");
    struct marks m = marks_parse(a, STR("0+3 4+3 8+5"), text);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.items[2].at, 8);
    assert_int_equal(m.items[2].n, 5);
    assert_int_equal(marks_parse(a, STR_NONE, text).n, 0);
}

static void disguises_are_kept_with_their_place(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = STR("one two three four");
    struct buf b = buf_in(a, 4 * KiB), entry = buf_in(a, 4 * KiB);
    for (int i = 0; i < 201; i++)
        buf_char(&entry, 'x');
    mark_print(&b, (struct mark){0, 3}, (struct mark_note){0, STR("one")});
    mark_print(&b, (struct mark){4, 3}, (struct mark_note){72, STR("иди на*")});
    mark_print(&b, (struct mark){8, 5}, (struct mark_note){8, buf_str(&entry)});
    buf_put(&b, STR(" 14+4:x:y"));
    assert_str(buf_str(&b), "0+3 4+3:72:иди+на* 8+5:8: 14+4:x:y");

    const struct mark_note *notes;
    struct marks m = marks_parse_noted(a, buf_str(&b), text, &notes);
    assert_int_equal(m.n, 4);
    assert_int_equal(notes[0].disguises, 0);
    assert_int_equal(notes[0].entry.n, 0);
    assert_int_equal(m.items[1].at, 4);
    assert_int_equal(notes[1].disguises, 72);
    assert_str(notes[1].entry, "иди на*");
    assert_int_equal(notes[2].disguises, 8);
    assert_int_equal(notes[2].entry.n, 0);
    assert_int_equal(notes[3].disguises, 0);
}

/* Words may have been edited since; nobody but rules writes places, but a database is a database.
 */
static void places_that_do_not_fit_are_left_out(void **state)
{
    static const struct {
        const char *places;
        size_t n;
    } cases[] = {
        {"0+99", 0},
        {"13+1", 0},
        {"12+1", 1},
        {"4+3 0+3", 1},
        {"0+5 4+3", 1},
        {"0+0", 0},
        {"-1+3", 0},
        {"a+b", 0},
        {"3", 0},
        {"+", 0},
        {"0+3  4+3 ", 2},
        {"99999999999999999999+1", 0},
        {"1+2147483647", 0},
        {"2147483647+2147483647", 0},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(marks_parse(a, str_of(cases[i].places), STR("one two three")).n,
                         cases[i].n);
    /* Half a letter is none. */
    assert_int_equal(marks_parse(a, STR("1+2"), STR("жук")).n, 0);
    assert_int_equal(marks_parse(a, STR("0+3"), STR("жук")).n, 0);
    assert_int_equal(marks_parse(a, STR("0+2"), STR("жук")).n, 1);
    struct buf many = buf_in(a, 64 * KiB), text = buf_in(a, 64 * KiB);
    for (int i = 0; i < 500; i++) {
        buf_printf(&many, "%d+1 ", 2 * i);
        buf_put(&text, STR("x "));
    }
    assert_int_equal(marks_parse(a, buf_str(&many), buf_str(&text)).n, MARKS_MAX);
}

static struct str marked(struct arena *a, const char *places, const char *text)
{
    struct str t = str_of(text);
    return markdown_comment_marked(a, t, marks_parse(a, str_of(places), t)).s;
}

static void words_are_marked_where_they_are_shown(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(marked(a, "4+3", "one two three"), "<p>one <mark>two</mark> three</p>\n");
    assert_str(marked(a, "0+3", "one"), "<p><mark>one</mark></p>\n");
    assert_str(marked(a, "0+3 3+4", "one two"), "<p><mark>one</mark><mark> two</mark></p>\n");
    /* What is marked is escaped as all else is. */
    assert_str(marked(a, "0+3", "<b>x</b>"), "<p><mark>&lt;b&gt;</mark>x&lt;/b&gt;</p>\n");
    /* Markup within is kept well-formed: each run of plain words has a mark of its own. */
    assert_str(marked(a, "0+9", "on*e t*wo"),
               "<p><mark>on</mark><em><mark>e t</mark></em><mark>wo</mark></p>\n");
    assert_str(marked(a, "2+5", "**two** three"),
               "<p><strong><mark>two</mark></strong> three</p>\n");
    assert_str(marked(a, "0+7", "one\ntwo"), "<p><mark>one</mark><br>\n<mark>two</mark></p>\n");
    /* A reference is marked whole, if any of it is. */
    assert_str(marked(a, "0+8", "f&#111;o &amp; b"),
               "<p><mark>f</mark><mark>o</mark><mark>o</mark> &amp; b</p>\n");
    assert_str(marked(a, "10+2", "f&#111;o &amp; b"), "<p>foo <mark>&amp;</mark> b</p>\n");
    /* Within a link's words, and not in its address. */
    assert_str(marked(a, "8+4", "https://a.kz/"),
               "<p><a href=\"https://a.kz/\" rel=\"ugc nofollow noopener noreferrer\">"
               "https://<mark>a.kz</mark>/</a></p>\n");
    assert_str(marked(a, "3+6", "- `a code` -"),
               "<ul>\n<li><code><mark>a code</mark></code> -</li>\n</ul>\n");
}

static void without_marks_nothing_changes(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const char *texts[] = {"", "one *two*", "> said\n\n1. a\n2. b", "[x](https://a.kz/ \"t\")"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str plain = markdown_comment(a, str_of(texts[i])).s;
        struct str same = markdown_comment_marked(a, str_of(texts[i]), (struct marks){0}).s;
        assert_true(str_eq(plain, same));
    }
}

/* Whatever is marked, also in a text that is too deep to be understood: well-formed, same words. */
static void any_place_keeps_the_page_whole(void **state)
{
    static const char *texts[] = {
        "a **b *c* d** `e` [f](https://g.kz/h) &amp; https://i.kz\n\n> j\n\n- k\n- l <m> \"n\"",
        ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> too deep <x>\n\nжук",
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str text = str_of(texts[i]);
        struct str words = escape_html_to_text(a, markdown_comment(a, text));
        for (size_t at = 0; at < text.n; at++) {
            for (size_t n = 1; at + n <= text.n; n += 3) {
                struct str places = arena_printf(a, "%zu+%zu", at, n);
                struct html h = markdown_comment_marked(a, text, marks_parse(a, places, text));
                assert_true(str_eq(escape_html_to_text(a, h), words));
            }
        }
    }
}

/* Places as they are printed, joined and printed again. */
static struct str joined(struct arena *a, const char *one, const char *other, struct str text)
{
    struct marks m =
        marks_join(a, marks_parse(a, str_of(one), text), marks_parse(a, str_of(other), text));
    struct buf b = buf_in(a, 64 * KiB);
    for (size_t i = 0; i < m.n; i++)
        buf_printf(&b, "%s%zu+%zu", i ? " " : "", m.items[i].at, m.items[i].n);
    return buf_str(&b);
}

static void places_of_two_are_joined(void **state)
{
    static const char *const cases[][3] = {
        {"", "", ""},
        {"1+2", "", "1+2"},
        {"", "1+2", "1+2"},
        {"1+2", "1+2", "1+2"},
        {"5+1", "1+2", "1+2 5+1"},
        {"1+2", "3+2", "1+2 3+2"}, /* beside each other are two */
        {"1+3", "2+4", "1+5"},
        {"1+8", "2+1 4+1", "1+8"},
        {"2+1 4+1", "1+8 9+1", "1+8 9+1"},
        {"1+2 4+2", "2+3", "1+5"},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(joined(a, cases[i][0], cases[i][1], STR("0123456789")), cases[i][2]);
    struct mark empty[] = {{1, 0}, {3, 1}};
    assert_int_equal(marks_join(a, (struct marks){empty, 2}, (struct marks){0}).n, 1);
}

static void more_places_than_there_may_be_are_left_out(void **state)
{
    struct mark even[MARKS_MAX], odd[MARKS_MAX];
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < MARKS_MAX; i++) {
        even[i] = (struct mark){4 * i, 1};
        odd[i] = (struct mark){4 * i + 2, 1};
    }
    struct marks m = marks_join(a, (struct marks){even, MARKS_MAX}, (struct marks){odd, MARKS_MAX});
    assert_int_equal(m.n, MARKS_MAX);
    assert_int_equal(m.items[MARKS_MAX - 1].at, 2 * (MARKS_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read_in_order),
        cmocka_unit_test(disguises_are_kept_with_their_place),
        cmocka_unit_test(places_that_do_not_fit_are_left_out),
        cmocka_unit_test(words_are_marked_where_they_are_shown),
        cmocka_unit_test(without_marks_nothing_changes),
        cmocka_unit_test(any_place_keeps_the_page_whole),
        cmocka_unit_test(places_of_two_are_joined),
        cmocka_unit_test(more_places_than_there_may_be_are_left_out),
    };
    return RUN_TESTS(tests);
}
