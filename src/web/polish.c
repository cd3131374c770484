#include "web/polish.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/must.h"
#include "http/compress.h"

#define QUALITY 10
#define WAIT_MS 500 /* a page that is dropped sooner is not worth it */
#define BYTES_MIN (2 * KiB)
#define BYTES_MAX (256 * KiB)

struct polish {
    struct pool_job job;
    struct web *web;
    struct http_blob *blob; /* as stored; held */
    int64_t due_ms;
    size_t key_n, body_n;
    char bytes[]; /* key, then the body as it was rendered */
};

/* The head of a blob with the length of another body. */
static struct str head_for(struct arena *a, const struct http_blob *blob, size_t body_n)
{
    struct buf b = buf_in(a, blob->head_n + 40);
    struct str rest = {blob->bytes, blob->head_n}, line;
    while (str_next(&rest, '\n', &line)) {
        if (str_begins(line, STR("Content-Length:")))
            buf_printf(&b, "Content-Length: %zu\r\n", body_n);
        else if (line.n > 0)
            buf_printf(&b, STR_FMT "\n", STR_ARG(line));
    }
    MUST(buf_ok(&b));
    return buf_str(&b);
}

static void wait_until(const struct web *w, int64_t due_ms)
{
    while (!atomic_load(&w->is_stopping) && clock_ticks_ms(w->o.clock) < due_ms) {
        const struct timespec step = {.tv_nsec = 50 * 1000000L};
        (void)nanosleep(&step, NULL);
    }
}

static void polish(struct polish *p, struct str key)
{
    struct web *w = p->web;
    enum http_coding coding;
    if (atomic_load(&w->is_stopping) || !cache_holds(w->pages, key, p->blob))
        return;
    ON_LEAVE(arena_free) struct arena *a = arena_new(64 * KiB);
    struct str body = http_compress(a, (struct str){p->bytes + p->key_n, p->body_n}, HTTP_BROTLI,
                                    QUALITY, &coding);
    if (coding != HTTP_BROTLI || body.n >= p->blob->body_n)
        return;
    struct http_blob *smaller =
        http_blob_new(head_for(a, p->blob, body.n), body, str_of(p->blob->etag));
    cache_replace(w->pages, key, p->blob, smaller,
                  sizeof *smaller + smaller->head_n + smaller->body_n);
}

static void run(struct pool_job *job)
{
    struct polish *p = (struct polish *)((char *)job - offsetof(struct polish, job));
    wait_until(p->web, p->due_ms);
    polish(p, (struct str){p->bytes, p->key_n});
    http_blob_drop(&p->blob);
    free(p);
}

void polish_later(struct request *rq, struct http_blob *blob)
{
    struct str body = rq->reply.body, key = rq->cache_key;
    if (rq->x->request.accepts != HTTP_BROTLI || rq->route->cache == CACHE_FILE ||
        body.n < BYTES_MIN || body.n > BYTES_MAX)
        return;
    struct polish *p = malloc(sizeof *p + key.n + body.n);
    MUST(p != NULL);
    *p = (struct polish){.job.run = run,
                         .web = rq->web,
                         .blob = http_blob_hold(blob),
                         .due_ms = clock_ticks_ms(rq->web->o.clock) + WAIT_MS,
                         .key_n = key.n,
                         .body_n = body.n};
    memcpy(p->bytes, key.p, key.n);
    memcpy(p->bytes + key.n, body.p, body.n);
    if (pool_add(rq->web->polisher, &p->job))
        return;
    http_blob_drop(&p->blob);
    free(p);
}
