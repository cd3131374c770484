#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "http/server.h"

enum progress { ALL_SENT, SOME_SENT, BROKEN };

static void out_skip(struct flight *f, size_t n)
{
    for (size_t i = 0; i < ARRAY_LEN(f->out); i++) {
        size_t part = n < f->out[i].n ? n : f->out[i].n;
        f->out[i] = (struct str){f->out[i].p + part, f->out[i].n - part};
        n -= part;
    }
}

/* One system call for all that is left, as long as the socket takes it. */
static enum progress send_out(struct loop *l, struct connection *c, struct flight *f)
{
    for (;;) {
        struct iovec parts[ARRAY_LEN(f->out)];
        struct msghdr message = {.msg_iov = parts};
        size_t left = 0;
        for (size_t i = 0; i < ARRAY_LEN(f->out); i++) {
            if (f->out[i].n == 0)
                continue;
            parts[message.msg_iovlen++] =
                (struct iovec){(void *)(uintptr_t)f->out[i].p, f->out[i].n};
            left += f->out[i].n;
        }
        if (left == 0)
            return ALL_SENT;
        ssize_t n = sendmsg(c->watch.fd, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? SOME_SENT : BROKEN;
        count_add(&l->bytes_out, (uint64_t)n);
        if ((size_t)n == left)
            return ALL_SENT;
        out_skip(f, (size_t)n);
    }
}

/* The answer is on the wire: what becomes of the connection? */
static void send_done(struct loop *l, struct connection *c)
{
    struct flight *f = c->flight;
    bool closes = f->closes;
    /*
     * A client that asked for the end, or has ended itself, sends nothing more. But bytes that are
     * left unread at a close make the kernel send a reset, which can overtake the answer.
     */
    bool polite = !c->readable && (c->ended || (!f->keep && !f->refused));
    flight_end(l, &c->flight);
    if (!closes) {
        c->state = CONN_HEAD;
        connection_deadline(l, c, TIMER_IDLE);
    } else if (polite) {
        connection_close(l, c);
    } else {
        connection_linger(l, c);
    }
}

static size_t out_left(const struct flight *f)
{
    return f->out[0].n + f->out[1].n + f->out[2].n;
}

void send_start(struct loop *l, struct connection *c)
{
    struct flight *f = c->flight;
    c->served++;
    f->closes =
        !f->keep || l->stopping || c->served >= l->server->limits.requests_per_connection_max;
    enum closing closing = f->closes ? CLOSE : f->minor == 0 ? KEEP_10 : KEEP_11;
    f->out[1] = l->lines[closing];
    count_add(&l->by_status[f->status / 100], 1);
    switch (send_out(l, c, f)) {
    case ALL_SENT:
        send_done(l, c);
        return;
    case BROKEN:
        flight_end(l, &c->flight);
        connection_close(l, c);
        return;
    case SOME_SENT:
        break;
    }
    body_drop(l, f); /* the answer is made: what was asked is not kept for a slow reader */
    /* The loop's lines change every second; what is left of them must not. */
    if (f->out[1].n)
        f->out[1] = arena_copy(f->exchange.arena, f->out[1]);
    size_t laps = out_left(f) / MiB;
    c->send_laps = laps < UINT16_MAX ? (uint16_t)laps : UINT16_MAX;
    c->state = CONN_SEND;
    connection_deadline(l, c, TIMER_SEND);
}

void send_more(struct loop *l, struct connection *c)
{
    switch (send_out(l, c, c->flight)) {
    case ALL_SENT:
        send_done(l, c);
        return;
    case BROKEN:
        flight_end(l, &c->flight);
        connection_close(l, c);
        return;
    case SOME_SENT:
        return;
    }
}
