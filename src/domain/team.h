/*
 * The team: who is in it, with which role, and whether they may sign in. Whoever does something is
 * `by`; {0} is the operator at the command line. Every change is in the ledger.
 */
#pragma once

#include "domain/domain.h"
#include "model/moderator.h"

struct tx;

/* What the team's page says of somebody. */
struct member {
    struct moderator moderator;
    struct str password; /* its hash */
    bool has_totp;
    int64_t passkeys, codes; /* how many; codes: recovery codes left */
    int64_t signed_in_s;     /* the last time; 0: never */
    int64_t disabled_s;      /* since when they may not sign in; 0: they may */
    int64_t created_s;
};

/* Whether anything but the password proves who it is. */
static inline bool member_has_second_step(const struct member *m)
{
    return m->has_totp || m->passkeys > 0;
}

/*
 * Adds somebody, and fills in who's id. hash: password_hash of the password.
 * Errors  ERR_CONFLICT with T_TEAM_NAME_TAKEN, ERR_INVALID with T_TEAM_NAME_BAD
 */
MUST_USE bool moderator_add(const struct domain *d, struct tx *tx, struct moderator_id by,
                            struct moderator *who, struct str hash, struct err *e);

/* By name or id. Errors  ERR_MISSING */
MUST_USE bool moderator_find(const struct domain *d, struct tx *tx, struct str name,
                             struct moderator_id *ret_id, struct err *e);
MUST_USE bool moderator_get(const struct domain *d, struct tx *tx, struct moderator_id id,
                            struct member *ret_member, struct err *e);

/* All of them, by name; codes and password are left empty. */
MUST_USE bool moderator_list(const struct domain *d, struct tx *tx, struct member **ret_members,
                             size_t *ret_n, struct err *e);

/*
 * The stored hash for a name, for signing in; an unknown or disabled one gets a stand-in and the id
 * {0}, so that verifying takes as long.
 */
MUST_USE bool moderator_password_get(const struct domain *d, struct tx *tx, struct str name,
                                     struct moderator *ret_moderator, struct str *ret_hash,
                                     struct err *e);

/* Another password for somebody. */
struct password_change {
    struct moderator_id of;
    struct str hash;        /* password_hash of it */
    const struct hash *but; /* of the token of a session that goes on; NULL: all of them end */
};
/* Errors  ERR_MISSING */
MUST_USE bool moderator_set_password(const struct domain *d, struct tx *tx, struct moderator_id by,
                                     const struct password_change *change, struct err *e);

/*
 * Changes to others. Nobody does them to oneself, and one administrator who may sign in remains.
 * Errors  ERR_MISSING, ERR_DENIED with T_TEAM_ONESELF, ERR_CONFLICT with T_TEAM_LAST
 */
MUST_USE bool moderator_set_role(const struct domain *d, struct tx *tx, struct moderator_id by,
                                 struct moderator_id id, enum role role, struct err *e);
/* Shuts somebody out and ends their sessions, or lets them in again. */
MUST_USE bool moderator_set_disabled(const struct domain *d, struct tx *tx, struct moderator_id by,
                                     struct moderator_id id, bool is_disabled, struct err *e);
/* Forgets TOTP, passkeys and recovery codes, and ends the sessions: the password alone is left. */
MUST_USE bool moderator_reset(const struct domain *d, struct tx *tx, struct moderator_id by,
                              struct moderator_id id, struct err *e);

/* Notes a wrong password or another failed proof of somebody in the ledger. */
MUST_USE bool moderator_failed(const struct domain *d, struct tx *tx, struct moderator_id id,
                               struct err *e);
