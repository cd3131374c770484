/*
 * What the ways of signing in share: sign_in.c, second_step.c, passkey.c.
 */
#pragma once

#include "web/request.h"

/* A new session's token: 64 hexadecimal characters. In the arena. */
struct str sign_in_token(struct request *rq);
/* Sets the cookie of a session of that strength and leads on. */
void sign_in_lead(struct request *rq, struct str token, enum strength strength, struct str next);
