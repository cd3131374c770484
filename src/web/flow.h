/*
 * The life of a request, step by step: see docs/developer/architecture.md, "A request".
 */
#pragma once

#include "web/request.h"

/* The three things that http/ asks; context is the struct web. Called in a loop's thread. */
size_t flow_body_max(void *context, const struct http_request *head);
void flow_on_request(void *context, struct http_exchange *x);
struct str flow_error_body(void *context, int status);

/* Makes the page of a request that nobody sent, on a thread of the pool; ends the request. */
void flow_make(struct request *rq);

/* What the cache calls when a wait ends. */
void flow_wake(struct cache_waiter *w, enum cache_found found, void *value,
               struct cache_ticket ticket);
