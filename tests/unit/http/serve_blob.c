/*
 * Serves one page from memory until it is told to end, for measuring: serve_blob PORT BYTES [LOOPS]
 * PORT may be 0; the port is printed. Ends at SIGTERM or SIGINT and prints its counters.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/rand.h"
#include "http/http.h"

static size_t body_max(void *context, const struct http_request *head)
{
    (void)context;
    (void)head;
    return 0;
}

static void on_request(void *context, struct http_exchange *x)
{
    http_answer(x, &(struct http_answer){.blob = http_blob_hold(context)});
}

static struct http_blob *page(size_t n)
{
    char *body = malloc(n);
    char head[400];
    MUST(body);
    rand_bytes(body, n);
    int head_n = snprintf(head, sizeof head,
                          "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                          "Content-Encoding: br\r\nVary: Accept-Encoding\r\n"
                          "Cache-Control: no-cache\r\nETag: \"0123456789abcdef\"\r\n"
                          "Content-Length: %zu\r\n",
                          n);
    struct http_blob *b = http_blob_new((struct str){head, (size_t)head_n}, (struct str){body, n},
                                        STR("\"0123456789abcdef\""));
    free(body);
    return b;
}

int main(int argc, char **argv)
{
    int64_t port = 0, bytes = 14336, loops = 1;
    if ((argc > 1 && !str_to_int64(str_of(argv[1]), 0, 65535, &port)) ||
        (argc > 2 && !str_to_int64(str_of(argv[2]), 1, 1 << 24, &bytes)) ||
        (argc > 3 && !str_to_int64(str_of(argv[3]), 1, 64, &loops)))
        return 2;
    char address[64];
    (void)snprintf(address, sizeof address, "127.0.0.1:%" PRId64, port);
    const struct http_listen listen = {.address = str_of(address)};
    const struct log log = {.fd = 2, .least = LOG_LEVEL_INFO};
    struct http_blob *blob = page((size_t)bytes);
    struct http_options options = {
        .listen = &listen,
        .n_listen = 1,
        .loops = (size_t)loops,
        .limits = {.head_bytes_max = 16 * KiB,
                   .headers_max = 100,
                   .head_ms = 10000,
                   .body_ms = 30000,
                   .idle_ms = 60000,
                   .send_ms = 60000,
                   .connections_max = 20000,
                   .bodies_bytes_max = 64 * MiB,
                   .requests_per_connection_max = UINT32_MAX},
        .headers = STR("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
                       "Content-Security-Policy: default-src 'none'; style-src 'self'\r\n"),
        .log = &log,
        .app = {.context = blob, .body_max = body_max, .on_request = on_request},
    };
    struct http_server *s;
    struct err e;
    sigset_t ends;
    int got;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    if (!http_open(&options, &s, &e)) {
        log_err(&log, "serve_blob", &e);
        return 1;
    }
    printf("%d\n", http_port(s, 0));
    (void)fflush(stdout);
    http_start(s);
    (void)sigwait(&ends, &got);
    http_stop(s, 1000);
    struct http_counts counts;
    http_count(s, &counts);
    printf("connections %" PRIu64 " requests %" PRIu64 " bytes_out %" PRIu64 "\n",
           counts.connections, counts.requests, counts.bytes_out);
    http_close(&s);
    http_blob_drop(&blob);
    return 0;
}
