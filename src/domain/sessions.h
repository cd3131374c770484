/*
 * Sign-ins: kept by the hash of the cookie's token only, until they expire or are ended. A token is
 * made for one strength; a proof given later gets a session of its own.
 */
#pragma once

#include "domain/domain.h"
#include "model/moderator.h"

struct tx;

#define SESSION_PENDING_S (15 * 60) /* to give the second proof */
#define SESSION_USED_S 3600         /* how finely the last use is kept */

struct session {
    struct hash hash; /* of the token */
    struct moderator moderator;
    enum strength strength;
    int64_t created_s;
    int64_t used_s; /* to the hour */
};

/*
 * Opens a session. token_hash: hash_of the token. One that is not pending is a sign-in: noted at
 * the moderator and in the ledger. Errors  ERR_DENIED (nobody), ERR_BROKEN
 */
MUST_USE bool session_add(const struct domain *d, struct tx *tx, struct moderator_id m,
                          struct hash token_hash, enum strength strength, struct err *e);

/* Whose it is. One that expired, or whose owner was shut out, is not found. */
MUST_USE bool session_find(const struct domain *d, struct tx *tx, struct hash token_hash,
                           struct session *ret_session, bool *ret_found, struct err *e);

/* How far a session leads: by its strength, the role and what the site wants of it. */
enum access session_access(const struct domain *d, const struct session *s);

/* Whether somebody else of the team was at work within the last SESSION_USED_S, or twice that. */
MUST_USE bool session_others(const struct domain *d, struct tx *tx, struct moderator_id but,
                             bool *ret_are, struct err *e);

/* Notes that it is in use. */
MUST_USE bool session_use(const struct domain *d, struct tx *tx, struct hash token_hash,
                          struct err *e);

/* Signs out. */
MUST_USE bool session_drop(const struct domain *d, struct tx *tx, const struct session *s,
                           struct err *e);

/* A moderator's own, newest first. */
MUST_USE bool session_list(const struct domain *d, struct tx *tx, struct moderator_id m,
                           struct session **ret_sessions, size_t *ret_n, struct err *e);

/* Ends one of a moderator's. Errors  ERR_MISSING */
MUST_USE bool session_end(const struct domain *d, struct tx *tx, struct moderator_id m,
                          struct hash hash, struct err *e);
/* Ends those of a moderator's that the password alone opened, but not this one. */
MUST_USE bool session_end_weak(const struct domain *d, struct tx *tx, struct moderator_id m,
                               struct hash hash, struct err *e);
/* Ends all of a moderator's but this one. */
MUST_USE bool session_end_others(const struct domain *d, struct tx *tx, struct moderator_id m,
                                 struct hash hash, struct err *e);
