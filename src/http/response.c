#include "base/must.h"
#include "http/negotiate.h"
#include "http/server.h"

#define HEAD_MAX (256 * KiB) /* of an answer: the application's own headers */

struct str response_phrase(int status)
{
    static const struct {
        int status;
        struct str phrase;
    } phrases[] = {
        {200, STR_INIT("OK")},
        {201, STR_INIT("Created")},
        {202, STR_INIT("Accepted")},
        {204, STR_INIT("No Content")},
        {301, STR_INIT("Moved Permanently")},
        {302, STR_INIT("Found")},
        {303, STR_INIT("See Other")},
        {304, STR_INIT("Not Modified")},
        {307, STR_INIT("Temporary Redirect")},
        {308, STR_INIT("Permanent Redirect")},
        {400, STR_INIT("Bad Request")},
        {401, STR_INIT("Unauthorized")},
        {403, STR_INIT("Forbidden")},
        {404, STR_INIT("Not Found")},
        {405, STR_INIT("Method Not Allowed")},
        {406, STR_INIT("Not Acceptable")},
        {408, STR_INIT("Request Timeout")},
        {409, STR_INIT("Conflict")},
        {410, STR_INIT("Gone")},
        {411, STR_INIT("Length Required")},
        {412, STR_INIT("Precondition Failed")},
        {413, STR_INIT("Content Too Large")},
        {414, STR_INIT("URI Too Long")},
        {415, STR_INIT("Unsupported Media Type")},
        {417, STR_INIT("Expectation Failed")},
        {422, STR_INIT("Unprocessable Content")},
        {428, STR_INIT("Precondition Required")},
        {429, STR_INIT("Too Many Requests")},
        {431, STR_INIT("Request Header Fields Too Large")},
        {451, STR_INIT("Unavailable For Legal Reasons")},
        {500, STR_INIT("Internal Server Error")},
        {501, STR_INIT("Not Implemented")},
        {503, STR_INIT("Service Unavailable")},
        {504, STR_INIT("Gateway Timeout")},
        {505, STR_INIT("HTTP Version Not Supported")},
    };
    for (size_t i = 0; i < ARRAY_LEN(phrases); i++) {
        if (phrases[i].status == status)
            return phrases[i].phrase;
    }
    return STR("");
}

/* No byte that would end the line or hide what follows: what is a value here stays one. */
static bool is_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == 0)
            return false;
    }
    return true;
}

static bool is_sound(const struct http_answer *answer)
{
    if (answer->status < 200 || answer->status > 599 || !is_value(answer->type))
        return false;
    for (size_t i = 0; i < answer->n_headers; i++) {
        if (!is_token(answer->headers[i].name) || !is_value(answer->headers[i].value))
            return false;
    }
    return true;
}

static void put_header(struct buf *b, struct str name, struct str value)
{
    buf_put(b, name);
    buf_put(b, STR(": "));
    buf_put(b, value);
    buf_put(b, STR("\r\n"));
}

static void put_status(struct buf *b, int status)
{
    buf_put(b, STR("HTTP/1.1 "));
    buf_int(b, status);
    buf_char(b, ' ');
    buf_put(b, response_phrase(status));
    buf_put(b, STR("\r\n"));
}

/* Whether the reader has the page already, so that a 304 will do. */
static bool is_known(const struct http_request *rq, int status, struct str etag)
{
    return status == 200 && etag.n && (rq->method == HTTP_GET || rq->method == HTTP_HEAD) &&
           etag_matches(rq->headers, rq->n_headers, etag);
}

/* A 304 repeats what guides caches, and says nothing of the body (RFC 9110, section 15.4.5). */
static bool is_of_body(struct str name)
{
    return str_eq_nocase(name, STR("Content-Length")) || str_eq_nocase(name, STR("Content-Type")) ||
           str_eq_nocase(name, STR("Content-Encoding"));
}

/* The head of a shared answer as a 304's. */
static struct str unchanged_head(struct arena *a, struct str head)
{
    struct buf b = buf_in(a, HEAD_MAX);
    struct str line, name, value;
    put_status(&b, 304);
    (void)str_next(&head, '\n', &line);
    while (str_next(&head, '\n', &line)) {
        if (str_cut(line, ':', &name, &value) && !is_of_body(name)) {
            buf_put(&b, line);
            buf_char(&b, '\n');
        }
    }
    return buf_str(&b);
}

/* The three digits of a shared answer's status line. */
static int blob_status(const struct http_blob *b)
{
    int64_t status;
    struct str digits = str_head(str_from((struct str){b->bytes, b->head_n}, 9), 3);
    return str_to_int64(digits, 200, 599, &status) ? (int)status : 500;
}

static void blob_make(struct flight *f, struct http_blob *b)
{
    const struct http_request *rq = &f->exchange.request;
    struct str head = {b->bytes, b->head_n};
    f->blob = b;
    f->status = blob_status(b);
    f->out[0] = head;
    f->out[2] = rq->method == HTTP_HEAD ? STR_NONE : (struct str){b->bytes + b->head_n, b->body_n};
    if (is_known(rq, f->status, str_of(b->etag))) {
        f->status = 304;
        f->out[0] = unchanged_head(f->exchange.arena, head);
        f->out[2] = STR_NONE;
    }
}

static struct str etag_of(const struct http_answer *answer)
{
    for (size_t i = 0; i < answer->n_headers; i++) {
        if (str_eq_nocase(answer->headers[i].name, STR("ETag")))
            return answer->headers[i].value;
    }
    return STR_NONE;
}

void response_make(struct flight *f, const struct http_answer *answer)
{
    static const struct http_answer unsound = {.status = 500};
    const struct http_request *rq = &f->exchange.request;
    if (answer->blob) {
        blob_make(f, answer->blob);
        return;
    }
    if (!is_sound(answer)) {
        log_error(f->loop->server->log, "http_answer_unsound", "status=%d", answer->status);
        answer = &unsound;
    }
    f->status = is_known(rq, answer->status, etag_of(answer)) ? 304 : answer->status;
    bool has_body = f->status != 204 && f->status != 304;
    struct buf b = buf_in(f->exchange.arena, HEAD_MAX);
    put_status(&b, f->status);
    if (has_body) {
        if (answer->type.n)
            put_header(&b, STR("Content-Type"), answer->type);
        buf_put(&b, STR("Content-Length: "));
        buf_int(&b, (int64_t)answer->body.n);
        buf_put(&b, STR("\r\n"));
    }
    for (size_t i = 0; i < answer->n_headers; i++) {
        if (has_body || !is_of_body(answer->headers[i].name))
            put_header(&b, answer->headers[i].name, answer->headers[i].value);
    }
    MUST(buf_ok(&b));
    f->out[0] = buf_str(&b);
    f->out[2] = has_body && rq->method != HTTP_HEAD ? answer->body : STR_NONE;
}

void http_answer(struct http_exchange *x, const struct http_answer *answer)
{
    struct flight *f = (struct flight *)x;
    struct loop *l = f->loop;
    response_make(f, answer);
    if (pthread_equal(l->self, pthread_self()) && l->current == f) {
        MUST(!l->answered);
        l->answered = true;
        return;
    }
    loop_queue(l, f);
}
