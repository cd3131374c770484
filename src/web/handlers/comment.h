/*
 * A form about one comment as a page of its own: what its handlers have in common.
 */
#pragma once

#include "web/fill.h"

/* Opens the page: edition, frame, conversation. Errors ERR_MISSING. */
MUST_USE bool form_page_open(struct request *rq, struct tx *tx, struct edition *ret_edition,
                             struct talk *ret_talk, struct comment_form_page *p, struct err *e);
/* One comment, as this reader may see it. Errors ERR_MISSING. */
MUST_USE bool read_comment(struct request *rq, struct tx *tx, const struct edition *ed,
                           int64_t number, struct comment *ret_comment, struct err *e);
/* Shows it above the form, without links to other forms. */
void show_comment(struct request *rq, const struct talk *t, const struct comment *c,
                  struct comment_form_page *p);
/* The comment that the address names, for what changes it. Errors ERR_MISSING. */
MUST_USE bool comment_named(struct request *rq, struct tx *tx, struct comment_id *ret_id,
                            struct err *e);
