/* Reasons: the compiled list, the site's own, and that nobody rewrites what an author was told. */
#include "domain/reasons.h"

#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(list_call, struct str lang; struct reason_list list;
     , reason_list_get(d, tx, c->lang, &c->list, e))
CALL(save_call, const struct actor *actor; struct reason_plan plan; struct str key;
     , reason_save(d, tx, c->actor, &c->plan, &c->key, e))
CALL(switch_call, const struct actor *actor; struct str key; bool is_on;
     , reason_switch(d, tx, c->actor, c->key, c->is_on, e))
CALL(move_call, const struct actor *actor; struct str key; bool is_up;
     , reason_move(d, tx, c->actor, c->key, c->is_up, e))
CALL(trust_call, struct trust_change change;
     , commenter_trust_set(d, tx, &c->r->senior, &c->change, e))
CALL(batch_call, struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->r->senior, &c->plan, &c->id, e))

static struct reason_list list_in(struct room *r, const char *lang)
{
    struct list_call c = {.r = r, .lang = str_of(lang)};
    room_must_read(r, list_call_work, &c);
    return c.list;
}

static const struct reason *find(struct room *r, struct str key, const char *lang)
{
    struct reason_list list = list_in(r, lang);
    return reason_of(&list, key);
}

/* The keys in use, in their order: "insult own-1 ". */
static const char *in_use(struct room *r)
{
    static char text[1000];
    struct reason_list list = list_in(r, "en");
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list.n; i++)
        if (list.items[i].is_on)
            at += (size_t)snprintf(text + at, sizeof text - at, STR_FMT " ",
                                   STR_ARG(list.items[i].key));
    return text;
}

/* In English, and in Russian unless that is NULL. key: the one to change; NULL: a new one. */
static bool save(struct room *r, const char *key, const char *en, const char *ru,
                 struct str *ret_key, struct err *e)
{
    const struct reason_words words[] = {{STR("en"), str_of(en)},
                                         {STR("ru"), ru ? str_of(ru) : STR_NONE}};
    struct save_call c = {.r = r, .actor = &r->administrator};
    c.plan = (struct reason_plan){.name = STR("A name"), .texts = {words, ARRAY_LEN(words)}};
    if (key) {
        c.plan.key = str_of(key);
        const struct reason *old = find(r, c.plan.key, "en");
        c.plan.rev = old ? old->rev : 1;
    }
    if (!room_write(r, save_call_work, &c, e))
        return false;
    *ret_key = c.key;
    return true;
}

static struct str must_save(struct room *r, const char *key, const char *en, const char *ru)
{
    struct err e;
    struct str saved = STR_NONE;
    assert_true(save(r, key, en, ru, &saved, &e));
    return saved;
}

static void must_switch(struct room *r, const char *key, bool is_on)
{
    struct switch_call c = {r, &r->administrator, str_of(key), is_on};
    room_must_write(r, switch_call_work, &c);
}

static void must_move(struct room *r, const char *key, bool is_up)
{
    struct move_call c = {r, &r->administrator, str_of(key), is_up};
    room_must_write(r, move_call_work, &c);
}

static bool reject(struct room *r, int64_t number, const char *reason, const char *note,
                   struct err *e)
{
    return room_decide(r, &r->moderator,
                       (struct decide){.comment = comment_id_of(r->article, number),
                                       .action = ACTION_REJECT,
                                       .expected = COMMENT_PUBLISHED,
                                       .reason = str_of(reason),
                                       .note = str_of(note)},
                       e);
}

static void refuse(struct room *r, const char *reason, const char *note, int say)
{
    struct err e;
    assert_false(reject(r, room_say(r, 0, NULL).number, reason, note, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_int_equal(e.say, say);
}

static void the_compiled_list_is_the_default(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    assert_false(list_in(&r, "en").is_own);
    assert_string_equal(in_use(&r), "insult hate off-topic advertising private-data unlawful "
                                    "false-claim other ");
    assert_true(reject(&r, room_say(&r, 0, NULL).number, "insult", "", &e));
    refuse(&r, "", "", T_REASON_MISSING);
    refuse(&r, "own-1", "", T_REASON_MISSING);
    refuse(&r, "other", " ", T_NOTE_MISSING);
    room_check(&r);
    room_close(&r);
}

static void the_first_change_makes_it_the_sites_own(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct str late = must_save(&r, NULL, "It came too late.", "Слишком поздно.");
    assert_str(late, "own-1");
    assert_true(list_in(&r, "en").is_own);
    assert_string_equal(in_use(&r), "insult hate off-topic advertising private-data unlawful "
                                    "false-claim other own-1 ");
    assert_str(find(&r, late, "en")->text, "It came too late.");
    assert_str(find(&r, late, "ru")->text, "Слишком поздно.");
    assert_str(find(&r, late, "kk")->text, "It came too late.");
    assert_str(find(&r, STR("insult"), "en")->text, "");
    assert_true(reject(&r, room_say(&r, 0, NULL).number, "own-1", "", &e));
    assert_true(reject(&r, room_say(&r, 0, NULL).number, "insult", "", &e));
    refuse(&r, "other", "", T_NOTE_MISSING);
    refuse(&r, "rule-words", "", T_REASON_MISSING);
    room_check(&r);
    room_close(&r);
}

static void what_was_given_keeps_its_words(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    (void)must_save(&r, NULL, "It is late.", NULL);
    assert_str(must_save(&r, "own-1", "It came late.", NULL), "own-1"); /* nobody gave it yet */
    int64_t number = room_say(&r, 0, NULL).number;
    assert_true(reject(&r, number, "own-1", "", &e));
    assert_str(must_save(&r, "own-1", "It came much too late.", NULL), "own-2");
    assert_str(find(&r, STR("own-1"), "en")->text, "It came late.");
    assert_str(room_detail(&r, number).decisions[0].reason, "own-1");
    assert_null(strstr(in_use(&r), "own-1"));
    refuse(&r, "own-1", "", T_REASON_OUT_OF_USE);
    assert_true(reject(&r, room_say(&r, 0, NULL).number, "own-2", "", &e));

    struct str key;
    assert_false(save(&r, "own-1", "Whoever still has the old page open.", NULL, &key, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    struct reason_list list = list_in(&r, "en");
    assert_str(reason_latest(&list, STR("own-1"))->key, "own-2");

    assert_str(must_save(&r, "insult", "It is rude.", "Это грубо."), "own-3");
    assert_string_equal(in_use(&r), "own-3 hate off-topic advertising private-data unlawful "
                                    "false-claim other own-2 ");
    room_check(&r);
    room_close(&r);
}

/* What gives a reason later, or for many, counts as giving it. */
static void batches_and_bans_give_reasons_too(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    (void)must_save(&r, NULL, "For many.", NULL);
    (void)must_save(&r, NULL, "For a ban.", NULL);
    struct comment said = room_say(&r, 0, NULL);
    r.clock.now_s++; /* what a filter finds of this very second nobody may have seen */
    struct batch_call batch = {.r = &r};
    batch.plan = (struct batch_plan){.action = ACTION_REJECT,
                                     .reason = STR("own-1"),
                                     .filter = {.which = QUEUE_PUBLISHED},
                                     .expected = 1};
    room_must_write(&r, batch_call_work, &batch);
    struct trust_call ban = {.r = &r};
    ban.change = (struct trust_change){
        .commenter = said.commenter, .trust = TRUST_BANNED, .reason = STR("own-2")};
    room_must_write(&r, trust_call_work, &ban);
    assert_str(must_save(&r, "own-1", "Other words.", NULL), "own-3");
    assert_str(must_save(&r, "own-2", "Other words.", NULL), "own-4");
    (void)room_batch_run(&r, batch.id);
    assert_str(room_detail(&r, said.number).decisions[0].reason, "own-1");
    room_check(&r);
    room_close(&r);
}

static void out_of_use_and_back(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    must_switch(&r, "hate", true); /* it is: nothing becomes the site's own */
    assert_false(list_in(&r, "en").is_own);
    must_switch(&r, "insult", false);
    must_switch(&r, "insult", false);
    refuse(&r, "insult", "", T_REASON_OUT_OF_USE);
    must_switch(&r, "hate", false);
    must_switch(&r, "insult", true);
    assert_string_equal(in_use(&r), "off-topic advertising private-data unlawful false-claim other "
                                    "insult ");
    const char *others[] = {"off-topic", "advertising", "private-data",
                            "unlawful",  "false-claim", "other"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        must_switch(&r, others[i], false);
    struct switch_call last = {&r, &r.administrator, STR("insult"), false};
    assert_false(room_write(&r, switch_call_work, &last, &e));
    assert_int_equal(e.say, T_REASON_LAST);
    assert_string_equal(in_use(&r), "insult ");
    room_check(&r);
    room_close(&r);
}

static void the_order_is_the_teams(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    must_move(&r, "insult", true); /* it is the first */
    assert_false(list_in(&r, "en").is_own);
    must_move(&r, "insult", false);
    must_switch(&r, "off-topic", false);
    must_move(&r, "advertising", true); /* past one that is out of use */
    must_move(&r, "other", false);
    assert_string_equal(in_use(&r), "hate advertising insult private-data unlawful false-claim "
                                    "other ");
    room_close(&r);
}

static void refuse_plan(struct room *r, const struct actor *actor, struct reason_plan plan,
                        enum err_kind kind, int say)
{
    struct save_call c = {.r = r, .actor = actor, .plan = plan};
    struct err e;
    assert_false(room_write(r, save_call_work, &c, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.say, say);
}

static void only_what_fits_is_saved(void **state)
{
    (void)state;
    static struct room r;
    static char long_text[REASON_TEXT_CHARS_MAX + 2];
    struct err e;
    room_open(&r, MODE_OPEN);
    memset(long_text, 'x', sizeof long_text - 1);
    const struct reason_words good = {STR("en"), STR("Words.")}, other = {STR("ru"), STR("Слова.")},
                              bad = {STR("en"), STR("a\x01")},
                              much = {STR("en"), str_of(long_text)};
    struct reason_plan plan = {.name = STR("Name"), .texts = {&good, 1}};
    refuse_plan(&r, &r.moderator, plan, ERR_DENIED, 0);
    refuse_plan(&r, &r.senior, plan, ERR_DENIED, 0);
    plan.name = STR(" ");
    refuse_plan(&r, &r.administrator, plan, ERR_INVALID, T_REASON_NAME_EMPTY);
    plan = (struct reason_plan){.name = STR("Name"), .texts = {&other, 1}};
    refuse_plan(&r, &r.administrator, plan, ERR_INVALID, T_REASON_TEXT_EMPTY);
    plan.texts.items = &bad;
    refuse_plan(&r, &r.administrator, plan, ERR_INVALID, T_FORM_NOT_TEXT);
    plan.texts.items = &much;
    refuse_plan(&r, &r.administrator, plan, ERR_INVALID, T_REASON_TEXT_LONG);
    plan = (struct reason_plan){.key = STR("own-7"), .name = STR("Name"), .texts = {&good, 1}};
    refuse_plan(&r, &r.administrator, plan, ERR_MISSING, 0);
    plan.key = STR("insult");
    plan.rev = 7;
    refuse_plan(&r, &r.administrator, plan, ERR_CONFLICT, T_REASON_CHANGED);
    struct switch_call gone = {&r, &r.administrator, STR("own-7"), true};
    assert_false(room_write(&r, switch_call_work, &gone, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct move_call theirs = {&r, &r.senior, STR("insult"), false};
    assert_false(room_write(&r, move_call_work, &theirs, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_false(list_in(&r, "en").is_own);
    for (int i = 8; i < REASONS_IN_USE_MAX; i++)
        (void)must_save(&r, NULL, "Words.", NULL);
    plan = (struct reason_plan){.name = STR("Name"), .texts = {&good, 1}};
    refuse_plan(&r, &r.administrator, plan, ERR_INVALID, T_REASONS_TOO_MANY);
    room_check(&r);
    room_close(&r);
}

/* Entries of the ledger of that kind. */
static bool ledger_list(const struct domain *d, struct tx *tx,
                        struct copy_ledger_get_out **ret_rows, size_t *ret_n, struct err *e)
{
    struct copy_ledger_get_in in = {d->site.id.v, -1, 100};
    return sql_copy_ledger_get(tx, &in, ret_rows, ret_n, e);
}
CALL(ledger_call, struct copy_ledger_get_out *rows; size_t n;
     , ledger_list(d, tx, &c->rows, &c->n, e))

static void every_change_is_in_the_ledger(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    (void)must_save(&r, NULL, "Secret words.", NULL);
    (void)must_save(&r, "insult", "Other words.", NULL);
    must_switch(&r, "hate", false);
    must_switch(&r, "hate", false);
    must_move(&r, "own-1", true);
    struct ledger_call c = {.r = &r};
    room_must_read(&r, ledger_call_work, &c);
    static const char *const told[] = {
        "reason=own-1 did=added note=0 hash=", "reason=own-2 did=changed was=insult note=0 hash=",
        "reason=hate did=off", "reason=own-1 did=up"};
    size_t n = 0;
    for (size_t i = 0; i < c.n; i++) {
        if (!str_eq(c.rows[i].kind, STR("reason")))
            continue;
        assert_true(n < ARRAY_LEN(told) && str_begins(c.rows[i].body, str_of(told[n])));
        n++;
    }
    assert_int_equal(n, ARRAY_LEN(told));
    room_close(&r);
}

CALL(spoil_call, ,
     sql_reason_text_clear(tx, &(struct reason_text_clear_in){d->site.id.v, STR("own-1")}, NULL, e))

static void words_that_are_gone_are_found(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    (void)must_save(&r, NULL, "Words.", NULL);
    assert_int_equal(room_faults(&r), 0);
    struct spoil_call c = {&r};
    room_must_write(&r, spoil_call_work, &c);
    assert_int_equal(room_faults(&r), 1);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_compiled_list_is_the_default),
        cmocka_unit_test(the_first_change_makes_it_the_sites_own),
        cmocka_unit_test(what_was_given_keeps_its_words),
        cmocka_unit_test(batches_and_bans_give_reasons_too),
        cmocka_unit_test(out_of_use_and_back),
        cmocka_unit_test(the_order_is_the_teams),
        cmocka_unit_test(only_what_fits_is_saved),
        cmocka_unit_test(every_change_is_in_the_ledger),
        cmocka_unit_test(words_that_are_gone_are_found),
    };
    return RUN_TESTS(tests);
}
