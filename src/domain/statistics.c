#include "domain/statistics.h"

#include <stdlib.h>

#include "base/must.h"
#include "domain/campaign_case.h"
#include "domain/inner.h"

#define HOUR_S 3600
#define DAY_S 86400

/* The ages that are told apart: each ends where the next begins. */
static const int64_t ages_s[STATISTICS_AGES] = {0, HOUR_S, 6 * HOUR_S, DAY_S, 7 * DAY_S};

/* A decision that was taken back. */
struct undone {
    int64_t comment, seq;
};

/* The pass over the decisions. */
struct tally {
    struct arena *arena;
    struct undone *undone; /* sorted */
    size_t n_undone;
    struct statistics *s;
    struct statistics_member *members;
    struct statistics_rule *rules;
    size_t rules_capacity;
    struct statistics_slot *slots;
    int64_t *waits_s;
};

static bool waiting_get(const struct domain *d, struct tx *tx, struct statistics *s, struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    s->held_is_exact = true;
    for (size_t i = 0; i < STATISTICS_AGES; i++) {
        bool is_last = i + 1 == STATISTICS_AGES;
        struct statistics_waiting_in in = {
            .site = d->site.id.v,
            .after_s = is_last ? -1 : now_s - ages_s[i + 1],
            .until_s = i == 0 ? INT64_MAX : now_s - ages_s[i],
            .max = STATISTICS_COUNT_MAX + 1,
        };
        struct statistics_waiting_out row;
        if (!sql_statistics_waiting(tx, &in, &row, e))
            return false;
        s->ages[i] = (struct statistics_age){ages_s[i], is_last ? 0 : ages_s[i + 1], row.n};
        s->held += row.n;
        s->held_is_exact = s->held_is_exact && row.n <= STATISTICS_COUNT_MAX;
        if (row.n > 0)
            s->oldest_s = row.first_s;
    }
    return true;
}

static bool members_get(const struct domain *d, struct tx *tx, const struct actor *actor,
                        struct tally *t, struct err *e)
{
    bool sees_all = actor->role >= ROLE_SENIOR;
    struct statistics_members_in in = {d->site.id.v, sees_all ? 0 : actor->moderator.id.v};
    struct statistics_members_out *rows;
    size_t n;
    if (!sql_statistics_members(tx, &in, &rows, &n, e))
        return false;
    t->members = ARENA_ARRAY(t->arena, struct statistics_member, n);
    for (size_t i = 0; i < n; i++)
        t->members[i] = (struct statistics_member){.id = {rows[i].id}, .name = rows[i].name};
    t->s->members = t->members;
    t->s->n_members = n;
    return true;
}

static struct statistics_rule *rule_find(struct tally *t, struct str rule)
{
    for (size_t i = 0; t->rules && i < t->s->n_rules; i++)
        if (str_eq(t->rules[i].rule, rule))
            return &t->rules[i];
    struct statistics_rule *fresh =
        ARENA_PUSH(t->arena, t->rules, t->s->n_rules, t->rules_capacity);
    *fresh = (struct statistics_rule){.rule = rule};
    return fresh;
}

static int by_decision(const void *a, const void *b)
{
    const struct undone *x = a, *y = b;
    if (x->comment != y->comment)
        return x->comment < y->comment ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* What is taken back is taken back later: whoever sees a decision has seen that as well. */
static void undone_find(struct tally *t, const struct statistics_decisions_out *rows, size_t n)
{
    size_t capacity = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].undoes)
            *ARENA_PUSH(t->arena, t->undone, t->n_undone, capacity) =
                (struct undone){rows[i].comment, rows[i].undoes};
    if (t->n_undone > 0)
        qsort(t->undone, t->n_undone, sizeof *t->undone, by_decision);
}

static bool is_undone(const struct tally *t, const struct statistics_decisions_out *r)
{
    struct undone key = {r->comment, r->seq};
    return t->n_undone > 0 &&
           bsearch(&key, t->undone, t->n_undone, sizeof key, by_decision) != NULL;
}

static void work_add(struct statistics_work *w, enum action action, bool was_undone)
{
    if (was_undone)
        w->undone++;
    else if (action == ACTION_PUBLISH)
        w->published++;
    else
        w->removed++;
}

static void team_add(struct tally *t, const struct statistics_decisions_out *r,
                     struct statistics_slot *slot)
{
    enum action action = (enum action)r->action;
    if (r->undoes != 0 || action >= ACTION_HOLD)
        return;
    bool was_undone = is_undone(t, r);
    work_add(&t->s->work, action, was_undone);
    work_add(&slot->work, action, was_undone);
    for (size_t i = 0; i < t->s->n_members; i++)
        if (t->members[i].id.v == r->moderator) {
            work_add(&t->members[i].work, action, was_undone);
            break;
        }
    if (r->from_state == COMMENT_HELD && !was_undone)
        t->waits_s[t->s->timed++] = r->at_s > r->waits_s ? r->at_s - r->waits_s : 0;
}

/* Authors who take back, and comments that were brought over, are no rules. */
static bool is_rule(struct str rule)
{
    return rule.n > 0 && !str_eq(rule, STR("author")) && !str_eq(rule, STR("import"));
}

static void rule_add(struct tally *t, const struct statistics_decisions_out *r,
                     struct statistics_slot *slot)
{
    if (!is_rule(r->rule))
        return;
    struct statistics_rule *rule = rule_find(t, campaign_rule_fold(r->rule));
    rule->met++;
    rule->good += r->judged == 1;
    rule->bad += r->judged == 2;
    slot->arrived += r->to_state == COMMENT_HELD;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int by_met(const void *a, const void *b)
{
    const struct statistics_rule *x = a, *y = b;
    if (x->met != y->met)
        return x->met < y->met ? 1 : -1;
    return str_cmp(x->rule, y->rule);
}

static int64_t median(int64_t *numbers, int64_t n)
{
    if (n == 0)
        return 0;
    qsort(numbers, (size_t)n, sizeof *numbers, by_number);
    return (numbers[(n - 1) / 2] + numbers[n / 2]) / 2;
}

static void slots_make(struct tally *t, int64_t now_s)
{
    struct statistics *s = t->s;
    s->slots_s = s->since_s - s->since_s % STATISTICS_SLOT_S;
    s->n_slots = (size_t)((now_s - s->slots_s) / STATISTICS_SLOT_S + 1);
    t->slots = ARENA_ARRAY(t->arena, struct statistics_slot, s->n_slots);
    s->slots = t->slots;
}

/* A decision of a clock that went ahead belongs to the newest quarter. */
static struct statistics_slot *slot_of(const struct tally *t, int64_t at_s)
{
    size_t i = (size_t)((at_s - t->s->slots_s) / STATISTICS_SLOT_S);
    return &t->slots[i < t->s->n_slots ? i : t->s->n_slots - 1];
}

static void decisions_add(struct tally *t, const struct statistics_decisions_out *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct statistics_slot *slot = slot_of(t, rows[i].at_s);
        if (rows[i].moderator)
            team_add(t, &rows[i], slot);
        else
            rule_add(t, &rows[i], slot);
    }
}

bool statistics_get(const struct domain *d, struct tx *tx, const struct actor *actor,
                    int64_t since_s, struct statistics *ret_statistics, struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    MUST(since_s <= now_s && since_s >= now_s - (int64_t)STATISTICS_DAYS_MAX * DAY_S);
    struct statistics s = {.since_s = since_s};
    struct tally t = {.arena = tx_arena(tx), .s = &s};
    struct statistics_decisions_in in = {d->site.id.v, since_s, STATISTICS_WINDOW + 1};
    struct statistics_decisions_out *rows;
    size_t n;
    if (!waiting_get(d, tx, &s, e) || !members_get(d, tx, actor, &t, e) ||
        !sql_statistics_decisions(tx, &in, &rows, &n, e))
        return false;
    s.is_whole = n <= STATISTICS_WINDOW;
    if (!s.is_whole) {
        n = STATISTICS_WINDOW;
        s.since_s = rows[n - 1].at_s < now_s ? rows[n - 1].at_s : now_s;
    }
    slots_make(&t, now_s);
    undone_find(&t, rows, n);
    t.waits_s = ARENA_ARRAY(t.arena, int64_t, n);
    decisions_add(&t, rows, n);
    s.median_s = median(t.waits_s, s.timed);
    if (t.rules)
        qsort(t.rules, s.n_rules, sizeof *t.rules, by_met);
    s.rules = t.rules;
    *ret_statistics = s;
    return true;
}

int64_t statistics_percent(const struct statistics_work *work)
{
    int64_t decided = work->published + work->removed;
    return decided == 0 ? 0 : (200 * work->removed + decided) / (2 * decided);
}
