#include "port/front.h"

#include "tests/lib/unit.h"

#define ARTICLE                                                                                    \
    "---\narticle: a\nlang: en\nslug: a\nheadline: H\npublished: 2026-03-02T09:30:00+05:00\n"
#define BODY "---\nText.\n"

/* Reads a text; gives the faults one a line, "" for none. */
static struct str faults_of(struct arena *a, struct str text, struct front *ret_front)
{
    struct faults faults = {.arena = a};
    struct front front = {0};
    bool ok = front_read(text, STR("f"), &faults, ret_front ? ret_front : &front);
    assert_true(ok == (faults.n == 0));
    struct str all = STR("");
    for (size_t i = 0; i < faults.n; i++)
        all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all), i > 0 ? "\n" : "",
                           STR_ARG(fault_print(&faults, &faults.items[i])));
    return all;
}

static void an_article_is_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct front f;
    assert_str(faults_of(a,
                         STR("---\n"
                             "article: reservoir   # the same in every language\n"
                             "lang: kk\n"
                             "slug: su\n"
                             "headline: \"Су: қайтты\"\n"
                             "standfirst: >\n"
                             "  Екі\n"
                             "  қыс.\n"
                             "agencies: [NORTHWIRE]\n"
                             "byline:\n"
                             "  - {key: a-b, name: Ә Б}\n"
                             "dateline: АЛМАТЫ\n"
                             "section: environment\n"
                             "published: 2026-03-02T09:30:00+05:00\n"
                             "updated: 2026-03-02T05:00Z\n"
                             "pictures:\n"
                             "  - file: ../pictures/x.png\n"
                             "    alt: Көрініс\n"
                             "conversation: first\n"
                             "conversation_closes: 2026-04-02T00:00:00Z\n"
                             "---\n"
                             "Дене.\n"),
                         &f),
               "");
    assert_int_equal(f.kind, FRONT_ARTICLE);
    assert_str(f.key, "reservoir");
    assert_str(f.lang, "kk");
    assert_str(f.title, "Су: қайтты");
    assert_str(f.standfirst, "Екі қыс.");
    assert_int_equal(f.n_byline, 2);
    assert_str(f.byline[0].key, "a-b");
    assert_str(f.byline[1].name, "NORTHWIRE");
    assert_int_equal(f.byline[1].key.n, 0);
    assert_int_equal(f.published_s, 1772425800);
    assert_int_equal(f.updated_s, 1772427600);
    assert_int_equal(f.n_pictures, 1);
    assert_int_equal(f.pictures[0].line, 17);
    assert_true(f.has_mode);
    assert_int_equal(f.mode, MODE_FIRST);
    assert_str(f.body, "Дене.\n");
    assert_int_equal(front_line(&f, "slug"), 4);
}

static void sections_and_pages_are_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct front f;
    assert_str(
        faults_of(a, STR("---\r\nsection: s\r\nlang: en\r\nslug: s\r\nname: S\r\n---\r\n"), &f),
        "");
    assert_int_equal(f.kind, FRONT_SECTION);
    assert_str(f.title, "S");
    assert_str(faults_of(a, STR("---\npage: p\nlang: en\nslug: p\ntitle: P\n---\nX\n"), &f), "");
    assert_int_equal(f.kind, FRONT_STANDING);
    assert_str(f.body, "X\n");
}

static void faults_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } cases[] = {
        {"", "f:1: has no front matter; begin the file with a line \"---\""},
        {"Text\n", "f:1: has no front matter; begin the file with a line \"---\""},
        {"---\na: 1\n", "f:1: the front matter has no end; close it with a line \"---\""},
        {"\xEF\xBB\xBF---\n", "f:1: begins with a byte order mark; save it as UTF-8 without one"},
        {"---\nx: 1\n---\nа\xff\n", "f:4: is not well-formed UTF-8; save the file as UTF-8"},
        {"---\nx: 1\n---\na\x07\n",
         "f:4: has a control character or a character that is none; remove it"},
        {"---\n- x\n---\n",
         "f:2: the front matter is a list, but should be fields; write them as \"name: value\""},
        {"---\ntitle: x\n---\n",
         "f:1: says neither article, section nor page; write which of them it is and its key"},
        {"---\narticle: a\npage: p\n---\n",
         "f:3: page: an article cannot be a page, too; remove one of them"},
        {"---\narticle: a\nlang: en\n" BODY, "f:2: slug: is missing; an article needs it\n"
                                             "f:2: headline: is missing; an article needs it\n"
                                             "f:2: published: is missing; an article needs it"},
        {ARTICLE "---\n\n", "f:8: the body is empty; write it below the front matter"},
        {"---\narticle: a\nlang: en\nslug: section\nheadline: H\npublished: "
         "2026-03-02T09:30:00Z\n" BODY,
         "f:4: slug: \"section\" is an address of the site itself; choose another"},
        {"---\narticle: a\nlang: en\nslug: author\nheadline: H\npublished: "
         "2026-03-02T09:30:00Z\n" BODY,
         "f:4: slug: \"author\" is an address of the site itself; choose another"},
        {"---\narticle: a\nlang: en\nslug: page\nheadline: H\npublished: "
         "2026-03-02T09:30:00Z\n" BODY,
         "f:4: slug: \"page\" is an address of the site itself; choose another"},
        {"---\narticle: a\nlang: en\nslug: comments\nheadline: H\npublished: "
         "2026-03-02T09:30:00Z\n" BODY,
         "f:4: slug: \"comments\" is an address of the site itself; choose another"},
        {"---\nsection: s\nlang: en\nslug: comments\nname: S\n---\n", ""},
        {"---\nx: 1\n---\n\ta\n", "f:4: has a tab; write spaces instead"},
        {"---\narticle：a\nlang: en\n" BODY,
         "f:3: cannot be read as YAML: mapping values are not allowed in this context; check the "
         "indentation, the colons and the quotes\n"
         "f:2: has a full-width colon \"：\" after the name; write \": \""},
        {ARTICLE "hedline: x\n" BODY,
         "f:7: hedline: there is no such field; did you mean headline?"},
        {ARTICLE "colour: x\n" BODY,
         "f:7: colour: there is no such field; an article may have article, lang, slug, headline, "
         "standfirst, byline, agencies, dateline, section, published, updated, pictures, "
         "conversation, conversation_closes"},
        {ARTICLE "slug: b\n" BODY,
         "f:7: slug: stands here a second time, first in line 4; remove one of them"},
        {ARTICLE "dateline:\n" BODY, "f:7: dateline: has no value; write one or remove the line"},
        {ARTICLE "dateline: [x]\n" BODY, "f:7: dateline: is a list, but should be one value"},
        {ARTICLE "dateline: \"a\\nb\"\n" BODY,
         "f:7: dateline: has a line end or a control character in it; write it on one line"},
        {ARTICLE "dateline: 1234567890123456789012345678901234567890123456789012345678901\n" BODY,
         "f:7: dateline: has 61 characters; at most 60 are possible, shorten it"},
        {ARTICLE "section: Қоғам\n" BODY,
         "f:7: section: \"Қоғам\" cannot be part of an address; write lower-case letters a-z, "
         "digits and single hyphens, for example \"qogam\""},
        {ARTICLE "updated: 2026-03-02 10:00\n" BODY,
         "f:7: updated: \"2026-03-02 10:00\" is not a time; write it with its zone, like "
         "2026-03-02T09:30:00+05:00"},
        {ARTICLE "updated: 2026-03-01T10:00:00Z\n" BODY,
         "f:7: updated: is before published; correct one of them"},
        {ARTICLE "conversation_closes: 2026-03-01T10:00:00Z\n" BODY,
         "f:7: conversation_closes: is not after published; correct one of them"},
        {ARTICLE "conversation: on\n" BODY,
         "f:7: conversation: \"on\" is not a mode; write open, first, held or closed"},
        {ARTICLE "byline: A\n" BODY,
         "f:7: byline: is a text, but should be a list; begin each item with a hyphen"},
        {ARTICLE "byline: [A]\n" BODY,
         "f:7: byline[1]: is a text, but should be fields; write them as \"name: value\""},
        {ARTICLE "byline:\n  - key: a\n    nmae: A\n" BODY,
         "f:9: byline[1].nmae: there is no such field; did you mean name?\n"
         "f:8: byline[1].name: is missing; an entry of the byline needs it"},
        {ARTICLE "byline: [{key: a, name: A}, {key: a, name: B}]\n" BODY,
         "f:7: byline[2]: \"a\" stands there twice; remove one of them"},
        {ARTICLE "agencies: [A, [B]]\n" BODY,
         "f:7: agencies[2]: is not a name; write one or remove it"},
        {ARTICLE "pictures:\n  - file: /etc/passwd\n    alt: x\n" BODY,
         "f:8: pictures[1].file: is not a relative path; write one that begins at this file's "
         "folder"},
        {ARTICLE "pictures:\n  - file: x.png\n" BODY,
         "f:8: pictures[1].alt: is missing; a picture needs it"},
        {"---\narticle: a\nlang: xx-yyyyyyyyyy\nslug: a\nheadline: H\npublished: "
         "2026-03-02T09:30:00Z\n" BODY,
         "f:3: lang: \"xx-yyyyyyyyyy\" is not a language tag; write one like kk, uz-Latn or "
         "pt-BR"},
        {"---\nsection: s\nlang: en\nslug: s\nname: S\n---\nX\n",
         "f:7: a section has no body; write the text into about"},
        {ARTICLE "---\nText.\n\nMore <b>text</b>.\n", "f:10: body: "},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str got = faults_of(a, str_of(cases[i].text), NULL);
        /* Of the body's faults the words are text/markdown's own. */
        if (str_ends(str_of(cases[i].faults), STR("body: ")))
            got = str_head(got, strlen(cases[i].faults));
        assert_str(got, cases[i].faults);
    }
}

static void any_bytes_are_refused_calmly(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const char text[] = ARTICLE "byline: [{key: a, name: A}]\npictures:\n  - file: x\n" BODY;
    struct str whole = STR(ARTICLE "byline: [{key: a, name: A}]\npictures:\n  - file: x\n" BODY);
    for (size_t n = 0; n < whole.n; n++)
        (void)faults_of(a, (struct str){text, n}, NULL);
    for (size_t i = 0; i < whole.n; i++)
        for (unsigned c = 0; c < 256; c += 15) {
            char copy[sizeof(text)];
            memcpy(copy, text, sizeof(text));
            copy[i] = (char)c;
            (void)faults_of(a, (struct str){copy, whole.n}, NULL);
            arena_reset(a);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_article_is_read),
        cmocka_unit_test(sections_and_pages_are_read),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(any_bytes_are_refused_calmly),
    };
    return RUN_TESTS(tests);
}
