#include "port/walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include "config/file.h"
#include "tests/lib/unit.h"

/*
 * outside.md  news/a.md  news/b.txt  news/.hidden.md  news/deep/c.md  news/deep/p.png
 * news/out.md -> ../outside.md   news/in.md -> a.md   picture.png
 */
struct tree {
    struct arena *arena;
    char dir[32];
};

static struct str at(const struct tree *t, const char *name)
{
    return file_path(t->arena, str_of(t->dir), str_of(name));
}

static int tree_make(void **state)
{
    static const char *const folders[] = {"news", "news/deep"};
    static const char *const files[] = {"outside.md",      "news/a.md",      "news/b.txt",
                                        "news/.hidden.md", "news/deep/c.md", "news/deep/p.png",
                                        "picture.png"};
    struct tree *t = calloc(1, sizeof(*t));
    struct err e;
    t->arena = arena_new(0);
    (void)snprintf(t->dir, sizeof(t->dir), "/tmp/aitys-walk-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        assert_int_equal(mkdir(at(t, folders[i]).p, 0700), 0);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        assert_true(file_write_new(t->arena, at(t, files[i]), 0600, STR("x"), &e));
    assert_int_equal(symlink("../outside.md", at(t, "news/out.md").p), 0);
    assert_int_equal(symlink("a.md", at(t, "news/in.md").p), 0);
    *state = t;
    return 0;
}

static int tree_drop(void **state)
{
    static const char *const names[] = {"outside.md",      "news/a.md",      "news/b.txt",
                                        "news/.hidden.md", "news/deep/c.md", "news/deep/p.png",
                                        "picture.png",     "news/out.md",    "news/in.md"};
    struct tree *t = *state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        (void)unlink(at(t, names[i]).p);
    (void)rmdir(at(t, "news/deep").p);
    (void)rmdir(at(t, "news").p);
    (void)rmdir(t->dir);
    arena_free(&t->arena);
    free(t);
    return 0;
}

static void folders_are_walked(void **state)
{
    struct tree *t = *state;
    struct faults faults = {.arena = t->arena};
    struct walk w;
    struct str paths[] = {at(t, "news"), at(t, "news/a.md")};
    walk_find(paths, ARRAY_LEN(paths), &faults, &w);
    /* a.md was named twice and linked once. */
    assert_int_equal(w.n, 2);
    assert_true(str_eq(w.files[0].shown, at(t, "news/a.md")));
    assert_true(str_eq(w.files[1].shown, at(t, "news/deep/c.md")));
    assert_int_equal(faults.n, 1);
    assert_true(str_eq(faults.items[0].where, at(t, "news/out.md")));
    assert_str(faults.items[0].what,
               "is a link that leads out of the folder; copy the file into it");
}

static void missing_ones_are_faults(void **state)
{
    struct tree *t = *state;
    struct faults faults = {.arena = t->arena};
    struct walk w;
    struct str paths[] = {at(t, "nothing"), at(t, "outside.md")};
    walk_find(paths, ARRAY_LEN(paths), &faults, &w);
    assert_int_equal(w.n, 1);
    assert_int_equal(faults.n, 1);
    assert_str(faults.items[0].what, "No such file or directory");
}

static void names_stay_inside(void **state)
{
    struct tree *t = *state;
    struct faults faults = {.arena = t->arena};
    struct walk w;
    struct str paths[] = {at(t, "news")}, real;
    struct err e;
    walk_find(paths, 1, &faults, &w);
    struct str from = at(t, "news/deep/c.md");
    assert_true(walk_resolve(&w, t->arena, from, STR("p.png"), &real, &e));
    assert_true(str_eq(real, at(t, "news/deep/p.png")));
    assert_true(walk_resolve(&w, t->arena, from, STR("../a.md"), &real, &e));
    assert_false(walk_resolve(&w, t->arena, from, STR("../../picture.png"), &real, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_false(walk_resolve(&w, t->arena, from, STR("../out.md"), &real, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_false(walk_resolve(&w, t->arena, from, STR("q.png"), &real, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    /* The folder above was named, too. */
    struct str both[] = {at(t, "news"), str_of(t->dir)};
    walk_find(both, 2, &faults, &w);
    assert_true(walk_resolve(&w, t->arena, from, STR("../../picture.png"), &real, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_are_walked, tree_make, tree_drop),
        cmocka_unit_test_setup_teardown(missing_ones_are_faults, tree_make, tree_drop),
        cmocka_unit_test_setup_teardown(names_stay_inside, tree_make, tree_drop),
    };
    return RUN_TESTS(tests);
}
