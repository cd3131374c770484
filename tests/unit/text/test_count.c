#include "text/count.h"

#include <unicode/ubrk.h>

#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "text/utf16.h"
#include "text/utf8.h"

static uint32_t hex(struct str s)
{
    uint32_t v = 0;
    for (size_t i = 0; i < s.n; i++)
        v = v * 16 + (uint32_t)(s.p[i] <= '9' ? s.p[i] - '0' : (s.p[i] | 32) - 'a' + 10);
    return v;
}

/* A line of GraphemeBreakTest.txt: "÷ 0020 × 0308 ÷ 0020 ÷ # …". Returns the clusters. */
static size_t parse_line(struct str line, char *ret_text, size_t *ret_n)
{
    struct str rest = line, part;
    size_t clusters = 0, n = 0;

    while (str_next(&rest, ' ', &part) && !str_begins(part, STR("#"))) {
        part = str_trim(part);
        if (str_eq(part, STR("÷")))
            clusters++;
        else if (part.n && !str_eq(part, STR("×")))
            n += utf8_print(hex(part), ret_text + n);
    }
    *ret_n = n;
    return clusters - 1;
}

static void unicode_test_lines_agree(void **state)
{
    (void)state;
    corpora_need_unicode("auxiliary/GraphemeBreakTest.txt");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str rest = corpora_unicode(a, "auxiliary/GraphemeBreakTest.txt"), line;
    size_t lines = 0;

    for (size_t number = 1; str_next(&rest, '\n', &line); number++) {
        char text[400];
        size_t n;
        ptrdiff_t comment = str_find_char(line, '#');
        line = str_trim(comment < 0 ? line : str_head(line, (size_t)comment));
        if (line.n == 0)
            continue;
        size_t expected = parse_line(line, text, &n);
        /* A surrogate on its own cannot come in UTF-8. */
        if (!utf8_is_valid((struct str){text, n}))
            continue;
        size_t got = count_chars((struct str){text, n});
        if (got != expected)
            fail_msg("line %zu: %zu, expected %zu", number, got, expected);
        lines++;
    }
    assert_true(lines > 500);
}

static size_t count_by_icu(struct arena *a, struct str s, UBreakIterator *iterator)
{
    UErrorCode error = U_ZERO_ERROR;
    struct utf16 u = utf16_of(a, s);
    size_t n = 0;

    ubrk_setText(iterator, u.p, u.n, &error);
    while (ubrk_next(iterator) != UBRK_DONE)
        n++;
    return n;
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Mixtures of all that the rules tell apart, but for Indic letters, where ICU 72 is older. */
static void icu_agrees_without_conjuncts(void **state)
{
    (void)state;
    static const uint32_t some[] = {
        'a',     ' ',     '\r',    '\n',    0x300,  0x200D, 0x200C, 0x1F468, 0x1F469, 0x2764,
        0xFE0F,  0x1F3FB, 0x1F1F0, 0x1F1FF, 0x1100, 0x1161, 0x11A8, 0xAC00,  0xAC01,  0x0600,
        0x0E33,  0x0903,  0xAD,    0x41F,   0x4D9,  0x488,  0x915,  0xA9,    0x200B,  0x2028,
        0xE0001, 0x1F3F4, 0xE0067, 0xE007F, 0x20E3, 0x61C,  0x85,
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &error);
    uint64_t seed = 42;

    for (int round = 0; round < 30000; round++) {
        char text[64];
        size_t n = 0;
        size_t length = 1 + next_random(&seed) % 12;
        for (size_t i = 0; i < length; i++) {
            uint32_t c = some[next_random(&seed) % ARRAY_LEN(some)];
            if (next_random(&seed) % 8 == 0)
                c = 0x20 + next_random(&seed) % 0x8E0; /* any Latin, Greek, Cyrillic, Arabic … */
            n += utf8_print(c, text + n);
        }
        struct str s = {text, n};
        size_t got = count_chars(s), expected = count_by_icu(a, s, iterator);
        if (got != expected)
            fail_msg("round %d: %zu, ICU %zu", round, got, expected);
        arena_reset(a);
    }
    ubrk_close(iterator);
}

/* Each assigned character by itself and behind a letter; ICU's table is the judge. */
static void every_character_agrees(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &error);
    for (uint32_t c = 1; c < 0x20000; c++) {
        char text[16] = "a";
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t n = 1 + utf8_print(c, text + 1);
        text[n++] = 'b';
        struct str s = {text, n};
        if (count_chars(s) != count_by_icu(a, s, iterator))
            fail_msg("U+%04X", c);
        arena_reset(a);
    }
    ubrk_close(iterator);
}

static void people_count_like_this(void **state)
{
    (void)state;
    assert_int_equal(count_chars(STR("")), 0);
    assert_int_equal(count_chars(STR("a\r\nb\nc\rd")), 7);
    assert_int_equal(count_chars(STR("Қазақстан")), 9);
    assert_int_equal(count_chars(STR("e\xCC\x81")), 1);
    assert_int_equal(
        count_chars(STR("👩‍👩‍👧‍👦🇰🇿🏴󠁧󠁢󠁥󠁮󠁧󠁿")), 3);
    assert_int_equal(count_chars(STR("क्षि")), 1); /* GB9c: a conjunct is one */
    assert_int_equal(count_chars(STR("कत")), 2);
    assert_str(count_head(STR("👩‍👧Айтыс"), 2), "👩‍👧А");
    assert_str(count_head(STR("ab"), 5), "ab");
    assert_str(count_head(STR("ab"), 0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unicode_test_lines_agree),
        cmocka_unit_test(icu_agrees_without_conjuncts),
        cmocka_unit_test(every_character_agrees),
        cmocka_unit_test(people_count_like_this),
    };
    return RUN_TESTS(tests);
}
