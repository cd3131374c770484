/* Failing the Nth database call, for every N, leaves the data as it was. */
#include "base/buf.h"
#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(add_call, const struct comment_draft *draft; struct comment_added added;
     , room_post(d, tx, c->draft, &c->added, e))
CALL(edit_call, const struct comment *comment;
     , room_rewrite(d, tx, &(struct own_comment){c->comment->id, &c->comment->commenter},
                    STR("Other words."), e))
CALL(withdraw_call, const struct comment *comment;
     , comment_withdraw(d, tx, c->comment->id, &c->comment->commenter, e))
CALL(decide_call, struct decide decide; struct thread_id thread;
     , decision_make(d, tx, &c->r->moderator, &c->decide, &c->thread, e))
CALL(undo_call, struct undo undo; struct thread_id thread;
     , decision_undo(d, tx, &c->r->moderator, &c->undo, &c->thread, e))
CALL(begin_call, struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->r->senior, &c->plan, &c->id, e))
CALL(step_call, int64_t id; struct batch_step step;, batch_step(d, tx, c->id, &c->step, e))
CALL(take_back_call, int64_t id;, batch_undo(d, tx, &c->r->senior, c->id, e))
CALL(batches_call, struct batch_list list;, batch_list(d, tx, 0, 50, &c->list, e))
CALL(claim_call, struct comment_id comment; struct claim claim;
     , claim_take(d, tx, &c->r->moderator, &(struct claim_want){c->comment, 60}, &c->claim, e))
CALL(ask_call, struct comment_id comment;
     , opinion_ask(d, tx, &c->r->moderator, c->comment, STR("Is it?"), e))
CALL(note_call, struct note_subject on;
     , team_note_add(d, tx, &c->r->moderator, &c->on, STR("Seen."), e))
CALL(untrust_call, struct commenter_id id; int64_t seq;
     , commenter_trust_undo(d, tx, &c->r->senior, &c->id, c->seq, e))
CALL(trust_call, struct trust_change change;
     , commenter_trust_set(d, tx, &c->r->senior, &c->change, e))
CALL(expire_call, int64_t erased;, kept_words_expire(d, tx, &c->erased, e))
CALL(report_call, struct report report; bool is_held;
     , report_add(d, tx, &c->report, &c->is_held, e))
CALL(reports_expire_call, int64_t erased;, report_expire(d, tx, &c->erased, e))
CALL(control_call, struct conversation_control control;
     , conversation_control_set(d, tx, &c->r->senior, c->r->article, &c->control, e))
CALL(rate_call, struct hash rater;, rating_set(d, tx, c->r->article, c->rater, true, e))
CALL(save_call, const struct edition *ed; const struct conversation_wish *wish; enum saved saved;
     , edition_save(d, tx, c->ed, c->wish, &c->saved, e))
CALL(import_call, struct comment_imports imports; size_t added;
     , comment_import_all(d, tx, &c->imports, &c->added, e))
CALL(detail_call, struct comment_id id; struct queue_detail detail;
     , queue_card_get(d, tx, c->id, &c->detail, e))
CALL(names_call, struct edition_name *names; size_t n;, edition_list(d, tx, &c->names, &c->n, e))
CALL(get_call, struct str lang; struct str slug; struct edition ed;
     , edition_get(d, tx, c->lang, c->slug, &c->ed, e))

/* All that can be read, as one hash. */
static struct hash everything(struct room *r, int64_t comments)
{
    struct buf b = buf_heap(4 * MiB);
    struct thread t = room_thread(r);
    buf_printf(&b, "%d %ld %ld %ld %ld %ld %ld\n", t.mode, (long)t.closes_s, (long)t.placed,
               (long)t.held, (long)t.yes, (long)t.no, (long)t.rev);
    for (int64_t n = 1; n <= comments; n++) {
        struct detail_call c = {.r = r, .id = comment_id_of(r->article, n)};
        struct err e;
        if (!room_read(r, detail_call_work, &c, &e))
            continue;
        const struct queue_card *card = &c.detail.card;
        buf_printf(&b, "%ld %d %d %ld %ld %ld %zu\n", (long)n, card->comment.state,
                   card->comment.placed, (long)card->comment.edited_s, (long)card->approved,
                   (long)card->rejected, c.detail.n_decisions);
        buf_printf(&b, "%d %d %ld %zu %ld %ld %ld %ld\n", card->comment.featured, card->trust,
                   (long)card->trust_until_s, card->n_reports, (long)card->claim.moderator.v,
                   (long)card->opinion.moderator.v, (long)card->notes, (long)c.detail.undo_seq);
        buf_put(&b, card->comment.text);
        buf_put(&b, card->comment.name);
    }
    struct batches_call all = {.r = r};
    room_must_read(r, batches_call_work, &all);
    for (size_t i = 0; i < all.list.n; i++)
        buf_printf(&b, "%ld %d %ld %ld\n", (long)all.list.items[i].id, all.list.items[i].stage,
                   (long)all.list.items[i].comments, (long)all.list.items[i].skipped);
    struct names_call names = {.r = r};
    room_must_read(r, names_call_work, &names);
    for (size_t i = 0; i < names.n; i++) {
        struct get_call g = {.r = r, .lang = names.names[i].lang, .slug = names.names[i].slug};
        room_must_read(r, get_call_work, &g);
        buf_put(&b, g.ed.slug);
        buf_put(&b, g.ed.headline);
        buf_hex(&b, g.ed.source.b, sizeof g.ed.source.b);
        buf_printf(&b, " %zu %zu\n", g.ed.n_byline, g.ed.n_pictures);
    }
    struct hash h = hash_of(buf_str(&b));
    buf_free(&b);
    return h;
}

/* Fails each call in turn until the write comes through; at least `least` calls were failed. */
static void fail_each(struct room *r, db_work *work, void *context, int least)
{
    struct hash before = everything(r, 40);
    int n = 1;
    for (;; n++) {
        struct err e;
        r->f.fault.calls_left = n;
        bool good = room_write(r, work, context, &e);
        bool failed = r->f.fault.calls_left == 0;
        r->f.fault.calls_left = 0;
        if (good) {
            assert_false(failed);
            break;
        }
        assert_true(failed);
        assert_true(e.kind == ERR_BROKEN || e.kind == ERR_UNKNOWN || e.kind == ERR_BUSY);
        assert_true(hash_eq(before, everything(r, 40)));
        room_check(r);
        assert_true(n < 200);
    }
    assert_true(n > least);
    assert_false(hash_eq(before, everything(r, 40)));
    room_check(r);
}

static struct comment_draft draft_of(struct room *r, int64_t reply_to, uint8_t idem)
{
    return (struct comment_draft){.thread = r->article,
                                  .reply_to = reply_to,
                                  .lang = STR("en"),
                                  .name = STR("Gulnara"),
                                  .text = STR("What the water told me."),
                                  .idem = {idem},
                                  .new_key_hash = {{idem, 9}}};
}

static void comments_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    for (int mode = MODE_OPEN; mode <= MODE_HELD; mode++) {
        room_open(&r, MODE_OPEN);
        struct comment parent = room_say(&r, 0, NULL);
        room_must_decide(&r, parent.number, ACTION_HOLD);
        room_must_decide(&r, parent.number, ACTION_PUBLISH);
        struct conversation_wish wish = {.has_mode = true, .mode = (enum mode)mode};
        struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-came-back");
        ed.source.b[0] ^= 1;
        room_save(&r, &ed, &wish);
        struct comment_draft draft = draft_of(&r, parent.number, 200);
        struct add_call add = {.r = &r, .draft = &draft};
        fail_each(&r, add_call_work, &add, 8);
        assert_false(add.added.is_repeat);
        struct edit_call edit = {&r, &add.added.comment};
        fail_each(&r, edit_call_work, &edit, 6);
        struct withdraw_call withdraw = {&r, &add.added.comment};
        fail_each(&r, withdraw_call_work, &withdraw, 6);
        room_close(&r);
    }
}

static void decisions_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    static const enum action actions[] = {ACTION_PUBLISH, ACTION_REJECT, ACTION_SPAM, ACTION_HOLD,
                                          ACTION_WITHDRAW};
    struct comment c = room_say(&r, 0, NULL);
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        struct decide_call call = {
            .r = &r,
            .decide = {.comment = c.id,
                       .action = actions[i],
                       .reason = STR("insult"),
                       .expected = room_comment(&r, c.number, &c.commenter).state}};
        fail_each(&r, decide_call_work, &call, 6);
    }
    room_close(&r);
}

/* A reported comment that a rule held, claimed and asked about: all that a decision touches. */
static struct comment troubled(struct room *r)
{
    struct comment c = room_say(r, 0, NULL);
    struct ask_call ask = {r, c.id};
    struct claim_call claim = {.r = r, .comment = c.id};
    struct note_call note = {r, {.comment = c.id}};
    room_rule(r, c.number);
    room_rule_holds(r, c.number, "rule:1", "");
    room_report(r, c.number, 1, "hate");
    fail_each(r, ask_call_work, &ask, 4);
    fail_each(r, claim_call_work, &claim, 3);
    fail_each(r, note_call_work, &note, 4);
    return c;
}

static void undoing_is_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    static const enum action actions[] = {ACTION_PUBLISH, ACTION_FEATURE, ACTION_WITHDRAW};
    room_open(&r, MODE_HELD);
    struct comment c = troubled(&r);
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        r.clock.now_s++;
        const struct queue_card card = room_detail(&r, c.number).card;
        struct decide_call call = {.r = &r,
                                   .decide = {.comment = c.id,
                                              .action = actions[i],
                                              .reason = STR("insult"),
                                              .expected = card.comment.state,
                                              .expected_reports = card.open_reports,
                                              .expected_reported_s = card.reported_s}};
        fail_each(&r, decide_call_work, &call, 8);
    }
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        struct undo_call call = {
            .r = &r, .undo = {.comment = c.id, .seq = room_detail(&r, c.number).undo_seq}};
        fail_each(&r, undo_call_work, &call, 8);
    }
    room_must_decide(&r, c.number, ACTION_WITHDRAW);
    struct undo_call late = {.r = &r,
                             .undo = {.comment = c.id, .seq = room_detail(&r, c.number).undo_seq}};
    r.clock.now_s += 24 * 3600;
    struct expire_call expire = {.r = &r};
    struct err e;
    r.f.fault.calls_left = 3;
    assert_false(room_write(&r, expire_call_work, &expire, &e));
    r.f.fault.calls_left = 0;
    room_must_write(&r, expire_call_work, &expire);
    assert_int_equal(expire.erased, 1);
    assert_false(room_write(&r, undo_call_work, &late, &e));
    room_close(&r);
}

static void batches_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    for (int i = 0; i < 3; i++)
        (void)room_say(&r, 0, NULL);
    r.clock.now_s++;
    struct begin_call begin = {.r = &r,
                               .plan = {.action = ACTION_SPAM, .filter = {.which = QUEUE_HELD}}};
    fail_each(&r, begin_call_work, &begin, 5);
    struct step_call step = {.r = &r, .id = begin.id};
    fail_each(&r, step_call_work, &step, 20);
    assert_true(step.step.is_done);
    struct take_back_call back = {&r, begin.id};
    fail_each(&r, take_back_call_work, &back, 4);
    fail_each(&r, step_call_work, &step, 20);
    room_close(&r);
}

static void trust_is_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    struct trust_call call = {&r,
                              {.commenter = c.commenter,
                               .trust = TRUST_BANNED,
                               .reason = STR("hate"),
                               .note = STR("Again.")}};
    fail_each(&r, trust_call_work, &call, 5);
    struct untrust_call undo = {&r, c.commenter, 1};
    fail_each(&r, untrust_call_work, &undo, 6);
    room_close(&r);
}

/* The second report holds the comment; the networks go, and the rows. */
static void reports_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.settings.moderation_reports_hold = 2;
    struct comment c = room_say(&r, 0, NULL);
    struct report_call call = {
        .r = &r,
        .report = {
            .comment = c.id, .reason = STR("hate"), .reporter = {{1}}, .network = STR("network1")}};
    fail_each(&r, report_call_work, &call, 4);
    assert_false(call.is_held);
    call.report.reporter.b[0] = 2;
    call.report.network = STR("network2");
    fail_each(&r, report_call_work, &call, 8);
    assert_true(call.is_held);
    room_must_decide(&r, c.number, ACTION_PUBLISH);
    struct reports_expire_call expire = {.r = &r};
    struct err e;
    r.clock.now_s += 30 * 86400;
    for (int n = 1; n < 4; n++) {
        r.f.fault.calls_left = n;
        assert_false(room_write(&r, reports_expire_call_work, &expire, &e));
    }
    r.f.fault.calls_left = 0;
    room_must_write(&r, reports_expire_call_work, &expire);
    assert_int_equal(expire.erased, 2);
    room_close(&r);
}

static void controls_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    static const struct conversation_message message = {STR_INIT("en"), STR_INIT("Be kind.")};
    room_open(&r, MODE_OPEN);
    struct control_call call = {
        .r = &r,
        .control = {.mode = MODE_FIRST, .slow_s = 60, .messages = &message, .n_messages = 1}};
    fail_each(&r, control_call_work, &call, 5);
    room_close(&r);
}

static void answers_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct rate_call call = {&r, {{1}}};
    fail_each(&r, rate_call_work, &call, 5);
    room_close(&r);
}

static void editions_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    static const struct conversation_wish wish = {.has_mode = true, .mode = MODE_HELD};
    struct edition changed = room_edition("reservoir", "en", "water-is-back");
    struct save_call change = {&r, &changed, &wish, SAVED_SAME};
    fail_each(&r, save_call_work, &change, 12);
    struct edition fresh = room_edition("melon", "en", "melon");
    struct save_call add = {&r, &fresh, &wish, SAVED_SAME};
    fail_each(&r, save_call_work, &add, 12);
    room_close(&r);
}

static void imports_are_whole_or_not_there(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    static const struct comment_import items[] = {
        {3, 0, STR_INIT("en"), STR_INIT("Ann"), STR_INIT("One"), COMMENT_PUBLISHED, 0, 1000},
        {5, 3, STR_INIT("en"), STR_INIT("Bek"), STR_INIT("Two"), COMMENT_HELD, 0, 1001},
    };
    struct import_call call = {&r, {STR("reservoir"), items, 2}, 0};
    fail_each(&r, import_call_work, &call, 10);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_are_whole_or_not_there),
        cmocka_unit_test(decisions_are_whole_or_not_there),
        cmocka_unit_test(undoing_is_whole_or_not_there),
        cmocka_unit_test(batches_are_whole_or_not_there),
        cmocka_unit_test(trust_is_whole_or_not_there),
        cmocka_unit_test(reports_are_whole_or_not_there),
        cmocka_unit_test(controls_are_whole_or_not_there),
        cmocka_unit_test(answers_are_whole_or_not_there),
        cmocka_unit_test(editions_are_whole_or_not_there),
        cmocka_unit_test(imports_are_whole_or_not_there),
    };
    return RUN_TESTS(tests);
}
