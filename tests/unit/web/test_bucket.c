#include "web/bucket.h"

#include "tests/lib/unit.h"

static const struct bucket_rate rate = {.burst = 3, .per_hour = 60};

static bool take(struct buckets *b, int class, const char *who, int64_t now_ms, int64_t *wait_s)
{
    return bucket_take(b, class, str_of(who), rate, now_ms, wait_s);
}

static void a_bucket_empties_and_fills(void **state)
{
    (void)state;
    struct buckets *b = buckets_new();
    int64_t wait_s = 0;
    for (int i = 0; i < 3; i++)
        assert_true(take(b, 1, "a", 1000, &wait_s));
    assert_false(take(b, 1, "a", 1000, &wait_s));
    assert_in_range(wait_s, 59, 61);
    assert_false(take(b, 1, "a", 1000 + 59000, &wait_s));
    assert_true(take(b, 1, "a", 1000 + 60001, &wait_s));
    assert_false(take(b, 1, "a", 1000 + 60002, &wait_s));
    /* An idle hour fills it to the burst and no further. */
    for (int i = 0; i < 3; i++)
        assert_true(take(b, 1, "a", 3700000, &wait_s));
    assert_false(take(b, 1, "a", 3700000, &wait_s));
    buckets_free(&b);
    assert_null(b);
}

static void networks_and_classes_are_apart(void **state)
{
    (void)state;
    struct buckets *b = buckets_new();
    int64_t wait_s;
    for (int i = 0; i < 4; i++)
        (void)!take(b, 1, "a", 1000, &wait_s);
    assert_false(take(b, 1, "a", 1000, &wait_s));
    assert_true(take(b, 2, "a", 1000, &wait_s));
    assert_true(take(b, 1, "b", 1000, &wait_s));
    buckets_free(&b);
}

static void many_networks_do_not_free_a_busy_one(void **state)
{
    (void)state;
    struct buckets *b = buckets_new();
    int64_t wait_s;
    char who[16];
    size_t let_in = 0;
    for (int i = 0; i < 4; i++)
        (void)!take(b, 1, "busy", 1000, &wait_s);
    for (int i = 0; i < 200000; i++) {
        (void)snprintf(who, sizeof who, "n%d", i);
        let_in += take(b, 1, who, 1000, &wait_s);
    }
    assert_int_equal(let_in, 200000);
    assert_false(take(b, 1, "busy", 1000, &wait_s));
    buckets_free(&b);
}

static void a_day_later_nothing_is_remembered(void **state)
{
    (void)state;
    struct buckets *b = buckets_new();
    int64_t wait_s;
    const struct bucket_rate slow = {.burst = 1, .per_hour = 1};
    const int64_t day_ms = INT64_C(86400000);
    assert_true(bucket_take(b, 1, STR("a"), slow, 5, &wait_s));
    assert_false(bucket_take(b, 1, STR("a"), slow, 6, &wait_s));
    assert_true(bucket_take(b, 1, STR("a"), slow, 5 + day_ms, &wait_s));
    buckets_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_empties_and_fills),
        cmocka_unit_test(networks_and_classes_are_apart),
        cmocka_unit_test(many_networks_do_not_free_a_busy_one),
        cmocka_unit_test(a_day_later_nothing_is_remembered),
    };
    return RUN_TESTS(tests);
}
