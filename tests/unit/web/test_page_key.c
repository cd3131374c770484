/* Keys of pages: two pages have two keys, and a key leads back to its page. */
#include "web/page_key.h"

#include "tests/lib/unit.h"

static struct str key_of(struct arena *a, struct str path, struct str order, struct str after,
                         enum http_coding accepts)
{
    struct http_exchange x = {.arena = a, .request.accepts = accepts};
    struct request rq = {
        .x = &x, .arena = a, .path = path, .query.order = order, .query.after = after};
    return page_key_print(&rq);
}

static void a_key_leads_back(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_exchange x = {.arena = a};
    struct request rq = {.x = &x, .arena = a};
    const struct str path = STR("/kk/қоймадағы су"), after = STR("k-12\n3");
    assert_true(page_key_read(&rq, key_of(a, path, STR("newest"), after, HTTP_BROTLI)));
    assert_true(str_eq(rq.path, path));
    assert_true(str_eq(rq.query.order, STR("newest")));
    assert_true(str_eq(rq.query.after, after));
    assert_int_equal(rq.query.days.n, 0);
    assert_int_equal(x.request.accepts, HTTP_BROTLI);
    assert_true(page_key_read(&rq, key_of(a, STR("/"), STR_NONE, STR_NONE, HTTP_IDENTITY)));
    assert_true(str_eq(rq.path, STR("/")));
    assert_int_equal(rq.query.order.n + rq.query.after.n, 0);
    assert_int_equal(x.request.accepts, HTTP_IDENTITY);
}

static void two_pages_have_two_keys(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const struct str keys[] = {
        key_of(a, STR("/en/a"), STR_NONE, STR_NONE, HTTP_IDENTITY),
        key_of(a, STR("/en/a"), STR_NONE, STR_NONE, HTTP_GZIP),
        key_of(a, STR("/en/a"), STR("newest"), STR_NONE, HTTP_GZIP),
        key_of(a, STR("/en/a"), STR_NONE, STR("newest"), HTTP_GZIP),
        key_of(a, STR("/en/anewest"), STR_NONE, STR_NONE, HTTP_GZIP),
    };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        for (size_t k = 0; k < i; k++)
            assert_false(str_eq(keys[i], keys[k]));
    }
}

static void what_is_too_long_or_no_key_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_exchange x = {.arena = a};
    struct request rq = {.x = &x, .arena = a};
    char path[CACHE_KEY_BYTES_MAX];
    memset(path, 'a', sizeof path);
    assert_int_equal(key_of(a, (struct str){path, sizeof path}, STR_NONE, STR_NONE, HTTP_GZIP).n,
                     0);
    assert_false(page_key_read(&rq, STR("2")));
    assert_false(page_key_read(&rq, STR("2\0/en\0newest")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_leads_back),
        cmocka_unit_test(two_pages_have_two_keys),
        cmocka_unit_test(what_is_too_long_or_no_key_is_refused),
    };
    return RUN_TESTS(tests);
}
