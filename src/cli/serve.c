/*
 * aitys serve: opens everything in order, serves until it is asked to end, closes in reverse.
 */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/systemd.h"
#include "cli/newsroom.h"
#include "config/file.h"
#include "domain/campaign_watch.h"
#include "domain/rule_set.h"
#include "domain/search.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "web/due.h"
#include "web/sign.h"
#include "web/web.h"

#define GRACE_MS 10000
#define LISTEN_MAX 20

struct serving {
    struct newsroom newsroom;
    struct view *view;
    struct i18n *i18n;
    struct web *web;
    struct http_server *server;
    struct jobs *jobs;
    struct jobs_work work;
    struct db_watch watch;
    struct db *index;     /* of the search; NULL: it could not be opened */
    int64_t next_s;       /* when the next edition appears of itself */
    int64_t campaigns_ms; /* when others' comments are looked for again */
};

/* ---- Jobs ----------------------------------------------------------------------------------- */

static bool job_changed(void *context, UNUSED struct err *e)
{
    struct serving *s = context;
    if (db_changed_elsewhere(s->newsroom.db))
        web_drop_pages(s->web);
    return true;
}

static bool job_rules(void *context, struct err *e)
{
    struct serving *s = context;
    return web_rules_due(s->web, e);
}

static bool job_publish(void *context, struct err *e)
{
    struct serving *s = context;
    return web_publish_due(s->web, &s->next_s, e);
}

static bool job_batch(void *context, struct err *e)
{
    struct serving *s = context;
    return web_batch_due(s->web, e);
}

static bool job_campaign(void *context, struct err *e)
{
    struct serving *s = context;
    return web_campaign_due(s->web, &s->campaigns_ms, e);
}

static bool job_search(void *context, struct err *e)
{
    struct serving *s = context;
    return web_search_due(s->web, e);
}

static bool job_network(void *context, struct err *e)
{
    struct serving *s = context;
    return web_network_due(s->web, e);
}

static bool job_forget(void *context, struct err *e)
{
    struct serving *s = context;
    return web_forget_due(s->web, e);
}

static bool job_sign(void *context, struct err *e)
{
    struct serving *s = context;
    return web_sign_due(s->web, e);
}

static bool job_sweep(void *context, UNUSED struct err *e)
{
    struct serving *s = context;
    web_sweep_pages(s->web);
    return true;
}

/* ---- Opening -------------------------------------------------------------------------------- */

static bool open_pages(struct cli *c, struct serving *s, struct err *e)
{
    const struct settings *settings = &s->newsroom.settings;
    struct str theme = settings->theme_dir;
    if (theme.n > 0)
        theme = file_path(c->arena, settings->dir, theme);
    return view_open(theme, &s->view, e) && i18n_open(&s->i18n, e);
}

static size_t listen_list(const struct settings *s, struct http_listen *ret_listen)
{
    size_t n = 0;
    for (size_t i = 0; i < s->server_listen.n && n < LISTEN_MAX; i++)
        ret_listen[n++] = (struct http_listen){.address = s->server_listen.items[i]};
    for (size_t i = 0; i < s->server_operator_listen.n && n < LISTEN_MAX; i++)
        ret_listen[n++] = (struct http_listen){.address = s->server_operator_listen.items[i],
                                               .operator_address = true};
    return n;
}

static struct http_limits limits_of(const struct settings *s)
{
    return (struct http_limits){
        .head_bytes_max = 16 * KiB,
        .headers_max = 100,
        .head_ms = s->server_head_ms,
        .body_ms = s->server_body_ms,
        .idle_ms = s->server_idle_ms,
        .send_ms = s->server_send_ms,
        .connections_max = (size_t)s->server_connections_max,
        .network_connections_max = (size_t)s->server_network_connections_max,
        .bodies_bytes_max = (size_t)s->server_bodies_bytes,
        .requests_per_connection_max = 10000,
    };
}

/* What is compared with each new comment; it is filled when the server serves already. */
static void open_campaigns(struct serving *s)
{
    int64_t n = s->newsroom.settings.moderation_campaign_comments;
    if (n > 0)
        s->newsroom.domain.campaigns = campaign_watch_new(n, s->newsroom.domain.secret);
}

/* Nobody can search when the index cannot be opened; everything else goes on. */
static void open_search(struct cli *c, struct serving *s)
{
    struct err e;
    if (str_eq(s->newsroom.settings.moderation_search, STR("no")))
        return;
    if (newsroom_search_open(c, &s->newsroom, &s->index, &e))
        s->newsroom.domain.search = search_new(s->index, s->newsroom.db);
    else
        log_err(&s->newsroom.log, "search", &e);
}

static bool open_server(struct cli *c, struct serving *s, struct err *e)
{
    const struct settings *settings = &s->newsroom.settings;
    const struct web_options web = {.settings = settings,
                                    .db = s->newsroom.db,
                                    .domain = &s->newsroom.domain,
                                    .view = s->view,
                                    .i18n = s->i18n,
                                    .log = &s->newsroom.log,
                                    .clock = &clock_system,
                                    .has_nodes = newsroom_is_on_server(settings)};
    struct http_listen listen[LISTEN_MAX];
    s->web = web_new(&web);
    const struct http_options http = {
        .listen = listen,
        .n_listen = listen_list(settings, listen),
        .trusted_proxies = settings->server_trusted_proxies.items,
        .n_trusted_proxies = settings->server_trusted_proxies.n,
        .loops = (size_t)settings->server_loops,
        .limits = limits_of(settings),
        .headers = web_headers(c->arena, settings),
        .log = &s->newsroom.log,
        .app = web_app(s->web),
    };
    if (!http_open(&http, &s->server, e))
        return false;
    web_set_server(s->web, s->server);
    s->watch = web_watch(s->web);
    db_watch(s->newsroom.db, &s->watch);
    return true;
}

/* ---- Running -------------------------------------------------------------------------------- */

static void block_signals(sigset_t *ret_set)
{
    (void)sigemptyset(ret_set);
    (void)sigaddset(ret_set, SIGTERM);
    (void)sigaddset(ret_set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ret_set, NULL);
}

/* One line for whoever started it: the address, with the port that the system chose for port 0. */
static void tell_address(const struct serving *s)
{
    struct str address = s->newsroom.settings.server_listen.items[0];
    int port = http_port(s->server, 0);
    cli_print("aitys: serving " STR_FMT " on " STR_FMT " (port %d)",
              STR_ARG(s->newsroom.settings.site_origin), STR_ARG(address), port);
    (void)fflush(stdout);
}

static void run(struct serving *s, const sigset_t *signals)
{
    int signal_number = 0;
    s->work = (struct jobs_work){.changed = job_changed,
                                 .rules = job_rules,
                                 .publish = job_publish,
                                 .batch = job_batch,
                                 .campaign = job_campaign,
                                 .search = job_search,
                                 .network = job_network,
                                 .forget = job_forget,
                                 .sign = job_sign,
                                 .sweep = job_sweep,
                                 .context = s};
    s->jobs = jobs_start(&s->work, &s->newsroom.log, &clock_system);
    (void)malloc_trim(0); /* what opening needed for a moment goes back to the system */
    http_start(s->server);
    systemd_notify(STR("READY=1"));
    tell_address(s);
    while (sigwait(signals, &signal_number) != 0 && errno == EINTR) {
    }
    systemd_notify(STR("STOPPING=1"));
    log_info(&s->newsroom.log, "stop", "signal=%d", signal_number);
}

/* Requests under way end first, then what works for them, then the database, then memory. */
static void close_all(struct serving *s)
{
    jobs_stop(&s->jobs);
    if (s->server)
        http_stop(s->server, GRACE_MS);
    if (s->web)
        web_stop(s->web);
    db_close(&s->index);
    newsroom_close(&s->newsroom);
    search_free(&s->newsroom.domain.search);
    rules_free(&s->newsroom.domain.rules);
    campaign_watch_free(&s->newsroom.domain.campaigns);
    http_close(&s->server);
    web_free(&s->web);
    i18n_close(&s->i18n);
    view_close(&s->view);
}

/* What to do about an address that cannot be listened on. */
static void advise(const struct err *e)
{
    if (e->kind == ERR_BUSY)
        cli_say("another program serves there; stop it or choose another server.listen");
    else if (e->kind == ERR_INVALID)
        cli_say("this machine has no such address; choose another server.listen");
    else if (e->kind == ERR_DENIED)
        cli_say("ports below 1024 need a right of their own; choose a higher server.listen and "
                "put a proxy before it");
}

enum cli_end command_serve(struct cli *c)
{
    struct serving *s = ARENA_NEW(c->arena, struct serving);
    struct err e = {0};
    sigset_t signals;
    /* No dump and no debugger of the same user: memory holds readers' words and addresses. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    block_signals(&signals); /* before any thread: they all inherit it */
    if (!newsroom_open(c, cli_dir(c, true), NEWSROOM_ALONE, &s->newsroom)) {
        newsroom_close(&s->newsroom);
        return CLI_FAILED;
    }
    if (!open_pages(c, s, &e)) {
        close_all(s);
        return cli_fail(&e);
    }
    open_campaigns(s);
    open_search(c, s);
    s->newsroom.domain.rules = rules_new();
    if (!open_server(c, s, &e)) {
        close_all(s);
        (void)cli_fail(&e);
        advise(&e);
        return CLI_FAILED;
    }
    /* Nobody writes before the rules are there, or a key of another node. */
    if (!web_rules_due(s->web, &e) || !web_network_due(s->web, &e)) {
        close_all(s);
        return cli_fail(&e);
    }
    run(s, &signals);
    close_all(s);
    return CLI_DONE;
}
