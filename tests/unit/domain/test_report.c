/* Readers' reports: one a reader, a hold by enough of them, closed by decisions, forgotten. */
#include "domain/report.h"

#include "store/statements.h"
#include "tests/unit/domain/room.h"

/* A reader by number, at a network by number (0: not known). */
struct reader {
    int token, network;
};

CALL(add_call, struct report report; bool is_held;, report_add(d, tx, &c->report, &c->is_held, e))

static struct report report_of(struct room *r, int64_t number, struct reader who)
{
    struct arena *a = r->f.arena;
    struct report report = {.comment = comment_id_of(r->article, number), .reason = STR("insult")};
    report.reporter = reporter_of(&r->d, report.comment, arena_printf(a, "token %d", who.token));
    if (who.network)
        report.network = arena_printf(a, "net%05d", who.network);
    return report;
}

static bool report_put(struct room *r, const struct report *report, struct err *e)
{
    struct add_call c = {.r = r, .report = *report};
    return room_write(r, add_call_work, &c, e) && c.is_held;
}

/* Reports; whether it held the comment. */
static bool reported(struct room *r, int64_t number, int token, int network)
{
    struct report report = report_of(r, number, (struct reader){token, network});
    struct err e = {0};
    bool is_held = report_put(r, &report, &e);
    if (e.kind)
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    return is_held;
}

static void refuse(struct room *r, const struct report *report, enum err_kind kind, int say)
{
    struct err e = {0};
    assert_false(report_put(r, report, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.say, say);
}

static enum comment_state state_now(struct room *r, int64_t number)
{
    return room_detail(r, number).card.comment.state;
}

static int64_t open_reports(struct room *r, int64_t number)
{
    struct queue_detail detail = room_detail(r, number);
    int64_t n = 0;
    for (size_t i = 0; i < detail.card.n_reports; i++)
        n += detail.card.reports[i].n;
    return n;
}

CALL(list_call, struct comment_id id; struct report_line * lines; size_t n;
     , report_list(d, tx, c->id, &c->lines, &c->n, e))

static struct list_call list(struct room *r, int64_t number)
{
    struct list_call c = {.r = r, .id = comment_id_of(r->article, number)};
    room_must_read(r, list_call_work, &c);
    return c;
}

CALL(expire_call, int64_t erased;, report_expire(d, tx, &c->erased, e))

static int64_t expire(struct room *r)
{
    struct expire_call c = {.r = r};
    room_must_write(r, expire_call_work, &c);
    return c.erased;
}

static void once_a_reader(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    for (int i = 0; i < 3; i++)
        assert_false(reported(&r, c.number, 1, 1));
    assert_int_equal(open_reports(&r, c.number), 1);
    assert_false(reported(&r, c.number, 2, 2));
    assert_int_equal(open_reports(&r, c.number), 2);
    struct list_call lines = list(&r, c.number);
    assert_int_equal(lines.n, 2);
    assert_true(str_eq(lines.lines[0].reason, STR("insult")));
    assert_int_equal(lines.lines[0].at_s, r.clock.now_s);
    room_check(&r);
    room_close(&r);
}

/* As many networks as tokens: whoever changes one of them counts once. */
static void held_by_readers_of_different_networks(void **state)
{
    (void)state;
    static struct room r;
    static const struct {
        struct reader readers[8];
        size_t n;
        bool holds;
    } rows[] = {
        {{{1, 1}, {2, 2}, {3, 3}}, 3, true},
        {{{1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}}, 5, false}, /* one network, many tokens */
        {{{1, 1}, {1, 2}, {1, 3}, {1, 4}}, 4, false},         /* one token, many networks */
        {{{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 3}}, 5, true},
        {{{1, 0}, {2, 0}, {3, 0}}, 3, true}, /* not known: tokens alone */
        {{{1, 0}, {2, 0}, {3, 1}}, 3, true},
        {{{1, 0}, {1, 0}, {2, 1}, {3, 1}}, 4, false},
    };
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 3;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct comment c = room_say(&r, 0, NULL);
        bool holds = false;
        for (size_t n = 0; n < rows[i].n; n++) {
            assert_false(holds);
            holds = reported(&r, c.number, rows[i].readers[n].token, rows[i].readers[n].network);
        }
        if (holds != rows[i].holds)
            fail_msg("row %zu", i);
        assert_int_equal(state_now(&r, c.number), holds ? COMMENT_HELD : COMMENT_PUBLISHED);
        if (!holds)
            continue;
        struct queue_detail detail = room_detail(&r, c.number);
        assert_true(detail.card.comment.placed);
        assert_true(str_eq(detail.card.rule, STR("reports")));
        assert_int_equal(detail.decisions[detail.n_decisions - 1].moderator.v, 0);
        room_check(&r);
    }
    room_close(&r);
}

static void a_moderator_outweighs_any_number(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 2;
    struct comment c = room_say(&r, 0, NULL);
    assert_false(reported(&r, c.number, 1, 1));
    assert_true(reported(&r, c.number, 2, 2));
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    assert_int_equal(open_reports(&r, c.number), 0);
    for (int i = 3; i < 13; i++)
        assert_false(reported(&r, c.number, i, i));
    assert_int_equal(state_now(&r, c.number), COMMENT_PUBLISHED);
    assert_int_equal(open_reports(&r, c.number), 10); /* they are listed all the same */
    assert_int_equal(list(&r, c.number).n, 12);
    room_check(&r);
    /* Nor does it hold what the team trusts, or anything when it is switched off. */
    struct comment trusted = room_say(&r, 0, NULL);
    r.settings.moderation_reports_hold = 0;
    for (int i = 1; i < 6; i++)
        assert_false(reported(&r, trusted.number, i, i));
    room_close(&r);
}

/* Who read it decides: about what was read. */
static void other_words_are_not_those_that_were_approved(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 3;
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_HOLD);
    room_must_decide(&r, c.number, ACTION_PUBLISH); /* with the clock standing still */
    assert_true(room_edit(&r, &c, "Abuse of everybody and nobody.", &e));
    assert_int_equal(state_now(&r, c.number), COMMENT_PUBLISHED);
    assert_false(reported(&r, c.number, 1, 1));
    assert_false(reported(&r, c.number, 2, 2));
    assert_true(reported(&r, c.number, 3, 3));
    assert_int_equal(room_author(&r, c.number).approved, 1);
    room_check(&r);
    /* Published again, with these words, it stays; also when it is featured with others. */
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    for (int i = 4; i < 8; i++)
        assert_false(reported(&r, c.number, i, i));
    assert_true(room_edit(&r, &c, "Praise of everybody and nobody.", &e));
    room_must_decide(&r, c.number, ACTION_FEATURE);
    assert_false(reported(&r, c.number, 8, 8));
    assert_true(room_undo(&r, &r.moderator, c.number, 5, &e));
    assert_true(reported(&r, c.number, 9, 9));
    assert_int_equal(room_author(&r, c.number).approved, 1);
    room_must_decide(&r, c.number, ACTION_REJECT);
    assert_int_equal(room_author(&r, c.number).approved, 0);
    room_check(&r);
    room_close(&r);
}

/* Publishing what is published: it stays, the reports are closed, and that can be undone. */
static void left_published(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 2;
    struct comment c = room_say(&r, 0, NULL);
    struct decide decide = {
        .comment = c.id, .action = ACTION_PUBLISH, .expected = COMMENT_PUBLISHED};
    assert_false(room_decide(&r, &r.moderator, decide, &e)); /* nobody has reported it */
    assert_int_equal(e.kind, ERR_CONFLICT);
    room_must_decide(&r, c.number, ACTION_FEATURE);
    assert_false(reported(&r, c.number, 1, 1));
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    struct queue_detail detail = room_detail(&r, c.number);
    assert_int_equal(detail.card.comment.state, COMMENT_PUBLISHED);
    assert_true(detail.card.comment.featured);
    assert_int_equal(room_author(&r, c.number).approved, 1);
    assert_int_equal(open_reports(&r, c.number), 0);
    assert_int_equal(list(&r, c.number).lines[0].closed_s, r.clock.now_s);
    for (int i = 2; i < 6; i++)
        assert_false(reported(&r, c.number, i, i));
    room_check(&r);
    assert_true(room_undo(&r, &r.moderator, c.number, detail.undo_seq, &e));
    assert_int_equal(open_reports(&r, c.number), 5);
    assert_int_equal(room_author(&r, c.number).approved, 0);
    room_check(&r);
    room_close(&r);
}

static void what_cannot_be_reported(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL), held;
    struct report report = report_of(&r, c.number, (struct reader){1, 1});
    report.viewer = &c.commenter;
    refuse(&r, &report, ERR_DENIED, T_REPORT_OWN);
    report.viewer = NULL;
    report.reason = STR("dislike");
    refuse(&r, &report, ERR_INVALID, T_REPORT_REASON_MISSING);
    report.reason = STR("other");
    report.text = STR(" \r\n");
    refuse(&r, &report, ERR_INVALID, T_REPORT_TEXT_MISSING);
    report.text = STR("It names my neighbour.");
    assert_false(report_put(&r, &report, &e));
    assert_true(str_eq(list(&r, c.number).lines[0].text, STR("It names my neighbour.")));
    room_must_decide(&r, c.number, ACTION_REJECT);
    report = report_of(&r, c.number, (struct reader){2, 2});
    refuse(&r, &report, ERR_CONFLICT, T_REPORT_GONE);
    report = report_of(&r, 999, (struct reader){2, 2});
    refuse(&r, &report, ERR_MISSING, 0);
    /* Of what never was public nobody learns anything. */
    room_close(&r);
    room_open(&r, MODE_HELD);
    held = room_say(&r, 0, NULL);
    report = report_of(&r, held.number, (struct reader){1, 1});
    refuse(&r, &report, ERR_MISSING, 0);
    room_close(&r);
}

static void the_author_closes_them_too(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    assert_false(reported(&r, c.number, 1, 1));
    assert_true(room_withdraw(&r, &c, &e));
    assert_int_equal(open_reports(&r, c.number), 0);
    assert_int_equal(list(&r, c.number).lines[0].closed_s, r.clock.now_s);
    room_check(&r);
    room_close(&r);
}

static void names_of_readers_cannot_be_joined(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct report one = report_of(&r, 1, (struct reader){1, 1});
    struct report same = report_of(&r, 1, (struct reader){1, 2});
    struct report other = report_of(&r, 2, (struct reader){1, 1});
    assert_true(hash_eq(one.reporter, same.reporter));
    assert_false(hash_eq(one.reporter, other.reporter));
    room_close(&r);
}

/* All rows as they are stored. */
struct stored {
    struct copy_report_get_out *rows;
    size_t n;
};
static bool stored_get(const struct domain *d, struct tx *tx, struct stored *ret, struct err *e)
{
    struct copy_report_get_in in = {d->site.id.v, 0, STR_NONE, 100};
    return sql_copy_report_get(tx, &in, &ret->rows, &ret->n, e);
}
CALL(stored_call, struct stored stored;, stored_get(d, tx, &c->stored, e))

static struct stored stored(struct room *r)
{
    struct stored_call c = {.r = r};
    room_must_read(r, stored_call_work, &c);
    return c.stored;
}

/* Networks go, and what is left of them tells one comment's readers apart as before. */
static void networks_are_forgotten(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 3;
    struct comment c = room_say(&r, 0, NULL), other = room_say(&r, 0, NULL);
    for (int i = 1; i <= 4; i++)
        assert_false(reported(&r, c.number, i, i <= 3 ? 1 : 2));
    assert_false(reported(&r, other.number, 1, 1));
    struct stored before = stored(&r);
    assert_int_equal(before.n, 5);
    for (size_t i = 0; i < before.n; i++) {
        assert_int_equal(before.rows[i].network.n, 8);
        assert_false(str_eq(before.rows[i].network, STR("net00001")));
        assert_false(before.rows[i].comment != before.rows[0].comment &&
                     str_eq(before.rows[i].network, before.rows[0].network));
    }
    r.clock.now_s += 24 * 3600 - 1;
    (void)expire(&r);
    assert_int_equal(stored(&r).rows[0].network.n, 8);
    r.clock.now_s++;
    (void)expire(&r);
    struct stored after = stored(&r);
    for (size_t i = 0; i < after.n; i++) {
        assert_int_equal(after.rows[i].network.n, after.rows[i].reporter.n);
        for (size_t j = 0; j < after.n; j++)
            assert_int_equal(str_eq(before.rows[i].network, before.rows[j].network),
                             str_eq(after.rows[i].network, after.rows[j].network));
    }
    assert_true(reported(&r, c.number, 5, 3)); /* the third network, not the fifth */
    /* Kept for no time: never stored at all. */
    r.settings.moderation_network_hours = 0;
    assert_false(reported(&r, other.number, 2, 1));
    struct stored none = stored(&r);
    size_t unknown = 0;
    for (size_t i = 0; i < none.n; i++)
        unknown += none.rows[i].network.n == 0;
    assert_int_equal(unknown, 1);
    room_check(&r);
    room_close(&r);
}

static void closed_reports_are_erased(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL), open = room_say(&r, 0, NULL);
    assert_false(reported(&r, c.number, 1, 1));
    assert_false(reported(&r, c.number, 2, 2));
    assert_false(reported(&r, open.number, 1, 1));
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    r.clock.now_s += 30 * 86400 - 1;
    assert_int_equal(expire(&r), 0);
    r.clock.now_s++;
    assert_int_equal(expire(&r), 2);
    assert_int_equal(expire(&r), 0);
    assert_int_equal(list(&r, c.number).n, 0);
    assert_int_equal(open_reports(&r, open.number), 1);
    room_check(&r);
    room_close(&r);
}

/* ---- Reported while a moderator looks ------------------------------------------------------- */

/* What a moderator decides who has the comment before them as it is now. */
static struct decide decide_seen(struct room *r, int64_t number, enum action action)
{
    const struct queue_card card = room_detail(r, number).card;
    return (struct decide){.comment = card.comment.id,
                           .action = action,
                           .reason = STR("insult"),
                           .expected = card.comment.state,
                           .expected_edited_s = card.comment.edited_s,
                           .expected_reports = card.open_reports,
                           .expected_reported_s = card.reported_s};
}

static void must_decide(struct room *r, struct decide decide)
{
    struct err e;
    if (!room_decide(r, &r->moderator, decide, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

static void refuse_decision(struct room *r, struct decide decide)
{
    struct err e;
    assert_false(room_decide(r, &r->moderator, decide, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_MOD_REPORTED_SINCE);
}

static void what_nobody_read_is_not_closed_by_approval(void **state)
{
    (void)state;
    static struct room r;
    static const enum action approving[] = {ACTION_PUBLISH, ACTION_FEATURE};
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    assert_false(reported(&r, c.number, 1, 1));
    for (size_t i = 0; i < ARRAY_LEN(approving); i++) {
        struct decide early = decide_seen(&r, c.number, approving[i]);
        assert_false(reported(&r, c.number, (int)i + 2, (int)i + 2)); /* in the same second */
        refuse_decision(&r, early);
        assert_int_equal(open_reports(&r, c.number), (int64_t)i + 2);
    }
    /* Another moderator has closed those, and as many have come anew. */
    struct decide early = decide_seen(&r, c.number, ACTION_PUBLISH);
    must_decide(&r, early);
    r.clock.now_s++;
    for (int i = 0; i < 3; i++)
        assert_false(reported(&r, c.number, 10 + i, 10 + i));
    refuse_decision(&r, early);
    must_decide(&r, decide_seen(&r, c.number, ACTION_PUBLISH));
    assert_int_equal(open_reports(&r, c.number), 0);
    /* What takes it away is right whatever else is reported. */
    static const enum action taking[] = {ACTION_HOLD, ACTION_SPAM, ACTION_REJECT, ACTION_WITHDRAW};
    for (size_t i = 0; i < ARRAY_LEN(taking); i++) {
        c = room_say(&r, 0, NULL);
        struct decide decide = decide_seen(&r, c.number, taking[i]);
        assert_false(reported(&r, c.number, 1, 1));
        must_decide(&r, decide);
    }
    room_check(&r);
    room_close(&r);
}

/* However fast they come: whoever has seen as many as a page shows is sent back no more. */
static void a_storm_of_reports_is_decided_on(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 0;
    struct comment c = room_say(&r, 0, NULL);
    for (int i = 1; i < REPORTS_SHOWN_MAX; i++)
        assert_false(reported(&r, c.number, i, i));
    struct decide decide = decide_seen(&r, c.number, ACTION_PUBLISH);
    assert_false(reported(&r, c.number, REPORTS_SHOWN_MAX, 1));
    refuse_decision(&r, decide);
    decide = decide_seen(&r, c.number, ACTION_PUBLISH);
    assert_false(reported(&r, c.number, REPORTS_SHOWN_MAX + 1, 1));
    must_decide(&r, decide);
    assert_int_equal(open_reports(&r, c.number), 0);
    room_check(&r);
    room_close(&r);
}

CALL(begin_call, struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->r->senior, &c->plan, &c->id, e))
CALL(batch_call, int64_t id; struct batch batch;, batch_get(d, tx, c->id, &c->batch, e))

static struct batch run(struct room *r, struct batch_plan plan)
{
    struct begin_call begin = {.r = r, .plan = plan};
    room_must_write(r, begin_call_work, &begin);
    (void)room_batch_run(r, begin.id);
    struct batch_call get = {.r = r, .id = begin.id};
    room_must_read(r, batch_call_work, &get);
    return get.batch;
}

static void nor_by_many_decided_on_as_one(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment read = room_say(&r, 0, NULL), late = room_say(&r, 0, NULL);
    assert_false(reported(&r, read.number, 1, 1));
    assert_false(reported(&r, late.number, 1, 1));
    r.clock.now_s++;
    assert_false(reported(&r, late.number, 2, 2)); /* in the second in which the page is made */
    struct batch_plan all = {
        .action = ACTION_PUBLISH, .filter = {.which = QUEUE_REPORTED}, .until_s = r.clock.now_s};
    r.clock.now_s++;
    struct batch b = run(&r, all);
    assert_true(b.comments == 1 && b.skipped == 1);
    assert_int_equal(open_reports(&r, read.number), 0);
    assert_int_equal(open_reports(&r, late.number), 2);
    const struct comment_seen seen = {true, COMMENT_PUBLISHED, 0, 2,
                                      room_detail(&r, late.number).card.reported_s};
    struct batch_plan one = {.action = ACTION_PUBLISH, .ids = &late.id, .seen = &seen, .n_ids = 1};
    assert_false(reported(&r, late.number, 3, 3));
    b = run(&r, one);
    assert_true(b.comments == 0 && b.skipped == 1);
    one.action = ACTION_SPAM;
    b = run(&r, one);
    assert_true(b.comments == 1 && b.skipped == 0);
    room_check(&r);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_a_reader),
        cmocka_unit_test(held_by_readers_of_different_networks),
        cmocka_unit_test(a_moderator_outweighs_any_number),
        cmocka_unit_test(other_words_are_not_those_that_were_approved),
        cmocka_unit_test(left_published),
        cmocka_unit_test(what_cannot_be_reported),
        cmocka_unit_test(the_author_closes_them_too),
        cmocka_unit_test(names_of_readers_cannot_be_joined),
        cmocka_unit_test(networks_are_forgotten),
        cmocka_unit_test(closed_reports_are_erased),
        cmocka_unit_test(what_nobody_read_is_not_closed_by_approval),
        cmocka_unit_test(a_storm_of_reports_is_decided_on),
        cmocka_unit_test(nor_by_many_decided_on_as_one),
    };
    return RUN_TESTS(tests);
}
