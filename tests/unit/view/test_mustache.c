/*
 * The renderer against the cases of the public Mustache specification (interpolation, sections,
 * inverted sections, comments, partials, delimiters), with JSON as the contexts.
 */
#include "tests/lib/unit.h"

#include <jansson.h>

#include "text/escape.h"
#include "view/mustache.h"

struct spec {
    const char *name;
    const char *data; /* JSON */
    const char *template;
    const char *expected;
    const char *partials; /* JSON object of texts; NULL: none */
};

static const struct spec cases[] = {
#include "mustache_cases.inc"
};

static bool json_resolve(const struct mustache_model *m, const void *const *types, size_t n_types,
                         struct mustache_ref *ref, struct err *e)
{
    (void)m, (void)types, (void)n_types, (void)ref, (void)e;
    return true;
}

/* The member of an object; NULL when it is none or has none. */
static const json_t *member(const json_t *object, struct str name)
{
    return json_is_object(object) ? json_object_getn(object, name.p, name.n) : NULL;
}

static const json_t *look_up(const void *const *contexts, size_t n, struct str name)
{
    const json_t *found = NULL;
    struct str part = STR_NONE;

    if (str_eq(name, STR(".")))
        return contexts[n - 1];
    (void)str_next(&name, '.', &part);
    for (size_t i = n; i > 0 && !found; i--)
        found = member(contexts[i - 1], part);
    while (found && str_next(&name, '.', &part))
        found = member(found, part);
    return found;
}

/* Numbers as the specification prints them: 85, 1.21. */
static struct str number_text(const json_t *j)
{
    static char text[64];

    (void)snprintf(text, sizeof text, "%.15g", json_number_value(j));
    return str_of(text);
}

static struct mustache_value json_get(const struct mustache_model *m, const void *const *contexts,
                                      size_t n_contexts, const struct mustache_ref *ref)
{
    const json_t *j = look_up(contexts, n_contexts, ref->name);
    struct mustache_value v = {.kind = MUSTACHE_TEXT};

    (void)m;
    if (!j || json_is_null(j) || (ref->is_section && json_is_false(j)))
        return (struct mustache_value){.kind = MUSTACHE_NOTHING};
    if (ref->is_section)
        return (struct mustache_value){
            .kind = MUSTACHE_ITEMS, .items = j, .n = json_is_array(j) ? json_array_size(j) : 1};
    if (json_is_string(j))
        v.text = (struct str){json_string_value(j), json_string_length(j)};
    else if (json_is_number(j))
        v.text = number_text(j);
    return v;
}

static const void *json_item(const struct mustache_model *m, const void *items, size_t i)
{
    (void)m;
    return json_is_array((const json_t *)items) ? json_array_get(items, i) : items;
}

static bool json_partial(const struct mustache_model *m, struct str name,
                         struct mustache_file *ret_file)
{
    const json_t *text = member(m->user, name);

    if (!text)
        return false;
    ret_file->name = name;
    ret_file->text = (struct str){json_string_value(text), json_string_length(text)};
    return true;
}

static const struct mustache_model json_model = {.resolve = json_resolve,
                                                 .get = json_get,
                                                 .item = json_item,
                                                 .partial = json_partial,
                                                 .escape = escape_html,
                                                 .is_lenient = true};

static json_t *json(const char *text)
{
    json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(j);
    return j;
}

static void run_case(const struct spec *s)
{
    struct arena *a = arena_new(0);
    json_t *data = json(s->data);
    json_t *partials = json(s->partials ? s->partials : "{}");
    struct mustache_model m = json_model;
    struct mustache t = {0};
    struct err e = {0};
    struct buf out = buf_in(a, MiB);

    m.user = partials;
    if (!mustache_parse(a, &m, (struct mustache_file){STR("case"), str_of(s->template)}, NULL, &t,
                        &e))
        fail_msg("%s: %s", s->name, e.why);
    mustache_render(&t, &m, data, &out);
    if (!str_eq(buf_str(&out), str_of(s->expected)))
        fail_msg("%s: got \"" STR_FMT "\", expected \"%s\"", s->name, STR_ARG(buf_str(&out)),
                 s->expected);
    json_decref(data);
    json_decref(partials);
    arena_free(&a);
}

static void test_specification(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(&cases[i]);
}

/* What a broken template is told; the JSON model, but strict. */
static void assert_refused(const char *template, const char *why, const char *partials)
{
    struct arena *a = arena_new(0);
    json_t *p = json(partials);
    struct mustache_model m = json_model;
    struct mustache t = {0};
    struct err e = {0};

    m.user = p;
    m.is_lenient = false;
    if (mustache_parse(a, &m, (struct mustache_file){STR("page.mustache"), str_of(template)}, NULL,
                       &t, &e))
        fail_msg("\"%s\" was accepted", template);
    assert_int_equal(e.kind, ERR_INVALID);
    assert_str(str_of(e.why), why);
    json_decref(p);
    arena_free(&a);
}

static void test_broken_templates(void **state)
{
    (void)state;
    assert_refused("a\n{{#b}}\nc", "page.mustache:2: the section is not closed: b", "{}");
    assert_refused("a\n\n{{/b}}", "page.mustache:3: no section is open to close: b", "{}");
    assert_refused("{{#a}}{{#b}}\n{{/a}}{{/b}}",
                   "page.mustache:2: the section that is open is not: a", "{}");
    assert_refused("\n{{a", "page.mustache:2: the tag is not closed: a", "{}");
    assert_refused("{{{a}}", "page.mustache:1: the tag is not closed: a}}", "{}");
    assert_refused("{{ }}", "page.mustache:1: a tag without a name", "{}");
    assert_refused("{{#a}}{{/a}}\n{{=| |=}}|={{ }}|",
                   "page.mustache:2: the tag is not closed: {{ }}|", "{}");
    assert_refused("{{=||=}}", "page.mustache:1: these are no delimiters: ||", "{}");
    assert_refused("{{!\n\n}}{{& a}}", "page.mustache:3: text can never be raw: a", "{}");
    assert_refused("x\n{{>p}}", "page.mustache:2: there is no partial p", "{}");
    assert_refused("{{>p}}", "p:2: the section is not closed: a", "{\"p\": \"\\n{{#a}}\"}");
    assert_refused("{{#a}}{{>p}}{{/a}}", "p:1: no section is open to close: a",
                   "{\"p\": \"{{/a}}\"}");
}

/* The one case of the specification that is refused: a partial within itself. */
static void test_partials_do_not_recurse(void **state)
{
    (void)state;
    assert_refused("{{>p}}", "p:1: the partial includes itself: p", "{\"p\": \"{{>p}}\"}");
    assert_refused("{{>p}}", "q:1: the partial includes itself: p",
                   "{\"p\": \"{{>q}}\", \"q\": \"{{>p}}\"}");
}

static void test_limits(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct buf deep = buf_in(a, MiB);
    struct buf many = buf_in(a, MiB);

    for (size_t i = 0; i < MUSTACHE_DEPTH + 1; i++)
        buf_put(&deep, STR("{{#a}}"));
    assert_refused(arena_cstr(a, buf_str(&deep)),
                   "page.mustache:1: too many sections within each other: a", "{}");
    for (size_t i = 0; i < MUSTACHE_TAGS + 1; i++)
        buf_put(&many, STR("{{a}}"));
    assert_refused(arena_cstr(a, buf_str(&many)), "page.mustache:1: the template is too large",
                   "{}");
    /* Partials that multiply are stopped by the same number. */
    assert_refused("{{>a}}", "d:1: the template is too large",
                   "{\"a\":\"{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}{{>b}}\","
                   "\"b\":\"{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}{{>c}}\","
                   "\"c\":\"{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}{{>d}}\","
                   "\"d\":\"{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}{{!}}\"}");
    arena_free(&a);
}

/* A buffer that is too small stops the rendering and stays failed. */
static void test_small_buffer(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    json_t *data = json("{\"a\": [1,2,3,4,5,6,7,8,9]}");
    struct mustache_model m = json_model;
    struct mustache t = {0};
    struct err e = {0};
    struct buf out = buf_in(a, 4);

    m.user = data;
    assert_true(mustache_parse(a, &m, (struct mustache_file){STR("x"), STR("{{#a}}{{.}}{{/a}}")},
                               NULL, &t, &e));
    mustache_render(&t, &m, data, &out);
    assert_false(buf_ok(&out));
    json_decref(data);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specification),
        cmocka_unit_test(test_broken_templates),
        cmocka_unit_test(test_partials_do_not_recurse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_small_buffer),
    };
    return RUN_TESTS(tests);
}
