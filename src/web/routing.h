/*
 * Where a request leads: its row of routes.def, its arguments, its language.
 */
#pragma once

#include "web/request.h"

/*
 * Fills in rq->route, args, query, path, lang and words. False: rq->route is NULL and rq->err says
 * why there is no such place, or rq->reply leads to the right address. Runs in a loop's thread;
 * memory: the request's arena.
 */
bool routing_find(struct request *rq);

/* The same for rq->path, decoded already; rq->query is left alone. */
bool routing_choose(struct request *rq);

/* The site's language of that tag, in the site's own memory; empty: it has none. */
struct str routing_language(const struct web *w, struct str lang);
