#include "web/renew.h"

#include <stddef.h>

#include "web/flow.h"
#include "web/gate.h"
#include "web/page_key.h"
#include "web/routing.h"

static void renew(struct web *w, struct str key, struct cache_ticket ticket)
{
    struct arena *a = arena_new(64 * KiB);
    struct http_exchange *x = ARENA_NEW(a, struct http_exchange);
    struct request *rq = ARENA_NEW(a, struct request);
    *x = (struct http_exchange){.arena = a, .request.method = HTTP_GET, .user = rq};
    *rq = (struct request){.web = w,
                           .x = x,
                           .arena = a,
                           .now_s = clock_now_s(w->o.clock),
                           .ticket = ticket,
                           .cache_key = key,
                           .is_shared = true,
                           .is_renewal = true};
    if (page_key_read(rq, key) && routing_choose(rq) && gate_is_shareable(rq)) {
        flow_make(rq);
        return;
    }
    cache_finish(w->pages, ticket, &(struct cache_page){0});
    arena_free(&a);
}

static void run(struct pool_job *job)
{
    struct web *w = (struct web *)((char *)job - offsetof(struct web, renewing));
    char key[CACHE_KEY_BYTES_MAX];
    size_t n;
    struct cache_ticket ticket;
    atomic_store(&w->is_renewing, false); /* what changes from now on has this queued again */
    if (atomic_load(&w->is_stopping) || !cache_take_changed(w->pages, key, &n, &ticket))
        return;
    renew(w, (struct str){key, n}, ticket);
    renew_later(w);
}

void renew_later(void *context)
{
    struct web *w = context;
    if (atomic_exchange(&w->is_renewing, true))
        return;
    w->renewing.run = run;
    if (!pool_add(w->pool, &w->renewing))
        atomic_store(&w->is_renewing, false);
}
