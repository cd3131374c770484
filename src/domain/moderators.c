#include "domain/comments.h"
#include "domain/inner.h"
#include "domain/ledger.h"
#include "domain/password.h"
#include "domain/team.h"
#include "text/count.h"
#include "text/name.h"
#include "text/utf8.h"

/* What was done to somebody, for the ledger. */
struct team_note {
    struct moderator_id by, of;
    const char *did;
    enum role role; /* ROLE_READER: it is not about one */
};

/* "of=3 did=WHAT", or with the role behind it. */
static bool note(const struct domain *d, struct tx *tx, const struct team_note *n, struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct str body = arena_printf(a, "of=%" PRId64 " did=%s", n->of.v, n->did);
    if (n->role != ROLE_READER)
        body = arena_printf(a, STR_FMT " role=%d", STR_ARG(body), (int)n->role);
    return ledger_add(d, tx, n->by, STR("team"), body, e);
}

bool moderator_add(const struct domain *d, struct tx *tx, struct moderator_id by,
                   struct moderator *who, struct str hash, struct err *e)
{
    if (who->role <= ROLE_READER || who->role >= ROLES)
        return err_set(e, ERR_INVALID, 0, "role %d is not one of the team", (int)who->role);
    if (!utf8_is_text(who->name, false) || count_chars(who->name) > NAME_CHARS_MAX ||
        name_check(who->name, NULL, 0) != NAME_GOOD)
        return err_set(e, ERR_INVALID, T_TEAM_NAME_BAD,
                       "the name is empty, too long or has invisible characters");
    struct counter_take_in counter = {d->site.id.v, STR("moderator")};
    struct counter_take_out id;
    if (!sql_counter_take(tx, &counter, &id, e))
        return false;
    struct moderator_add_in in = {d->site.id.v, id.number, who->name,
                                  hash,         who->role, tx_now_s(tx)};
    int64_t changed;
    if (!sql_moderator_add(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, T_TEAM_NAME_TAKEN, "there is a moderator of this name");
    who->id = (struct moderator_id){id.number};
    const struct team_note added = {by, who->id, "added", who->role};
    return name_protect(d, tx, who->name, e) && note(d, tx, &added, e);
}

bool moderator_find(const struct domain *d, struct tx *tx, struct str name,
                    struct moderator_id *ret_id, struct err *e)
{
    struct moderator_by_name_in in = {d->site.id.v, name};
    struct moderator_by_name_out row;
    bool found;
    if (!sql_moderator_by_name(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no moderator of this name");
    ret_id->v = row.id;
    return true;
}

bool moderator_get(const struct domain *d, struct tx *tx, struct moderator_id id,
                   struct member *ret_member, struct err *e)
{
    struct moderator_get_in in = {d->site.id.v, id.v};
    struct moderator_get_out row;
    bool found;
    if (!sql_moderator_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such moderator");
    *ret_member = (struct member){.moderator = {{row.id}, row.name, (enum role)row.role},
                                  .password = row.password,
                                  .has_totp = row.totp.n > 0,
                                  .passkeys = row.passkeys,
                                  .codes = row.codes,
                                  .signed_in_s = row.signed_in_s,
                                  .disabled_s = row.disabled_s,
                                  .created_s = row.created_s};
    return true;
}

bool moderator_list(const struct domain *d, struct tx *tx, struct member **ret_members,
                    size_t *ret_n, struct err *e)
{
    struct moderator_list_in in = {d->site.id.v};
    struct moderator_list_out *rows;
    size_t n;
    if (!sql_moderator_list(tx, &in, &rows, &n, e))
        return false;
    struct member *members = ARENA_ARRAY(tx_arena(tx), struct member, n);
    for (size_t i = 0; i < n; i++)
        members[i] =
            (struct member){.moderator = {{rows[i].id}, rows[i].name, (enum role)rows[i].role},
                            .has_totp = rows[i].has_totp != 0,
                            .passkeys = rows[i].passkeys,
                            .signed_in_s = rows[i].signed_in_s,
                            .disabled_s = rows[i].disabled_s};
    *ret_members = members;
    *ret_n = n;
    return true;
}

bool moderator_password_get(const struct domain *d, struct tx *tx, struct str name,
                            struct moderator *ret_moderator, struct str *ret_hash, struct err *e)
{
    struct moderator_by_name_in in = {d->site.id.v, name};
    struct moderator_by_name_out row;
    bool found;
    if (!sql_moderator_by_name(tx, &in, &row, &found, e))
        return false;
    *ret_moderator = (struct moderator){.role = ROLE_READER};
    *ret_hash = password_stand_in();
    if (found && row.disabled_s == 0) {
        *ret_moderator = (struct moderator){{row.id}, row.name, (enum role)row.role};
        *ret_hash = row.password;
    }
    return true;
}

static bool sessions_end(const struct domain *d, struct tx *tx, struct moderator_id id,
                         const struct hash *but, struct err *e)
{
    struct session_drop_all_in all = {d->site.id.v, id.v};
    if (!but)
        return sql_session_drop_all(tx, &all, NULL, e);
    struct session_drop_others_in others = {d->site.id.v, id.v, hash_str(but)};
    return sql_session_drop_others(tx, &others, NULL, e);
}

bool moderator_set_password(const struct domain *d, struct tx *tx, struct moderator_id by,
                            const struct password_change *change, struct err *e)
{
    struct moderator_set_password_in in = {d->site.id.v, change->of.v, change->hash};
    struct str body = arena_printf(tx_arena(tx), "of=%" PRId64, change->of.v);
    int64_t changed;
    if (!sql_moderator_set_password(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, 0, "there is no such moderator");
    return sessions_end(d, tx, change->of, change->but, e) &&
           ledger_add(d, tx, by, STR("password"), body, e);
}

/* Locks the administrators' rows first: of two who demote each other, one fails. */
static bool may_leave(const struct domain *d, struct tx *tx, struct moderator_id by,
                      struct moderator_id id, struct err *e)
{
    struct moderator_administrators_in in = {d->site.id.v};
    struct moderator_administrators_out *rows;
    size_t n;
    if (by.v == id.v)
        return err_set(e, ERR_DENIED, T_TEAM_ONESELF, "nobody does this to oneself");
    if (!sql_moderator_administrators(tx, &in, &rows, &n, e))
        return false;
    if (n == 1 && rows[0].id == id.v)
        return err_set(e, ERR_CONFLICT, T_TEAM_LAST, "the last administrator remains");
    return true;
}

bool moderator_set_role(const struct domain *d, struct tx *tx, struct moderator_id by,
                        struct moderator_id id, enum role role, struct err *e)
{
    struct member m = {0};
    if (role <= ROLE_READER || role >= ROLES)
        return err_set(e, ERR_INVALID, 0, "role %d is not one of the team", (int)role);
    if (!moderator_get(d, tx, id, &m, e))
        return false;
    if (m.moderator.role == role)
        return true;
    struct moderator_set_role_in in = {d->site.id.v, id.v, role};
    return may_leave(d, tx, by, id, e) && sql_moderator_set_role(tx, &in, NULL, e) &&
           note(d, tx, &(struct team_note){by, id, "role", role}, e);
}

bool moderator_set_disabled(const struct domain *d, struct tx *tx, struct moderator_id by,
                            struct moderator_id id, bool is_disabled, struct err *e)
{
    struct member m = {0};
    if (!moderator_get(d, tx, id, &m, e))
        return false;
    if ((m.disabled_s != 0) == is_disabled)
        return true;
    struct moderator_set_disabled_in in = {d->site.id.v, id.v, is_disabled ? tx_now_s(tx) : 0};
    if (is_disabled && !may_leave(d, tx, by, id, e))
        return false;
    const struct team_note done = {by, id, is_disabled ? "disabled" : "enabled", ROLE_READER};
    return sql_moderator_set_disabled(tx, &in, NULL, e) && sessions_end(d, tx, id, NULL, e) &&
           note(d, tx, &done, e);
}

bool moderator_reset(const struct domain *d, struct tx *tx, struct moderator_id by,
                     struct moderator_id id, struct err *e)
{
    struct member m = {0};
    struct moderator_set_totp_in totp = {d->site.id.v, id.v, STR_NONE, 0};
    struct passkey_drop_all_in passkeys = {d->site.id.v, id.v};
    struct recovery_code_drop_all_in codes = {d->site.id.v, id.v};
    if (by.v == id.v)
        return err_set(e, ERR_DENIED, T_TEAM_ONESELF, "nobody does this to oneself");
    return moderator_get(d, tx, id, &m, e) && sql_moderator_set_totp(tx, &totp, NULL, e) &&
           sql_passkey_drop_all(tx, &passkeys, NULL, e) &&
           sql_recovery_code_drop_all(tx, &codes, NULL, e) && sessions_end(d, tx, id, NULL, e) &&
           note(d, tx, &(struct team_note){by, id, "reset", ROLE_READER}, e);
}

bool moderator_failed(const struct domain *d, struct tx *tx, struct moderator_id id, struct err *e)
{
    return ledger_add(d, tx, id, STR("sign_in_failed"), STR_NONE, e);
}
