/*
 * Bylines, datelines and JSON-LD.
 */
#include "tests/lib/unit.h"

#include <jansson.h>

#include "fake_i18n.h"
#include "view/parts.h"

static const struct view_person people[] = {
    {.name = STR_INIT("A. Reporter"), .address = STR_INIT("/en/author/a")},
    {.name = STR_INIT("B. & C."), .address = STR_INIT("")},
    {.name = STR_INIT("NORTHWIRE"), .address = STR_INIT("/en/author/n"), .is_agency = true},
};

static void a_byline_is_a_sentence_with_links(void **state)
{
    struct arena *a = arena_new(0);
    struct view_byline b = view_byline(a, &fake_english, people, 3);

    (void)state;
    assert_str(b.text, "By A. Reporter, B. & C. and NORTHWIRE");
    assert_int_equal(b.n_pieces, 6);
    assert_str(b.pieces[0].text, "By ");
    assert_false(b.pieces[0].is_name);
    assert_str(b.pieces[1].text, "A. Reporter");
    assert_str(b.pieces[1].address, "/en/author/a");
    assert_str(b.pieces[2].text, ", ");
    assert_true(b.pieces[3].is_name);
    assert_str(b.pieces[3].address, "");
    assert_str(b.pieces[5].text, "NORTHWIRE");
    assert_int_equal(view_byline(a, &fake_english, people, 0).n_pieces, 0);
    arena_free(&a);
}

/* Words may follow the names, and names may hold what looks like a mark. */
static void a_byline_follows_its_language(void **state)
{
    struct arena *a = arena_new(0);
    struct i18n_lang *l = ARENA_NEW(a, struct i18n_lang);
    const struct view_person odd[] = {{.name = STR("\xEE\x80\x80"), .address = STR("/x")}};

    (void)state;
    l->texts[T_BYLINE] = STR("{0} жазды");
    struct view_byline b = view_byline(a, l, people, 1);
    assert_int_equal(b.n_pieces, 2);
    assert_str(b.pieces[0].text, "A. Reporter");
    assert_str(b.text, "A. Reporter жазды");
    assert_str(view_byline(a, l, odd, 1).text, "\xEE\x80\x80 жазды");
    arena_free(&a);
}

static void many_people_are_cut(void **state)
{
    struct arena *a = arena_new(0);
    struct view_person *crowd = ARENA_ARRAY(a, struct view_person, 100);

    (void)state;
    for (size_t i = 0; i < 100; i++)
        crowd[i].name = STR("N");
    assert_int_equal(view_byline(a, &fake_english, crowd, 100).n_pieces, 64);
    arena_free(&a);
}

static void a_dateline_opens_the_first_paragraph(void **state)
{
    struct arena *a = arena_new(0);
    struct html p = {STR("<p>Text</p>")};
    struct html h = {STR("<h2>Head</h2>")};

    (void)state;
    assert_str(view_dateline(a, STR("ALMA & CO"), p).s,
               "<p><b class=dateline>ALMA &amp; CO</b> — Text</p>");
    assert_str(view_dateline(a, STR("ALMATY"), h).s,
               "<p><b class=dateline>ALMATY</b> —</p><h2>Head</h2>");
    assert_str(view_dateline(a, STR_NONE, p).s, "<p>Text</p>");
    arena_free(&a);
}

static void json_ld_is_json_and_safe(void **state)
{
    struct arena *a = arena_new(0);
    const struct str pictures[] = {STR("https://x.example/a.jpg"), STR("https://x.example/b.jpg")};
    const struct view_facts f = {.address = STR("https://x.example/en/a"),
                                 .lang = STR("en"),
                                 .headline = STR("</script><b> \"quoted\" \\ \xE2\x80\xA8"),
                                 .published = STR("2026-03-02T04:30:00Z"),
                                 .site_name = STR("Site"),
                                 .pictures = pictures,
                                 .n_pictures = 2,
                                 .people = people,
                                 .n_people = 3,
                                 .comments = 26};

    (void)state;
    struct str s = view_json_ld(a, &f).s;
    assert_int_equal(str_find_char(s, '<'), -1);
    json_t *j = json_loadb(s.p, s.n, 0, NULL);
    assert_non_null(j);
    assert_string_equal(json_string_value(json_object_get(j, "headline")),
                        "</script><b> \"quoted\" \\ \xE2\x80\xA8");
    assert_int_equal(json_array_size(json_object_get(j, "author")), 3);
    assert_int_equal(json_array_size(json_object_get(j, "image")), 2);
    assert_int_equal(json_integer_value(json_object_get(j, "commentCount")), 26);
    assert_string_equal(json_string_value(json_object_get(j, "dateModified")),
                        "2026-03-02T04:30:00Z");
    json_decref(j);
    const struct view_facts bare = {.comments = -1};
    s = view_json_ld(a, &bare).s;
    j = json_loadb(s.p, s.n, 0, NULL);
    assert_non_null(j);
    assert_null(json_object_get(j, "commentCount"));
    json_decref(j);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byline_is_a_sentence_with_links),
        cmocka_unit_test(a_byline_follows_its_language),
        cmocka_unit_test(many_people_are_cut),
        cmocka_unit_test(a_dateline_opens_the_first_paragraph),
        cmocka_unit_test(json_ld_is_json_and_safe),
    };
    return RUN_TESTS(tests);
}
