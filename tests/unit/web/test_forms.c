#include "web/forms.h"

#include "base/buf.h"
#include "tests/lib/unit.h"

struct read {
    struct comment_form form;
    struct form_faults faults;
    bool is_good;
};

static struct read read_comment(struct str text, struct str name)
{
    struct form_pair pairs[] = {{STR("text"), text}, {STR("name"), name}};
    const struct form form = {pairs, ARRAY_LEN(pairs)};
    struct read r;
    r.is_good = form_read(&form_spec_comment_form, &form, &r.form, &r.faults);
    return r;
}

static struct str times(struct arena *a, const char *piece, size_t n)
{
    struct buf b = buf_in(a, n * strlen(piece));
    for (size_t i = 0; i < n; i++)
        buf_put(&b, str_of(piece));
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

/* What a reader counts as one character, however many bytes. */
static void the_limit_counts_as_people_do(void **state)
{
    (void)state;
    static const char *const ones[] = {
        "a",
        "ә",
        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
        "e\xcc\x81",
        "\xf0\x9f\x87\xb0\xf0\x9f\x87\xbf",
        "\r\n",
        "각"};
    for (size_t i = 0; i < ARRAY_LEN(ones); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str most = times(a, ones[i], COMMENT_CHARS_MAX - 1);
        /* White space alone is no comment, so each text ends with a letter. */
        struct str good = arena_printf(a, STR_FMT "x", STR_ARG(most));
        struct str bad = arena_printf(a, STR_FMT "xx", STR_ARG(most));
        struct read r = read_comment(good, STR("N"));
        if (!r.is_good)
            fail_msg("1500 of \"%s\" are refused", ones[i]);
        assert_true(str_eq(r.form.text, good));
        r = read_comment(bad, STR("N"));
        assert_false(r.is_good);
        assert_int_equal(r.faults.field[FIELD_comment_form_text], T_FORM_TOO_LONG);
        assert_int_equal(r.faults.chars[FIELD_comment_form_text], COMMENT_CHARS_MAX + 1);
        assert_true(str_eq(r.form.text, bad)); /* to be shown again */
    }
}

static void one_character_of_endless_bytes_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str marks = times(a, "\xcc\x81", 40000);
    struct read r = read_comment(arena_printf(a, "a" STR_FMT, STR_ARG(marks)), STR("N"));
    assert_int_equal(r.faults.field[FIELD_comment_form_text], T_FORM_TOO_LONG);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    /* The first one is well-formed and goes back to its writer; the others are no text at all. */
    static const char *const texts[] = {"a\x01z", "\xff", "a\xc0\x80", "\xed\xa0\x80", "\xe2\x28"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct read r = read_comment(str_of(texts[i]), STR("N"));
        assert_int_equal(r.faults.field[FIELD_comment_form_text], T_FORM_NOT_TEXT);
        assert_int_equal(r.form.text.n, i == 0 ? 3 : 0);
        r = read_comment(STR("x"), str_of(texts[i]));
        assert_int_equal(r.faults.field[FIELD_comment_form_name], T_FORM_NOT_TEXT);
    }
    struct read r = read_comment(STR("x"), STR("a\nb"));
    assert_int_equal(r.faults.field[FIELD_comment_form_name], T_FORM_NOT_TEXT);
}

static void empty_fields_are_told(void **state)
{
    (void)state;
    struct read r = read_comment(STR(" \r\n\t"), STR_NONE);
    assert_int_equal(r.faults.field[FIELD_comment_form_text], T_FORM_TEXT_EMPTY);
    assert_int_equal(r.faults.field[FIELD_comment_form_name], T_NAME_EMPTY);
}

static void text_is_kept_byte_for_byte(void **state)
{
    (void)state;
    struct str text = STR("  a\r\nb\n\tc  <b>&amp; \xe2\x80\x8f ");
    struct read r = read_comment(text, STR(" N "));
    assert_true(r.is_good);
    assert_true(str_eq(r.form.text, text));
    assert_str(r.form.name, " N ");
}

static void numbers_are_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {"-1", "1.5", "01", "x", "99999999999999999999", " 1"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct form_pair pairs[] = {
            {STR("text"), STR("x")}, {STR("name"), STR("N")}, {STR("reply_to"), str_of(bad[i])}};
        const struct form form = {pairs, ARRAY_LEN(pairs)};
        struct comment_form c;
        struct form_faults faults;
        assert_false(form_read(&form_spec_comment_form, &form, &c, &faults));
        assert_int_equal(c.reply_to, 0);
    }
}

/* Every text field of every form: its maximum is let in, one more is not. */
static void every_field_keeps_its_maximum(void **state)
{
    (void)state;
    size_t n;
    const struct form_spec *const *specs = forms_all(&n);
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < specs[i]->n_fields; f++) {
            const struct field_spec *field = &specs[i]->fields[f];
            ON_LEAVE(arena_free) struct arena *a = arena_new(0);
            if (field->type == FIELD_NUMBER || field->type == FIELD_MANY) /* its handler checks */
                continue;
            struct str most = times(a, "a", (size_t)field->max);
            struct str more = times(a, "a", (size_t)field->max + 1);
            struct form_pair pair = {field->name, most};
            const struct form form = {&pair, 1};
            struct form_faults faults;
            void *record = arena_take(a, specs[i]->bytes);
            (void)form_read(specs[i], &form, record, &faults);
            assert_int_equal(faults.field[f], T_NONE);
            pair.value = more;
            (void)form_read(specs[i], &form, record, &faults);
            if (field->type == FIELD_OPAQUE)
                assert_int_equal(((struct str *)((char *)record + field->offset))->n, 0);
            else
                assert_int_equal(faults.field[f], T_FORM_TOO_LONG);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_counts_as_people_do),
        cmocka_unit_test(one_character_of_endless_bytes_is_refused),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(empty_fields_are_told),
        cmocka_unit_test(text_is_kept_byte_for_byte),
        cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(every_field_keeps_its_maximum),
    };
    return RUN_TESTS(tests);
}
