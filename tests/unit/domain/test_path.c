#include "domain/path.h"

#include "tests/lib/unit.h"

static void numbers_compare_as_bytes(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    char before[PATH_NUMBER_BYTES_MAX + 1] = {0};
    size_t n_before = 0;
    int64_t edges[] = {1, 1 << 7, 1 << 14, 1 << 21, COMMENT_NUMBER_MAX};
    for (int64_t number = 1; number <= COMMENT_NUMBER_MAX; number++) {
        bool near = number < 70000 || number == COMMENT_NUMBER_MAX;
        for (size_t i = 0; i < ARRAY_LEN(edges); i++)
            near = near || (number >= edges[i] - 300 && number <= edges[i] + 300);
        if (!near && number % 97 != 0)
            continue;
        struct str p = path_root(a, number);
        assert_in_range(p.n, 1, PATH_NUMBER_BYTES_MAX);
        assert_true(str_cmp((struct str){before, n_before}, p) < 0);
        int64_t numbers[COMMENT_DEPTH_MAX];
        size_t n;
        assert_true(path_numbers(p, numbers, &n));
        assert_int_equal(n, 1);
        assert_true(numbers[0] == number);
        memcpy(before, p.p, p.n);
        n_before = p.n;
        arena_reset(a);
    }
    arena_free(&a);
}

static void lengths_are_the_shortest(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    static const struct {
        int64_t number;
        size_t bytes;
    } rows[] = {{1, 1},     {127, 1},     {128, 2},     {16383, 2},
                {16384, 3}, {2097151, 3}, {2097152, 4}, {COMMENT_NUMBER_MAX, 4}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(path_root(a, rows[i].number).n, rows[i].bytes);
    arena_free(&a);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR_INIT(""),
        STR_INIT("\x00"), /* nothing; number 0 */
        STR_INIT("\x80"),
        STR_INIT("\xc0\x01"), /* cut */
        STR_INIT("\x80\x7f"),
        STR_INIT("\xc0\x3f\xff"), /* not the shortest */
        STR_INIT("\xe0\x1f\xff\xff"),
        STR_INIT("\xe1\x00\x00\x00"), /* the same; 2^24 */
        STR_INIT("\xf0\x01\x01\x01"),
        STR_INIT("\xff"), /* no number begins so */
        STR_INIT("\x05\x05"),
        STR_INIT("\x05\x04"), /* not ascending */
        STR_INIT("\x05\x06\x80"),
    };
    int64_t numbers[COMMENT_DEPTH_MAX] = {7};
    size_t n = 7;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(path_numbers(bad[i], numbers, &n));
    assert_int_equal(numbers[0], 7);
    assert_int_equal(n, 7);
    char deep[COMMENT_DEPTH_MAX + 1];
    for (size_t i = 0; i < sizeof deep; i++)
        deep[i] = (char)(i + 1);
    assert_true(path_numbers((struct str){deep, COMMENT_DEPTH_MAX}, numbers, &n));
    assert_int_equal(n, COMMENT_DEPTH_MAX);
    assert_false(path_numbers((struct str){deep, COMMENT_DEPTH_MAX + 1}, numbers, &n));
}

/* Every two-byte string is a path or not as the rules say, and what is one prints the same. */
static void all_short_strings(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    size_t good = 0;
    for (int i = 0; i < 65536; i++) {
        char b[2] = {(char)(i >> 8), (char)i};
        int64_t numbers[COMMENT_DEPTH_MAX];
        size_t n;
        if (!path_numbers((struct str){b, 2}, numbers, &n))
            continue;
        good++;
        struct str again = path_of(a, numbers, n);
        assert_true(str_eq(again, (struct str){b, 2}));
        arena_reset(a);
    }
    /* One number of 2 bytes, or two ascending ones below 128. */
    assert_int_equal(good, (16384 - 128) + 127 * 126 / 2);
    arena_free(&a);
}

static void replies_stand_below(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str root = path_root(a, 127), reply, deeper;
    int64_t depth;
    assert_true(path_reply(a, root, 128, &reply, &depth));
    assert_int_equal(depth, 2);
    assert_true(path_reply(a, reply, 20000, &deeper, &depth));
    assert_int_equal(depth, 3);
    assert_true(str_cmp(root, reply) < 0 && str_cmp(reply, deeper) < 0);
    assert_true(str_cmp(deeper, path_end(a, reply)) < 0);
    assert_true(str_cmp(path_end(a, root), path_root(a, 128)) < 0);
    assert_true(str_cmp(path_root(a, COMMENT_NUMBER_MAX), PATH_AFTER_ALL) < 0);
    assert_true(str_eq(path_head(deeper), root));
    assert_false(path_reply(a, reply, 128, &deeper, &depth));
    assert_false(path_reply(a, STR("\x80"), 5, &deeper, &depth));
    arena_free(&a);
}

static void depth_ends_beside(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str path = path_root(a, 1), next;
    int64_t depth;
    for (int64_t number = 2; number <= COMMENT_DEPTH_MAX; number++) {
        assert_true(path_reply(a, path, number, &next, &depth));
        assert_int_equal(depth, number);
        path = next;
    }
    assert_true(path_reply(a, path, 100, &next, &depth));
    assert_int_equal(depth, COMMENT_DEPTH_MAX);
    assert_true(str_cmp(path, next) < 0);
    struct str after;
    assert_true(path_reply(a, path, 101, &after, &depth));
    assert_true(str_cmp(next, after) < 0);
    assert_true(next.n <= PATH_BYTES_MAX);
    arena_free(&a);
}

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

/* Bytewise order is the order of the number chains, a chain before its continuations. */
static void random_paths_compare_as_chains(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    uint64_t x = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        int64_t chain[2][COMMENT_DEPTH_MAX];
        size_t n[2];
        for (int k = 0; k < 2; k++) {
            n[k] = 1 + next_random(&x) % 6;
            int64_t number = 0;
            for (size_t i = 0; i < n[k]; i++) {
                number += 1 + (int64_t)(next_random(&x) % (i == 0 ? 3 : 70000));
                chain[k][i] = number;
            }
        }
        size_t i = 0;
        while (i < n[0] && i < n[1] && chain[0][i] == chain[1][i])
            i++;
        int expected = i < n[0] && i < n[1] ? (chain[0][i] < chain[1][i] ? -1 : 1)
                                            : (n[0] > n[1]) - (n[0] < n[1]);
        int got = str_cmp(path_of(a, chain[0], n[0]), path_of(a, chain[1], n[1]));
        assert_int_equal((got > 0) - (got < 0), expected);
        arena_reset(a);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_compare_as_bytes),
        cmocka_unit_test(lengths_are_the_shortest),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(all_short_strings),
        cmocka_unit_test(replies_stand_below),
        cmocka_unit_test(depth_ends_beside),
        cmocka_unit_test(random_paths_compare_as_chains),
    };
    return RUN_TESTS(tests);
}
