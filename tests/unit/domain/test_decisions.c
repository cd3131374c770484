#include "store/statements.h"
#include "tests/unit/domain/room.h"

/* The whole table, cell by cell; what is not listed is false. */
#define STATES (COMMENT_WITHDRAWN + 1)
#define Y true
#define N false
static const bool cells[][ACTION_UNFEATURE + 1][STATES] = {
    /*                              held published rejected spam withdrawn */
    [ROLE_READER] = {{N}},
    [ROLE_MODERATOR] = {[ACTION_PUBLISH] = {Y, Y, Y, Y, N},
                        [ACTION_REJECT] = {Y, Y, N, Y, N},
                        [ACTION_SPAM] = {Y, Y, Y, N, N},
                        [ACTION_WITHDRAW] = {Y, Y, Y, Y, N},
                        [ACTION_HOLD] = {N, Y, Y, Y, N},
                        [ACTION_FEATURE] = {N, Y, N, N, N},
                        [ACTION_UNFEATURE] = {N, Y, N, N, N}},
    [ROLE_SENIOR] = {[ACTION_PUBLISH] = {Y, Y, Y, Y, N},
                     [ACTION_REJECT] = {Y, Y, N, Y, N},
                     [ACTION_SPAM] = {Y, Y, Y, N, N},
                     [ACTION_WITHDRAW] = {Y, Y, Y, Y, N},
                     [ACTION_HOLD] = {N, Y, Y, Y, N},
                     [ACTION_FEATURE] = {N, Y, N, N, N},
                     [ACTION_UNFEATURE] = {N, Y, N, N, N}},
    [ROLE_EDITOR] = {[ACTION_PUBLISH] = {Y, Y, Y, Y, N},
                     [ACTION_REJECT] = {Y, Y, N, Y, N},
                     [ACTION_SPAM] = {Y, Y, Y, N, N},
                     [ACTION_WITHDRAW] = {Y, Y, Y, Y, N},
                     [ACTION_HOLD] = {N, Y, Y, Y, N},
                     [ACTION_FEATURE] = {N, Y, N, N, N},
                     [ACTION_UNFEATURE] = {N, Y, N, N, N}},
    [ROLE_ADMINISTRATOR] = {[ACTION_PUBLISH] = {Y, Y, Y, Y, N},
                            [ACTION_REJECT] = {Y, Y, N, Y, N},
                            [ACTION_SPAM] = {Y, Y, Y, N, N},
                            [ACTION_WITHDRAW] = {Y, Y, Y, Y, N},
                            [ACTION_HOLD] = {N, Y, Y, Y, N},
                            [ACTION_FEATURE] = {N, Y, N, N, N},
                            [ACTION_UNFEATURE] = {N, Y, N, N, N}},
};
static const enum comment_state outcome[] = {
    [ACTION_PUBLISH] = COMMENT_PUBLISHED,  [ACTION_REJECT] = COMMENT_REJECTED,
    [ACTION_SPAM] = COMMENT_SPAM,          [ACTION_WITHDRAW] = COMMENT_WITHDRAWN,
    [ACTION_HOLD] = COMMENT_HELD,          [ACTION_FEATURE] = COMMENT_PUBLISHED,
    [ACTION_UNFEATURE] = COMMENT_PUBLISHED};
static const enum action way_to[] = {[COMMENT_REJECTED] = ACTION_REJECT,
                                     [COMMENT_SPAM] = ACTION_SPAM,
                                     [COMMENT_WITHDRAWN] = ACTION_WITHDRAW,
                                     [COMMENT_PUBLISHED] = ACTION_PUBLISH};

static void the_table_is_as_stated(void **state)
{
    (void)state;
    for (int role = -1; role <= (int)ARRAY_LEN(cells); role++)
        for (int action = -1; action <= ACTION_UNFEATURE + 1; action++)
            for (int from = -1; from <= STATES; from++) {
                bool listed = role >= 0 && role < (int)ARRAY_LEN(cells) && action >= 0 &&
                              action <= ACTION_UNFEATURE && from >= 0 && from < STATES;
                bool expected = listed && cells[role][action][from];
                assert_int_equal(action_is_allowed((enum role)role, (enum action)action,
                                                   (enum comment_state)from),
                                 expected);
                /* What a moderator may not do is not possible at all. */
                assert_int_equal(action_is_possible((enum action)action, (enum comment_state)from),
                                 action >= 0 && action <= ACTION_UNFEATURE && from >= 0 &&
                                     from < STATES && cells[ROLE_MODERATOR][action][from]);
            }
}

/* A held comment brought into a state, with or without a place. */
static struct comment bring(struct room *r, enum comment_state to, bool placed)
{
    struct comment c = room_say(r, 0, NULL);
    if (placed)
        room_must_decide(r, c.number, ACTION_PUBLISH);
    if (to == COMMENT_HELD && placed)
        room_must_decide(r, c.number, ACTION_HOLD);
    else if (to != COMMENT_HELD && to != COMMENT_PUBLISHED)
        room_must_decide(r, c.number, way_to[to]);
    return c;
}

CALL(card_call, struct comment_id id; struct queue_detail detail;
     , queue_card_get(d, tx, c->id, &c->detail, e))

static struct card_call card_of(struct room *r, struct comment_id id)
{
    struct card_call c = {.r = r, .id = id};
    room_must_read(r, card_call_work, &c);
    return c;
}

static void try_cell(struct room *r, enum role role, enum action action, struct comment c)
{
    struct card_call before = card_of(r, c.id);
    if (action == ACTION_UNFEATURE && before.detail.card.comment.state == COMMENT_PUBLISHED) {
        room_must_decide(r, c.number, ACTION_FEATURE);
        before = card_of(r, c.id);
    }
    /* To leave it as it is though somebody reported it. */
    bool is_left =
        action == ACTION_PUBLISH && before.detail.card.comment.state == COMMENT_PUBLISHED;
    if (is_left)
        room_report(r, c.number, 1, "insult");
    struct thread t0 = room_thread(r);
    struct actor actor = {.role = role, .moderator = r->moderator.moderator};
    struct decide decide = {.comment = c.id,
                            .action = action,
                            .reason = STR("off-topic"),
                            .expected = before.detail.card.comment.state,
                            .expected_reports = is_left,
                            .expected_reported_s = r->clock.now_s};
    struct err e;
    bool expected = cells[role][action][before.detail.card.comment.state];
    assert_int_equal(room_decide(r, &actor, decide, &e), expected);
    struct card_call after = card_of(r, c.id);
    struct thread t1 = room_thread(r);
    if (!expected) {
        assert_true(e.kind == ERR_DENIED || e.kind == ERR_CONFLICT);
        assert_int_equal(after.detail.card.comment.state, before.detail.card.comment.state);
        assert_int_equal(after.detail.n_decisions, before.detail.n_decisions);
        assert_memory_equal(&t0, &t1, sizeof t0);
        return;
    }
    assert_int_equal(after.detail.card.comment.state, outcome[action]);
    assert_int_equal(after.detail.n_decisions, before.detail.n_decisions + 1);
    assert_int_equal(after.detail.decisions[before.detail.n_decisions].action, action);
    assert_int_equal(after.detail.decisions[before.detail.n_decisions].moderator.v,
                     r->moderator.moderator.id.v);
    assert_str(after.detail.decisions[before.detail.n_decisions].reason, "off-topic");
    bool placed = before.detail.card.comment.placed || action == ACTION_PUBLISH;
    assert_int_equal(after.detail.card.comment.placed, placed);
    assert_int_equal(t1.rev > t0.rev, placed && !is_left);
    assert_int_equal(after.detail.card.comment.featured, action == ACTION_FEATURE);
    assert_int_equal(after.detail.card.comment.text.n > 0, action != ACTION_WITHDRAW);
}

static void other_words_are_not_featured(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_FEATURE);
    int64_t rev = room_thread(&r).rev;
    assert_true(room_edit(&r, &c, "Something that no editor would pick.", &e));
    assert_false(room_comment(&r, c.number, NULL).featured);
    assert_true(room_thread(&r).rev > rev);
    room_must_decide(&r, c.number, ACTION_FEATURE); /* whoever wants that does it again */
    assert_true(room_comment(&r, c.number, NULL).featured);
    room_check(&r);
    room_close(&r);
}

static void every_cell_does_what_it_says(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    for (int role = 0; role < (int)ARRAY_LEN(cells); role++)
        for (int action = ACTION_PUBLISH; action <= ACTION_UNFEATURE; action++)
            for (int from = 0; from < STATES; from++)
                for (int placed = from == COMMENT_PUBLISHED; placed <= 1; placed++)
                    try_cell(&r, (enum role)role, (enum action)action,
                             bring(&r, (enum comment_state)from, placed));
    room_check(&r);
    room_close(&r);
}

static void reasons_are_needed(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    static const struct {
        enum action action;
        const char *reason, *note;
        int say;
    } rows[] = {
        {ACTION_REJECT, "", "", T_REASON_MISSING},
        {ACTION_WITHDRAW, "", "", T_REASON_MISSING},
        {ACTION_REJECT, "no", "", T_REASON_MISSING},
        {ACTION_SPAM, "no", "", T_REASON_MISSING},
        {ACTION_REJECT, "other", "", T_NOTE_MISSING},
        {ACTION_REJECT, "other", " \n", T_NOTE_MISSING},
    };
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct decide decide = {.comment = c.id,
                                .action = rows[i].action,
                                .reason = str_of(rows[i].reason),
                                .note = str_of(rows[i].note)};
        assert_false(room_decide(&r, &r.moderator, decide, &e));
        assert_int_equal(e.kind, ERR_INVALID);
        assert_int_equal(e.say, rows[i].say);
    }
    struct decide decide = {.comment = c.id,
                            .action = ACTION_REJECT,
                            .reason = STR("other"),
                            .note = STR("It names a witness.")};
    assert_true(room_decide(&r, &r.moderator, decide, &e));
    assert_false(room_decide(&r, &r.moderator, decide, &e)); /* it is not held any more */
    assert_int_equal(e.kind, ERR_CONFLICT);
    struct card_call card = card_of(&r, c.id);
    assert_str(card.detail.decisions[1].note, "It names a witness.");
    assert_int_equal(room_author(&r, c.number).rejected, 1);
    assert_int_equal(card.detail.card.rejected, 0); /* of the others */
    decide.comment = comment_id_of(r.article, 999);
    assert_false(room_decide(&r, &r.moderator, decide, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct actor nobody = {.role = ROLE_MODERATOR};
    assert_false(room_decide(&r, &nobody, decide, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    room_close(&r);
}

static void commenters_are_judged_by_the_last_decision(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    static const struct {
        enum action action;
        int64_t approved, rejected;
    } rows[] = {{ACTION_PUBLISH, 1, 0}, {ACTION_REJECT, 0, 1},  {ACTION_SPAM, 0, 1},
                {ACTION_HOLD, 0, 0},    {ACTION_PUBLISH, 1, 0}, {ACTION_WITHDRAW, 0, 1}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        room_must_decide(&r, c.number, rows[i].action);
        struct commenter_record author = room_author(&r, c.number);
        assert_int_equal(author.approved, rows[i].approved);
        assert_int_equal(author.rejected, rows[i].rejected);
        struct queue_card card = room_detail(&r, c.number).card;
        assert_int_equal(card.approved + card.rejected, 0); /* it is no other beside itself */
        room_check(&r);
    }
    /* The author's own withdrawal changes nothing of it. */
    struct comment other = room_say(&r, 0, NULL);
    room_must_decide(&r, other.number, ACTION_PUBLISH);
    struct err e;
    assert_true(room_withdraw(&r, &other, &e));
    assert_int_equal(room_author(&r, other.number).approved, 1);
    room_check(&r);
    room_close(&r);
}

CALL(queue_call, struct queue_query q; struct queue_page page; uint64_t statements;
     , queue_get(d, tx, &c->q, &c->page, e) && (c->statements = tx_statements(tx)) > 0)
CALL(count_call, struct queue_counts counts;, queue_count(d, tx, &c->counts, e))

/* Reads a whole queue in portions; numbers in their order. */
static size_t queue_walk(struct room *r, enum comment_state state, int64_t *ret_numbers)
{
    struct queue_call c = {.r = r, .q = {.filter = {.which = (enum queue_which)state}, .max = 3}};
    size_t n = 0;
    do {
        room_must_read(r, queue_call_work, &c);
        assert_true(c.page.n <= 3);
        assert_true(c.statements <= 4);
        for (size_t i = 0; i < c.page.n; i++)
            ret_numbers[n++] = c.page.cards[i].comment.number;
        c.q.after_s = c.page.next_s;
        c.q.after = c.page.next;
    } while (c.page.more);
    return n;
}

static void queues_are_paged(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    int64_t numbers[40];
    for (int i = 0; i < 20; i++) {
        if (i % 4 == 0) /* several in one second */
            r.clock.now_s++;
        struct comment c = room_say(&r, 0, NULL);
        if (i % 2)
            room_must_decide(&r, c.number, ACTION_PUBLISH);
    }
    assert_int_equal(queue_walk(&r, COMMENT_HELD, numbers), 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(numbers[i], 2 * i + 1);
    assert_int_equal(queue_walk(&r, COMMENT_PUBLISHED, numbers), 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(numbers[i], 20 - 2 * i);
    assert_int_equal(queue_walk(&r, COMMENT_SPAM, numbers), 0);
    struct count_call count = {.r = &r};
    room_must_read(&r, count_call_work, &count);
    assert_int_equal(count.counts.held, 10);
    /* What it answers comes along, with the words that moderators may see. */
    struct comment reply = room_say(&r, 2, NULL);
    room_must_decide(&r, 2, ACTION_REJECT);
    struct card_call card = card_of(&r, reply.id);
    assert_true(card.detail.card.has_parent);
    assert_int_equal(card.detail.card.parent.number, 2);
    assert_int_equal(card.detail.card.parent.state, COMMENT_REJECTED);
    assert_true(card.detail.card.parent.text.n > 0);
    assert_false(card_of(&r, comment_id_of(r.article, 1)).detail.card.has_parent);
    assert_str(card.detail.card.article_headline, "The reservoir that came back");
    room_close(&r);
}

/* The list of decisions only grows: the database itself refuses anything else. */
static void decisions_stay(void **state)
{
    (void)state;
    for (int i = 0; i < SQL_STATEMENTS; i++) {
        const struct db_statement *s = &store_schema.statements[i];
        assert_null(strstr(s->sql, "UPDATE decision"));
        assert_null(strstr(s->sql, "DELETE FROM decision"));
        assert_null(strstr(s->sql, "UPDATE trust_change"));
        assert_null(strstr(s->sql, "DELETE FROM trust_change"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_as_stated),
        cmocka_unit_test(other_words_are_not_featured),
        cmocka_unit_test(every_cell_does_what_it_says),
        cmocka_unit_test(reasons_are_needed),
        cmocka_unit_test(commenters_are_judged_by_the_last_decision),
        cmocka_unit_test(queues_are_paged),
        cmocka_unit_test(decisions_stay),
    };
    return RUN_TESTS(tests);
}
