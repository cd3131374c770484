/* Campaigns with a database: posting, deciding for all and for those to come, starting again. */
#include "domain/campaign.h"
#include "domain/campaign_case.h"
#include "domain/campaign_watch.h"
#include "domain/ledger_read.h"
#include "tests/unit/domain/room.h"

#define PASSAGE                                                                                    \
    "The reservoir was never empty and everybody at the ministry knows it; ask them who was paid " \
    "for the pumps, and why nobody was ever shown the bills."
#define OTHER                                                                                      \
    "My grandfather fished there every spring before the first war, and he always told us that "   \
    "the water would come back when the poplars on the northern shore were cut."
#define REWORDED                                                                                   \
    "The lake was never dry and everybody in our ministry knows it; ask these men who was "        \
    "paid for all pumps, and why nobody had ever seen a bill."
#define QUOTED                                                                                     \
    "You say that nobody was ever shown the bills, and ask them who was paid for the pumps. "      \
    "Well, "                                                                                       \
    "I did ask, two summers ago, and a friendly clerk gave me copies of every invoice without "    \
    "further ado, so stop spreading rumours about honest people."

CALL(look_call, struct campaign_look look;, campaign_watch_look(d, tx, &c->look, e))
CALL(store_call, struct campaign_changes changes;, campaign_watch_store(d, tx, &c->changes, e))
CALL(list_call, struct campaign_list list;
     , campaign_list(d, tx, &(struct campaign_place){0}, 20, &c->list, e))
CALL(get_call, struct comment_id id; struct campaign_case found; struct str shared;
     , campaign_get(d, tx, c->id, &c->found, &c->shared, e))
CALL(open_call, int64_t n;, campaign_undecided(d, tx, &c->n, e))
CALL(plan_call, const struct actor *actor; struct campaign_plan plan; int64_t batch;
     , campaign_decide(d, tx, c->actor, &c->plan, &c->batch, e))
CALL(end_call, const struct actor *actor; struct comment_id id;
     , campaign_end(d, tx, c->actor, c->id, e))
CALL(back_call, const struct actor *actor; struct comment_id id; int64_t batch;
     , campaign_undo(d, tx, c->actor, c->id, &c->batch, e))
CALL(take_back_call, int64_t id;, batch_undo(d, tx, &c->r->senior, c->id, e))
CALL(trust_call, struct trust_change change;
     , commenter_trust_set(d, tx, &c->r->senior, &c->change, e))

CALL(batch_call, int64_t id; struct batch batch;, batch_get(d, tx, c->id, &c->batch, e))

static void on_unmatched(void *context, struct str what)
{
    (void)context;
    fail_msg(STR_FMT, STR_ARG(what));
}
CALL(match_call, int64_t faults;, ledger_match(d, tx, on_unmatched, NULL, &c->faults, e))

static struct batch batch(struct room *r, int64_t id)
{
    struct batch_call c = {.r = r, .id = id};
    room_must_read(r, batch_call_work, &c);
    return c.batch;
}

/* Reads all there is, as the server's job does. */
static void look(struct room *r)
{
    struct look_call c = {.r = r};
    struct store_call store = {.r = r};
    do {
        room_must_read(r, look_call_work, &c);
        if (c.look.has_found)
            room_must_write(r, store_call_work, &store);
    } while (!c.look.is_done);
    assert_true(campaign_watch_is_ready(r->d.campaigns));
}

static void start(struct room *r)
{
    campaign_watch_free(&r->d.campaigns);
    r->d.campaigns = campaign_watch_new(64, r->d.secret);
    assert_false(campaign_watch_is_ready(r->d.campaigns));
    look(r);
}

static void open(struct room *r, enum mode mode)
{
    room_open(r, mode);
    start(r);
}

static void close(struct room *r)
{
    struct match_call match = {.r = r};
    room_check(r);
    room_must_read(r, match_call_work, &match);
    campaign_watch_free(&r->d.campaigns);
    room_close(r);
}

/* A comment with these words and a few of its own, by a new guest. */
static struct comment say(struct room *r, const char *words)
{
    static int n;
    struct comment_added added;
    struct err e;
    struct str text = arena_printf(r->f.arena, "%s So it is, %d.", words, n++);
    if (!room_add(r, 0, NULL, arena_cstr(r->f.arena, text), &added, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    return added.comment;
}

static struct campaign_case get(struct room *r, struct comment_id id)
{
    struct get_call c = {.r = r, .id = id};
    room_must_read(r, get_call_work, &c);
    return c.found;
}

static int64_t undecided(struct room *r)
{
    struct open_call c = {.r = r};
    room_must_read(r, open_call_work, &c);
    return c.n;
}

static int64_t decide(struct room *r, struct comment_id id, enum action action)
{
    struct plan_call c = {.r = r, .actor = &r->senior, .plan = {id, action, .expected = 5}};
    if (action == ACTION_REJECT)
        c.plan.reason = STR("hate");
    room_must_write(r, plan_call_work, &c);
    (void)room_batch_run(r, c.batch);
    return c.batch;
}

static void copies_are_gathered_and_told_of(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 1).card.campaign.v, 0);
    (void)say(&r, OTHER);
    (void)say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 1).card.campaign.v, first.id.v);
    assert_int_equal(room_detail(&r, 2).card.campaign.v, 0);
    assert_int_equal(room_detail(&r, 3).card.campaign.v, first.id.v);
    r.clock.now_s += 60;
    (void)say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    assert_int_equal(undecided(&r), 0);
    struct comment fifth = say(&r, PASSAGE);
    assert_int_equal(fifth.state, COMMENT_PUBLISHED); /* nobody has decided anything */
    assert_int_equal(undecided(&r), 1);
    (void)say(&r, PASSAGE);
    assert_int_equal(undecided(&r), 1);
    struct list_call list = {.r = &r};
    room_must_read(&r, list_call_work, &list);
    assert_int_equal(list.list.n, 1);
    const struct campaign_case *c = &list.list.items[0];
    assert_int_equal(c->id.v, first.id.v);
    assert_true(c->copies == 6 && c->commenters == 6 && c->articles == 1 && c->open == 6);
    assert_true(c->last_s == c->first_s + 60 && c->alert_s == c->last_s && c->decided_s == 0);
    assert_true(str_begins(c->text, STR("The reservoir was never empty")));
    struct get_call one = {.r = &r, .id = first.id};
    room_must_read(&r, get_call_work, &one);
    assert_true(str_begins(one.shared, STR("the reservoir was never empty")));
    struct queue_card card = room_detail(&r, 3).card;
    assert_true(card.campaign_size == 6 && card.campaign_commenters == 6);
    int64_t ids[3];
    assert_int_equal(campaign_alike(&r.d, r.f.arena, &card.comment, ids, 3), 3);
    assert_true(ids[0] != card.comment.id.v && ids[1] != card.comment.id.v);
    one.id.v = 99;
    struct err e;
    assert_false(room_read(&r, get_call_work, &one, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    close(&r);
}

static void one_decision_is_for_all_and_those_to_come(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, OTHER);
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    struct err e;
    struct plan_call plan = {
        .r = &r, .actor = &r.moderator, .plan = {first.id, ACTION_SPAM, .expected = 5}};
    assert_false(room_write(&r, plan_call_work, &plan, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    plan.actor = &r.senior;
    plan.plan.action = ACTION_WITHDRAW;
    assert_false(room_write(&r, plan_call_work, &plan, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    plan.plan.action = ACTION_REJECT;
    assert_false(room_write(&r, plan_call_work, &plan, &e));
    assert_int_equal(e.say, T_REASON_MISSING);

    (void)decide(&r, first.id, ACTION_REJECT);
    assert_int_equal(undecided(&r), 0);
    assert_int_equal(room_detail(&r, 6).card.comment.state, COMMENT_REJECTED);
    assert_int_equal(room_detail(&r, 2).card.comment.state, COMMENT_PUBLISHED);
    struct comment late = say(&r, PASSAGE);
    assert_int_equal(late.state, COMMENT_REJECTED);
    assert_false(late.placed);
    struct queue_detail detail = room_detail(&r, 7);
    assert_int_equal(detail.card.campaign.v, first.id.v);
    assert_int_equal(detail.n_decisions, 1);
    assert_true(str_begins(detail.decisions[0].rule, STR("campaign:")));
    assert_str(detail.decisions[0].reason, "hate");
    assert_int_equal(say(&r, OTHER).state, COMMENT_PUBLISHED);

    /* What is to come is free again; but what resembles something rejected waits. */
    struct end_call end = {&r, &r.senior, first.id};
    room_must_write(&r, end_call_work, &end);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_HELD);
    assert_false(room_write(&r, end_call_work, &end, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);

    struct back_call back = {&r, &r.senior, first.id, 0};
    room_must_write(&r, back_call_work, &back);
    (void)room_batch_run(&r, back.batch);
    assert_int_equal(room_detail(&r, 1).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 6).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(get(&r, first.id).decided_s, 0);
    assert_int_equal(undecided(&r), 1);
    close(&r);
}

/* Near-copies need not have been seen; what was seen must be as it was. */
static void copies_that_come_while_the_team_decides_are_decided_on(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    struct comment third = say(&r, PASSAGE);
    struct plan_call c = {.r = &r,
                          .actor = &r.senior,
                          .plan = {first.id, ACTION_REJECT, .reason = STR("hate"), .expected = 4}};
    c.plan.until_s = r.clock.now_s;
    r.clock.now_s += 5;
    (void)say(&r, PASSAGE);
    struct comment fifth = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    r.clock.now_s += 5;
    assert_true(room_edit(&r, &third, PASSAGE " I take some of that back.", &e));
    assert_true(room_edit(&r, &fifth, PASSAGE " As I just said.", &e));
    room_must_decide(&r, 6, ACTION_HOLD); /* another of the team saw that one */
    room_must_write(&r, plan_call_work, &c);
    (void)room_batch_run(&r, c.batch);
    static const enum comment_state states[] = {COMMENT_REJECTED,  COMMENT_REJECTED,
                                                COMMENT_PUBLISHED, COMMENT_REJECTED,
                                                COMMENT_REJECTED,  COMMENT_HELD};
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        assert_int_equal(room_detail(&r, (int64_t)i + 1).card.comment.state, states[i]);
    close(&r);
}

/* By the batch's own page, too: what is still to come is not decided on by what was taken back. */
static void a_batch_that_is_taken_back_ends_what_it_decided(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    struct take_back_call back = {.r = &r, .id = decide(&r, first.id, ACTION_SPAM)};
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_SPAM);
    room_must_write(&r, take_back_call_work, &back);
    (void)room_batch_run(&r, back.id);
    assert_int_equal(room_detail(&r, 1).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 3).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(get(&r, first.id).action, 0);
    assert_int_equal(get(&r, first.id).decided_s, 0);
    assert_int_not_equal(say(&r, PASSAGE).state, COMMENT_SPAM);
    close(&r);
}

/* What came after the decision and had it done to it is of it: counted, told and taken back. */
static void what_was_carried_on_is_taken_back_as_well(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    struct comment held = say(&r, OTHER);
    struct comment edited = say(&r, "The mayor will have to explain that at the next council.");
    room_must_decide(&r, held.number, ACTION_HOLD);
    int64_t id = decide(&r, first.id, ACTION_REJECT);
    r.clock.now_s += 60;
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_REJECTED);
    assert_true(room_edit(&r, &held, PASSAGE " That is what I meant.", &e));
    assert_true(room_edit(&r, &edited, PASSAGE " Well, yes.", &e));
    (void)say(&r, PASSAGE);
    room_must_decide(&r, 6, ACTION_PUBLISH); /* somebody has looked at this one */
    assert_int_equal(room_detail(&r, held.number).card.comment.state, COMMENT_REJECTED);
    assert_int_equal(room_detail(&r, edited.number).card.comment.state, COMMENT_REJECTED);
    assert_int_equal(room_detail(&r, 5).decisions[0].batch, id);
    assert_int_equal(batch(&r, id).comments, 2);
    assert_int_equal(batch(&r, id).carried, 4);
    assert_int_equal(get(&r, first.id).carried, 4);
    room_check(&r);
    assert_false(room_undo(&r, &r.senior, 5, 1, &e)); /* alone it is nobody's to take back */

    r.clock.now_s += 60;
    struct back_call back = {&r, &r.senior, first.id, 0};
    room_must_write(&r, back_call_work, &back);
    (void)room_batch_run(&r, id);
    static const enum comment_state states[] = {COMMENT_PUBLISHED, COMMENT_PUBLISHED,
                                                COMMENT_HELD,      COMMENT_PUBLISHED,
                                                COMMENT_PUBLISHED, COMMENT_PUBLISHED};
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        assert_int_equal(room_detail(&r, (int64_t)i + 1).card.comment.state, states[i]);
    assert_true(room_detail(&r, 5).card.comment.placed);
    struct batch undone = batch(&r, id);
    assert_true(undone.stage == BATCH_UNDONE && undone.comments == 2);
    assert_true(undone.carried == 4 && undone.undone == 5 && undone.kept == 1);
    struct campaign_case c = get(&r, first.id);
    assert_true(c.decided_s == 0 && c.batch == id && c.carried == 0);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_PUBLISHED);
    close(&r);
}

static void each_action_is_carried_on(void **state)
{
    (void)state;
    static struct room r;
    static const struct {
        enum action action;
        enum comment_state all, next;
    } rows[] = {
        {ACTION_SPAM, COMMENT_SPAM, COMMENT_SPAM},
        {ACTION_HOLD, COMMENT_HELD, COMMENT_HELD},
        {ACTION_PUBLISH, COMMENT_PUBLISHED, COMMENT_PUBLISHED},
    };
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    int64_t number = 2;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        r.clock.now_s += 10;
        (void)decide(&r, first.id, rows[i].action);
        assert_int_equal(room_detail(&r, 1).card.comment.state, rows[i].all);
        assert_int_equal(say(&r, PASSAGE).state, rows[i].next);
        assert_int_equal(room_detail(&r, ++number).card.comment.state, rows[i].next);
    }
    close(&r);
}

static void what_is_like_something_rejected_waits(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_PUBLISHED);
    room_must_decide(&r, 1, ACTION_SPAM);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_HELD);
    assert_int_equal(say(&r, OTHER).state, COMMENT_PUBLISHED);
    /* Not by one whom the team trusts. */
    struct trust_call trust = {&r, {.commenter = first.commenter, .trust = TRUST_FULL}};
    room_must_write(&r, trust_call_work, &trust);
    struct comment_added added;
    assert_true(room_add(&r, 0, &first.commenter, PASSAGE " As I said.", &added, &e));
    assert_int_equal(added.comment.state, COMMENT_PUBLISHED);
    /* Nor when it was published again: by a decision, or by undoing. */
    assert_true(room_undo(&r, &r.moderator, 1, 1, &e));
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_PUBLISHED);
    /* An edit is looked at as well. */
    room_must_decide(&r, 1, ACTION_SPAM);
    struct comment other = say(&r, "The mayor will have to explain that at the next council.");
    assert_int_equal(other.state, COMMENT_PUBLISHED);
    assert_true(room_edit(&r, &other, PASSAGE " They will not say.", &e));
    struct queue_card card = room_detail(&r, other.number).card;
    assert_int_equal(card.comment.state, COMMENT_HELD);
    assert_true(str_begins(card.rule, STR("campaign:")));
    assert_int_equal(card.campaign.v, first.id.v);
    assert_true(room_edit(&r, &other, "The mayor will have to explain that, and soon, too.", &e));
    assert_int_equal(room_detail(&r, other.number).card.campaign.v, 0);
    close(&r);
}

static void withdrawn_words_are_forgotten(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    assert_true(room_withdraw(&r, &first, &e));
    struct comment second = say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 2).card.campaign.v, 0);
    room_must_decide(&r, 2, ACTION_WITHDRAW);
    (void)say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 3).card.campaign.v, 0);
    assert_int_equal(second.state, COMMENT_PUBLISHED);
    close(&r);
}

static bool refuse(struct err *e)
{
    return err_set(e, ERR_INVALID, 0, "the test changes its mind");
}
CALL(fail_call, const struct comment_draft *draft; struct comment_added added;
     , room_post(d, tx, c->draft, &c->added, e) && refuse(e))

static void what_is_not_stored_leaves_nothing(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment_draft draft = {.thread = r.article,
                                  .lang = STR("en"),
                                  .name = STR("Nobody"),
                                  .text = STR(PASSAGE),
                                  .idem = {9}};
    struct fail_call c = {.r = &r, .draft = &draft};
    struct err e;
    assert_false(room_write(&r, fail_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_true(c.added.comment.id.v != 0);
    struct comment first = say(&r, PASSAGE);
    assert_int_equal(first.number, 1);
    assert_int_equal(room_detail(&r, 1).card.campaign.v, 0);
    (void)say(&r, PASSAGE);
    assert_int_equal(get(&r, first.id).copies, 2);
    /* The same wherever a database call fails, COMMIT among them. */
    bool is_stored = false;
    for (int64_t n = 1; !is_stored; n++) {
        r.f.fault.calls_left = n;
        is_stored = room_add(&r, 0, NULL, PASSAGE " Once more.", &c.added, &e);
        bool struck = r.f.fault.calls_left == 0;
        r.f.fault.calls_left = 0;
        assert_true(is_stored != struck);
        int64_t ids[9];
        size_t alike = campaign_alike(&r.d, r.f.arena, &first, ids, ARRAY_LEN(ids));
        assert_int_equal(alike, is_stored ? 2 : 1);
        assert_true(n < 100);
    }
    close(&r);
}

static void a_start_remembers(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    (void)decide(&r, first.id, ACTION_REJECT);
    r.clock.now_s += 3600;
    for (int i = 0; i < 3; i++) {
        start(&r);
        assert_int_equal(say(&r, PASSAGE).state, COMMENT_REJECTED);
        assert_int_equal(say(&r, OTHER).state, COMMENT_PUBLISHED);
    }
    struct get_call c = {.r = &r, .id = first.id};
    room_must_read(&r, get_call_work, &c);
    assert_int_equal(c.found.copies, 8);
    close(&r);
}

static void what_comes_meanwhile_is_found(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    (void)say(&r, PASSAGE); /* by a program that remembers none */
    (void)say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 1).card.campaign.v, 0);
    r.clock.now_s += 3600;
    r.d.campaigns = campaign_watch_new(64, r.d.secret);
    look(&r);
    int64_t first = room_detail(&r, 1).card.campaign.v;
    assert_int_equal(first, room_detail(&r, 1).card.comment.id.v);
    assert_int_equal(room_detail(&r, 2).card.campaign.v, first);
    assert_int_equal(undecided(&r), 0);
    /* Another node stores: this one hears of it when it looks, and tells the team. */
    struct campaign_watch *w = r.d.campaigns;
    r.d.campaigns = NULL;
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    room_must_decide(&r, 1, ACTION_SPAM);
    r.d.campaigns = w;
    r.clock.now_s += 2;
    look(&r);
    look(&r);
    assert_int_equal(room_detail(&r, 6).card.campaign.v, first);
    assert_int_equal(undecided(&r), 1);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_HELD);
    close(&r);
}

/* Another node or a start is under way: what was decided is done to them when they are found. */
static void what_was_decided_is_done_to_those_that_were_not_met(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    (void)decide(&r, first.id, ACTION_REJECT);
    struct campaign_watch *w = r.d.campaigns;
    r.d.campaigns = NULL;
    (void)say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    (void)say(&r, OTHER);
    assert_int_equal(room_detail(&r, 6).card.comment.state, COMMENT_PUBLISHED);
    room_must_decide(&r, 7, ACTION_FEATURE); /* somebody has decided on this one */
    r.d.campaigns = w;
    r.clock.now_s += 2;
    look(&r);
    struct queue_detail detail = room_detail(&r, 6);
    assert_int_equal(detail.card.comment.state, COMMENT_REJECTED);
    assert_int_equal(detail.card.campaign.v, first.id.v);
    assert_int_equal(detail.n_decisions, 1);
    assert_true(str_begins(detail.decisions[0].rule, STR("campaign:")));
    assert_str(detail.decisions[0].reason, "hate");
    assert_int_equal(room_detail(&r, 7).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 8).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(say(&r, PASSAGE).state, COMMENT_REJECTED);
    struct back_call back = {&r, &r.senior, first.id, 0};
    room_must_write(&r, back_call_work, &back);
    (void)room_batch_run(&r, back.batch);
    assert_int_equal(room_detail(&r, 6).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 9).card.comment.state, COMMENT_PUBLISHED);
    close(&r);
}

/* One step of the server's job, which may fail. */
static bool look_once(struct room *r)
{
    struct look_call c = {.r = r};
    struct store_call store = {.r = r};
    struct err e;
    return room_read(r, look_call_work, &c, &e) &&
           (!c.look.has_found || room_write(r, store_call_work, &store, &e));
}

/* Another node stores a comment that this one has not met. */
static int64_t say_elsewhere(struct room *r, const char *words)
{
    struct campaign_watch *w = r->d.campaigns;
    r->d.campaigns = NULL;
    int64_t number = say(r, words).number;
    r->d.campaigns = w;
    r->clock.now_s += 2;
    return number;
}

/* Wherever a database call fails, or its COMMIT is not answered. */
static void what_was_found_is_kept_until_it_is_stored(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    (void)decide(&r, first.id, ACTION_REJECT);
    bool is_stored = false;
    for (int64_t n = 1; !is_stored; n++) {
        int64_t number = say_elsewhere(&r, PASSAGE);
        r.f.fault.calls_left = n;
        is_stored = look_once(&r);
        assert_true(is_stored != (r.f.fault.calls_left == 0));
        r.f.fault.calls_left = 0;
        look(&r);
        assert_int_equal(room_detail(&r, number).card.comment.state, COMMENT_REJECTED);
        assert_int_equal(room_detail(&r, number).card.campaign.v, first.id.v);
        assert_true(n < 100);
    }
    int64_t number = say_elsewhere(&r, PASSAGE);
    r.f.fault.is_late = true;
    r.f.fault.kind = ERR_UNKNOWN;
    r.f.fault.calls_left = 1;
    assert_false(look_once(&r));
    look(&r);
    assert_int_equal(room_detail(&r, number).n_decisions, 1);
    /* The author has changed it meanwhile: what was found says nothing of the words of now. */
    number = say_elsewhere(&r, PASSAGE);
    struct look_call found = {.r = &r};
    room_must_read(&r, look_call_work, &found);
    assert_true(found.look.has_found);
    struct comment_id id = comment_id_of(r.article, number);
    struct comment edited = {.id = id, .commenter = room_detail(&r, number).card.comment.commenter};
    struct err e;
    assert_true(room_edit(&r, &edited, OTHER, &e));
    look(&r);
    assert_int_equal(room_detail(&r, number).card.comment.state, COMMENT_PUBLISHED);
    close(&r);
}

static void an_alert_is_raised_though_storing_it_failed(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    (void)say_elsewhere(&r, PASSAGE);
    struct look_call found = {.r = &r};
    struct store_call store = {.r = &r};
    struct err e;
    room_must_read(&r, look_call_work, &found);
    r.f.fault.calls_left = 1;
    assert_false(room_write(&r, store_call_work, &store, &e));
    look(&r);
    assert_int_equal(undecided(&r), 1);
    close(&r);
}

/* It was stored, and the program ended before it was met: for however long. */
static void a_start_makes_up_for_what_was_not_met(void **state)
{
    (void)state;
    static struct room r;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    int64_t before = say_elsewhere(&r, PASSAGE);
    r.clock.now_s += 60;
    (void)decide(&r, first.id, ACTION_REJECT);
    r.clock.now_s += 60;
    int64_t missed = say_elsewhere(&r, PASSAGE), seen = say_elsewhere(&r, PASSAGE);
    room_must_decide(&r, seen, ACTION_FEATURE);
    int64_t other = say_elsewhere(&r, OTHER), last = say_elsewhere(&r, PASSAGE);
    r.clock.now_s += 3600;
    start(&r);
    assert_int_equal(room_detail(&r, before).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, missed).card.comment.state, COMMENT_REJECTED);
    assert_int_equal(room_detail(&r, seen).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, other).card.comment.state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, last).card.comment.state, COMMENT_REJECTED);
    /* One that somebody publishes afterwards stays so. */
    room_must_decide(&r, missed, ACTION_PUBLISH);
    start(&r);
    assert_int_equal(room_detail(&r, missed).card.comment.state, COMMENT_PUBLISHED);
    close(&r);
}

/* Few shingles are left of it; but half of its words are the campaign's. */
static void a_copy_that_was_changed_much_is_known_by_its_words(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.d.campaigns = campaign_watch_new(64, hash_of(STR("how alike they are is an estimate")));
    look(&r);
    struct comment first = say(&r, PASSAGE);
    for (int i = 0; i < 4; i++)
        (void)say(&r, PASSAGE);
    assert_int_equal(say(&r, REWORDED).state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(&r, 6).card.campaign.v, 0); /* nobody has decided */
    (void)decide(&r, first.id, ACTION_REJECT);
    assert_int_equal(say(&r, QUOTED).state, COMMENT_PUBLISHED);
    struct comment late = say(&r, REWORDED);
    assert_int_equal(late.state, COMMENT_REJECTED);
    assert_int_equal(room_detail(&r, 8).card.campaign.v, first.id.v);
    close(&r);
}

/* A server that nobody writes to holds nothing. */
static void only_what_is_wanted_is_read(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.d.campaigns = campaign_watch_new(64, r.d.secret);
    assert_false(campaign_watch_is_wanted(r.d.campaigns));
    (void)say(&r, PASSAGE);
    assert_true(campaign_watch_is_wanted(r.d.campaigns));
    assert_false(campaign_watch_is_ready(r.d.campaigns));
    look(&r);
    (void)say(&r, PASSAGE);
    int64_t first = room_detail(&r, 1).card.campaign.v;
    assert_int_equal(first, room_detail(&r, 1).card.comment.id.v);
    assert_int_equal(room_detail(&r, 2).card.campaign.v, first);
    close(&r);
}

static void an_older_name_is_not_taken_again(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    open(&r, MODE_OPEN);
    struct comment first = say(&r, PASSAGE);
    (void)say(&r, PASSAGE);
    (void)decide(&r, first.id, ACTION_PUBLISH);
    r.clock.now_s += 5;
    /* Its first comment leaves for other words, of which a campaign begins that is another. */
    assert_true(room_edit(&r, &first, OTHER, &e));
    (void)say(&r, OTHER);
    int64_t name = room_detail(&r, 3).card.campaign.v;
    assert_true(name != 0 && name != first.id.v);
    assert_int_equal(room_detail(&r, 1).card.campaign.v, name);
    assert_int_equal(room_detail(&r, 2).card.campaign.v, first.id.v);
    (void)say(&r, PASSAGE);
    assert_int_equal(room_detail(&r, 4).card.campaign.v, first.id.v);
    close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_gathered_and_told_of),
        cmocka_unit_test(one_decision_is_for_all_and_those_to_come),
        cmocka_unit_test(copies_that_come_while_the_team_decides_are_decided_on),
        cmocka_unit_test(a_batch_that_is_taken_back_ends_what_it_decided),
        cmocka_unit_test(what_was_carried_on_is_taken_back_as_well),
        cmocka_unit_test(each_action_is_carried_on),
        cmocka_unit_test(what_is_like_something_rejected_waits),
        cmocka_unit_test(withdrawn_words_are_forgotten),
        cmocka_unit_test(what_is_not_stored_leaves_nothing),
        cmocka_unit_test(a_start_remembers),
        cmocka_unit_test(what_comes_meanwhile_is_found),
        cmocka_unit_test(what_was_decided_is_done_to_those_that_were_not_met),
        cmocka_unit_test(what_was_found_is_kept_until_it_is_stored),
        cmocka_unit_test(an_alert_is_raised_though_storing_it_failed),
        cmocka_unit_test(a_start_makes_up_for_what_was_not_met),
        cmocka_unit_test(a_copy_that_was_changed_much_is_known_by_its_words),
        cmocka_unit_test(only_what_is_wanted_is_read),
        cmocka_unit_test(an_older_name_is_not_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
