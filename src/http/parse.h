/*
 * The head of a request, from bytes to its parts, and how its body is framed (RFC 9112).
 * Pure: no socket, no clock, no allocation. It rejects and never repairs: whatever two readers
 * could understand differently is a 400 here.
 */
#pragma once

#include "base/str.h"
#include "http/http.h"

enum parse_state { PARSE_MORE, PARSE_DONE, PARSE_BAD };

/* How far the bytes of a head were looked at; zeroed at its start. Offsets, as buffers move. */
struct head_scan {
    uint32_t at;         /* everything before it was looked at */
    uint32_t line;       /* where the line under way begins */
    uint16_t start;      /* where the request line begins: 2 after one empty line, else 0 */
    uint16_t n_headers;  /* complete lines behind the request line */
    uint16_t status;     /* of PARSE_BAD */
    bool has_first_line; /* the request line is complete */
};

struct head_limits {
    size_t bytes_max;   /* of the head with its line ends */
    size_t headers_max; /* lines behind the request line, at most 65535 */
};

/* What a head says. The strs borrow from the bytes that were parsed. */
struct head {
    enum http_method method;
    struct str method_name;
    struct str path;  /* "*" for OPTIONS *, otherwise it begins with '/' */
    struct str query; /* behind the '?'; may be empty */
    struct str host;  /* empty only in HTTP/1.0 */
    struct http_header *headers;
    size_t n_headers;
    int minor;              /* HTTP/1.0 or HTTP/1.1 */
    int64_t content_length; /* -1: no such header */
    bool chunked;
    bool keep;    /* the client would like to keep the connection */
    bool expects; /* 100-continue */
};

/*
 * Looks for the end of a head in `in`, which begins where the head does and has grown since the
 * last call. Finds at once: bare CR and LF (RFC 9112, section 2.2), control bytes, a request line
 * that cannot be read, and heads over the limits (414, 431).
 *
 * PARSE_DONE   s->start to s->at is the head with its empty line
 * PARSE_BAD    s->status is to be answered, and the connection closed
 */
enum parse_state head_scan(struct head_scan *s, struct str in, const struct head_limits *limits);

/*
 * Takes a whole head apart (what head_scan found). Lower-cases the host in place.
 *
 * headers   room for at least as many as head_scan counted; `ret_head->headers` points to it
 * Returns 0, or the status to answer: 400, 417, 501, 505
 */
MUST_USE int head_parse(char *bytes, size_t n, struct http_header *headers, struct head *ret_head);

/* Whether s is a token (RFC 9110, section 5.6.2). */
PURE bool is_token(struct str s);

/* Whether s is a host with an optional port, as a Host header must have it; no user, no path. */
PURE bool is_host(struct str s);

/* Without spaces and tabs at both ends (OWS, RFC 9110, section 5.6.3). */
PURE struct str trim_ows(struct str s);

/*
 * Takes the next member off a comma-separated list; empty members are skipped (RFC 9110, section
 * 5.6.1.2). Returns false when nothing is left.
 */
bool list_next(struct str *rest, struct str *ret_member);
