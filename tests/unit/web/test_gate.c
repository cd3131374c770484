/*
 * The gate, walked over every changing row of routes.def. What needs a database (roles) is walked
 * over real sockets by tests/api/http/routes.test.mjs.
 */
#include "web/gate.h"

#include "tests/lib/unit.h"
#include "web/flow.h"

#define ORIGIN "https://example.org"

static int64_t test_now_s(const struct clock *c)
{
    (void)c;
    return 1000000;
}

static const struct clock test_clock = {.now_s = test_now_s, .ticks_ms = test_now_s};

struct world {
    struct settings settings;
    struct web web;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->settings.comments_burst = w->settings.comments_per_hour = 3;
    w->settings.ratings_per_hour = w->settings.moderation_sign_ins_per_hour = 3;
    w->settings.reports_per_hour = 3;
    w->web = (struct web){.o = {.settings = &w->settings, .clock = &test_clock},
                          .buckets = buckets_new(),
                          .router = router_new(),
                          .token_key = {{7}},
                          .origin = STR(ORIGIN),
                          .is_https = true};
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    buckets_free(&w->web.buckets);
    router_free(&w->web.router);
    free(w);
    return 0;
}

/* A request for a row, with a form that every field would accept. */
struct attempt {
    struct http_exchange x;
    struct http_header headers[4];
    struct request rq;
};

static const char *const secret =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* Each row is tried from a network of its own: some rates are shared. */
static uint8_t row_number(const struct route *route)
{
    size_t n;
    return (uint8_t)(route - routes_all(&n));
}

static void begin(struct world *w, struct arena *a, const struct route *route, struct attempt *t)
{
    *t = (struct attempt){.x = {.arena = a}};
    t->headers[0] =
        (struct http_header){STR("Content-Type"), STR("application/x-www-form-urlencoded")};
    t->x.request =
        (struct http_request){.method = HTTP_POST,
                              .headers = t->headers,
                              .n_headers = 1,
                              .network = {.bytes = {10, 1, 2, row_number(route)}, .n = 4}};
    t->rq = (struct request){.web = &w->web,
                             .x = &t->x,
                             .arena = a,
                             .route = route,
                             .now_s = 1000000,
                             .args = {STR("en"), STR("story"), STR("7")},
                             .cookies = {.session = str_of(secret), .edit_key = str_of(secret)}};
}

static void header(struct attempt *t, struct str name, struct str value)
{
    t->headers[t->x.request.n_headers++] = (struct http_header){name, value};
}

static bool open_with(struct attempt *t, struct str token, struct err *e)
{
    *e = (struct err){0};
    t->x.request.body = arena_printf(
        t->rq.arena,
        "text=x&name=N&answer=yes&password=p&code=1&current=p&fresh=0123456789&again=p&role=1"
        "&does=1&on=1&up=1&mode=1&seq=1&trust=1&token=" STR_FMT,
        STR_ARG(token));
    return gate_open(&t->rq, e);
}

typedef void on_row(struct world *w, struct arena *a, const struct route *route);

static void each_changing_row(void **state, on_row *visit)
{
    size_t n, visited = 0;
    const struct route *rows = routes_all(&n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].method != HTTP_POST)
            continue;
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        visit(*state, a, &rows[i]);
        visited++;
    }
    assert_true(visited >= 10);
}

static void visit_good(struct world *w, struct arena *a, const struct route *route)
{
    struct attempt t;
    struct err e;
    begin(w, a, route, &t);
    header(&t, STR("Sec-Fetch-Site"), STR("same-origin"));
    header(&t, STR("Origin"), STR("null"));
    if (!open_with(&t, gate_token(&t.rq, route->csrf), &e))
        fail_msg("%s refuses a good form: %s", route->name, e.why);
}

static void good_forms_pass(void **state)
{
    each_changing_row(state, visit_good);
}

static void visit_token(struct world *w, struct arena *a, const struct route *route)
{
    struct attempt t;
    struct err e;
    begin(w, a, route, &t);
    assert_false(open_with(&t, STR_NONE, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_int_equal(e.say, T_FORM_EXPIRED);
    assert_false(open_with(&t, str_of(secret), &e));
    assert_int_equal(e.kind, ERR_DENIED);
    /* A token of every other purpose. */
    for (enum csrf c = CSRF_COMMENT; c <= CSRF_PASSKEY_NEW; c++) {
        if (c == route->csrf)
            continue;
        assert_false(open_with(&t, gate_token(&t.rq, c), &e));
        assert_int_equal(e.kind, ERR_DENIED);
    }
    /* Of another article, another session, another author. */
    if (route->csrf == CSRF_SIGN_IN || route->csrf == CSRF_PASSKEY)
        return;
    struct request other = t.rq;
    other.args[1] = STR("another");
    other.cookies.session = other.cookies.edit_key =
        STR("ff23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assert_false(open_with(&t, gate_token(&other, route->csrf), &e));
    assert_int_equal(e.kind, ERR_DENIED);
    /* And one that is too old. */
    other = t.rq;
    other.now_s -= TOKEN_VALID_S + 1;
    assert_false(open_with(&t, gate_token(&other, route->csrf), &e));
    assert_int_equal(e.kind, ERR_DENIED);
}

static void other_tokens_do_not(void **state)
{
    each_changing_row(state, visit_token);
}

static void visit_origin(struct world *w, struct arena *a, const struct route *route)
{
    static const struct {
        const char *site, *origin;
        bool is_good;
    } cases[] = {
        {NULL, NULL, true},
        {"same-origin", ORIGIN, true},
        {"same-origin", "null", true},
        {"none", NULL, true},
        {NULL, "null", true},
        {NULL, ORIGIN, true},
        {NULL, "http://example.org", false},
        {NULL, "https://example.org.evil.test", false},
        {NULL, "https://evil.test", false},
        {"same-origin", "https://evil.test", false},
        {"cross-site", ORIGIN, false},
        {"cross-site", NULL, false},
        {"cross-site", "null", false},
        {"same-site", "null", false},
        {"Same-Origin", NULL, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct attempt t;
        struct err e;
        begin(w, a, route, &t);
        t.x.request.network.n = 0; /* origins are what this is about, not rates */
        if (cases[i].site)
            header(&t, STR("Sec-Fetch-Site"), str_of(cases[i].site));
        if (cases[i].origin)
            header(&t, STR("Origin"), str_of(cases[i].origin));
        if (open_with(&t, gate_token(&t.rq, route->csrf), &e) != cases[i].is_good)
            fail_msg("%s: case %zu", route->name, i);
        if (!cases[i].is_good) {
            assert_int_equal(e.say, T_FORM_FOREIGN);
            assert_true(t.rq.is_foreign);
        }
    }
}

static void foreign_origins_do_not(void **state)
{
    each_changing_row(state, visit_origin);
}

static void visit_rate(struct world *w, struct arena *a, const struct route *route)
{
    struct attempt t;
    struct err e = {0};
    if (route->rate == RATE_NONE)
        return;
    begin(w, a, route, &t);
    t.x.request.network.bytes[0] = 100;
    for (int i = 0; i < 200; i++) {
        if (!open_with(&t, gate_token(&t.rq, route->csrf), &e))
            break;
    }
    assert_int_equal(e.kind, ERR_TOO_MANY);
    assert_true(t.rq.retry_s > 0);
    assert_non_null(t.rq.form); /* what was typed is there to be shown again */
    t.x.request.network.bytes[1] = 100;
    assert_true(open_with(&t, gate_token(&t.rq, route->csrf), &e));
}

static void too_often_is_refused_by_network(void **state)
{
    each_changing_row(state, visit_rate);
}

/* Whatever networks they come from; names count apart. */
static void a_name_is_tried_so_often(void **state)
{
    struct world *w = *state;
    size_t n;
    struct attempt t;
    struct err e = {0};
    struct arena *a = arena_new(0);
    begin(w, a, &routes_all(&n)[0], &t);
    int64_t burst = 5 * w->settings.moderation_sign_ins_per_hour;
    for (int64_t i = 0; i < burst; i++) {
        t.x.request.network.bytes[0]++;
        assert_true(gate_count_name(&t.rq, STR("Айгерім Сәдуақасова"), &e));
    }
    t.x.request.network.bytes[0]++;
    assert_false(gate_count_name(&t.rq, STR("Айгерім Сәдуақасова"), &e));
    assert_int_equal(e.kind, ERR_TOO_MANY);
    assert_true(t.rq.retry_s > 0);
    assert_true(gate_count_name(&t.rq, STR("Айгерім Сәдуақасов"), &e));
    arena_free(&a);
}

static void bodies_are_bounded_by_the_row(void **state)
{
    struct world *w = *state;
    size_t n;
    const struct route *rows = routes_all(&n);
    struct http_request head = {.method = HTTP_POST, .path = STR("/en/x/comments")};
    assert_int_equal(flow_body_max(&w->web, &head), 256 * KiB);
    head.path = STR("/mod/sign-in");
    assert_int_equal(flow_body_max(&w->web, &head), 4 * KiB);
    head.path = STR("/en/x");
    assert_int_equal(flow_body_max(&w->web, &head), 0);
    head.path = STR("/en/%zz/comments");
    assert_int_equal(flow_body_max(&w->web, &head), 0);
    for (size_t i = 0; i < n; i++)
        assert_true((rows[i].body_max > 0) == (rows[i].method == HTTP_POST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(good_forms_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_tokens_do_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(foreign_origins_do_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_often_is_refused_by_network, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_is_tried_so_often, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bodies_are_bounded_by_the_row, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
