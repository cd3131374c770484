/*
 * The team's passkeys. One is as good as password and code together: it proves that its owner has
 * the device and that the device knows its owner.
 */
#pragma once

#include "domain/sessions.h"
#include "domain/webauthn.h"

#define PASSKEY_HANDLE_BYTES 16
#define PASSKEYS_MAX 20     /* of one moderator */
#define PASSKEY_VALID_S 600 /* from challenge to answer */
#define PASSKEY_NAME_CHARS_MAX 60

struct passkey {
    struct str id; /* the credential's */
    struct str name;
    int64_t created_s;
    int64_t used_s; /* 0: never */
};

/* Bytes that stand for a moderator on the device: they tell nothing, and no one else's fit. */
struct str passkey_handle(const struct domain *d, struct arena *a, struct moderator_id m);

/* Oldest first. */
MUST_USE bool passkey_list(const struct domain *d, struct tx *tx, struct moderator_id m,
                           struct passkey **ret_passkeys, size_t *ret_n, struct err *e);

/* Whether a challenge is fresh enough. Errors  ERR_CONFLICT with T_FORM_EXPIRED */
MUST_USE bool passkey_is_fresh(int64_t issued_s, int64_t now_s, struct err *e);

/*
 * Adds one that webauthn_made read; the session becomes as strong.
 * Errors  ERR_CONFLICT with T_PASSKEY_KNOWN (it is there) or T_PASSKEY_MANY
 */
MUST_USE bool passkey_add(const struct domain *d, struct tx *tx, const struct session *s,
                          const struct webauthn_key *key, struct str name, struct err *e);

/* A passkey as a sign-in needs it. */
struct passkey_owner {
    struct moderator moderator;
    struct str public_key;
};
/* Errors  ERR_MISSING: no such passkey, or its owner was shut out, or the handle is another's. */
MUST_USE bool passkey_find(const struct domain *d, struct tx *tx, struct str id, struct str handle,
                           struct passkey_owner *ret_owner, struct err *e);

/* What became of one that webauthn_used found good. */
enum passkey_used {
    PASSKEY_GOOD,
    PASSKEY_REPEATED, /* the challenge is not newer than the last one that was taken */
    PASSKEY_CLONED    /* the authenticator's count went back: there are two of it */
};
/* A sign-in that webauthn_used found good. */
struct passkey_proof {
    struct str id;    /* the passkey's */
    int64_t issued_s; /* the challenge's */
    int64_t uses;     /* the authenticator's count */
};
/*
 * Takes the challenge, once: no challenge as old as it is taken with this passkey again. What was
 * refused is in the ledger, so it is no error. Errors  ERR_MISSING: it was removed meanwhile
 */
MUST_USE bool passkey_use(const struct domain *d, struct tx *tx, const struct passkey_proof *proof,
                          enum passkey_used *ret_used, struct err *e);

/* Errors  ERR_MISSING: not this moderator's. */
MUST_USE bool passkey_set_name(const struct domain *d, struct tx *tx, struct moderator_id m,
                               struct str id, struct str name, struct err *e);
MUST_USE bool passkey_drop(const struct domain *d, struct tx *tx, struct moderator_id m,
                           struct str id, struct err *e);
