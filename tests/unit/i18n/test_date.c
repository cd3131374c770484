#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "tests/unit/i18n/open.h"
#include "text/utf16.h"

static const char *const tags[] = {"en", "ru", "kk", "uz", "ar"};

/* With spaces that break, so that the table below can be read: CLDR has U+00A0 and U+202F. */
static struct str with_plain_spaces(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, KiB);
    for (size_t i = 0; i < s.n; i++) {
        struct str rest = str_from(s, i);
        bool narrow = str_begins(rest, STR("\xE2\x80\xAF"));
        if (narrow || str_begins(rest, STR("\xC2\xA0"))) {
            buf_char(&b, ' ');
            i += narrow ? 2 : 1;
        } else {
            buf_char(&b, s.p[i]);
        }
    }
    return buf_str(&b);
}

/* 2026-03-02T16:05:00Z; Almaty is at +05:00 since 2024. */
static struct str date_of(struct arena *a, const struct i18n_lang *l, enum i18n_date form)
{
    return with_plain_spaces(a, i18n_date(a, l, 1772467500, STR("Asia/Almaty"), form));
}

static void dates_read_like_this(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *date, *both, *time;
    } cases[] = {
        {"en", "March 2, 2026", "March 2, 2026 at 9:05 PM", "9:05 PM"},
        {"ru", "2 марта 2026 г.", "2 марта 2026 г. в 21:05", "21:05"},
        {"kk", "2026 ж. 2 наурыз", "2026 ж. 2 наурыз, 21:05", "21:05"},
        {"uz", "2-mart, 2026", "2-mart, 2026, 21:05", "21:05"},
        {"ar", "٢ مارس ٢٠٢٦", "٢ مارس ٢٠٢٦ في ٩:٠٥ م", "٩:٠٥ م"},
    };
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct i18n_lang *l = i18n_find(o.i18n, str_of(cases[i].tag));
        assert_str(date_of(o.arena, l, I18N_DATE), cases[i].date);
        assert_str(date_of(o.arena, l, I18N_DATE_TIME), cases[i].both);
        assert_str(date_of(o.arena, l, I18N_TIME), cases[i].time);
    }
}

static struct str by_icu(struct arena *a, UDateFormat *f, int64_t unix_s)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[200];
    int32_t n = udat_format(f, (double)unix_s * 1000, text, 200, NULL, &error);
    assert_true(U_SUCCESS(error));
    return utf16_to_str(a, (struct utf16){text, n});
}

static void a_time_keeps_its_half_of_the_day(void **state)
{
    (void)state;
    ON_LEAVE(close_all) struct opened o = open_all();
    const struct i18n_lang *ar = i18n_find(o.i18n, STR("ar"));
    assert_str(i18n_date(o.arena, ar, 1772467500, STR("Asia/Almaty"), I18N_TIME), "٩:٠٥\u00a0م");
}

static void icu_writes_the_same(void **state)
{
    (void)state;
    static const UDateFormatStyle times[] = {UDAT_NONE, UDAT_SHORT, UDAT_SHORT};
    static const UDateFormatStyle dates[] = {UDAT_LONG, UDAT_LONG, UDAT_NONE};
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
        const struct i18n_lang *l = i18n_find(o.i18n, str_of(tags[i]));
        for (enum i18n_date form = I18N_DATE; form <= I18N_TIME; form++) {
            UErrorCode error = U_ZERO_ERROR;
            UDateFormat *f =
                udat_open(times[form], dates[form], tags[i], u"UTC", -1, NULL, 0, &error);
            assert_true(U_SUCCESS(error));
            for (int64_t s = 0; s < 4102444800; s += 86400 * 11 + 3671) {
                ON_LEAVE(arena_free) struct arena *a = arena_new(0);
                struct str got = with_plain_spaces(a, i18n_date(a, l, s, STR("UTC"), form));
                struct str want = with_plain_spaces(a, by_icu(a, f, s));
                if (!str_eq(got, want))
                    fail_msg("%s: " STR_FMT ", ICU " STR_FMT, tags[i], STR_ARG(got), STR_ARG(want));
            }
            udat_close(f);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_read_like_this),
        cmocka_unit_test(a_time_keeps_its_half_of_the_day),
        cmocka_unit_test(icu_writes_the_same),
    };
    return RUN_TESTS(tests);
}
