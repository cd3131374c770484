/* The chain, its heads and keys, what the database refuses, and what is found when it did not. */
#include "base/buf.h"
#include "domain/ledger_head.h"
#include "domain/ledger_read.h"
#include "store/statements.h"
#include "tests/unit/domain/raw.h"

CALL(add_call, struct str kind; struct str body;
     , ledger_add(d, tx, (struct moderator_id){7}, c->kind, c->body, e))
CALL(sign_call, struct ledger_head head; bool is_new;, ledger_sign(d, tx, &c->head, &c->is_new, e))
CALL(due_call, bool is_due;, ledger_is_due(d, tx, &c->is_due, e))
CALL(key_call, struct ledger_key key;, ledger_key_get(d, tx, &c->key, e))
CALL(new_key_call, struct ledger_key key;, ledger_key_new(d, tx, &c->key, e))

struct check_call {
    struct room *r;
    struct ledger_trust trust;
    struct ledger_verdict verdict;
    int64_t unmatched;
    char first[200]; /* of what is unmatched */
};

static void on_unmatched(void *context, struct str what)
{
    struct check_call *c = context;
    if (!c->first[0])
        (void)snprintf(c->first, sizeof c->first, STR_FMT, STR_ARG(what));
}

static bool check_work(struct tx *tx, void *context, struct err *e)
{
    struct check_call *c = context;
    struct ledger_reader *r = ledger_reader_open(&c->r->d, tx, INT64_MAX);
    const struct ledger_source source = {ledger_reader_next, r};
    bool ok = ledger_check(&source, &c->trust, &c->verdict, e) &&
              ledger_match(&c->r->d, tx, on_unmatched, c, &c->unmatched, e);
    ledger_reader_close(&r);
    return ok;
}

static struct check_call check(struct room *r)
{
    struct check_call c = {.r = r};
    room_must_read(r, check_work, &c);
    return c;
}

static void must_be_good(struct room *r, int64_t entries)
{
    struct check_call c = check(r);
    assert_string_equal(c.verdict.fault, "");
    assert_true(c.verdict.is_good);
    assert_int_equal(c.verdict.entries, entries);
}

static void must_find(struct room *r, const char *fault)
{
    struct check_call c = check(r);
    assert_false(c.verdict.is_good);
    if (!strstr(c.verdict.fault, fault))
        fail_msg("\"%s\" is not told, but \"%s\"", fault, c.verdict.fault);
}

static void add(struct room *r, const char *kind, const char *body)
{
    struct add_call c = {r, str_of(kind), str_of(body)};
    room_must_write(r, add_call_work, &c);
}

static void add_many(struct room *r, int n)
{
    for (int i = 0; i < n; i++) {
        struct str body = arena_printf(r->home, "name=hold value=%d", i);
        struct add_call c = {r, STR("control"), body};
        room_must_write(r, add_call_work, &c);
    }
}

static struct ledger_head sign(struct room *r)
{
    struct sign_call c = {.r = r};
    room_must_write(r, sign_call_work, &c);
    assert_true(c.is_new);
    return c.head;
}

static void triggers_drop(struct room *r)
{
    bool ok = fixture_is_postgres()
                  ? raw(r, "DROP TRIGGER ledger_stays ON ledger; "
                           "DROP TRIGGER ledger_head_stays ON ledger_head")
                  : raw(r, "DROP TRIGGER ledger_stays; DROP TRIGGER ledger_keeps; "
                           "DROP TRIGGER ledger_head_stays; DROP TRIGGER ledger_head_keeps");
    assert_true(ok);
}

/* ---- Adding --------------------------------------------------------------------------------- */

static bool entry_work(struct tx *tx, void *context, struct err *e)
{
    struct room *r = context;
    struct ledger_get_in in = {r->d.site.id.v, 1};
    struct ledger_get_out row, genesis;
    bool found;
    if (!sql_ledger_get(tx, &in, &row, &found, e))
        return false;
    in.seq = 0;
    if (!sql_ledger_get(tx, &in, &genesis, &found, e))
        return false;
    /* As anybody can compute it: printf '%s\n' "HASH0 1 … " | b2sum -l 256 */
    struct buf text = buf_in(tx_arena(tx), 400);
    buf_hex(&text, (const uint8_t *)genesis.hash.p, 32);
    buf_printf(&text, " 1 %ld 7 rule rule=3 did=off\n", (long)ROOM_NOW_S);
    struct hash h = hash_of(buf_str(&text));
    assert_memory_equal(h.b, row.hash.p, 32);
    assert_int_equal(str_find(genesis.body, STR("site=1 origin=")), 0);
    return true;
}

/* What an entry costs once there is a ledger. */
static bool cost_work(struct tx *tx, void *context, struct err *e)
{
    struct room *r = context;
    uint64_t before = tx_statements(tx);
    if (!ledger_add(&r->d, tx, (struct moderator_id){7}, STR("sign_out"), STR_NONE, e))
        return false;
    assert_int_equal(tx_statements(tx) - before, 2);
    return true;
}

static void entries_are_chained(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    must_be_good(&r, 0);
    add(&r, "rule", "rule=3 did=off");
    room_must_write(&r, cost_work, &r);
    add_many(&r, 1200); /* more than two of the reader's pages */
    room_must_read(&r, entry_work, &r);
    must_be_good(&r, 1202);
    room_close(&r);
}

static void others_are_refused(void **state)
{
    (void)state;
    static struct room r;
    static const char *const bad[][2] = {
        {"genesis", "a=1"},
        {"signing_key", "a=1"},
        {"gossip", "a=1"},
        {"rule", "two words"},
        {"rule", "a=1  b=2"},
        {"rule", "a=1 "},
        {"rule", " a=1"},
        {"rule", "A=1"},
        {"rule", "a="},
        {"rule", "=1"},
        {"rule", "a=1\nb=2"},
        {"rule", "a=\xD0\x90"},
        {"", ""},
    };
    struct err e;
    char longest[LEDGER_BODY_BYTES_MAX + 1];
    room_open(&r, MODE_OPEN);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct add_call c = {&r, str_of(bad[i][0]), str_of(bad[i][1])};
        assert_false(room_write(&r, add_call_work, &c, &e));
        assert_int_equal(e.kind, ERR_BROKEN);
    }
    memset(longest, 'x', sizeof longest);
    longest[1] = '=';
    struct add_call c = {&r, STR("rule"), {longest, sizeof longest}};
    assert_false(room_write(&r, add_call_work, &c, &e));
    must_be_good(&r, 0);
    c.body.n--;
    room_must_write(&r, add_call_work, &c);
    must_be_good(&r, 1);
    room_close(&r);
}

static void failing_calls_leave_no_gap(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    for (int entry = 1; entry <= 2; entry++) {
        struct add_call c = {&r, STR("rule"), STR("rule=1 did=on")};
        int calls = 0;
        bool ok = false;
        while (!ok) {
            atomic_store(&r.f.fault.calls_left, ++calls);
            ok = room_write(&r, add_call_work, &c, &e);
            atomic_store(&r.f.fault.calls_left, 0);
            if (!ok)
                must_be_good(&r, entry - 1);
        }
        assert_true(calls > 4);
        must_be_good(&r, entry);
    }
    room_close(&r);
}

struct adder {
    struct room *r;
    struct db *db;
    pthread_t thread;
};

#define ADDERS 2
#define ADDS 200

static void *adder_run(void *context)
{
    struct adder *a = context;
    ON_LEAVE(arena_free) struct arena *arena = arena_new(0);
    for (int i = 0; i < ADDS; i++) {
        struct add_call c = {a->r, STR("control"), STR("name=hold value=1")};
        struct err e;
        if (!db_write_now(a->db, arena, add_call_work, &c, &e))
            return a;
    }
    return NULL;
}

/* Two nodes, each with a writer of its own. */
static void two_nodes_share_a_chain(void **state)
{
    (void)state;
    static struct room r;
    struct adder adders[ADDERS];
    struct err e;
    room_open(&r, MODE_OPEN);
    for (size_t i = 0; i < ADDERS; i++) {
        adders[i] = (struct adder){.r = &r};
        assert_true(db_open(&r.f.options, &adders[i].db, &e));
        assert_int_equal(pthread_create(&adders[i].thread, NULL, adder_run, &adders[i]), 0);
    }
    for (size_t i = 0; i < ADDERS; i++) {
        void *failed;
        assert_int_equal(pthread_join(adders[i].thread, &failed), 0);
        assert_null(failed);
        db_close(&adders[i].db);
    }
    must_be_good(&r, ADDERS * ADDS);
    room_close(&r);
}

/* ---- Heads and keys ------------------------------------------------------------------------- */

static bool is_due(struct room *r)
{
    struct due_call c = {.r = r};
    room_must_read(r, due_call_work, &c);
    return c.is_due;
}

static void heads_are_signed_once_a_day(void **state)
{
    (void)state;
    static struct room r;
    struct err e;
    room_open(&r, MODE_OPEN);
    struct sign_call c = {.r = &r};
    assert_false(is_due(&r));
    assert_false(room_write(&r, sign_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    add_many(&r, 3);
    assert_false(is_due(&r));
    r.clock.now_s = (ROOM_NOW_S / 86400 + 1) * 86400 - 1;
    assert_false(is_due(&r));
    r.clock.now_s++;
    assert_true(is_due(&r));
    struct ledger_head first = sign(&r);
    assert_int_equal(first.seq, 3);
    assert_int_equal(first.before, 0);
    assert_int_equal(first.at_s, r.clock.now_s);
    assert_false(is_due(&r));
    /* Of many nodes the second finds it done. */
    room_must_write(&r, sign_call_work, &c);
    assert_false(c.is_new);
    assert_memory_equal(c.head.signature, first.signature, sizeof first.signature);
    r.clock.now_s += 86400;
    assert_false(is_due(&r));
    add_many(&r, 1);
    assert_false(is_due(&r));
    r.clock.now_s += 86400;
    assert_true(is_due(&r));
    assert_int_equal(sign(&r).before, 3);
    struct check_call k = check(&r);
    assert_true(k.verdict.is_good);
    assert_int_equal(k.verdict.heads, 2);
    assert_int_equal(k.verdict.covered, 4);
    room_close(&r);
}

/* A clock that was years ahead for a while keeps no signature back for years. */
static void a_clock_set_back_is_signed_over(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    add_many(&r, 1);
    r.clock.now_s += INT64_C(10) * 365 * 86400;
    (void)sign(&r);
    add_many(&r, 1);
    r.clock.now_s = ROOM_NOW_S;
    assert_true(is_due(&r));
    assert_int_equal(sign(&r).seq, 2);
    assert_false(is_due(&r));
    add_many(&r, 1);
    assert_false(is_due(&r));
    r.clock.now_s += 86400;
    assert_true(is_due(&r));
    assert_int_equal(sign(&r).seq, 3);
    struct check_call k = check(&r);
    assert_true(k.verdict.is_good);
    assert_int_equal(k.verdict.heads, 3);
    room_close(&r);
}

static void a_new_key_is_named_by_the_old(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct key_call old = {.r = &r};
    room_must_write(&r, key_call_work, &old);
    add_many(&r, 2);
    (void)sign(&r);
    struct new_key_call fresh = {.r = &r};
    room_must_write(&r, new_key_call_work, &fresh);
    assert_memory_not_equal(old.key.b, fresh.key.b, sizeof old.key.b);
    add_many(&r, 1);
    struct ledger_head head = sign(&r);
    assert_memory_equal(head.key.b, fresh.key.b, sizeof head.key.b);
    must_be_good(&r, 4);
    struct ledger_key other = {{1}};
    const struct ledger_key *keys[] = {&old.key, &fresh.key, &other};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct check_call c = {.r = &r, .trust.key = keys[i]};
        room_must_read(&r, check_work, &c);
        assert_int_equal(c.verdict.is_good, keys[i] != &other);
    }
    room_close(&r);
}

/* ---- Changes in the database ---------------------------------------------------------------- */

static void rows_are_final(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    add_many(&r, 3);
    (void)sign(&r);
    assert_false(raw(&r, "UPDATE ledger SET moderator = 8 WHERE seq = 2"));
    assert_false(raw(&r, "DELETE FROM ledger WHERE seq = 3"));
    assert_false(raw(&r, "UPDATE ledger_head SET at_s = 0"));
    assert_false(raw(&r, "DELETE FROM ledger_head"));
    if (fixture_is_postgres())
        assert_false(raw(&r, "TRUNCATE ledger"));
    must_be_good(&r, 3);
    room_close(&r);
}

static void changed_rows_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *fault;
    } cases[] = {
        {"UPDATE ledger SET moderator = 8 WHERE seq = 5", "entry 5 was changed"},
        {"UPDATE ledger SET at_s = at_s + 1 WHERE seq = 1", "entry 1 was changed"},
        {"UPDATE ledger SET body = 'name=hold value=0' WHERE seq = 9", "entry 9 was changed"},
        {"UPDATE ledger SET body = 'no body' WHERE seq = 9", "entry 9"},
        {"UPDATE ledger SET kind = 'rule' WHERE seq = 20", "entry 20 was changed"},
        {"UPDATE ledger SET hash = (SELECT hash FROM ledger WHERE seq = 3) WHERE seq = 4",
         "the hash of entry 4 was changed"},
        {"DELETE FROM ledger WHERE seq = 7", "entry 7 was removed"},
        {"DELETE FROM ledger WHERE seq BETWEEN 7 AND 9", "entries 7 to 9 were removed"},
        {"DELETE FROM ledger WHERE seq = 0", "entry 0 was removed"},
        {"DELETE FROM ledger WHERE seq = 20", "entry 20 was removed"},
        {"DELETE FROM ledger WHERE seq >= 15", "entries 15 to 20 were removed"},
        {"DELETE FROM ledger", "entry 0 was removed"},
        {"UPDATE ledger SET seq = 30 WHERE seq = 7", "entry 7 was removed"},
        {"UPDATE ledger SET seq = 21 WHERE seq = 20", "entry 20 was removed"},
        {"UPDATE ledger_head SET at_s = at_s + 1 WHERE seq = 10",
         "the signature of the head of entry 10 is wrong"},
        {"UPDATE ledger_head SET seq = 11 WHERE seq = 10", "the signature of the head of entry 11"},
        {"DELETE FROM ledger_head WHERE seq = 10", "the signed head of entry 10 was removed"},
        {"UPDATE ledger_head SET public_key = (SELECT hash FROM ledger WHERE seq = 1) "
         "WHERE seq = 20",
         "the head of entry 20 is signed by another key"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        static struct room r;
        room_open(&r, MODE_OPEN);
        add_many(&r, 10);
        (void)sign(&r);
        add_many(&r, 10);
        (void)sign(&r);
        must_be_good(&r, 20);
        triggers_drop(&r);
        assert_true(raw(&r, cases[i].sql));
        must_find(&r, cases[i].fault);
        room_close(&r);
    }
}

/* Entries that no head covers can be cut off unseen, but not where the head was noted. */
static void a_noted_head_proves_history(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    add_many(&r, 10);
    struct ledger_head noted[2] = {sign(&r)};
    add_many(&r, 10);
    noted[1] = sign(&r);
    struct check_call c = {.r = &r, .trust = {.noted = noted, .n_noted = 2}};
    room_must_read(&r, check_work, &c);
    assert_true(c.verdict.is_good);
    triggers_drop(&r);
    assert_true(raw(&r, "DELETE FROM ledger_head WHERE seq = 20"));
    assert_true(raw(&r, "DELETE FROM ledger WHERE seq > 12"));
    must_be_good(&r, 12);
    room_must_read(&r, check_work, &c);
    assert_non_null(strstr(c.verdict.fault, "the signed head of entry 20 was noted"));
    noted[0].hash.b[0] ^= 1;
    room_must_read(&r, check_work, &c);
    assert_non_null(strstr(c.verdict.fault, "history was rewritten: entry 10"));
    room_close(&r);
}

/* ---- The table of decisions ----------------------------------------------------------------- */

static void must_not_match(struct room *r, const char *first)
{
    struct check_call c = check(r);
    assert_true(c.verdict.is_good);
    assert_int_equal(c.unmatched, 1);
    assert_string_equal(c.first, first);
}

static void decisions_and_entries_match(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    const char *insert = "INSERT INTO decision (site, comment, seq, moderator, rule, action, "
                         "from_state, to_state, reason, note, batch, at_s) "
                         "VALUES (1, 77, 1, 7, '', 1, 0, 1, '', '', 0, 1780000000)";
    assert_true(raw(&r, insert));
    must_not_match(&r, "decision 1 on comment 77 has no entry in the ledger");
    add(&r, "decision", "comment=77 seq=12");
    struct check_call c = check(&r);
    assert_int_equal(c.unmatched, 2);
    add(&r, "decision", "comment=77 seq=1 action=1");
    must_not_match(&r, "entry 1 tells of decision 12 on comment 77, which is not there");
    assert_true(raw(&r, "INSERT INTO decision (site, comment, seq, moderator, rule, action, "
                        "from_state, to_state, reason, note, batch, at_s) "
                        "VALUES (1, 77, 12, 7, '', 1, 0, 1, '', '', 0, 1780000000), "
                        "(1, 77, 13, 0, 'links', 5, 0, 0, '', '', 0, 1780000000)"));
    assert_int_equal(check(&r).unmatched, 0);
    add(&r, "decision", "comment=77 seq=1 action=1");
    must_not_match(&r, "decision 1 on comment 77 has 2 entries");
    room_close(&r);
}

static void trusts_and_entries_match(void **state)
{
    (void)state;
    static struct room r;
#define WHO "00000000000000000000000000000001"
    room_open(&r, MODE_OPEN);
    const char *who = fixture_is_postgres() ? "'\\x" WHO "'" : "x'" WHO "'";
    char insert[400];
    (void)snprintf(insert, sizeof insert,
                   "INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, "
                   "was_until_s, trust, until_s, undoes, at_s, reason, note) "
                   "VALUES (1, %s, 1, 7, 0, 0, 3, 0, 0, 1780000000, '', ''), "
                   "(1, %s, 2, 7, 3, 0, 0, 0, 1, 1780000000, '', '')",
                   who, who);
    assert_true(raw(&r, insert));
    assert_int_equal(check(&r).unmatched, 2);
    assert_false(raw(&r, "UPDATE trust_change SET trust = 0"));
    assert_false(raw(&r, "DELETE FROM trust_change"));
    add(&r, "trust", "commenter=" WHO " seq=1 trust=3 until=0");
    must_not_match(&r, "change 2 of the trust in commenter " WHO " has 0 entries");
    add(&r, "undo", "commenter=" WHO " seq=2 undoes=1 trust=0 until=0");
    assert_int_equal(check(&r).unmatched, 0);
    add(&r, "trust", "commenter=" WHO " seq=12 trust=3 until=0");
    must_not_match(&r, "entry 3 tells of a change of trust which is not there");
    room_close(&r);
    room_open(&r, MODE_OPEN);
    add(&r, "trust", "trust=3 until=0");
    must_not_match(&r, "entry 1 does not say which change of trust it is of");
    room_close(&r);
}

static void a_batch_stands_for_its_decisions(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    assert_true(raw(&r, "INSERT INTO batch (site, id, moderator, action, role, expected, until_s, "
                        "at_s, reason, note, choice) "
                        "VALUES (1, 4, 7, 2, 2, 1, 1780000000, 1780000000, '', '', '')"));
    assert_true(raw(&r, "INSERT INTO decision (site, comment, seq, moderator, rule, action, "
                        "from_state, to_state, reason, note, batch, at_s) "
                        "VALUES (1, 77, 1, 7, '', 2, 0, 2, '', '', 4, 1780000009)"));
    must_not_match(&r, "decision 1 on comment 77 has no entry in the ledger");
    add(&r, "batch", "batch=4 action=2");
    assert_int_equal(check(&r).unmatched, 0);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_chained),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(failing_calls_leave_no_gap),
        cmocka_unit_test(two_nodes_share_a_chain),
        cmocka_unit_test(heads_are_signed_once_a_day),
        cmocka_unit_test(a_clock_set_back_is_signed_over),
        cmocka_unit_test(a_new_key_is_named_by_the_old),
        cmocka_unit_test(rows_are_final),
        cmocka_unit_test(changed_rows_are_found),
        cmocka_unit_test(a_noted_head_proves_history),
        cmocka_unit_test(decisions_and_entries_match),
        cmocka_unit_test(trusts_and_entries_match),
        cmocka_unit_test(a_batch_stands_for_its_decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
