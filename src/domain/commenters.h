/*
 * What the team knows of a commenter; what it thinks of them is trust.h. All comments of one, and
 * "remove everything they wrote", are queue.h and batch.h with the filter {QUEUE_ALL, commenter}.
 */
#pragma once

#include "domain/claims.h"
#include "domain/domain.h"
#include "domain/trust.h"
#include "model/comment.h"
#include "model/moderator.h"

struct tx;

#define COMMENTER_SEEN_MAX 1000 /* of their comments, the newest, are looked at */
#define COMMENTER_NAMES_MAX 10
#define COMMENTER_DECISIONS_MAX 20
#define COMMENTER_OTHERS_MAX 20

/* Another commenter by the same network. */
struct commenter_other {
    struct commenter_id id;
    struct str name; /* of a comment that came by it */
    int64_t approved, rejected;
    enum trust trust;
};
struct commenter_record {
    struct commenter_id id;
    int64_t created_s;
    int64_t approved, rejected;
    enum trust trust;      /* as it is now: one that has run out is TRUST_NONE */
    int64_t trust_until_s; /* 0: for good */
    int64_t seen;          /* comments looked at; COMMENTER_SEEN_MAX + 1: there are more */
    int64_t by_state[COMMENT_WITHDRAWN + 1]; /* of those */
    struct str names[COMMENTER_NAMES_MAX];   /* they used, newest first, each once */
    size_t n_names;
    struct decision *decisions; /* of the team about their newest comments, newest first */
    size_t n_decisions;
    struct trust_records trusts;
    struct team_note *notes;
    size_t n_notes;
    struct commenter_other *others; /* by the same network within moderation.network_hours */
    size_t n_others;
};
/* Six statements. Errors ERR_MISSING. */
MUST_USE bool commenter_record_get(const struct domain *d, struct tx *tx,
                                   const struct commenter_id *id,
                                   struct commenter_record *ret_record, struct err *e);

/* What is thought of a commenter now, for telling the commenter until when. Errors ERR_MISSING. */
MUST_USE bool commenter_trust_get(const struct domain *d, struct tx *tx,
                                  const struct commenter_id *id, struct trusting *ret_trusting,
                                  struct err *e);

/*
 * Forgets by which networks comments came when moderation.network_hours have passed, at most 500 of
 * them: for a job. Errors ERR_BROKEN.
 */
MUST_USE bool arrival_expire(const struct domain *d, struct tx *tx, int64_t *ret_dropped,
                             struct err *e);
