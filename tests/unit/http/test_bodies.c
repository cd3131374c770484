#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

#define HEAD(path, length) "POST " path " HTTP/1.1\r\nHost: h\r\nContent-Length: " length "\r\n\r\n"
#define CHUNKED                                                                                    \
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nea60\r\n" /* 60,000 */
#define MAX ((size_t)1 << 20)
#define FULL 16 /* bodies of 60,000 bytes take 65,536 each while more may come */

static const char more[60000];

static struct http_options options(size_t loops)
{
    struct http_options o = harness_options();
    o.loops = loops;
    o.limits.bodies_bytes_max = MAX;
    return o;
}

/* A connection on which a head and so many bytes of the body were sent and read. */
static int begin(const struct harness *h, struct str head, size_t bytes, uint64_t *read)
{
    int fd = client_open(h);
    client_send(fd, head);
    client_send(fd, (struct str){more, bytes});
    server_has_read(h, *read += head.n + bytes);
    return fd;
}

static int ended(struct arena *a, int fd, struct str rest)
{
    client_send(fd, rest);
    int status = answer_status(client_answer(a, fd));
    client_close(&fd);
    return status;
}

static void the_largest_body_gives_way(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[FULL];
    uint64_t read = 0;
    harness_start(&h, options(1));
    int slow = begin(&h, STR(HEAD("/", "2000")), 200, &read);
    for (size_t i = 0; i < FULL; i++)
        fds[i] = begin(&h, i % 2 ? STR(CHUNKED) : STR(HEAD("/", "90000")), 59999, &read);
    /* The last of them took the place of the first, not that of whoever came before with little. */
    struct str answer = client_answer(a, fds[0]);
    assert_int_equal(answer_status(answer), 503);
    assert_str(answer_header(answer, "Retry-After"), "2");
    assert_str(answer_header(answer, "Connection"), "close");
    assert_true(client_is_closed(fds[0], 1000));
    client_close(&fds[0]);
    int late = begin(&h, STR(HEAD("/", "90000")), 59999, &read);
    assert_int_equal(ended(a, fds[1], STR("")), 503);
    /* Who has little to say comes in and is heard. */
    for (int i = 0; i < 20; i++)
        assert_int_equal(ended(a, begin(&h, STR(HEAD("/", "3000")), 3000, &read), STR("")), 200);
    assert_int_equal(ended(a, slow, (struct str){more, 1800}), 200);
    assert_int_equal(ended(a, late, (struct str){more, 30001}), 200);
    for (size_t i = 2; i < FULL; i++)
        assert_int_equal(
            ended(a, fds[i], i % 2 ? STR("0\r\n0\r\n\r\n") : (struct str){more, 30001}), 200);
    harness_end(&h, 1000);
}

static void a_body_that_is_the_largest_is_refused_itself(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    uint64_t read = 0;
    harness_start(&h, options(1));
    int one = begin(&h, STR(HEAD("/", "60001")), 60000, &read);
    int two = begin(&h, STR(HEAD("/", "60001")), 60000, &read);
    for (int round = 0; round < 2; round++) {
        ON_LEAVE(client_close) int large = client_open(&h);
        client_send(large, STR(HEAD("/large", "960000")));
        for (int i = 0; i < 16; i++)
            client_send(large, (struct str){more, sizeof more});
        assert_int_equal(answer_status(client_answer(a, large)), round == 0 ? 503 : 200);
        if (round == 0) {
            assert_int_equal(ended(a, one, STR("0")), 200);
            assert_int_equal(ended(a, two, STR("0")), 200);
        }
    }
    harness_end(&h, 1000);
}

/* What the application has is counted and cannot be given up: then new ones are refused. */
static void complete_bodies_keep_their_place(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[FULL + 1];
    uint64_t read = 0;
    harness_start(&h, options(1));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = begin(&h, STR(HEAD("/never", "60000")), 60000, &read);
    assert_int_equal(ended(a, begin(&h, STR(HEAD("/", "30000")), 30000, &read), STR("")), 503);
    assert_int_equal(ended(a, begin(&h, STR(HEAD("/", "3000")), 3000, &read), STR("")), 200);
    app_release(&h);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        assert_int_equal(ended(a, fds[i], STR("")), 200);
    assert_int_equal(ended(a, begin(&h, STR(HEAD("/", "30000")), 30000, &read), STR("")), 200);
    harness_end(&h, 1000);
}

/* Who does not take the answer does not keep the memory of the question. */
static void slow_readers_hold_no_bodies(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[2 * FULL], small = 4096;
    uint64_t read = 0;
    harness_start(&h, options(1));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = client_open(&h);
        (void)setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        client_send(fds[i], STR(HEAD("/big", "60000")));
        client_send(fds[i], (struct str){more, 60000});
        server_has_read(&h, read += STR(HEAD("/big", "60000")).n + 60000);
    }
    assert_int_equal(
        ended(a, begin(&h, STR(HEAD("/", "90000")), 60000, &read), (struct str){more, 30000}), 200);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        client_close(&fds[i]);
    harness_end(&h, 1000);
}

/* A loop cannot end another's bodies, but has a share of its own. */
static void every_loop_has_room(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct harness h;
    int fds[3 * FULL];
    uint64_t read = 0;
    harness_start(&h, options(2));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = begin(&h, STR(HEAD("/", "60001")), 60000, &read);
    for (int i = 0; i < 40; i++)
        assert_int_equal(ended(a, begin(&h, STR(HEAD("/", "3000")), 3000, &read), STR("")), 200);
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        n += ended(a, fds[i], STR("0")) == 200;
    assert_in_range(n, FULL / 2, FULL + 1);
    harness_end(&h, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_body_gives_way),
        cmocka_unit_test(a_body_that_is_the_largest_is_refused_itself),
        cmocka_unit_test(complete_bodies_keep_their_place),
        cmocka_unit_test(slow_readers_hold_no_bodies),
        cmocka_unit_test(every_loop_has_room),
    };
    return RUN_TESTS(tests);
}
