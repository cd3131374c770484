#include "domain/trust.h"

#include "base/buf.h"
#include "domain/deciding.h"
#include "domain/ledger.h"
#include "domain/rights.h"

#define BODY_BYTES 300

/* A change on its way. */
struct changing {
    struct commenter_id commenter;
    struct trusting was, is;
    int64_t last; /* seq of the newest record; 0: there is none */
    int64_t undoes;
    struct str reason, note;
};

static bool role_check(const struct actor *actor, struct err *e)
{
    if (!team_check(actor, e))
        return false;
    if (!right_is_held(RIGHT_COMMENTER_TRUST, actor->role))
        return err_set(e, ERR_DENIED, 0, "role %d decides on no commenter", (int)actor->role);
    return true;
}

/* What is thought before, and the newest record's seq. Errors ERR_MISSING. */
static bool before_get(const struct domain *d, struct tx *tx, struct changing *c, struct err *e)
{
    struct trust_before_in in = {d->site.id.v, commenter_str(&c->commenter)};
    struct trust_before_out row;
    bool found;
    if (!sql_trust_before(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    c->was = (struct trusting){(enum trust)row.trust, row.until_s};
    c->last = row.seq;
    return true;
}

static bool change_tell(const struct domain *d, struct tx *tx, const struct actor *actor,
                        const struct changing *c, struct err *e)
{
    struct buf b = buf_in(tx_arena(tx), BODY_BYTES);
    buf_put(&b, STR("commenter="));
    buf_hex(&b, c->commenter.b, sizeof c->commenter.b);
    buf_printf(&b, " seq=%" PRId64, c->last + 1);
    if (c->undoes)
        buf_printf(&b, " undoes=%" PRId64, c->undoes);
    buf_printf(&b, " trust=%d until=%" PRId64, (int)c->is.trust, c->is.until_s);
    if (c->reason.n > 0)
        buf_printf(&b, " reason=" STR_FMT, STR_ARG(c->reason));
    return ledger_add(d, tx, actor->moderator.id, c->undoes ? STR("undo") : STR("trust"),
                      buf_str(&b), e);
}

static bool change_store(const struct domain *d, struct tx *tx, const struct actor *actor,
                         const struct changing *c, struct err *e)
{
    struct commenter_set_trust_in set = {d->site.id.v, commenter_str(&c->commenter), c->is.trust,
                                         c->is.until_s};
    struct trust_add_in add = {.site = d->site.id.v,
                               .commenter = commenter_str(&c->commenter),
                               .seq = c->last + 1,
                               .moderator = actor->moderator.id.v,
                               .was_trust = c->was.trust,
                               .was_until_s = c->was.until_s,
                               .trust = c->is.trust,
                               .until_s = c->is.until_s,
                               .undoes = c->undoes,
                               .at_s = tx_now_s(tx),
                               .reason = c->reason,
                               .note = c->note};
    return sql_commenter_set_trust(tx, &set, NULL, e) && sql_trust_add(tx, &add, NULL, e) &&
           change_tell(d, tx, actor, c, e);
}

static bool change_check(const struct domain *d, struct tx *tx, const struct trust_change *change,
                         struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    if ((unsigned)change->trust > TRUST_BANNED)
        return err_set(e, ERR_INVALID, 0, "trust %d", (int)change->trust);
    if (change->until_s && change->until_s <= now_s)
        return err_set(e, ERR_INVALID, T_DAYS_CHOOSE, "until %" PRId64 ", which is past",
                       change->until_s);
    /* A ban needs a reason as a rejection does. */
    enum action like = change->trust == TRUST_BANNED ? ACTION_REJECT : ACTION_PUBLISH;
    return reason_check(d, tx, like, change->reason, change->note, e);
}

bool commenter_trust_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                         const struct trust_change *change, struct err *e)
{
    struct changing c = {.commenter = change->commenter,
                         .is = {change->trust, change->trust == TRUST_NONE ? 0 : change->until_s},
                         .reason = change->reason,
                         .note = str_trim(change->note).n > 0 ? change->note : STR_NONE};
    return role_check(actor, e) && change_check(d, tx, change, e) && before_get(d, tx, &c, e) &&
           change_store(d, tx, actor, &c, e);
}

static bool undo_find(const struct domain *d, struct tx *tx, struct changing *c, struct err *e)
{
    struct trust_standing_in in = {d->site.id.v, commenter_str(&c->commenter)};
    struct trust_standing_out row;
    bool found;
    if (c->undoes < 1 || c->undoes > c->last)
        return err_set(e, ERR_MISSING, 0, "the commenter has no change %" PRId64, c->undoes);
    if (!sql_trust_standing(tx, &in, &row, &found, e))
        return false;
    if (!found || row.seq != c->undoes || row.trust != (int64_t)c->was.trust ||
        row.until_s != c->was.until_s)
        return err_set(e, ERR_CONFLICT, T_TRUST_UNDO_LATE,
                       "change %" PRId64 " of the commenter is not the newest that stands",
                       c->undoes);
    c->is = (struct trusting){(enum trust)row.was_trust, row.was_until_s};
    return true;
}

bool commenter_trust_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                          const struct commenter_id *id, int64_t seq, struct err *e)
{
    struct changing c = {.commenter = *id, .undoes = seq};
    return role_check(actor, e) && before_get(d, tx, &c, e) && undo_find(d, tx, &c, e) &&
           change_store(d, tx, actor, &c, e);
}

/* The newest that stands: no undo, and not taken back by a newer one. */
static int64_t undo_seq_of(const struct trust_records *r)
{
    for (size_t i = 0; i < r->n; i++) {
        bool stands = r->items[i].undoes == 0;
        for (size_t k = 0; k < i && stands; k++)
            stands = r->items[k].undoes != r->items[i].seq;
        if (stands)
            return r->items[i].seq;
    }
    return 0;
}

bool trust_records_get(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                       struct trust_records *ret_records, struct err *e)
{
    struct trust_list_in in = {d->site.id.v, commenter_str(id), TRUST_RECORDS_MAX};
    struct trust_list_out *rows;
    struct trust_records r = {0};
    if (!sql_trust_list(tx, &in, &rows, &r.n, e))
        return false;
    r.items = ARENA_ARRAY(tx_arena(tx), struct trust_record, r.n);
    for (size_t i = 0; i < r.n; i++)
        r.items[i] = (struct trust_record){
            .seq = rows[i].seq,
            .moderator = {rows[i].moderator},
            .moderator_name = rows[i].moderator_name,
            .was = {(enum trust)rows[i].was_trust, rows[i].was_until_s},
            .is = {(enum trust)rows[i].trust, rows[i].until_s},
            .undoes = rows[i].undoes,
            .at_s = rows[i].at_s,
            .reason = rows[i].reason,
            .note = rows[i].note,
        };
    r.undo_seq = undo_seq_of(&r);
    *ret_records = r;
    return true;
}
