/*
 * What the ways of signing in share: sign_in.c, second_step.c, passkey.c.
 */
#pragma once

#include "web/request.h"

/* A new session's token: 64 hexadecimal characters. In the arena. */
struct str sign_in_token(struct request *rq);
/*
 * Opens a session in place of the one whose cookie came along, which ends: nobody would find it any
 * more. In a transaction of the gate. Errors  those of session_add
 */
struct opening {
    struct moderator_id moderator;
    struct str token;
    enum strength strength;
};
MUST_USE bool sign_in_open(struct request *rq, struct tx *tx, const struct opening *o,
                           struct err *e);
/* Sets the cookie of a session of that strength and leads on. */
void sign_in_lead(struct request *rq, struct str token, enum strength strength, struct str next);
