/* Many decisions made as one: in steps, over crashes, and taken back. */
#include "domain/team.h"
#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(begin_call, const struct actor *actor; struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, c->actor, &c->plan, &c->id, e))
CALL(step_call, int64_t id; struct batch_step step;, batch_step(d, tx, c->id, &c->step, e))
CALL(get_call, int64_t id; struct batch batch;, batch_get(d, tx, c->id, &c->batch, e))
CALL(open_call, int64_t id;, batch_next_open(d, tx, &c->id, e))
CALL(undo_call, const struct actor *actor; int64_t id;, batch_undo(d, tx, c->actor, c->id, e))
CALL(list_call, int64_t before; size_t max; struct batch_list list;
     , batch_list(d, tx, c->before, c->max, &c->list, e))
CALL(join_call, struct moderator who;
     , moderator_add(d, tx, c->r->administrator.moderator.id, &c->who, STR("hash"), e))
CALL(shut_call, struct moderator_id id; bool is_out;
     , moderator_set_disabled(d, tx, c->r->administrator.moderator.id, c->id, c->is_out, e))
CALL(role_call, struct moderator_id id; enum role role;
     , moderator_set_role(d, tx, c->r->administrator.moderator.id, c->id, c->role, e))
CALL(claim_call, struct comment_id comment; struct claim claim;
     , claim_take(d, tx, &c->r->other, &(struct claim_want){c->comment, 60}, &c->claim, e))

static int64_t begin(struct room *r, struct batch_plan plan)
{
    struct begin_call c = {.r = r, .actor = &r->senior, .plan = plan};
    room_must_write(r, begin_call_work, &c);
    return c.id;
}

static struct batch get(struct room *r, int64_t id)
{
    struct get_call c = {.r = r, .id = id};
    room_must_read(r, get_call_work, &c);
    return c.batch;
}

static int64_t next_open(struct room *r)
{
    struct open_call c = {.r = r};
    room_must_read(r, open_call_work, &c);
    return c.id;
}

static void undo(struct room *r, int64_t id)
{
    struct undo_call c = {r, &r->senior, id};
    room_must_write(r, undo_call_work, &c);
}

static int64_t held(struct room *r)
{
    return room_thread(r).held;
}

static void a_filter_is_decided_in_steps(void **state)
{
    (void)state;
    static struct room r;
    enum { COMMENTS = 2 * BATCH_STEP_MAX + 50 };
    room_open(&r, MODE_HELD);
    for (int i = 0; i < COMMENTS; i++)
        room_say(&r, 0, NULL);
    int64_t counted_s = ++r.clock.now_s;
    r.clock.now_s += 10;
    room_say(&r, 0, NULL); /* came after they were counted */
    int64_t id = begin(&r, (struct batch_plan){.action = ACTION_SPAM,
                                               .filter = {.which = QUEUE_HELD},
                                               .expected = COMMENTS,
                                               .until_s = counted_s});
    assert_int_equal(next_open(&r), id);
    struct step_call step = {.r = &r, .id = id};
    room_must_write(&r, step_call_work, &step);
    assert_false(step.step.is_done);
    assert_false(step.step.wants_scrub);
    assert_int_equal(step.step.n_threads, 1);
    assert_int_equal(held(&r), COMMENTS + 1 - BATCH_STEP_MAX);
    assert_int_equal(get(&r, id).stage, BATCH_DECIDING);
    assert_int_equal(room_batch_run(&r, next_open(&r)), 2); /* as after a crash */
    assert_int_equal(next_open(&r), 0);
    struct batch done = get(&r, id);
    assert_int_equal(done.stage, BATCH_DECIDED);
    assert_int_equal(done.comments, COMMENTS);
    assert_int_equal(done.expected, COMMENTS);
    assert_int_equal(done.skipped, 0);
    assert_int_equal(held(&r), 1);
    assert_int_equal(room_detail(&r, 1).decisions[1].batch, id);
    room_check(&r);
    undo(&r, id);
    assert_int_equal(get(&r, id).stage, BATCH_UNDOING);
    assert_int_equal(room_batch_run(&r, next_open(&r)), 3);
    done = get(&r, id);
    assert_int_equal(done.stage, BATCH_UNDONE);
    assert_true(done.comments == COMMENTS && done.undone == COMMENTS);
    assert_int_equal(held(&r), COMMENTS + 1);
    room_check(&r);
    room_close(&r);
}

/* Of those that a filter finds nobody knows which stood on the page that was made just then. */
static void what_happens_in_the_second_of_the_page_is_left_alone(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    (void)room_say(&r, 0, NULL);
    struct comment edited = room_say(&r, 0, NULL);
    (void)room_say(&r, 0, NULL);
    r.clock.now_s++;
    int64_t seen_s = r.clock.now_s;
    assert_true(room_edit(&r, &edited, "Worse words.", &e));
    room_must_decide(&r, 3, ACTION_SPAM);
    struct comment late = room_say(&r, 0, NULL);
    r.clock.now_s += 60;
    (void)room_say(&r, 0, NULL);
    int64_t id = begin(&r, (struct batch_plan){.action = ACTION_PUBLISH,
                                               .filter = {.which = QUEUE_ALL},
                                               .expected = 4,
                                               .until_s = seen_s});
    (void)room_batch_run(&r, id);
    struct batch b = get(&r, id);
    assert_true(b.comments == 1 && b.skipped == 3); /* the last was on no page: none of these */
    assert_int_equal(room_detail(&r, 1).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, edited.number).card.comment.state, COMMENT_HELD);
    assert_int_equal(room_detail(&r, 3).card.comment.state, COMMENT_SPAM);
    assert_int_equal(room_detail(&r, late.number).card.comment.state, COMMENT_HELD);
    room_check(&r);
    room_close(&r);
}

static void what_changed_meanwhile_is_passed_over(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct comment_id ids[8];
    for (int i = 0; i < 6; i++)
        ids[i] = room_say(&r, 0, NULL).id;
    ids[6] = comment_id_of(r.article, 99); /* there is none */
    ids[7] = comment_id_of((struct thread_id){77}, 1);
    struct comment_seen seen[ARRAY_LEN(ids)];
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        seen[i] = (struct comment_seen){.is_known = true, .state = COMMENT_HELD};
    struct batch_plan plan = {.action = ACTION_REJECT,
                              .reason = STR("insult"),
                              .ids = ids,
                              .seen = seen,
                              .n_ids = ARRAY_LEN(ids),
                              .until_s = r.clock.now_s};
    /* All of it in one second: how each was seen tells. */
    room_must_decide(&r, 1, ACTION_PUBLISH); /* another was faster */
    struct comment edited = room_detail(&r, 2).card.comment;
    struct err e;
    assert_true(room_edit(&r, &edited, "Better words.", &e));
    struct claim_call claim = {.r = &r, .comment = ids[2]};
    room_must_write(&r, claim_call_work, &claim);
    int64_t id = begin(&r, plan);
    assert_int_equal(room_batch_run(&r, id), 1);
    struct batch b = get(&r, id);
    assert_int_equal(b.comments, 3);
    assert_int_equal(b.skipped, 5);
    assert_int_equal(room_detail(&r, 1).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 4).card.comment.state, COMMENT_REJECTED);
    /* Of those taken back, one was decided on since. */
    room_must_decide(&r, 4, ACTION_PUBLISH);
    undo(&r, id);
    room_batch_run(&r, id);
    b = get(&r, id);
    assert_int_equal(b.comments, 3);
    assert_int_equal(b.undone, 2);
    assert_int_equal(b.kept, 1);
    assert_int_equal(room_detail(&r, 4).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 5).card.comment.state, COMMENT_HELD);
    room_check(&r);
    room_close(&r);
}

static void all_of_one_is_removed_and_comes_back(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment first = room_say(&r, 0, NULL);
    for (int i = 0; i < 5; i++)
        room_say(&r, 0, &first.commenter);
    room_say(&r, 0, NULL);
    room_must_decide(&r, 2, ACTION_REJECT);
    r.clock.now_s++;
    struct queue_filter theirs = {
        .which = QUEUE_ALL, .has_commenter = true, .commenter = first.commenter};
    int64_t id = begin(
        &r, (struct batch_plan){
                .action = ACTION_WITHDRAW, .reason = STR("hate"), .filter = theirs, .expected = 6});
    struct step_call step = {.r = &r, .id = id};
    room_must_write(&r, step_call_work, &step);
    assert_true(step.step.is_done && step.step.wants_scrub);
    for (int64_t n = 1; n <= 7; n++)
        assert_int_equal(room_detail(&r, n).card.comment.state == COMMENT_WITHDRAWN, n < 7);
    undo(&r, id);
    room_batch_run(&r, id);
    for (int64_t n = 1; n <= 7; n++) {
        assert_int_equal(room_detail(&r, n).card.comment.state,
                         n == 2 ? COMMENT_REJECTED : COMMENT_PUBLISHED);
        assert_true(room_detail(&r, n).card.comment.text.n > 0);
    }
    room_check(&r);
    room_close(&r);
}

/* Whoever is shut out decides nothing any more; others take it back, or go on taking it back. */
static void who_is_shut_out_goes_no_further(void **state)
{
    (void)state;
    static struct room r;
    enum { COMMENTS = 3 * BATCH_STEP_MAX };
    room_open(&r, MODE_HELD);
    for (int i = 0; i < COMMENTS; i++)
        room_say(&r, 0, NULL);
    r.clock.now_s++;
    struct join_call join = {.r = &r, .who = {.name = STR("Serik"), .role = ROLE_SENIOR}};
    room_must_write(&r, join_call_work, &join);
    struct actor serik = {.role = ROLE_SENIOR, .moderator = {.id = join.who.id}};
    struct batch_plan plan = {
        .action = ACTION_SPAM, .filter = {.which = QUEUE_HELD}, .expected = COMMENTS};
    struct begin_call begun = {.r = &r, .actor = &serik, .plan = plan};
    room_must_write(&r, begin_call_work, &begun);
    struct step_call step = {.r = &r, .id = begun.id};
    room_must_write(&r, step_call_work, &step);
    struct shut_call shut = {.r = &r, .id = join.who.id, .is_out = true};
    room_must_write(&r, shut_call_work, &shut);
    room_must_write(&r, step_call_work, &step);
    assert_true(step.step.is_done && step.step.n_threads == 0);
    assert_int_equal(get(&r, begun.id).stage, BATCH_STOPPED);
    assert_int_equal(get(&r, begun.id).comments, BATCH_STEP_MAX);
    assert_int_equal(next_open(&r), 0);
    assert_int_equal(held(&r), COMMENTS - BATCH_STEP_MAX);
    room_check(&r);

    /* Serik comes back, begins to undo, and goes again. */
    shut.is_out = false;
    room_must_write(&r, shut_call_work, &shut);
    struct undo_call back = {&r, &serik, begun.id};
    room_must_write(&r, undo_call_work, &back);
    assert_int_equal(get(&r, begun.id).stage, BATCH_UNDOING);
    shut.is_out = true;
    room_must_write(&r, shut_call_work, &shut);
    room_must_write(&r, step_call_work, &step);
    struct batch stopped = get(&r, begun.id);
    assert_true(stopped.stage == BATCH_STOPPED && stopped.undone_s != 0);
    assert_int_equal(stopped.comments, BATCH_STEP_MAX);
    undo(&r, begun.id);
    (void)room_batch_run(&r, begun.id);
    struct batch undone = get(&r, begun.id);
    assert_true(undone.stage == BATCH_UNDONE && undone.undone == BATCH_STEP_MAX &&
                undone.kept == 0);
    assert_int_equal(held(&r), COMMENTS);
    room_check(&r);
    room_close(&r);
}

static void set_role(struct room *r, struct moderator_id id, enum role role)
{
    struct role_call c = {r, id, role};
    room_must_write(r, role_call_work, &c);
}

/* A right that was taken away ends what goes on by it, and only that. */
static void who_has_the_right_no_more_goes_no_further(void **state)
{
    (void)state;
    static struct room r;
    enum { COMMENTS = 2 * BATCH_STEP_MAX };
    room_open(&r, MODE_HELD);
    struct comment_id ids[BATCH_STEP_MAX + 1];
    for (size_t i = 0; i < COMMENTS; i++) {
        struct comment_id id = room_say(&r, 0, NULL).id;
        if (i < ARRAY_LEN(ids))
            ids[i] = id;
    }
    r.clock.now_s++;
    struct join_call join = {.r = &r, .who = {.name = STR("Serik"), .role = ROLE_EDITOR}};
    room_must_write(&r, join_call_work, &join);
    struct moderator_id serik = join.who.id;
    struct actor actor = {.role = ROLE_EDITOR, .moderator = {.id = serik}};
    struct begin_call all = {
        .r = &r,
        .actor = &actor,
        .plan = {.action = ACTION_SPAM, .filter = {.which = QUEUE_HELD}, .expected = COMMENTS}};
    room_must_write(&r, begin_call_work, &all);
    struct step_call step = {.r = &r, .id = all.id};
    set_role(&r, serik, ROLE_SENIOR); /* who may do it, too */
    room_must_write(&r, step_call_work, &step);
    assert_int_equal(get(&r, all.id).comments, BATCH_STEP_MAX);
    set_role(&r, serik, ROLE_MODERATOR);
    room_must_write(&r, step_call_work, &step);
    assert_true(step.step.is_done && step.step.n_threads == 0);
    assert_int_equal(get(&r, all.id).stage, BATCH_STOPPED);
    assert_int_equal(get(&r, all.id).comments, BATCH_STEP_MAX);

    /* Moderators take back their own, and decide on what they choose. */
    actor.role = ROLE_MODERATOR;
    struct undo_call own = {&r, &actor, all.id};
    room_must_write(&r, undo_call_work, &own);
    (void)room_batch_run(&r, all.id);
    assert_int_equal(get(&r, all.id).stage, BATCH_UNDONE);
    set_role(&r, serik, ROLE_SENIOR);
    r.clock.now_s++;
    actor.role = ROLE_SENIOR;
    struct begin_call some = {.r = &r,
                              .actor = &actor,
                              .plan = {.action = ACTION_SPAM, .ids = ids, .n_ids = ARRAY_LEN(ids)}};
    room_must_write(&r, begin_call_work, &some);
    set_role(&r, serik, ROLE_MODERATOR);
    assert_int_equal(room_batch_run(&r, some.id), 2);
    assert_int_equal(get(&r, some.id).stage, BATCH_DECIDED);
    assert_int_equal(get(&r, some.id).comments, ARRAY_LEN(ids));

    /* Another's only as a senior: the undoing stops as well. */
    r.clock.now_s++;
    int64_t others = begin(&r, (struct batch_plan){.action = ACTION_REJECT,
                                                   .reason = STR("insult"),
                                                   .ids = ids,
                                                   .n_ids = ARRAY_LEN(ids)});
    (void)room_batch_run(&r, others);
    set_role(&r, serik, ROLE_SENIOR);
    struct undo_call theirs = {&r, &actor, others};
    room_must_write(&r, undo_call_work, &theirs);
    set_role(&r, serik, ROLE_MODERATOR);
    step.id = others;
    room_must_write(&r, step_call_work, &step);
    struct batch stopped = get(&r, others);
    assert_true(stopped.stage == BATCH_STOPPED && stopped.undone_s != 0);
    assert_int_equal(stopped.comments, ARRAY_LEN(ids));
    room_check(&r);
    room_close(&r);
}

static void who_may_not_is_refused(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    struct actor reader = {.role = ROLE_READER};
    struct batch_plan filter = {.action = ACTION_SPAM, .filter = {.which = QUEUE_HELD}};
    struct batch_plan list = {.action = ACTION_SPAM, .ids = &c.id, .n_ids = 1};
    struct batch_plan bare = {.action = ACTION_REJECT, .ids = &c.id, .n_ids = 1};
    struct batch_plan many = {.action = ACTION_SPAM, .ids = &c.id, .n_ids = BATCH_IDS_MAX + 1};
    const struct {
        const struct actor *actor;
        const struct batch_plan *plan;
        enum err_kind kind;
    } rows[] = {{&r.moderator, &filter, ERR_DENIED},
                {&reader, &list, ERR_DENIED},
                {&r.senior, &bare, ERR_INVALID},
                {&r.senior, &many, ERR_INVALID}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct begin_call call = {.r = &r, .actor = rows[i].actor, .plan = *rows[i].plan};
        assert_false(room_write(&r, begin_call_work, &call, &e));
        assert_int_equal(e.kind, rows[i].kind);
    }
    struct begin_call mine = {.r = &r, .actor = &r.moderator, .plan = list};
    room_must_write(&r, begin_call_work, &mine);
    struct undo_call others = {&r, &r.other, mine.id};
    assert_false(room_write(&r, undo_call_work, &others, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    undo(&r, mine.id); /* before anything was decided */
    assert_int_equal(room_batch_run(&r, mine.id), 1);
    struct undo_call twice = {&r, &r.senior, mine.id};
    assert_false(room_write(&r, undo_call_work, &twice, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    struct step_call none = {.r = &r, .id = 99};
    assert_false(room_write(&r, step_call_work, &none, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct list_call all = {.r = &r, .max = 5};
    room_must_read(&r, list_call_work, &all);
    assert_int_equal(all.list.n, 1);
    room_close(&r);
}

/* ---- Whatever happens in whatever order ----------------------------------------------------- */

#define COMMENTS 60
#define OPERATIONS 400

static uint64_t dice(uint64_t *x, uint64_t sides)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x % sides;
}

static void random_batch(struct room *r, uint64_t *x)
{
    static const enum queue_which which[] = {QUEUE_HELD, QUEUE_PUBLISHED, QUEUE_REPORTED,
                                             QUEUE_ALL,  QUEUE_FEATURED,  QUEUE_WITHDRAWN};
    struct comment_id ids[20];
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        ids[i] = comment_id_of(r->article, 1 + (int64_t)dice(x, COMMENTS + 3));
    struct batch_plan plan = {.action = (enum action)(1 + dice(x, ACTION_UNFEATURE)),
                              .reason = STR("hate"),
                              .ids = ids,
                              .n_ids = dice(x, 2) ? ARRAY_LEN(ids) : 0,
                              .filter = {.which = which[dice(x, ARRAY_LEN(which))]}};
    (void)begin(r, plan);
}

static void random_operation(struct room *r, uint64_t *x, int64_t batches)
{
    int64_t number = 1 + (int64_t)dice(x, COMMENTS);
    struct queue_detail detail = room_detail(r, number);
    struct decide decide = {.comment = detail.card.comment.id,
                            .action = (enum action)(1 + dice(x, ACTION_UNFEATURE)),
                            .reason = STR("hate"),
                            .expected = detail.card.comment.state,
                            .expected_edited_s = detail.card.comment.edited_s,
                            .expected_reports = detail.card.open_reports,
                            .expected_reported_s = detail.card.reported_s};
    struct undo_call take_back = {r, &r->senior, 1 + (int64_t)dice(x, (uint64_t)batches + 1)};
    struct err e;
    bool good = true;
    switch (dice(x, 6)) {
    case 0:
    case 1:
        good = room_decide(r, &r->moderator, decide, &e);
        break;
    case 2:
    case 3:
        good = room_undo(r, &r->moderator, number, detail.undo_seq, &e);
        break;
    case 4:
        room_report(r, number, (uint8_t)dice(x, 250), "hate");
        break;
    default:
        good = room_write(r, undo_call_work, &take_back, &e);
        break;
    }
    assert_true(good || (e.kind != ERR_BROKEN && e.kind != ERR_BUSY));
}

static void counters_are_the_rows(void **state)
{
    (void)state;
    static struct room r;
    uint64_t x = 0x9e3779b97f4a7c15u;
    int64_t batches = 0;
    room_open(&r, MODE_HELD);
    for (int i = 0; i < COMMENTS; i++)
        room_say(&r, 0, NULL);
    for (int i = 0; i < OPERATIONS; i++) {
        if (dice(&x, 10) == 0) {
            random_batch(&r, &x);
            batches++;
        } else {
            random_operation(&r, &x, batches);
        }
        if (dice(&x, 3) == 0 && next_open(&r))
            room_batch_run(&r, next_open(&r));
        r.clock.now_s += (int64_t)dice(&x, 600);
        if (i % 20 == 0)
            room_check(&r);
    }
    while (next_open(&r))
        room_batch_run(&r, next_open(&r));
    room_check(&r);
    assert_true(batches > OPERATIONS / 20);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_is_decided_in_steps),
        cmocka_unit_test(what_happens_in_the_second_of_the_page_is_left_alone),
        cmocka_unit_test(what_changed_meanwhile_is_passed_over),
        cmocka_unit_test(all_of_one_is_removed_and_comes_back),
        cmocka_unit_test(who_is_shut_out_goes_no_further),
        cmocka_unit_test(who_has_the_right_no_more_goes_no_further),
        cmocka_unit_test(who_may_not_is_refused),
        cmocka_unit_test(counters_are_the_rows),
    };
    return RUN_TESTS(tests);
}
