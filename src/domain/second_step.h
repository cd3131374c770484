/*
 * The second step of signing in: codes of an app, and recovery codes for when the app is gone.
 * Why it is so: docs/decisions/0015-second-step.md.
 */
#pragma once

#include "domain/sessions.h"
#include "domain/totp.h"

#define RECOVERY_CODES 10
#define RECOVERY_GROUPS 5 /* of 20 bits */

/* So many wrong codes are free; each one after that makes the next wait twice as long. */
#define CODE_MISSES_FREE 5
#define CODE_WAIT_S 60
#define CODE_WAIT_MAX_S 3600

/*
 * The secret that an app is given. seed: the text of a form's token; only its hash is stored, and
 * without the site's secret it is worth nothing.
 */
struct totp_secret totp_secret_of(const struct domain *d, struct moderator_id m, struct str seed);

/*
 * Switches codes on, when `code` shows that the app has the secret of that seed; the session
 * becomes as strong, the moderator's other sessions end that are weaker.
 * Errors  ERR_INVALID with T_CODE_WRONG, ERR_CONFLICT with T_TOTP_IS_ON
 */
MUST_USE bool totp_turn_on(const struct domain *d, struct tx *tx, const struct session *s,
                           struct str seed, struct str code, struct err *e);
/* Switches them off. With the last proof besides the password the recovery codes go. */
MUST_USE bool totp_turn_off(const struct domain *d, struct tx *tx, struct moderator_id m,
                            struct err *e);

/* What became of a typed code. */
struct code_answer {
    enum code_taken {
        CODE_GOOD,
        CODE_WRONG,   /* counted, and in the ledger */
        CODE_TOO_SOON /* not even looked at */
    } taken;
    int64_t wait_s; /* until another one is looked at; 0: at once */
};
/*
 * Takes a code of the app or a recovery code; neither is ever taken again. What is counted must be
 * stored, so a wrong code is no error.
 */
MUST_USE bool code_take(const struct domain *d, struct tx *tx, struct moderator_id m,
                        struct str typed, struct code_answer *ret_answer, struct err *e);

/* A new set of recovery codes in place of the old one; shown once. */
MUST_USE bool recovery_codes_make(const struct domain *d, struct tx *tx, struct moderator_id m,
                                  struct str ret_codes[static RECOVERY_CODES], struct err *e);

/* Another proof was set up in this session: it becomes as strong, others that are weaker end. */
MUST_USE bool second_step_added(const struct domain *d, struct tx *tx, const struct session *s,
                                enum strength strength, struct err *e);
/* One was removed: without any left the recovery codes are worth nothing, and go. */
MUST_USE bool second_step_removed(const struct domain *d, struct tx *tx, struct moderator_id m,
                                  struct err *e);
