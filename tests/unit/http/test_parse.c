#include "http/chunk.h"
#include "http/date.h"
#include "http/negotiate.h"
#include "http/parse.h"
#include "tests/lib/unit.h"

static const struct head_limits limits = {.bytes_max = 400, .headers_max = 5};

/* The status of a head: 0 accepted, -1 more is needed. Fills h with strs in the arena. */
static int read_head(struct arena *a, const char *text, struct head *h)
{
    struct head_scan s = {0};
    struct str copy = arena_copy(a, str_of(text));
    switch (head_scan(&s, copy, &limits)) {
    case PARSE_MORE:
        return -1;
    case PARSE_BAD:
        return s.status;
    case PARSE_DONE:
        break;
    }
    char *bytes = (char *)(uintptr_t)copy.p + s.start;
    return head_parse(bytes, s.at - s.start, ARENA_ARRAY(a, struct http_header, s.n_headers), h);
}

static void a_request_is_taken_apart(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct head h;
    assert_int_equal(read_head(a,
                               "POST /a/b?c=d?e HTTP/1.1\r\nHost: Example.COM:80\r\n"
                               "X-Empty:\r\nX-Value: \t a b\t \r\nContent-Length: 12\r\n\r\nx",
                               &h),
                     0);
    assert_int_equal(h.method, HTTP_POST);
    assert_str(h.method_name, "POST");
    assert_str(h.path, "/a/b");
    assert_str(h.query, "c=d?e");
    assert_str(h.host, "example.com:80");
    assert_int_equal(h.n_headers, 4);
    assert_str(h.headers[1].value, "");
    assert_str(h.headers[2].name, "X-Value");
    assert_str(h.headers[2].value, "a b");
    assert_int_equal(h.content_length, 12);
    assert_true(h.keep);
    assert_int_equal(read_head(a, "\r\nGET http://h?q HTTP/1.1\r\nHost: H\r\n\r\n", &h), 0);
    assert_str(h.path, "/");
    assert_str(h.query, "q");
    assert_int_equal(h.content_length, -1);
    assert_int_equal(read_head(a, "GET / HTTP/1.0\r\n\r\n", &h), 0);
    assert_false(h.keep);
    assert_int_equal(h.host.n, 0);
    assert_int_equal(read_head(a, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", &h), 0);
    assert_true(h.keep);
    assert_int_equal(
        read_head(a, "GET / HTTP/1.1\r\nHost: [::1]:8\r\nConnection: a, ,CLOSE\r\n\r\n", &h), 0);
    assert_false(h.keep);
}

static void broken_heads_are_refused(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *text;
    } cases[] = {
        {400, "GET / HTTP/1.1\n"},
        {400, "GET / HTTP/1.1\rHost: h\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\n\n"},
        {400, "\n"},
        {400, "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"},
        {400, " GET / HTTP/1.1\r\n"},
        {400, "GET  / HTTP/1.1\r\n"},
        {400, "GET /  HTTP/1.1\r\n"},
        {400, "GET / HTTP/1.1 \r\n"},
        {400, "GET\t/ HTTP/1.1\r\n"},
        {400, "GET /\r\n"},
        {400, "GET\r\n"},
        {400, "G(T / HTTP/1.1\r\n"},
        {400, "GET /a#b HTTP/1.1\r\n"},
        {400, "GET /\xc3\xa9 HTTP/1.1\r\n"},
        {400, "GET /\\ HTTP/1.1\r\n"},
        {400, "GET a HTTP/1.1\r\n"},
        {400, "GET ftp://h/ HTTP/1.1\r\n"},
        {400, "GET http:///a HTTP/1.1\r\n"},
        {400, "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n"},
        {400, "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n"},
        {400, "GET * HTTP/1.1\r\n"},
        {400, "GET / http/1.1\r\n"},
        {400, "GET / HTTP/1\r\n"},
        {400, "GET / HTTP/1.10\r\n"},
        {505, "GET / HTTP/1.2\r\n"},
        {505, "PRI * HTTP/2.0\r\n"},
        {501, "CONNECT h:443 HTTP/1.1\r\n"},
        {400, "GET / HTTP/1.1\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h:\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h:65536\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nA\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n Host: h\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nA: b\x01\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\nA: b\x7f\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -0\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 01\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1 0\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9223372036854775808\r\n\r\n"},
        {400,
         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {400, "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ,chunked\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nContent_Length: 1\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\ntransfer_encoding: x\r\n\r\n"},
        {501, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
        {417, "POST / HTTP/1.1\r\nHost: h\r\nExpect: a\r\n\r\n"},
        {400, "POST / HTTP/1.1\r\nHost: h\r\nExpect: a\r\nContent-Length: a\r\n\r\n"},
        {431, "GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n\r\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct head h;
        int status = read_head(a, cases[i].text, &h);
        if (status != cases[i].status)
            fail_msg("%d instead of %d for %s", status, cases[i].status, cases[i].text);
    }
}

static void long_heads_are_refused_when_they_get_long(void **state)
{
    (void)state;
    char line[600];
    struct head_scan s = {0};
    memset(line, 'a', sizeof line);
    assert_int_equal(head_scan(&s, (struct str){line, 400}, &limits), PARSE_MORE);
    assert_int_equal(head_scan(&s, (struct str){line, 401}, &limits), PARSE_BAD);
    assert_int_equal(s.status, 414);
    memcpy(line, "GET / HTTP/1.1\r\n", 16);
    s = (struct head_scan){0};
    assert_int_equal(head_scan(&s, (struct str){line, 401}, &limits), PARSE_BAD);
    assert_int_equal(s.status, 431);
}

/* The status when the bytes come in pieces of `step`. */
static int read_in_steps(const char *text, size_t step)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str whole = str_of(text);
    struct head_scan s = {0};
    struct head h;
    enum parse_state got = PARSE_MORE;
    for (size_t n = step; got == PARSE_MORE; n += step)
        got = head_scan(&s, str_head(whole, n), &limits);
    if (got == PARSE_BAD)
        return s.status;
    assert_int_equal(s.at, whole.n);
    return read_head(a, text, &h);
}

/* However the bytes arrive, the result is the same. */
static void every_split_gives_the_same(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *text;
    } cases[] = {
        {0, "GET /a HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"},
        {0, "\r\nGET / HTTP/1.0\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: h\n\r\n"},
        {400, "GET / HTTP/1.1\r\nA: \x02\r\n\r\n"},
        {505, "GET / HTTP/3.1\r\nHost: h\r\n\r\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t step = 1; step <= strlen(cases[i].text); step++)
            assert_int_equal(read_in_steps(cases[i].text, step), cases[i].status);
    }
}

/* 200: complete; 0: more; otherwise the status. */
static int read_chunks(struct arena *a, struct str text, size_t step, struct buf *body,
                       size_t *ret_used)
{
    struct chunks c = {0};
    int status = 0;
    size_t used = 0;
    *body = buf_in(a, 16);
    while (used < text.n) {
        size_t n;
        struct str piece = str_head(str_from(text, used), step);
        switch (chunks_read(&c, piece, body, &n, &status)) {
        case PARSE_BAD:
            return status;
        case PARSE_DONE:
            *ret_used = used + n;
            return 200;
        case PARSE_MORE:
            assert_int_equal(n, piece.n);
            used += n;
        }
    }
    return 0;
}

static void chunks_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *text, *body;
    } cases[] = {
        {200, "5\r\nhello\r\n0\r\n\r\n", "hello"},
        {200, "1\r\na\r\n00A;x;y=z;q=\"a \\\" b\"\r\n0123456789\r\n000\r\n\r\n", "a0123456789"},
        {200, "0\r\n\r\n", ""},
        {400, "0\r\nA: b\r\n\r\n", ""},
        {400, " 5\r\nhello\r\n0\r\n\r\n", ""},
        {400, "5 \r\nhello\r\n0\r\n\r\n", ""},
        {400, "5\nhello\r\n0\r\n\r\n", ""},
        {400, "5\rhello", ""},
        {400, "5;\r\nhello", ""},
        {400, "5;a=\r\nhello", ""},
        {400, "5;a[=b\r\nhello", ""},
        {400, "5;a\nhello", ""},
        {400, "5;a=\"\x01\"\r\n", ""},
        {400, "0x5\r\nhello", ""},
        {400, "+5\r\nhello", ""},
        {400, "-5\r\nhello", ""},
        {400, "1_0\r\nhello", ""},
        {400, "\r\n", ""},
        {400, "5\r\nhello!\r\n", ""},
        {400, "5\r\nhello\n0\r\n\r\n", ""},
        {400, "5\r\nhello0\r\n\r\n", ""},
        {400, "000000005\r\n", ""},
        {400, "FFFFFFFFFFFFFFFF0\r\n", ""},
        {413, "11\r\n", ""},
        {413, "ffffffff\r\n", ""},
        {413, "8\r\n01234567\r\n9\r\n", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str text = str_of(cases[i].text);
        for (size_t step = 1; step <= text.n; step++) {
            ON_LEAVE(arena_free) struct arena *a = arena_new(0);
            struct buf body;
            size_t used = 0;
            int status = read_chunks(a, text, step, &body, &used);
            if (status != cases[i].status)
                fail_msg("%d instead of %d for %s", status, cases[i].status, cases[i].text);
            if (status == 200) {
                assert_str(buf_str(&body), cases[i].body);
                assert_int_equal(used, text.n);
            }
        }
    }
}

static void extensions_have_a_limit(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    char text[3000];
    memset(text, 'x', sizeof text);
    memcpy(text, "5;", 2);
    struct buf body;
    size_t used;
    assert_int_equal(read_chunks(a, (struct str){text, sizeof text}, 7, &body, &used), 400);
}

static enum http_coding accepts(const char *value)
{
    struct http_header h = {STR("accept-encoding"), str_of(value)};
    return accepts_read(&h, 1);
}

static void codings_are_chosen_by_weight(void **state)
{
    (void)state;
    assert_int_equal(accepts("gzip, deflate, br"), HTTP_BROTLI);
    assert_int_equal(accepts("gzip"), HTTP_GZIP);
    assert_int_equal(accepts("x-gzip"), HTTP_GZIP);
    assert_int_equal(accepts("br;q=0.5, gzip"), HTTP_GZIP);
    assert_int_equal(accepts("br;q=0, gzip;q=0"), HTTP_IDENTITY);
    assert_int_equal(accepts("*"), HTTP_BROTLI);
    assert_int_equal(accepts("br;q=0, *;q=0.1"), HTTP_GZIP);
    assert_int_equal(accepts("br ; Q=0.001"), HTTP_BROTLI);
    assert_int_equal(accepts("br;q=1.1, gzip;q=a"), HTTP_IDENTITY);
    assert_int_equal(accepts(""), HTTP_IDENTITY);
    assert_int_equal(accepts("identity"), HTTP_IDENTITY);
}

static bool matches(const char *value, const char *etag)
{
    struct http_header h = {STR("If-None-Match"), str_of(value)};
    return etag_matches(&h, 1, str_of(etag));
}

static void entity_tags_are_compared_weakly(void **state)
{
    (void)state;
    assert_true(matches("\"a\"", "\"a\""));
    assert_true(matches("W/\"a\"", "\"a\""));
    assert_true(matches("\"b\", \"x,y\" ,W/\"a\"", "W/\"a\""));
    assert_true(matches("*", "\"a\""));
    assert_false(matches("a", "\"a\""));
    assert_false(matches("\"ab\"", "\"a\""));
    assert_false(matches("\"a", "\"a\""));
    assert_false(matches("", "\"a\""));
}

static void cookies_are_found(void **state)
{
    (void)state;
    struct http_header headers[] = {{STR("Cookie"), STR("a=1; bb=2;c=x=y ; d=")},
                                    {STR("cookie"), STR("e=5; a=6")}};
    struct http_request rq = {.headers = headers, .n_headers = 2};
    assert_str(http_cookie_get(&rq, STR("a")), "1");
    assert_str(http_cookie_get(&rq, STR("bb")), "2");
    assert_str(http_cookie_get(&rq, STR("c")), "x=y");
    assert_str(http_cookie_get(&rq, STR("e")), "5");
    assert_non_null(http_cookie_get(&rq, STR("d")).p);
    assert_null(http_cookie_get(&rq, STR("b")).p);
    assert_str(http_header_get(&rq, STR("COOKIE")), "a=1; bb=2;c=x=y ; d=");
}

static void dates_are_written(void **state)
{
    (void)state;
    char text[HTTP_DATE_CHARS + 1];
    http_date_print(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    http_date_print(0, text);
    assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_taken_apart),
        cmocka_unit_test(broken_heads_are_refused),
        cmocka_unit_test(long_heads_are_refused_when_they_get_long),
        cmocka_unit_test(every_split_gives_the_same),
        cmocka_unit_test(chunks_are_read_strictly),
        cmocka_unit_test(extensions_have_a_limit),
        cmocka_unit_test(codings_are_chosen_by_weight),
        cmocka_unit_test(entity_tags_are_compared_weakly),
        cmocka_unit_test(cookies_are_found),
        cmocka_unit_test(dates_are_written),
    };
    return RUN_TESTS(tests);
}
