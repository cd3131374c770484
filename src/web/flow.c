#include "web/flow.h"

#include <stddef.h>

#include "base/must.h"
#include "web/door.h"
#include "web/gate.h"
#include "web/kept.h"
#include "web/page_key.h"
#include "web/polish.h"
#include "web/reply.h"
#include "web/routing.h"

#define RETRY_S 2 /* what a busy server asks for */

/* ---- Endings -------------------------------------------------------------------------------- */

static const char *route_name(const struct request *rq)
{
    return rq->route ? rq->route->name : "none";
}

/* Errors are logged here and nowhere else, once; what a reader did wrong is not an error. */
static void log_ending(struct request *rq)
{
    const struct log *log = rq->web->o.log;
    bool is_ours =
        rq->err.kind == ERR_BROKEN || rq->err.kind == ERR_UNKNOWN || rq->err.kind == ERR_BUSY;
    if (is_ours) {
        (void)err_where(&rq->err, "%s", route_name(rq));
        log_err(log, "request", &rq->err);
    }
    log_debug(log, "request", "route=%s status=%d statements=%llu bytes=%zu", route_name(rq),
              rq->reply.status ? rq->reply.status : 200, (unsigned long long)rq->statements,
              rq->reply.body.n);
}

/* Who has some way to go to a page is shown the next door, and led back afterwards. */
static bool lead_to_sign_in(struct request *rq)
{
    if (rq->err.kind != ERR_SIGN_IN || rq->x->request.method == HTTP_POST)
        return false;
    rq->reply = (struct reply){0};
    reply_redirect(&rq->reply, door_address(rq, door_here(rq)));
    return true;
}

/* Turns rq->err into a page. */
static void make_error(struct request *rq)
{
    if ((rq->err.kind == ERR_BUSY || rq->err.kind == ERR_UNKNOWN) && rq->retry_s == 0)
        rq->retry_s = RETRY_S;
    if (!lead_to_sign_in(rq))
        reply_error(rq);
}

/* A page for everybody cannot be made now: what there was before, if nothing has changed it. */
static bool answer_old(struct request *rq)
{
    struct http_blob *blob = cache_old(rq->web->pages, rq->cache_key);
    if (!blob)
        return false;
    reply_send_blob(rq, blob);
    return true;
}

/* When not even a page can be made: a line of text. Runs anywhere, never fails. */
static void answer_busy(struct request *rq)
{
    rq->err.kind = rq->err.kind ? rq->err.kind : ERR_BUSY;
    rq->retry_s = RETRY_S;
    rq->reply = (struct reply){.status = reply_status(rq->err.kind, false),
                               .type = STR("text/plain; charset=utf-8"),
                               .body = reply_error_text(rq)};
    log_ending(rq);
    reply_send(rq);
}

/* Nobody waits for an answer. */
static void end_renewal(struct request *rq, struct http_blob *blob)
{
    struct arena *a = rq->arena;
    http_blob_drop(&blob);
    arena_free(&a);
}

/* The page is made: to the cache and all who wait for it, or to this reader alone. */
static void finish(struct request *rq)
{
    struct reply *r = &rq->reply;
    log_ending(rq);
    if (!rq->is_shared) {
        reply_send(rq);
        return;
    }
    struct http_blob *blob = NULL;
    bool is_later = rq->err.kind == ERR_BUSY || rq->err.kind == ERR_BROKEN;
    bool is_page =
        rq->err.kind == ERR_NONE && r->location.n == 0 && (r->status == 0 || r->status == 200);
    if (is_page || rq->err.kind == ERR_MISSING)
        blob = reply_blob(rq);
    const struct cache_page page = {
        .value = blob ? http_blob_hold(blob) : NULL,
        .bytes = blob ? sizeof *blob + blob->head_n + blob->body_n : 0,
        .tags = r->tags,
        .n_tags = r->n_tags,
        .until_s = r->until_s,
        .is_to_store = is_page && !r->is_not_shared,
        .is_later = is_later,
    };
    cache_finish(rq->web->pages, rq->ticket, &page);
    if (page.is_to_store)
        polish_later(rq, blob);
    if (rq->is_renewal)
        end_renewal(rq, blob);
    else if (blob)
        reply_send_blob(rq, blob);
    else if (!is_later || !answer_old(rq))
        reply_send(rq);
}

/* ---- Work on the pool's threads ------------------------------------------------------------- */

static void to_pool(struct request *rq, enum request_stage stage);

static bool read_work(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    rq->reply = (struct reply){0}; /* it may be run a second time */
    bool ok = gate_identify(rq, tx, e) && rq->route->handler(rq, tx, e);
    rq->statements = tx_statements(tx);
    return ok;
}

/* A session's last use on its way to the database; it owns its arena and lives there. */
struct use {
    struct db_write write;
    struct arena *arena;
    struct web *web;
    struct hash session;
};

static bool use_work(struct tx *tx, void *context, struct err *e)
{
    const struct use *use = context;
    tx_changes(tx, NULL, 0);
    return session_use(use->web->o.domain, tx, use->session, e);
}

static void use_done(void *context, bool ok, const struct err *e)
{
    struct use *use = context;
    struct arena *a = use->arena; /* use goes with it */
    if (!ok)
        log_err(use->web->o.log, "session", e);
    atomic_store(&use->web->is_noting, false);
    arena_free(&a);
}

/*
 * Once an hour a session's last use is written down; nothing depends on it. Nobody waits for it: a
 * writer that is busy would keep all threads that make pages. And one at a time, so that those who
 * come again and again meanwhile do not fill the queue in which readers' comments wait; what is
 * left out is noted with the next page.
 */
static void note_use(struct request *rq)
{
    struct web *w = rq->web;
    struct err e;
    if (rq->actor.access < ACCESS_ACCOUNT || rq->now_s - rq->session.used_s < SESSION_USED_S ||
        atomic_exchange(&w->is_noting, true))
        return;
    struct arena *a = arena_new(0);
    struct use *use = ARENA_NEW(a, struct use);
    *use = (struct use){.arena = a, .web = w, .session = rq->session.hash};
    use->write = (struct db_write){.work = use_work, .done = use_done, .context = use, .arena = a};
    if (!db_write_later(w->o.db, &use->write, &e))
        use_done(use, false, &e);
}

static bool again_work(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    struct err before = rq->err;
    rq->reply = (struct reply){.status = reply_status(before.kind, false)};
    bool ok = gate_identify(rq, tx, e) && rq->route->again(rq, tx, e);
    rq->statements = tx_statements(tx);
    return ok;
}

/* A refused form comes back as it was typed, with the reason; other failures are pages. */
static void stage_failed(struct request *rq)
{
    struct err again = {0};
    bool has_form = rq->form && !rq->is_foreign && rq->route->again != error_page &&
                    rq->err.kind != ERR_MISSING && rq->err.kind != ERR_SIGN_IN;
    if (rq->err.kind == ERR_BUSY || rq->err.kind == ERR_UNKNOWN)
        rq->retry_s = RETRY_S;
    if (!has_form || !db_read(rq->web->o.db, rq->arena, again_work, rq, &again)) {
        bool is_away = has_form && (again.kind == ERR_BUSY || again.kind == ERR_BROKEN);
        rq->reply = (struct reply){0};
        if (!is_away || !kept_show(rq))
            make_error(rq);
    }
    reply_render(rq);
    finish(rq);
}

static void stage_read(struct request *rq)
{
    struct web *w = rq->web;
    /* A reader's own page is read where he wrote; a standby does for what is the same for all. */
    bool ok = rq->route->tx == TX_NONE ? rq->route->handler(rq, NULL, &rq->err)
              : rq->is_shared          ? db_read_near(w->o.db, rq->arena, read_work, rq, &rq->err)
                                       : db_read(w->o.db, rq->arena, read_work, rq, &rq->err);
    if (!ok && rq->form) {
        stage_failed(rq);
        return;
    }
    if (ok) {
        note_use(rq);
    } else {
        rq->reply = (struct reply){0}; /* what was to be said before it failed is not true */
        make_error(rq);
    }
    reply_render(rq);
    finish(rq);
}

void flow_make(struct request *rq)
{
    stage_read(rq);
}

/* No page shows what was before the write, and deleted words are nowhere. */
static void follow_write(void *context, bool ok)
{
    struct request *rq = context;
    if (!ok)
        return;
    if (rq->reply.is_not_shared) /* see write_work */
        cache_drop_all(rq->web->pages);
    for (size_t i = 0; i < rq->reply.n_tags; i++)
        web_changed(rq->web, rq->reply.tags[i]);
    if (rq->reply.wants_scrub) {
        cache_sweep(rq->web->pages);
        db_scrub(rq->web->o.db);
    }
}

static bool write_work(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    rq->reply = (struct reply){0}; /* it may be run a second time */
    tx_after(tx, follow_write, rq);
    bool ok = gate_identify(rq, tx, e) && rq->route->handler(rq, tx, e);
    if (!rq->reply.is_not_shared) /* that would be: more tags than there is room for */
        tx_changes(tx, rq->reply.tags, rq->reply.n_tags);
    rq->statements = tx_statements(tx);
    return ok;
}

/* On the writer's thread, after the commit: nothing is told before this. */
static void write_done(void *context, bool ok, const struct err *e)
{
    struct request *rq = context;
    if (!ok && e->kind == ERR_UNKNOWN) /* it may be stored, although nobody is told so */
        follow_write(rq, true);
    if (!ok) {
        rq->err = *e;
        to_pool(rq, STAGE_FAILED);
        return;
    }
    if (rq->reply.location.n)
        finish(rq);
    else
        to_pool(rq, STAGE_SEND);
}

static void stage_write(struct request *rq)
{
    if (rq->route->tx == TX_PREPARED && !rq->route->handler(rq, NULL, &rq->err)) {
        stage_failed(rq);
        return;
    }
    rq->write = (struct db_write){.work = write_work,
                                  .done = write_done,
                                  .context = rq,
                                  .arena = rq->arena,
                                  .asks_ahead = rq->asks_ahead};
    if (!db_write_later(rq->web->o.db, &rq->write, &rq->err))
        stage_failed(rq);
}

static bool nothing_work(UNUSED struct tx *tx, UNUSED void *context, UNUSED struct err *e)
{
    return true;
}

static void stage_slow(struct request *rq)
{
    bool may = rq->route->least == ACCESS_READER || gate_read(rq, nothing_work, NULL, &rq->err);
    if (!may || !rq->route->handler(rq, NULL, &rq->err)) {
        stage_failed(rq);
        return;
    }
    reply_render(rq);
    finish(rq);
}

static void stage_open(struct request *rq)
{
    if (!gate_open(rq, &rq->err)) {
        stage_failed(rq);
        return;
    }
    switch (rq->route->tx) {
    case TX_NONE:
    case TX_READ:
        stage_read(rq);
        break;
    case TX_WRITE:
    case TX_PREPARED:
        stage_write(rq);
        break;
    case TX_SLOW:
    case TX_LONG:
        to_pool(rq, STAGE_SLOW);
        break;
    }
}

static void run(struct pool_job *job)
{
    struct request *rq = (struct request *)((char *)job - offsetof(struct request, job));
    switch (rq->stage) {
    case STAGE_READ:
        stage_read(rq);
        break;
    case STAGE_OPEN:
        stage_open(rq);
        break;
    case STAGE_SLOW:
        stage_slow(rq);
        break;
    case STAGE_SEND:
        reply_render(rq);
        finish(rq);
        break;
    case STAGE_FAILED:
        stage_failed(rq);
        break;
    }
}

static void to_pool(struct request *rq, enum request_stage stage)
{
    struct pool *pool = rq->web->pool;
    if (stage == STAGE_SLOW)
        pool = rq->route->tx == TX_LONG ? rq->web->trying : rq->web->slow;
    rq->stage = stage;
    rq->job.run = run;
    if (pool_add(pool, &rq->job))
        return;
    if (rq->is_shared)
        cache_finish(rq->web->pages, rq->ticket, &(struct cache_page){.is_later = true});
    if (!rq->is_shared || !answer_old(rq))
        answer_busy(rq);
}

/* ---- On the loop's thread ------------------------------------------------------------------- */

static void read_shared(struct request *rq)
{
    void *value = NULL;
    struct cache_ticket ticket;
    struct str key = rq->cache_key = page_key_print(rq);
    if (key.n == 0) {
        to_pool(rq, STAGE_READ);
        return;
    }
    rq->waiter.user = rq;
    web_hear(rq->web);
    switch (cache_get(rq->web->pages, key, &rq->waiter, &value, &ticket)) {
    case CACHE_HIT:
        reply_send_blob(rq, value);
        break;
    case CACHE_WAIT:
        break; /* another thread may be answering already */
    case CACHE_BUILD:
        rq->ticket = ticket;
        rq->is_shared = true;
        to_pool(rq, STAGE_READ);
        break;
    }
}

void flow_wake(struct cache_waiter *w, enum cache_found found, void *value,
               struct cache_ticket ticket)
{
    struct request *rq = w->user;
    if (found == CACHE_BUILD) {
        rq->ticket = ticket;
        rq->is_shared = true;
        to_pool(rq, STAGE_READ);
    } else if (value) {
        reply_send_blob(rq, value);
    } else {
        to_pool(rq, STAGE_READ); /* it could not be shared: each gets one of his own */
    }
}

static void answer_at_once(struct request *rq)
{
    if (rq->route && !rq->route->handler(rq, NULL, &rq->err))
        make_error(rq);
    reply_render(rq);
    finish(rq);
}

void flow_on_request(void *context, struct http_exchange *x)
{
    struct web *w = context;
    struct request *rq = ARENA_NEW(x->arena, struct request);
    x->user = rq;
    rq->web = w;
    rq->x = x;
    rq->arena = x->arena;
    rq->now_s = clock_now_s(w->o.clock);
    cookies_read(rq);
    if (!routing_find(rq)) {
        if (rq->err.kind)
            make_error(rq);
        answer_at_once(rq);
        return;
    }
    if (rq->route->method == HTTP_POST)
        to_pool(rq, STAGE_OPEN);
    else if (gate_is_shareable(rq))
        read_shared(rq);
    else if (rq->route->tx == TX_NONE)
        answer_at_once(rq);
    else
        to_pool(rq, STAGE_READ);
}

size_t flow_body_max(void *context, const struct http_request *head)
{
    struct web *w = context;
    struct route_match m = {0};
    struct str path;
    struct err ignored = {0};
    if (head->method != HTTP_POST)
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (form_decode_path(a, head->path, &path, &ignored))
        router_find(w->router, head->method, path, &m);
    return m.route ? m.route->body_max : 0;
}

struct str flow_error_body(UNUSED void *context, int status)
{
    switch (status) {
    case 408:
        return STR("The request took too long.\n");
    case 413:
        return STR("That is more than can be sent at once.\n");
    case 414:
    case 431:
        return STR("The address or the headers are too long.\n");
    case 503:
        return STR("The server is busy. Please try again in a moment.\n");
    default:
        return STR("The request was not understood.\n");
    }
}
