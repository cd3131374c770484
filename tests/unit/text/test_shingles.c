#include "text/shingles.h"

#include "tests/lib/unit.h"

static struct shingler *shingler;

#define LONG                                                                                       \
    "The water came back to the reservoir after a long winter, and people in the town say that "   \
    "it was no accident: the rain fell for a whole week."

static struct shingle_sketch sketch(const char *text)
{
    struct shingle_sketch s;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    shingle_text(shingler, a, str_of(text), STR_NONE, &s);
    return s;
}

static unsigned agreed(const char *one, const char *other)
{
    struct shingle_sketch a = sketch(one), b = sketch(other);
    return shingle_agreed(a.minima, b.minima);
}

/* Letters by turns of a generator, so that any two texts share what they are made to share. */
static void put_random(char *p, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        p[i] = "abcdefghjkmnopqrstuvwxyz"[(seed >> 33) % 24];
    }
}

static void shingles_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned n, n_marks;
    } cases[] = {
        {"", 0, 0},
        {"abcd", 0, 0},
        {"abcde", 1, 0},
        {"abcdefgh", 4, 0},
        {"abcdefghj", 5, 1},
        {"abcdefghjkmn", 8, 4},
        {"A, b: c-d (e)!", 1, 0},
        {"aaaaabbbbbcccccdddddeeeee", 1, 0},
        {"abcabcabcabcabcabcabc", 3, 3}, /* each counts once */
        {"https://abcdefgh.example", 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct shingle_sketch s = sketch(cases[i].text);
        if (s.n != cases[i].n || s.n_marks != cases[i].n_marks)
            fail_msg("\"%s\": %u shingles, %u marks", cases[i].text, s.n, s.n_marks);
    }
}

static void the_same_words_agree_in_all(void **state)
{
    (void)state;
    assert_int_equal(agreed(LONG, LONG), SHINGLE_MINIMA);
    assert_int_equal(agreed(LONG, "  " LONG " https://shop.example/1"), SHINGLE_MINIMA);
    assert_true(agreed(LONG, LONG " Yes.") > 56);
    assert_true(agreed(LONG, "Nothing of this kind has ever been seen around here, says Peter.") <
                6);
}

/* Over many pairs the estimate is the Jaccard index, and errs as it should. */
static void agreement_estimates_jaccard(void **state)
{
    (void)state;
    enum { PAIRS = 400, SAME = 120, OWN = 60 };
    /* Those of the same letters, and each one's own, which begin in the last four of them. */
    const double same = SAME - 4, jaccard = same / (same + OWN + OWN);
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < PAIRS; i++) {
        char one[SAME + OWN + 1] = {0}, other[SAME + OWN + 1] = {0};
        put_random(one, SAME, i);
        memcpy(other, one, SAME);
        put_random(one + SAME, OWN, i + 1000);
        put_random(other + SAME, OWN, i + 2000);
        double error = agreed(one, other) / 64.0 - jaccard;
        sum += error;
        squares += error * error;
    }
    print_message("# mean error %.4f, mean square %.5f\n", sum / PAIRS, squares / PAIRS);
    assert_true(sum / PAIRS < 0.01 && sum / PAIRS > -0.01);
    assert_true(squares / PAIRS < 1.3 * jaccard * (1 - jaccard) / 64);
}

static void marks_are_sorted_and_shared(void **state)
{
    (void)state;
    char one[1000] = {0}, other[1000] = {0};
    put_random(one, 900, 1);
    put_random(other, 900, 2);
    memcpy(other + 300, one + 100, 300);
    struct shingle_sketch a = sketch(one), b = sketch(other);
    size_t same = 0;
    assert_int_equal(a.n_marks, SHINGLE_MARKS);
    for (size_t i = 0; i < SHINGLE_MARKS; i++) {
        assert_true(i == 0 || a.marks[i] > a.marks[i - 1]);
        for (size_t k = 0; k < SHINGLE_MARKS; k++)
            same += a.marks[i] == b.marks[k];
    }
    /* A third of each text is the other's: about a fifth of the smallest of both. */
    assert_in_range(same, 6, 40);
}

static void another_seed_has_nothing_in_common(void **state)
{
    (void)state;
    struct shingler *other = shingler_new(hash_of(STR("another")));
    struct shingle_sketch a = sketch(LONG), b;
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    shingle_text(other, scratch, STR(LONG), STR_NONE, &b);
    assert_int_equal(a.n, b.n);
    assert_true(shingle_agreed(a.minima, b.minima) < 6);
    for (size_t i = 0; i < a.n_marks; i++)
        assert_true(a.marks[i] != b.marks[i]);
    shingler_free(&other);
    assert_null(other);
    shingler_free(&other);
}

static void shared_shingles_are_estimated(void **state)
{
    (void)state;
    assert_int_equal(shingle_shared(64, 100, 100), 100);
    assert_int_equal(shingle_shared(32, 90, 90), 60);
    assert_int_equal(shingle_shared(16, 100, 400), 100);
    assert_int_equal(shingle_shared(0, 100, 400), 0);
    assert_int_equal(shingle_shared(64, UINT32_MAX, UINT32_MAX), UINT32_MAX);
}

static int open_shingler(void **state)
{
    (void)state;
    shingler = shingler_new(hash_of(STR("test")));
    return 0;
}

static int close_shingler(void **state)
{
    (void)state;
    shingler_free(&shingler);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shingles_are_counted),
        cmocka_unit_test(the_same_words_agree_in_all),
        cmocka_unit_test(agreement_estimates_jaccard),
        cmocka_unit_test(marks_are_sorted_and_shared),
        cmocka_unit_test(another_seed_has_nothing_in_common),
        cmocka_unit_test(shared_shingles_are_estimated),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, open_shingler, close_shingler);
}
