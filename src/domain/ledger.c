#include "domain/ledger.h"

#include "domain/inner.h"
#include "domain/ledger_inner.h"

/* Writes the entry behind the one with hash *previous, which becomes this one's. */
static bool entry_put(const struct domain *d, struct tx *tx, struct ledger_entry *entry,
                      struct hash *previous, struct err *e)
{
    entry->hash = ledger_hash(*previous, entry);
    *previous = entry->hash;
    struct ledger_put_in in = {.site = d->site.id.v,
                               .seq = entry->seq,
                               .at_s = entry->at_s,
                               .moderator = entry->moderator,
                               .kind = entry->kind,
                               .body = entry->body,
                               .hash = hash_str(&entry->hash)};
    return sql_ledger_put(tx, &in, NULL, e);
}

/* Entry 0. */
static bool genesis_put(const struct domain *d, struct tx *tx, struct hash *ret_hash, struct err *e)
{
    struct ledger_pair pair;
    if (!ledger_pair_take(d, tx, &pair, e))
        return false;
    ledger_pair_wipe(&pair);
    struct buf b = buf_in(tx_arena(tx), LEDGER_BODY_BYTES_MAX);
    buf_printf(&b, "site=%" PRId64 " origin=" STR_FMT " key=", d->site.id.v,
               STR_ARG(d->site.origin));
    buf_hex(&b, pair.public.b, sizeof pair.public.b);
    struct ledger_entry entry = {.at_s = tx_now_s(tx), .kind = STR("genesis"), .body = buf_str(&b)};
    if (!buf_ok(&b) || !ledger_body_is_good(entry.body))
        return err_set(e, ERR_BROKEN, 0, "the ledger cannot name the origin");
    *ret_hash = (struct hash){{0}};
    return entry_put(d, tx, &entry, ret_hash, e);
}

bool ledger_last_take(const struct domain *d, struct tx *tx, int64_t *ret_seq,
                      struct hash *ret_hash, struct err *e)
{
    struct ledger_last_in in = {d->site.id.v};
    struct ledger_last_out row;
    bool found;
    if (!sql_ledger_last(tx, &in, &row, &found, e))
        return false;
    *ret_seq = found ? row.seq : 0;
    if (!found)
        return genesis_put(d, tx, ret_hash, e);
    *ret_hash = hash_of_blob(row.hash);
    return true;
}

bool ledger_add_any(const struct domain *d, struct tx *tx, struct moderator_id who, struct str kind,
                    struct str body, struct err *e)
{
    int64_t seq;
    struct hash previous;
    if (!ledger_body_is_good(body))
        return err_set(e, ERR_BROKEN, 0, "no body for the ledger's " STR_FMT, STR_ARG(kind));
    if (!ledger_last_take(d, tx, &seq, &previous, e))
        return false;
    struct ledger_entry entry = {
        .seq = seq + 1, .at_s = tx_now_s(tx), .moderator = who.v, .kind = kind, .body = body};
    return entry_put(d, tx, &entry, &previous, e);
}

bool ledger_add(const struct domain *d, struct tx *tx, struct moderator_id who, struct str kind,
                struct str body, struct err *e)
{
    bool is_own = str_eq(kind, STR("genesis")) || str_eq(kind, STR("signing_key"));
    if (is_own || !ledger_kind_is_known(kind))
        return err_set(e, ERR_BROKEN, 0, "no kind for the ledger: " STR_FMT, STR_ARG(kind));
    return ledger_add_any(d, tx, who, kind, body, e);
}
