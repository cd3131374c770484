/* Taking decisions back: everything is as it was, whoever decided what in between. */
#include "store/statements.h"
#include "tests/unit/domain/room.h"

/* All of a comment and its conversation that a decision may change. */
struct shot {
    enum comment_state state;
    bool placed, featured;
    int64_t edited_s, approved, rejected, placed_n, held_n;
    size_t reports;
    char text[200], name[60];
};

static struct shot shot_of(struct room *r, int64_t number)
{
    struct queue_card card = room_detail(r, number).card;
    struct commenter_record author = room_author(r, number);
    struct thread t = room_thread(r);
    struct shot s;
    memset(&s, 0, sizeof s);
    s.state = card.comment.state;
    s.placed = card.comment.placed;
    s.featured = card.comment.featured;
    s.edited_s = card.comment.edited_s;
    s.approved = author.approved;
    s.rejected = author.rejected;
    s.placed_n = t.placed;
    s.held_n = t.held;
    s.reports = card.n_reports;
    (void)snprintf(s.text, sizeof s.text, STR_FMT, STR_ARG(card.comment.text));
    (void)snprintf(s.name, sizeof s.name, STR_FMT, STR_ARG(card.comment.name));
    return s;
}

static void must_undo(struct room *r, int64_t number)
{
    struct err e;
    if (!room_undo(r, &r->other, number, room_detail(r, number).undo_seq, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

static void refuse_undo(struct room *r, int64_t number, int64_t seq, enum err_kind kind)
{
    struct err e;
    struct shot before = shot_of(r, number);
    assert_false(room_undo(r, &r->moderator, number, seq, &e));
    assert_int_equal(e.kind, kind);
    struct shot after = shot_of(r, number);
    assert_memory_equal(&before, &after, sizeof before);
}

/* A stack of decisions comes off one by one, each leaving what was there before it. */
static void each_is_taken_back(void **state)
{
    (void)state;
    static struct room r;
    static const enum action actions[] = {ACTION_PUBLISH, ACTION_FEATURE,   ACTION_REJECT,
                                          ACTION_SPAM,    ACTION_HOLD,      ACTION_PUBLISH,
                                          ACTION_FEATURE, ACTION_UNFEATURE, ACTION_WITHDRAW};
    struct shot shots[ARRAY_LEN(actions)];
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    room_report(&r, c.number, 1, "insult");
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        shots[i] = shot_of(&r, c.number);
        r.clock.now_s++;
        room_must_decide(&r, c.number, actions[i]);
    }
    assert_int_equal(shot_of(&r, c.number).state, COMMENT_WITHDRAWN);
    assert_string_equal(shot_of(&r, c.number).text, "");
    for (size_t i = ARRAY_LEN(actions); i-- > 0;) {
        refuse_undo(&r, c.number, (int64_t)i + 1, ERR_CONFLICT); /* seq 1: the mode's */
        must_undo(&r, c.number);
        struct shot now = shot_of(&r, c.number);
        assert_memory_equal(&now, &shots[i], sizeof now);
        room_check(&r);
    }
    struct queue_detail detail = room_detail(&r, c.number);
    assert_int_equal(detail.undo_seq, 0);
    assert_int_equal(detail.n_decisions, 1 + 2 * ARRAY_LEN(actions));
    const struct decision *last = &detail.decisions[detail.n_decisions - 1];
    assert_int_equal(last->undoes, 2);
    assert_int_equal(last->action, ACTION_PUBLISH);
    assert_int_equal(last->moderator.v, 3);
    refuse_undo(&r, c.number, 99, ERR_MISSING);
    refuse_undo(&r, c.number, 0, ERR_MISSING);
    refuse_undo(&r, c.number, last->id, ERR_CONFLICT); /* a taking back */
    refuse_undo(&r, c.number, 2, ERR_CONFLICT);        /* twice */
    room_close(&r);
}

static void a_place_with_answers_stays(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    room_say(&r, c.number, NULL);
    must_undo(&r, c.number);
    assert_int_equal(shot_of(&r, c.number).state, COMMENT_HELD);
    assert_true(shot_of(&r, c.number).placed);
    assert_int_equal(room_thread(&r).placed, 1);
    room_check(&r);
    room_close(&r);
}

static void words_are_kept_for_a_time(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    /* Too late: one second before the end they are there. */
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_WITHDRAW);
    r.clock.now_s += 24 * 3600 - 1;
    must_undo(&r, c.number);
    room_must_decide(&r, c.number, ACTION_WITHDRAW);
    int64_t seq = room_detail(&r, c.number).undo_seq;
    r.clock.now_s += 24 * 3600;
    assert_false(room_undo(&r, &r.moderator, c.number, seq, &e));
    assert_int_equal(e.say, T_MOD_UNDO_LATE);
    room_check(&r);
    /* Not kept at all. */
    r.settings.moderation_undo_hours = 0;
    struct comment other = room_say(&r, 0, NULL);
    room_must_decide(&r, other.number, ACTION_WITHDRAW);
    seq = room_detail(&r, other.number).undo_seq;
    assert_false(room_undo(&r, &r.moderator, other.number, seq, &e));
    assert_int_equal(e.say, T_MOD_UNDO_LATE);
    room_close(&r);
}

CALL(expire_call, int64_t erased;, kept_words_expire(d, tx, &c->erased, e))

static int64_t expire(struct room *r)
{
    struct expire_call c = {.r = r};
    room_must_write(r, expire_call_work, &c);
    return c.erased;
}

static void words_are_erased_when_due(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    for (int i = 0; i < 3; i++)
        room_must_decide(&r, room_say(&r, 0, NULL).number, ACTION_WITHDRAW);
    must_undo(&r, 2); /* what was put back is kept no longer */
    r.clock.now_s += 24 * 3600 - 1;
    assert_int_equal(expire(&r), 0);
    r.clock.now_s++;
    assert_int_equal(expire(&r), 2);
    assert_int_equal(expire(&r), 0);
    room_check(&r);
    room_close(&r);
}

/* The author's word is the last one. */
static void authors_withdraw_for_good(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_WITHDRAW);
    int64_t seq = room_detail(&r, c.number).undo_seq;
    assert_true(room_withdraw(&r, &c, &e));
    refuse_undo(&r, c.number, seq, ERR_CONFLICT);
    assert_int_equal(room_detail(&r, c.number).undo_seq, 0);
    assert_false(room_withdraw(&r, &c, &e)); /* nothing is left */
    assert_int_equal(e.kind, ERR_DENIED);
    struct comment own = room_say(&r, 0, NULL);
    room_must_decide(&r, own.number, ACTION_HOLD);
    room_must_decide(&r, own.number, ACTION_PUBLISH);
    seq = room_detail(&r, own.number).undo_seq;
    assert_true(room_withdraw(&r, &own, &e));
    refuse_undo(&r, own.number, seq, ERR_CONFLICT);
    room_check(&r);
    room_close(&r);
}

CALL(begin_call, struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->r->senior, &c->plan, &c->id, e))
CALL(take_back_call, int64_t id;, batch_undo(d, tx, &c->r->senior, c->id, e))
CALL(batch_call, int64_t id; struct batch batch;, batch_get(d, tx, c->id, &c->batch, e))

static int64_t decide_as_batch(struct room *r, struct comment_id id, enum action action)
{
    const struct comment c = room_detail(r, comment_id_number(id)).card.comment;
    struct begin_call begin = {
        .r = r,
        .plan = {.action = action,
                 .reason = STR("insult"),
                 .ids = &id,
                 .seen = &(struct comment_seen){true, c.state, c.edited_s, 0, 0},
                 .n_ids = 1,
                 .expected = 1,
                 .until_s = r->clock.now_s}};
    room_must_write(r, begin_call_work, &begin);
    room_batch_run(r, begin.id);
    return begin.id;
}

/* What its author sees of a comment on the conversation's page; NULL: nothing. */
static const struct comment *own_on_page(struct room *r, const struct comment *own)
{
    struct page_query q = {.thread = r->article, .max = 50, .viewer = &own->commenter};
    struct comment_page page = room_page(r, &q);
    for (size_t i = 0; i < page.n; i++)
        if (page.comments[i].id.v == own->id.v)
            return &page.comments[i];
    return NULL;
}

/* The author erases what the team decided on: nobody brings it back, alone or with a batch. */
static void erase_decided(struct room *r, enum action action, bool as_batch)
{
    struct err e;
    struct comment c = room_say(r, 0, NULL);
    struct comment stranger = room_say(r, 0, NULL);
    int64_t batch = 0;
    if (as_batch)
        batch = decide_as_batch(r, c.id, action);
    else
        room_must_decide(r, c.number, action);
    struct queue_detail decided = room_detail(r, c.number);
    int64_t seq = decided.undo_seq;
    assert_int_not_equal(seq, 0);
    const struct comment *seen = own_on_page(r, &c);
    assert_non_null(seen);
    assert_true(comment_may_withdraw(seen, &c.commenter));
    assert_false(comment_may_withdraw(seen, &stranger.commenter));
    struct comment alone = room_comment(r, c.number, &c.commenter);
    assert_true(comment_may_withdraw(&alone, &c.commenter));

    assert_true(room_withdraw(r, &c, &e));
    refuse_undo(r, c.number, seq, ERR_CONFLICT);
    if (as_batch) {
        struct take_back_call back = {r, batch};
        room_must_write(r, take_back_call_work, &back);
        room_batch_run(r, batch);
        struct batch_call got = {.r = r, .id = batch};
        room_must_read(r, batch_call_work, &got);
        assert_int_equal(got.batch.kept, 1);
    }
    struct queue_detail after = room_detail(r, c.number);
    assert_int_equal(after.card.comment.state, COMMENT_WITHDRAWN);
    assert_str(after.card.comment.text, "");
    assert_str(after.card.comment.name, "");
    assert_int_equal(after.undo_seq, 0);
    assert_int_equal(after.n_decisions, decided.n_decisions + 1);
    assert_int_equal(after.decisions[decided.n_decisions - 1].action, action);
    seen = own_on_page(r, &c);
    assert_true(seen == NULL || !comment_may_withdraw(seen, &c.commenter));
    assert_int_equal(seen != NULL, c.placed);
    room_check(r);
}

static void authors_erase_whatever_was_decided(void **state)
{
    (void)state;
    static struct room r;
    static const enum action actions[] = {ACTION_REJECT, ACTION_SPAM, ACTION_WITHDRAW};
    for (int mode = MODE_OPEN; mode <= MODE_HELD; mode++) {
        room_open(&r, (enum mode)mode);
        for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
            erase_decided(&r, actions[i], false);
            erase_decided(&r, actions[i], true);
        }
        room_close(&r);
    }
}

/* Once the words have expired there is nothing left to erase, and the author is not asked to. */
static void expired_words_are_nobodys(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_WITHDRAW);
    r.clock.now_s += 24 * 3600 - 1;
    assert_non_null(own_on_page(&r, &c));
    r.clock.now_s++;
    assert_null(own_on_page(&r, &c)); /* though the job has not come round yet */
    assert_int_equal(expire(&r), 1);
    assert_false(room_withdraw(&r, &c, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    room_close(&r);
}

static void other_words_are_not_published_unread(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_HOLD);
    int64_t seq = room_detail(&r, c.number).undo_seq;
    assert_true(room_edit(&r, &c, "Words that nobody has read.", &e));
    refuse_undo(&r, c.number, seq, ERR_CONFLICT);
    room_close(&r);
}

static void the_undone_is_not_told(void **state)
{
    (void)state;
    static struct room r;
    struct actor reader = {.role = ROLE_READER};
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    room_must_decide(&r, c.number, ACTION_REJECT);
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    int64_t seq = room_detail(&r, c.number).undo_seq;
    assert_false(room_undo(&r, &reader, c.number, seq, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    must_undo(&r, c.number);
    assert_int_equal(room_detail(&r, c.number).undo_seq, 2);
    room_close(&r);
}

/* A rule learns of each comment once, and forgets what was taken back. */
static void rules_learn(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    room_rule(&r, 7);
    struct comment c = room_say(&r, 0, NULL);
    room_rule_holds(&r, c.number, "rule:7", "2+5");
    static const struct {
        enum action action; /* 0: the newest is taken back */
        int64_t agreed, overruled;
    } rows[] = {
        {ACTION_PUBLISH, 0, 1}, {ACTION_REJECT, 0, 1}, {0, 0, 1}, {0, 0, 0}, {ACTION_SPAM, 1, 0},
        {ACTION_HOLD, 1, 0},    {ACTION_PUBLISH, 1, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].action)
            room_must_decide(&r, c.number, rows[i].action);
        else
            must_undo(&r, c.number);
        struct rule_figures f = room_rule_figures(&r, 7);
        assert_int_equal(f.agreed, rows[i].agreed);
        assert_int_equal(f.overruled, rows[i].overruled);
    }
    struct queue_card card = room_detail(&r, c.number).card;
    assert_str(card.rule, "rule:7");
    assert_str(card.evidence, "2+5");
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_taken_back),
        cmocka_unit_test(a_place_with_answers_stays),
        cmocka_unit_test(words_are_kept_for_a_time),
        cmocka_unit_test(words_are_erased_when_due),
        cmocka_unit_test(authors_withdraw_for_good),
        cmocka_unit_test(authors_erase_whatever_was_decided),
        cmocka_unit_test(expired_words_are_nobodys),
        cmocka_unit_test(other_words_are_not_published_unread),
        cmocka_unit_test(the_undone_is_not_told),
        cmocka_unit_test(rules_learn),
    };
    return RUN_TESTS(tests);
}
