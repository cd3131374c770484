/*
 * libfido2, loaded at run time: it brings libcrypto, libcbor and libudev along, which a server that
 * nobody uses a passkey on does without. Once loaded it stays. Internal to webauthn.c.
 */
#pragma once

#include "domain/webauthn.h"
#include "model/message.h"

/*
 * Takes id, key and count out of authenticator data and sees that the key is a point of the curve.
 * Errors  ERR_INVALID, ERR_BROKEN (the library is not there)
 */
MUST_USE bool fido_read_key(struct arena *a, struct str authenticator, struct webauthn_key *ret_key,
                            struct err *e);

/*
 * Whether the signature over authenticator data and client data is that of ask's key. *ret_uses:
 * the authenticator's count. Errors  as above
 */
MUST_USE bool fido_check_signature(struct arena *a, const struct webauthn_ask *ask,
                                   const struct webauthn_said *said, int64_t *ret_uses,
                                   struct err *e);
