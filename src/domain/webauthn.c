#include "domain/webauthn.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <sodium.h>

#include "base/must.h"
#include "domain/fido.h"

#define HOST_BYTES 254
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

bool webauthn_party_of(struct str origin, struct webauthn_party *ret_party)
{
    static const struct str https = STR_INIT("https://"), http = STR_INIT("http://");
    bool is_https = str_begins(origin, https);
    struct str host = str_from(origin, is_https ? https.n : http.n), name, port;
    char text[HOST_BYTES];
    struct in_addr address;
    if (str_cut(host, ':', &name, &port))
        host = name;
    if (host.n == 0 || host.n >= sizeof text || host.p[0] == '[')
        return false;
    if (!is_https && !str_eq(host, STR("localhost")) && !str_ends(host, STR(".localhost")))
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = 0;
    if (inet_pton(AF_INET, text, &address) == 1)
        return false;
    *ret_party = (struct webauthn_party){origin, host};
    return true;
}

struct str webauthn_text(struct arena *a, struct str bytes)
{
    size_t n = sodium_base64_encoded_len(bytes.n, BASE64);
    char *text = arena_take(a, n);
    sodium_bin2base64(text, n, (const unsigned char *)bytes.p, bytes.n, BASE64);
    return (struct str){text, n - 1};
}

bool webauthn_bytes(struct arena *a, struct str text, struct str *ret_bytes)
{
    unsigned char *bytes = arena_take(a, text.n + 1);
    size_t n;
    if (sodium_base642bin(bytes, text.n + 1, text.p ? text.p : "", text.n, NULL, &n, NULL,
                          BASE64) != 0)
        return false;
    *ret_bytes = (struct str){(const char *)bytes, n};
    return true;
}

/* ---- What the browser says it did ----------------------------------------------------------- */

static bool is_text(const json_t *object, const char *key, struct str expected)
{
    const json_t *value = json_object_get(object, key);
    struct str said = {json_string_value(value), json_string_length(value)};
    return json_is_string(value) && str_eq(said, expected);
}

static void free_json(json_t **at)
{
    json_decref(*at);
}

/* Section 7.1, steps 5 to 9, and 7.2, steps 9 to 13. */
static bool client_data_check(struct arena *a, const struct webauthn_ask *ask, const char *type,
                              struct str client_data, struct err *e)
{
    ON_LEAVE(free_json)
    json_t *said =
        json_loadb(client_data.p ? client_data.p : "", client_data.n, JSON_REJECT_DUPLICATES, NULL);
    if (!said || !json_is_object(said))
        return err_set(e, ERR_INVALID, 0, "passkey: the client data are no JSON");
    if (!is_text(said, "type", str_of(type)))
        return err_set(e, ERR_INVALID, 0, "passkey: another ceremony");
    if (ask->challenge.n != WEBAUTHN_CHALLENGE_BYTES ||
        !is_text(said, "challenge", webauthn_text(a, ask->challenge)))
        return err_set(e, ERR_INVALID, 0, "passkey: another challenge");
    if (!is_text(said, "origin", ask->party.origin))
        return err_set(e, ERR_INVALID, 0, "passkey: another origin");
    if (json_is_true(json_object_get(said, "crossOrigin")))
        return err_set(e, ERR_INVALID, 0, "passkey: from within another site's page");
    return true;
}

/* ---- What the authenticator says ------------------------------------------------------------ */

/* Section 6.1: the hash of the host, then flags. */
#define FLAGS_AT crypto_hash_sha256_BYTES
#define FLAG_PRESENT 0x01
#define FLAG_VERIFIED 0x04
#define FLAG_KEY 0x40

#define HEAD_BYTES (FLAGS_AT + 1 + 4) /* the count is behind the flags */
#define MODEL_BYTES 16                /* then, of a new key, a model's number and its id */

/* The first byte of a CBOR item (RFC 8949, section 3). */
enum cbor { CBOR_BYTES = 2, CBOR_TEXT = 3, CBOR_ARRAY = 4, CBOR_MAP = 5 };
#define CBOR_SHORT 24 /* arguments below stand in the first byte */
#define CBOR_LENGTHS                                                                               \
    4 /* of 1, 2, 4 and 8 bytes; what is beyond is not for authenticators (CTAP2) */

/* Reads an item's type and argument. */
static bool cbor_next(struct str *rest, enum cbor *ret_type, uint64_t *ret_n)
{
    uint8_t first = (uint8_t)rest->p[0];
    unsigned info = first & 31;
    size_t bytes = info < CBOR_SHORT ? 0 : (size_t)1 << (info - CBOR_SHORT);
    uint64_t n = info < CBOR_SHORT ? info : 0;
    if (info >= CBOR_SHORT + CBOR_LENGTHS || rest->n < 1 + bytes)
        return false;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (uint8_t)rest->p[1 + i];
    *rest = str_from(*rest, 1 + bytes);
    *ret_type = (enum cbor)(first >> 5);
    *ret_n = n;
    return true;
}

/*
 * Whether the items claim to hold no more than there are bytes: each has one at least. libcbor
 * takes memory for as many as are claimed, before it looks whether they are there.
 */
static bool cbor_is_honest(struct str rest)
{
    uint64_t left = rest.n, n;
    enum cbor type;
    while (rest.n > 0) {
        if (!cbor_next(&rest, &type, &n))
            return false;
        if (type == CBOR_BYTES || type == CBOR_TEXT) {
            if (n > rest.n)
                return false;
            rest = str_from(rest, n);
        } else if (type == CBOR_ARRAY || type == CBOR_MAP) {
            if (n > left / (type == CBOR_MAP ? 2 : 1))
                return false;
            left -= type == CBOR_MAP ? 2 * n : n;
        }
    }
    return true;
}

/* The part of what an authenticator says that is CBOR: a new key, extensions. */
static bool cbor_find(struct str said, struct str *ret_cbor)
{
    struct str rest = str_from(said, HEAD_BYTES);
    if ((unsigned char)said.p[FLAGS_AT] & FLAG_KEY) {
        if (rest.n < MODEL_BYTES + 2)
            return false;
        const uint8_t *id_n = (const uint8_t *)rest.p + MODEL_BYTES;
        size_t before = MODEL_BYTES + 2 + ((size_t)id_n[0] << 8 | id_n[1]);
        if (rest.n < before)
            return false;
        rest = str_from(rest, before);
    }
    *ret_cbor = rest;
    return true;
}

/* libfido2 checks the same of a sign-in; of a new key without attestation nobody else does. */
static bool authenticator_check(const struct webauthn_party *party, struct str said, struct err *e)
{
    uint8_t host[crypto_hash_sha256_BYTES];
    struct str cbor;
    crypto_hash_sha256(host, (const unsigned char *)party->id.p, party->id.n);
    if (said.n < HEAD_BYTES || memcmp(said.p, host, sizeof host) != 0)
        return err_set(e, ERR_INVALID, 0, "passkey: for another host");
    unsigned flags = (unsigned char)said.p[FLAGS_AT];
    if (!(flags & FLAG_PRESENT) || !(flags & FLAG_VERIFIED))
        return err_set(e, ERR_INVALID, 0, "passkey: the user was not verified");
    if (!cbor_find(said, &cbor) || !cbor_is_honest(cbor))
        return err_set(e, ERR_INVALID, 0, "passkey: claims to say more than it does");
    return true;
}

bool webauthn_made(struct arena *a, const struct webauthn_ask *ask,
                   const struct webauthn_said *said, struct webauthn_key *ret_key, struct err *e)
{
    if (!client_data_check(a, ask, "webauthn.create", said->client_data, e) ||
        !authenticator_check(&ask->party, said->authenticator, e))
        return false;
    if (!((unsigned char)said->authenticator.p[FLAGS_AT] & FLAG_KEY))
        return err_set(e, ERR_INVALID, 0, "passkey: without a key");
    return fido_read_key(a, said->authenticator, ret_key, e);
}

bool webauthn_used(struct arena *a, const struct webauthn_ask *ask,
                   const struct webauthn_said *said, int64_t *ret_uses, struct err *e)
{
    return client_data_check(a, ask, "webauthn.get", said->client_data, e) &&
           authenticator_check(&ask->party, said->authenticator, e) &&
           fido_check_signature(a, ask, said, ret_uses, e);
}
