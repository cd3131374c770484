#include "domain/rule.h"

#include "domain/deciding.h"
#include "domain/ledger.h"
#include "domain/rights.h"

#define RULE_OF_ROW(r)                                                                             \
    ((struct rule){.id = (r).id,                                                                   \
                   .kind = (enum rule_kind)(r).kind,                                               \
                   .does = (enum rule_does)(r).does,                                               \
                   .is_on = (r).is_on != 0,                                                        \
                   .met = (r).met,                                                                 \
                   .agreed = (r).agreed,                                                           \
                   .overruled = (r).overruled,                                                     \
                   .rev = (r).rev,                                                                 \
                   .changed_s = (r).changed_s,                                                     \
                   .moderator = {(r).moderator},                                                   \
                   .moderator_name = (r).moderator_name,                                           \
                   .name = (r).name})

static const struct str reasons[RULE_KINDS] = {
    [RULE_WORDS - 1] = STR_INIT("rule-words"),       [RULE_LINKS - 1] = STR_INIT("rule-links"),
    [RULE_NEWCOMER - 1] = STR_INIT("rule-newcomer"), [RULE_REPEAT - 1] = STR_INIT("rule-repeat"),
    [RULE_SHAPE - 1] = STR_INIT("rule-shape"),
};

struct str rule_reason(enum rule_kind kind)
{
    return reasons[kind - 1];
}

int64_t rule_id_of(struct str decision_rule)
{
    static const struct str prefix = STR_INIT("rule:");
    int64_t id;
    return str_begins(decision_rule, prefix) &&
                   str_to_int64(str_from(decision_rule, prefix.n), 1, INT64_MAX, &id)
               ? id
               : 0;
}

bool rule_list(const struct domain *d, struct tx *tx, struct rule **ret_rules, size_t *ret_n,
               struct err *e)
{
    struct rule_heads_in in = {d->site.id.v};
    struct rule_heads_out *rows;
    size_t n;
    if (!sql_rule_heads(tx, &in, &rows, &n, e))
        return false;
    struct rule *rules = ARENA_ARRAY(tx_arena(tx), struct rule, n);
    for (size_t i = 0; i < n; i++)
        rules[i] = RULE_OF_ROW(rows[i]);
    *ret_rules = rules;
    *ret_n = n;
    return true;
}

/* One without its source. */
static bool head_get(const struct domain *d, struct tx *tx, int64_t id, struct rule *ret_rule,
                     struct err *e)
{
    struct rule *rules;
    size_t n;
    if (!rule_list(d, tx, &rules, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rules[i].id != id)
            continue;
        *ret_rule = rules[i];
        return true;
    }
    return err_set(e, ERR_MISSING, 0, "no rule %" PRId64, id);
}

bool rule_get(const struct domain *d, struct tx *tx, int64_t id, struct rule *ret_rule,
              struct err *e)
{
    struct rule rule = {0};
    struct rule_source_in in = {d->site.id.v, id};
    struct rule_source_out row;
    bool found;
    if (!head_get(d, tx, id, &rule, e) || !sql_rule_source(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no rule %" PRId64, id);
    rule.source = row.source;
    *ret_rule = rule;
    return true;
}

/* ---- Changes -------------------------------------------------------------------------------- */

/* What the ledger is told: figures only, and of the source a keyed hash. */
static bool ledger_tell(const struct domain *d, struct tx *tx, struct moderator_id who,
                        const char *did, const struct rule *rule, struct err *e)
{
    struct str body =
        arena_printf(tx_arena(tx), "rule=%" PRId64 " did=%s kind=%d does=%d on=%d", rule->id, did,
                     (int)rule->kind, (int)rule->does, (int)rule->is_on);
    return ledger_add(d, tx, who, STR("rule"), body, e);
}

static bool ledger_tell_source(const struct domain *d, struct tx *tx, struct moderator_id who,
                               const struct rule_plan *plan, int64_t id, struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct hash hash = domain_hash(d, STR("rule"), id, 0, plan->source);
    struct str hex = hash_hex(a, hash, 64);
    struct str body = arena_printf(
        a, "rule=%" PRId64 " did=%s kind=%d does=%d on=%d entries=%" PRId64 " hash=" STR_FMT, id,
        plan->id ? "changed" : "added", (int)plan->kind, (int)plan->does, (int)plan->is_on,
        plan->entries, STR_ARG(hex));
    return ledger_add(d, tx, who, STR("rule"), body, e);
}

static bool rule_add(const struct domain *d, struct tx *tx, struct moderator_id who,
                     const struct rule_plan *plan, int64_t *ret_id, struct err *e)
{
    struct rule *rules;
    size_t n;
    if (!rule_list(d, tx, &rules, &n, e))
        return false;
    if (n >= RULES_MAX)
        return err_set(e, ERR_INVALID, T_RULE_TOO_MANY, "%zu rules", n);
    struct rule_add_in in = {.site = d->site.id.v,
                             .kind = plan->kind,
                             .does = plan->does,
                             .is_on = plan->is_on,
                             .changed_s = tx_now_s(tx),
                             .moderator = who.v,
                             .name = plan->name,
                             .source = plan->source};
    if (!number_take(d, tx, STR("rule"), &in.id, e) || !sql_rule_add(tx, &in, NULL, e))
        return false;
    *ret_id = in.id;
    return true;
}

static bool rule_change(const struct domain *d, struct tx *tx, struct moderator_id who,
                        const struct rule_plan *plan, struct err *e)
{
    struct rule rule = {0};
    if (!head_get(d, tx, plan->id, &rule, e))
        return false;
    struct rule_change_in in = {.site = d->site.id.v,
                                .id = plan->id,
                                .rev = plan->expected,
                                .does = plan->does,
                                .is_on = plan->is_on,
                                .changed_s = tx_now_s(tx),
                                .moderator = who.v,
                                .name = plan->name,
                                .source = plan->source};
    int64_t changed = 0;
    if (rule.kind == plan->kind && !sql_rule_change(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, T_RULE_CHANGED, "rule %" PRId64 " is at rev %" PRId64,
                       plan->id, rule.rev);
    return true;
}

static bool role_check(const struct actor *actor, struct err *e)
{
    if (!team_check(actor, e))
        return false;
    return right_is_held(RIGHT_RULE_CHANGE, actor->role) ||
           err_set(e, ERR_DENIED, 0, "role %d changes no rules", (int)actor->role);
}

bool rule_save(const struct domain *d, struct tx *tx, const struct actor *actor,
               const struct rule_plan *plan, int64_t *ret_id, struct err *e)
{
    struct moderator_id who = actor->moderator.id;
    int64_t id = plan->id;
    if (!role_check(actor, e))
        return false;
    bool good = id ? rule_change(d, tx, who, plan, e) : rule_add(d, tx, who, plan, &id, e);
    if (!good || !ledger_tell_source(d, tx, who, plan, id, e))
        return false;
    *ret_id = id;
    return true;
}

bool rule_switch(const struct domain *d, struct tx *tx, const struct actor *actor, int64_t id,
                 bool is_on, struct err *e)
{
    struct rule rule = {0};
    struct rule_switch_in in = {d->site.id.v, id, is_on, tx_now_s(tx), actor->moderator.id.v};
    if (!role_check(actor, e) || !head_get(d, tx, id, &rule, e))
        return false;
    if (rule.is_on == is_on)
        return true;
    rule.is_on = is_on;
    return sql_rule_switch(tx, &in, NULL, e) &&
           ledger_tell(d, tx, actor->moderator.id, is_on ? "on" : "off", &rule, e);
}

bool rule_remove(const struct domain *d, struct tx *tx, const struct actor *actor, int64_t id,
                 struct err *e)
{
    struct rule rule = {0};
    struct rule_remove_in in = {d->site.id.v, id};
    return role_check(actor, e) && head_get(d, tx, id, &rule, e) &&
           sql_rule_remove(tx, &in, NULL, e) &&
           ledger_tell(d, tx, actor->moderator.id, "removed", &rule, e);
}
