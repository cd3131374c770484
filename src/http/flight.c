#include <stdlib.h>

#include "base/must.h"
#include "http/server.h"

struct flight *flight_new(struct loop *l, struct connection *c)
{
    struct flight *f = l->pool;
    if (f) {
        l->pool = f->next;
        l->n_pool--;
    } else {
        f = calloc(1, sizeof *f);
        MUST(f);
        f->exchange.arena = arena_new(0);
        f->loop = l;
    }
    f->next = NULL;
    f->connection = c;
    c->flight = f;
    return f;
}

void flight_end(struct loop *l, struct flight **f_)
{
    struct flight *f = *f_;
    *f_ = NULL;
    if (!f)
        return;
    http_blob_drop(&f->blob);
    body_drop(l, f);
    struct arena *arena = f->exchange.arena;
    if (l->n_pool >= FLIGHTS_KEPT) {
        arena_free(&arena);
        free(f);
        return;
    }
    arena_reset(arena);
    *f = (struct flight){.exchange.arena = arena, .loop = l, .next = l->pool};
    l->pool = f;
    l->n_pool++;
}
