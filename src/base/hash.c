#include "base/hash.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/must.h"

struct hash hash_of(struct str s)
{
    struct hash h;
    (void)crypto_generichash(h.b, sizeof h.b, (const uint8_t *)s.p, s.n, NULL, 0);
    return h;
}

struct hash hash_keyed(struct hash key, struct str s)
{
    struct hash h;
    (void)crypto_generichash(h.b, sizeof h.b, (const uint8_t *)s.p, s.n, key.b, sizeof key.b);
    return h;
}

bool hash_eq_bytes(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

bool hash_eq(struct hash a, struct hash b)
{
    return hash_eq_bytes(a.b, b.b, sizeof a.b);
}

uint64_t hash_table(const uint8_t key[static HASH_TABLE_KEY_BYTES], struct str s)
{
    uint64_t h;
    _Static_assert(sizeof h == crypto_shorthash_BYTES, "SipHash gives 64 bits");
    (void)crypto_shorthash((uint8_t *)&h, (const uint8_t *)s.p, s.n, key);
    return h;
}

struct str hash_hex(struct arena *a, struct hash h, size_t n_chars)
{
    MUST(n_chars <= 2 * sizeof h.b);
    struct buf b = buf_in(a, 2 * sizeof h.b);
    buf_hex(&b, h.b, (n_chars + 1) / 2);
    return str_head(buf_str(&b), n_chars);
}
