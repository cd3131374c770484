/*
 * What a browser says of a passkey, checked: WebAuthn (https://www.w3.org/TR/webauthn-2/, sections
 * 7.1 and 7.2) with ES256 keys, user verification and no attestation. Signatures: libfido2, which
 * is loaded when it is first needed, because few ever need it. Knows no database.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define WEBAUTHN_CHALLENGE_BYTES 32
#define WEBAUTHN_KEY_BYTES 64  /* ES256: x and y */
#define WEBAUTHN_ID_BYTES 1023 /* at most */

/* Whom passkeys are for: our origin, and the host alone. */
struct webauthn_party {
    struct str origin;
    struct str id;
};

/*
 * The party of an origin. False: browsers give passkeys to https and localhost only, and to none
 * that has an IP address for a name.
 */
bool webauthn_party_of(struct str origin, struct webauthn_party *ret_party);

/* What a ceremony must be about. */
struct webauthn_ask {
    struct webauthn_party party;
    struct str challenge;  /* WEBAUTHN_CHALLENGE_BYTES */
    struct str public_key; /* of a sign-in: WEBAUTHN_KEY_BYTES */
};

/* What a browser sent, as bytes. */
struct webauthn_said {
    struct str client_data;   /* JSON */
    struct str authenticator; /* authenticator data, section 6.1 */
    struct str signature;     /* empty for a new one */
};

/* A passkey that was made. In the arena. */
struct webauthn_key {
    struct str id;
    struct str public_key; /* WEBAUTHN_KEY_BYTES */
    int64_t uses;          /* the authenticator's count; 0: it does not count */
};

/*
 * A new passkey: type, challenge, origin, host, presence and verification of the user, and a key
 * that is a point of the curve. Errors  ERR_INVALID (why says which), ERR_BROKEN (libfido2)
 */
MUST_USE bool webauthn_made(struct arena *a, const struct webauthn_ask *ask,
                            const struct webauthn_said *said, struct webauthn_key *ret_key,
                            struct err *e);

/* The same for a sign-in: the signature of that key. *ret_uses: the authenticator's count. */
MUST_USE bool webauthn_used(struct arena *a, const struct webauthn_ask *ask,
                            const struct webauthn_said *said, int64_t *ret_uses, struct err *e);

/* base64url without padding (RFC 4648): what browsers and JSON get. In the arena. */
struct str webauthn_text(struct arena *a, struct str bytes);
/* And back; false when it is none. */
MUST_USE bool webauthn_bytes(struct arena *a, struct str text, struct str *ret_bytes);
