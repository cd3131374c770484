#include "web/web.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/rand.h"
#include "domain/articles.h"
#include "web/flow.h"
#include "web/node_key.h"
#include "web/renew.h"

/* The loops' parked requests; beyond them readers are asked to come again. */
#define POOL_QUEUE_MAX 16384
#define SLOW_QUEUE_MAX 64
#define LONG_QUEUE_MAX 8 /* of some seconds each */
#define POLISH_QUEUE_MAX 64
#define DEAF_PAGES_MS 250 /* how old a page may be that is shown while nothing is heard */

static void value_hold(void *value)
{
    (void)http_blob_hold(value);
}

static void value_drop(void *value)
{
    struct http_blob *b = value;
    http_blob_drop(&b);
}

struct web *web_new(const struct web_options *options)
{
    struct web *w = calloc(1, sizeof *w);
    MUST(w != NULL);
    w->o = *options;
    w->origin = options->settings->site_origin;
    w->is_https = str_begins(w->origin, STR("https://"));
    w->token_key = hash_keyed(options->domain->secret, STR("web: form tokens"));
    rand_bytes(w->memory_key.b, sizeof w->memory_key.b);
    w->network_key = node_key_new();
    w->router = router_new();
    atomic_init(&w->rules_stale, true);
    w->buckets = buckets_new();
    const struct cache_calls calls = {.hold = value_hold,
                                      .drop = value_drop,
                                      .wake = flow_wake,
                                      .changed = renew_later,
                                      .context = w};
    w->pages = cache_new((size_t)options->settings->cache_bytes, &calls, options->clock);
    w->pool = pool_new("reader", (size_t)options->settings->store_readers, POOL_QUEUE_MAX);
    w->slow = pool_new("password", 1, SLOW_QUEUE_MAX);
    w->trying = pool_new("rules", 1, LONG_QUEUE_MAX);
    w->polisher = pool_new("polish", 1, POLISH_QUEUE_MAX);
    return w;
}

void web_free(struct web **at)
{
    struct web *w = *at;
    if (!w)
        return;
    pool_free(&w->polisher);
    pool_free(&w->trying);
    pool_free(&w->slow);
    pool_free(&w->pool);
    cache_free(&w->pages);
    buckets_free(&w->buckets);
    router_free(&w->router);
    node_key_free(&w->network_key);
    free(w);
    *at = NULL;
}

void web_stop(struct web *w)
{
    atomic_store(&w->is_stopping, true);
    pool_end(w->polisher);
    pool_end(w->trying);
    pool_end(w->slow);
    pool_end(w->pool);
}

struct http_app web_app(struct web *w)
{
    return (struct http_app){.context = w,
                             .body_max = flow_body_max,
                             .on_request = flow_on_request,
                             .error_body = flow_error_body};
}

/*
 * Every answer carries these; there is no other place. Pages hold no inline style or script, load
 * nothing from elsewhere and stand in no frame.
 */
struct str web_headers(struct arena *a, const struct settings *settings)
{
    struct buf b = buf_in(a, 4 * KiB);
    buf_put(&b, STR("Content-Security-Policy: default-src 'none'; style-src 'self'; "
                    "script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                    "base-uri 'none'; frame-ancestors 'none'\r\n"
                    "X-Content-Type-Options: nosniff\r\n"
                    "Referrer-Policy: no-referrer\r\n"
                    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), "
                    "usb=(), browsing-topics=()\r\n"
                    "Cross-Origin-Opener-Policy: same-origin\r\n"
                    "Cross-Origin-Resource-Policy: same-origin\r\n"));
    if (str_begins(settings->site_origin, STR("https://")))
        buf_put(&b, STR("Strict-Transport-Security: max-age=31536000\r\n"));
    MUST(buf_ok(&b));
    return buf_str(&b);
}

void web_set_server(struct web *w, const struct http_server *server)
{
    w->server = server;
}

void web_drop_pages(struct web *w)
{
    atomic_store(&w->rules_stale, true);
    cache_drop_all(w->pages);
}

void web_changed(struct web *w, uint64_t tag)
{
    if (tag == TAG_RULES)
        atomic_store(&w->rules_stale, true);
    cache_drop_tag(w->pages, tag);
}

void web_hear(struct web *w)
{
    if (!db_is_deaf(w->o.db))
        return;
    int64_t now_ms = clock_ticks_ms(w->o.clock), last_ms = atomic_load(&w->deaf_ms);
    if (now_ms - last_ms >= DEAF_PAGES_MS &&
        atomic_compare_exchange_strong(&w->deaf_ms, &last_ms, now_ms))
        web_drop_pages(w);
}

static void on_changed(void *context, const uint64_t *tags, size_t n)
{
    struct web *w = context;
    for (size_t i = 0; i < n; i++)
        web_changed(w, tags[i]);
    if (n == 0)
        web_drop_pages(w);
}

struct db_watch web_watch(struct web *w)
{
    return (struct db_watch){.changed = on_changed, .context = w};
}

void web_sweep_pages(struct web *w)
{
    cache_sweep(w->pages);
}

struct due {
    const struct domain *domain;
    int64_t next_s; /* when the next edition appears; 0: none waits */
};

static bool read_due(struct tx *tx, void *context, struct err *e)
{
    struct due *due = context;
    return edition_next(due->domain, tx, &due->next_s, e);
}

bool web_publish_due(struct web *w, int64_t *next_s, struct err *e)
{
    struct due due = {.domain = w->o.domain};
    /* What was to appear has appeared: its pages are made anew. */
    if (*next_s != 0 && *next_s <= clock_now_s(w->o.clock))
        web_drop_pages(w);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!db_read(w->o.db, a, read_due, &due, e))
        return false;
    *next_s = due.next_s;
    return true;
}
