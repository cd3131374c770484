/*
 * What the handlers of an article's addresses have in common.
 */
#pragma once

#include "domain/articles.h"
#include "model/comment.h"
#include "web/frame.h"

/* The edition that {lang} and {slug} name. Errors ERR_MISSING. */
MUST_USE bool article_open(struct request *rq, struct tx *tx, struct edition *ret_edition,
                           struct err *e);
/* Its article alone, for what changes it. Errors ERR_MISSING. */
MUST_USE bool article_find(struct request *rq, struct tx *tx, struct thread_id *ret_article,
                           struct err *e);
/* {number}, the third argument. Errors ERR_MISSING. */
MUST_USE bool article_number(const struct request *rq, int64_t *ret_number, struct err *e);
/* Fills want->languages: one statement. */
MUST_USE bool article_languages(struct request *rq, struct tx *tx, const struct edition *ed,
                                struct frame_want *want, struct err *e);
/* "Comment 7 by N." */
struct str article_comment_title(struct request *rq, const struct comment *c);
