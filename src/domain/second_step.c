#include "domain/second_step.h"

#include "domain/inner.h"
#include "domain/ledger.h"
#include "domain/password.h"
#include "domain/team.h"

#define SEED_BYTES 16 /* stored */

static struct hash seed_hash(struct str seed)
{
    return hash_of(seed);
}

static struct totp_secret secret_of(const struct domain *d, struct moderator_id m,
                                    struct str stored)
{
    struct hash h = domain_hash(d, STR("totp"), m.v, 0, stored);
    struct totp_secret s;
    _Static_assert(sizeof s.b <= sizeof h.b, "a hash gives a secret");
    memcpy(s.b, h.b, sizeof s.b);
    return s;
}

struct totp_secret totp_secret_of(const struct domain *d, struct moderator_id m, struct str seed)
{
    struct hash h = seed_hash(seed);
    return secret_of(d, m, str_head(hash_str(&h), SEED_BYTES));
}

static bool lock(const struct domain *d, struct tx *tx, struct moderator_id m,
                 struct moderator_lock_out *ret_row, struct err *e)
{
    struct moderator_lock_in in = {d->site.id.v, m.v};
    bool found;
    if (!sql_moderator_lock(tx, &in, ret_row, &found, e))
        return false;
    return found || err_set(e, ERR_MISSING, 0, "there is no such moderator");
}

static bool note(const struct domain *d, struct tx *tx, struct moderator_id m, struct str kind,
                 const char *did, struct err *e)
{
    return ledger_add(d, tx, m, kind, arena_printf(tx_arena(tx), "of=%" PRId64 " did=%s", m.v, did),
                      e);
}

bool second_step_added(const struct domain *d, struct tx *tx, const struct session *s,
                       enum strength strength, struct err *e)
{
    struct session_strengthen_in in = {d->site.id.v, hash_str(&s->hash), strength};
    return sql_session_strengthen(tx, &in, NULL, e) &&
           session_end_weak(d, tx, s->moderator.id, s->hash, e);
}

bool second_step_removed(const struct domain *d, struct tx *tx, struct moderator_id m,
                         struct err *e)
{
    struct member member;
    struct recovery_code_drop_all_in in = {d->site.id.v, m.v};
    if (!moderator_get(d, tx, m, &member, e))
        return false;
    return member_has_second_step(&member) || sql_recovery_code_drop_all(tx, &in, NULL, e);
}

bool totp_turn_on(const struct domain *d, struct tx *tx, const struct session *s, struct str seed,
                  struct str code, struct err *e)
{
    struct moderator_id m = s->moderator.id;
    struct totp_secret secret = totp_secret_of(d, m, seed);
    struct hash stored = seed_hash(seed);
    struct moderator_lock_out row;
    int64_t step;
    if (!lock(d, tx, m, &row, e))
        return false;
    if (row.totp.n > 0)
        return err_set(e, ERR_CONFLICT, T_TOTP_IS_ON, "codes are on");
    if (!totp_find(&secret, code, tx_now_s(tx), 0, &step))
        return err_set(e, ERR_INVALID, T_CODE_WRONG, "not the code of the new secret");
    struct moderator_set_totp_in in = {d->site.id.v, m.v, str_head(hash_str(&stored), SEED_BYTES),
                                       step};
    return sql_moderator_set_totp(tx, &in, NULL, e) && note(d, tx, m, STR("totp"), "on", e) &&
           second_step_added(d, tx, s, STRENGTH_CODE, e);
}

bool totp_turn_off(const struct domain *d, struct tx *tx, struct moderator_id m, struct err *e)
{
    struct moderator_set_totp_in in = {d->site.id.v, m.v, STR_NONE, 0};
    return sql_moderator_set_totp(tx, &in, NULL, e) && note(d, tx, m, STR("totp"), "off", e) &&
           second_step_removed(d, tx, m, e);
}

/* ---- Taking a code -------------------------------------------------------------------------- */

/* A minute after the fifth wrong code, then twice as long each time, at most an hour. */
static int64_t wait_after(int64_t misses)
{
    int64_t wait_s = CODE_WAIT_S;
    if (misses < CODE_MISSES_FREE)
        return 0;
    for (int64_t i = CODE_MISSES_FREE; i < misses && wait_s < CODE_WAIT_MAX_S; i++)
        wait_s *= 2;
    return wait_s < CODE_WAIT_MAX_S ? wait_s : CODE_WAIT_MAX_S;
}

/* Letters and digits alone, small: how it was written down does not matter. */
static struct hash recovery_hash(const struct domain *d, struct arena *a, struct moderator_id m,
                                 struct str typed)
{
    char *plain = arena_take(a, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            plain[n++] = c;
    }
    return domain_hash(d, STR("recovery"), m.v, 0, (struct str){plain, n});
}

static bool take_recovery(const struct domain *d, struct tx *tx, struct moderator_id m,
                          struct str typed, bool *ret_good, struct err *e)
{
    struct hash h = recovery_hash(d, tx_arena(tx), m, typed);
    struct recovery_code_take_in in = {d->site.id.v, m.v, hash_str(&h)};
    int64_t changed;
    if (!sql_recovery_code_take(tx, &in, &changed, e))
        return false;
    *ret_good = changed > 0;
    return changed == 0 || note(d, tx, m, STR("recovery"), "used", e);
}

bool code_take(const struct domain *d, struct tx *tx, struct moderator_id m, struct str typed,
               struct code_answer *ret_answer, struct err *e)
{
    struct moderator_lock_out row;
    if (!lock(d, tx, m, &row, e))
        return false;
    int64_t now_s = tx_now_s(tx), until_s = row.missed_s + wait_after(row.misses);
    /* After a clock that was ahead was set back nobody waits for years. */
    if (now_s < until_s && until_s - now_s <= 2 * CODE_WAIT_MAX_S) {
        *ret_answer = (struct code_answer){CODE_TOO_SOON, until_s - now_s};
        return true;
    }
    struct moderator_set_code_in in = {d->site.id.v, m.v, row.totp_step, 0, 0};
    struct totp_secret secret = secret_of(d, m, row.totp);
    bool is_good = row.totp.n > 0 && totp_find(&secret, typed, now_s, row.totp_step, &in.step);
    if (!is_good && !take_recovery(d, tx, m, typed, &is_good, e))
        return false;
    if (!is_good) {
        in.misses = row.misses + 1;
        in.missed_s = now_s;
    }
    *ret_answer = (struct code_answer){is_good ? CODE_GOOD : CODE_WRONG, wait_after(in.misses)};
    return sql_moderator_set_code(tx, &in, NULL, e) && (is_good || moderator_failed(d, tx, m, e));
}

bool recovery_codes_make(const struct domain *d, struct tx *tx, struct moderator_id m,
                         struct str ret_codes[static RECOVERY_CODES], struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct recovery_code_drop_all_in old = {d->site.id.v, m.v};
    if (!sql_recovery_code_drop_all(tx, &old, NULL, e))
        return false;
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        ret_codes[i] = password_make(a, RECOVERY_GROUPS);
        struct hash h = recovery_hash(d, a, m, ret_codes[i]);
        struct recovery_code_add_in in = {d->site.id.v, m.v, hash_str(&h)};
        if (!sql_recovery_code_add(tx, &in, NULL, e))
            return false;
    }
    return note(d, tx, m, STR("recovery"), "made", e);
}
