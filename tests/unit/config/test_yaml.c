#include "config/yaml.h"

#include "base/buf.h"

#include "tests/lib/unit.h"

/* Parses and gives the faults, one a line; "" for none. */
static struct str faults_of(struct arena *a, const char *text, struct yaml_node **ret_root)
{
    struct faults faults = {.arena = a};
    struct yaml_node *root = NULL;
    if (!yaml_parse(str_of(text), STR("f"), 1, &faults, &root))
        assert_true(faults.n > 0);
    if (ret_root)
        *ret_root = root;
    struct str all = STR("");
    for (size_t i = 0; i < faults.n; i++)
        all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all), i > 0 ? "\n" : "",
                           STR_ARG(fault_print(&faults, &faults.items[i])));
    return all;
}

static void trees_have_lines(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct yaml_node *root;
    assert_str(faults_of(a, "# note\nsite:\n  name: \"A\"\n  list:\n    - x\n    - 'y'\n", &root),
               "");
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n, 1);
    const struct yaml_node *site = root->first, *name = site->first, *list = name->next;
    assert_str(site->key, "site");
    assert_int_equal(site->line, 2);
    assert_str(name->text, "A");
    assert_false(name->is_plain);
    assert_int_equal(name->line, 3);
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->first->line, 5);
    assert_true(list->first->is_plain);
    assert_int_equal(list->first->next->line, 6);
    assert_str(faults_of(a, "", &root), "");
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n, 0);
}

static void faults_have_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n",
         "f:3: a: stands here a second time, first in line 1; remove one of them"},
        {"a: &x 1\n", "f:1: anchors (&) and tags (!) are not understood; put the value in quotes"},
        {"a: !!str 1\n",
         "f:1: anchors (&) and tags (!) are not understood; put the value in quotes"},
        {"a: &x [1]\n", "f:1: anchors (&) and tags (!) are not understood here"},
        {"a: *x\n", "f:1: an alias (*) is not understood; put the value in quotes"},
        {"a: 1\n---\nb: 2\n", "f:2: a second document (---); keep only one"},
        {"[[[[[[[[[1]]]]]]]]]\n", "f:1: nested too deeply; check the indentation"},
        {"? [a]\n: 1\n", "f:1: a list or map cannot be a name; write a word"},
        {"a: \"x\nb: 1\n",
         "f:3: cannot be read as YAML: while scanning a quoted scalar, found unexpected end of "
         "stream (begun in line 1); check the indentation, the colons and the quotes"},
        {"a: 1\n  b: 2\n",
         "f:2: cannot be read as YAML: mapping values are not allowed in this context; check the "
         "indentation, the colons and the quotes"},
        {"a: 1\nb: \xff\n",
         "f:1: cannot be read as YAML: invalid leading UTF-8 octet; check the indentation, the "
         "colons and the quotes"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(faults_of(a, cases[i].text, NULL), cases[i].faults);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf text = buf_in(a, 1 * MiB);
    for (int i = 0; i < YAML_MAP_MAX + 1; i++)
        buf_printf(&text, "k%d: 1\n", i);
    buf_char(&text, 0);
    assert_str(faults_of(a, text.p, NULL),
               "f:201: more than 200 entries in one map; are they a list?");
    buf_clear(&text);
    for (int i = 0; i < YAML_LIST_MAX + 1; i++)
        buf_printf(&text, "- x\n");
    buf_char(&text, 0);
    assert_str(faults_of(a, text.p, NULL), "f:5001: more than 5000 items in one list; shorten it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_have_lines),
        cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(sizes_are_bounded),
    };
    return RUN_TESTS(tests);
}
