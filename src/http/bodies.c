#include "http/server.h"

/* Bodies by the memory that they take: 256 bytes (which each begins with), twice as much, … */
static size_t class_of(size_t bytes)
{
    size_t nth = 0;
    while (nth < BODY_CLASSES - 1 && (size_t)256 << nth < bytes)
        nth++;
    return nth;
}

/* Into the list of the loop's unfinished bodies of its class, behind those that grew before. */
static void list_add(struct loop *l, struct flight *f)
{
    struct bodies *list = &l->unfinished[class_of(f->body_bytes)];
    f->is_unfinished = true;
    f->body_next = NULL;
    f->body_prev = list->last;
    if (list->last)
        list->last->body_next = f;
    else
        list->first = f;
    list->last = f;
}

static void list_remove(struct loop *l, struct flight *f)
{
    if (!f->is_unfinished)
        return;
    struct bodies *list = &l->unfinished[class_of(f->body_bytes)];
    if (f->body_prev)
        f->body_prev->body_next = f->body_next;
    else
        list->first = f->body_next;
    if (f->body_next)
        f->body_next->body_prev = f->body_prev;
    else
        list->last = f->body_prev;
    f->is_unfinished = false;
}

static void count(struct loop *l, struct flight *f, size_t bytes)
{
    size_t before = f->body_bytes;
    _Atomic size_t *all = &l->server->body_bytes;
    if (bytes > before)
        atomic_fetch_add_explicit(all, bytes - before, memory_order_relaxed);
    else
        atomic_fetch_sub_explicit(all, before - bytes, memory_order_relaxed);
    l->body_bytes = l->body_bytes - before + bytes;
    f->body_bytes = bytes;
}

/*
 * A loop cannot end another's bodies. So half of the memory is shared out among the loops: what the
 * others may still need of their shares, one cannot take.
 */
static bool fits(const struct loop *l, size_t more)
{
    const struct http_server *s = l->server;
    size_t max = s->limits.bodies_bytes_max;
    size_t share = max / 2 / s->n_loops;
    size_t all = atomic_load_explicit(&s->body_bytes, memory_order_relaxed);
    return l->body_bytes + more <= share || all + more <= max - (s->n_loops - 1) * share;
}

/* The unfinished body that takes most; of several the one that has not grown for longest. */
static struct flight *largest(const struct loop *l)
{
    for (size_t i = BODY_CLASSES; i-- > 0;) {
        if (l->unfinished[i].first)
            return l->unfinished[i].first;
    }
    return NULL;
}

bool body_room(struct loop *l, struct flight *f, size_t n)
{
    size_t bytes = buf_size_with(&f->body, n);
    if (bytes <= f->body_bytes)
        return true;
    while (!fits(l, bytes - f->body_bytes)) {
        struct flight *most = largest(l);
        if (!most || most == f || class_of(most->body_bytes) < class_of(bytes))
            return false;
        request_give_up(l, most->connection);
    }
    list_remove(l, f);
    count(l, f, bytes);
    list_add(l, f);
    return true;
}

void body_complete(struct loop *l, struct flight *f)
{
    list_remove(l, f);
}

void body_drop(struct loop *l, struct flight *f)
{
    if (f->body_bytes == 0)
        return;
    list_remove(l, f);
    count(l, f, 0);
    buf_free(&f->body);
}
