#include <sodium.h>

#include "domain/comments.h"
#include "domain/inner.h"
#include "domain/moderation.h"
#include "text/count.h"
#include "text/name.h"
#include "text/utf8.h"

#define PASSWORD_BYTES_MIN 10
#define PASSWORD_BYTES_MAX 200

/*
 * Of a random password that nobody kept: verifying against it costs the same as against a real
 * one (the test compares the limits written in it).
 */
static const char stand_in[] = "$argon2id$v=19$m=65536,t=2,p=1$"
                               "c1kXAbM/UxYr/tH/SmuJcA$bc2QXlCtdSDtTHdKqmNnt3PN3C7c//uCPmU34heL66U";

static bool password_hash(struct arena *a, struct str password, struct str *ret_hash, struct err *e)
{
    if (password.n < PASSWORD_BYTES_MIN || password.n > PASSWORD_BYTES_MAX)
        return err_set(e, ERR_INVALID, 0, "a password has %d to %d bytes", PASSWORD_BYTES_MIN,
                       PASSWORD_BYTES_MAX);
    char *hash = arena_take(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return err_set(e, ERR_BUSY, 0, "no memory for hashing a password");
    *ret_hash = str_of(hash);
    return true;
}

bool password_verify(struct str password, struct str hash)
{
    char stored[crypto_pwhash_STRBYTES] = {0};
    if (hash.n >= sizeof stored || password.n > PASSWORD_BYTES_MAX)
        return false;
    memcpy(stored, hash.p, hash.n);
    return crypto_pwhash_str_verify(stored, password.p ? password.p : "", password.n) == 0;
}

bool moderator_add(const struct domain *d, struct tx *tx, struct str name, struct str password,
                   enum role role, struct err *e)
{
    if (role != ROLE_MODERATOR && role != ROLE_ADMINISTRATOR)
        return err_set(e, ERR_INVALID, 0, "role %d is not one of the team", (int)role);
    if (!utf8_is_text(name, false) || count_chars(name) > NAME_CHARS_MAX ||
        name_check(name, NULL, 0) != NAME_GOOD)
        return err_set(e, ERR_INVALID, 0,
                       "the name is empty, too long or has invisible characters");
    struct str hash;
    if (!password_hash(tx_arena(tx), password, &hash, e))
        return false;
    struct counter_take_in counter = {d->site.id.v, STR("moderator")};
    struct counter_take_out id;
    if (!sql_counter_take(tx, &counter, &id, e))
        return false;
    struct moderator_add_in in = {d->site.id.v, id.number, name, hash, role, tx_now_s(tx)};
    int64_t changed;
    if (!sql_moderator_add(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, 0, "there is a moderator of this name");
    return name_protect(d, tx, name, e);
}

static bool moderator_find(const struct domain *d, struct tx *tx, struct str name,
                           struct moderator_by_name_out *ret_row, bool *ret_found, struct err *e)
{
    struct moderator_by_name_in in = {d->site.id.v, name};
    return sql_moderator_by_name(tx, &in, ret_row, ret_found, e);
}

bool moderator_set_password(const struct domain *d, struct tx *tx, struct str name,
                            struct str password, struct err *e)
{
    struct moderator_by_name_out row;
    bool found;
    struct str hash;
    if (!moderator_find(d, tx, name, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no moderator of this name");
    if (!password_hash(tx_arena(tx), password, &hash, e))
        return false;
    struct moderator_set_password_in in = {d->site.id.v, row.id, hash};
    struct session_drop_all_in sessions = {d->site.id.v, row.id};
    return sql_moderator_set_password(tx, &in, NULL, e) &&
           sql_session_drop_all(tx, &sessions, NULL, e);
}

bool moderator_password_get(const struct domain *d, struct tx *tx, struct str name,
                            struct moderator *ret_moderator, struct str *ret_hash, struct err *e)
{
    struct moderator_by_name_out row;
    bool found;
    if (!moderator_find(d, tx, name, &row, &found, e))
        return false;
    *ret_moderator = (struct moderator){.role = ROLE_READER};
    *ret_hash = str_of(stand_in);
    if (found) {
        *ret_moderator = (struct moderator){{row.id}, row.name, (enum role)row.role};
        *ret_hash = row.password;
    }
    return true;
}

bool session_add(const struct domain *d, struct tx *tx, struct moderator_id m,
                 struct hash token_hash, struct err *e)
{
    if (m.v == 0)
        return err_set(e, ERR_DENIED, 0, "no session for nobody");
    int64_t now_s = tx_now_s(tx);
    struct session_drop_ended_in ended = {d->site.id.v, now_s};
    struct session_add_in in = {.site = d->site.id.v,
                                .hash = hash_str(&token_hash),
                                .moderator = m.v,
                                .created_s = now_s,
                                .expires_s = now_s + d->settings->moderation_session_hours * 3600};
    return sql_session_drop_ended(tx, &ended, NULL, e) && sql_session_add(tx, &in, NULL, e);
}

bool session_find(const struct domain *d, struct tx *tx, struct hash token_hash,
                  struct moderator *ret_moderator, bool *ret_found, struct err *e)
{
    struct session_find_in in = {d->site.id.v, hash_str(&token_hash), tx_now_s(tx)};
    struct session_find_out row;
    if (!sql_session_find(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_moderator = (struct moderator){{row.id}, row.name, (enum role)row.role};
    return true;
}

bool session_drop(const struct domain *d, struct tx *tx, struct hash token_hash, struct err *e)
{
    struct session_drop_in in = {d->site.id.v, hash_str(&token_hash)};
    return sql_session_drop(tx, &in, NULL, e);
}
