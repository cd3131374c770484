#include "config/faults.h"

#include "tests/lib/unit.h"
#include "text/utf8.h"

static void what_is_not_utf8_is_told_all_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *quoted, *told;
    } cases[] = {
        {"", "f:7: near '' here"},
        {"Айтыс", "f:7: near 'Айтыс' here"},
        {"a\xDE", "f:7: near 'a\uFFFD' here"},
        {"\xE2\x82", "f:7: near '\uFFFD\uFFFD' here"},
        {"\xFF\xD0\x90\x80", "f:7: near '\uFFFDА\uFFFD' here"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct faults faults = {.arena = a};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fault_add(&faults, STR("f"), 7, "near '%s' here", cases[i].quoted);
        assert_str(fault_print(&faults, &faults.items[i]), cases[i].told);
    }
}

static void a_long_sentence_ends_at_a_character(void **state)
{
    (void)state;
    char text[3 * 4096 + 1];
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, "\u2026", 4);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct faults faults = {.arena = a};
    for (int head = 0; head < 3; head++) {
        fault_add(&faults, STR("f"), 0, "%.*s%s", head, "xx", text);
        struct str told = fault_print(&faults, &faults.items[head]);
        assert_true(utf8_is_valid(told));
        assert_true(told.n > 4000 && told.n < sizeof(text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_utf8_is_told_all_the_same),
        cmocka_unit_test(a_long_sentence_ends_at_a_character),
    };
    return RUN_TESTS(tests);
}
