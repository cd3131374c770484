/* Words as they are searched: what is one, what stays apart, and where it stands in the text. */
#include "base/buf.h"
#include "tests/lib/unit.h"
#include "text/search_words.h"
#include "text/utf8.h"

/* The folded words of a text, a space between. */
static struct str folded(struct arena *a, struct str text)
{
    struct search_words words = search_words_of(a, text);
    struct buf b = buf_in(a, 64 * KiB);
    for (size_t i = 0; i < words.n; i++)
        buf_printf(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(words.items[i].folded));
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

static void what_is_one_word_is_folded_alike(void **state)
{
    static const char *const same[][2] = {
        {"Ёлка", "елка"},
        {"ВОДОХРАНИЛИЩЕ", "водохранилище"},
        {"Қазақстан", "казакстан"}, /* Kazakh, on a Russian keyboard */
        {"Әлем", "алем"},
        {"іс", "ис"},
        {"Oʻzbekiston", "o'zbekiston"},
        {"O‘zbekiston", "Ozbekiston"},
        {"İstanbul", "istanbul"},
        {"ISTANBUL", "ıstanbul"},
        {"Çağrı", "cagri"},
        {"café", "cafe\xCC\x81"}, /* composed and not */
        {"ＦＵＬＬ", "full"},
        {"ﬁre", "fire"},
        {"أحمد", "احمد"},
        {"مُدَرِّس", "مدرس"},    /* vowel signs */
        {"كتـــاب", "كتاب"}, /* stretched */
        {"مدرسة", "مدرسه"},
        {"مصطفى", "مصطفي"},
        {"١٢٣", "123"},
        {"don’t", "dont"},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        struct str one = folded(a, str_of(same[i][0])), other = folded(a, str_of(same[i][1]));
        if (one.n == 0 || !str_eq(one, other))
            fail_msg("%s: " STR_FMT ", %s: " STR_FMT, same[i][0], STR_ARG(one), same[i][1],
                     STR_ARG(other));
    }
}

static void what_is_not_one_stays_apart(void **state)
{
    static const char *const other[][2] = {
        {"май", "маи"}, {"c", "с"}, {"мир", "мiр"}, {"шар", "щар"}, {"a", "б"}, {"كتاب", "كتب"},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(other); i++)
        assert_false(str_eq(folded(a, str_of(other[i][0])), folded(a, str_of(other[i][1]))));
}

static void words_are_parted_where_readers_part_them(void **state)
{
    static const char *const cases[][2] = {
        {"One, two; (three)!", "one two three"},
        {"https://www.example.org/a?b=1", "https www example org a b 1"},
        {"кое-что, по-русски", "кое что по русски"},
        {"*strong* and `code`", "strong and code"},
        {"'tis 'quoted' rock'n'roll", "tis quoted rocknroll"},
        {"水庫回来", "水 庫 回 来"},
        {"a\xE2\x80\x8B"
         "b",
         "ab"},
        {"😀 …!? -- \"\" * AND", "and"},
        {"", ""},
        {"'", ""},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(folded(a, str_of(cases[i][0])), cases[i][1]);
}

static void a_word_without_end_is_cut(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf b = buf_in(a, 64 * KiB);
    for (int i = 0; i < 10000; i++)
        buf_put(&b, STR("ж"));
    struct search_words words = search_words_of(a, buf_str(&b));
    assert_int_equal(words.n, 1);
    assert_int_equal(words.items[0].letters, SEARCH_WORD_LETTERS_MAX);
    assert_int_equal(words.items[0].n, 20000);
}

/* Nothing that FTS5 or a tsquery knows comes through, whatever is typed. */
static void no_letter_means_anything_to_a_database(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char bytes[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        struct str text = {bytes, utf8_print(c, bytes)};
        struct search_words words = search_words_of(a, text);
        for (size_t i = 0; i < words.n; i++) {
            struct str w = words.items[i].folded;
            assert_true(w.n > 0);
            for (size_t k = 0; k < w.n; k++) {
                char at = w.p[k];
                bool is_plain = (at >= 'a' && at <= 'z') || (at >= '0' && at <= '9') || (at & 0x80);
                if (!is_plain)
                    fail_msg("U+%04X gives " STR_FMT, c, STR_ARG(w));
            }
        }
        arena_reset(a);
    }
}

static void queries_are_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct search_query q = search_query_of(a, STR("Вода и «чистый воздух» \"дом\" ab \"open"));
    assert_int_equal(q.n_terms, 7);
    assert_str(q.terms[0].folded, "вода");
    assert_false(q.terms[0].is_whole);
    assert_true(q.terms[1].is_whole); /* one letter begins too much */
    assert_true(q.terms[2].is_whole && q.terms[3].is_whole);
    assert_true(q.terms[4].is_whole);
    assert_true(q.terms[5].is_whole);
    assert_false(q.terms[6].is_whole); /* a mark without its other is none */
    assert_int_equal(q.n_phrases, 1);
    assert_int_equal(q.phrases[0].first, 2);
    assert_int_equal(q.phrases[0].n, 2);
    assert_int_equal(search_query_of(a, STR("!?* \"\" -- ()")).n_terms, 0);
    assert_int_equal(search_query_of(a, STR_NONE).n_terms, 0);
    q = search_query_of(a, STR("a b c d e f g h i j k l m n o p \"q r\""));
    assert_int_equal(q.n_terms, SEARCH_TERMS_MAX);
    assert_int_equal(q.n_phrases, 0);
    q = search_query_of(a, STR("\"a b\" \"c d\" \"efg hij\""));
    assert_int_equal(q.n_phrases, SEARCH_PHRASES_MAX);
    assert_int_equal(q.n_terms, 6);
    assert_false(q.terms[4].is_whole);
}

/* The places that a query meets, each in brackets. */
static struct str marked(struct arena *a, const char *query, const char *text)
{
    struct search_query q = search_query_of(a, str_of(query));
    struct str t = str_of(text);
    struct marks m = search_marks(a, &q, t);
    struct buf b = buf_in(a, 64 * KiB);
    size_t at = 0;
    for (size_t i = 0; i < m.n; i++) {
        buf_put(&b, (struct str){t.p + at, m.items[i].at - at});
        buf_printf(&b, "[" STR_FMT "]", (int)m.items[i].n, t.p + m.items[i].at);
        at = m.items[i].at + m.items[i].n;
    }
    buf_put(&b, str_from(t, at));
    return buf_str(&b);
}

static void what_was_found_is_pointed_out(void **state)
{
    static const char *const cases[][3] = {
        {"вод", "Вода, водой и завод.", "[Вода], [водой] и завод."},
        {"\"вода\"", "Вода, водой.", "[Вода], водой."},
        {"казак", "Қазақша жаз!", "[Қазақша] жаз!"},
        {"\"red fox\" dog", "A dog, a red dog; a RED, fox.", "A [dog], a red [dog]; a [RED, fox]."},
        {"مدرس", "المدرس مُدَرِّسة", "المدرس [مُدَرِّسة]"},
        {"o'zb", "Oʻzbek oʻzi ozbeklar", "[Oʻzbek] oʻzi [ozbeklar]"},
        {"nothing", "Something else.", "Something else."},
        {"", "Something else.", "Something else."},
    };
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(marked(a, cases[i][0], cases[i][1]), cases[i][2]);
}

static void marks_have_a_limit(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf b = buf_in(a, 64 * KiB);
    for (int i = 0; i < 2 * MARKS_MAX; i++)
        buf_put(&b, STR("ab "));
    struct search_query q = search_query_of(a, STR("ab"));
    assert_int_equal(search_marks(a, &q, buf_str(&b)).n, MARKS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_one_word_is_folded_alike),
        cmocka_unit_test(what_is_not_one_stays_apart),
        cmocka_unit_test(words_are_parted_where_readers_part_them),
        cmocka_unit_test(a_word_without_end_is_cut),
        cmocka_unit_test(no_letter_means_anything_to_a_database),
        cmocka_unit_test(queries_are_read),
        cmocka_unit_test(what_was_found_is_pointed_out),
        cmocka_unit_test(marks_have_a_limit),
    };
    return RUN_TESTS(tests);
}
