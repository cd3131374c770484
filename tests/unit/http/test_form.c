#include <dirent.h>
#include <sodium.h>
#include <time.h>

#include "base/buf.h"
#include "harness.h"
#include "http/form.h"

static bool parse(struct arena *a, const char *text, struct form *f)
{
    struct err e;
    return form_parse(a, str_of(text), 4, f, &e);
}

static void forms_are_decoded(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct form f;
    assert_true(parse(a, "a=1+2%2b&b=&%d0%90=%26%3D&a=again", &f));
    assert_int_equal(f.n, 4);
    assert_str(form_get(&f, STR("a")), "1 2+");
    assert_str(form_get(&f, STR("b")), "");
    assert_non_null(form_get(&f, STR("b")).p);
    assert_str(form_get(&f, STR("А")), "&=");
    assert_null(form_get(&f, STR("c")).p);
    assert_true(parse(a, "", &f));
    assert_int_equal(f.n, 0);
    assert_true(parse(a, "&&a&=b&c=d=e&", &f));
    assert_int_equal(f.n, 3);
    assert_str(f.pairs[0].name, "a");
    assert_str(f.pairs[1].name, "");
    assert_str(f.pairs[2].value, "d=e");
}

static void broken_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",  "a=%4",   "a=%4g",    "a=%00",    "%zz=1",
                                      "a=1%", "a=%%41", "a=%u0041", "a&b&c&d&e"};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct form f;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (parse(a, bad[i], &f))
            fail_msg("accepted %s", bad[i]);
    }
    assert_false(form_parse(a, (struct str){"a=\0", 3}, 4, &f, &e));
    assert_int_equal(e.kind, ERR_INVALID);
}

static void paths_are_decoded(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str path;
    struct err e;
    assert_true(form_decode_path(a, STR("/%d0%90/a+b%20c"), &path, &e));
    assert_str(path, "/А/a+b c");
    static const char *const bad[] = {"/%2f", "/%2F", "/%", "/%4", "/%0", "/%00", "/%xx"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(form_decode_path(a, str_of(bad[i]), &path, &e));
    assert_str(form_encode(a, STR("aZ09-._~ /А%")), "aZ09-._~%20%2F%D0%90%25");
    assert_str(form_encode(a, STR("")), "");
}

#define TYPE "multipart/form-data; boundary=b"
#define PART "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n"

static bool parts(struct arena *a, const char *type, const char *body, struct form *f)
{
    struct err e;
    return form_parse_multipart(a, str_of(type), str_of(body), 2, f, &e);
}

static void parts_are_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct form f;
    assert_true(parts(a, TYPE, PART "\r\nv\r\n--b--\r\n", &f));
    assert_int_equal(f.n, 1);
    assert_str(form_get(&f, STR("n")), "v");
    assert_true(parts(a, "Multipart/Form-Data; charset=utf-8; boundary=\"b\"",
                      PART
                      "content-type: text/plain\r\n\r\n\r\n--b \t\r\n"
                      "content-disposition:form-data;name=\"a\\\"b\"\r\n\r\n\r\nx\r\n-\r\n--b--",
                      &f));
    assert_int_equal(f.n, 2);
    assert_str(f.pairs[0].value, "");
    assert_str(f.pairs[1].name, "a\"b");
    assert_str(f.pairs[1].value, "\r\nx\r\n-");
    assert_true(parts(a, TYPE, "--b--", &f));
    assert_int_equal(f.n, 0);
}

static void broken_parts_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } bad[] = {
        {"text/plain; boundary=b", PART "\r\nv\r\n--b--"},
        {"multipart/form-data", PART "\r\nv\r\n--b--"},
        {"multipart/form-data; boundary=", PART "\r\nv\r\n--b--"},
        {"multipart/form-data; boundary=b; boundary=b", PART "\r\nv\r\n--b--"},
        {"multipart/form-data; boundary=\"b", PART "\r\nv\r\n--b--"},
        {"multipart/form-data; boundary=\"b \"", PART "\r\nv\r\n--b--"},
        {TYPE, ""},
        {TYPE, "x"},
        {TYPE, "--b"},
        {TYPE, "--bb\r\n\r\n"},
        {TYPE, PART},
        {TYPE, PART "\r\nv"},
        {TYPE, PART "\r\nv\r\n--b"},
        {TYPE, PART "\r\nv\r\n--bb\r\n--b--"},
        {TYPE, PART "\r\nv\r\n--b-\r\n--b--"},
        {TYPE, "--b\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: attachment; name=\"n\"\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: form-data; name=\"n\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: form-data; name=n; name=m\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: form-data; name=n; filename=\"\"\r\n\r\nv\r\n--b--"},
        {TYPE, "--b\r\nContent-Disposition: form-data; name=n; filename*=a\r\n\r\nv\r\n--b--"},
        {TYPE, PART "Content-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n--b--"},
        {TYPE, PART "Content-Transfer-Encoding: base64\r\n\r\nv\r\n--b--"},
        {TYPE, PART "A : b\r\n\r\nv\r\n--b--"},
        {TYPE, PART " folded\r\n\r\nv\r\n--b--"},
        {TYPE, PART "A: \x01\r\n\r\nv\r\n--b--"},
        {TYPE, PART "\r\nv\r\n" PART "\r\nv\r\n" PART "\r\nv\r\n--b--"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct form f;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (parts(a, bad[i].type, bad[i].body, &f))
            fail_msg("accepted %zu: %s", i, bad[i].body);
    }
    struct err e;
    assert_false(form_parse_multipart(a, STR(TYPE), STR(PART "\r\nv\0w\r\n--b--"), 2, &f, &e));
}

/* What a case of the corpus expects, out of its YAML. */
struct expected {
    struct str boundary;
    bool is_error, has_file;
    struct form form;
};

static struct expected expected_read(struct arena *a, struct str yaml)
{
    struct expected x = {.form.pairs = ARENA_ARRAY(a, struct form_pair, 20)};
    struct str line, value, before;
    bool in_data = false;
    while (str_next(&yaml, '\n', &line)) {
        line = str_trim(line);
        if (str_begins(line, STR("boundary: "))) {
            x.boundary = str_from(line, 10);
        } else if (str_begins(line, STR("error:"))) {
            x.is_error = true;
        } else if (str_begins(line, STR("- name: "))) {
            x.form.pairs[x.form.n++].name = str_from(line, 8);
            in_data = false;
        } else if (str_eq(line, STR("type: file"))) {
            x.has_file = true;
        } else if (str_begins(line, STR("data:"))) {
            x.form.pairs[x.form.n - 1].value = STR("");
            in_data = true;
        } else if (in_data && line.n && !str_cut(line, ':', &before, &value)) {
            size_t n;
            unsigned char *p = arena_take(a, line.n);
            assert_int_equal(sodium_base642bin(p, line.n, line.p, line.n, NULL, &n, NULL,
                                               sodium_base64_VARIANT_ORIGINAL),
                             0);
            struct form_pair *pair = &x.form.pairs[x.form.n - 1];
            pair->value = arena_printf(a, STR_FMT STR_FMT, STR_ARG(pair->value), (int)n, p);
        }
    }
    return x;
}

static void check_case(const char *folder, const char *name)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct form f;
    struct err e;
    struct str stem = str_head(str_of(name), strlen(name) - 5);
    struct str body =
        file_read(a, arena_cstr(a, arena_printf(a, "%s/" STR_FMT ".http", folder, STR_ARG(stem))));
    struct expected x =
        expected_read(a, file_read(a, arena_cstr(a, arena_printf(a, "%s/%s", folder, name))));
    assert_true(body.p && x.boundary.p);
    struct str type =
        arena_printf(a, "multipart/form-data; boundary=" STR_FMT, STR_ARG(x.boundary));
    bool ok = form_parse_multipart(a, type, body, 20, &f, &e);
    /*
     * Refused here: files, text in codings that RFC 7578 does away with, and lines that begin with
     * the delimiter and go on, which RFC 2046, section 5.1.1, lets nobody send.
     */
    bool is_refused = x.is_error || x.has_file || str_find(body, STR("base64")) >= 0 ||
                      str_find(body, STR("quoted-printable")) >= 0 ||
                      str_begins(stem, STR("almost_match_boundary_without_"));
    if (ok == is_refused)
        fail_msg("%s: %s", name, ok ? "accepted" : e.why);
    if (!ok)
        return;
    assert_int_equal(f.n, x.form.n);
    for (size_t i = 0; i < f.n; i++) {
        assert_true(str_eq(f.pairs[i].name, x.form.pairs[i].name));
        assert_true(str_eq(f.pairs[i].value, x.form.pairs[i].value));
    }
}

static void other_peoples_parts_are_read(void **state)
{
    (void)state;
    const char *folder = corpora("multipart");
    if (!folder)
        return;
    DIR *d = opendir(folder);
    int n = 0;
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));) {
        /* single_field_blocks names another boundary than its body has. */
        if (!str_ends(str_of(entry->d_name), STR(".yaml")) ||
            strcmp(entry->d_name, "single_field_blocks.yaml") == 0)
            continue;
        check_case(folder, entry->d_name);
        n++;
    }
    (void)closedir(d);
    assert_true(n > 25);
}

static double seconds_of(const char *unit, size_t bytes, bool multipart)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf b = buf_in(a, bytes + 1000);
    struct timespec from, to;
    struct form f;
    struct err e;
    buf_put(&b, multipart ? STR(PART) : STR(""));
    while (b.n < bytes)
        buf_put(&b, str_of(unit));
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    (void)!(multipart ? form_parse_multipart(a, STR(TYPE), buf_str(&b), SIZE_MAX, &f, &e)
                      : form_parse(a, buf_str(&b), SIZE_MAX, &f, &e));
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Far from quadratic: four times the bytes, much less than sixteen times the time. */
static void time_is_linear(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        bool multipart;
    } cases[] = {
        {"a=b&", false},
        {"%41", false},
        {"&", false},
        {"\r\n--", true},
        {"\r\n\r\n--b\r\n", true},
        {"a:b\r\n", true},
        {PART "\r\n\r\n", true},
        {";a=\"\"", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        double one = seconds_of(cases[i].unit, 1 << 18, cases[i].multipart);
        double four = seconds_of(cases[i].unit, 1 << 20, cases[i].multipart);
        assert_true(four < one * 10 + 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_decoded),        cmocka_unit_test(broken_forms_are_refused),
        cmocka_unit_test(paths_are_decoded),        cmocka_unit_test(parts_are_read),
        cmocka_unit_test(broken_parts_are_refused), cmocka_unit_test(other_peoples_parts_are_read),
        cmocka_unit_test(time_is_linear),
    };
    return RUN_TESTS(tests);
}
