#include <stdlib.h>

#include "base/must.h"
#include "http/http.h"

struct http_blob *http_blob_new(struct str head, struct str body, struct str etag)
{
    size_t n;
    MUST(!__builtin_add_overflow(sizeof(struct http_blob) + head.n, body.n, &n));
    MUST(str_begins(head, STR("HTTP/1.1 ")) && str_ends(head, STR("\r\n")));
    MUST(etag.n < sizeof((struct http_blob *)0)->etag);
    struct http_blob *b = calloc(1, n);
    MUST(b);
    atomic_init(&b->count, 1);
    b->head_n = head.n;
    b->body_n = body.n;
    if (etag.n)
        memcpy(b->etag, etag.p, etag.n);
    if (head.n)
        memcpy(b->bytes, head.p, head.n);
    if (body.n)
        memcpy(b->bytes + head.n, body.p, body.n);
    return b;
}

struct http_blob *http_blob_hold(struct http_blob *b)
{
    atomic_fetch_add_explicit(&b->count, 1, memory_order_relaxed);
    return b;
}

void http_blob_drop(struct http_blob **b)
{
    if (!*b)
        return;
    if (atomic_fetch_sub_explicit(&(*b)->count, 1, memory_order_acq_rel) == 1)
        free(*b);
    *b = NULL;
}
