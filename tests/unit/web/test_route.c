#include "web/route.h"

#include "base/buf.h"
#include "tests/lib/unit.h"

static struct route_match find(enum http_method method, const char *path)
{
    struct route_match m;
    struct router *r = router_new();
    router_find(r, method, str_of(path), &m);
    router_free(&r);
    return m;
}

static void finds(const char *path, enum http_method method, const char *name)
{
    struct route_match m = find(method, path);
    if (!m.route || strcmp(m.route->name, name) != 0)
        fail_msg("%s leads to %s, not %s", path, m.route ? m.route->name : "nothing", name);
}

static void addresses_lead_to_their_rows(void **state)
{
    (void)state;
    finds("/", HTTP_GET, "root_show");
    finds("/en", HTTP_GET, "front_show");
    finds("/en", HTTP_HEAD, "front_show");
    finds("/en/a-story", HTTP_GET, "article_show");
    finds("/en/section", HTTP_GET, "article_show");
    finds("/en/section/world", HTTP_GET, "section_show");
    finds("/en/section/comments", HTTP_GET, "section_show");
    finds("/en/a-story/comments", HTTP_POST, "comment_post");
    finds("/en/a-story/comments/7", HTTP_GET, "comment_show");
    finds("/en/a-story/comments/7/reply", HTTP_GET, "reply_show");
    finds("/en/feed.atom", HTTP_GET, "feed_edition");
    finds("/sitemap-500.xml", HTTP_GET, "sitemap_show");
    finds("/mod", HTTP_GET, "queue_show");
    finds("/mod/comments/12/publish", HTTP_POST, "decide_publish");
    struct route_match m = find(HTTP_GET, "/sitemap-500.xml");
    assert_str(m.args[0], "500");
    m = find(HTTP_GET, "/kk/a-story/comments/7");
    assert_str(m.args[0], "kk");
    assert_str(m.args[1], "a-story");
    assert_str(m.args[2], "7");
}

static void other_addresses_lead_nowhere(void **state)
{
    (void)state;
    static const char *const paths[] = {"",
                                        "en",
                                        "//",
                                        "/en/",
                                        "//en",
                                        "/en//x",

                                        "/a/b/c",
                                        "/mod/",
                                        "/a/b/c/d/e/f/g/h/i/j/k/l",
                                        "/en/x/comments/7/fly"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct route_match m = find(HTTP_GET, paths[i]);
        if (m.route || m.allows[HTTP_GET])
            fail_msg("%s leads to %s", paths[i], m.route ? m.route->name : "something");
    }
}

static void other_methods_are_told_what_there_is(void **state)
{
    (void)state;
    struct route_match m = find(HTTP_OTHER, "/en/a-story/comments/3/edit");
    assert_null(m.route);
    assert_true(m.allows[HTTP_GET] && m.allows[HTTP_HEAD] && m.allows[HTTP_POST]);
    m = find(HTTP_GET, "/mod/sign-out");
    assert_null(m.route);
    assert_false(m.allows[HTTP_GET]);
    assert_true(m.allows[HTTP_POST]);
}

/* Each row is found by an address made from its own pattern. */
static void every_row_is_reachable(void **state)
{
    (void)state;
    size_t n;
    const struct route *rows = routes_all(&n);
    struct router *r = router_new();
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < n; i++) {
        struct buf path = buf_in(a, 400);
        struct str rest = rows[i].pattern, before, name;
        while (str_cut(rest, '{', &before, &rest)) {
            buf_put(&path, before);
            buf_put(&path, STR("zz"));
            assert_true(str_cut(rest, '}', &name, &rest));
        }
        buf_put(&path, rest);
        struct route_match m;
        router_find(r, rows[i].method, buf_str(&path), &m);
        assert_ptr_equal(m.route, &rows[i]);
    }
    router_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_lead_to_their_rows),
        cmocka_unit_test(other_addresses_lead_nowhere),
        cmocka_unit_test(other_methods_are_told_what_there_is),
        cmocka_unit_test(every_row_is_reachable),
    };
    return RUN_TESTS(tests);
}
