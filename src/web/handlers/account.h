/*
 * What the pages of an account and of the team share: account.c, second_step.c, passkey.c, team.c.
 */
#pragma once

#include "web/request.h"

/* Makes recovery codes and shows them, once. */
MUST_USE bool account_new_codes(struct request *rq, struct tx *tx, struct err *e);
/* The same when there are none yet; otherwise leads to the address. */
MUST_USE bool account_first_codes(struct request *rq, struct tx *tx, const char *address,
                                  struct err *e);

/* A page with secrets that are shown this once. */
struct shown_once {
    enum message title, text;
    struct str title_argument; /* {0} of the title; may be empty */
    const struct str *secrets;
    size_t n_secrets;
    struct str back_address;
    enum message back;
};
MUST_USE bool account_show_once(struct request *rq, struct tx *tx, const struct shown_once *once,
                                struct err *e);

/*
 * Whether it is the password of whoever is signed in: a session alone, perhaps a stolen one, must
 * not change by what its owner gets in; a wrong one is in the ledger. On the thread for passwords,
 * outside any transaction. Errors  ERR_INVALID with T_PASSWORD_WRONG, ERR_TOO_MANY
 */
MUST_USE bool account_password_prove(struct request *rq, struct str typed, struct err *e);
/* The same, then runs what needed the proof in a transaction that writes. Errors  also then's */
MUST_USE bool account_write_proved(struct request *rq, struct str typed, route_handler *then,
                                   struct err *e);
