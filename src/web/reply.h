/*
 * From a reply to bytes: the one place that knows statuses, and where headers are put together.
 */
#pragma once

#include "web/request.h"

/* The status of an error: the only place where a kind becomes a number. */
int reply_status(enum err_kind kind, bool is_reading);

/* Renders the template, if there is one, into reply->body. No transaction is open. */
void reply_render(struct request *rq);

/* The cached form of a rendered reply: head and body, compressed as the request accepts. */
struct http_blob *reply_blob(struct request *rq);

/* Answers one request with its rendered reply, never to be cached. Ends the request. */
void reply_send(struct request *rq);

/* Answers with a blob; takes over the count. Ends the request. */
void reply_send_blob(struct request *rq, struct http_blob *blob);

/* What to tell the reader of rq->err, in the page's language. */
struct str reply_error_text(const struct request *rq);

/* Fills the reply with the error page of rq->err. Runs no statement. */
void reply_error(struct request *rq);
