/*
 * Heads and chunked bodies from noise. Beyond what the sanitizers see: the answer must not depend
 * on how the bytes were split, and what was accepted must hold what http.h promises.
 *
 * The first byte of the input says in which steps the rest arrives. With AITYS_PLANTED_FAULT the
 * scan forgets a CR at the end of a piece; the target must find that within a minute.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/must.h"
#include "http/chunk.h"
#include "http/negotiate.h"
#include "http/network.h"
#include "http/parse.h"

#define BODY_MAX 512

static const struct head_limits limits = {.bytes_max = 4096, .headers_max = 32};

/* 0: accepted, -1: more is needed, otherwise the status. The head lives in the arena. */
static int read_head(struct arena *a, struct str in, size_t step, size_t *ret_end, struct head *h)
{
    enum parse_state state = PARSE_MORE;
    struct head_scan s = {0};
    for (size_t n = step; state == PARSE_MORE; n += step) {
        state = head_scan(&s, str_head(in, n), &limits);
#ifdef AITYS_PLANTED_FAULT
        if (state == PARSE_MORE)
            s.at = (uint32_t)(n < in.n ? n : in.n);
#endif
        if (n >= in.n)
            break;
    }
    if (state != PARSE_DONE)
        return state == PARSE_BAD ? s.status : -1;
    struct str copy = arena_copy(a, (struct str){in.p + s.start, s.at - (size_t)s.start});
    struct http_header *headers = ARENA_ARRAY(a, struct http_header, s.n_headers);
    *ret_end = s.at;
    return head_parse((char *)(uintptr_t)copy.p, copy.n, headers, h);
}

static bool is_clean(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((uint8_t)s.p[i] < ' ' && s.p[i] != '\t')
            return false;
    }
    return true;
}

static void check_head(const struct head *h)
{
    MUST(is_token(h->method_name));
    MUST(h->path.n && (h->path.p[0] == '/' || str_eq(h->path, STR("*"))));
    MUST(str_find_char(h->path, '?') < 0 && str_find_char(h->path, ' ') < 0);
    MUST(is_clean(h->path) && is_clean(h->query));
    MUST(is_host(h->host) || (h->host.n == 0 && h->minor == 0));
    MUST(!(h->chunked && h->content_length >= 0) && h->content_length >= -1);
    size_t hosts = 0;
    for (size_t i = 0; i < h->n_headers; i++) {
        MUST(is_token(h->headers[i].name) && is_clean(h->headers[i].value));
        hosts += str_eq_nocase(h->headers[i].name, STR("Host"));
    }
    MUST(hosts <= 1 && (hosts == 1 || h->minor == 0));
}

/* What else reads headers that anybody may send. */
static void read_headers(const struct head *h)
{
    const struct trust nobody = {0};
    struct http_request rq = {.headers = h->headers, .n_headers = h->n_headers};
    MUST(accepts_read(h->headers, h->n_headers) < HTTP_CODINGS);
    (void)etag_matches(h->headers, h->n_headers, STR("\"a\""));
    (void)network_forwarded(&nobody, (struct http_network){0}, h->headers, h->n_headers);
    (void)forwarded_https(h->headers, h->n_headers);
    (void)http_cookie_get(&rq, STR("a"));
}

/* As a status, 200 when complete, 0 when more is needed. */
static int read_body(struct str in, size_t step, struct buf *body, size_t *ret_used)
{
    struct chunks c = {0};
    int status = 0;
    size_t at = 0;
    while (at < in.n) {
        size_t used = 0;
        switch (chunks_read(&c, str_head(str_from(in, at), step), body, &used, &status)) {
        case PARSE_BAD:
            return status;
        case PARSE_DONE:
            *ret_used = at + used;
            return 200;
        case PARSE_MORE:
            at += used;
            break;
        }
    }
    return 0;
}

static void check_body(struct str in, size_t step)
{
    ON_LEAVE(buf_free) struct buf whole = buf_heap(BODY_MAX);
    ON_LEAVE(buf_free) struct buf split = buf_heap(BODY_MAX);
    size_t whole_used = 0, split_used = 0;
    int status = read_body(in, in.n ? in.n : 1, &whole, &whole_used);
    MUST(status == read_body(in, step, &split, &split_used));
    MUST(whole_used == split_used);
    if (status == 200)
        MUST(str_eq(buf_str(&whole), buf_str(&split)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    size_t step = data[0] % 16 + 1;
    struct str in = {(const char *)data + 1, n - 1};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct head h, h_split;
    size_t end = 0, end_split = 0;
    int status = read_head(a, in, in.n ? in.n : 1, &end, &h);
    int status_split = read_head(a, in, step, &end_split, &h_split);
    /* Pieces may be refused earlier and for another reason, but neither more nor less of them. */
    MUST((status > 0) == (status_split > 0) && (status == 0) == (status_split == 0));
    MUST(status != 0 || end == end_split);
    if (status == 0) {
        check_head(&h);
        read_headers(&h);
        check_body(str_from(in, end), step);
    }
    check_body(in, step);
    return 0;
}
