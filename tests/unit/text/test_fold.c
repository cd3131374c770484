#include "text/fold.h"

#include <stdlib.h>

#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "text/utf8.h"

static void words_are_found_again(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"", ""},
        {"  Сәлем,\r\n\tӘЛЕМ!  ", "сәлем әлем"},
        {"Straße", "strasse"},
        {"ﬁn \xE2\x80\x8B"
         "Ａ",
         "fin a"},
        {"a\xC2\xAD"
         "b",
         "ab"},
        {"e\xCC\x81", "é"},
        {"... ?!", ""},
        {"a - b", "a b"},
        {"👍 ok", "👍 ok"},
        {"İ", "i̇"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(fold_words(a, str_of(cases[i].text)), cases[i].folded);
}

/* Every pair of confusables.txt has one skeleton; its newer data may know more than ICU's. */
static void confusables_fold_together(void **state)
{
    (void)state;
    corpora_need("unicode/confusables.txt");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str rest = corpora_read(a, "unicode/confusables.txt"), line;
    size_t same = 0, all = 0;

    while (str_next(&rest, '\n', &line)) {
        struct str parts[2], from_s, to_s;
        if (!str_cut(line, ';', &parts[0], &parts[1]) || str_begins(line, STR("#")))
            continue;
        if (!str_cut(parts[1], ';', &parts[1], &to_s))
            continue;
        char bytes[2][100];
        size_t n[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            struct str words = str_trim(parts[side]);
            while (str_next(&words, ' ', &from_s)) {
                const struct str code = arena_copy(a, from_s);
                n[side] += utf8_print((uint32_t)strtoul(code.p, NULL, 16), bytes[side] + n[side]);
            }
        }
        ON_LEAVE(arena_free) struct arena *b = arena_new(0);
        same += str_eq(fold_skeleton(b, (struct str){bytes[0], n[0]}),
                       fold_skeleton(b, (struct str){bytes[1], n[1]}));
        all++;
    }
    print_message("# %zu of %zu pairs\n", same, all);
    assert_true(all > 6000 && same * 100 > all * 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_again),
        cmocka_unit_test(confusables_fold_together),
    };
    return RUN_TESTS(tests);
}
