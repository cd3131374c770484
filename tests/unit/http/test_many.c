#include <malloc.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <unistd.h>

#include "harness.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define PART "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n12345678"
#define MANY 1000

/* Sanitizers bring an allocator of their own, which mallinfo2 knows nothing of. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

static void a_thousand_connections_are_served(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static int fds[MANY];
    struct http_counts counts;
    struct harness h;
    harness_start(&h, harness_options());
    for (int i = 0; i < MANY; i++)
        fds[i] = client_open(&h);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++)
            client_send(fds[i], i % 3 ? STR(GET("/a")) : STR(GET("/later")));
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
            arena_reset(a);
        }
    }
    http_count(h.server, &counts);
    assert_int_equal(counts.requests, 3 * MANY);
    assert_int_equal(counts.connections_open, MANY);
    for (int i = 0; i < MANY; i++)
        client_close(&fds[i]);
    harness_end(&h, 1000);
}

/* Buffers are given back when a connection is idle: what stays is the connection alone. */
static void idle_connections_are_small(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    static int fds[MANY];
    struct harness h;
    harness_start(&h, harness_options());
    for (int i = -100; i < MANY; i++) {
        int fd = client_open(&h);
        client_send(fd, STR("GET / HTTP/1.1\r\nHo"));
        if (i % 4 == 0)
            (void)usleep(100);
        client_send(fd, STR("st: h\r\n\r\n"));
        assert_int_equal(answer_status(client_answer(a, fd)), 200);
        arena_reset(a);
        if (i < 0)
            client_close(&fd);
        else
            fds[i] = fd;
    }
#ifndef SANITIZED
    size_t with = mallinfo2().uordblks;
    for (int i = 0; i < MANY; i++)
        client_close(&fds[i]);
    (void)usleep(300000);
    size_t without = mallinfo2().uordblks;
    printf("figure conn_bytes %zu bytes\n", (with - without) / MANY);
    assert_true(with - without < (size_t)400 * MANY);
#else
    for (int i = 0; i < MANY; i++)
        client_close(&fds[i]);
#endif
    harness_end(&h, 1000);
}

static void the_longest_idle_makes_room(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    int fds[12];
    struct http_options o = harness_options();
    struct harness h;
    o.loops = 1;
    o.limits.connections_max = 10;
    harness_start(&h, o);
    for (int i = 0; i < 10; i++) {
        fds[i] = client_open(&h);
        client_send(fds[i], STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
        (void)usleep(5000);
    }
    client_send(fds[0], STR(GET("/"))); /* now the second is the longest idle */
    assert_int_equal(answer_status(client_answer(a, fds[0])), 200);
    for (int i = 10; i < 12; i++) {
        fds[i] = client_open(&h);
        client_send(fds[i], STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
    }
    assert_true(client_is_closed(fds[1], 1000));
    assert_true(client_is_closed(fds[2], 1000));
    for (int i = 0; i < 12; i++) {
        if (i != 1 && i != 2) {
            client_send(fds[i], STR(GET("/")));
            assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
        }
        client_close(&fds[i]);
    }
    harness_end(&h, 1000);
}

/* When all of them are busy, the newest is turned away. */
static void busy_connections_keep_their_place(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_options o = harness_options();
    struct harness h;
    o.loops = 1;
    o.limits.connections_max = 2;
    harness_start(&h, o);
    ON_LEAVE(client_close) int one = client_open(&h);
    ON_LEAVE(client_close) int two = client_open(&h);
    client_send(one, STR(GET("/never")));
    client_send(two, STR(GET("/never")));
    (void)usleep(50000);
    ON_LEAVE(client_close) int three = client_open(&h);
    assert_true(client_is_closed(three, 1000));
    app_release(&h);
    assert_int_equal(answer_status(client_answer(a, one)), 200);
    assert_int_equal(answer_status(client_answer(a, two)), 200);
    harness_end(&h, 1000);
}

/*
 * Requests that may never be complete keep nobody out: the oldest makes room, whether its body is
 * missing or its head.
 */
static void unfinished_requests_give_way(struct http_options o)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[3];
    uint64_t read = 0;
    o.loops = 1;
    harness_start(&h, o);
    for (int i = 0; i < 3; i++) {
        struct str part = i == 1 ? STR("GET / HTTP/1.1\r\nHos") : STR(PART);
        fds[i] = client_open_from(&h, "127.0.0.2");
        client_send(fds[i], part);
        server_has_read(&h, read += part.n);
        (void)usleep(5000);
    }
    for (int i = 0; i < 3; i++) {
        ON_LEAVE(client_close) int next = client_open_from(&h, "127.0.0.2");
        client_send(next, STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, next)), 200);
        assert_true(client_is_closed(fds[i], 1000));
        /* What is idle goes before what is unfinished. */
        ON_LEAVE(client_close) int other = client_open_from(&h, "127.0.0.2");
        client_send(other, STR(PART "9"));
        assert_int_equal(answer_status(client_answer(a, other)), 200);
        assert_true(client_is_closed(next, 1000));
        client_close(&fds[i]);
        fds[i] = client_open_from(&h, "127.0.0.2");
        client_send(fds[i], STR(PART));
        assert_true(client_is_closed(other, 1000));
    }
    for (int i = 0; i < 3; i++) {
        client_send(fds[i], STR("9"));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
        client_close(&fds[i]);
    }
    harness_end(&h, 1000);
}

static void unfinished_requests_give_way_to_others(void **state)
{
    (void)state;
    struct http_options o = harness_options();
    o.limits.connections_max = 3;
    unfinished_requests_give_way(o);
}

static void unfinished_requests_give_way_to_their_own_network(void **state)
{
    (void)state;
    struct http_options o = harness_options();
    o.limits.network_connections_max = 3;
    unfinished_requests_give_way(o);
}

static void networks_have_their_share(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_options o = harness_options();
    struct harness h;
    int fds[4];
    o.loops = 1;
    o.limits.network_connections_max = 3;
    harness_start(&h, o);
    for (int i = 0; i < 4; i++) {
        fds[i] = client_open_from(&h, "127.0.0.2");
        client_send(fds[i], STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
        (void)usleep(5000);
    }
    /* Its own longest idle one made room. */
    assert_true(client_is_closed(fds[0], 1000));
    for (int i = 1; i < 4; i++)
        client_send(fds[i], STR(GET("/never")));
    server_has_read(&h, 4 * STR(GET("/")).n + 3 * STR(GET("/never")).n);
    /* Those that have asked stay; another network is none of their business. */
    ON_LEAVE(client_close) int refused = client_open_from(&h, "127.0.0.2");
    assert_true(client_is_closed(refused, 1000));
    ON_LEAVE(client_close) int neighbour = client_open_from(&h, "127.0.0.3");
    client_send(neighbour, STR(GET("/")));
    assert_int_equal(answer_status(client_answer(a, neighbour)), 200);
    app_release(&h);
    for (int i = 1; i < 4; i++)
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
    for (int i = 0; i < 4; i++)
        client_close(&fds[i]);
    harness_end(&h, 1000);
}

static void eight_come_in(struct http_options o)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[8];
    o.limits.network_connections_max = 3;
    harness_start(&h, o);
    for (int i = 0; i < 8; i++) {
        fds[i] = client_open_from(&h, o.n_trusted_proxies > 0 ? "127.0.0.2" : "127.0.0.1");
        client_send(fds[i], STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
    }
    for (int i = 0; i < 8; i++) {
        client_send(fds[i], STR(GET("/")));
        assert_int_equal(answer_status(client_answer(a, fds[i])), 200);
        client_close(&fds[i]);
    }
    harness_end(&h, 1000);
}

/* All of a proxy's readers come from one address. */
static void trusted_proxies_have_no_share(void **state)
{
    (void)state;
    static const struct str proxies[] = {STR_INIT("127.0.0.2")};
    struct http_options o = harness_options();
    o.trusted_proxies = proxies;
    o.n_trusted_proxies = ARRAY_LEN(proxies);
    eight_come_in(o);
}

static void this_machine_has_no_share(void **state)
{
    (void)state;
    eight_come_in(harness_options());
}

static void connections_end_after_their_number_of_requests(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct http_options o = harness_options();
    struct harness h;
    o.limits.requests_per_connection_max = 2;
    harness_start(&h, o);
    ON_LEAVE(client_close) int fd = client_open(&h);
    client_send(fd, STR(GET("/") GET("/") GET("/")));
    struct str answers = client_read(a, fd, 3000, NULL);
    assert_int_equal(answers_200(answers), 2);
    harness_end(&h, 1000);
}

/* Without descriptors the server waits instead of spinning, and goes on when there are some. */
static void running_out_of_descriptors_does_not_spin(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    struct rlimit before, few;
    harness_start(&h, harness_options());
    int fds[64];
    int n = 0;
    ON_LEAVE(client_close) int probe = client_open(&h);
    client_send(probe, STR(GET("/never")));
    (void)usleep(50000);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int top = dup(0);
    (void)close(top);
    few = before;
    few.rlim_cur = (rlim_t)top + 20;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (n < 64 && (fds[n] = dup(probe)) >= 0)
        n++;
    /* One descriptor for a client, none for the server's end of it. */
    (void)close(fds[--n]);
    ON_LEAVE(client_close) int waiting = client_open(&h);
    client_send(waiting, STR(GET("/")));
    struct tms start, end;
    (void)times(&start);
    (void)usleep(500000);
    (void)times(&end);
    clock_t busy = end.tms_utime + end.tms_stime - start.tms_utime - start.tms_stime;
    assert_true(busy < sysconf(_SC_CLK_TCK) / 10);
    while (n > 0)
        (void)close(fds[--n]);
    assert_int_equal(answer_status(client_answer(a, waiting)), 200);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    app_release(&h);
    harness_end(&h, 1000);
}

int main(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_connections_are_served),
        cmocka_unit_test(idle_connections_are_small),
        cmocka_unit_test(the_longest_idle_makes_room),
        cmocka_unit_test(busy_connections_keep_their_place),
        cmocka_unit_test(unfinished_requests_give_way_to_others),
        cmocka_unit_test(unfinished_requests_give_way_to_their_own_network),
        cmocka_unit_test(networks_have_their_share),
        cmocka_unit_test(trusted_proxies_have_no_share),
        cmocka_unit_test(this_machine_has_no_share),
        cmocka_unit_test(connections_end_after_their_number_of_requests),
        cmocka_unit_test(running_out_of_descriptors_does_not_spin),
    };
    return RUN_TESTS(tests);
}
