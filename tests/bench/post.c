/*
 * The load of writing: posts comments through the form's address, each connection one after the
 * other, all requests made before the clock starts. Every request speaks for a network of its own
 * (X-Forwarded-For; the server must trust the loopback), so that nobody is asked to slow down.
 * Usage: post PORT CONNECTIONS SECONDS MOST TARGETS SEED
 *   SECONDS   how long at most; MOST: how many comments at most
 *   TARGETS   a file; each line: path of the form's address, space, its token
 * Prints: comments acknowledged, how many a second, median and 99th percentile in us, how many
 * were answered otherwise.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/must.h"
#include "base/rand.h"
#include "tests/bench/words.h"

#define REQUESTS 65536 /* more than are sent in a round: no text comes twice */
#define TARGETS_MAX 4096
#define UNIQUE_CHARS 12
#define LATENCIES_MAX (1 << 22)
#define ANSWER_BYTES 65536

struct request {
    struct str bytes;
    char *unique; /* within bytes: what makes the text another one each time */
};

struct connection {
    int fd;
    int64_t sent_us;
    const struct request *request;
    size_t written, got;
    char answer[ANSWER_BYTES];
};

struct posting {
    int port, epoll;
    size_t n_connections, n_targets, n_latencies;
    int64_t until_us, most, started, acknowledged, refused;
    char *targets[TARGETS_MAX];
    struct request requests[REQUESTS];
    struct connection *connections;
    uint32_t *latencies;
    uint64_t next_unique;
};

static int64_t now_us(void)
{
    struct timespec t;
    MUST(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* ---- Requests */

static void put_encoded(struct buf *b, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool plain = (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= '0' && p[i] <= '9');
        if (plain)
            buf_char(b, p[i]);
        else
            buf_printf(b, "%%%02X", (unsigned char)p[i]);
    }
}

static void request_make(struct posting *p, struct words *w, size_t i)
{
    char text[WORDS_BYTES_MAX], name[WORDS_BYTES_MAX];
    const char *lang, *target = p->targets[i % p->n_targets], *token = strchr(target, ' ');
    size_t text_n = words_text(w, i, text, &lang), name_n = words_name(w, name);
    struct buf body = buf_heap(64 * KiB), all = buf_heap(64 * KiB);
    buf_printf(&body, "token=%s&name=", token + 1);
    put_encoded(&body, name, name_n);
    buf_put(&body, STR("&text="));
    put_encoded(&body, text, text_n);
    buf_printf(&body, "+%0*d", UNIQUE_CHARS, 0);
    uint64_t network = words_number(w);
    buf_printf(&all,
               "POST %.*s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Forwarded-For: %u.%u.%u.%u\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n",
               (int)(token - target), target, p->port, (unsigned)(11 + network % 80),
               (unsigned)(network >> 8 & 255), (unsigned)(network >> 16 & 255),
               (unsigned)(network >> 24 & 255), buf_str(&body).n);
    buf_put(&all, buf_str(&body));
    MUST(buf_ok(&body) && buf_ok(&all));
    struct str made = buf_str(&all);
    char *copy = malloc(made.n);
    MUST(copy != NULL);
    memcpy(copy, made.p, made.n);
    p->requests[i] = (struct request){{copy, made.n}, copy + made.n - UNIQUE_CHARS};
    buf_free(&body);
    buf_free(&all);
}

static void targets_read(struct posting *p, const char *path)
{
    char line[1024];
    FILE *f = fopen(path, "re");
    if (!f)
        err(1, "%s", path);
    while (p->n_targets < TARGETS_MAX && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (strchr(line, ' '))
            p->targets[p->n_targets++] = strdup(line);
    }
    (void)fclose(f);
    if (p->n_targets == 0)
        errx(1, "%s: no targets", path);
}

/* ---- Connections */

static void finish(struct connection *c)
{
    if (c->fd >= 0)
        (void)close(c->fd);
    c->fd = -1;
}

static void write_on(struct connection *c)
{
    while (c->written < c->request->bytes.n) {
        ssize_t n =
            write(c->fd, c->request->bytes.p + c->written, c->request->bytes.n - c->written);
        if (n < 0)
            return;
        c->written += (size_t)n;
    }
}

static bool is_over(const struct posting *p, int64_t at_us)
{
    return p->started >= p->most || at_us >= p->until_us;
}

static void request_start(struct posting *p, struct connection *c)
{
    c->sent_us = now_us();
    if (is_over(p, c->sent_us)) {
        finish(c);
        return;
    }
    char unique[UNIQUE_CHARS + 1];
    const struct request *r = &p->requests[p->started++ % REQUESTS];
    (void)snprintf(unique, sizeof unique, "%0*llu", UNIQUE_CHARS,
                   (unsigned long long)words_serial(p->next_unique++, 1000000000000));
    memcpy(r->unique, unique, UNIQUE_CHARS);
    c->request = r;
    c->written = c->got = 0;
    write_on(c);
}

static void connect_to(struct posting *p, struct connection *c)
{
    int one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)p->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    finish(c);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        err(1, "port %d", p->port);
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    MUST(epoll_ctl(p->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0);
}

/* Bytes of the whole answer; 0: its head is not there yet. */
static size_t answer_bytes(struct connection *c)
{
    c->answer[c->got] = '\0';
    const char *end = strstr(c->answer, "\r\n\r\n"),
               *length = strcasestr(c->answer, "content-length:");
    if (!end)
        return 0;
    size_t body = length && length < end ? strtoull(length + 15, NULL, 10) : 0;
    return (size_t)(end - c->answer) + 4 + body;
}

static void answered(struct posting *p, struct connection *c)
{
    if (strncmp(c->answer, "HTTP/1.1 303", 12) == 0) {
        p->acknowledged++;
        if (p->n_latencies < LATENCIES_MAX)
            p->latencies[p->n_latencies++] = (uint32_t)(now_us() - c->sent_us);
    } else if (p->refused++ == 0) {
        (void)fprintf(stderr, "post: %.600s\n", c->answer);
    }
    bool closes = strcasestr(c->answer, "\r\nconnection: close") != NULL;
    if (closes && !is_over(p, now_us()))
        connect_to(p, c);
    request_start(p, c);
}

static void read_on(struct posting *p, struct connection *c)
{
    ssize_t n = read(c->fd, c->answer + c->got, ANSWER_BYTES - 1 - c->got);
    if (n <= 0) {
        connect_to(p, c);
        request_start(p, c);
        return;
    }
    c->got += (size_t)n;
    size_t whole = answer_bytes(c);
    if ((whole > 0 && c->got >= whole) || c->got == ANSWER_BYTES - 1)
        answered(p, c);
}

static size_t open_connections(const struct posting *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_connections; i++)
        n += p->connections[i].fd >= 0;
    return n;
}

static void post_all(struct posting *p)
{
    struct epoll_event events[256];
    for (size_t i = 0; i < p->n_connections; i++)
        request_start(p, &p->connections[i]);
    while (open_connections(p) > 0) {
        int n = epoll_wait(p->epoll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->fd >= 0)
                read_on(p, c);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static struct posting p;
    if (argc != 7)
        errx(2, "usage: post PORT CONNECTIONS SECONDS MOST TARGETS SEED");
    struct words w = {strtoull(argv[6], NULL, 10)};
    p.port = (int)strtol(argv[1], NULL, 10);
    p.n_connections = strtoull(argv[2], NULL, 10);
    p.most = strtoll(argv[4], NULL, 10);
    p.next_unique = words_number(&w) % 100000000000ULL;
    p.epoll = epoll_create1(EPOLL_CLOEXEC);
    p.connections = calloc(p.n_connections, sizeof *p.connections);
    p.latencies = calloc(LATENCIES_MAX, sizeof *p.latencies);
    MUST(p.connections && p.latencies && p.epoll >= 0);
    targets_read(&p, argv[5]);
    for (size_t i = 0; i < REQUESTS; i++)
        request_make(&p, &w, i);
    for (size_t i = 0; i < p.n_connections; i++) {
        p.connections[i].fd = -1;
        connect_to(&p, &p.connections[i]);
    }
    int64_t began_us = now_us();
    p.until_us = began_us + strtoll(argv[3], NULL, 10) * 1000000;
    post_all(&p);
    double seconds = (double)(now_us() - began_us) / 1e6;
    qsort(p.latencies, p.n_latencies, sizeof *p.latencies, by_size);
    (void)printf("%lld %.1f %u %u %lld\n", (long long)p.acknowledged,
                 (double)p.acknowledged / seconds, p.latencies[p.n_latencies / 2],
                 p.latencies[p.n_latencies * 99 / 100], (long long)p.refused);
    return 0;
}
