/*
 * What the parts of the HTTP layer share: the server, its loops, their connections, and the
 * requests in flight. Nobody outside of http/ includes this.
 *
 * Everything of a loop belongs to the loop's thread, except: a flight that was handed to the
 * application belongs to whoever holds the exchange until http_answer; the queue of answers has a
 * lock; counters are written by the loop alone and read by anybody.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "http/chunk.h"
#include "http/date.h"
#include "http/http.h"
#include "http/network.h"
#include "http/parse.h"
#include "http/timers.h"

#define HEAD_READ_BYTES (16 * KiB) /* taken off a socket at once while a head is expected */
#define BODY_READ_BYTES (64 * KiB)
#define LINGER_MS 2000
#define LINGER_BYTES (256 * KiB) /* thrown away behind the last answer; of a refused body more */
#define BODY_CLASSES 20          /* of size: up to 128 MiB, and all above */
#define PAUSE_MS 100 /* how long nothing is accepted when the system has no descriptors left */
#define FLIGHTS_KEPT 32
#define EVENTS 256
#define LISTS 1024 /* of connections, in each loop */

/* What an epoll event points to; the first member of each of them. */
enum watch_kind { WATCH_LISTENER, WATCH_WAKER, WATCH_CONNECTION };
struct watch {
    int fd;
    uint8_t kind;
};

enum connection_state {
    CONN_HEAD,   /* waits for a head or reads it */
    CONN_BODY,   /* reads a body */
    CONN_APP,    /* the application has the exchange */
    CONN_SEND,   /* an answer is partly on the wire */
    CONN_LINGER, /* answered for the last time; what still comes is thrown away */
    CONN_CLOSED, /* waits to be freed */
};

struct connection {
    struct watch watch;
    uint8_t state; /* enum connection_state */
    bool readable; /* there may be more to read */
    bool watched;  /* known to epoll */
    bool trusted;  /* the peer is a trusted proxy */
    bool operator_address;
    bool counted; /* in the table of networks */
    bool ended;   /* the peer sends no more */
    bool queued;  /* in the loop's list of those to go on with */
    bool pending; /* `in` holds bytes that were not looked at yet */
    struct timer timer;
    struct connection *again;      /* the next one to go on with */
    struct connection *next, **at; /* in one of the loop's lists: what follows, what points here */
    struct flight *flight; /* NULL while none; stays until it is answered, even when closed */
    char *in;              /* bytes that came but were not used yet; NULL while none */
    uint32_t in_n;
    uint32_t in_capacity;
    uint32_t served;       /* requests */
    uint32_t linger_bytes; /* how many more may be thrown away */
    uint16_t send_laps;    /* how many more times send_ms it may take */
    struct head_scan scan;
    struct http_network network; /* the peer's */
};

/* Who is at the other end of a connection. */
struct peer {
    struct http_network network;
    bool trusted; /* a proxy that is believed */
    bool counted; /* in the table of networks */
};

/* How an answer says what becomes of the connection. */
enum closing { KEEP_11, KEEP_10, CLOSE, CLOSINGS };

/* A request on its way: read, answered, sent. `exchange` is what the application sees. */
struct flight {
    struct http_exchange exchange; /* first: http_answer finds the flight by it */
    struct loop *loop;
    struct connection *connection; /* lives as long as the flight */
    struct flight *next;           /* in the queue of answers, or in the pool */
    struct buf body;               /* of the request; on the heap */
    int64_t body_left;             /* bytes of a body with a length that are still to come */
    struct chunks chunks;
    bool chunked;
    bool keep;          /* the client would keep the connection */
    bool refused;       /* it broke the protocol */
    bool closes;        /* the answer says so */
    bool is_unfinished; /* its body is in one of the loop's lists: */
    struct flight *body_prev, *body_next;
    size_t body_bytes; /* the memory that is counted for its body */
    int minor;         /* HTTP/1.minor */
    int status;        /* of the answer */
    struct str out[3]; /* status line and headers; the loop's lines; the body */
    struct http_blob *blob;
};

struct listener {
    struct watch watch;
    size_t nth;  /* of the options' addresses */
    bool shared; /* other loops listen on the same socket */
    bool operator_address;
    bool is_unix;
};

/* Unfinished bodies of about one size; the first has not grown for longest. */
struct bodies {
    struct flight *first, *last;
};

struct loop {
    struct http_server *server;
    pthread_t thread; /* the handle for joining */
    pthread_t self;   /* the same, written by the thread itself */
    int epoll;
    struct watch waker; /* an eventfd */
    struct listener *listeners;
    size_t n_listeners;
    bool paused; /* the listeners are out of epoll until pause_until_ms */
    bool stopping;
    int64_t pause_until_ms;
    int64_t stop_at_ms;

    int64_t now_ms;
    int64_t date_s;
    struct str lines[CLOSINGS]; /* Date, Connection, the options' headers, the empty line */
    char *lines_bytes;

    struct timers timers;
    /* All of them: a network's are in one list, those that are not counted in the last. */
    struct connection *connections[LISTS + 1];
    size_t n_connections;
    struct bodies unfinished[BODY_CLASSES];
    size_t body_bytes; /* of the server's, what this loop's bodies take */
    struct connection *again_first, *again_last;
    struct connection *closed; /* freed at the end of the round */
    struct flight *pool;
    size_t n_pool;
    struct flight *current; /* the application is being called with this one */
    bool answered;          /* … and has answered */
    char *buffer;           /* BODY_READ_BYTES, shared by all reads */

    pthread_mutex_t lock; /* of the queue */
    struct flight *queue_first, *queue_last;

    _Atomic uint64_t connections_in_all, requests, refused, timed_out, bytes_in, bytes_out;
    _Atomic uint64_t by_status[6];
};

struct http_server {
    struct http_limits limits;
    struct http_app app;
    const struct log *log;
    struct arena *arena; /* of what lives as long as the server */
    struct str headers;
    struct trust trust;
    struct networks *networks;
    struct loop *loops;
    size_t n_loops;
    int *ports;             /* of the addresses */
    struct str *unix_paths; /* of the addresses that we made and must remove */
    size_t n_listen;
    bool started, stopped;
    _Atomic bool stopping;
    _Atomic int64_t grace_ms;
    _Atomic size_t n_connections;
    _Atomic size_t body_bytes; /* what bodies take, those that the application has among them */
};

/* A counter with one writer needs no locked instruction. */
static inline void count_add(_Atomic uint64_t *counter, uint64_t n)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + n, memory_order_relaxed);
}

/* loop.c */

/* Makes a loop without listeners. */
void loop_open(struct loop *l, struct http_server *s);
/* Frees it with all of its connections and flights; its thread must have ended. */
void loop_close(struct loop *l);
/* The body of a loop's thread. */
void *loop_run(void *loop);
/* Wakes the loop from any thread. */
void loop_wake(struct loop *l);
/* Puts an answered flight into the loop's queue, from any thread. */
void loop_queue(struct loop *l, struct flight *f);
/* Has the connection gone on with in the next round. */
void loop_again(struct loop *l, struct connection *c);

/* accept.c */

/* Takes what waits at a listener, not for ever. */
void accept_some(struct loop *l, struct listener *listener);
/* Puts the listeners (back) into epoll. */
void accept_start(struct loop *l);
/* Takes the last of what waits and closes the listeners. */
void accept_stop(struct loop *l);

/* connection.c */

/* A connection over fd, which it owns from now on. */
struct connection *connection_new(struct loop *l, int fd, const struct listener *listener,
                                  const struct peer *peer);
/* The list of connections in which those of a counted network are. */
struct connection *connections_of(struct loop *l, struct http_network network);
/* Something happened on it (EPOLL… bits). */
void connection_event(struct loop *l, struct connection *c, uint32_t events);
/* Reads, answers and writes as far as it goes without waiting. */
void connection_go(struct loop *l, struct connection *c);
/* Its deadline has passed. */
void connection_timed_out(struct loop *l, struct connection *c);
/* Closes it now; the memory goes at the end of the round. */
void connection_close(struct loop *l, struct connection *c);
/* Says nothing more, but lets the peer read what was said. */
void connection_linger(struct loop *l, struct connection *c);
/* Starts the deadline of that kind. */
void connection_deadline(struct loop *l, struct connection *c, enum timer_kind kind);

/* request.c */

/*
 * Reads requests out of `in`, the connection's unread bytes, and has them answered, until bytes
 * are missing or an answer is under way. Returns how many bytes were used.
 */
size_t request_read(struct loop *l, struct connection *c, struct str in);
/* Answers a broken request with that status and ends the connection. */
void request_refuse(struct loop *l, struct connection *c, int status);

/* Ends the request whose body takes most: there is no more memory for it. */
void request_give_up(struct loop *l, struct connection *c);

/* bodies.c: the memory of all bodies together is limited */

/*
 * Makes room for n bytes more of a body, before they are written: while there is none, the loop's
 * unfinished body that takes most is given up. False: that is this one, or none is unfinished.
 */
MUST_USE bool body_room(struct loop *l, struct flight *f, size_t n);
/* The body has come: from now on it is not given up. */
void body_complete(struct loop *l, struct flight *f);
/* Frees the body. */
void body_drop(struct loop *l, struct flight *f);

/* flight.c */

/* An empty one out of the pool. */
struct flight *flight_new(struct loop *l, struct connection *c);
/* Lets go of all that it holds and puts it back. */
void flight_end(struct loop *l, struct flight **f);

/* response.c */

/* Makes out[0] and out[2] from an answer. May run in any thread: touches only the flight. */
void response_make(struct flight *f, const struct http_answer *answer);
/* The standard phrase of a status (RFC 9110, section 15). */
struct str response_phrase(int status);

/* send.c */

/* Begins to send a flight's answer; ends the flight when all of it is on the wire. */
void send_start(struct loop *l, struct connection *c);
/* Goes on sending. */
void send_more(struct loop *l, struct connection *c);
