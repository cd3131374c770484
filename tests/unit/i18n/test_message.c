#include <stdio.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>

#include "i18n/inner.h"
#include "tests/unit/i18n/open.h"
#include "text/utf16.h"

static void counts_are_inflected(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        int64_t n;
        const char *text;
    } cases[] = {
        {"en", 0, "0 comments"},
        {"en", 1, "1 comment"},
        {"en", 2, "2 comments"},
        {"en", 1234, "1,234 comments"},
        {"ru", 0, "0 комментариев"},
        {"ru", 1, "1 комментарий"},
        {"ru", 2, "2 комментария"},
        {"ru", 5, "5 комментариев"},
        {"ru", 11, "11 комментариев"},
        {"ru", 14, "14 комментариев"},
        {"ru", 21, "21 комментарий"},
        {"ru", 26, "26 комментариев"},
        {"ru", 111, "111 комментариев"},
        {"ru", 1001,
         "1\xC2\xA0"
         "001 комментарий"},
        {"kk", 0, "0 пікір"},
        {"kk", 1, "1 пікір"},
        {"kk", 26, "26 пікір"},
        {"uz", 1, "1 ta izoh"},
        {"uz", 26, "26 ta izoh"},
        {"ar", 0, "لا تعليقات"},
        {"ar", 1, "تعليق واحد"},
        {"ar", 2, "تعليقان"},
        {"ar", 3, "٣ تعليقات"},
        {"ar", 10, "١٠ تعليقات"},
        {"ar", 11, "١١ تعليقًا"},
        {"ar", 26, "٢٦ تعليقًا"},
        {"ar", 100, "١٠٠ تعليق"},
        {"ar", 102, "١٠٢ تعليق"},
        {"ar", 103, "١٠٣ تعليقات"},
    };
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct i18n_lang *l = i18n_find(o.i18n, str_of(cases[i].tag));
        assert_str(i18n_count(o.arena, l, T_COMMENT_COUNT, cases[i].n), cases[i].text);
    }
    const struct i18n_lang *en = i18n_find(o.i18n, STR("en"));
    assert_str(i18n_count(o.arena, en, T_MOD_WAITING, 0), "No comment waits");
    assert_str(i18n_count(o.arena, en, T_MOD_WAITING, 1), "1 comment waits");
    assert_str(i18n_count(o.arena, en, T_RATING_YES, 1), "Yes");
    assert_str(i18n_count(o.arena, en, T_RULE_MET, 0), "Met no comment yet");
    const struct i18n_lang *ru = i18n_find(o.i18n, STR("ru"));
    assert_str(i18n_count(o.arena, ru, T_COMMENT_ALL, 1), "Всего 1 комментарий");
    assert_str(i18n_count(o.arena, ru, T_COMMENT_ALL, 31), "Всего 31 комментарий");
    assert_str(i18n_count(o.arena, ru, T_COMMENT_ALL, 32), "Все 32 комментария");
}

/* What tools/messages.py believes of plurals is what ICU chooses by. */
static void plurals_are_those_of_icu(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogues_n; i++) {
        UErrorCode error = U_ZERO_ERROR;
        UPluralRules *rules = uplrules_open(catalogues[i].tag, &error);
        UEnumeration *keywords = uplrules_getKeywords(rules, &error);
        assert_true(U_SUCCESS(error));
        size_t n = 0, listed = 0;
        const char *keyword;
        while ((keyword = uenum_next(keywords, NULL, &error))) {
            struct str rest = str_of(catalogues[i].plurals), part;
            bool found = false;
            while (str_next(&rest, ' ', &part))
                found = found || str_eq(part, str_of(keyword));
            if (!found)
                fail_msg("%s has %s", catalogues[i].tag, keyword);
            n++;
        }
        struct str rest = str_of(catalogues[i].plurals), part;
        while (str_next(&rest, ' ', &part))
            listed++;
        assert_int_equal(listed, n);
        uenum_close(keywords);
        uplrules_close(rules);
    }
}

static void every_message_says_something(void **state)
{
    (void)state;
    static const char *const tags[] = {"en", "ru", "kk", "uz", "ar"};
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
        const struct i18n_lang *l = i18n_find(o.i18n, str_of(tags[i]));
        assert_str(i18n_tag(l), tags[i]);
        assert_true(i18n_text(l, T_NONE).n == 0);
        for (int m = T_NONE + 1; m < MESSAGES; m++) {
            assert_true(i18n_text(l, m).n > 0);
            bool is_plural = str_find(i18n_text(l, m), STR("plural")) >= 0; /* then # is a number */
            for (int64_t n = 0; n < 130; n++) {
                struct str s = i18n_count(o.arena, l, m, n);
                if (s.n == 0 || str_find(s, STR("plural")) >= 0 ||
                    (is_plural && str_find(s, STR("#")) >= 0))
                    fail_msg("%s, message %d, %lld", tags[i], m, (long long)n);
            }
        }
        arena_reset(o.arena);
    }
    assert_int_equal(i18n_direction(i18n_find(o.i18n, STR("ar"))), DIRECTION_RTL);
    assert_int_equal(i18n_direction(i18n_find(o.i18n, STR("kk"))), DIRECTION_LTR);
}

static void numbers_are_those_of_icu(void **state)
{
    (void)state;
    static const char *const tags[] = {"en", "ru", "kk", "uz", "ar"};
    static const int64_t numbers[] = {
        0,     1,      9,       10, 999,   1000,      1234,         9999,      10000,
        99999, 100000, 1234567, -1, -1234, INT32_MAX, 999999999999, INT64_MAX, INT64_MIN + 1};
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
        const struct i18n_lang *l = i18n_find(o.i18n, str_of(tags[i]));
        UErrorCode error = U_ZERO_ERROR;
        UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, tags[i], NULL, &error);
        for (size_t k = 0; k < ARRAY_LEN(numbers); k++) {
            UChar text[100];
            int32_t n = unum_formatInt64(f, numbers[k], text, 100, NULL, &error);
            assert_true(U_SUCCESS(error));
            struct str want = utf16_to_str(o.arena, (struct utf16){text, n});
            assert_true(str_eq(i18n_number(o.arena, l, numbers[k]), want));
        }
        unum_close(f);
    }
}

static void digits_have_no_separators(void **state)
{
    (void)state;
    ON_LEAVE(close_all) struct opened o = open_all();
    const struct i18n_lang *en = i18n_find(o.i18n, STR("en")), *ar = i18n_find(o.i18n, STR("ar"));
    assert_str(i18n_digits(o.arena, en, 1234567), "1234567");
    assert_str(i18n_digits(o.arena, en, -5), "\u22125");
    assert_str(i18n_digits(o.arena, ar, 1500), "١٥٠٠");
    assert_str(i18n_digits(o.arena, ar, -5), "\u061c\u2212٥");
}

/* Languages that we have not: their grouping, in the same machine. */
static void other_groupings_work(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct number_form hindi = {'0', STR(","), STR("-"), 3, 2, 1};
    struct number_form spanish = {'0', STR("."), STR("-"), 3, 3, 2};
    struct buf b = buf_in(a, KiB);
    number_put(&b, &hindi, 123456789, true, 1);
    buf_char(&b, ' ');
    number_put(&b, &spanish, 1234, true, 1);
    buf_char(&b, ' ');
    number_put(&b, &spanish, 12345, true, 1);
    buf_char(&b, ' ');
    number_put(&b, &spanish, 7, false, 2);
    assert_str(buf_str(&b), "12,34,56,789 1234 12.345 07");
}

static void texts_are_filled_in(void **state)
{
    (void)state;
    ON_LEAVE(close_all) struct opened o = open_all();
    const struct i18n_lang *en = i18n_find(o.i18n, STR("en"));
    assert_str(i18n_fill(o.arena, en, T_BYLINE, STR("A. Reporter {1}"), STR("x")),
               "By A. Reporter {1}");
    assert_str(i18n_fill(o.arena, en, T_BYLINE, STR_NONE, STR_NONE), "By ");
    struct str items[] = {STR("A"), STR("B"), STR("C")};
    assert_str(i18n_list(o.arena, en, items, 0), "");
    assert_str(i18n_list(o.arena, en, items, 1), "A");
    assert_str(i18n_list(o.arena, en, items, 2), "A and B");
    assert_str(i18n_list(o.arena, en, items, 3), "A, B, and C");
    assert_str(i18n_list(o.arena, i18n_find(o.i18n, STR("ru")), items, 3), "A, B и C");
    assert_str(i18n_list(o.arena, i18n_find(o.i18n, STR("ar")), items, 2), "A وB");
}

static void messages_have_names(void **state)
{
    (void)state;
    enum message m = T_NONE;
    assert_true(i18n_message_find(STR("write_send"), &m));
    assert_int_equal(m, T_WRITE_SEND);
    assert_false(i18n_message_find(STR("WRITE_SEND"), &m));
    assert_false(i18n_message_find(STR(""), &m));
    assert_false(i18n_message_find(STR("zzz"), &m));
    for (int i = 0; i < MESSAGES - 1; i++) {
        assert_true(i18n_message_find(str_of(message_names[i].name), &m));
        assert_int_equal(m, message_names[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_inflected),         cmocka_unit_test(plurals_are_those_of_icu),
        cmocka_unit_test(every_message_says_something), cmocka_unit_test(numbers_are_those_of_icu),
        cmocka_unit_test(digits_have_no_separators),    cmocka_unit_test(other_groupings_work),
        cmocka_unit_test(texts_are_filled_in),          cmocka_unit_test(messages_have_names),
    };
    return RUN_TESTS(tests);
}
