/*
 * The table of routes and the way from an address to its row: a tree of segments, built at start.
 */
#pragma once

#include "http/http.h"
#include "model/moderator.h"
#include "web/forms.h"

struct request;
struct tx;

enum csrf {
    CSRF_NONE,
    CSRF_COMMENT,
    CSRF_RATING,
    CSRF_REPORT,
    CSRF_OWN,
    CSRF_SESSION,
    CSRF_SIGN_IN,
    CSRF_PASSKEY,     /* the token is the challenge: handlers/passkey.c */
    CSRF_PASSKEY_NEW, /* the same, bound to the session */
};
enum rate {
    RATE_NONE,
    RATE_COMMENT,
    RATE_PREVIEW,
    RATE_OWN,
    RATE_RATING,
    RATE_REPORT,
    RATE_SIGN_IN,
    RATE_CODE,
    RATE_NAME, /* passwords tried of one name, by whatever networks: gate_count_name */
    RATES
};
enum route_tx { TX_NONE, TX_READ, TX_WRITE, TX_PREPARED, TX_SLOW, TX_LONG };
enum route_cache { CACHE_NONE, CACHE_PAGE, CACHE_TALK, CACHE_FILE };

/*
 * Fills rq->reply, or fails. tx is NULL for TX_NONE, TX_SLOW and TX_LONG. For TX_PREPARED it is
 * NULL the first time: then rq->prepared is filled, for the second time.
 */
typedef bool route_handler(struct request *rq, struct tx *tx, struct err *e);

#define ROUTE(method, pattern, least, csrf, body_max, rate, tx, cache, form, handler, again,       \
              about)                                                                               \
    route_handler handler, again;
#include "web/routes.def"
#undef ROUTE

struct route {
    enum http_method method; /* HTTP_GET answers HEAD as well */
    struct str pattern;
    enum access least;
    enum csrf csrf;
    size_t body_max;
    enum rate rate;
    enum route_tx tx;
    enum route_cache cache;
    const struct form_spec *form;
    route_handler *handler;
    route_handler *again; /* error_page: there is no form to show once more */
    const char *name;     /* the handler's */
    const char *about;
};

#define ROUTE_ARGS_MAX 4
#define ROUTE_SEGMENTS_MAX 8

/* The rows of routes.def, in their order. */
const struct route *routes_all(size_t *ret_n);

struct router;

/* Builds the tree. Two rows with the same method and shape end the process. */
RETURNS_MEMORY struct router *router_new(void);
/* Accepts NULL, clears. */
void router_free(struct router **r);

struct route_match {
    const struct route *route;       /* NULL: no row with this method */
    struct str args[ROUTE_ARGS_MAX]; /* what the pattern's braces took; borrows from path */
    size_t n_args;
    bool allows[HTTP_OTHER]; /* by method: what this address knows; all false: no such address */
};

/*
 * Finds the row. path: percent-decoded, begins with '/'. A slash at the end and empty segments
 * match nothing. Literal segments come before braces.
 */
void router_find(const struct router *r, enum http_method method, struct str path,
                 struct route_match *ret_match);
