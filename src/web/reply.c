#include "web/reply.h"

#include "base/must.h"
#include "http/compress.h"
#include "web/door.h"
#include "web/frame.h"

/* A rule's list of words is up to 4 MiB, and escaped; 200 comments made to be long are 27 MiB. */
#define PAGE_BYTES_MAX (32 * MiB)
#define QUALITY_SHARED 5 /* at once; polish.c makes it smaller when the page stays */
#define QUALITY_FILE 11
#define QUALITY_ONCE 1

void reply_tag(struct reply *r, uint64_t tag)
{
    if (r->n_tags < CACHE_TAGS_MAX)
        r->tags[r->n_tags++] = tag;
    else
        r->is_not_shared = true;
}

void reply_header(struct reply *r, struct str name, struct str value)
{
    if (r->n_headers < REPLY_HEADERS_MAX)
        r->headers[r->n_headers++] = (struct http_header){name, value};
}

void reply_redirect(struct reply *r, struct str path)
{
    /* A path of this site: "//host" and "/\host" would leave it. */
    MUST(path.n > 0 && path.p[0] == '/' &&
         !(path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')));
    r->location = path;
    r->status = r->status ? r->status : 303;
}

void reply_template(struct reply *r, enum view_template t, const void *data)
{
    r->has_template = true;
    r->template = t;
    r->data = data;
}

int reply_status(enum err_kind kind, bool is_reading)
{
    switch (kind) {
    case ERR_NONE:
        return 200;
    case ERR_INVALID:
        return is_reading ? 400 : 422;
    case ERR_MISSING:
        return 404;
    case ERR_DENIED:
    case ERR_SIGN_IN:
        return 403;
    case ERR_CONFLICT:
        return 409;
    case ERR_TOO_LARGE:
        return 413;
    case ERR_TOO_MANY:
        return 429;
    case ERR_BUSY:
    case ERR_UNKNOWN: /* sent once more it is stored once: it carries a key of its own */
        return 503;
    case ERR_BROKEN:
        return 500;
    }
    return 500;
}

/* By the template's file ending: pages, feeds, site maps. */
static struct str template_type(enum view_template t)
{
    if (t == TEMPLATE_FEED)
        return STR("application/atom+xml; charset=utf-8");
    if (t == TEMPLATE_SITEMAP || t == TEMPLATE_SITEMAP_INDEX)
        return STR("application/xml; charset=utf-8");
    return STR("text/html; charset=utf-8");
}

void reply_render(struct request *rq)
{
    struct reply *r = &rq->reply;
    if (!r->has_template)
        return;
    struct buf out = buf_in(rq->arena, PAGE_BYTES_MAX);
    view_render(rq->web->o.view, r->template, r->words ? r->words : rq->words, r->data, &out);
    r->has_template = false;
    if (!buf_ok(&out)) {
        r->status = 500;
        r->type = STR("text/plain; charset=utf-8");
        r->body = STR("This page became too large.\n");
        r->is_not_shared = true;
        log_error(rq->web->o.log, "render", "route=%s page=too-large", rq->route->name);
        return;
    }
    r->type = r->type.n ? r->type : template_type(r->template);
    r->body = buf_str(&out);
}

/* Pictures are compressed already; short bodies are not worth it. */
static struct str compressed(struct request *rq, int quality, enum http_coding *ret_coding)
{
    const struct reply *r = &rq->reply;
    *ret_coding = HTTP_IDENTITY;
    if (r->body.n < 200 || str_begins(r->type, STR("image/")))
        return r->body;
    return http_compress(rq->arena, r->body, rq->x->request.accepts, quality, ret_coding);
}

static struct str coding_name(enum http_coding c)
{
    switch (c) {
    case HTTP_GZIP:
        return STR("gzip");
    case HTTP_BROTLI:
        return STR("br");
    case HTTP_IDENTITY:
    case HTTP_CODINGS:
        break;
    }
    return STR_NONE;
}

static struct str shared_cache_control(const struct request *rq)
{
    if (rq->route->cache == CACHE_FILE && (rq->reply.status == 0 || rq->reply.status == 200))
        return STR("public, max-age=31536000, immutable");
    /* Kept, but asked about each time: what is withdrawn is gone at once, everywhere. */
    return STR("public, max-age=0, must-revalidate");
}

/* A file's address says all; a page also depends on whether the reader has one of his own. */
static struct str vary(const struct request *rq)
{
    if (rq->route && rq->route->cache == CACHE_FILE)
        return STR("Accept-Encoding");
    return STR("Accept-Encoding, Cookie");
}

static void put_header(struct buf *head, struct str name, struct str value)
{
    if (value.n == 0)
        return;
    buf_put(head, name);
    buf_put(head, STR(": "));
    buf_put(head, value);
    buf_put(head, STR("\r\n"));
}

/* A shared answer is a page (200) or the word that there is none (404). */
struct http_blob *reply_blob(struct request *rq)
{
    struct reply *r = &rq->reply;
    enum http_coding coding;
    struct str body =
        compressed(rq, rq->route->cache == CACHE_FILE ? QUALITY_FILE : QUALITY_SHARED, &coding);
    int status = r->status ? r->status : 200;
    /* Weak: of the page itself, so that it outlives a better compression. */
    struct str mark = hash_hex(rq->arena, hash_of(r->body), 24), etag = STR_NONE;
    if (status == 200)
        etag = arena_printf(rq->arena, "W/\"" STR_FMT "-%d\"", STR_ARG(mark), (int)coding);
    struct buf head = buf_in(rq->arena, 8 * KiB);
    buf_printf(&head, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n", status,
               status == 200 ? "OK" : "Not Found", body.n);
    put_header(&head, STR("Content-Type"), r->type);
    put_header(&head, STR("ETag"), etag);
    put_header(&head, STR("Content-Encoding"), coding_name(coding));
    put_header(&head, STR("Cache-Control"), shared_cache_control(rq));
    put_header(&head, STR("Vary"), vary(rq));
    for (size_t i = 0; i < r->n_headers; i++)
        put_header(&head, r->headers[i].name, r->headers[i].value);
    MUST(buf_ok(&head));
    return http_blob_new(buf_str(&head), body, etag);
}

void reply_send_blob(struct request *rq, struct http_blob *blob)
{
    const struct http_answer answer = {.blob = blob};
    http_answer(rq->x, &answer);
}

void reply_send(struct request *rq)
{
    struct reply *r = &rq->reply;
    enum http_coding coding;
    struct str body = compressed(rq, QUALITY_ONCE, &coding);
    if (coding != HTTP_IDENTITY)
        reply_header(r, STR("Content-Encoding"), coding_name(coding));
    reply_header(r, STR("Vary"), vary(rq));
    reply_header(r, STR("Cache-Control"), STR("private, no-store"));
    if (r->location.n)
        reply_header(r, STR("Location"), r->location);
    if (rq->retry_s > 0)
        reply_header(r, STR("Retry-After"),
                     arena_printf(rq->arena, "%lld", (long long)rq->retry_s));
    const struct http_answer answer = {.status = r->status ? r->status : 200,
                                       .type = r->type,
                                       .body = body,
                                       .headers = r->headers,
                                       .n_headers = r->n_headers};
    http_answer(rq->x, &answer);
}

/* What there is to say of an error: the words of the rule that refused, or those of its kind. */
static enum message error_message(const struct err *e)
{
    switch (e->kind) {
    case ERR_INVALID:
        return T_ERROR_INVALID;
    case ERR_MISSING:
        return T_ERROR_MISSING;
    case ERR_DENIED:
        return T_ERROR_DENIED;
    case ERR_SIGN_IN:
        return T_ERROR_SIGN_IN;
    case ERR_CONFLICT:
        return T_ERROR_CONFLICT;
    case ERR_TOO_LARGE:
        return T_ERROR_TOO_LARGE;
    case ERR_TOO_MANY:
        return T_ERROR_TOO_MANY;
    case ERR_BUSY:
    case ERR_UNKNOWN:
        return T_ERROR_BUSY;
    case ERR_NONE:
    case ERR_BROKEN:
        break;
    }
    return T_ERROR_BROKEN;
}

struct str reply_error_text(const struct request *rq)
{
    return i18n_text(rq->words, rq->err.say ? (enum message)rq->err.say : error_message(&rq->err));
}

void reply_error(struct request *rq)
{
    struct err ignored = {0};
    struct error_page *p = ARENA_NEW(rq->arena, struct error_page);
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct str kind = i18n_text(rq->words, error_message(&rq->err));
    const struct frame_want want = {.title = kind, .is_noindex = true};
    MUST(frame_fill(rq, NULL, &want, f, &ignored)); /* reads nothing, so it cannot fail */
    int status = reply_status(rq->err.kind, rq->x->request.method != HTTP_POST);
    if (rq->is_wrong_method)
        status = 405;
    *p = (struct error_page){.head = &f->head,
                             .bar = &f->bar,
                             .foot = &f->foot,
                             .status = status,
                             .title = kind,
                             .back_address = f->bar.front_address,
                             .back_text = f->bar.site_name};
    if (str_begins(rq->path, STR("/mod"))) {
        p->is_console = true;
        p->back_address = STR("/mod");
        p->back_text = i18n_text(rq->words, T_MOD_BACK);
    }
    if (rq->err.say && (enum message)rq->err.say != error_message(&rq->err))
        p->text = reply_error_text(rq);
    else if (rq->err.kind == ERR_SIGN_IN)
        door_fill(rq, p);
    rq->reply.status = status;
    reply_template(&rq->reply, TEMPLATE_ERROR, p);
}
