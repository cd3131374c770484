#include "domain/totp.h"

#include <liboath/oath.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/must.h"

#define TEXT_BYTES 64
#define ADDRESS_BYTES 200 /* all but site and account */

void totp_code(const struct totp_secret *s, int64_t step, char ret_code[static TOTP_DIGITS + 1])
{
    int got = oath_hotp_generate((const char *)s->b, sizeof s->b, (uint64_t)step, TOTP_DIGITS,
                                 false, OATH_HOTP_DYNAMIC_TRUNCATION, ret_code);
    MUST(got == OATH_OK); /* it can only say that digits or memory are wrong */
}

/* The digits of what was typed; false when it is no code. */
static bool digits_of(struct str typed, char ret_code[static TOTP_DIGITS])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ')
            continue;
        if (n == TOTP_DIGITS || typed.p[i] < '0' || typed.p[i] > '9')
            return false;
        ret_code[n++] = typed.p[i];
    }
    return n == TOTP_DIGITS;
}

bool totp_find(const struct totp_secret *s, struct str typed, int64_t now_s, int64_t after,
               int64_t *ret_step)
{
    char digits[TOTP_DIGITS], code[TOTP_DIGITS + 1];
    int64_t now = now_s / TOTP_STEP_S, found = -1;
    if (!digits_of(typed, digits))
        return false;
    for (int64_t step = now - TOTP_DRIFT; step <= now + TOTP_DRIFT; step++) {
        totp_code(s, step, code);
        if (hash_eq_bytes(code, digits, TOTP_DIGITS) && step > after && found < 0)
            found = step;
    }
    if (found < 0)
        return false;
    *ret_step = found;
    return true;
}

/* 20 bytes are 32 letters without padding. */
static void put_base32(struct buf *b, const struct totp_secret *s, size_t group)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i * 5 < sizeof s->b * 8; i++) {
        size_t at = i * 5 / 8, shift = i * 5 % 8;
        unsigned two = (unsigned)s->b[at] << 8 | (at + 1 < sizeof s->b ? s->b[at + 1] : 0u);
        if (group && i > 0 && i % group == 0)
            buf_char(b, ' ');
        buf_char(b, letters[two >> (11 - shift) & 31]);
    }
}

struct str totp_text(struct arena *a, const struct totp_secret *s)
{
    struct buf b = buf_in(a, TEXT_BYTES);
    put_base32(&b, s, 4);
    MUST(buf_ok(&b));
    return buf_str(&b);
}

/* Percent-encoding (RFC 3986): all but unreserved characters. */
static void put_encoded(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain || c == '-' || c == '.' || c == '_' || c == '~')
            buf_char(b, c);
        else
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)c);
    }
}

struct str totp_address(struct arena *a, const struct totp_secret *s, struct str site,
                        struct str account)
{
    struct buf b = buf_in(a, ADDRESS_BYTES + 3 * (2 * site.n + account.n));
    buf_put(&b, STR("otpauth://totp/"));
    put_encoded(&b, site);
    buf_char(&b, ':');
    put_encoded(&b, account);
    buf_put(&b, STR("?secret="));
    put_base32(&b, s, 0);
    buf_put(&b, STR("&issuer="));
    put_encoded(&b, site);
    MUST(buf_ok(&b));
    return buf_str(&b);
}
