#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "http/server.h"

#define TURNS 16 /* reads of one connection before the others have their turn */
#define IN_FIRST_BYTES 1024

/* The head of the list that a peer's connections are in. */
static struct connection **list_of(struct loop *l, struct http_network network, bool counted)
{
    return &l->connections[counted ? networks_hash(l->server->networks, network) % LISTS : LISTS];
}

struct connection *connections_of(struct loop *l, struct http_network network)
{
    return *list_of(l, network, true);
}

struct connection *connection_new(struct loop *l, int fd, const struct listener *listener,
                                  const struct peer *peer)
{
    struct connection **first = list_of(l, peer->network, peer->counted);
    struct connection *c = calloc(1, sizeof *c);
    MUST(c);
    c->watch = (struct watch){.fd = fd, .kind = WATCH_CONNECTION};
    c->state = CONN_HEAD;
    c->linger_bytes = LINGER_BYTES;
    c->readable = true;
    c->operator_address = listener->operator_address;
    c->trusted = peer->trusted;
    c->counted = peer->counted;
    c->network = peer->network;
    c->timer.kind = TIMER_NONE;
    c->next = *first;
    c->at = first;
    if (c->next)
        c->next->at = &c->next;
    *first = c;
    l->n_connections++;
    connection_deadline(l, c, TIMER_HEAD);
    return c;
}

void connection_deadline(struct loop *l, struct connection *c, enum timer_kind kind)
{
    timer_set(&l->timers, &c->timer, kind, l->now_ms);
}

/* Out of the loop's list; the memory waits for the end of the round. */
static void bury(struct loop *l, struct connection *c)
{
    *c->at = c->next;
    if (c->next)
        c->next->at = c->at;
    l->n_connections--;
    c->next = l->closed;
    l->closed = c;
}

void connection_close(struct loop *l, struct connection *c)
{
    if (c->watch.fd >= 0) {
        (void)close(c->watch.fd);
        c->watch.fd = -1;
        timer_set(&l->timers, &c->timer, TIMER_NONE, l->now_ms);
        if (c->counted)
            networks_leave(l->server->networks, c->network);
        atomic_fetch_sub_explicit(&l->server->n_connections, 1, memory_order_relaxed);
    }
    bool is_away = c->state == CONN_APP && c->flight;
    c->state = CONN_CLOSED;
    if (is_away)
        return; /* the application has the exchange: loop.c closes again when it comes back */
    flight_end(l, &c->flight);
    bury(l, c);
}

static void drop_input(struct connection *c)
{
    free(c->in);
    c->in = NULL;
    c->in_n = c->in_capacity = 0;
    c->pending = false;
}

void connection_linger(struct loop *l, struct connection *c)
{
    (void)shutdown(c->watch.fd, SHUT_WR);
    c->state = CONN_LINGER;
    connection_deadline(l, c, TIMER_LINGER);
}

/* Keeps what was not used of the bytes at p, which may be the kept ones themselves. */
static void keep_input(struct connection *c, const char *p, size_t n)
{
    if (n == 0 || c->state == CONN_LINGER || c->state == CONN_CLOSED) {
        drop_input(c);
        return;
    }
    if (c->in_capacity < n) {
        size_t capacity = n > IN_FIRST_BYTES ? n : IN_FIRST_BYTES;
        char *in = malloc(capacity);
        MUST(in);
        memcpy(in, p, n);
        free(c->in);
        c->in = in;
        c->in_capacity = (uint32_t)capacity;
    } else if (p != c->in) {
        memmove(c->in, p, n);
    }
    c->in_n = (uint32_t)n;
}

static void use_input(struct loop *l, struct connection *c, char *p, size_t n)
{
    size_t used = request_read(l, c, (struct str){p, n});
    keep_input(c, p + used, n - used);
}

/* Where the next bytes go: behind what is kept, otherwise into the loop's buffer. */
static char *room(struct loop *l, struct connection *c, size_t *ret_n)
{
    if (c->in_n == 0) {
        *ret_n = c->state == CONN_HEAD ? HEAD_READ_BYTES : BODY_READ_BYTES;
        return l->buffer;
    }
    if (c->in_n == c->in_capacity) {
        /* One byte past the longest head is enough to refuse it. */
        size_t enough = l->server->limits.head_bytes_max + 3;
        size_t capacity = (size_t)c->in_capacity * 2;
        if (capacity > enough && enough > c->in_capacity)
            capacity = enough;
        c->in = realloc(c->in, capacity);
        MUST(c->in);
        c->in_capacity = (uint32_t)capacity;
    }
    *ret_n = c->in_capacity - c->in_n;
    return c->in + c->in_n;
}

/* The peer sends no more: an unfinished request is an error, silence is not. */
static void input_ended(struct loop *l, struct connection *c)
{
    c->ended = true;
    if (c->state == CONN_BODY || (c->state == CONN_HEAD && c->in_n > 0))
        request_refuse(l, c, 400);
    else
        connection_close(l, c);
}

static void input_came(struct loop *l, struct connection *c, char *p, size_t n)
{
    if (c->state == CONN_LINGER) {
        if (n > c->linger_bytes)
            connection_close(l, c);
        else
            c->linger_bytes -= (uint32_t)n;
        return;
    }
    if (c->in_n == 0)
        use_input(l, c, p, n);
    else
        use_input(l, c, c->in, c->in_n + n);
}

/* Reads once. False: there is nothing more to do now. */
static bool go_on(struct loop *l, struct connection *c)
{
    size_t n;
    if (c->state == CONN_APP || c->state == CONN_SEND || c->state == CONN_CLOSED)
        return false;
    if (c->pending) {
        use_input(l, c, c->in, c->in_n);
        return true;
    }
    if (!c->readable)
        return false;
    char *p = room(l, c, &n);
    ssize_t got = recv(c->watch.fd, p, n, 0);
    if (got > 0) {
        /* A short read has emptied the socket: the next bytes are a new event. */
        c->readable = (size_t)got == n || c->ended;
        count_add(&l->bytes_in, (uint64_t)got);
        input_came(l, c, p, (size_t)got);
        return true;
    }
    if (got < 0 && errno == EINTR)
        return true;
    c->readable = false;
    if (got == 0)
        input_ended(l, c);
    else if (errno != EAGAIN)
        connection_close(l, c);
    return false;
}

/* A connection that needs to wait for the first time becomes known to epoll. */
static void watch(struct loop *l, struct connection *c)
{
    if (c->watched || c->state == CONN_CLOSED)
        return;
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.ptr = c,
    };
    c->watched = true;
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->watch.fd, &event) != 0)
        connection_close(l, c);
}

void connection_go(struct loop *l, struct connection *c)
{
    for (int turn = 0; go_on(l, c); turn++) {
        if (turn == TURNS) {
            loop_again(l, c);
            break;
        }
    }
    watch(l, c);
}

void connection_event(struct loop *l, struct connection *c, uint32_t events)
{
    if (c->state == CONN_CLOSED)
        return;
    /* While it lingers, both directions are shut in good order: what came is still drained. */
    bool hung_up = (events & EPOLLHUP) && c->state != CONN_LINGER;
    if ((events & EPOLLERR) || hung_up) {
        connection_close(l, c);
        return;
    }
    if (events & EPOLLRDHUP)
        c->ended = true;
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP))
        c->readable = true;
    if ((events & EPOLLOUT) && c->state == CONN_SEND)
        send_more(l, c);
    connection_go(l, c);
}

/* Not one more byte of an answer that nobody takes: the kernel forgets its buffer as well. */
static void abort_connection(struct loop *l, struct connection *c)
{
    struct linger now = {.l_onoff = 1};
    (void)setsockopt(c->watch.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    connection_close(l, c);
}

void connection_timed_out(struct loop *l, struct connection *c)
{
    switch (c->state) {
    case CONN_HEAD:
        if (c->in_n == 0) {
            connection_close(l, c);
            return;
        }
        break;
    case CONN_BODY:
        break;
    case CONN_SEND:
        if (c->send_laps > 0) {
            c->send_laps--;
            connection_deadline(l, c, TIMER_SEND);
            return;
        }
        count_add(&l->timed_out, 1);
        abort_connection(l, c);
        return;
    default:
        connection_close(l, c);
        return;
    }
    count_add(&l->timed_out, 1);
    request_refuse(l, c, 408);
    connection_go(l, c);
}
