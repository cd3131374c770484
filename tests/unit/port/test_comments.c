#include "port/comments.h"

#include "tests/lib/unit.h"

#define COMMENT(fields)                                                                            \
    "{\"format\":\"aitys-comments/"                                                                \
    "1\",\"conversations\":[{\"article\":\"a\",\"comments\":[{" fields "}]}]}"
#define GOOD                                                                                       \
    "\"number\":1,\"reply_to\":null,\"name\":\"N\",\"lang\":\"kk\",\"text\":\"T\","                \
    "\"at\":\"2026-03-02T09:30:00Z\",\"state\":\"published\""

static struct str faults_of(struct arena *a, struct str text, struct comments_file *ret_file)
{
    struct faults faults = {.arena = a};
    struct comments_file file;
    bool ok = comments_read(text, STR("f"), &faults, ret_file ? ret_file : &file);
    assert_true(ok == (faults.n == 0));
    struct str all = STR("");
    for (size_t i = 0; i < faults.n; i++)
        all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all), i > 0 ? "\n" : "",
                           STR_ARG(fault_print(&faults, &faults.items[i])));
    return all;
}

static void comments_are_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct comments_file file;
    assert_str(faults_of(a, STR(COMMENT(GOOD)), &file), "");
    assert_int_equal(file.n, 1);
    assert_str(file.conversations[0].article_key, "a");
    const struct comment_import *c = file.conversations[0].comments;
    assert_int_equal(c->number, 1);
    assert_int_equal(c->reply_to, 0);
    assert_str(c->name, "N");
    assert_int_equal(c->state, COMMENT_PUBLISHED);
    assert_int_equal(c->at_s, 1772443800);
}

static void faults_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } cases[] = {
        {"{\n\"format\" 1}", "f:2: cannot be read as JSON: ':' expected near '1'"},
        {"", "f:1: cannot be read as JSON: '[' or '{' expected near end of file"},
        {"{}", "f: is not of the format aitys-comments/1"},
        {"[]", "f: is not of the format aitys-comments/1"},
        {"{\"format\":\"aitys-comments/1\"}", "f: \"conversations\" is missing or no list"},
        {"{\"format\":\"aitys-comments/1\",\"conversations\":[1]}",
         "f: a conversation has no list \"comments\""},
        {COMMENT(GOOD ",\"ip\":\"1.2.3.4\""),
         "f: article a, comment no. 1: \"ip\": there is no such field; remove it"},
        {COMMENT("\"number\":0,\"name\":\"N\",\"lang\":\"kk!\",\"text\":\"\",\"at\":\"now\","
                 "\"state\":\"gone\""),
         "f: article a, comment no. 1: \"number\" is missing or no number from 1 to 16777215\n"
         "f: article a, comment no. 1: state \"gone\" is not known; write held, published, "
         "rejected, spam or withdrawn\n"
         "f: article a, comment no. 1: the name or the text is empty; only withdrawn comments may "
         "have none\n"
         "f: article a, comment no. 1: lang \"kk!\" is not a language tag\n"
         "f: article a, comment no. 1: at \"now\" is not a time; write one like "
         "2026-03-02T09:30:00Z"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(faults_of(a, str_of(cases[i].text), NULL), cases[i].faults);
}

static void words_have_the_form_s_limits(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    char text[COMMENT_CHARS_MAX + 2];
    memset(text, 'x', sizeof(text));
    for (size_t n = COMMENT_CHARS_MAX; n <= COMMENT_CHARS_MAX + 1; n++) {
        struct str json = arena_printf(a,
                                       COMMENT("\"number\":1,\"name\":\"N\",\"lang\":\"kk\","
                                               "\"text\":\"%.*s\",\"at\":\"2026-03-02T09:30:00Z\","
                                               "\"state\":\"published\""),
                                       (int)n, text);
        assert_str(faults_of(a, json, NULL), n == COMMENT_CHARS_MAX
                                                 ? ""
                                                 : "f: article a, comment no. 1: the text has 1501 "
                                                   "characters; at most 1500 are possible");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_are_read),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(words_have_the_form_s_limits),
    };
    return RUN_TESTS(tests);
}
