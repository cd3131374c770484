#include "web/token.h"

#include "base/buf.h"
#include "base/must.h"
#include "base/rand.h"

#define SEALED_BYTES 16 /* time and nonce */
#define MAC_BYTES 16
#define AHEAD_S 60 /* how far two nodes' clocks may differ */

/* The seal covers purpose, time, nonce and a hash of the subject: all of fixed size. */
static struct hash seal(struct hash key, enum token_purpose purpose, struct str subject,
                        const uint8_t sealed[static SEALED_BYTES])
{
    uint8_t text[1 + SEALED_BYTES + HASH_BYTES];
    struct hash s = hash_of(subject);
    text[0] = (uint8_t)purpose;
    memcpy(text + 1, sealed, SEALED_BYTES);
    memcpy(text + 1 + SEALED_BYTES, s.b, HASH_BYTES);
    return hash_keyed(key, (struct str){(const char *)text, sizeof text});
}

struct str token_make(struct arena *a, struct hash key, enum token_purpose purpose,
                      struct str subject, int64_t now_s)
{
    uint8_t bytes[SEALED_BYTES];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)now_s >> (56 - 8 * i));
    rand_bytes(bytes + 8, 8);
    struct hash mac = seal(key, purpose, subject, bytes);
    struct buf b = buf_in(a, TOKEN_CHARS);
    buf_hex(&b, bytes, sizeof bytes);
    buf_hex(&b, mac.b, MAC_BYTES);
    MUST(buf_ok(&b));
    return buf_str(&b);
}

bool token_check(struct hash key, enum token_purpose purpose, struct str subject, struct str text,
                 int64_t now_s, struct token *ret_token)
{
    uint8_t bytes[SEALED_BYTES + MAC_BYTES];
    if (text.n != TOKEN_CHARS || !str_to_bytes(text, bytes, sizeof bytes))
        return false;
    struct hash mac = seal(key, purpose, subject, bytes);
    if (!hash_eq_bytes(mac.b, bytes + SEALED_BYTES, MAC_BYTES))
        return false;
    uint64_t issued = 0;
    for (int i = 0; i < 8; i++)
        issued = issued << 8 | bytes[i];
    int64_t issued_s = (int64_t)issued; /* sealed by us: a time */
    if (issued_s > now_s + AHEAD_S || now_s - issued_s > TOKEN_VALID_S)
        return false;
    if (ret_token) {
        ret_token->issued_s = issued_s;
        memcpy(ret_token->nonce, bytes + 8, sizeof ret_token->nonce);
    }
    return true;
}
