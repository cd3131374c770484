/*
 * HTTP as the rest of the program sees it: a request that was read in full, and an answer.
 * Framing, deadlines and limits stay behind this header; the domain never comes near it.
 */
#pragma once

#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

enum http_coding { HTTP_IDENTITY, HTTP_GZIP, HTTP_BROTLI, HTTP_CODINGS };

struct http_header {
    struct str name; /* as sent; compare with str_eq_nocase */
    struct str value;
};

/* A peer's network, for limits in memory only. Never logged, never stored. */
struct http_network {
    uint8_t bytes[8]; /* IPv4: the address; IPv6: its /64; IPv4-mapped IPv6 is IPv4 */
    uint8_t n;        /* 4 or 8; 0: unknown (a UNIX socket without a proxy's word) */
};

/* A request, read in full. All of it borrows from the exchange's arena and buffers. */
struct http_request {
    enum http_method method;
    struct str method_name;
    struct str path;  /* percent-decoding is the router's work; begins with '/'; no '?' */
    struct str query; /* after '?', undecoded; may be empty */
    struct str host;  /* the one Host header, lower-cased, port included */
    const struct http_header *headers;
    size_t n_headers;
    struct str body;
    enum http_coding accepts; /* the best coding the client accepts and we make */
    bool https;               /* by a trusted proxy's X-Forwarded-Proto */
    struct http_network network;
    bool operator_address; /* it came in on an address meant for the operator (metrics) */
};

/* The value of the first header of that name, or STR_NONE. */
struct str http_header_get(const struct http_request *rq, struct str name);

/* The value of a cookie (RFC 6265, section 4.2.1), or STR_NONE. */
struct str http_cookie_get(const struct http_request *rq, struct str name);

/*
 * An answer that many connections send at once: head and body, ready for the wire, shared and
 * never changed. Counted: the last one to let go frees it.
 */
struct http_blob {
    _Atomic int count;
    size_t head_n; /* status line and headers, without the Date and Connection lines and the
                      empty line, which each connection adds */
    size_t body_n;
    char etag[40]; /* with its quotes; empty: none. A match of If-None-Match answers 304 */
    char bytes[];  /* head, then body */
};

/*
 * A blob of head and body, both copied; the caller holds the first count.
 *
 * head   from "HTTP/1.1 200 OK\r\n" to the last header's CRLF, Content-Length among them
 * etag   as in the head, with its quotes, at most 39 bytes; empty: none
 */
struct http_blob *http_blob_new(struct str head, struct str body, struct str etag);
/* One more holder, from any thread. Returns b. */
struct http_blob *http_blob_hold(struct http_blob *b);
/* One holder less; the last one frees. Takes the address, accepts NULL, clears it. */
void http_blob_drop(struct http_blob **b);

/* An answer that is made for one request. */
struct http_answer {
    int status;
    struct str type;             /* Content-Type; empty with an empty body */
    struct str body;             /* in the exchange's arena */
    struct http_header *headers; /* more of them; names and values are checked: no CR, LF, NUL */
    size_t n_headers;
    struct http_blob *blob; /* instead of all of the above: sends a shared answer; the exchange
                               takes over this count */
};

/*
 * One request and its answer. Born in a loop's thread when the request is complete; may be handed
 * to another thread, which alone touches it until it calls http_answer.
 */
struct http_exchange {
    struct arena *arena;
    struct http_request request;
    void *user; /* the application's */
};

/*
 * Sends the answer and ends the exchange; callable once, from any thread. The arena lives until
 * the answer is on the wire. HEAD and 304 are made from the same answer, without the body.
 * An answer whose status is outside of 200 to 599, or whose headers hold a line end or a NUL, is
 * logged and becomes an empty 500.
 */
void http_answer(struct http_exchange *x, const struct http_answer *answer);

/* What the server asks the application. Both are called in a loop's thread and must not block. */
struct http_app {
    void *context;
    /*
     * The head is read: how many body bytes may follow? 0: none. Asked before a byte of the body
     * is accepted, so that a row of routes.def decides.
     */
    size_t (*body_max)(void *context, const struct http_request *head);
    /* The request is complete: answer now, or keep the exchange and answer later. */
    void (*on_request)(void *context, struct http_exchange *x);
    /*
     * The page for a request that broke the protocol (400, 408, 413, 414, 417, 431, 501, 505): a
     * short body for this status, static memory, in UTF-8; HTML when it begins with '<', otherwise
     * plain text. NULL: an empty body.
     */
    struct str (*error_body)(void *context, int status);
};

struct http_limits {
    size_t head_bytes_max;  /* request line and headers; 431 (414: the line alone) */
    size_t headers_max;     /* how many, at most 65535 */
    int64_t head_ms;        /* absolute, from the first byte (or accept) to the empty line; 408 */
    int64_t body_ms;        /* absolute, for the whole body */
    int64_t idle_ms;        /* between requests of a kept connection */
    int64_t send_ms;        /* absolute, to take an answer of up to 1 MiB; longer in proportion */
    size_t connections_max; /* in all; beyond it the longest idle one is closed, or when none is
                               idle, the one whose request is unfinished for longest, or when all
                               have sent theirs, the new one */
    size_t network_connections_max; /* of one network, trusted proxies apart; beyond it one of its
                                       own gives way in the same order; 0: no limit */
    size_t bodies_bytes_max;        /* of memory for all bodies together; when it is used up, the
                                       largest unfinished one is answered 503 */
    size_t requests_per_connection_max;
};

struct http_listen {
    struct str address; /* "127.0.0.1:8080", "[::]:80", "unix:/run/aitys.sock" */
    bool operator_address;
};

struct http_options {
    const struct http_listen *listen;
    size_t n_listen;
    const struct str *trusted_proxies; /* "127.0.0.1", "10.0.0.0/8", "fd00::/8", "unix" */
    size_t n_trusted_proxies;
    size_t loops; /* 0: one a core */
    struct http_limits limits;
    struct str headers; /* put on every answer: "Name: value\r\n…" (security headers) */
    const struct log *log;
    struct http_app app;
};

struct http_server;

/*
 * Binds the addresses (or takes over the sockets that systemd passed, in their order) and makes
 * the loops; nothing is accepted yet. Copies what it needs of options but the log.
 * Errors  ERR_INVALID (an address or network that cannot be read), ERR_BUSY (address in use),
 *         ERR_DENIED (a port that this user may not bind), ERR_BROKEN
 */
MUST_USE bool http_open(const struct http_options *options, struct http_server **ret_server,
                        struct err *e);

/* The port that the nth address was bound to (for port 0). */
int http_port(const struct http_server *s, size_t nth);

/* Starts the loops' threads and returns. */
void http_start(struct http_server *s);

/*
 * Stops accepting, lets requests under way end (at most grace_ms), closes idle connections, joins
 * the threads. From then on no callback runs; http_answer is still allowed, and drops the answer.
 * Not to be called from a callback. A second call does nothing.
 */
void http_stop(struct http_server *s, int64_t grace_ms);

/*
 * Stops without grace if that was not done, and frees all, exchanges included: no other thread may
 * hold one any more. Removes the UNIX sockets that http_open made. Takes the address, accepts NULL,
 * clears it.
 */
void http_close(struct http_server **s);

/* Counters since the start, for metrics. refused: broken requests and connections over a limit. */
struct http_counts {
    uint64_t connections, connections_open, requests, refused, timed_out;
    uint64_t bytes_in, bytes_out;
    uint64_t by_status[6]; /* [1] 1xx … [5] 5xx */
};
/* The sums over all loops; from any thread, at any time. */
void http_count(const struct http_server *s, struct http_counts *ret_counts);
