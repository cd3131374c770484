/*
 * Time-based one-time passwords: RFC 6238 over HOTP (RFC 4226) with HMAC-SHA-1, 6 digits and steps
 * of 30 seconds, what every authenticator app understands. HMAC and truncation: liboath.
 */
#pragma once

#include "base/arena.h"

#define TOTP_SECRET_BYTES 20
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30
#define TOTP_DRIFT 1 /* steps that two clocks may differ by */

struct totp_secret {
    uint8_t b[TOTP_SECRET_BYTES];
};

/* The code of a step, NUL-terminated. step: Unix seconds / 30, not negative. */
void totp_code(const struct totp_secret *s, int64_t step, char ret_code[static TOTP_DIGITS + 1]);

/*
 * Whether typed is the code of a step near now and later than `after`, so that none is taken twice.
 * Spaces between the digits do not matter. All steps are compared, in constant time.
 */
MUST_USE bool totp_find(const struct totp_secret *s, struct str typed, int64_t now_s, int64_t after,
                        int64_t *ret_step);

/* The secret in base32 (RFC 4648) for typing, in groups of four letters. */
struct str totp_text(struct arena *a, const struct totp_secret *s);

/* The address that apps read from the QR code; https://github.com/google/google-authenticator */
struct str totp_address(struct arena *a, const struct totp_secret *s, struct str site,
                        struct str account);
