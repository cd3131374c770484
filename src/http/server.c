#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/must.h"
#include "base/systemd.h"
#include "http/listen.h"

static size_t loops_wanted(const struct http_options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return o->loops ? o->loops : cores > 0 ? (size_t)cores : 1;
}

/* Has the loop listen on fd, which it owns from now on. */
static void loop_listen(struct loop *l, int fd, struct listener listener)
{
    listener.watch = (struct watch){.fd = fd, .kind = WATCH_LISTENER};
    l->listeners[l->n_listeners++] = listener;
}

/* One socket for all loops: each gets a descriptor of its own for it. */
static bool listen_shared(struct http_server *s, int fd, struct listener listener, struct err *e)
{
    listener.shared = s->n_loops > 1;
    loop_listen(&s->loops[0], fd, listener);
    for (size_t i = 1; i < s->n_loops; i++) {
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
            return err_set(e, ERR_BROKEN, 0, "fcntl: %s", strerrordesc_np(errno));
        loop_listen(&s->loops[i], copy, listener);
    }
    return true;
}

static bool listen_inet(struct http_server *s, struct place *p, struct listener listener,
                        struct err *e)
{
    for (size_t i = 0; i < s->n_loops; i++) {
        int fd;
        if (!listen_open(p, i == 0, &fd, e))
            return false;
        loop_listen(&s->loops[i], fd, listener);
        if (i == 0)
            place_set_port(p, s->ports[listener.nth] = listen_port(fd));
    }
    return true;
}

static bool listen_unix(struct http_server *s, const struct place *p, struct str path,
                        struct listener listener, struct err *e)
{
    int fd;
    if (!listen_open(p, true, &fd, e))
        return false;
    s->unix_paths[listener.nth] = path;
    return listen_shared(s, fd, listener, e);
}

static bool listen_at(struct http_server *s, const struct http_listen *at, size_t nth,
                      struct err *e)
{
    struct listener listener = {.nth = nth, .operator_address = at->operator_address};
    struct place p;
    if (!listen_place_parse(at->address, &p, e))
        return false;
    listener.is_unix = p.is_unix;
    bool ok = p.is_unix
                  ? listen_unix(s, &p, arena_copy(s->arena, str_from(at->address, 5)), listener, e)
                  : listen_inet(s, &p, listener, e);
    return ok || err_where(e, STR_FMT, STR_ARG(at->address));
}

static bool listen_given(struct http_server *s, const struct http_listen *at, size_t nth,
                         struct err *e)
{
    struct listener listener = {.nth = nth, .operator_address = at->operator_address};
    int fd;
    if (!listen_take(nth, &fd, &listener.is_unix, e))
        return false;
    s->ports[nth] = listen_port(fd);
    return listen_shared(s, fd, listener, e);
}

static bool listen_all(struct http_server *s, const struct http_options *o, struct err *e)
{
    size_t passed;
    if (!systemd_sockets(&passed, e))
        return false;
    s->n_listen = passed > o->n_listen ? passed : o->n_listen;
    s->ports = ARENA_ARRAY(s->arena, int, s->n_listen);
    s->unix_paths = ARENA_ARRAY(s->arena, struct str, s->n_listen);
    for (size_t i = 0; i < s->n_loops; i++)
        s->loops[i].listeners = ARENA_ARRAY(s->arena, struct listener, s->n_listen);
    for (size_t nth = 0; nth < s->n_listen; nth++) {
        static const struct http_listen unnamed = {0};
        const struct http_listen *at = nth < o->n_listen ? &o->listen[nth] : &unnamed;
        if (nth < passed ? !listen_given(s, at, nth, e) : !listen_at(s, at, nth, e))
            return false;
    }
    return true;
}

bool http_open(const struct http_options *o, struct http_server **ret_server, struct err *e)
{
    ON_LEAVE(http_close) struct http_server *s = calloc(1, sizeof *s);
    MUST(s);
    s->arena = arena_new(0);
    s->limits = o->limits;
    s->app = o->app;
    s->log = o->log;
    s->headers = arena_copy(s->arena, o->headers);
    if (!trust_parse(s->arena, o->trusted_proxies, o->n_trusted_proxies, &s->trust, e))
        return false;
    s->networks = networks_new(o->limits.connections_max, o->limits.network_connections_max);
    s->n_loops = loops_wanted(o);
    s->loops = ARENA_ARRAY(s->arena, struct loop, s->n_loops);
    for (size_t i = 0; i < s->n_loops; i++)
        loop_open(&s->loops[i], s);
    if (!listen_all(s, o, e))
        return false;
    *ret_server = s;
    s = NULL;
    return true;
}

int http_port(const struct http_server *s, size_t nth)
{
    MUST(nth < s->n_listen);
    return s->ports[nth];
}

void http_start(struct http_server *s)
{
    sigset_t all, before;
    MUST(!s->started);
    s->started = true;
    /* Signals are the main thread's business. */
    (void)sigfillset(&all);
    MUST(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    for (size_t i = 0; i < s->n_loops; i++)
        MUST(pthread_create(&s->loops[i].thread, NULL, loop_run, &s->loops[i]) == 0);
    MUST(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

void http_stop(struct http_server *s, int64_t grace_ms)
{
    if (!s->started || s->stopped)
        return;
    s->stopped = true;
    atomic_store(&s->grace_ms, grace_ms);
    atomic_store_explicit(&s->stopping, true, memory_order_release);
    for (size_t i = 0; i < s->n_loops; i++)
        loop_wake(&s->loops[i]);
    for (size_t i = 0; i < s->n_loops; i++)
        MUST(pthread_join(s->loops[i].thread, NULL) == 0);
}

void http_close(struct http_server **server)
{
    struct http_server *s = *server;
    if (!s)
        return;
    http_stop(s, 0);
    for (size_t i = 0; i < s->n_loops; i++)
        loop_close(&s->loops[i]);
    for (size_t i = 0; i < s->n_listen; i++) {
        if (s->unix_paths[i].n)
            (void)unlink(s->unix_paths[i].p);
    }
    networks_free(&s->networks);
    arena_free(&s->arena);
    free(s);
    *server = NULL;
}

static uint64_t count_read(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void http_count(const struct http_server *s, struct http_counts *ret_counts)
{
    struct http_counts sum = {
        .connections_open = atomic_load_explicit(&s->n_connections, memory_order_relaxed),
    };
    for (size_t i = 0; i < s->n_loops; i++) {
        const struct loop *l = &s->loops[i];
        sum.connections += count_read(&l->connections_in_all);
        sum.requests += count_read(&l->requests);
        sum.refused += count_read(&l->refused);
        sum.timed_out += count_read(&l->timed_out);
        sum.bytes_in += count_read(&l->bytes_in);
        sum.bytes_out += count_read(&l->bytes_out);
        for (size_t k = 0; k < ARRAY_LEN(sum.by_status); k++)
            sum.by_status[k] += count_read(&l->by_status[k]);
    }
    *ret_counts = sum;
}
