#include "text/name.h"

#include "tests/lib/unit.h"
#include "text/fold.h"
#include "text/utf8.h"

static void people_may_have_their_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Айгерім Садықова",
        "Нұрлан",
        "Әлия Мұхтарқызы",
        "Gʻulom Oʻrinov",
        "G'ulom O'rinov",
        "Żółć",
        "محمد",
        "مُحَمَّد",
        "می‌خواهم",
        "O'Brien",
        "Jean-Luc",
        "Шарҳ Ҷамшед",
        "Бөрүбай Үсөнов",
        "Nguyễn Thị Ngọc",
        "李小龍",
        "👩‍👩‍👧‍👦",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿 fan",
        "☕ reader",
        "1️⃣",
        "Анна-Maria",
        "user_1985",
        "Ғ.",
        "ひろゆき",
        "ישראל",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        enum name_fault fault = name_check(str_of(names[i]), NULL, 0);
        if (fault != NAME_GOOD)
            fail_msg("%s: %d", names[i], (int)fault);
    }
}

static void imitations_are_seen(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const struct str staff[] = {
        fold_skeleton(a, STR("Admin")),
        fold_skeleton(a, STR("Aitys Newsroom")),
        fold_skeleton(a, STR("Нұрлан Редактор")),
        fold_skeleton(a, STR("Regular Bill")),
    };
    static const char *const names[] = {
        "Admin",          "ADMIN",           "admin",           "Аdmin",         "ΑDMIN",
        "Αdmіn",          "Adm1n",           "AdmIn",           "A d m i n",     "Admin ",
        "𝐀𝐝𝐦𝐢𝐧",          "Ａｄｍｉｎ",      "adrnin",          "Ádmin",         "aitysnewsroom",
        "Aitys Newsrоom", "AITYS  NEWSR00M", "Нұрлан Peдaктop", "ReguIar BiII",  "Regu1ar Bi11",
        "Admin.",         "★ Admin ✓",       "[admin]",         "a·d·m·i·n",     "ᴀᴅᴍɪɴ",
        "🅰🅳🅼🅸🅽",          "🅐🅓🅜🅘🅝",           "_Admin_",         "🛡️ Admin", "ʀegular ʙill",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        /* An accent is seen by readers: another name. */
        enum name_fault expected =
            str_eq(str_of(names[i]), STR("Ádmin")) ? NAME_GOOD : NAME_IMITATION;
        enum name_fault fault = name_check(str_of(names[i]), staff, ARRAY_LEN(staff));
        if (fault != expected)
            fail_msg("%s: %d", names[i], (int)fault);
    }
    assert_int_equal(name_check(STR("Айгерім"), staff, ARRAY_LEN(staff)), NAME_GOOD);
    assert_int_equal(name_check(STR("Administrator"), staff, ARRAY_LEN(staff)), NAME_GOOD);
    assert_int_equal(name_check(STR("★"), staff, ARRAY_LEN(staff)), NAME_GOOD);
}

static void tricks_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum name_fault fault;
    } cases[] = {
        {"", NAME_EMPTY},
        {"   ", NAME_EMPTY},
        {"\xC2\xA0", NAME_EMPTY},
        {"\xE3\x85\xA4", NAME_EMPTY}, /* U+3164, Hangul filler */
        {"\xE2\xA0\x80", NAME_EMPTY}, /* U+2800, an empty Braille cell */
        {"\xE2\x80\x8D", NAME_EMPTY}, /* U+200D */
        {"\xCC\x81", NAME_EMPTY},     /* a mark alone */
        {"a\nb", NAME_CONTROLS},
        {"a\tb", NAME_CONTROLS},
        {"a\x7f", NAME_CONTROLS},
        {"a\xC2\x85", NAME_CONTROLS}, /* U+0085 */
        {"\xE2\x80\xAE"
         "nimda",
         NAME_CONTROLS}, /* U+202E */
        {"\xE2\x81\xA7"
         "a",
         NAME_CONTROLS}, /* U+2067 */
        {"\xD8\x9C"
         "a",
         NAME_CONTROLS},                      /* U+061C */
        {"a\xE2\x80\xA8", NAME_CONTROLS},     /* U+2028 */
        {"Ad\xC2\xADmin", NAME_CONTROLS},     /* soft hyphen */
        {"Ad\xE2\x80\x8Bmin", NAME_CONTROLS}, /* zero width space */
        {"\xEF\xBB\xBF"
         "a",
         NAME_CONTROLS},                      /* byte order mark */
        {"\xEE\x80\x80", NAME_CONTROLS},      /* private use */
        {"a\xCD\xB8", NAME_CONTROLS},         /* U+0378, unassigned */
        {"a\xF3\xA0\x81\xA1", NAME_CONTROLS}, /* a tag without its flag */
        {"\xFF", NAME_CONTROLS},
        {"a\xCC\x81\xCC\x81\xCC\x81", NAME_GOOD},
        {"a\xCC\x81\xCC\x81\xCC\x81\xCC\x81", NAME_MARKS},
        {"a\xCC\x81\xCC\x81\xE2\x80\x8D\xCC\x81\xCC\x81", NAME_MARKS},
        {"Аdmin", NAME_SCRIPTS},
        {"Пeтp", NAME_SCRIPTS},
        {"Αlpha", NAME_SCRIPTS},
        {"Admin Иванов", NAME_GOOD},
        {"O'Брайен", NAME_SCRIPTS},
        {"a1б", NAME_SCRIPTS},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum name_fault fault = name_check(str_of(cases[i].name), NULL, 0);
        if (fault != cases[i].fault)
            fail_msg("case %zu (%s): %d", i, cases[i].name, (int)fault);
    }
    assert_int_equal(name_check(STR("a\0b"), NULL, 0), NAME_CONTROLS);
}

static void zalgo_is_refused(void **state)
{
    (void)state;
    char text[2000];
    size_t n = 0;
    for (int letter = 0; letter < 10; letter++) {
        text[n++] = (char)('a' + letter);
        for (uint32_t mark = 0x300; mark < 0x340; mark++)
            n += utf8_print(mark, text + n);
    }
    assert_int_equal(name_check((struct str){text, n}, NULL, 0), NAME_MARKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_may_have_their_names),
        cmocka_unit_test(imitations_are_seen),
        cmocka_unit_test(tricks_are_refused),
        cmocka_unit_test(zalgo_is_refused),
    };
    return RUN_TESTS(tests);
}
