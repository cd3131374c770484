/*
 * Holds many connections open: idle ones that have had one answer, or slow ones that send a head
 * byte by byte and come again when the server has had enough of them. The slow ones come one after
 * another during some seconds, as those do who know nothing of each other, or (crowd) all at once,
 * so that all of them run out of time at once, too.
 * Usage: hold PORT CONNECTIONS idle|slow|crowd PATH
 * Prints "ready" when all are open, then stays until its standard input ends.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/must.h"
#include "base/str.h"

#define TURN_US 250        /* how often one of the slow ones, or none, sends its byte, */
#define TURNS 12000        /* and after how many each has had its turn: every three seconds */
#define COMING (3 * TURNS) /* how many turns it takes until all of them have come */
#define DRAIN 65536

struct held {
    int fd;
    size_t sent;
};

struct holding {
    int port, epoll;
    bool is_slow;
    size_t n, n_open, reopened;
    struct held *held;
    char head[512];
    size_t head_n;
};

static void open_one(struct holding *h, struct held *c)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)h->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        err(1, "connection %zu", (size_t)(c - h->held));
    struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
    MUST(epoll_ctl(h->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0);
    c->sent = 0;
}

/* One request and the whole answer: afterwards the connection is as idle as can be. */
static void ask_once(struct holding *h, struct held *c)
{
    static char answer[1 << 20];
    size_t got = 0, whole = 0;
    MUST(write(c->fd, h->head, h->head_n) == (ssize_t)h->head_n);
    while (whole == 0 || got < whole) {
        ssize_t n = read(c->fd, answer + got, sizeof answer - 1 - got);
        if (n <= 0)
            err(1, "an answer ended early");
        got += (size_t)n;
        answer[got] = '\0';
        const char *end = strstr(answer, "\r\n\r\n"),
                   *length = strcasestr(answer, "content-length:");
        if (whole == 0 && end && length)
            whole = (size_t)(end - answer) + 4 + strtoull(length + 15, NULL, 10);
    }
}

static void send_byte(struct holding *h, struct held *c)
{
    /* The last bytes of the head never come. */
    if (c->sent < h->head_n - 4 && send(c->fd, h->head + c->sent, 1, MSG_NOSIGNAL) == 1)
        c->sent++;
}

/* What came is read; who was closed comes again. */
static void take_events(struct holding *h)
{
    static char bytes[DRAIN];
    struct epoll_event events[256];
    int n = epoll_wait(h->epoll, events, 256, 0);
    for (int i = 0; i < n; i++) {
        struct held *c = events[i].data.ptr;
        if (read(c->fd, bytes, sizeof bytes) > 0)
            continue;
        (void)close(c->fd);
        open_one(h, c);
        h->reopened++;
    }
}

static bool is_input_over(void)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    return poll(&in, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

/* Until there are so many. */
static void open_more(struct holding *h, size_t n)
{
    for (; h->n_open < n; h->n_open++) {
        open_one(h, &h->held[h->n_open]);
        if (!h->is_slow)
            ask_once(h, &h->held[h->n_open]);
    }
    if (n == h->n) {
        (void)printf("ready\n");
        (void)fflush(stdout);
    }
}

static void hold(struct holding *h)
{
    const struct timespec pause = {.tv_nsec = TURN_US * 1000L};
    for (size_t turn = 0; !is_input_over(); turn++) {
        for (size_t i = turn % TURNS; h->is_slow && i < h->n_open; i += TURNS)
            send_byte(h, &h->held[i]);
        if (turn <= COMING && h->n_open < h->n)
            open_more(h, h->n * turn / COMING);
        take_events(h);
        (void)nanosleep(&pause, NULL);
    }
}

int main(int argc, char **argv)
{
    struct holding h = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (argc != 5)
        errx(2, "usage: hold PORT CONNECTIONS idle|slow|crowd PATH");
    h.port = (int)strtol(argv[1], NULL, 10);
    h.n = strtoull(argv[2], NULL, 10);
    h.is_slow = strcmp(argv[3], "idle") != 0;
    h.held = calloc(h.n, sizeof *h.held);
    MUST(h.held != NULL);
    h.head_n = (size_t)snprintf(h.head, sizeof h.head,
                                "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", argv[4], h.port);
    if (strcmp(argv[3], "slow") != 0)
        open_more(&h, h.n);
    hold(&h);
    (void)printf("reopened %zu\n", h.reopened);
    return 0;
}
