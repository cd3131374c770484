#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "http/server.h"

#define ACCEPTS_A_ROUND 64
#define LOOK_AT_MAX 1024 /* connections, for the one of a network that gives way */

/*
 * In which order connections make room for new ones: what is of no use first, then what may never
 * be. Who has sent a whole request keeps the place.
 */
enum rank { RANK_IDLE, RANK_LINGERS, RANK_UNFINISHED, RANK_STAYS };

static enum rank rank_of(const struct connection *c)
{
    static const enum rank ranks[TIMER_KINDS + 1] = {
        [TIMER_IDLE] = RANK_IDLE,       [TIMER_LINGER] = RANK_LINGERS,
        [TIMER_HEAD] = RANK_UNFINISHED, [TIMER_BODY] = RANK_UNFINISHED,
        [TIMER_SEND] = RANK_STAYS,      [TIMER_NONE] = RANK_STAYS,
    };
    return ranks[c->timer.kind];
}

static int64_t since_ms(const struct loop *l, const struct connection *c)
{
    return c->timer.at_ms - l->timers.after_ms[c->timer.kind];
}

/* Of the two (a may be NULL), the one to close first: the one that has been so for longest. */
static struct connection *sooner(const struct loop *l, struct connection *a, struct connection *b)
{
    if (!a || rank_of(b) < rank_of(a))
        return b;
    return rank_of(b) == rank_of(a) && since_ms(l, b) < since_ms(l, a) ? b : a;
}

/* Makes room by closing this one, which may be NULL. */
static bool give_way(struct loop *l, struct connection *c)
{
    if (!c || rank_of(c) == RANK_STAYS)
        return false;
    connection_close(l, c);
    return true;
}

/* Makes room among all. */
static bool evict(struct loop *l)
{
    static const enum timer_kind kinds[] = {TIMER_IDLE, TIMER_LINGER, TIMER_HEAD, TIMER_BODY};
    struct connection *first = NULL;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct timer *t = timer_first(&l->timers, kinds[i]);
        size_t at = offsetof(struct connection, timer);
        if (t)
            first = sooner(l, first, (struct connection *)(void *)((char *)t - at));
    }
    return give_way(l, first);
}

/* Makes room among the network's own, as far as this loop has them. */
static bool evict_of(struct loop *l, struct http_network network)
{
    struct connection *first = NULL, *c = connections_of(l, network);
    for (int i = 0; c && i < LOOK_AT_MAX; c = c->next, i++) {
        if (network_eq(c->network, network) && rank_of(c) != RANK_STAYS)
            first = sooner(l, first, c);
    }
    return give_way(l, first);
}

/* A place among the network's connections. */
static bool enter(struct loop *l, struct http_network network)
{
    struct networks *t = l->server->networks;
    return networks_enter(t, network) || (evict_of(l, network) && networks_enter(t, network));
}

static void refuse(struct loop *l, int fd)
{
    count_add(&l->refused, 1);
    (void)close(fd);
}

/* A socket that was just accepted: is there room for it? */
static void accepted(struct loop *l, int fd, const struct listener *listener,
                     const struct address *address)
{
    struct http_server *s = l->server;
    struct peer p = {.network = network_of(address), .trusted = trust_has(&s->trust, address)};
    p.counted =
        s->limits.network_connections_max && p.network.n && !p.trusted && !address_is_own(address);
    if (p.counted && !enter(l, p.network)) {
        refuse(l, fd);
        return;
    }
    size_t before = atomic_fetch_add_explicit(&s->n_connections, 1, memory_order_relaxed);
    if (before >= s->limits.connections_max && !evict(l)) {
        atomic_fetch_sub_explicit(&s->n_connections, 1, memory_order_relaxed);
        if (p.counted)
            networks_leave(s->networks, p.network);
        refuse(l, fd);
        return;
    }
    struct connection *c = connection_new(l, fd, listener, &p);
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
