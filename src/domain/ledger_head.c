#include "domain/ledger_head.h"

#include <sodium.h>

#include "base/must.h"
#include "base/rand.h"
#include "domain/inner.h"
#include "domain/ledger_inner.h"

#define SECRET_NAME STR("ledger")
#define DAY_S 86400

/* ---- Keys ----------------------------------------------------------------------------------- */

bool ledger_found(struct tx *tx, struct site_id site, struct err *e)
{
    struct hash seed;
    rand_bytes(seed.b, sizeof seed.b);
    struct secret_add_in in = {site.v, SECRET_NAME, hash_str(&seed)};
    bool ok = sql_secret_add(tx, &in, NULL, e);
    sodium_memzero(&seed, sizeof seed);
    return ok;
}

bool ledger_pair_take(const struct domain *d, struct tx *tx, struct ledger_pair *ret_pair,
                      struct err *e)
{
    struct secret_get_in get = {d->site.id.v, SECRET_NAME};
    struct secret_get_out row;
    bool found;
    if (!sql_secret_get(tx, &get, &row, &found, e))
        return false;
    if (!found) { /* it was founded before there was a ledger */
        if (!ledger_found(tx, d->site.id, e) || !sql_secret_get(tx, &get, &row, &found, e))
            return false;
        MUST(found);
    }
    struct hash seed = hash_of_blob(row.value);
    *ret_pair = ledger_pair_of(&seed);
    sodium_memzero(&seed, sizeof seed);
    return true;
}

bool ledger_key_get(const struct domain *d, struct tx *tx, struct ledger_key *ret_key,
                    struct err *e)
{
    struct ledger_pair pair;
    if (!ledger_pair_take(d, tx, &pair, e))
        return false;
    *ret_key = pair.public;
    ledger_pair_wipe(&pair);
    return true;
}

/* "public=HEX signature=HEX" */
static struct str next_body(struct arena *a, const struct ledger_key *next,
                            const uint8_t signature[static LEDGER_SIGNATURE_BYTES])
{
    struct buf b = buf_in(a, LEDGER_BODY_BYTES_MAX);
    buf_put(&b, STR("public="));
    buf_hex(&b, next->b, sizeof next->b);
    buf_put(&b, STR(" signature="));
    buf_hex(&b, signature, LEDGER_SIGNATURE_BYTES);
    MUST(buf_ok(&b));
    return buf_str(&b);
}

static bool genesis_get(const struct domain *d, struct tx *tx, struct ledger_entry *ret_entry,
                        bool *ret_found, struct err *e)
{
    struct ledger_get_in in = {d->site.id.v, 0};
    struct ledger_get_out row;
    if (!sql_ledger_get(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_entry = (struct ledger_entry){row.seq,  row.at_s, row.moderator,
                                           row.kind, row.body, hash_of_blob(row.hash)};
    return true;
}

/* The newest entry and the hash of entry 0; both are there afterwards. */
static bool ends_take(const struct domain *d, struct tx *tx, int64_t *ret_seq,
                      struct hash *ret_hash, struct hash *ret_genesis, struct err *e)
{
    struct ledger_entry genesis;
    bool found;
    if (!ledger_last_take(d, tx, ret_seq, ret_hash, e) || !genesis_get(d, tx, &genesis, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_BROKEN, 0, "the ledger has lost its beginning");
    *ret_genesis = genesis.hash;
    return true;
}

bool ledger_key_new(const struct domain *d, struct tx *tx, struct ledger_key *ret_key,
                    struct err *e)
{
    int64_t seq;
    struct hash last, genesis, seed;
    struct ledger_pair old;
    uint8_t signature[LEDGER_SIGNATURE_BYTES];
    if (!ends_take(d, tx, &seq, &last, &genesis, e) || !ledger_pair_take(d, tx, &old, e))
        return false;
    rand_bytes(seed.b, sizeof seed.b);
    struct ledger_pair fresh = ledger_pair_of(&seed);
    ledger_next_sign(&old, genesis, seq + 1, &fresh.public, signature);
    struct secret_set_in set = {d->site.id.v, SECRET_NAME, hash_str(&seed)};
    bool ok = ledger_add_any(d, tx, (struct moderator_id){0}, STR("signing_key"),
                             next_body(tx_arena(tx), &fresh.public, signature), e) &&
              sql_secret_set(tx, &set, NULL, e);
    if (ok)
        *ret_key = fresh.public;
    ledger_pair_wipe(&old);
    ledger_pair_wipe(&fresh);
    sodium_memzero(&seed, sizeof seed);
    return ok;
}

/* ---- Heads ---------------------------------------------------------------------------------- */

static struct ledger_head head_of(const struct ledger_head_newest_out *row)
{
    struct ledger_head h = {.seq = row->seq,
                            .at_s = row->at_s,
                            .hash = hash_of_blob(row->hash),
                            .before = row->previous};
    if (row->public_key.n == sizeof h.key.b)
        memcpy(h.key.b, row->public_key.p, sizeof h.key.b);
    if (row->signature.n == sizeof h.signature)
        memcpy(h.signature, row->signature.p, sizeof h.signature);
    return h;
}

static bool heads_newest(const struct domain *d, struct tx *tx, size_t n_max,
                         struct ledger_head **ret_heads, size_t *ret_n, struct err *e)
{
    struct ledger_head_newest_in in = {d->site.id.v, (int64_t)n_max};
    struct ledger_head_newest_out *rows;
    if (!sql_ledger_head_newest(tx, &in, &rows, ret_n, e))
        return false;
    *ret_heads = ARENA_ARRAY(tx_arena(tx), struct ledger_head, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_heads)[i] = head_of(&rows[i]);
    return true;
}

static bool head_put(const struct domain *d, struct tx *tx, const struct ledger_head *h,
                     struct err *e)
{
    struct ledger_head_put_in in = {.site = d->site.id.v,
                                    .seq = h->seq,
                                    .at_s = h->at_s,
                                    .hash = hash_str(&h->hash),
                                    .previous = h->before,
                                    .public_key = {(const char *)h->key.b, sizeof h->key.b},
                                    .signature = {(const char *)h->signature, sizeof h->signature}};
    return sql_ledger_head_put(tx, &in, NULL, e);
}

/* Signs entry h->seq as what it is said to be. */
static bool sign_as(const struct domain *d, struct tx *tx, enum ledger_what what,
                    struct hash genesis, struct ledger_head *h, struct err *e)
{
    struct ledger_pair pair;
    if (!ledger_pair_take(d, tx, &pair, e))
        return false;
    h->at_s = tx_now_s(tx);
    ledger_head_sign(&pair, what, genesis, h);
    ledger_pair_wipe(&pair);
    return true;
}

/* ledger_sign, and the hash of entry 0. */
static bool sign(const struct domain *d, struct tx *tx, struct ledger_head *ret_head,
                 struct hash *ret_genesis, bool *ret_is_new, struct err *e)
{
    struct ledger_head h = {0}, *newest;
    size_t n;
    struct ledger_last_in in = {d->site.id.v};
    struct ledger_last_out row;
    bool found;
    if (!sql_ledger_last(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "the ledger is empty: nothing was done yet");
    if (!ends_take(d, tx, &h.seq, &h.hash, ret_genesis, e) ||
        !heads_newest(d, tx, 1, &newest, &n, e))
        return false;
    *ret_is_new = n == 0 || newest[0].seq < h.seq;
    if (!*ret_is_new) {
        *ret_head = newest[0];
        return true;
    }
    h.before = n ? newest[0].seq : 0;
    if (!sign_as(d, tx, LEDGER_HEAD, *ret_genesis, &h, e) || !head_put(d, tx, &h, e))
        return false;
    *ret_head = h;
    return true;
}

bool ledger_sign(const struct domain *d, struct tx *tx, struct ledger_head *ret_head,
                 bool *ret_is_new, struct err *e)
{
    struct hash genesis;
    bool is_new = false;
    if (!sign(d, tx, ret_head, &genesis, &is_new, e))
        return false;
    if (ret_is_new)
        *ret_is_new = is_new;
    return true;
}

bool ledger_end(const struct domain *d, struct tx *tx, struct ledger_head *ret_end, struct err *e)
{
    struct hash genesis;
    struct ledger_head h = {0};
    bool is_new;
    if (!sign(d, tx, &h, &genesis, &is_new, e))
        return false;
    h.before = h.seq;
    if (!sign_as(d, tx, LEDGER_END, genesis, &h, e))
        return false;
    *ret_end = h;
    return true;
}

bool ledger_is_due(const struct domain *d, struct tx *tx, bool *ret_is_due, struct err *e)
{
    struct ledger_head *newest;
    size_t n;
    struct ledger_get_out row;
    bool found;
    if (!heads_newest(d, tx, 1, &newest, &n, e))
        return false;
    struct ledger_get_in in = {d->site.id.v, n ? newest[0].seq + 1 : 1};
    if (!sql_ledger_get(tx, &in, &row, &found, e))
        return false;
    /* Of another day: of a later one, when the clock went ahead and was set back. */
    *ret_is_due = found && row.at_s / DAY_S != tx_now_s(tx) / DAY_S;
    return true;
}

bool ledger_public_get(const struct domain *d, struct tx *tx, size_t n_max,
                       struct ledger_public *ret_public, struct err *e)
{
    struct ledger_head *heads;
    struct ledger_public p = {0};
    if (!genesis_get(d, tx, &p.genesis, &p.has_genesis, e) ||
        !heads_newest(d, tx, n_max, &heads, &p.n_heads, e))
        return false;
    p.heads = heads;
    *ret_public = p;
    return true;
}
