#include <unistd.h>

#include "domain/path.h"
#include "tests/unit/domain/room.h"

static int open_with(void **state, enum mode mode)
{
    struct room *r = malloc(sizeof *r);
    room_open(r, mode);
    *state = r;
    return 0;
}
static int open_open(void **state)
{
    return open_with(state, MODE_OPEN);
}
static int open_first(void **state)
{
    return open_with(state, MODE_FIRST);
}
static int open_held(void **state)
{
    return open_with(state, MODE_HELD);
}
static int close_room(void **state)
{
    struct room *r = *state;
    room_check(r);
    room_close(r);
    free(r);
    return 0;
}

CALL(add_call, struct comment_draft draft; struct comment_added added;
     , room_post(d, tx, &c->draft, &c->added, e))
CALL(newest_call, struct comment_id id; struct decision decision; bool found;
     , decision_newest(d, tx, c->id, &c->decision, &c->found, e))
CALL(commenter_call, struct hash key; struct commenter_id who; bool found;
     , commenter_find(d, tx, &c->who, c->key, &c->found, e))
CALL(edit_call, struct comment_id id; struct commenter_id who; const char *text;
     , room_rewrite(d, tx, &(struct own_comment){c->id, &c->who}, str_of(c->text), e))
CALL(withdraw_call, struct comment_id id; struct commenter_id who;
     , comment_withdraw(d, tx, c->id, &c->who, e))
CALL(queue_call, struct queue_query q; struct queue_page page;
     , queue_get(d, tx, &c->q, &c->page, e))
CALL(feed_call, struct comment_page page;, comment_newest(d, tx, c->r->article, 20, &c->page, e))
CALL(rate_call, struct hash rater; bool likes; int answer;
     , rating_set(d, tx, c->r->article, c->rater, c->likes, e) &&
           rating_get(d, tx, c->r->article, c->rater, &c->answer, e))

static struct comment_draft draft_of(struct room *r, const char *text, uint8_t idem)
{
    struct comment_draft draft = {.thread = r->article,
                                  .lang = STR("en"),
                                  .name = STR("Gulnara"),
                                  .text = str_of(text),
                                  .idem = {idem},
                                  .new_key_hash = {{idem, 1}}};
    return draft;
}

static void words_are_kept_byte_for_byte(void **state)
{
    struct room *r = *state;
    static const char text[] =
        "  \tҚайырлы таң!\r\n\r\n  е\u0301  <b>&amp;</b> \u202Eabc\u202C  \n";
    struct comment_added added;
    struct err e;
    assert_true(room_add(r, 0, NULL, text, &added, &e));
    struct comment c = room_comment(r, added.comment.number, NULL);
    assert_str(c.text, text);
    assert_int_equal(c.number, 1);
    assert_int_equal(c.depth, 1);
    assert_int_equal(c.state, COMMENT_PUBLISHED);
    assert_true(c.placed);
    assert_int_equal(c.created_s, ROOM_NOW_S);
    assert_str(c.lang, "kk");
    struct thread t = room_thread(r);
    assert_int_equal(t.placed, 1);
    assert_int_equal(t.held, 0);
}

static void a_repeated_form_is_one_comment(void **state)
{
    struct room *r = *state;
    struct add_call first = {.r = r, .draft = draft_of(r, "Once.", 9)};
    struct add_call again = first;
    room_must_write(r, add_call_work, &first);
    assert_true(first.added.is_new_commenter);
    assert_false(first.added.is_repeat);
    int64_t rev = room_thread(r).rev;
    room_must_write(r, add_call_work, &again);
    assert_true(again.added.is_repeat);
    assert_true(again.added.is_new_commenter); /* the same edit key came again */
    assert_int_equal(again.added.comment.id.v, first.added.comment.id.v);
    assert_int_equal(room_thread(r).rev, rev);
    assert_int_equal(room_thread(r).placed, 1);
    /* Other words with the same key: what was stored first counts. */
    again.draft.text = STR("Twice?");
    room_must_write(r, add_call_work, &again);
    assert_str(again.added.comment.text, "Once.");
    /* Also after the conversation was closed. */
    struct conversation_wish wish = {.has_mode = true, .mode = MODE_CLOSED};
    struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    ed.source = hash_of(STR("closed"));
    room_save(r, &ed, &wish);
    room_must_write(r, add_call_work, &again);
    assert_true(again.added.is_repeat);
}

static void the_same_words_are_refused(void **state)
{
    struct room *r = *state;
    struct comment_added added;
    struct err e;
    assert_true(room_add(r, 0, NULL, "Vote for the blue party!", &added, &e));
    assert_false(room_add(r, 0, NULL, "vote  FOR the blue party", &added, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_COMMENT_REPEATED);
    assert_true(room_add(r, 0, NULL, "Vote for the red party!", &added, &e));
    /* Without any words the marks count. */
    assert_true(room_add(r, 0, NULL, "!!!", &added, &e));
    assert_true(room_add(r, 0, NULL, "???", &added, &e));
    assert_false(room_add(r, 0, NULL, "!!!", &added, &e));
    r->clock.now_s += r->settings.comments_repeat_hours * 3600 + 1;
    assert_true(room_add(r, 0, NULL, "Vote for the blue party!", &added, &e));
    r->settings.comments_repeat_hours = 0;
    assert_true(room_add(r, 0, NULL, "Vote for the blue party!", &added, &e));
}

static void names_are_checked(void **state)
{
    struct room *r = *state;
    static const struct {
        const char *name;
        int say;
    } rows[] = {
        {"Steppe Herald", T_NAME_IMITATION},
        {"STEPPE  HERALD", T_NAME_IMITATION},
        {"Aigerim Sadykova", T_NAME_IMITATION},
        {"\u0410igerim Sadykova", 0},
        {"NORTHWIRE", T_NAME_IMITATION},
        {"", T_NAME_EMPTY},
        {"a\u202Eb", T_NAME_CONTROLS},
        {"a\nb", T_NAME_CONTROLS},
        {"a\u0301\u0301\u0301\u0301", T_NAME_MARKS},
        {"P\u0430ul", T_NAME_SCRIPTS},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct add_call c = {.r = r, .draft = draft_of(r, "Words.", (uint8_t)(i + 1))};
        c.draft.name = str_of(rows[i].name);
        struct err e;
        assert_false(room_write(r, add_call_work, &c, &e));
        assert_int_equal(e.kind, ERR_INVALID);
        if (rows[i].say)
            assert_int_equal(e.say, rows[i].say);
    }
    struct add_call c = {.r = r, .draft = draft_of(r, "Words.", 99)};
    c.draft.name = STR("Нұрсұлтан Өмірзақ");
    room_must_write(r, add_call_work, &c);
}

static void replies_need_a_place(void **state)
{
    struct room *r = *state;
    struct comment_added added;
    struct err e;
    struct comment c = room_say(r, 0, NULL); /* held */
    assert_int_equal(c.state, COMMENT_HELD);
    assert_false(room_add(r, c.number, NULL, "To a held one.", &added, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_int_equal(e.say, T_COMMENT_PARENT_GONE);
    assert_false(room_add(r, c.number, &c.commenter, "To my own held one.", &added, &e));
    static const int64_t none[] = {-1, 2, 3, COMMENT_NUMBER_MAX, COMMENT_NUMBER_MAX + 1, INT64_MAX};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        assert_false(room_add(r, none[i], NULL, "To nothing.", &added, &e));
        assert_int_equal(e.kind, ERR_MISSING);
    }
    room_must_decide(r, c.number, ACTION_PUBLISH);
    assert_true(room_add(r, c.number, NULL, "To a public one.", &added, &e));
    assert_int_equal(added.comment.depth, 2);
    assert_int_equal(added.comment.parent.v, c.id.v);
    assert_str(added.comment.parent_name, "Saparbek");
    /* Withdrawn, it keeps its place and can be answered; its name is not shown. */
    room_must_decide(r, c.number, ACTION_WITHDRAW);
    assert_true(room_add(r, c.number, NULL, "To a withdrawn one.", &added, &e));
    assert_int_equal(added.comment.parent_name.n, 0);
    struct thread_id other = {r->article.v + 1};
    struct add_call call = {.r = r, .draft = draft_of(r, "Nowhere.", 200)};
    call.draft.thread = other;
    assert_false(room_write(r, add_call_work, &call, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

static void the_deepest_stand_beside_each_other(void **state)
{
    struct room *r = *state;
    int64_t last = 0;
    struct comment c = {.depth = 0};
    for (int depth = 1; depth <= COMMENT_DEPTH_MAX; depth++) {
        c = room_say(r, last, NULL);
        assert_int_equal(c.depth, depth);
        last = c.number;
    }
    struct comment beside = room_say(r, c.number, NULL);
    struct comment after = room_say(r, beside.number, NULL);
    assert_int_equal(beside.depth, COMMENT_DEPTH_MAX);
    assert_int_equal(beside.parent.v, c.id.v);
    assert_int_equal(after.parent.v, beside.id.v);
    assert_true(str_cmp(c.path, beside.path) < 0 && str_cmp(beside.path, after.path) < 0);
}

static void modes_hold(void **state)
{
    struct room *r = *state;
    int64_t rev = room_thread(r).rev;
    struct comment c = room_say(r, 0, NULL);
    assert_int_equal(c.state, COMMENT_HELD);
    assert_false(c.placed);
    struct thread t = room_thread(r);
    assert_int_equal(t.placed, 0);
    assert_int_equal(t.held, 1);
    assert_int_equal(t.rev, rev); /* nobody's page changed */
    struct newest_call n = {.r = r, .id = c.id};
    room_must_read(r, newest_call_work, &n);
    assert_true(n.found);
    assert_str(n.decision.rule, "mode:held");
    assert_int_equal(n.decision.action, ACTION_HOLD);
    room_must_decide(r, c.number, ACTION_PUBLISH);
    assert_true(room_thread(r).rev > rev);
    struct comment second = room_say(r, 0, &c.commenter);
    assert_int_equal(second.state, COMMENT_HELD);
}

static void the_first_comments_are_held(void **state)
{
    struct room *r = *state;
    assert_int_equal(r->settings.comments_first_n, 2);
    struct comment one = room_say(r, 0, NULL);
    struct comment two = room_say(r, 0, &one.commenter);
    assert_int_equal(one.state, COMMENT_HELD);
    assert_int_equal(two.state, COMMENT_HELD);
    room_must_decide(r, one.number, ACTION_PUBLISH);
    struct comment three = room_say(r, 0, &one.commenter);
    assert_int_equal(three.state, COMMENT_HELD);
    room_must_decide(r, two.number, ACTION_PUBLISH);
    struct comment four = room_say(r, 0, &one.commenter);
    assert_int_equal(four.state, COMMENT_PUBLISHED);
    /* What was published by the mode is no approval; a decision taken back is none either. */
    room_must_decide(r, two.number, ACTION_REJECT);
    struct comment five = room_say(r, 0, &one.commenter);
    assert_int_equal(five.state, COMMENT_HELD);
    assert_int_equal(room_say(r, 0, NULL).state, COMMENT_HELD);
}

static void closed_takes_nothing(void **state)
{
    struct room *r = *state;
    struct conversation_wish wish = {.closes_s = ROOM_NOW_S + 100};
    struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    ed.source = hash_of(STR("closing"));
    assert_int_equal(room_save(r, &ed, &wish), SAVED_CHANGED);
    struct comment c = room_say(r, 0, NULL);
    r->clock.now_s = ROOM_NOW_S + 99;
    room_say(r, 0, NULL);
    r->clock.now_s = ROOM_NOW_S + 100;
    struct comment_added added;
    struct err e;
    assert_false(room_add(r, 0, NULL, "Too late.", &added, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_int_equal(e.say, T_COMMENT_CLOSED);
    assert_false(room_edit(r, &c, "Changed too late.", &e));
    assert_int_equal(e.say, T_COMMENT_CLOSED);
    assert_true(room_withdraw(r, &c, &e)); /* taking back is always possible */
}

static void held_is_for_its_author_only(void **state)
{
    struct room *r = *state;
    struct comment c = room_say(r, 0, NULL);
    struct commenter_id other = {{1, 2, 3}};
    struct page_query q = {.thread = r->article, .max = 10};
    assert_int_equal(room_page(r, &q).n, 0);
    q.viewer = &other;
    assert_int_equal(room_page(r, &q).n, 0);
    q.viewer = &c.commenter;
    struct comment_page page = room_page(r, &q);
    assert_int_equal(page.n, 1);
    assert_true(page.comments[0].text.n > 0);
    struct feed_call feed = {.r = r};
    room_must_read(r, feed_call_work, &feed);
    assert_int_equal(feed.page.n, 0);
    struct queue_call queue = {.r = r, .q = {.filter = {.which = QUEUE_HELD}, .max = 5}};
    room_must_read(r, queue_call_work, &queue);
    assert_int_equal(queue.page.n, 1);
    assert_str(queue.page.cards[0].article_slug, "the-reservoir-that-came-back");
    assert_str(queue.page.cards[0].rule, "mode:held");

    /* Rejected: the author still sees it, and why. */
    room_must_decide(r, c.number, ACTION_REJECT);
    page = room_page(r, &q);
    assert_int_equal(page.n, 1);
    assert_int_equal(page.comments[0].state, COMMENT_REJECTED);
    assert_true(page.comments[0].text.n > 0);
    struct newest_call n = {.r = r, .id = c.id};
    room_must_read(r, newest_call_work, &n);
    assert_str(n.decision.reason, "insult");
    q.viewer = NULL;
    assert_int_equal(room_page(r, &q).n, 0);
    /* Withdrawn before it was ever public: it is gone for everybody. */
    struct err e;
    assert_true(room_withdraw(r, &c, &e));
    q.viewer = &c.commenter;
    assert_int_equal(room_page(r, &q).n, 0);
}

static void authors_edit_within_their_time(void **state)
{
    struct room *r = *state;
    struct err e;
    struct comment c = room_say(r, 0, NULL);
    int64_t rev = room_thread(r).rev;
    assert_true(room_edit(r, &c, "Better words.", &e));
    struct comment after = room_comment(r, c.number, NULL);
    assert_str(after.text, "Better words.");
    assert_int_equal(after.edited_s, ROOM_NOW_S);
    assert_true(room_thread(r).rev > rev);
    assert_true(room_edit(r, &c, "Still better words.", &e));
    assert_int_equal(room_comment(r, c.number, NULL).edited_s, ROOM_NOW_S + 1);
    rev = room_thread(r).rev;
    assert_true(room_edit(r, &c, "Still better words.", &e)); /* nothing to do */
    assert_int_equal(room_thread(r).rev, rev);

    struct comment other = room_say(r, 0, NULL);
    assert_false(room_edit(r, &other, "still BETTER words", &e));
    assert_int_equal(e.say, T_COMMENT_REPEATED);
    struct edit_call foreign = {r, c.id, other.commenter, "Not mine."};
    assert_false(room_write(r, edit_call_work, &foreign, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    r->clock.now_s += r->settings.comments_edit_minutes * 60 - 1;
    assert_true(room_edit(r, &c, "At the last moment.", &e));
    r->clock.now_s += 1;
    assert_false(room_edit(r, &c, "After it.", &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_int_equal(e.say, T_COMMENT_EDIT_LATE);
}

static void an_edit_is_held_again(void **state)
{
    struct room *r = *state;
    struct err e;
    struct comment c = room_say(r, 0, NULL);
    r->clock.now_s += 100000;
    assert_true(room_edit(r, &c, "Held ones can be edited at any time.", &e));
    assert_int_equal(room_thread(r).held, 1);
    /* Who decides about other words than are there now decides about nothing. */
    struct decide decide = {.comment = c.id, .action = ACTION_PUBLISH, .expected = COMMENT_HELD};
    assert_false(room_decide(r, &r->moderator, decide, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    r->clock.now_s = ROOM_NOW_S + 100;
    room_must_decide(r, c.number, ACTION_PUBLISH);
    assert_true(room_edit(r, &c, "Buy my watches.", &e));
    struct comment seen = room_comment(r, c.number, NULL);
    assert_int_equal(seen.state, COMMENT_HELD);
    assert_true(seen.placed);
    assert_int_equal(seen.text.n + seen.name.n, 0);
    struct thread t = room_thread(r);
    assert_int_equal(t.placed, 1);
    assert_int_equal(t.held, 1);
    struct feed_call feed = {.r = r};
    room_must_read(r, feed_call_work, &feed);
    assert_int_equal(feed.page.n, 0);
    assert_str(room_comment(r, c.number, &c.commenter).text, "Buy my watches.");
}

static void withdrawing_erases(void **state)
{
    struct room *r = *state;
    struct err e;
    struct comment_added added;
    assert_true(room_add(r, 0, NULL, "I should not have said that.", &added, &e));
    struct comment c = added.comment;
    struct comment reply = room_say(r, c.number, NULL);
    struct withdraw_call foreign = {r, c.id, reply.commenter};
    assert_false(room_write(r, withdraw_call_work, &foreign, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_true(room_withdraw(r, &c, &e));
    struct comment seen = room_comment(r, c.number, &c.commenter);
    assert_int_equal(seen.state, COMMENT_WITHDRAWN);
    assert_int_equal(seen.withdrawn_by, BY_AUTHOR);
    assert_int_equal(seen.text.n + seen.name.n, 0);
    assert_str(seen.lang, "en");
    assert_int_equal(room_thread(r).placed, 2);
    assert_int_equal(room_comment(r, reply.number, NULL).parent_name.n, 0);
    assert_false(room_withdraw(r, &c, &e));
    assert_false(room_edit(r, &c, "Back again.", &e));
    assert_int_equal(e.kind, ERR_DENIED);
    /* The words may be said again: nothing remembers them. */
    assert_true(room_add(r, 0, NULL, "I should not have said that.", &added, &e));
    struct withdraw_call none = {r, comment_id_of(r->article, 99), c.commenter};
    assert_false(room_write(r, withdraw_call_work, &none, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

/* Deleted means gone: from the table, the indexes and the write-ahead log. */
static void withdrawn_words_leave_the_files(void **state)
{
    struct room *r = *state;
    static const char *const files[] = {"", "-wal"};
    struct comment_added added[2];
    struct err e;
    for (int i = 0; i < 2; i++) {
        struct add_call c = {.r = r, .draft = draft_of(r, i ? "stays-here" : "goes-away", i + 1)};
        c.draft.name = i ? STR("Staying") : STR("Leaving");
        room_must_write(r, add_call_work, &c);
        added[i] = c.added;
    }
    assert_true(room_withdraw(r, &added[0].comment, &e));
    if (fixture_is_postgres())
        return;
    db_scrub(r->f.db);
    for (int i = 0; i < 300 && db_is_scrubbing(r->f.db); i++)
        (void)usleep(100000);
    assert_false(db_is_scrubbing(r->f.db));
    size_t kept = 0;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct str bytes = fixture_file(&r->f, files[i]);
        assert_true(str_find(bytes, STR("goes-away")) < 0);
        assert_true(str_find(bytes, STR("Leaving")) < 0);
        kept += str_find(bytes, STR("stays-here")) >= 0;
    }
    assert_true(kept > 0);
}

static void guests_are_known_by_their_key(void **state)
{
    struct room *r = *state;
    struct add_call c = {.r = r, .draft = draft_of(r, "Hello.", 5)};
    room_must_write(r, add_call_work, &c);
    struct commenter_id who = c.added.comment.commenter;
    struct commenter_call known = {.r = r, .key = c.draft.new_key_hash, .who = who};
    room_must_read(r, commenter_call_work, &known);
    assert_true(known.found);
    struct commenter_call unknown = {.r = r, .key = c.draft.new_key_hash, .who = {{77}}};
    room_must_read(r, commenter_call_work, &unknown);
    assert_false(unknown.found);
    struct add_call another = {.r = r, .draft = draft_of(r, "Hello again.", 6)};
    room_must_write(r, add_call_work, &another);
    assert_true(another.added.is_new_commenter);
    struct commenter_call anothers = {.r = r, .key = another.draft.new_key_hash, .who = who};
    room_must_read(r, commenter_call_work, &anothers);
    assert_false(anothers.found);
    struct add_call nobody = {.r = r, .draft = draft_of(r, "Who am I?", 7)};
    nobody.draft.has_commenter = true;
    struct err e;
    assert_false(room_write(r, add_call_work, &nobody, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

static void new_guests_lie_together_and_are_not_guessed(void **state)
{
    struct room *r = *state;
    static const uint8_t now[] = {ROOM_NOW_S >> 32, ROOM_NOW_S >> 24 & 255, ROOM_NOW_S >> 16 & 255,
                                  ROOM_NOW_S >> 8 & 255, ROOM_NOW_S & 255};
    struct commenter_id first = room_say(r, 0, NULL).commenter;
    struct commenter_id second = room_say(r, 0, NULL).commenter;
    assert_memory_equal(first.b, now, sizeof now);
    assert_memory_equal(second.b, now, sizeof now);
    for (size_t at = sizeof now; at + 4 <= sizeof first.b; at++)
        assert_memory_not_equal(first.b + at, second.b + at, 4);
}

static void one_answer_a_reader(void **state)
{
    struct room *r = *state;
    struct rate_call c = {
        .r = r, .rater = rater_of(&r->d, r->article, STR("token")), .likes = true};
    room_must_write(r, rate_call_work, &c);
    assert_int_equal(c.answer, 1);
    int64_t rev = room_thread(r).rev;
    room_must_write(r, rate_call_work, &c);
    assert_int_equal(room_thread(r).yes, 1);
    assert_int_equal(room_thread(r).rev, rev);
    c.likes = false;
    room_must_write(r, rate_call_work, &c);
    assert_int_equal(c.answer, 0);
    assert_int_equal(room_thread(r).yes, 0);
    assert_int_equal(room_thread(r).no, 1);
    struct hash elsewhere = rater_of(&r->d, (struct thread_id){r->article.v + 1}, STR("token"));
    assert_false(hash_eq(c.rater, elsewhere));
}

CALL(import_call, struct comment_imports imports; size_t added;
     , comment_import_all(d, tx, &c->imports, &c->added, e))

static void imports_come_in_as_they_are(void **state)
{
    struct room *r = *state;
    const struct comment_import items[] = {
        {3, 0, STR("ru"), STR("Aigerim Sadykova"), STR("Ответ редакции"), COMMENT_PUBLISHED, 0,
         1000},
        {5, 3, STR(""), STR("Ермек"), STR("Рахмет!"), COMMENT_PUBLISHED, 0, 1001},
        {9, 5, STR("en"), STR("Ермек"), STR(""), COMMENT_WITHDRAWN, BY_MODERATOR, 1002},
        {10, 3, STR("en"), STR("Bot"), STR("Watches"), COMMENT_SPAM, 0, 1003},
        {11, 3, STR("en"), STR("Ann"), STR("Hm."), COMMENT_HELD, 0, 1004},
    };
    struct import_call c = {r, {STR("reservoir"), items, ARRAY_LEN(items)}, 0};
    room_must_write(r, import_call_work, &c);
    assert_int_equal(c.added, 5);
    struct thread t = room_thread(r);
    assert_int_equal(t.placed, 3);
    assert_int_equal(t.held, 1);
    assert_int_equal(room_comment(r, 9, NULL).withdrawn_by, BY_MODERATOR);
    assert_int_equal(room_comment(r, 5, NULL).created_s, 1001);
    room_must_write(r, import_call_work, &c);
    assert_int_equal(c.added, 0);
    assert_int_equal(room_say(r, 9, NULL).number, 12);
    const struct comment_import bad = {20, 10, STR("en"), STR("A"), STR("B"), COMMENT_PUBLISHED,
                                       0,  9};
    struct import_call b = {r, {STR("reservoir"), &bad, 1}, 0};
    struct err e;
    assert_false(room_write(r, import_call_work, &b, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_non_null(strstr(e.why, "20"));
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(open_open, words_are_kept_byte_for_byte),
        WITH(open_open, a_repeated_form_is_one_comment),
        WITH(open_open, the_same_words_are_refused),
        WITH(open_open, names_are_checked),
        WITH(open_held, replies_need_a_place),
        WITH(open_open, the_deepest_stand_beside_each_other),
        WITH(open_held, modes_hold),
        WITH(open_first, the_first_comments_are_held),
        WITH(open_open, closed_takes_nothing),
        WITH(open_held, held_is_for_its_author_only),
        WITH(open_open, authors_edit_within_their_time),
        WITH(open_held, an_edit_is_held_again),
        WITH(open_open, withdrawing_erases),
        WITH(open_open, withdrawn_words_leave_the_files),
        WITH(open_open, guests_are_known_by_their_key),
        WITH(open_open, new_guests_lie_together_and_are_not_guessed),
        WITH(open_open, one_answer_a_reader),
        WITH(open_open, imports_come_in_as_they_are),
    };
    return RUN_TESTS(tests);
}
