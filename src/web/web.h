/*
 * The web application: what http/ asks, and what `aitys serve` starts and stops. Knows no SQL and
 * writes no HTML.
 */
#pragma once

#include "config/settings.h"
#include "db/db.h"
#include "domain/domain.h"
#include "http/http.h"
#include "i18n/i18n.h"
#include "view/view.h"

struct web;

/* Everything is borrowed and outlives the application. */
struct web_options {
    const struct settings *settings;
    struct db *db;
    const struct domain *domain;
    const struct view *view;
    const struct i18n *i18n;
    const struct log *log;
    const struct clock *clock;
    bool has_nodes; /* other processes may serve the same database */
};

/* Makes the application and its threads. It ends with web_free. */
struct web *web_new(const struct web_options *options);

/* For http_options.app. */
struct http_app web_app(struct web *w);

/* For http_options.headers: what every answer carries, whatever it is. In the arena. */
struct str web_headers(struct arena *a, const struct settings *settings);

/* The server whose counters /metrics prints; before http_start. */
void web_set_server(struct web *w, const struct http_server *server);

/* Drops all rendered pages: another process wrote, or a scheduled article's hour came. */
void web_drop_pages(struct web *w);
/* What other nodes change is dropped from the pages at once: for db_watch. */
struct db_watch web_watch(struct web *w);
/* Gives back the memory of pages that are stale already. */
void web_sweep_pages(struct web *w);

/*
 * Drops all pages when the hour in *next_s has come, and puts there when the next edition appears
 * of itself (0: none waits). One statement. Errors ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_publish_due(struct web *w, int64_t *next_s, struct err *e);

/* Ends the threads once what is queued is done; what still comes is answered "busy". */
void web_stop(struct web *w);
/* After web_stop and db_close. Accepts NULL, clears. */
void web_free(struct web **w);
