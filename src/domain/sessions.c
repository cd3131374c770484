#include "domain/sessions.h"

#include "domain/inner.h"
#include "domain/ledger.h"

bool session_add(const struct domain *d, struct tx *tx, struct moderator_id m,
                 struct hash token_hash, enum strength strength, struct err *e)
{
    if (m.v == 0)
        return err_set(e, ERR_DENIED, 0, "no session for nobody");
    int64_t now_s = tx_now_s(tx);
    int64_t lasts_s = strength == STRENGTH_PENDING ? SESSION_PENDING_S
                                                   : d->settings->moderation_session_hours * 3600;
    struct session_drop_ended_in ended = {d->site.id.v, now_s};
    struct session_add_in in = {.site = d->site.id.v,
                                .hash = hash_str(&token_hash),
                                .moderator = m.v,
                                .created_s = now_s,
                                .expires_s = now_s + lasts_s,
                                .used_s = now_s,
                                .strength = strength};
    if (!sql_session_drop_ended(tx, &ended, NULL, e) || !sql_session_add(tx, &in, NULL, e))
        return false;
    if (strength == STRENGTH_PENDING)
        return true;
    struct moderator_signed_in_in signed_in = {d->site.id.v, m.v, now_s};
    struct str body = arena_printf(tx_arena(tx), "strength=%d", (int)strength);
    return sql_moderator_signed_in(tx, &signed_in, NULL, e) &&
           ledger_add(d, tx, m, STR("sign_in"), body, e);
}

bool session_find(const struct domain *d, struct tx *tx, struct hash token_hash,
                  struct session *ret_session, bool *ret_found, struct err *e)
{
    struct session_find_in in = {d->site.id.v, hash_str(&token_hash), tx_now_s(tx)};
    struct session_find_out row;
    if (!sql_session_find(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_session = (struct session){.hash = token_hash,
                                        .moderator = {{row.id}, row.name, (enum role)row.role},
                                        .strength = (enum strength)row.strength,
                                        .used_s = row.used_s};
    return true;
}

/* moderation.second_step: whom the site wants it of. */
static bool wants_second_step(const struct domain *d, enum role role)
{
    struct str whom = d->settings->moderation_second_step;
    return str_eq(whom, STR("all")) || (str_eq(whom, STR("seniors")) && role >= ROLE_SENIOR);
}

enum access session_access(const struct domain *d, const struct session *s)
{
    static const enum access of_role[ROLES] = {
        [ROLE_READER] = ACCESS_READER,
        [ROLE_MODERATOR] = ACCESS_MODERATOR,
        [ROLE_SENIOR] = ACCESS_SENIOR,
        [ROLE_EDITOR] = ACCESS_EDITOR,
        [ROLE_ADMINISTRATOR] = ACCESS_ADMINISTRATOR,
    };
    if (s->strength == STRENGTH_PENDING)
        return ACCESS_PENDING;
    if (s->strength == STRENGTH_PASSWORD && wants_second_step(d, s->moderator.role))
        return ACCESS_ACCOUNT;
    return (unsigned)s->moderator.role < ROLES ? of_role[s->moderator.role] : ACCESS_READER;
}

bool session_others(const struct domain *d, struct tx *tx, struct moderator_id but, bool *ret_are,
                    struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    struct session_others_in in = {d->site.id.v, but.v, now_s, now_s - 2 * SESSION_USED_S};
    struct session_others_out row;
    return sql_session_others(tx, &in, &row, ret_are, e);
}

bool session_use(const struct domain *d, struct tx *tx, struct hash token_hash, struct err *e)
{
    struct session_use_in in = {d->site.id.v, hash_str(&token_hash), tx_now_s(tx)};
    return sql_session_use(tx, &in, NULL, e);
}

bool session_drop(const struct domain *d, struct tx *tx, const struct session *s, struct err *e)
{
    struct session_drop_in in = {d->site.id.v, hash_str(&s->hash)};
    if (!sql_session_drop(tx, &in, NULL, e))
        return false;
    return s->strength == STRENGTH_PENDING ||
           ledger_add(d, tx, s->moderator.id, STR("sign_out"), STR_NONE, e);
}

bool session_list(const struct domain *d, struct tx *tx, struct moderator_id m,
                  struct session **ret_sessions, size_t *ret_n, struct err *e)
{
    struct session_list_in in = {d->site.id.v, m.v, tx_now_s(tx)};
    struct session_list_out *rows;
    size_t n;
    if (!sql_session_list(tx, &in, &rows, &n, e))
        return false;
    struct session *sessions = ARENA_ARRAY(tx_arena(tx), struct session, n);
    for (size_t i = 0; i < n; i++)
        sessions[i] = (struct session){.hash = hash_of_blob(rows[i].hash),
                                       .moderator = {.id = m},
                                       .strength = (enum strength)rows[i].strength,
                                       .created_s = rows[i].created_s,
                                       .used_s = rows[i].used_s};
    *ret_sessions = sessions;
    *ret_n = n;
    return true;
}

static bool note_ended(const struct domain *d, struct tx *tx, struct moderator_id m, int64_t n,
                       struct err *e)
{
    struct str body = arena_printf(tx_arena(tx), "of=%" PRId64 " sessions=%" PRId64, m.v, n);
    return n == 0 || ledger_add(d, tx, m, STR("session"), body, e);
}

bool session_end(const struct domain *d, struct tx *tx, struct moderator_id m, struct hash hash,
                 struct err *e)
{
    struct session_drop_own_in in = {d->site.id.v, hash_str(&hash), m.v};
    int64_t changed;
    if (!sql_session_drop_own(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, 0, "no such session");
    return note_ended(d, tx, m, changed, e);
}

bool session_end_weak(const struct domain *d, struct tx *tx, struct moderator_id m,
                      struct hash hash, struct err *e)
{
    struct session_drop_weak_in in = {d->site.id.v, m.v, hash_str(&hash)};
    int64_t changed;
    return sql_session_drop_weak(tx, &in, &changed, e) && note_ended(d, tx, m, changed, e);
}

bool session_end_others(const struct domain *d, struct tx *tx, struct moderator_id m,
                        struct hash hash, struct err *e)
{
    struct session_drop_others_in in = {d->site.id.v, m.v, hash_str(&hash)};
    int64_t changed;
    return sql_session_drop_others(tx, &in, &changed, e) && note_ended(d, tx, m, changed, e);
}
