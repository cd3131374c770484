/*
 * The one place that decides whether a request may go on: origin, token, form, rate, role. It
 * reads the route's row; no handler repeats or softens it.
 */
#pragma once

#include "web/request.h"

/*
 * Everything about a changing request that needs no database, in this order: where it comes from,
 * the form's bytes, its token, its fields, how often.
 * Errors  ERR_DENIED with T_FORM_FOREIGN or T_FORM_EXPIRED, ERR_INVALID (rq->faults says what),
 *         ERR_TOO_MANY (rq->retry_s says when)
 */
MUST_USE bool gate_open(struct request *rq, struct err *e);

/*
 * Who asks, by the cookies, and whether the route's role lets them in.
 * Errors  ERR_SIGN_IN, ERR_DENIED, ERR_BROKEN
 */
MUST_USE bool gate_identify(struct request *rq, struct tx *tx, struct err *e);

/*
 * Transactions of a route that has none of its own (tx SLOW and LONG): the gate identifies who asks
 * in each, as it does for the others. What they write is on no page that is kept.
 */
MUST_USE bool gate_read(struct request *rq, db_work *work, void *context, struct err *e);
/* One of many reads: what it reads is of an arena of its own, so that they do not add up. */
MUST_USE bool gate_read_aside(struct request *rq, struct arena *aside, db_work *work, void *context,
                              struct err *e);
MUST_USE bool gate_write(struct request *rq, db_work *work, void *context, struct err *e);

/* A fresh token for a form that this page (of the same arguments) will post. */
struct str gate_token(struct request *rq, enum csrf csrf);
/* The sealed time that a comment form carries as "started". */
struct str gate_started(struct request *rq);

/* Whether a request with these cookies may get a page that is anybody's. */
bool gate_is_shareable(const struct request *rq);

/*
 * Before a password is compared: one more try of that name, known or not. Whoever guesses from many
 * networks is slowed down by it; passkeys are not. Errors  ERR_TOO_MANY (rq->retry_s says when)
 */
MUST_USE bool gate_count_name(struct request *rq, struct str name, struct err *e);

/* The rate that a class allows, from the settings. */
struct bucket_rate gate_rate(const struct settings *s, enum rate class);
