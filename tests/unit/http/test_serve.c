#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/systemd.h"
#include "harness.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define GET_CLOSE(path) "GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

static struct harness h;

static int start(void **state)
{
    (void)state;
    harness_start(&h, harness_options());
    return 0;
}

static int end(void **state)
{
    (void)state;
    harness_end(&h, 1000);
    return 0;
}

static void an_answer_has_its_headers(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR(GET("/a?b")));
    struct str answer = client_answer(a, fd);
    assert_int_equal(answer_status(answer), 200);
    assert_str(answer_body(answer), "GET /a?b h [] 7f000001 http0");
    assert_str(answer_header(answer, "X-Content-Type-Options"), "nosniff");
    assert_str(answer_header(answer, "Content-Type"), "text/plain");
    assert_int_equal(answer_header(answer, "Date").n, 29);
    assert_null(answer_header(answer, "Connection").p);
    client_send(fd, STR("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n"));
    answer = client_answer(a, fd);
    assert_str(answer_header(answer, "Connection"), "close");
    assert_true(client_is_closed(fd, 5000));
}

static void http_1_0_closes_unless_asked(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    struct str answer = client_answer(a, fd);
    assert_str(answer_header(answer, "Connection"), "keep-alive");
    client_send(fd, STR("GET / HTTP/1.0\r\n\r\n"));
    answer = client_answer(a, fd);
    assert_str(answer_header(answer, "Connection"), "close");
    assert_true(client_is_closed(fd, 5000));
}

static void head_has_no_body(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const char *const paths[] = {"/a", "/blob", "/etag", "/later", "/big"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct str get =
            client_ask(a, &h, arena_printf(a, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", paths[i]));
        struct str head =
            client_ask(a, &h, arena_printf(a, "HEAD %s HTTP/1.1\r\nHost: h\r\n\r\n", paths[i]));
        assert_int_equal(answer_status(head), 200);
        assert_true(answer_body(get).n > 0);
        assert_int_equal(answer_body(head).n, 0);
        if (i != 0 && i != 3) /* those tell the method */
            assert_true(str_eq(answer_header(head, "Content-Length"),
                               answer_header(get, "Content-Length")));
    }
}

static void known_pages_are_not_sent_again(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct {
        const char *path, *tags;
        int status;
    } cases[] = {
        {"/blob", "\"v1\"", 304},        {"/blob", "W/\"v1\"", 304}, {"/blob", "\"v2\"", 200},
        {"/blob", "\"a\", \"v1\"", 304}, {"/blob", "*", 304},        {"/etag", "\"e1\"", 304},
        {"/etag", "\"v1\"", 200},        {"/a", "\"v1\"", 200},      {"/a", "*", 200},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str answer =
            client_ask(a, &h,
                       arena_printf(a, "GET %s HTTP/1.1\r\nHost: h\r\nIf-None-Match: %s\r\n\r\n",
                                    cases[i].path, cases[i].tags));
        assert_int_equal(answer_status(answer), cases[i].status);
        if (cases[i].status != 304)
            continue;
        assert_int_equal(answer_body(answer).n, 0);
        assert_true(answer_header(answer, "ETag").p);
        assert_str(answer_header(answer, "Cache-Control"), "no-cache");
        assert_null(answer_header(answer, "Content-Length").p);
        assert_null(answer_header(answer, "Content-Type").p);
        assert_int_equal(answer_header(answer, "Date").n, 29);
    }
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct buf b = buf_in(a, MiB);
    for (int i = 0; i < 500; i++)
        buf_printf(&b, "POST /%s?%d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab",
                   i % 3 == 0 ? "later" : "a", i);
    buf_put(&b, STR(GET_CLOSE("/last")));
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, buf_str(&b));
    struct str answers = client_read(a, fd, 10000, NULL);
    assert_int_equal(answers_200(answers), 501);
    for (int i = 0; i < 500; i++) {
        struct str wanted = arena_printf(a, "?%d h [ab]", i);
        ptrdiff_t at = str_find(answers, wanted);
        assert_true(at >= 0);
        answers = str_from(answers, (size_t)at);
    }
    assert_true(str_find(answers, STR("/last")) >= 0);
}

/* The whole conversation is the same wherever the bytes are split, and one at a time. */
static void every_split_gives_the_same(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct str text =
        STR_INIT("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                 "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
                 "\r\nPOST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                 "GET /4 HTTP/1.1\r\nHost: h\nX: y\r\n\r\n");
    for (size_t at = 0; at <= text.n; at++) {
        ON_LEAVE(client_close) int fd = client_open(&h);
        if (at < text.n) {
            client_send(fd, str_head(text, at));
            if (at % 16 == 0)
                (void)usleep(2000);
            client_send(fd, str_from(text, at));
        } else {
            for (size_t i = 0; i < text.n; i++)
                client_send(fd, (struct str){text.p + i, 1});
        }
        struct str answers = client_read(a, fd, 10000, NULL);
        assert_int_equal(answers_200(answers), 3);
        assert_true(str_find(answers, STR("GET /1? h []")) >= 0);
        assert_true(str_find(answers, STR("POST /2? h [hello]")) >= 0);
        assert_true(str_find(answers, STR("POST /3? h [abcde]")) >= 0);
        assert_true(str_find(answers, STR("HTTP/1.1 400 Bad Request")) >= 0);
    }
}

static void errors_close_but_are_heard(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n" GET("/x")));
    /* What still comes must not reset the connection before the answer is read. */
    char more[20000];
    memset(more, 'x', sizeof more);
    for (int i = 0; i < 5; i++) {
        client_send(fd, (struct str){more, sizeof more});
        (void)usleep(1000);
    }
    struct str answers = client_read(a, fd, 5000, NULL);
    assert_int_equal(answer_status(answers), 400);
    assert_str(answer_header(answers, "Connection"), "close");
    assert_str(answer_header(answers, "X-Content-Type-Options"), "nosniff");
    assert_str(answer_body(answers), "<p>refused</p>");
}

static void bodies_have_the_routes_limit(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct {
        const char *headers_and_body;
        int status;
    } cases[] = {
        {"Content-Length: 4\r\n\r\nabcd", 200},
        {"Content-Length: 5\r\n\r\nabcde", 413},
        {"Content-Length: 999999999999\r\n\r\n", 413},
        {"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", 200},
        {"Transfer-Encoding: chunked\r\n\r\n5\r\n", 413},
        {"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n", 413},
        {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200},
        {"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n\r\n", 400},
        {"Content-Length: 4\r\n\r\nabc", 400},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str answer = client_ask(
            a, &h,
            arena_printf(a, "POST /small HTTP/1.1\r\nHost: h\r\n%s", cases[i].headers_and_body));
        if (answer_status(answer) != cases[i].status)
            fail_msg("%d for %s", answer_status(answer), cases[i].headers_and_body);
    }
}

#define LARGE_HEAD(length, more)                                                                   \
    "POST /large HTTP/1.1\r\nHost: h\r\n" more "Content-Length: " length "\r\n\r\n"

/* Sends as much as the server takes. */
static size_t send_many(int fd, size_t bytes)
{
    static const char more[10000];
    size_t sent = 0;
    while (sent < bytes) {
        ssize_t n = send(fd, more, sizeof more, MSG_NOSIGNAL);
        if (n < 0)
            break;
        sent += (size_t)n;
    }
    return sent;
}

static void a_body_a_little_too_long_is_drained_and_no_more(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int little = client_open(&h);
    client_send(little, STR(LARGE_HEAD("1100000", "")));
    assert_int_equal(send_many(little, 1100000), 1100000);
    assert_int_equal(answer_status(client_read(a, little, 5000, NULL)), 413);
    ON_LEAVE(client_close) int chunk = client_open(&h);
    client_send(chunk, STR("POST /large HTTP/1.1\r\nHost: h\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n10c8e0\r\n"));
    assert_int_equal(send_many(chunk, 1100000), 1100000);
    assert_int_equal(answer_status(client_read(a, chunk, 5000, NULL)), 413);
    /* Each connection has a limit of its own: what its route allows, and LINGER_BYTES. */
    ON_LEAVE(client_close) int much = client_open(&h);
    client_send(much, STR(LARGE_HEAD("900000000", "")));
    assert_true(send_many(much, 100 * BIG_BYTES) < 100 * BIG_BYTES);
}

static void continue_comes_only_when_allowed(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                        "Expect: 100-Continue\r\n\r\n"));
    assert_str(client_answer(a, fd), "HTTP/1.1 100 Continue\r\n\r\n");
    client_send(fd, STR("abcd"));
    assert_int_equal(answer_status(client_answer(a, fd)), 200);
    client_send(fd, STR("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
                        "Expect: 100-continue\r\n\r\n"));
    assert_int_equal(answer_status(client_answer(a, fd)), 413);
    struct str answer = client_ask(a, &h,
                                   STR("POST / HTTP/1.0\r\nExpect: 100-continue\r\n"
                                       "Content-Length: 1\r\n\r\na"));
    assert_int_equal(answer_status(answer), 200);
    answer = client_ask(a, &h, STR("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\n\r\n"));
    assert_int_equal(answer_status(answer), 417);
    answer = client_ask(a, &h,
                        STR("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            "Content-Length: 1\r\n\r\na"));
    assert_int_equal(answer_status(answer), 200);
}

static void big_answers_reach_slow_readers(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR(GET("/big") GET("/blob") GET_CLOSE("/later")));
    (void)usleep(20000);
    struct str answers = client_read(a, fd, 10000, NULL);
    assert_int_equal(answers_200(answers), 3);
    assert_true(answers.n > BIG_BYTES);
    struct str body = answer_body(answers);
    assert_int_equal(str_find(body, STR("HTTP/1.1")), BIG_BYTES);
}

static void asterisk_form_is_the_servers_own(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str answer = client_ask(a, &h, STR("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"));
    assert_int_equal(answer_status(answer), 204);
    assert_true(answer_header(answer, "Allow").p);
    assert_null(answer_header(answer, "Content-Length").p);
    answer = client_ask(a, &h, STR("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"));
    assert_int_equal(answer_status(answer), 501);
}

static void an_unsound_answer_becomes_a_500(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str answer = client_ask(a, &h, STR(GET("/unsound")));
    assert_int_equal(answer_status(answer), 500);
    assert_null(answer_header(answer, "Set-Cookie").p);
}

static void counters_count(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_counts before, after;
    http_count(h.server, &before);
    struct str request = STR(GET_CLOSE("/a"));
    struct str answer = client_ask(a, &h, request);
    (void)client_ask(a, &h, STR("x\r\n"));
    (void)usleep(50000);
    http_count(h.server, &after);
    assert_int_equal(after.connections - before.connections, 2);
    assert_int_equal(after.requests - before.requests, 1);
    assert_int_equal(after.refused - before.refused, 1);
    assert_int_equal(after.by_status[2] - before.by_status[2], 1);
    assert_int_equal(after.by_status[4] - before.by_status[4], 1);
    assert_int_equal(after.bytes_in - before.bytes_in, request.n + 3);
    assert_true(after.bytes_out - before.bytes_out > answer.n);
    assert_int_equal(after.connections_open, 0);
}

static void forwarded_words_need_a_trusted_proxy(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static const struct str request =
        STR_INIT("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 9.9.9.9, "
                 "1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n");
    assert_str(answer_body(client_ask(a, &h, request)), "GET /? h [] 7f000001 http0");
    struct http_options o = harness_options();
    const struct str proxies = STR("127.0.0.0/8");
    struct harness trusting;
    o.trusted_proxies = &proxies;
    o.n_trusted_proxies = 1;
    harness_start(&trusting, o);
    struct str body = answer_body(client_ask(a, &trusting, request));
    harness_end(&trusting, 1000);
    assert_str(body, "GET /? h [] 01020304 https0");
}

static int unix_client(const char *path)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    (void)snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof un), 0);
    return fd;
}

static void unix_sockets_serve(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str path = arena_printf(a, "/tmp/aitys-test-%d.sock", (int)getpid());
    struct http_listen listen = {.address = arena_printf(a, "unix:%s", path.p)};
    const struct str proxies = STR("unix");
    struct http_options o = harness_options();
    struct http_server *second;
    struct harness u;
    struct err e;
    o.listen = &listen;
    o.trusted_proxies = &proxies;
    o.n_trusted_proxies = 1;
    for (int round = 0; round < 2; round++) {
        harness_start(&u, o);
        o.log = &u.log;
        assert_false(http_open(&o, &second, &e)); /* somebody is there */
        assert_int_equal(e.kind, ERR_BUSY);
        for (int i = 0; i < 20; i++) {
            ON_LEAVE(client_close) int fd = unix_client(path.p);
            client_send(fd, STR(GET("/")));
            assert_str(answer_body(client_answer(a, fd)), "GET /? h []  http0");
            client_send(fd, STR("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ::1\r\n\r\n"));
            assert_str(answer_body(client_answer(a, fd)), "GET /? h [] 0000000000000000 http0");
        }
        harness_end(&u, 1000);
        assert_int_not_equal(access(path.p, F_OK), 0);
    }
}

static void addresses_in_use_are_refused(void **state)
{
    (void)state;
    char address[40];
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", h.port);
    struct http_listen listen = {.address = str_of(address)};
    struct http_options o = harness_options();
    struct http_server *s;
    struct err e;
    o.listen = &listen;
    o.log = &h.log;
    assert_false(http_open(&o, &s, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    static const char *const bad[] = {"",          "127.0.0.1",     "localhost:80", "[::1]",
                                      "1.2.3.4:x", "1.2.3.4:65536", "::1:80",       "unix:"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        listen.address = str_of(bad[i]);
        assert_false(http_open(&o, &s, &e));
        assert_int_equal(e.kind, ERR_INVALID);
    }
}

/* As systemd does it: the socket is descriptor 3 of a process that knows by its environment. */
static void passed_sockets_are_taken_over(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    int keep = fcntl(3, F_DUPFD_CLOEXEC, 100);
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    char pid[20];
    assert_int_equal(bind(fd, (struct sockaddr *)&in6, sizeof in6), 0);
    assert_int_equal(listen(fd, 10), 0);
    assert_int_equal(dup2(fd, SYSTEMD_FDS_START), SYSTEMD_FDS_START);
    if (fd != SYSTEMD_FDS_START)
        (void)close(fd);
    (void)snprintf(pid, sizeof pid, "%d", (int)getpid());
    (void)setenv("LISTEN_PID", pid, 1);
    (void)setenv("LISTEN_FDS", "1", 1);
    struct harness passed;
    harness_start(&passed, harness_options());
    assert_null(getenv("LISTEN_FDS"));
    for (int i = 0; i < 10; i++) {
        socklen_t n = sizeof in6;
        in6.sin6_port = htons((uint16_t)passed.port);
        ON_LEAVE(client_close) int client = socket(AF_INET6, SOCK_STREAM, 0);
        assert_int_equal(connect(client, (struct sockaddr *)&in6, n), 0);
        client_send(client, STR(GET("/")));
        assert_str(answer_body(client_answer(a, client)), "GET /? h [] 0000000000000000 http0");
    }
    harness_end(&passed, 1000);
    if (keep >= 0) {
        (void)dup2(keep, 3);
        (void)close(keep);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passed_sockets_are_taken_over),
        cmocka_unit_test_setup_teardown(an_answer_has_its_headers, start, end),
        cmocka_unit_test_setup_teardown(http_1_0_closes_unless_asked, start, end),
        cmocka_unit_test_setup_teardown(head_has_no_body, start, end),
        cmocka_unit_test_setup_teardown(known_pages_are_not_sent_again, start, end),
        cmocka_unit_test_setup_teardown(pipelined_requests_are_answered_in_order, start, end),
        cmocka_unit_test_setup_teardown(every_split_gives_the_same, start, end),
        cmocka_unit_test_setup_teardown(errors_close_but_are_heard, start, end),
        cmocka_unit_test_setup_teardown(bodies_have_the_routes_limit, start, end),
        cmocka_unit_test_setup_teardown(a_body_a_little_too_long_is_drained_and_no_more, start,
                                        end),
        cmocka_unit_test_setup_teardown(continue_comes_only_when_allowed, start, end),
        cmocka_unit_test_setup_teardown(big_answers_reach_slow_readers, start, end),
        cmocka_unit_test_setup_teardown(asterisk_form_is_the_servers_own, start, end),
        cmocka_unit_test_setup_teardown(an_unsound_answer_becomes_a_500, start, end),
        cmocka_unit_test_setup_teardown(counters_count, start, end),
        cmocka_unit_test_setup_teardown(forwarded_words_need_a_trusted_proxy, start, end),
        cmocka_unit_test_setup_teardown(addresses_in_use_are_refused, start, end),
        cmocka_unit_test(unix_sockets_serve),
    };
    return RUN_TESTS(tests);
}
