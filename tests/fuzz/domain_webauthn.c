/*
 * What browsers say of passkeys, from noise. The first byte chooses whose: 0 what an authenticator
 * says of a new key (CBOR), 1 what the browser says of it (JSON), else a sign-in: 64 bytes of a
 * key, a byte's worth of signature, and authenticator data. The host's hash and the other half are
 * put in, so that the noise gets as far as libfido2. With AITYS_PLANTED_FAULT no authenticator is
 * believed to count, which must be found.
 */
#include <sodium.h>
#include <stdint.h>

#include "base/must.h"
#include "domain/webauthn.h"

#define HOST STR("localhost")
#define CLIENT(type)                                                                               \
    STR("{\"type\":\"webauthn." type "\",\"origin\":\"http://localhost\","                         \
        "\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")

static struct str cut(struct str *rest, size_t n)
{
    struct str head = str_head(*rest, n);
    *rest = str_from(*rest, head.n);
    return head;
}

static struct str with_host(struct arena *a, struct str flags_and_more)
{
    uint8_t host[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(host, (const unsigned char *)HOST.p, HOST.n);
    char *bytes = arena_take(a, sizeof host + flags_and_more.n + 1);
    memcpy(bytes, host, sizeof host);
    if (flags_and_more.n)
        memcpy(bytes + sizeof host, flags_and_more.p, flags_and_more.n);
    return (struct str){bytes, sizeof host + flags_and_more.n};
}

static void make(struct arena *a, const struct webauthn_ask *ask, const struct webauthn_said *said)
{
    struct webauthn_key key;
    struct err e;
    if (!webauthn_made(a, ask, said, &key, &e)) {
        MUST(e.kind == ERR_INVALID);
        return;
    }
    MUST(key.id.n > 0 && key.id.n <= WEBAUTHN_ID_BYTES);
    MUST(key.public_key.n == WEBAUTHN_KEY_BYTES && key.uses >= 0 && key.uses <= UINT32_MAX);
#ifdef AITYS_PLANTED_FAULT
    MUST(key.uses == 0);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char challenge[WEBAUTHN_CHALLENGE_BYTES] = {0};
    struct webauthn_ask ask = {.party = {STR("http://localhost"), HOST},
                               .challenge = {challenge, sizeof challenge}};
    struct str rest = {(const char *)data, n};
    int64_t uses = -1;
    struct err e;
    if (n == 0)
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str what = cut(&rest, 1);
    if (what.p[0] == 0) {
        make(a, &ask, &(struct webauthn_said){CLIENT("create"), with_host(a, rest), STR_NONE});
        return 0;
    }
    if (what.p[0] == 1) {
        make(a, &ask, &(struct webauthn_said){rest, with_host(a, STR("\x45")), STR_NONE});
        return 0;
    }
    ask.public_key = cut(&rest, WEBAUTHN_KEY_BYTES);
    struct str length = cut(&rest, 1);
    struct str signature = cut(&rest, length.n ? (uint8_t)length.p[0] : 0);
    struct webauthn_said said = {CLIENT("get"), with_host(a, rest), signature};
    if (ask.public_key.n == WEBAUTHN_KEY_BYTES && webauthn_used(a, &ask, &said, &uses, &e))
        MUST(uses >= 0 && uses <= UINT32_MAX);
    return 0;
}
