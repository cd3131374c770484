#include "domain/commenters.h"

#include "domain/deciding.h"
#include "domain/rules.h"

#define NEIGHBOURS_SEEN_MAX 500 /* of their comments */
#define ARRIVALS_AT_ONCE 500

static bool names_have(const struct commenter_record *r, struct str name)
{
    for (size_t i = 0; i < r->n_names; i++)
        if (str_eq(r->names[i], name))
            return true;
    return false;
}

/* Counts by state and names, of the newest comments; *ret_since_s: since when those are. */
static bool comments_see(const struct domain *d, struct tx *tx, struct commenter_record *r,
                         int64_t *ret_since_s, struct err *e)
{
    struct commenter_newest_in in = {d->site.id.v, commenter_str(&r->id), COMMENTER_SEEN_MAX + 1};
    struct commenter_newest_out *rows;
    size_t n;
    if (!sql_commenter_newest(tx, &in, &rows, &n, e))
        return false;
    r->seen = (int64_t)n;
    *ret_since_s = n > 0 ? rows[n - 1].created_s : 0;
    for (size_t i = 0; i < n && i < COMMENTER_SEEN_MAX; i++) {
        r->by_state[state_of(rows[i].state)]++;
        if (rows[i].name.n > 0 && r->n_names < COMMENTER_NAMES_MAX && !names_have(r, rows[i].name))
            r->names[r->n_names++] = rows[i].name;
    }
    return true;
}

static bool decisions_see(const struct domain *d, struct tx *tx, struct commenter_record *r,
                          int64_t since_s, struct err *e)
{
    struct commenter_decisions_in in = {d->site.id.v, commenter_str(&r->id), since_s,
                                        COMMENTER_DECISIONS_MAX};
    struct commenter_decisions_out *rows;
    if (!sql_commenter_decisions(tx, &in, &rows, &r->n_decisions, e))
        return false;
    r->decisions = ARENA_ARRAY(tx_arena(tx), struct decision, r->n_decisions);
    for (size_t i = 0; i < r->n_decisions; i++)
        r->decisions[i] = DECISION_OF_ROW((struct comment_id){rows[i].comment}, rows[i]);
    return true;
}

static bool others_have(const struct commenter_record *r, const struct commenter_id *id)
{
    for (size_t i = 0; i < r->n_others; i++)
        if (memcmp(&r->others[i].id, id, sizeof *id) == 0)
            return true;
    return false;
}

static bool others_see(const struct domain *d, struct tx *tx, struct commenter_record *r,
                       struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    struct commenter_neighbours_in in = {d->site.id.v, commenter_str(&r->id),
                                         now_s - d->settings->moderation_network_hours * 3600,
                                         NEIGHBOURS_SEEN_MAX};
    struct commenter_neighbours_out *rows;
    size_t n;
    if (!sql_commenter_neighbours(tx, &in, &rows, &n, e))
        return false;
    r->others = ARENA_ARRAY(tx_arena(tx), struct commenter_other, COMMENTER_OTHERS_MAX);
    for (size_t i = 0; i < n && r->n_others < COMMENTER_OTHERS_MAX; i++) {
        struct commenter_id id = commenter_id_of(rows[i].id);
        if (others_have(r, &id))
            continue;
        r->others[r->n_others++] = (struct commenter_other){
            .id = id,
            .name = rows[i].name,
            .approved = rows[i].approved,
            .rejected = rows[i].rejected,
            .trust = trust_now(rows[i].trust, rows[i].trust_until_s, now_s)};
    }
    return true;
}

static bool row_get(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                    struct commenter_record_out *ret_row, struct err *e)
{
    struct commenter_record_in in = {d->site.id.v, commenter_str(id)};
    bool found;
    if (!sql_commenter_record(tx, &in, ret_row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    return true;
}

static struct trusting trusting_of(int64_t stored, int64_t until_s, int64_t now_s)
{
    enum trust trust = trust_now(stored, until_s, now_s);
    return (struct trusting){trust, trust == TRUST_NONE ? 0 : until_s};
}

bool commenter_record_get(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                          struct commenter_record *ret_record, struct err *e)
{
    struct commenter_record_out row;
    if (!row_get(d, tx, id, &row, e))
        return false;
    struct trusting trusting = trusting_of(row.trust, row.trust_until_s, tx_now_s(tx));
    struct commenter_record r = {.id = *id,
                                 .created_s = row.created_s,
                                 .approved = row.approved,
                                 .rejected = row.rejected,
                                 .trust = trusting.trust,
                                 .trust_until_s = trusting.until_s};
    struct note_subject on = {.commenter = *id};
    int64_t since_s;
    if (!comments_see(d, tx, &r, &since_s, e) || !decisions_see(d, tx, &r, since_s, e) ||
        !trust_records_get(d, tx, id, &r.trusts, e) ||
        !team_note_list(d, tx, &on, &r.notes, &r.n_notes, e) || !others_see(d, tx, &r, e))
        return false;
    *ret_record = r;
    return true;
}

bool commenter_trust_get(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                         struct trusting *ret_trusting, struct err *e)
{
    struct commenter_get_in in = {d->site.id.v, commenter_str(id)};
    struct commenter_get_out row;
    bool found;
    if (!sql_commenter_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    *ret_trusting = trusting_of(row.trust, row.trust_until_s, tx_now_s(tx));
    return true;
}

struct hold_rule trust_rule_of(const struct domain *d, enum trust trust, enum mode mode,
                               int64_t approved)
{
    if (trust == TRUST_HELD)
        return (struct hold_rule){true, STR("trust:held")};
    if (trust == TRUST_FULL && mode == MODE_FIRST)
        return (struct hold_rule){false, STR_NONE};
    return hold_rule_of(d, mode, approved);
}

bool trust_takes_words(enum trust trust, struct err *e)
{
    if (trust == TRUST_BANNED)
        return err_set(e, ERR_DENIED, T_COMMENT_BANNED, "the commenter is banned");
    return true;
}

bool network_is_kept(const struct domain *d, struct str network)
{
    return network.n == NETWORK_BYTES && d->settings->moderation_network_hours > 0;
}

bool arrival_note(const struct domain *d, struct tx *tx, struct comment_id id, struct str network,
                  struct err *e)
{
    struct arrival_add_in in = {d->site.id.v, id.v, network, tx_now_s(tx)};
    return !network_is_kept(d, network) || sql_arrival_add(tx, &in, NULL, e);
}

bool arrival_expire(const struct domain *d, struct tx *tx, int64_t *ret_dropped, struct err *e)
{
    struct arrival_due_in in = {d->site.id.v,
                                tx_now_s(tx) - d->settings->moderation_network_hours * 3600,
                                ARRIVALS_AT_ONCE};
    struct arrival_due_out *rows;
    size_t n;
    if (!sql_arrival_due(tx, &in, &rows, &n, e))
        return false;
    *ret_dropped = (int64_t)n;
    if (n == 0)
        return true;
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].comment;
    struct arrival_erase_in erase = {d->site.id.v, ids_json(tx_arena(tx), ids, n)};
    return sql_arrival_erase(tx, &erase, NULL, e);
}
