/*
 * A request on its way through the steps of flow.c, and what a handler may say in answer.
 */
#pragma once

#include <stdatomic.h>

#include "cache/cache.h"
#include "db/db.h"
#include "domain/sessions.h"
#include "web/bucket.h"
#include "web/pool.h"
#include "web/route.h"
#include "web/token.h"
#include "web/web.h"

#define REPLY_HEADERS_MAX 12

struct web {
    struct web_options o;
    struct router *router;
    struct cache *pages;
    struct buckets *buckets;
    struct pool *pool;        /* readers of the database, renderers */
    struct pool *slow;        /* passwords: one at a time */
    struct pool *trying;      /* rules are made and tried: one at a time */
    struct pool *polisher;    /* pages that stay are compressed once more */
    struct pool_job renewing; /* web/renew.h */
    _Atomic bool is_renewing; /* it is queued */
    _Atomic bool is_stopping;
    _Atomic int64_t deaf_ms;  /* when pages were last dropped because nothing is heard */
    _Atomic bool is_noting;   /* a session's last use is being written: flow.c */
    _Atomic bool rules_stale; /* they are to be loaded anew: web_rules_due */
    struct hash token_key;    /* made from the site's secret: the same after a restart */
    struct hash memory_key;   /* of this process: what is keyed with it means nothing on a disk */
    struct node_key *network_key; /* what networks are hashed with: web/node_key.h */
    struct str origin;            /* without a slash at the end */
    bool is_https;
    const struct http_server *server; /* NULL until web_set_server */
};

/* What a handler answers. A template, or a body, or a place to go. */
struct reply {
    int status; /* 0: 200, or 303 with a location */
    bool has_template;
    enum view_template template;
    const void *data;
    const struct i18n_lang *words; /* the template's language; NULL: the request's */
    struct str type;               /* empty: the template's own */
    struct str body;
    struct str location; /* a path of this site */
    struct http_header headers[REPLY_HEADERS_MAX];
    size_t n_headers;
    uint64_t tags[CACHE_TAGS_MAX]; /* reading: what the page shows; writing: what changed */
    size_t n_tags;
    int64_t until_s;    /* a shared page is fresh until then; 0: until dropped */
    bool wants_scrub;   /* words were deleted: let no page of the database keep them */
    bool is_not_shared; /* a page that one reader alone may see, though its route is cached */
};

/* The parameters of queries that addresses of this site use; others are left alone. */
#define QUERY_PARAMETERS(P) P(order) P(after) P(before) P(state) P(next) P(done) P(days)
struct query {
#define P(name) struct str name;
    QUERY_PARAMETERS(P)
#undef P
};

/* The cookies that came along, checked for form only. */
struct cookies {
    struct str session;  /* a moderator's */
    struct str edit_key; /* a guest's: proves that a comment is one's own */
    struct str rating;   /* a reader who answered the question */
    struct str report;   /* a reader who reported a comment */
    struct str language; /* what the console is to be shown in; anything at all */
};

enum request_stage { STAGE_READ, STAGE_OPEN, STAGE_SLOW, STAGE_SEND, STAGE_FAILED };

struct request {
    struct web *web;
    struct http_exchange *x;
    struct arena *arena;
    const struct route *route; /* NULL: no such address */
    struct str path;           /* decoded */
    struct str args[ROUTE_ARGS_MAX];
    struct query query;
    struct cookies cookies;
    struct str lang; /* of the address, or the reader's best */
    const struct i18n_lang *words;
    int64_t now_s;
    struct actor actor;
    struct session session; /* the actor's, when its access is ACCESS_PENDING or above */
    void *form;             /* the struct that the route's row names; NULL for reading routes */
    const struct reason_list *reasons; /* of the site: reasons_open */
    void *prepared;  /* TX_PREPARED: what the handler made of it before the writer's turn */
    bool asks_ahead; /* TX_PREPARED: the handler may be run several times, see db_write */
    struct form_faults faults;
    struct token token; /* the form's, once the gate has checked it */
    int64_t retry_s;    /* for 429 and 503 */
    struct err err;     /* why it failed; kind ERR_NONE: it did not */
    struct reply reply;
    bool is_wrong_method; /* 405: the address knows others */
    bool is_foreign;      /* it came from another site: nothing of it is shown again */
    bool is_shared;       /* the answer may be anybody's */
    bool is_renewal;      /* nobody sent it: its exchange and arena are its own, see web/renew.h */
    struct cache_ticket ticket;
    struct cache_waiter waiter;
    struct str cache_key;
    enum request_stage stage;
    struct pool_job job;
    struct db_write write;
    uint64_t statements; /* run for it, for the log at debug */
};

/* What the pages of a conversation, and all that count its comments, are dropped by. */
static inline uint64_t tag_of_thread(struct thread_id t)
{
    return (uint64_t)t.v;
}

/* What the ledger's pages are dropped by. */
#define TAG_LEDGER CACHE_WIDE_TAG(0)
/* And those that show a conversation, when a switch of the whole site is moved. */
#define TAG_TALKS CACHE_WIDE_TAG(1)

/* What is dropped when a rule was changed: the rules in use. */
#define TAG_RULES CACHE_WIDE_TAG(2)

/* Something with this tag was changed, here or elsewhere: nobody shows or uses the old any more. */
void web_changed(struct web *w, uint64_t tag);

/*
 * Before a page is taken from the cache: drops all of them, now and then, while this node cannot
 * hear what others change (db_is_deaf). Not a job's work: jobs wait for the database that is
 * silent.
 */
void web_hear(struct web *w);

/* Notes a tag. Beyond CACHE_TAGS_MAX the page will not be stored. */
void reply_tag(struct reply *r, uint64_t tag);
/* Adds a header; what does not fit is left out. */
void reply_header(struct reply *r, struct str name, struct str value);
/* 303 to a path of this site; fragment included. */
void reply_redirect(struct reply *r, struct str path);
/* The template and its view struct. */
void reply_template(struct reply *r, enum view_template t, const void *data);

/* Sets one of our cookies. max_age_s 0: until the browser closes; below 0: takes it away. */
enum cookie {
    COOKIE_SESSION,
    COOKIE_EDIT_KEY,
    COOKIE_RATING,
    COOKIE_REPORT,
    COOKIE_LANGUAGE,
};
void reply_cookie(struct request *rq, enum cookie which, struct str value, int64_t max_age_s);

/*
 * A guest's edit key: whose it is, and what proves it. In the cookie 64 hexadecimal digits; the
 * database keeps the secret's hash in the commenter's row, which is found by its id.
 */
#define EDIT_SECRET_BYTES 16
struct edit_key {
    struct commenter_id commenter;
    uint8_t secret[EDIT_SECRET_BYTES];
};
struct str edit_key_print(struct arena *a, const struct edit_key *key);
/* False when it is anything else. */
bool edit_key_parse(struct str value, struct edit_key *ret_key);
struct hash edit_key_hash(const struct edit_key *key);

/* Reads our cookies from the request. */
void cookies_read(struct request *rq);

/* The form that the row named, as its struct. */
#define FORM_OF(rq, type) ((struct type *)(rq)->form)
