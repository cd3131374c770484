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

/* libfido2 checks the same of a sign-in; of a new key without attestation nobody else does. */
static bool authenticator_check(const struct webauthn_party *party, struct str said, struct err *e)
{
    uint8_t host[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(host, (const unsigned char *)party->id.p, party->id.n);
    if (said.n <= FLAGS_AT || memcmp(said.p, host, sizeof host) != 0)
        return err_set(e, ERR_INVALID, 0, "passkey: for another host");
    unsigned flags = (unsigned char)said.p[FLAGS_AT];
    if (!(flags & FLAG_PRESENT) || !(flags & FLAG_VERIFIED))
        return err_set(e, ERR_INVALID, 0, "passkey: the user was not verified");
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
