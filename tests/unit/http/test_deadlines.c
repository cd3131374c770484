#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

static struct harness h;

static int start(void **state)
{
    (void)state;
    struct http_options o = harness_options();
    o.limits.head_ms = 300;
    o.limits.body_ms = 400;
    o.limits.idle_ms = 500;
    o.limits.send_ms = 300;
    harness_start(&h, o);
    return 0;
}

static int end(void **state)
{
    (void)state;
    harness_end(&h, 1000);
    return 0;
}

static int64_t now_ms(void)
{
    return clock_ticks_ms(&clock_system);
}

static void assert_took(int64_t since_ms, int64_t wanted_ms)
{
    int64_t took = now_ms() - since_ms;
    if (took < wanted_ms - 20 || took > wanted_ms + 1500)
        fail_msg("took %d ms instead of %d", (int)took, (int)wanted_ms);
}

/* A byte every 50 ms: an inactivity timer would wait for ever. */
static struct str drip(struct arena *a, int fd, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        client_send(fd, (struct str){text.p + i, 1});
        struct str answer = client_read(a, fd, 50, NULL);
        if (answer.n)
            return answer;
    }
    return client_read(a, fd, 5000, NULL);
}

static void a_slow_head_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    int64_t since = now_ms();
    struct str answer = drip(a, fd, STR("GET /a-rather-long-path HTTP/1.1\r\nHost: h\r\n"));
    assert_int_equal(answer_status(answer), 408);
    assert_took(since, 300);
}

static void a_slow_body_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    int64_t since = now_ms();
    client_send(fd, STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n"));
    struct str answer = drip(a, fd, STR("a body that comes byte by byte"));
    assert_int_equal(answer_status(answer), 408);
    assert_took(since, 400);
}

static void silence_is_closed_without_a_word(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    int64_t since = now_ms();
    assert_true(client_is_closed(fd, 5000));
    assert_took(since, 300);
    client_close(&fd);
    fd = client_open(&h);
    client_send(fd, STR(GET("/")));
    assert_int_equal(answer_status(client_answer(a, fd)), 200);
    since = now_ms();
    assert_true(client_is_closed(fd, 5000));
    assert_took(since, 500);
}

/* The head's deadline begins anew with each request's first byte. */
static void a_kept_connection_has_a_new_deadline(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    for (int i = 0; i < 3; i++) {
        client_send(fd, STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fd)), 200);
        (void)usleep(250000);
    }
    int64_t since = now_ms();
    client_send(fd, STR("GET"));
    assert_int_equal(answer_status(client_answer(a, fd)), 408);
    assert_took(since, 300);
}

static void an_answer_that_nobody_takes_is_dropped(void **state)
{
    (void)state;
    struct http_counts counts;
    ON_LEAVE(client_close) int fd = client_open(&h);
    int small = 4096;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    client_send(fd, STR(GET("/big") GET("/big") GET("/big")));
    /* Below 3 MiB the first of them gets up to three times 300 ms. */
    (void)usleep(1600000);
    http_count(h.server, &counts);
    assert_int_equal(counts.connections_open, 0);
    assert_int_equal(counts.timed_out, 1);
}

/* The application may take its time: no deadline of ours runs meanwhile. */
static void waiting_for_the_application_has_no_deadline(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR(GET("/never")));
    (void)usleep(800000);
    app_release(&h);
    assert_int_equal(answer_status(client_answer(a, fd)), 200);
}

/* A client that goes away while the application works takes nothing with it. */
static void clients_may_leave_at_any_time(void **state)
{
    (void)state;
#define HALF_A_BODY "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"
    static const char *const texts[] = {
        GET("/never"), GET("/never") GET("/never"), GET("/big"), GET("/later"), "GET / HT",
        HALF_A_BODY,
    };
    struct linger reset = {.l_onoff = 1};
    struct http_counts counts;
    for (int i = 0; i < 120; i++) {
        ON_LEAVE(client_close) int fd = client_open(&h);
        client_send(fd, str_of(texts[i % 6]));
        if (i % 5 == 0)
            (void)usleep(1000);
        if (i % 2)
            (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    for (int i = 0; i < 50; i++) {
        (void)usleep(100000);
        app_release(&h);
        http_count(h.server, &counts);
        if (counts.connections_open == 0)
            break;
    }
    assert_int_equal(counts.connections_open, 0);
}

static void *send_the_rest(void *fd)
{
    (void)usleep(200000);
    client_send(*(int *)fd, STR("Host: h\r\n\r\n"));
    return NULL;
}

static void stopping_is_graceful(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness g;
    harness_start(&g, harness_options());
    ON_LEAVE(client_close) int idle = client_open(&g);
    ON_LEAVE(client_close) int busy = client_open(&g);
    ON_LEAVE(client_close) int half = client_open(&g);
    ON_LEAVE(client_close) int kept = client_open(&g);
    client_send(kept, STR(GET("/")));
    assert_int_equal(answer_status(client_answer(a, kept)), 200);
    client_send(half, STR("GET / HTTP/1.1\r\n"));
    client_send(busy, STR(GET("/big")));
    (void)usleep(100000);
    int64_t since = now_ms();
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, send_the_rest, &half), 0);
    http_stop(g.server, 1500);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(now_ms() - since < 3000);
    assert_true(client_is_closed(idle, 0));
    assert_true(client_is_closed(kept, 0));
    struct str answer = client_read(a, half, 1000, NULL);
    assert_int_equal(answer_status(answer), 200);
    assert_str(answer_header(answer, "Connection"), "close");
    harness_end(&g, 0);
}

static void stopping_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct harness g;
    harness_start(&g, harness_options());
    ON_LEAVE(client_close) int never = client_open(&g);
    ON_LEAVE(client_close) int half = client_open(&g);
    client_send(never, STR(GET("/never")));
    client_send(half, STR("GET / HTTP/1.1\r\n"));
    (void)usleep(100000);
    int64_t since = now_ms();
    harness_end(&g, 300);
    assert_took(since, 300);
    assert_true(client_is_closed(never, 0));
    assert_true(client_is_closed(half, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_slow_head_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_slow_body_is_refused, start, end),
        cmocka_unit_test_setup_teardown(silence_is_closed_without_a_word, start, end),
        cmocka_unit_test_setup_teardown(a_kept_connection_has_a_new_deadline, start, end),
        cmocka_unit_test_setup_teardown(an_answer_that_nobody_takes_is_dropped, start, end),
        cmocka_unit_test_setup_teardown(waiting_for_the_application_has_no_deadline, start, end),
        cmocka_unit_test_setup_teardown(clients_may_leave_at_any_time, start, end),
        cmocka_unit_test(stopping_is_graceful),
        cmocka_unit_test(stopping_does_not_wait_for_ever),
    };
    return RUN_TESTS(tests);
}
