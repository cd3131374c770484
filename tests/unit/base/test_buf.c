#include "base/buf.h"
#include "tests/lib/unit.h"

static void a_full_buf_stays_failed(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf b = buf_in(a, 4);
    buf_put(&b, STR("abcd"));
    assert_true(buf_ok(&b));
    buf_char(&b, 'e');
    assert_false(buf_ok(&b));
    assert_str(buf_str(&b), "abcd");
    buf_clear(&b);
    buf_put(&b, STR("x"));
    assert_true(buf_ok(&b));
    assert_str(buf_str(&b), "x");
}

/* What is said to be taken is what is taken. */
static void memory_is_foretold(void **state)
{
    (void)state;
    static const size_t adds[] = {1, 255, 1, 0, 300, 500, 43};
    ON_LEAVE(buf_free) struct buf b = buf_heap(1100);
    assert_int_equal(buf_size_with(&b, 0), 0);
    for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
        static const char bytes[500];
        size_t size = buf_size_with(&b, adds[i]);
        buf_put(&b, (struct str){bytes, adds[i]});
        assert_int_equal(b.capacity, size);
    }
    assert_true(buf_ok(&b));
    assert_int_equal(b.capacity, 1100);
}

static void numbers_are_written(void **state)
{
    (void)state;
    ON_LEAVE(buf_free) struct buf b = buf_heap(1000);
    buf_int(&b, INT64_MIN);
    buf_char(&b, ' ');
    buf_int(&b, 0);
    buf_char(&b, ' ');
    buf_hex(&b, (const uint8_t *)"\x00\xff", 2);
    buf_printf(&b, " %s", "end");
    assert_str(buf_str(&b), "-9223372036854775808 0 00ff end");
    for (int i = 0; i < 900; i++)
        buf_char(&b, '.');
    assert_true(buf_ok(&b));
    for (int i = 0; i < 100; i++)
        buf_char(&b, '.');
    assert_false(buf_ok(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_buf_stays_failed),
        cmocka_unit_test(memory_is_foretold),
        cmocka_unit_test(numbers_are_written),
    };
    return RUN_TESTS(tests);
}
