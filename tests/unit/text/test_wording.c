#include "text/wording.h"

#include "tests/lib/unit.h"

#define TEXT "Ask them who was paid for the new pumps, and why nobody was shown the bills."

static void check(const char *text, const char *other, size_t words, size_t shared)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct wording_shared found = wording_compare(a, str_of(text), str_of(other));
    assert_int_equal(found.words, words);
    assert_int_equal(found.shared, shared);
}

static void words_are_compared_as_they_are_read(void **state)
{
    (void)state;
    check(TEXT, TEXT, 16, 16);
    check(
        TEXT,
        "ASK them, who\nwas p\u0430id: for the \"new\" pumps and   why nobody was shown the b1lls",
        16, 16);
    check("Hello!", "Goodbye!", 1, 0);
}

static void order_counts(void **state)
{
    (void)state;
    check("one two three four", "four three two one", 4, 1);
    check("one two three four", "one nine two nine three nine four nine", 4, 4);
    check("one nine two nine", "one two three four", 4, 2);
}

static void what_one_text_adds_counts_for_it_alone(void **state)
{
    (void)state;
    check("one two", "zero one two three", 2, 2);
    check("zero one two three", "one two", 4, 2);
}

static void texts_without_words_are_like_none(void **state)
{
    (void)state;
    check("", TEXT, 0, 0);
    check(TEXT, "", 16, 0);
    check(" ... ?! ", " ... ?! ", 0, 0);
}

/* Only so many words are looked at. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str half = STR_NONE, long_text;
    for (int i = 0; i < WORDING_WORDS_MAX / 2; i++)
        half = arena_printf(a, STR_FMT " early%d", STR_ARG(half), i);
    long_text = half;
    for (int i = 0; i < WORDING_WORDS_MAX; i++)
        long_text = arena_printf(a, STR_FMT " late%d", STR_ARG(long_text), i);
    check(arena_cstr(a, long_text), arena_cstr(a, half), WORDING_WORDS_MAX, WORDING_WORDS_MAX / 2);
    check(arena_cstr(a, half), arena_cstr(a, long_text), WORDING_WORDS_MAX / 2,
          WORDING_WORDS_MAX / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_compared_as_they_are_read),
        cmocka_unit_test(order_counts),
        cmocka_unit_test(what_one_text_adds_counts_for_it_alone),
        cmocka_unit_test(texts_without_words_are_like_none),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
