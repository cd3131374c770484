#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "http/server.h"

/* "Date: …\r\n", the longest Connection line, the empty line. */
#define LINE_BYTES (6 + HTTP_DATE_CHARS + 2 + 24 + 2)

static const struct str connection_lines[CLOSINGS] = {
    [KEEP_11] = STR_INIT(""),
    [KEEP_10] = STR_INIT("Connection: keep-alive\r\n"),
    [CLOSE] = STR_INIT("Connection: close\r\n"),
};

/* Writes what every answer ends its head with, once a second. */
static void lines_write(struct loop *l, int64_t now_s)
{
    char date[HTTP_DATE_CHARS + 1];
    struct str headers = l->server->headers;
    char *p = l->lines_bytes;
    http_date_print(now_s, date);
    for (int i = 0; i < CLOSINGS; i++) {
        char *start = p;
        p = mempcpy(p, "Date: ", 6);
        p = mempcpy(p, date, HTTP_DATE_CHARS);
        p = mempcpy(p, "\r\n", 2);
        p = mempcpy(p, connection_lines[i].p, connection_lines[i].n);
        if (headers.n)
            p = mempcpy(p, headers.p, headers.n);
        p = mempcpy(p, "\r\n", 2);
        l->lines[i] = (struct str){start, (size_t)(p - start)};
    }
    l->date_s = now_s;
}

static void read_clock(struct loop *l)
{
    l->now_ms = clock_ticks_ms(&clock_system);
    int64_t now_s = clock_now_s(&clock_system);
    if (now_s != l->date_s)
        lines_write(l, now_s);
}

void loop_open(struct loop *l, struct http_server *s)
{
    const struct http_limits *m = &s->limits;
    const int64_t after_ms[TIMER_KINDS] = {
        [TIMER_HEAD] = m->head_ms, [TIMER_BODY] = m->body_ms,  [TIMER_IDLE] = m->idle_ms,
        [TIMER_SEND] = m->send_ms, [TIMER_LINGER] = LINGER_MS,
    };
    l->server = s;
    timers_init(&l->timers, after_ms);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->waker = (struct watch){eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), WATCH_WAKER};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &l->waker};
    MUST(l->epoll >= 0 && l->waker.fd >= 0);
    MUST(epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->waker.fd, &event) == 0);
    MUST(pthread_mutex_init(&l->lock, NULL) == 0);
    l->buffer = malloc(BODY_READ_BYTES);
    l->lines_bytes = malloc(CLOSINGS * (LINE_BYTES + s->headers.n));
    MUST(l->buffer && l->lines_bytes);
    read_clock(l);
}

void loop_wake(struct loop *l)
{
    uint64_t one = 1;
    /* A full counter means that the loop is about to wake anyway. */
    if (write(l->waker.fd, &one, sizeof one) < 0)
        MUST(errno == EAGAIN);
}

void loop_queue(struct loop *l, struct flight *f)
{
    f->next = NULL;
    MUST(pthread_mutex_lock(&l->lock) == 0);
    bool was_empty = !l->queue_first;
    if (was_empty)
        l->queue_first = f;
    else
        l->queue_last->next = f;
    l->queue_last = f;
    MUST(pthread_mutex_unlock(&l->lock) == 0);
    if (was_empty)
        loop_wake(l);
}

void loop_again(struct loop *l, struct connection *c)
{
    if (c->queued || c->state == CONN_CLOSED)
        return;
    c->queued = true;
    c->again = NULL;
    if (l->again_last)
        l->again_last->again = c;
    else
        l->again_first = c;
    l->again_last = c;
}

/* Goes on with those that had used up their turn. */
static void go_again(struct loop *l)
{
    struct connection *c = l->again_first, *next;
    l->again_first = l->again_last = NULL;
    for (; c; c = next) {
        next = c->again;
        c->queued = false;
        connection_go(l, c);
    }
}

/* Sends what other threads have answered. */
static void take_queue(struct loop *l)
{
    uint64_t wakes;
    (void)!read(l->waker.fd, &wakes, sizeof wakes);
    MUST(pthread_mutex_lock(&l->lock) == 0);
    struct flight *f = l->queue_first, *next;
    l->queue_first = l->queue_last = NULL;
    MUST(pthread_mutex_unlock(&l->lock) == 0);
    for (; f; f = next) {
        struct connection *c = f->connection;
        next = f->next;
        if (c->state == CONN_CLOSED) {
            connection_close(l, c);
            continue;
        }
        send_start(l, c);
        connection_go(l, c);
    }
}

static void take_due(struct loop *l)
{
    enum timer_kind kind;
    struct timer *t;
    if (l->paused && l->now_ms >= l->pause_until_ms)
        accept_start(l);
    while ((t = timer_due(&l->timers, l->now_ms, &kind))) {
        size_t at = offsetof(struct connection, timer);
        connection_timed_out(l, (struct connection *)(void *)((char *)t - at));
    }
}

/* Frees what was closed in this round, but for what is still in the list to go on with. */
static void free_closed(struct loop *l)
{
    struct connection *c = l->closed, *next;
    l->closed = NULL;
    for (; c; c = next) {
        next = c->next;
        if (c->queued) {
            c->next = l->closed;
            l->closed = c;
            continue;
        }
        free(c->in);
        free(c);
    }
}

/* The server is to stop: no new connections, and none that has nothing to say. */
static void begin_stop(struct loop *l)
{
    l->stopping = true;
    l->stop_at_ms = l->now_ms + atomic_load(&l->server->grace_ms);
    accept_stop(l);
    /* A request that has just come is still answered. */
    for (size_t i = 0; i <= LISTS; i++) {
        for (struct connection *c = l->connections[i]; c; c = c->next) {
            c->readable = true;
            loop_again(l, c);
        }
    }
    go_again(l);
    for (size_t i = 0; i <= LISTS; i++) {
        for (struct connection *c = l->connections[i], *next; c; c = next) {
            next = c->next;
            if (c->state == CONN_HEAD && c->in_n == 0)
                connection_close(l, c);
        }
    }
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int wait_ms(struct loop *l)
{
    if (l->again_first)
        return 0;
    int64_t wait = timers_wait_ms(&l->timers, l->now_ms);
    if (l->paused)
        wait = sooner(wait, l->pause_until_ms > l->now_ms ? l->pause_until_ms - l->now_ms : 0);
    if (l->stopping)
        wait = sooner(wait, l->stop_at_ms > l->now_ms ? l->stop_at_ms - l->now_ms : 0);
    return wait > INT32_MAX ? INT32_MAX : (int)wait;
}

static void take_event(struct loop *l, const struct epoll_event *event)
{
    struct watch *w = event->data.ptr;
    switch (w->kind) {
    case WATCH_LISTENER:
        if (!l->stopping)
            accept_some(l, (struct listener *)w);
        break;
    case WATCH_WAKER:
        take_queue(l);
        break;
    default:
        connection_event(l, (struct connection *)w, event->events);
        break;
    }
}

static bool is_over(const struct loop *l)
{
    return l->stopping && (l->n_connections == 0 || l->now_ms >= l->stop_at_ms);
}

void *loop_run(void *loop)
{
    struct loop *l = loop;
    struct epoll_event events[EVENTS];
    l->self = pthread_self();
    accept_start(l);
    while (!is_over(l)) {
        int n = epoll_wait(l->epoll, events, EVENTS, wait_ms(l));
        MUST(n >= 0 || errno == EINTR);
        read_clock(l);
        for (int i = 0; i < n; i++)
            take_event(l, &events[i]);
        go_again(l);
        take_due(l);
        if (!l->stopping && atomic_load_explicit(&l->server->stopping, memory_order_acquire))
            begin_stop(l);
        free_closed(l);
    }
    return NULL;
}

/* Whatever is still in flight belongs to nobody any more. */
static void drop_flights(struct loop *l)
{
    for (size_t i = 0; i <= LISTS; i++) {
        while (l->connections[i]) {
            l->connections[i]->state = CONN_SEND; /* not the application's any longer */
            connection_close(l, l->connections[i]);
        }
    }
    l->again_first = l->again_last = NULL;
    for (struct connection *c = l->closed; c; c = c->next)
        c->queued = false;
    free_closed(l);
    for (struct flight *f = l->pool, *next; f; f = next) {
        next = f->next;
        arena_free(&f->exchange.arena);
        free(f);
    }
}

void loop_close(struct loop *l)
{
    if (!l->server)
        return;
    drop_flights(l);
    for (size_t i = 0; i < l->n_listeners; i++)
        (void)close(l->listeners[i].watch.fd);
    (void)close(l->epoll);
    (void)close(l->waker.fd);
    (void)pthread_mutex_destroy(&l->lock);
    free(l->buffer);
    free(l->lines_bytes);
}
