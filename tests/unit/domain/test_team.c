/* Side by side: claims, second opinions, notes; and what the team thinks of commenters. */
#include "domain/inner.h"
#include "tests/unit/domain/room.h"

CALL(take_call, const struct actor *actor; struct comment_id comment; struct claim claim;
     , claim_take(d, tx, c->actor, &(struct claim_want){c->comment, 60}, &c->claim, e))
CALL(drop_call, const struct actor *actor; struct comment_id comment;
     , claim_drop(d, tx, c->actor, c->comment, e))
CALL(expire_call, int64_t dropped;, claim_expire(d, tx, e) && arrival_expire(d, tx, &c->dropped, e))
CALL(ask_call, const struct actor *actor; struct comment_id comment; struct str note;
     , opinion_ask(d, tx, c->actor, c->comment, c->note, e))
CALL(unask_call, const struct actor *actor; struct comment_id comment;
     , opinion_drop(d, tx, c->actor, c->comment, e))
CALL(note_call, const struct actor *actor; struct note_subject on; struct str text;
     , team_note_add(d, tx, c->actor, &c->on, c->text, e))
CALL(notes_call, struct note_subject on; struct team_note * notes; size_t n;
     , team_note_list(d, tx, &c->on, &c->notes, &c->n, e))
CALL(unnote_call, const struct actor *actor; int64_t id;, team_note_drop(d, tx, c->actor, c->id, e))
CALL(trust_call, const struct actor *actor; struct trust_change change;
     , commenter_trust_set(d, tx, c->actor, &c->change, e))
CALL(untrust_call, const struct actor *actor; struct commenter_id id; int64_t seq;
     , commenter_trust_undo(d, tx, c->actor, &c->id, c->seq, e))
CALL(record_call, struct commenter_id id; struct commenter_record record; uint64_t statements;
     ,
     commenter_record_get(d, tx, &c->id, &c->record, e) && (c->statements = tx_statements(tx)) > 0)

static struct claim take(struct room *r, const struct actor *actor, struct comment_id id)
{
    struct take_call c = {.r = r, .actor = actor, .comment = id};
    room_must_write(r, take_call_work, &c);
    return c.claim;
}

static struct decide decide_of(struct room *r, int64_t number, enum action action, bool insists)
{
    struct comment c = room_detail(r, number).card.comment;
    return (struct decide){.comment = c.id,
                           .action = action,
                           .reason = STR("hate"),
                           .expected = c.state,
                           .expected_edited_s = c.edited_s,
                           .insists = insists};
}

static void a_card_is_one_moderators(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    assert_int_equal(take(&r, &r.moderator, c.id).moderator.v, 1);
    assert_int_equal(take(&r, &r.other, c.id).moderator.v, 1);
    r.clock.now_s += 30;
    assert_int_equal(take(&r, &r.moderator, c.id).until_s, r.clock.now_s + 60);
    assert_int_equal(room_detail(&r, 1).card.claim.moderator.v, 1);
    struct decide publish = decide_of(&r, 1, ACTION_PUBLISH, false);
    assert_false(room_decide(&r, &r.other, publish, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_MOD_CLAIMED);
    publish.insists = true;
    assert_false(room_decide(&r, &r.other, publish, &e)); /* not a senior */
    assert_true(room_decide(&r, &r.senior, publish, &e));
    assert_int_equal(room_detail(&r, 1).card.claim.moderator.v, 0);
    /* Another's is not dropped; one's own is; what has run out is free. */
    (void)take(&r, &r.moderator, c.id);
    struct drop_call drop = {&r, &r.other, c.id};
    room_must_write(&r, drop_call_work, &drop);
    assert_int_equal(room_detail(&r, 1).card.claim.moderator.v, 1);
    assert_false(room_undo(&r, &r.other, 1, 2, &e));
    assert_int_equal(e.say, T_MOD_CLAIMED);
    drop.actor = &r.moderator;
    room_must_write(&r, drop_call_work, &drop);
    assert_int_equal(take(&r, &r.other, c.id).moderator.v, 3);
    r.clock.now_s += 60;
    assert_int_equal(room_detail(&r, 1).card.claim.moderator.v, 0);
    assert_int_equal(take(&r, &r.moderator, c.id).moderator.v, 1);
    struct take_call none = {.r = &r, .actor = &r.other, .comment = {99}};
    assert_false(room_write(&r, take_call_work, &none, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    r.clock.now_s += 60;
    struct expire_call expire = {.r = &r};
    room_must_write(&r, expire_call_work, &expire);
    room_close(&r);
}

static void opinions_are_anothers(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    struct ask_call ask = {&r, &r.moderator, c.id, STR("Is it?")};
    room_must_write(&r, ask_call_work, &ask);
    ask.note = STR("Is it really?");
    room_must_write(&r, ask_call_work, &ask);
    assert_str(room_detail(&r, 1).card.opinion.note, "Is it really?");
    ask.actor = &r.other;
    assert_false(room_write(&r, ask_call_work, &ask, &e));
    assert_int_equal(e.say, T_MOD_OPINION_ASKED);
    struct unask_call unask = {&r, &r.other, c.id};
    room_must_write(&r, unask_call_work, &unask);
    room_must_decide(&r, 1, ACTION_REJECT); /* by who asked */
    assert_int_equal(room_detail(&r, 1).card.opinion.moderator.v, 1);
    assert_true(room_decide(&r, &r.other, decide_of(&r, 1, ACTION_PUBLISH, false), &e));
    assert_int_equal(room_detail(&r, 1).card.opinion.moderator.v, 0);
    ask.note = STR(" \n");
    assert_false(room_write(&r, ask_call_work, &ask, &e));
    assert_int_equal(e.say, T_NOTE_MISSING);
    ask.note = STR("Again?");
    room_must_write(&r, ask_call_work, &ask);
    room_must_write(&r, unask_call_work, &unask);
    assert_int_equal(room_detail(&r, 1).card.opinion.moderator.v, 0);
    ask.comment.v = 99;
    assert_false(room_write(&r, ask_call_work, &ask, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    room_close(&r);
}

static void notes_are_the_teams(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    struct note_subject comment = {.comment = c.id}, commenter = {.commenter = c.commenter};
    struct note_call add = {&r, &r.moderator, comment, STR("Seen before.")};
    room_must_write(&r, note_call_work, &add);
    add.text = STR("And after.");
    room_must_write(&r, note_call_work, &add);
    add.on = commenter;
    room_must_write(&r, note_call_work, &add);
    assert_int_equal(room_detail(&r, 1).card.notes, 3);
    struct notes_call list = {.r = &r, .on = comment};
    room_must_read(&r, notes_call_work, &list);
    assert_int_equal(list.n, 2);
    assert_str(list.notes[1].text, "And after.");
    struct unnote_call drop = {&r, &r.other, list.notes[0].id};
    assert_false(room_write(&r, unnote_call_work, &drop, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    drop.actor = &r.moderator;
    room_must_write(&r, unnote_call_work, &drop);
    assert_int_equal(room_detail(&r, 1).card.notes, 2);
    static char words[TEAM_NOTE_CHARS_MAX + 2];
    memset(words, 'a', sizeof words - 1);
    add.text = (struct str){words, TEAM_NOTE_CHARS_MAX + 1};
    assert_false(room_write(&r, note_call_work, &add, &e));
    assert_int_equal(e.say, T_NOTE_MISSING);
    add.text.n--;
    room_must_write(&r, note_call_work, &add);
    add.on.commenter.b[0] ^= 1;
    assert_false(room_write(&r, note_call_work, &add, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    room_close(&r);
}

static void trust(struct room *r, const struct comment *c, enum trust trust, int64_t until_s)
{
    struct trust_call call = {
        .r = r,
        .actor = &r->senior,
        .change = {
            .commenter = c->commenter, .trust = trust, .until_s = until_s, .reason = STR("hate")}};
    room_must_write(r, trust_call_work, &call);
}

static void trust_goes_before_modes(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    struct comment_added added;
    room_open(&r, MODE_FIRST);
    struct comment c = room_say(&r, 0, NULL);
    assert_int_equal(c.state, COMMENT_HELD);
    trust(&r, &c, TRUST_FULL, 0);
    assert_int_equal(room_say(&r, 0, &c.commenter).state, COMMENT_PUBLISHED);
    trust(&r, &c, TRUST_HELD, 0);
    struct comment held = room_say(&r, 0, &c.commenter);
    assert_int_equal(held.state, COMMENT_HELD);
    assert_str(room_detail(&r, held.number).card.rule, "trust:held");
    trust(&r, &c, TRUST_BANNED, r.clock.now_s + 100);
    assert_int_equal(room_detail(&r, 1).card.trust, TRUST_BANNED);
    assert_false(room_add(&r, 0, &c.commenter, "I am back.", &added, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_int_equal(e.say, T_COMMENT_BANNED);
    assert_false(room_edit(&r, &held, "I am here.", &e));
    assert_int_equal(e.say, T_COMMENT_BANNED);
    r.clock.now_s += 100; /* it has run out */
    assert_int_equal(room_detail(&r, 1).card.trust, TRUST_NONE);
    assert_int_equal(room_say(&r, 0, &c.commenter).state, COMMENT_HELD); /* by mode first */
    trust(&r, &c, TRUST_BANNED, 0);
    trust(&r, &c, TRUST_NONE, 0);
    (void)room_say(&r, 0, &c.commenter);
    room_check(&r);
    room_close(&r);
}

static void trust_is_refused(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    struct trust_change ban = {
        .commenter = c.commenter, .trust = TRUST_BANNED, .reason = STR("hate")};
    struct trust_change past = ban, bare = ban, wrong = ban, nobody = ban;
    past.until_s = r.clock.now_s;
    bare.reason = STR_NONE;
    wrong.trust = (enum trust)4;
    nobody.commenter.b[0] ^= 1;
    const struct {
        const struct actor *actor;
        struct trust_change change;
        enum err_kind kind;
        int say;
    } rows[] = {{&r.moderator, ban, ERR_DENIED, 0},
                {&r.senior, past, ERR_INVALID, T_DAYS_CHOOSE},
                {&r.senior, bare, ERR_INVALID, T_REASON_MISSING},
                {&r.senior, wrong, ERR_INVALID, 0},
                {&r.senior, nobody, ERR_MISSING, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trust_call call = {&r, rows[i].actor, rows[i].change};
        assert_false(room_write(&r, trust_call_work, &call, &e));
        assert_int_equal(e.kind, rows[i].kind);
        assert_int_equal(e.say, rows[i].say);
    }
    room_close(&r);
}

static struct trust_records trusts_of(struct room *r, const struct comment *c)
{
    struct record_call call = {.r = r, .id = c->commenter};
    room_must_read(r, record_call_work, &call);
    assert_int_equal(call.record.trust,
                     call.record.trusts.n ? call.record.trusts.items[0].is.trust : TRUST_NONE);
    return call.record.trusts;
}

static bool untrust(struct room *r, const struct comment *c, int64_t seq, struct err *e)
{
    struct untrust_call call = {r, &r->administrator, c->commenter, seq};
    return room_write(r, untrust_call_work, &call, e);
}

static void trust_is_taken_back_to_the_second(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    int64_t until_s = r.clock.now_s + 1000;
    trust(&r, &c, TRUST_HELD, until_s);
    r.clock.now_s += 10;
    trust(&r, &c, TRUST_BANNED, 0);
    assert_int_equal(trusts_of(&r, &c).undo_seq, 2);
    assert_true(untrust(&r, &c, 2, &e));
    struct trust_records all = trusts_of(&r, &c);
    assert_int_equal(all.n, 3);
    assert_int_equal(all.items[0].undoes, 2);
    assert_int_equal(all.items[0].was.trust, TRUST_BANNED);
    assert_int_equal(all.items[0].is.trust, TRUST_HELD);
    assert_int_equal(all.items[0].is.until_s, until_s);
    assert_int_equal(all.undo_seq, 1);
    assert_int_equal(room_say(&r, 0, &c.commenter).state, COMMENT_HELD);
    assert_true(untrust(&r, &c, 1, &e));
    assert_int_equal(trusts_of(&r, &c).undo_seq, 0);
    assert_int_equal(room_say(&r, 0, &c.commenter).state, COMMENT_PUBLISHED);
    /* What has run out meanwhile comes back as something that has. */
    trust(&r, &c, TRUST_HELD, r.clock.now_s + 5);
    r.clock.now_s += 100;
    trust(&r, &c, TRUST_FULL, 0);
    assert_true(untrust(&r, &c, 6, &e));
    assert_int_equal(room_say(&r, 0, &c.commenter).state, COMMENT_PUBLISHED);
    room_check(&r);
    room_close(&r);
}

static void only_the_newest_trust_is_taken_back(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL), friend = room_say(&r, 0, NULL);
    assert_false(untrust(&r, &c, 1, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    trust(&r, &c, TRUST_HELD, 0);
    trust(&r, &c, TRUST_BANNED, 0);
    assert_false(untrust(&r, &c, 1, &e)); /* another decided since */
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_TRUST_UNDO_LATE);
    assert_true(untrust(&r, &c, 2, &e));
    assert_false(untrust(&r, &c, 2, &e)); /* twice */
    assert_int_equal(e.say, T_TRUST_UNDO_LATE);
    assert_false(untrust(&r, &c, 3, &e)); /* an undo */
    assert_int_equal(e.say, T_TRUST_UNDO_LATE);
    for (int64_t seq = 0; seq < 5; seq += 4) {
        assert_false(untrust(&r, &c, seq, &e));
        assert_int_equal(e.kind, ERR_MISSING);
    }
    assert_false(untrust(&r, &friend, 1, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    struct untrust_call call = {&r, &r.moderator, c.commenter, 1};
    assert_false(room_write(&r, untrust_call_work, &call, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_int_equal(trusts_of(&r, &c).n, 3);
    room_check(&r);
    room_close(&r);
}

CALL(alter_call, struct commenter_id id; int64_t trust;
     , sql_commenter_set_trust(tx,
                               &(struct commenter_set_trust_in){d->site.id.v, commenter_str(&c->id),
                                                                c->trust, 0},
                               NULL, e))
CALL(add_call, struct trust_add_in row;
     , (c->row.site = d->site.id.v) > 0 && sql_trust_add(tx, &c->row, NULL, e))

static void trust_without_a_record_is_found(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    struct alter_call alter = {&r, c.commenter, TRUST_BANNED};
    room_must_write(&r, alter_call_work, &alter);
    assert_int_equal(room_faults(&r), 1);
    alter.trust = TRUST_NONE;
    room_must_write(&r, alter_call_work, &alter);
    room_check(&r);
    /* Nothing before it, a gap, and an undo of nothing; in force is what stands last. None has an
     * entry in the ledger either. */
    struct add_call add = {&r,
                           {.commenter = commenter_str(&c.commenter),
                            .seq = 2,
                            .moderator = r.moderator.moderator.id.v,
                            .was_trust = TRUST_NONE,
                            .reason = STR(""),
                            .note = STR("")}};
    room_must_write(&r, add_call_work, &add);
    assert_int_equal(room_faults(&r), 2);
    add.row.seq = 3;
    add.row.undoes = 9;
    room_must_write(&r, add_call_work, &add);
    assert_int_equal(room_faults(&r), 4);
    add.row.seq = 4;
    add.row.undoes = 0;
    add.row.was_trust = TRUST_FULL;
    room_must_write(&r, add_call_work, &add);
    assert_int_equal(room_faults(&r), 6);
    room_close(&r);
}

static void banned_networks_are_held(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.network = STR("networkA");
    struct comment c = room_say(&r, 0, NULL), friend = room_say(&r, 0, NULL);
    trust(&r, &c, TRUST_BANNED, 0);
    struct comment again = room_say(&r, 0, NULL);
    assert_int_equal(again.state, COMMENT_HELD);
    assert_str(room_detail(&r, again.number).card.rule, "network:banned");
    assert_int_equal(room_say(&r, 0, &friend.commenter).state, COMMENT_PUBLISHED); /* is known */
    r.network = STR("networkB");
    assert_int_equal(room_say(&r, 0, NULL).state, COMMENT_PUBLISHED);
    r.network = STR_NONE;
    assert_int_equal(room_say(&r, 0, NULL).state, COMMENT_PUBLISHED);
    struct record_call record = {.r = &r, .id = c.commenter};
    room_must_read(&r, record_call_work, &record);
    assert_int_equal(record.record.n_others, 2);
    /* It is forgotten after a day. */
    r.clock.now_s += 24 * 3600;
    struct expire_call expire = {.r = &r};
    room_must_write(&r, expire_call_work, &expire);
    assert_int_equal(expire.dropped, 5);
    r.network = STR("networkA");
    assert_int_equal(room_say(&r, 0, NULL).state, COMMENT_PUBLISHED);
    /* Or never known. */
    r.settings.moderation_network_hours = 0;
    trust(&r, &friend, TRUST_BANNED, 0);
    assert_int_equal(room_say(&r, 0, NULL).state, COMMENT_PUBLISHED);
    room_close(&r);
}

static void records_are_told(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_HELD);
    struct comment c = room_say(&r, 0, NULL);
    for (int i = 0; i < 4; i++)
        (void)room_say(&r, 0, &c.commenter);
    room_must_decide(&r, 1, ACTION_PUBLISH);
    room_must_decide(&r, 2, ACTION_REJECT);
    room_must_decide(&r, 3, ACTION_WITHDRAW);
    struct trust_call ban = {.r = &r,
                             .actor = &r.senior,
                             .change = {.commenter = c.commenter,
                                        .trust = TRUST_BANNED,
                                        .until_s = r.clock.now_s + 9,
                                        .reason = STR("hate"),
                                        .note = STR("Third time.")}};
    room_must_write(&r, trust_call_work, &ban);
    struct record_call call = {.r = &r, .id = c.commenter};
    room_must_read(&r, record_call_work, &call);
    const struct commenter_record *record = &call.record;
    assert_int_equal(call.statements, 6);
    assert_int_equal(record->created_s, r.clock.now_s);
    assert_int_equal(record->seen, 5);
    static const int64_t by_state[] = {2, 1, 1, 0, 1};
    assert_memory_equal(record->by_state, by_state, sizeof by_state);
    assert_int_equal(record->n_names, 1);
    assert_str(record->names[0], "Saparbek");
    assert_int_equal(record->approved, 1);
    assert_int_equal(record->rejected, 2);
    assert_int_equal(record->trust, TRUST_BANNED);
    assert_int_equal(record->trust_until_s, r.clock.now_s + 9);
    assert_int_equal(record->n_decisions, 3);
    assert_int_equal(record->decisions[0].action, ACTION_WITHDRAW);
    assert_int_equal(record->n_notes, 0);
    assert_int_equal(record->trusts.n, 1);
    const struct trust_record *why = &record->trusts.items[0];
    assert_int_equal(why->seq, 1);
    assert_int_equal(why->moderator.v, r.senior.moderator.id.v);
    assert_int_equal(why->was.trust, TRUST_NONE);
    assert_int_equal(why->is.trust, TRUST_BANNED);
    assert_int_equal(why->is.until_s, r.clock.now_s + 9);
    assert_int_equal(why->at_s, r.clock.now_s);
    assert_str(why->reason, "hate");
    assert_str(why->note, "Third time.");
    assert_int_equal(record->trusts.undo_seq, 1);
    call.id.b[0] ^= 1;
    assert_false(room_read(&r, record_call_work, &call, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_one_moderators),
        cmocka_unit_test(opinions_are_anothers),
        cmocka_unit_test(notes_are_the_teams),
        cmocka_unit_test(trust_goes_before_modes),
        cmocka_unit_test(trust_is_taken_back_to_the_second),
        cmocka_unit_test(only_the_newest_trust_is_taken_back),
        cmocka_unit_test(trust_without_a_record_is_found),
        cmocka_unit_test(trust_is_refused),
        cmocka_unit_test(banned_networks_are_held),
        cmocka_unit_test(records_are_told),
    };
    return RUN_TESTS(tests);
}
