#include <errno.h>
#include <sys/socket.h>

#include "base/must.h"
#include "http/negotiate.h"
#include "http/server.h"

#define REQUESTS_A_TURN 16 /* pipelined ones, before other connections have their turn */
#define RETRY_S "2"        /* what a busy server asks for */

void request_refuse(struct loop *l, struct connection *c, int status)
{
    const struct http_app *app = &l->server->app;
    struct flight *f = c->flight ? c->flight : flight_new(l, c);
    struct http_header again = {STR("Retry-After"), STR(RETRY_S)};
    struct http_answer answer = {.status = status};
    if (status == 503) {
        answer.headers = &again;
        answer.n_headers = 1;
    }
    if (app->error_body)
        answer.body = app->error_body(app->context, status);
    if (answer.body.n)
        answer.type = answer.body.p[0] == '<' ? STR("text/html; charset=utf-8")
                                              : STR("text/plain; charset=utf-8");
    f->refused = true;
    f->keep = false;
    body_drop(l, f);
    count_add(&l->refused, 1);
    response_make(f, &answer);
    send_start(l, c);
}

/* OPTIONS * asks about the server itself (RFC 9110, section 9.3.7). */
static void answer_asterisk(struct http_exchange *x)
{
    struct http_header allow = {STR("Allow"), STR("GET, HEAD, POST, OPTIONS")};
    struct http_answer answer = {.status = 204, .headers = &allow, .n_headers = 1};
    http_answer(x, &answer);
}

/* The request is complete. */
static void dispatch(struct loop *l, struct connection *c)
{
    struct flight *f = c->flight;
    const struct http_app *app = &l->server->app;
    f->exchange.request.body = f->body.n ? buf_str(&f->body) : STR("");
    body_complete(l, f);
    c->state = CONN_APP;
    timer_set(&l->timers, &c->timer, TIMER_NONE, l->now_ms);
    count_add(&l->requests, 1);
    l->current = f;
    l->answered = false;
    if (str_eq(f->exchange.request.path, STR("*")))
        answer_asterisk(&f->exchange);
    else
        app->on_request(app->context, &f->exchange);
    l->current = NULL;
    /* From here on the flight may belong to another thread. */
    if (l->answered)
        send_start(l, c);
}

/* "Go on", to a client that waits for it. A few bytes to an idle socket: they fit or it is gone. */
static bool send_continue(struct loop *l, struct connection *c)
{
    static const struct str go_on = STR_INIT("HTTP/1.1 100 Continue\r\n\r\n");
    if (send(c->watch.fd, go_on.p, go_on.n, MSG_NOSIGNAL) != (ssize_t)go_on.n)
        return false;
    count_add(&l->bytes_out, go_on.n);
    count_add(&l->by_status[1], 1);
    return true;
}

/* Who sends only a little more than `max` still reads why it is refused. */
static void refuse_body(struct loop *l, struct connection *c, size_t max, int status)
{
    c->linger_bytes += max < UINT32_MAX / 2 ? (uint32_t)max : 0;
    request_refuse(l, c, status);
}

void request_give_up(struct loop *l, struct connection *c)
{
    refuse_body(l, c, c->flight->body.max, 503);
    loop_again(l, c); /* what was not read yet is thrown away in its turn */
}

/* The head is known: is there a body, and is it allowed? */
static void begin_body(struct loop *l, struct connection *c, const struct head *h,
                       bool body_is_here)
{
    struct flight *f = c->flight;
    const struct http_app *app = &l->server->app;
    if (!h->chunked && h->content_length <= 0) {
        dispatch(l, c);
        return;
    }
    size_t max = app->body_max(app->context, &f->exchange.request);
    if (h->chunked ? max == 0 && h->expects : (uint64_t)h->content_length > max) {
        refuse_body(l, c, max, 413);
        return;
    }
    f->chunked = h->chunked;
    f->body_left = h->content_length;
    f->body = buf_heap(h->chunked ? max : (size_t)h->content_length);
    c->state = CONN_BODY;
    connection_deadline(l, c, TIMER_BODY);
    if (h->expects && !body_is_here && !send_continue(l, c)) {
        flight_end(l, &c->flight);
        connection_close(l, c);
    }
}

static void request_fill(struct loop *l, const struct connection *c, struct flight *f,
                         const struct head *h)
{
    f->keep = h->keep;
    f->minor = h->minor;
    f->exchange.request = (struct http_request){
        .method = h->method,
        .method_name = h->method_name,
        .path = h->path,
        .query = h->query,
        .host = h->host,
        .headers = h->headers,
        .n_headers = h->n_headers,
        .accepts = accepts_read(h->headers, h->n_headers),
        .network = c->network,
        .operator_address = c->operator_address,
    };
    if (c->trusted) {
        struct http_request *rq = &f->exchange.request;
        rq->network = network_forwarded(&l->server->trust, c->network, h->headers, h->n_headers);
        rq->https = forwarded_https(h->headers, h->n_headers);
    }
}

/* Takes a head off the input. Returns its bytes, or 0 when it is not complete. */
static size_t take_head(struct loop *l, struct connection *c, struct str in)
{
    const struct http_limits *limits = &l->server->limits;
    struct head_limits head_limits = {limits->head_bytes_max, limits->headers_max};
    enum parse_state state = head_scan(&c->scan, in, &head_limits);
    if (state == PARSE_MORE) {
        if (c->timer.kind != TIMER_HEAD)
            connection_deadline(l, c, TIMER_HEAD);
        return 0;
    }
    struct head_scan scan = c->scan;
    c->scan = (struct head_scan){0};
    if (state == PARSE_BAD) {
        request_refuse(l, c, scan.status);
        return in.n;
    }
    /* The application's borrowed strs must not point into a buffer that the next read fills. */
    struct flight *f = flight_new(l, c);
    size_t n = scan.at - scan.start;
    char *bytes = arena_take(f->exchange.arena, n);
    memcpy(bytes, in.p + scan.start, n);
    struct head h;
    int status = head_parse(bytes, n,
                            ARENA_ARRAY(f->exchange.arena, struct http_header, scan.n_headers), &h);
    if (status) {
        request_refuse(l, c, status);
        return in.n;
    }
    request_fill(l, c, f, &h);
    begin_body(l, c, &h, scan.at < in.n);
    return scan.at;
}

/* Takes what belongs to the body. Returns its bytes. */
static size_t take_body(struct loop *l, struct connection *c, struct str in)
{
    struct flight *f = c->flight;
    size_t used, left = f->body.max - f->body.n;
    int status = 0;
    if (!body_room(l, f, in.n < left ? in.n : left)) {
        refuse_body(l, c, f->body.max, 503);
        return in.n;
    }
    if (f->chunked) {
        switch (chunks_read(&f->chunks, in, &f->body, &used, &status)) {
        case PARSE_MORE:
            return used;
        case PARSE_BAD:
            refuse_body(l, c, f->body.max, status);
            return in.n;
        case PARSE_DONE:
            break;
        }
    } else {
        used = in.n < (uint64_t)f->body_left ? in.n : (size_t)f->body_left;
        buf_put(&f->body, str_head(in, used));
        f->body_left -= (int64_t)used;
        if (f->body_left > 0)
            return used;
    }
    dispatch(l, c);
    return used;
}

size_t request_read(struct loop *l, struct connection *c, struct str in)
{
    size_t used = 0;
    int heads = 0;
    c->pending = false;
    while (used < in.n) {
        struct str rest = {in.p + used, in.n - used};
        if (c->state == CONN_BODY) {
            used += take_body(l, c, rest);
            continue;
        }
        if (c->state != CONN_HEAD || heads++ == REQUESTS_A_TURN)
            break;
        size_t n = take_head(l, c, rest);
        if (n == 0)
            return used;
        used += n;
    }
    c->pending = used < in.n;
    return used;
}
