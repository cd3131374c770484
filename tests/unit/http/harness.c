#include "harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/must.h"

#define WAITING_MAX 4096

struct app {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct http_exchange *waiting[WAITING_MAX]; /* for the other thread */
    struct http_exchange *held[WAITING_MAX];    /* for app_release */
    size_t n_waiting, n_held;
    bool ends;
    struct http_blob *blob;
};

static size_t body_max(void *context, const struct http_request *head)
{
    (void)context;
    if (str_eq(head->path, STR("/large")))
        return LARGE_BYTES;
    return str_eq(head->path, STR("/small")) ? 4 : 100000;
}

static void tell(struct http_exchange *x)
{
    const struct http_request *rq = &x->request;
    struct buf b = buf_in(x->arena, 1 << 20);
    buf_put(&b, rq->method_name);
    buf_char(&b, ' ');
    buf_put(&b, rq->path);
    buf_char(&b, '?');
    buf_put(&b, rq->query);
    buf_char(&b, ' ');
    buf_put(&b, rq->host);
    buf_put(&b, STR(" ["));
    buf_put(&b, rq->body);
    buf_put(&b, STR("] "));
    buf_hex(&b, rq->network.bytes, rq->network.n);
    buf_put(&b, rq->https ? STR(" https") : STR(" http"));
    buf_char(&b, (char)('0' + rq->accepts));
    http_answer(
        x, &(struct http_answer){.status = 200, .type = STR("text/plain"), .body = buf_str(&b)});
}

static void later(struct app *app, struct http_exchange *x, bool hold)
{
    MUST(pthread_mutex_lock(&app->lock) == 0);
    MUST(app->n_waiting < WAITING_MAX && app->n_held < WAITING_MAX);
    if (hold)
        app->held[app->n_held++] = x;
    else
        app->waiting[app->n_waiting++] = x;
    (void)pthread_cond_signal(&app->news);
    MUST(pthread_mutex_unlock(&app->lock) == 0);
}

static void on_request(void *context, struct http_exchange *x)
{
    struct app *app = context;
    struct str path = x->request.path;
    if (str_eq(path, STR("/later")) || str_eq(path, STR("/never"))) {
        later(app, x, str_eq(path, STR("/never")));
    } else if (str_eq(path, STR("/blob"))) {
        http_answer(x, &(struct http_answer){.blob = http_blob_hold(app->blob)});
    } else if (str_eq(path, STR("/big"))) {
        char *p = arena_take(x->arena, BIG_BYTES);
        memset(p, 'b', BIG_BYTES);
        http_answer(x, &(struct http_answer){
                           .status = 200, .type = STR("text/plain"), .body = {p, BIG_BYTES}});
    } else if (str_eq(path, STR("/etag"))) {
        struct http_header headers[] = {{STR("ETag"), STR("\"e1\"")},
                                        {STR("Cache-Control"), STR("no-cache")}};
        http_answer(x, &(struct http_answer){.status = 200,
                                             .type = STR("text/plain"),
                                             .body = STR("tagged"),
                                             .headers = headers,
                                             .n_headers = 2});
    } else if (str_eq(path, STR("/unsound"))) {
        struct http_header bad = {STR("Location"), STR("/a\r\nSet-Cookie: a=b")};
        http_answer(x, &(struct http_answer){.status = 303, .headers = &bad, .n_headers = 1});
    } else {
        tell(x);
    }
}

static void *answer_later(void *context)
{
    struct app *app = context;
    MUST(pthread_mutex_lock(&app->lock) == 0);
    while (!app->ends) {
        if (app->n_waiting == 0) {
            (void)pthread_cond_wait(&app->news, &app->lock);
            continue;
        }
        struct http_exchange *x = app->waiting[--app->n_waiting];
        MUST(pthread_mutex_unlock(&app->lock) == 0);
        tell(x);
        MUST(pthread_mutex_lock(&app->lock) == 0);
    }
    MUST(pthread_mutex_unlock(&app->lock) == 0);
    return NULL;
}

void app_release(struct harness *h)
{
    struct app *app = h->app;
    MUST(pthread_mutex_lock(&app->lock) == 0);
    while (app->n_held)
        app->waiting[app->n_waiting++] = app->held[--app->n_held];
    (void)pthread_cond_signal(&app->news);
    MUST(pthread_mutex_unlock(&app->lock) == 0);
}

static struct str error_body(void *context, int status)
{
    (void)context;
    return status == 431 ? STR_NONE : STR("<p>refused</p>");
}

struct http_options harness_options(void)
{
    static const struct http_listen listen = {.address = STR_INIT("127.0.0.1:0")};
    return (struct http_options){
        .listen = &listen,
        .n_listen = 1,
        .loops = 2,
        .limits = {.head_bytes_max = 16 * KiB,
                   .headers_max = 100,
                   .head_ms = 10000,
                   .body_ms = 10000,
                   .idle_ms = 10000,
                   .send_ms = 10000,
                   .connections_max = 5000,
                   .bodies_bytes_max = 64 * MiB,
                   .requests_per_connection_max = 1000},
        .headers = STR("X-Content-Type-Options: nosniff\r\n"),
        .app = {.body_max = body_max, .on_request = on_request, .error_body = error_body},
    };
}

void harness_start(struct harness *h, struct http_options options)
{
    struct err e;
    struct app *app = calloc(1, sizeof *app);
    MUST(app);
    MUST(pthread_mutex_init(&app->lock, NULL) == 0 && pthread_cond_init(&app->news, NULL) == 0);
    MUST(pthread_create(&app->thread, NULL, answer_later, app) == 0);
    app->blob = http_blob_new(
        STR("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n"
            "ETag: \"v1\"\r\nCache-Control: no-cache\r\nVary: Accept-Encoding\r\n"),
        STR("page"), STR("\"v1\""));
    h->app = options.app.context = app;
    h->log = (struct log){.fd = -1};
    options.log = &h->log;
    if (!http_open(&options, &h->server, &e))
        fail_msg("http_open: %s", e.why);
    h->port = http_port(h->server, 0);
    http_start(h->server);
}

void harness_end(struct harness *h, int64_t grace_ms)
{
    struct app *app = h->app;
    http_stop(h->server, grace_ms);
    MUST(pthread_mutex_lock(&app->lock) == 0);
    app->ends = true;
    (void)pthread_cond_signal(&app->news);
    MUST(pthread_mutex_unlock(&app->lock) == 0);
    MUST(pthread_join(app->thread, NULL) == 0);
    http_close(&h->server);
    (void)pthread_cond_destroy(&app->news);
    (void)pthread_mutex_destroy(&app->lock);
    http_blob_drop(&app->blob);
    free(app);
}

int client_open(const struct harness *h)
{
    return client_open_from(h, "127.0.0.1");
}

int client_open_from(const struct harness *h, const char *address)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)h->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    /* Or each would take a port away from all others. */
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof in), 0);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

void server_has_read(const struct harness *h, uint64_t bytes)
{
    struct http_counts counts = {0};
    for (int i = 0; i < 10000 && counts.bytes_in < bytes; i++) {
        (void)usleep(1000);
        http_count(h->server, &counts);
    }
    assert_int_equal(counts.bytes_in, bytes);
}

void client_send(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* the server may have closed already; what it said is read later */
        bytes = (struct str){bytes.p + n, bytes.n - (size_t)n};
    }
}

void client_end(int fd)
{
    (void)shutdown(fd, SHUT_WR);
}

/* Adds what there is. 1: bytes came, 0: the end, -1: nothing within ms. */
static int read_once(struct buf *b, int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0)
        return -1;
    char *room = buf_room(b, 65536);
    assert_non_null(room);
    ssize_t n = recv(fd, room, 65536, 0);
    if (n <= 0)
        return 0;
    b->n += (size_t)n;
    return 1;
}

struct str client_read(struct arena *a, int fd, int quiet_ms, bool *ret_closed)
{
    struct buf b = buf_in(a, 64 * MiB);
    int rc;
    while ((rc = read_once(&b, fd, quiet_ms)) > 0)
        ;
    if (ret_closed)
        *ret_closed = rc == 0;
    return buf_str(&b);
}

struct str client_answer(struct arena *a, int fd)
{
    struct buf b = buf_in(a, 64 * MiB);
    for (;;) {
        char c;
        ssize_t n = recv(fd, &c, 1, 0);
        if (n <= 0)
            return STR_NONE;
        buf_char(&b, c);
        if (str_ends(buf_str(&b), STR("\r\n\r\n")))
            break;
    }
    int64_t length = 0;
    struct str said = answer_header(buf_str(&b), "Content-Length");
    if (said.p)
        assert_true(str_to_int64(said, 0, INT32_MAX, &length));
    char *room = buf_room(&b, (size_t)length);
    for (size_t got = 0; got < (size_t)length;) {
        ssize_t n = recv(fd, room + got, (size_t)length - got, 0);
        if (n <= 0)
            return STR_NONE;
        got += (size_t)n;
    }
    b.n += (size_t)length;
    return buf_str(&b);
}

struct str client_ask(struct arena *a, const struct harness *h, struct str bytes)
{
    ON_LEAVE(client_close) int fd = client_open(h);
    client_send(fd, bytes);
    client_end(fd);
    return client_read(a, fd, 10000, NULL);
}

bool client_is_closed(int fd, int ms)
{
    char c;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) == 1 && recv(fd, &c, 1, 0) <= 0;
}

void client_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

int answer_status(struct str answer)
{
    int64_t status;
    if (!str_begins(answer, STR("HTTP/1.1 ")))
        return 0;
    return str_to_int64(str_head(str_from(answer, 9), 3), 100, 599, &status) ? (int)status : 0;
}

struct str answer_header(struct str answer, const char *name)
{
    struct str line, before, value;
    while (str_next(&answer, '\n', &line) && str_trim(line).n) {
        if (str_cut(line, ':', &before, &value) && str_eq_nocase(before, str_of(name)))
            return str_trim(value);
    }
    return STR_NONE;
}

struct str answer_body(struct str answer)
{
    ptrdiff_t at = str_find(answer, STR("\r\n\r\n"));
    return at < 0 ? STR_NONE : str_from(answer, (size_t)at + 4);
}

size_t answers_200(struct str answers)
{
    size_t n = 0;
    ptrdiff_t at;
    while ((at = str_find(answers, STR("HTTP/1.1 200 OK\r\n"))) >= 0) {
        answers = str_from(answers, (size_t)at + 1);
        n++;
    }
    return n;
}

const char *corpora(const char *what)
{
    static char path[4096];
    const char *root = getenv("AITYS_CORPORA");
    (void)snprintf(path, sizeof path, "%s/%s", root ? root : AITYS_CORPORA_DEFAULT, what);
    if (access(path, R_OK) == 0)
        return path;
    printf("# SKIPPED: no %s there; set AITYS_CORPORA\n", what);
    return NULL;
}

struct str file_read(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return STR_NONE;
    struct buf b = buf_in(a, 64 * MiB);
    size_t n;
    do {
        char *room = buf_room(&b, 65536);
        assert_non_null(room);
        n = fread(room, 1, 65536, f);
        b.n += n;
    } while (n);
    (void)fclose(f);
    return buf_str(&b);
}
