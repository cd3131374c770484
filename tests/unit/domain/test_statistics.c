/* Figures of the team's work, each against one computed by hand. */
#include "domain/statistics.h"

#include "domain/inner.h"
#include "tests/unit/domain/room.h"

#define HOUR_S INT64_C(3600)
#define DAY_S INT64_C(86400)

CALL(statistics_call, const struct actor *actor; int64_t since_s; struct statistics s;
     uint64_t statements;, statistics_get(d, tx, c->actor, c->since_s, &c->s, e) &&
                               (c->statements = tx_statements(tx)) > 0)

/* The room's moderator and senior as rows of the team. */
static bool members_add(const struct domain *d, const struct room *r, struct tx *tx, struct err *e)
{
    const struct actor *team[] = {&r->senior, &r->moderator};
    for (size_t i = 0; i < ARRAY_LEN(team); i++) {
        struct moderator_add_in in = {.site = d->site.id.v,
                                      .id = team[i]->moderator.id.v,
                                      .name = i ? STR("Asel") : STR("Bolat"),
                                      .password = STR("none"),
                                      .role = team[i]->role};
        if (!sql_moderator_add(tx, &in, NULL, e))
            return false;
    }
    return true;
}

CALL(member_call, , members_add(d, c->r, tx, e))

static struct statistics figures(struct room *r, const struct actor *actor, int64_t days)
{
    struct statistics_call c = {.r = r, .actor = actor, .since_s = r->clock.now_s - days * DAY_S};
    room_must_read(r, statistics_call_work, &c);
    assert_true(c.statements <= 7);
    return c.s;
}

static void decide_as(struct room *r, const struct actor *actor, int64_t number, enum action action)
{
    struct queue_detail detail = room_detail(r, number);
    struct err e = {0};
    struct decide decide = {.comment = detail.card.comment.id,
                            .action = action,
                            .reason = STR("insult"),
                            .expected = detail.card.comment.state,
                            .expected_edited_s = detail.card.comment.edited_s,
                            .expected_reports = detail.card.open_reports,
                            .expected_reported_s = detail.card.reported_s};
    if (!room_decide(r, actor, decide, &e))
        fail_msg("%s", e.why);
}

static void assert_work(const struct statistics_work *w, int64_t published, int64_t removed,
                        int64_t undone)
{
    assert_int_equal(w->published, published);
    assert_int_equal(w->removed, removed);
    assert_int_equal(w->undone, undone);
}

static void an_empty_newsroom_has_nothing(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct statistics s = figures(&r, &r.senior, 7);
    assert_int_equal(s.held, 0);
    assert_true(s.held_is_exact);
    assert_int_equal(s.oldest_s, 0);
    assert_work(&s.work, 0, 0, 0);
    assert_int_equal(s.timed, 0);
    assert_int_equal(s.median_s, 0);
    assert_int_equal(s.n_rules, 0);
    assert_int_equal(s.n_slots, 7 * 96 + 1);
    assert_int_equal(statistics_percent(&s.work), 0);
    room_close(&r);
}

/* Five are held: written just now, and 1 h, 6 h, 24 h and 7 days ago, each to the second. */
static void the_backlog_is_told_by_age(void **state)
{
    (void)state;
    static struct room r;
    static const int64_t ago_s[] = {7 * DAY_S, DAY_S, DAY_S - 1, 6 * HOUR_S, HOUR_S, HOUR_S - 1, 0};
    static const int64_t counts[STATISTICS_AGES] = {2, 1, 2, 1, 1};
    room_open(&r, MODE_HELD);
    int64_t now_s = r.clock.now_s + 8 * DAY_S;
    for (size_t i = 0; i < ARRAY_LEN(ago_s); i++) {
        r.clock.now_s = now_s - ago_s[i];
        (void)room_say(&r, 0, NULL);
    }
    struct statistics s = figures(&r, &r.moderator, 7);
    for (size_t i = 0; i < STATISTICS_AGES; i++)
        assert_int_equal(s.ages[i].n, counts[i]);
    assert_int_equal(s.held, ARRAY_LEN(ago_s));
    assert_int_equal(s.oldest_s, now_s - 7 * DAY_S);
    room_must_decide(&r, 1, ACTION_SPAM);
    s = figures(&r, &r.moderator, 7);
    assert_int_equal(s.ages[4].n, 0);
    assert_int_equal(s.held, ARRAY_LEN(ago_s) - 1);
    assert_int_equal(s.oldest_s, now_s - DAY_S);
    room_close(&r);
}

/*
 * Six comments, held at once, an hour apart from the one before in being decided: waits of 1 to 5
 * hours, the sixth waits on. The fourth is published, taken back and rejected an hour after that.
 */
static void a_day(struct room *r)
{
    room_open(r, MODE_HELD);
    struct member_call members = {.r = r};
    room_must_write(r, member_call_work, &members);
    int64_t from_s = r->clock.now_s;
    for (int i = 0; i < 6; i++)
        (void)room_say(r, 0, NULL);
    r->clock.now_s = from_s + HOUR_S;
    decide_as(r, &r->moderator, 1, ACTION_PUBLISH);
    r->clock.now_s = from_s + 2 * HOUR_S;
    decide_as(r, &r->moderator, 2, ACTION_REJECT);
    r->clock.now_s = from_s + 3 * HOUR_S;
    decide_as(r, &r->senior, 3, ACTION_SPAM);
    r->clock.now_s = from_s + 4 * HOUR_S;
    decide_as(r, &r->moderator, 4, ACTION_PUBLISH);
    struct err e = {0};
    assert_true(room_undo(r, &r->moderator, 4, room_detail(r, 4).undo_seq, &e));
    r->clock.now_s = from_s + 5 * HOUR_S;
    decide_as(r, &r->senior, 4, ACTION_REJECT); /* it came back an hour ago */
    decide_as(r, &r->senior, 5, ACTION_PUBLISH);
    decide_as(r, &r->senior, 1, ACTION_FEATURE); /* no decision that counts */
}

/* Waits 1, 2, 3, 1 and 5 hours: sorted 1 1 2 3 5. Kept away 3 of 5: 60 %. */
static void the_team_is_counted_and_timed(void **state)
{
    (void)state;
    static struct room r;
    a_day(&r);
    struct statistics s = figures(&r, &r.senior, 7);
    assert_true(s.is_whole);
    assert_work(&s.work, 2, 3, 1);
    assert_int_equal(s.timed, 5);
    assert_int_equal(s.median_s, 2 * HOUR_S);
    assert_int_equal(statistics_percent(&s.work), 60);
    assert_int_equal(s.n_rules, 1);
    assert_str(s.rules[0].rule, "mode:held");
    assert_int_equal(s.rules[0].met, 6);
    assert_int_equal(s.rules[0].good, 2);
    assert_int_equal(s.rules[0].bad, 3);
    /* One more, of 9 hours: the mean of the middle two, 2 and 3. */
    r.clock.now_s += 4 * HOUR_S;
    decide_as(&r, &r.senior, 6, ACTION_SPAM);
    s = figures(&r, &r.senior, 7);
    assert_int_equal(s.timed, 6);
    assert_int_equal(s.median_s, 5 * HOUR_S / 2);
    assert_int_equal(statistics_percent(&s.work), 67);
    room_close(&r);
}

static struct statistics_work work_of(const struct statistics *s, const struct actor *who)
{
    for (size_t i = 0; i < s->n_members; i++)
        if (s->members[i].id.v == who->moderator.id.v)
            return s->members[i].work;
    fail_msg("they are not listed");
    return (struct statistics_work){0};
}

static void assert_member(const struct statistics *s, const struct actor *who, int64_t published,
                          int64_t removed, int64_t undone)
{
    struct statistics_work work = work_of(s, who);
    assert_work(&work, published, removed, undone);
}

static void only_seniors_see_the_others(void **state)
{
    (void)state;
    static struct room r;
    a_day(&r);
    struct statistics s = figures(&r, &r.senior, 7);
    assert_int_equal(s.n_members, 2);
    assert_str(s.members[0].name, "Asel");
    assert_member(&s, &r.moderator, 1, 1, 1);
    assert_member(&s, &r.senior, 1, 2, 0);
    s = figures(&r, &r.moderator, 7);
    assert_int_equal(s.n_members, 1);
    assert_member(&s, &r.moderator, 1, 1, 1);
    assert_work(&s.work, 2, 3, 1); /* the team's sum is everybody's to see */
    s = figures(&r, &r.administrator, 7);
    assert_member(&s, &r.senior, 1, 2, 0);
    room_close(&r);
}

static void each_has_its_quarter_of_an_hour(void **state)
{
    (void)state;
    static struct room r;
    a_day(&r);
    struct statistics s = figures(&r, &r.senior, 1);
    int64_t arrived = 0, published = 0;
    assert_int_equal(s.slots_s % STATISTICS_SLOT_S, 0);
    for (size_t i = 0; i < s.n_slots; i++) {
        int64_t at_s = s.slots_s + (int64_t)i * STATISTICS_SLOT_S;
        const struct statistics_slot *slot = &s.slots[i];
        arrived += slot->arrived;
        published += slot->work.published;
        if (slot->arrived)
            assert_in_range(r.clock.now_s - 5 * HOUR_S - at_s, 0, STATISTICS_SLOT_S - 1);
        if (slot->work.undone)
            assert_in_range(r.clock.now_s - HOUR_S - at_s, 0, STATISTICS_SLOT_S - 1);
    }
    assert_int_equal(arrived, 6);
    assert_int_equal(published, 2);
    /* A period that begins after the first three decisions has the others only. */
    struct statistics_call c = {
        .r = &r, .actor = &r.senior, .since_s = r.clock.now_s - 3 * HOUR_S / 2};
    room_must_read(&r, statistics_call_work, &c);
    assert_work(&c.s.work, 1, 1, 1);
    assert_int_equal(c.s.n_rules, 0);
    room_close(&r);
}

/* What two rules did, by turns, to each of 100 comments. */
static bool rules_hold(const struct domain *d, struct tx *tx, struct thread_id thread, int64_t n,
                       struct err *e)
{
    for (int64_t i = 0; i < n; i++) {
        struct decision why = {.comment = comment_id_of(thread, 1 + i % 100),
                               .rule = i % 2 ? STR("rule:3") : STR("rule:4"),
                               .action = ACTION_HOLD,
                               .from = COMMENT_HELD,
                               .to = COMMENT_HELD};
        if (!decision_put(d, tx, &why, e))
            return false;
    }
    return true;
}

CALL(rules_call, int64_t n;, rules_hold(d, tx, c->r->article, c->n, e))

/* One decision more than is looked at: the oldest is left out, and it is said since when. */
static void more_than_the_window_is_said(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    for (int i = 0; i < 100; i++)
        (void)room_say(&r, 0, NULL);
    r.clock.now_s += 8 * DAY_S;
    struct rules_call rules = {.r = &r, .n = 1};
    room_must_write(&r, rules_call_work, &rules);
    r.clock.now_s += HOUR_S;
    decide_as(&r, &r.senior, 1, ACTION_PUBLISH);
    r.clock.now_s += HOUR_S;
    rules.n = STATISTICS_WINDOW - 1;
    room_must_write(&r, rules_call_work, &rules);
    struct statistics s = figures(&r, &r.senior, 7);
    assert_false(s.is_whole);
    assert_int_equal(s.since_s, r.clock.now_s - HOUR_S);
    assert_work(&s.work, 1, 0, 0);
    assert_int_equal(s.n_rules, 2);
    assert_str(s.rules[0].rule, "rule:4");
    assert_int_equal(s.rules[0].met, STATISTICS_WINDOW / 2);
    assert_int_equal(s.rules[1].met, STATISTICS_WINDOW / 2 - 1);
    room_close(&r);
}

/* Each campaign is a rule in its decisions; among rules they are one. */
static void campaigns_are_one_rule(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    for (int i = 0; i < 4; i++)
        (void)room_say(&r, 0, NULL);
    room_rule_holds(&r, 1, "campaign:1", "");
    room_rule_holds(&r, 2, "campaign:1", "");
    room_rule_holds(&r, 3, "campaign:3", "");
    room_rule_holds(&r, 4, "rule:3", "");
    struct statistics s = figures(&r, &r.senior, 7);
    assert_int_equal(s.n_rules, 2);
    assert_str(s.rules[0].rule, "campaign");
    assert_int_equal(s.rules[0].met, 3);
    assert_str(s.rules[1].rule, "rule:3");
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_newsroom_has_nothing),
        cmocka_unit_test(the_backlog_is_told_by_age),
        cmocka_unit_test(the_team_is_counted_and_timed),
        cmocka_unit_test(only_seniors_see_the_others),
        cmocka_unit_test(each_has_its_quarter_of_an_hour),
        cmocka_unit_test(more_than_the_window_is_said),
        cmocka_unit_test(campaigns_are_one_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
