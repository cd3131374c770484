/* Charts: where bars stand, that words are escaped, what is left out. */
#include "tests/lib/unit.h"

#include "view/chart.h"

static const struct view_bar bars[] = {
    {STR_INIT("0"), {4, 2}},
    {STR_INIT(""), {0, 8}},
    {STR_INIT("<6>"), {1000000, -3}},
    {STR_INIT("18"), {0, 0}},
};

static bool has(struct html h, const char *what)
{
    return str_find(h.s, str_of(what)) >= 0;
}

static size_t count(struct html h, const char *what)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(h.s, str_of(what))) >= 0; n++)
        h.s = str_from(h.s, (size_t)at + strlen(what));
    return n;
}

static struct view_chart chart_of(size_t n)
{
    return (struct view_chart){.key = STR("hours"),
                               .title = STR("By \"hour\""),
                               .about = STR("<most>"),
                               .bars = bars,
                               .n = n,
                               .n_series = 2,
                               .most = STR("8")};
}

static void bars_are_as_high_as_their_numbers(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct view_chart c = chart_of(2);
    struct html h = view_chart(a, &c);
    /* Slots of 240 with 41 between; 99 each; the highest is 140, 8 of 8. */
    assert_int_equal(count(h, "<rect"), 3);
    assert_true(has(h, "<rect class=\"s0\" x=\"20\" y=\"96\" width=\"99\" height=\"70\"/>"));
    assert_true(has(h, "<rect class=\"s1\" x=\"119\" y=\"131\" width=\"99\" height=\"35\"/>"));
    assert_true(has(h, "<rect class=\"s1\" x=\"359\" y=\"26\" width=\"99\" height=\"140\"/>"));
    assert_true(has(h, "<text class=\"under\" x=\"120\" y=\"188\">0</text>"));
    assert_int_equal(count(h, "class=\"under\""), 1);
    c.is_rtl = true;
    h = view_chart(a, &c);
    assert_true(has(h, "<rect class=\"s0\" x=\"361\" y=\"96\" width=\"99\" height=\"70\"/>"));
    assert_true(has(h, "<rect class=\"s1\" x=\"22\" y=\"26\" width=\"99\" height=\"140\"/>"));
    assert_true(has(h, "<text class=\"under\" x=\"360\" y=\"188\">0</text>"));
    arena_free(&a);
}

static void words_are_escaped_and_linked(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct view_chart c = chart_of(4);
    struct html h = view_chart(a, &c);
    assert_true(str_begins(h.s, STR("<svg class=\"chart\" viewBox=\"0 0 480 194\" role=\"img\" "
                                    "aria-labelledby=\"hours-t\" aria-describedby=\"hours-d\">")));
    assert_true(has(h, "<title id=\"hours-t\">By &quot;hour&quot;</title>"));
    assert_true(has(h, "<desc id=\"hours-d\">&lt;most&gt;</desc>"));
    assert_true(has(h, ">&lt;6&gt;</text>"));
    assert_true(str_ends(h.s, STR("</svg>")));
    /* Beside a million, 2 and 8 are still seen; below 0 is nothing. */
    assert_int_equal(count(h, "<rect"), 4);
    assert_int_equal(count(h, "height=\"3\"/>"), 3);
    arena_free(&a);
}

static void nothing_makes_no_chart(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct view_chart c = chart_of(1);
    c.bars = bars + 3;
    assert_int_equal(view_chart_most(bars, 4, 1), 1000000);
    assert_int_equal(view_chart_most(bars, 2, 2), 8);
    assert_int_equal(view_chart(a, &c).s.n, 0);
    arena_free(&a);
}

/* The most bars with the longest labels that are needed. */
static void the_largest_fits(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct view_bar *many = ARENA_ARRAY(a, struct view_bar, VIEW_CHART_BARS_MAX);
    for (size_t i = 0; i < VIEW_CHART_BARS_MAX; i++)
        many[i] = (struct view_bar){STR("31 December 2026"), {INT64_MAX, INT64_MAX}};
    struct view_chart c = chart_of(1);
    c.bars = many;
    c.n = VIEW_CHART_BARS_MAX;
    assert_int_equal(count(view_chart(a, &c), "<rect"), 2 * VIEW_CHART_BARS_MAX);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_high_as_their_numbers),
        cmocka_unit_test(words_are_escaped_and_linked),
        cmocka_unit_test(nothing_makes_no_chart),
        cmocka_unit_test(the_largest_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
