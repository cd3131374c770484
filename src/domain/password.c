#include "domain/password.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/must.h"
#include "base/rand.h"
#include "model/message.h"

#define GROUP_CHARS 4
#define GROUPS_MAX 8

struct str password_stand_in(void)
{
    /* The test compares the limits written in it with those of a fresh hash. */
    return STR("$argon2id$v=19$m=65536,t=2,p=1$"
               "c1kXAbM/UxYr/tH/SmuJcA$bc2QXlCtdSDtTHdKqmNnt3PN3C7c//uCPmU34heL66U");
}

struct str password_make(struct arena *a, size_t groups)
{
    /* 32 signs, so that a byte's low five bits choose evenly. */
    static const char signs[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t bytes[GROUPS_MAX * GROUP_CHARS];
    struct buf out = buf_in(a, GROUPS_MAX * (GROUP_CHARS + 1));
    MUST(groups <= GROUPS_MAX);
    rand_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < groups * GROUP_CHARS; i++) {
        if (i > 0 && i % GROUP_CHARS == 0)
            buf_char(&out, '-');
        buf_char(&out, signs[bytes[i] % 32]);
    }
    explicit_bzero(bytes, sizeof bytes);
    return buf_str(&out);
}

bool password_hash(struct arena *a, struct str password, struct str *ret_hash, struct err *e)
{
    if (password.n < PASSWORD_BYTES_MIN || password.n > PASSWORD_BYTES_MAX)
        return err_set(e, ERR_INVALID, T_PASSWORD_LENGTH, "a password has %d to %d bytes",
                       PASSWORD_BYTES_MIN, PASSWORD_BYTES_MAX);
    char *hash = arena_take(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return err_set(e, ERR_BUSY, 0, "no memory for hashing a password");
    *ret_hash = str_of(hash);
    return true;
}

bool password_verify(struct str password, struct str hash)
{
    char stored[crypto_pwhash_STRBYTES] = {0};
    if (hash.n >= sizeof stored || password.n > PASSWORD_BYTES_MAX)
        return false;
    memcpy(stored, hash.p, hash.n);
    return crypto_pwhash_str_verify(stored, password.p ? password.p : "", password.n) == 0;
}
