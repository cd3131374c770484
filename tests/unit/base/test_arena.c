#include "base/arena.h"
#include "tests/lib/unit.h"

static void memory_is_zeroed_and_apart(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(64);
    for (int round = 0; round < 2; round++) {
        char *last = NULL;
        for (size_t n = 0; n < 3000; n += 37) {
            char *p = arena_take(a, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 'x', n);
            assert_ptr_not_equal(p, last);
            last = n ? p : last;
        }
        arena_reset(a);
        assert_int_equal(arena_taken(a), 0);
    }
}

static void arrays_grow(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    int *numbers = NULL;
    size_t n = 0, capacity = 0;
    for (int i = 0; i < 1000; i++)
        *ARENA_PUSH(a, numbers, n, capacity) = i;
    assert_int_equal(n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
}

static void text_is_copied_with_a_nul(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str s = arena_copy(a, str_head(STR("headline"), 4));
    assert_str(s, "head");
    assert_int_equal(s.p[4], 0);
    assert_str(arena_printf(a, "%d-%s", 7, "x"), "7-x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_apart),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(text_is_copied_with_a_nul),
    };
    return RUN_TESTS(tests);
}
