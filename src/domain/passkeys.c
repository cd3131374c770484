#include "domain/passkeys.h"

#include "domain/inner.h"
#include "domain/ledger.h"
#include "domain/second_step.h"
#include "domain/team.h"

#define ID_CHARS 32 /* of the hash of a passkey's id, in the ledger */

struct str passkey_handle(const struct domain *d, struct arena *a, struct moderator_id m)
{
    struct hash h = domain_hash(d, STR("passkey handle"), m.v, 0, STR_NONE);
    return arena_copy(a, str_head(hash_str(&h), PASSKEY_HANDLE_BYTES));
}

bool passkey_list(const struct domain *d, struct tx *tx, struct moderator_id m,
                  struct passkey **ret_passkeys, size_t *ret_n, struct err *e)
{
    struct passkey_list_in in = {d->site.id.v, m.v};
    struct passkey_list_out *rows;
    size_t n;
    if (!sql_passkey_list(tx, &in, &rows, &n, e))
        return false;
    struct passkey *passkeys = ARENA_ARRAY(tx_arena(tx), struct passkey, n);
    for (size_t i = 0; i < n; i++)
        passkeys[i] = (struct passkey){rows[i].id, rows[i].name, rows[i].created_s, rows[i].used_s};
    *ret_passkeys = passkeys;
    *ret_n = n;
    return true;
}

bool passkey_is_fresh(int64_t issued_s, int64_t now_s, struct err *e)
{
    return now_s - issued_s <= PASSKEY_VALID_S ||
           err_set(e, ERR_CONFLICT, T_FORM_EXPIRED, "passkey: an old challenge");
}

static bool note(const struct domain *d, struct tx *tx, struct moderator_id m, const char *did,
                 struct str id, struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct str hash = hash_hex(a, hash_of(id), ID_CHARS);
    struct str body =
        arena_printf(a, "of=%" PRId64 " did=%s passkey=" STR_FMT, m.v, did, STR_ARG(hash));
    return ledger_add(d, tx, m, STR("passkey"), body, e);
}

bool passkey_add(const struct domain *d, struct tx *tx, const struct session *s,
                 const struct webauthn_key *key, struct str name, struct err *e)
{
    struct moderator_id m = s->moderator.id;
    struct member member;
    struct passkey_add_in in = {.site = d->site.id.v,
                                .id = key->id,
                                .moderator = m.v,
                                .public_key = key->public_key,
                                .uses = key->uses,
                                .created_s = tx_now_s(tx),
                                .name = name};
    int64_t changed;
    if (!moderator_get(d, tx, m, &member, e))
        return false;
    if (member.passkeys >= PASSKEYS_MAX)
        return err_set(e, ERR_CONFLICT, T_PASSKEY_MANY, "passkey: enough of them");
    if (!sql_passkey_add(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, T_PASSKEY_KNOWN, "passkey: it is there");
    return note(d, tx, m, "added", key->id, e) && second_step_added(d, tx, s, STRENGTH_PASSKEY, e);
}

bool passkey_find(const struct domain *d, struct tx *tx, struct str id, struct str handle,
                  struct passkey_owner *ret_owner, struct err *e)
{
    struct passkey_get_in in = {d->site.id.v, id};
    struct passkey_get_out row;
    bool found;
    if (!sql_passkey_get(tx, &in, &row, &found, e))
        return false;
    if (!found ||
        !str_eq(handle, passkey_handle(d, tx_arena(tx), (struct moderator_id){row.moderator})))
        return err_set(e, ERR_MISSING, T_PASSKEY_WRONG, "passkey: unknown");
    *ret_owner =
        (struct passkey_owner){{{row.moderator}, row.name, (enum role)row.role}, row.public_key};
    return true;
}

bool passkey_use(const struct domain *d, struct tx *tx, const struct passkey_proof *proof,
                 enum passkey_used *ret_used, struct err *e)
{
    struct passkey_get_in get = {d->site.id.v, proof->id};
    struct passkey_get_out row;
    int64_t now_s = tx_now_s(tx), changed;
    bool found;
    if (!sql_passkey_get(tx, &get, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, T_PASSKEY_WRONG, "passkey: removed meanwhile");
    /* Clocks of two nodes may differ: no challenge that was made up to now is taken again. */
    struct passkey_use_in in = {d->site.id.v, proof->id, proof->uses, proof->issued_s,
                                proof->issued_s > now_s ? proof->issued_s : now_s};
    if (!sql_passkey_use(tx, &in, &changed, e))
        return false;
    if (changed == 1) {
        *ret_used = PASSKEY_GOOD;
        return true;
    }
    *ret_used = row.used_s < proof->issued_s ? PASSKEY_CLONED : PASSKEY_REPEATED;
    return moderator_failed(d, tx, (struct moderator_id){row.moderator}, e);
}

bool passkey_set_name(const struct domain *d, struct tx *tx, struct moderator_id m, struct str id,
                      struct str name, struct err *e)
{
    struct passkey_set_name_in in = {d->site.id.v, id, m.v, name};
    int64_t changed;
    if (!sql_passkey_set_name(tx, &in, &changed, e))
        return false;
    return changed == 1 || err_set(e, ERR_MISSING, 0, "passkey: not theirs");
}

bool passkey_drop(const struct domain *d, struct tx *tx, struct moderator_id m, struct str id,
                  struct err *e)
{
    struct passkey_drop_in in = {d->site.id.v, id, m.v};
    int64_t changed;
    if (!sql_passkey_drop(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, 0, "passkey: not theirs");
    return note(d, tx, m, "removed", id, e) && second_step_removed(d, tx, m, e);
}
