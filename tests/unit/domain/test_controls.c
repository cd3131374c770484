/* Conversation controls: who may set what, and what it does to those who write. */
#include "domain/controls.h"

#include "domain/ledger_read.h"
#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(set_call, const struct actor *actor; struct conversation_control control;
     , conversation_control_set(d, tx, c->actor, c->r->article, &c->control, e))
CALL(about_call, struct conversation_about about;
     , conversation_about_get(d, tx, c->r->article, &c->about, e))
CALL(talk_call, struct str lang; struct conversation_talk talk;
     , conversation_talk_get(d, tx, c->r->article, c->lang, &c->talk, e))
CALL(wait_call, struct thread thread; struct commenter_id who; int64_t wait_s;
     , conversation_wait(d, tx, &c->thread, &c->who, &c->wait_s, e))
CALL(hold_call, const struct actor *actor; bool holds;, site_hold_set(d, tx, c->actor, c->holds, e))
CALL(mode_call, const struct actor *actor; int64_t mode;
     , site_new_mode_set(d, tx, c->actor, c->mode, e))
CALL(site_call, struct site_controls site;, site_controls_get(d, tx, &c->site, e))

static void must_set(struct room *r, struct conversation_control control)
{
    struct set_call c = {.r = r, .actor = &r->senior, .control = control};
    room_must_write(r, set_call_work, &c);
}

static void refuse(struct room *r, const struct actor *actor, struct conversation_control control,
                   enum err_kind kind)
{
    struct set_call c = {.r = r, .actor = actor, .control = control};
    struct err e;
    assert_false(room_write(r, set_call_work, &c, &e));
    assert_int_equal(e.kind, kind);
}

static struct conversation_talk talk_in(struct room *r, const char *lang)
{
    struct talk_call c = {.r = r, .lang = str_of(lang)};
    room_must_read(r, talk_call_work, &c);
    return c.talk;
}

static void hold_all(struct room *r, bool holds)
{
    struct hold_call c = {.r = r, .actor = &r->administrator, .holds = holds};
    room_must_write(r, hold_call_work, &c);
}

/* Entries of the ledger of one kind. */
static bool ledger_count(const struct domain *d, struct tx *tx, struct str kind, size_t *ret_n,
                         struct err *e)
{
    struct copy_ledger_get_in in = {d->site.id.v, -1, 100};
    struct copy_ledger_get_out *rows;
    size_t n;
    if (!sql_copy_ledger_get(tx, &in, &rows, &n, e))
        return false;
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        *ret_n += str_eq(rows[i].kind, kind);
    return true;
}
CALL(ledger_call, struct str kind; size_t n;, ledger_count(d, tx, c->kind, &c->n, e))

static size_t entries(struct room *r, const char *kind)
{
    struct ledger_call c = {.r = r, .kind = str_of(kind)};
    room_must_read(r, ledger_call_work, &c);
    return c.n;
}

static void all_is_set_and_told(void **state)
{
    (void)state;
    static struct room r;
    static const struct conversation_message messages[] = {{STR_INIT(""), STR_INIT(" For all. ")},
                                                           {STR_INIT("ru"), STR_INIT("Для всех.")},
                                                           {STR_INIT("kk"), STR_INIT("")}};
    room_open(&r, MODE_OPEN);
    must_set(&r, (struct conversation_control){MODE_FIRST, r.clock.now_s + 60, 300, messages, 3});
    struct about_call c = {.r = &r};
    room_must_read(&r, about_call_work, &c);
    const struct conversation_control *now = &c.about.control;
    assert_int_equal(now->mode, MODE_FIRST);
    assert_int_equal(now->closes_s, r.clock.now_s + 60);
    assert_int_equal(now->slow_s, 300);
    assert_int_equal(now->n_messages, 4); /* for all, en, ru, kk */
    assert_true(str_eq(now->messages[0].text, STR("For all.")));
    assert_int_equal(now->messages[1].text.n, 0);
    assert_true(str_eq(talk_in(&r, "ru").message, STR("Для всех.")));
    assert_true(str_eq(talk_in(&r, "kk").message, STR("For all.")));
    assert_true(str_eq(talk_in(&r, "en").message, STR("For all.")));
    assert_int_equal(talk_in(&r, "en").thread.slow_s, 300);
    int64_t rev = talk_in(&r, "en").thread.rev;
    must_set(&r, (struct conversation_control){.mode = MODE_OPEN});
    assert_int_equal(talk_in(&r, "ru").message.n, 0);
    assert_true(talk_in(&r, "ru").thread.rev > rev);
    assert_int_equal(entries(&r, "conversation"), 2);
    room_check(&r);
    room_close(&r);
}

static void what_cannot_be_set(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct arena *a = r.f.arena;
    struct conversation_control good = {.mode = MODE_HELD};
    struct conversation_message long_one = {STR("en"), STR_NONE};
    struct conversation_message strange = {STR("de"), STR("Guten Tag")};
    struct conversation_message broken = {STR("en"), STR("a\x01")};
    struct buf b = buf_in(a, 2000);
    for (int i = 0; i <= CONVERSATION_MESSAGE_CHARS_MAX; i++)
        buf_put(&b, STR("ә"));
    refuse(&r, &r.moderator, good, ERR_DENIED);
    good.mode = (enum mode)4;
    refuse(&r, &r.senior, good, ERR_INVALID);
    good = (struct conversation_control){.closes_s = -1};
    refuse(&r, &r.senior, good, ERR_INVALID);
    good = (struct conversation_control){.slow_s = 86401};
    refuse(&r, &r.senior, good, ERR_INVALID);
    good = (struct conversation_control){.messages = &strange, .n_messages = 1};
    refuse(&r, &r.senior, good, ERR_INVALID);
    good.messages = &broken;
    refuse(&r, &r.senior, good, ERR_INVALID);
    long_one.text = buf_str(&b);
    good.messages = &long_one;
    refuse(&r, &r.senior, good, ERR_INVALID);
    long_one.text = str_head(long_one.text, long_one.text.n - 2);
    must_set(&r, good);
    assert_int_equal(talk_in(&r, "en").message.n, 1000);
    assert_int_equal(entries(&r, "conversation"), 1);
    room_close(&r);
}

static int64_t wait_of(struct room *r, const struct commenter_id *who)
{
    struct wait_call c = {.r = r, .thread = talk_in(r, "en").thread, .who = *who};
    room_must_read(r, wait_call_work, &c);
    return c.wait_s;
}

static void slow_mode_spaces_one_commenter(void **state)
{
    (void)state;
    static struct room r;
    struct comment_added added;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment first = room_say(&r, 0, NULL);
    must_set(&r, (struct conversation_control){.mode = MODE_OPEN, .slow_s = 300});
    assert_int_equal(wait_of(&r, &first.commenter), 300);
    assert_false(room_add(&r, 0, &first.commenter, "Too early.", &added, &e));
    assert_int_equal(e.kind, ERR_TOO_MANY);
    assert_int_equal(e.say, T_COMMENT_SLOW);
    struct comment other = room_say(&r, 0, NULL); /* somebody else */
    assert_true(room_edit(&r, &first, "An edit is no comment.", &e));
    r.clock.now_s += 299;
    assert_int_equal(wait_of(&r, &first.commenter), 1);
    assert_false(room_add(&r, 0, &first.commenter, "Too early.", &added, &e));
    r.clock.now_s += 1;
    assert_int_equal(wait_of(&r, &first.commenter), 0);
    assert_true(room_add(&r, other.number, &first.commenter, "In time.", &added, &e));
    assert_false(room_add(&r, 0, &first.commenter, "Too early again.", &added, &e));
    must_set(&r, (struct conversation_control){.mode = MODE_OPEN});
    assert_true(room_add(&r, 0, &first.commenter, "Switched off.", &added, &e));
    room_check(&r);
    room_close(&r);
}

static void one_switch_holds_everything(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    struct hold_call refused = {.r = &r, .actor = &r.senior, .holds = true};
    room_open(&r, MODE_OPEN);
    struct comment before = room_say(&r, 0, NULL);
    assert_false(room_write(&r, hold_call_work, &refused, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    hold_all(&r, true);
    assert_true(talk_in(&r, "en").thread.holds_all);
    struct comment held = room_say(&r, 0, &before.commenter);
    assert_int_equal(held.state, COMMENT_HELD);
    assert_true(str_eq(room_detail(&r, held.number).card.rule, STR("site:held")));
    assert_true(room_edit(&r, &before, "Other words while all is held.", &e));
    assert_int_equal(room_comment(&r, before.number, &before.commenter).state, COMMENT_HELD);
    hold_all(&r, true); /* it stands so: nobody is told twice */
    struct site_call site = {.r = &r};
    room_must_read(&r, site_call_work, &site);
    assert_int_equal(site.site.holds_all.value, 1);
    assert_int_equal(site.site.holds_all.changed_s, r.clock.now_s);
    assert_int_equal(site.site.new_mode.value, NEW_MODE_OF_SETTINGS);
    hold_all(&r, false);
    assert_int_equal(room_say(&r, 0, &before.commenter).state, COMMENT_PUBLISHED);
    assert_int_equal(entries(&r, "control"), 2);
    room_check(&r);
    room_close(&r);
}

static enum mode mode_of_new(struct room *r, const char *key)
{
    struct edition ed = room_edition(key, "en", key);
    room_save(r, &ed, NULL);
    struct thread_id reservoir = r->article;
    struct thread t;
    r->article.v = reservoir.v + 1;
    for (t = room_thread(r); t.placed; r->article.v++)
        t = room_thread(r);
    r->article = reservoir;
    return t.mode;
}

static void new_articles_follow_the_site(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct mode_call c = {.r = &r, .actor = &r.administrator, .mode = MODE_HELD};
    room_must_write(&r, mode_call_work, &c);
    assert_int_equal(mode_of_new(&r, "new-one"), MODE_HELD);
    assert_int_equal(room_thread(&r).mode, MODE_OPEN); /* what exists stays */
    c.mode = 4;
    assert_false(room_write(&r, mode_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    c.mode = NEW_MODE_OF_SETTINGS;
    room_must_write(&r, mode_call_work, &c);
    struct site_call site = {.r = &r};
    room_must_read(&r, site_call_work, &site);
    assert_int_equal(site.site.new_mode.value, NEW_MODE_OF_SETTINGS);
    room_check(&r);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_set_and_told),
        cmocka_unit_test(what_cannot_be_set),
        cmocka_unit_test(slow_mode_spaces_one_commenter),
        cmocka_unit_test(one_switch_holds_everything),
        cmocka_unit_test(new_articles_follow_the_site),
    };
    return RUN_TESTS(tests);
}
