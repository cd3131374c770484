#include "domain/fido.h"

#include <dlfcn.h>
#include <fido.h>
#include <fido/es256.h>
#include <sodium.h>

#define LIBRARY "libfido2.so.1"

/* The functions that are used, by the names they have in the library. */
#define FUNCTIONS(F)                                                                               \
    F(fido_init)                                                                                   \
    F(fido_cred_new)                                                                               \
    F(fido_cred_free)                                                                              \
    F(fido_cred_set_type)                                                                          \
    F(fido_cred_set_authdata_raw)                                                                  \
    F(fido_cred_id_ptr)                                                                            \
    F(fido_cred_id_len)                                                                            \
    F(fido_cred_pubkey_ptr)                                                                        \
    F(fido_cred_pubkey_len)                                                                        \
    F(fido_cred_sigcount)                                                                          \
    F(fido_assert_new)                                                                             \
    F(fido_assert_free)                                                                            \
    F(fido_assert_set_clientdata_hash)                                                             \
    F(fido_assert_set_rp)                                                                          \
    F(fido_assert_set_count)                                                                       \
    F(fido_assert_set_up)                                                                          \
    F(fido_assert_set_uv)                                                                          \
    F(fido_assert_set_authdata_raw)                                                                \
    F(fido_assert_set_sig)                                                                         \
    F(fido_assert_verify)                                                                          \
    F(fido_assert_sigcount)                                                                        \
    F(es256_pk_new)                                                                                \
    F(es256_pk_free)                                                                               \
    F(es256_pk_from_ptr)

struct fido {
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
};

/* Returns the name of the first function that the library has not; NULL: it has them all. */
static const char *find_all(struct fido *f, void *library)
{
#define FIND(name)                                                                                 \
    *(void **)&f->name = dlsym(library, #name);                                                    \
    if (!f->name)                                                                                  \
        return #name;
    FUNCTIONS(FIND)
#undef FIND
    return NULL;
}

/*
 * Finds the library, or loads it. RTLD_NODELETE: what it keeps for the process's end must stay
 * where it is, so it is never unloaded, and there is no handle to keep.
 */
static bool fido_load(struct fido *f, struct err *e)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        (void)err_set(e, ERR_BROKEN, T_PASSKEY_AWAY, "%s: %s", LIBRARY, dlerror());
        return false;
    }
    const char *missing = find_all(f, library);
    (void)dlclose(library);
    if (missing) {
        (void)err_set(e, ERR_BROKEN, T_PASSKEY_AWAY, "%s has no %s", LIBRARY, missing);
        return false;
    }
    f->fido_init(0);
    return true;
}

static bool is_on_curve(const struct fido *f, const unsigned char *key, size_t n)
{
    es256_pk_t *pk = f->es256_pk_new();
    bool is_good = pk && n == WEBAUTHN_KEY_BYTES && f->es256_pk_from_ptr(pk, key, n) == FIDO_OK;
    f->es256_pk_free(&pk);
    return is_good;
}

static struct str copy(struct arena *a, const unsigned char *bytes, size_t n)
{
    return arena_copy(a, (struct str){(const char *)bytes, n});
}

static bool read_key(struct arena *a, const struct fido *f, const fido_cred_t *cred,
                     struct webauthn_key *ret_key)
{
    const unsigned char *id = f->fido_cred_id_ptr(cred), *key = f->fido_cred_pubkey_ptr(cred);
    size_t id_n = f->fido_cred_id_len(cred), key_n = f->fido_cred_pubkey_len(cred);
    if (!id || !key || id_n == 0 || id_n > WEBAUTHN_ID_BYTES || !is_on_curve(f, key, key_n))
        return false;
    *ret_key =
        (struct webauthn_key){copy(a, id, id_n), copy(a, key, key_n), f->fido_cred_sigcount(cred)};
    return true;
}

bool fido_read_key(struct arena *a, struct str authenticator, struct webauthn_key *ret_key,
                   struct err *e)
{
    struct fido f;
    if (!fido_load(&f, e))
        return false;
    fido_cred_t *cred = f.fido_cred_new();
    bool is_good = cred && f.fido_cred_set_type(cred, COSE_ES256) == FIDO_OK &&
                   f.fido_cred_set_authdata_raw(cred, (const unsigned char *)authenticator.p,
                                                authenticator.n) == FIDO_OK &&
                   read_key(a, &f, cred, ret_key);
    f.fido_cred_free(&cred);
    return is_good || err_set(e, ERR_INVALID, 0, "passkey: no ES256 key");
}

static bool fill_assert(struct arena *a, const struct fido *f, fido_assert_t *told,
                        const struct webauthn_party *party, const struct webauthn_said *said)
{
    const unsigned char *data = (const unsigned char *)said->authenticator.p;
    const unsigned char *signature = (const unsigned char *)said->signature.p;
    struct str host = arena_printf(a, STR_FMT "%c", STR_ARG(party->id), 0); /* NUL-terminated */
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)said->client_data.p, said->client_data.n);
    return f->fido_assert_set_count(told, 1) == FIDO_OK &&
           f->fido_assert_set_rp(told, host.p) == FIDO_OK &&
           f->fido_assert_set_clientdata_hash(told, hash, sizeof hash) == FIDO_OK &&
           f->fido_assert_set_up(told, FIDO_OPT_TRUE) == FIDO_OK &&
           f->fido_assert_set_uv(told, FIDO_OPT_TRUE) == FIDO_OK &&
           f->fido_assert_set_authdata_raw(told, 0, data, said->authenticator.n) == FIDO_OK &&
           f->fido_assert_set_sig(told, 0, signature, said->signature.n) == FIDO_OK;
}

bool fido_check_signature(struct arena *a, const struct webauthn_ask *ask,
                          const struct webauthn_said *said, int64_t *ret_uses, struct err *e)
{
    struct fido f;
    if (!fido_load(&f, e))
        return false;
    fido_assert_t *told = f.fido_assert_new();
    es256_pk_t *pk = f.es256_pk_new();
    bool is_good = told && pk &&
                   f.es256_pk_from_ptr(pk, ask->public_key.p, ask->public_key.n) == FIDO_OK &&
                   fill_assert(a, &f, told, &ask->party, said) &&
                   f.fido_assert_verify(told, 0, COSE_ES256, pk) == FIDO_OK;
    if (is_good)
        *ret_uses = f.fido_assert_sigcount(told, 0);
    f.fido_assert_free(&told);
    f.es256_pk_free(&pk);
    return is_good || err_set(e, ERR_INVALID, 0, "passkey: the signature is not this key's");
}
