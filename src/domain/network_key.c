#include "domain/network_key.h"

#include "base/rand.h"
#include "domain/inner.h"

/* Keys made until then are too old. */
static int64_t too_old_s(const struct domain *d, struct tx *tx)
{
    return tx_now_s(tx) - d->settings->moderation_network_hours * 3600;
}

bool network_key_get(const struct domain *d, struct tx *tx, struct hash *ret_key, bool *ret_found,
                     struct err *e)
{
    struct network_key_get_in in = {d->site.id.v, too_old_s(d, tx)};
    struct network_key_get_out row;
    if (!sql_network_key_get(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_key = hash_of_blob(row.value);
    return true;
}

bool network_key_make(const struct domain *d, struct tx *tx, struct hash *ret_key, struct err *e)
{
    struct hash fresh;
    bool found;
    rand_bytes(fresh.b, sizeof fresh.b);
    struct network_key_renew_in in = {d->site.id.v, hash_str(&fresh), tx_now_s(tx),
                                      too_old_s(d, tx)};
    if (!sql_network_key_renew(tx, &in, NULL, e) || !network_key_get(d, tx, ret_key, &found, e))
        return false;
    return found || err_set(e, ERR_BROKEN, 0, "the networks' key was not stored");
}
