#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "http/server.h"

#define ACCEPTS_A_ROUND 64

/* Makes room by closing the connection that has been of no use for longest. */
static bool evict(struct loop *l)
{
    static const enum timer_kind order[] = {TIMER_IDLE, TIMER_LINGER, TIMER_HEAD};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        struct timer *t = timer_first(&l->timers, order[i]);
        if (t) {
            size_t at = offsetof(struct connection, timer);
            connection_close(l, (struct connection *)(void *)((char *)t - at));
            return true;
        }
    }
    return false;
}

static void refuse(struct loop *l, int fd)
{
    count_add(&l->refused, 1);
    (void)close(fd);
}

/* A socket that was just accepted: is there room for it? */
static void accepted(struct loop *l, int fd, const struct listener *listener,
                     const struct address *peer)
{
    struct http_server *s = l->server;
    bool trusted = trust_has(&s->trust, peer);
    struct http_network network = network_of(peer);
    bool counted = s->limits.network_connections_max && network.n && !trusted;
    if (counted && !networks_enter(s->networks, network)) {
        refuse(l, fd);
        return;
    }
    size_t before = atomic_fetch_add_explicit(&s->n_connections, 1, memory_order_relaxed);
    if (before >= s->limits.connections_max && !evict(l)) {
        atomic_fetch_sub_explicit(&s->n_connections, 1, memory_order_relaxed);
        if (counted)
            networks_leave(s->networks, network);
        refuse(l, fd);
        return;
    }
    struct connection *c = connection_new(l, fd, listener);
    c->trusted = trusted;
    c->counted = counted;
    c->network = network;
    count_add(&l->connections_in_all, 1);
    connection_go(l, c);
}

/*
 * No descriptors or memory for another one. Level-triggered listeners would spin, so they leave
 * epoll for a moment; the connections wait in the kernel's queue meanwhile.
 */
static void pause_accepting(struct loop *l)
{
    (void)evict(l);
    if (l->paused)
        return;
    l->paused = true;
    l->pause_until_ms = l->now_ms + PAUSE_MS;
    for (size_t i = 0; i < l->n_listeners; i++)
        (void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->listeners[i].watch.fd, NULL);
}

void accept_some(struct loop *l, struct listener *listener)
{
    for (int i = 0; i < ACCEPTS_A_ROUND && !l->paused; i++) {
        union {
            struct sockaddr any;
            struct sockaddr_storage whole;
        } peer = {0};
        socklen_t n = sizeof peer;
        int fd = accept4(listener->watch.fd, &peer.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            struct address address = address_of(&peer.any);
            accepted(l, fd, listener, &address);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            pause_accepting(l);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

void accept_start(struct loop *l)
{
    l->paused = false;
    for (size_t i = 0; i < l->n_listeners; i++) {
        struct listener *listener = &l->listeners[i];
        struct epoll_event event = {
            .events = EPOLLIN | (listener->shared ? EPOLLEXCLUSIVE : 0),
            .data.ptr = listener,
        };
        MUST(epoll_ctl(l->epoll, EPOLL_CTL_ADD, listener->watch.fd, &event) == 0);
    }
}

void accept_stop(struct loop *l)
{
    l->paused = false;
    for (size_t i = 0; i < l->n_listeners; i++) {
        accept_some(l, &l->listeners[i]);
        (void)close(l->listeners[i].watch.fd);
    }
    l->n_listeners = 0;
    l->paused = false;
}
