/*
 * Which posts are the same post: docs/decisions/0006-idempotency-without-accounts.md.
 */
#pragma once

#include "domain/comments.h"
#include "web/request.h"

struct idem {
    uint8_t key[COMMENT_KEY_BYTES]; /* stored with the comment; equal keys are one comment */
    struct edit_key edit_key;       /* what a new commenter gets; who that is, is known later */
    bool is_personal;               /* the form had a key of this reader's own */
};

/* Of the comment form of this request. */
void idem_make(struct request *rq, struct idem *ret_idem);

/*
 * Whether the answer may carry the edit key. A repeated comment gives it to a form with a key of
 * its own, and, right after, to a held one: nobody else has read its words. What is published
 * anybody can copy from the page, even from the same network and browser.
 */
bool idem_may_give_key(const struct request *rq, const struct idem *idem,
                       const struct comment_added *added);

/* The cookie of a reader who has none, for rating or reporting: the same for a double click. In the
 * arena. */
struct str idem_reader_token(struct request *rq, enum cookie which);

/*
 * The reader's network as the domain takes it: 8 bytes, keyed with what only this process has, or
 * the site's nodes for some hours. Empty: not known. In the arena.
 */
struct str idem_network(struct request *rq);
