/*
 * Passwords and other secrets that people type: made, hashed, compared.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_BYTES_MIN 10
#define PASSWORD_BYTES_MAX 200
#define PASSWORD_GROUPS 6

/*
 * A random secret for a person to type: `groups` (at most 8) groups of four signs, with hyphens
 * between them; 20 bits a group; no sign looks like another.
 */
struct str password_make(struct arena *a, size_t groups);

/*
 * Hashes with Argon2id (libsodium, interactive limits). Slow on purpose: call it outside
 * transactions. Errors  ERR_INVALID with T_PASSWORD_LENGTH (password: 10 to 200 bytes), ERR_BUSY
 * (no memory)
 */
MUST_USE bool password_hash(struct arena *a, struct str password, struct str *ret_hash,
                            struct err *e);

/* Whether it is the password of that hash; as slow. */
MUST_USE bool password_verify(struct str password, struct str hash);

/* The hash of a random password that nobody kept: verifying against it costs the same. */
struct str password_stand_in(void);
