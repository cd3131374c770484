/* A PostgreSQL server that goes away, at the worst moments. */
#include <libpq-fe.h>

#include "tests/unit/db/fixture.h"

static void server_sql(struct fixture *f, const char *sql)
{
    PGconn *c = PQconnectdb(f->address);
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

/* Waits until they have ended: a hang-up that has not arrived cannot be seen. */
static const char others_end[] = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                                 "WHERE datname = current_database() AND pid <> pg_backend_pid()";

/* At the end of a transaction that adds a note named "cut" the server's process ends itself. */
static const char cut_at_commit[] =
    "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NEW.name = 'cut' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
    " RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION cut()";

static void connections_are_made_anew(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    note_must_add(&f, 1);
    for (int round = 0; round < 3; round++) {
        server_sql(&f, others_end);
        assert_int_equal(note_total(&f), round + 1);
        note_must_add(&f, round + 2);
    }
    fixture_close(&f);
}

static bool count_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out n;
    (void)context;
    return t_note_count(tx, &n, e);
}

struct told {
    int n;
    enum err_kind kind;
};

static bool end_work(struct tx *tx, void *context, struct err *e)
{
    struct note_add_in in = {.id = 7, .name = STR("seven")};
    struct note_count_out n;
    if (!t_note_add(tx, &in, NULL, e))
        return false;
    server_sql(context, others_end);
    return t_note_count(tx, &n, e);
}

static bool eight_work(struct tx *tx, void *context, struct err *e)
{
    struct note_add_in in = {.id = 8, .name = STR("eight")};
    (void)context;
    return t_note_add(tx, &in, NULL, e);
}

static void told_done(void *context, bool ok, const struct err *e)
{
    struct told *told = context;
    told->n++;
    told->kind = ok ? ERR_NONE : e->kind;
}

struct ending {
    struct told told;
    struct fixture *f;
};

static void ending_done(void *context, bool ok, const struct err *e)
{
    struct ending *ending = context;
    told_done(&ending->told, ok, e);
}

static bool ending_work(struct tx *tx, void *context, struct err *e)
{
    struct ending *ending = context;
    return end_work(tx, ending->f, e);
}

static void a_lost_batch_is_busy_and_leaves_nothing(void **state)
{
    struct fixture f;
    struct gate gate;
    struct err e;
    (void)state;
    fixture_open(&f);
    struct told first = {0};
    struct ending second = {.f = &f};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct db_write writes[2] = {
        {.work = eight_work, .done = told_done, .context = &first, .arena = a},
        {.work = ending_work, .done = told_done, .context = &second, .arena = a},
    };
    gate_shut(&gate, f.db);
    for (int i = 0; i < 2; i++)
        assert_true(db_write_later(f.db, &writes[i], &e));
    gate_lift(&gate);
    note_must_add(&f, 1);
    assert_int_equal(first.n, 1);
    assert_int_equal(first.kind, ERR_BUSY);
    assert_int_equal(second.told.n, 1);
    assert_int_equal(second.told.kind, ERR_BUSY);
    assert_int_equal(note_total(&f), 1);
    fixture_close(&f);
}

/* Asks ahead, and ends the server's side when it comes to the changes. */
static bool asking_work(struct tx *tx, void *context, struct err *e)
{
    struct ending *ending = context;
    struct note_count_out n;
    return t_note_count(tx, &n, e) && tx_begin_changes(tx, e) &&
           (ending->f ? end_work(tx, ending->f, e) : eight_work(tx, NULL, e));
}

#define TOGETHER 3

/* Jobs that ask ahead, the second of which ends the server's side of `ends`, if that is given. */
static void ask_together(struct fixture *f, struct fixture *ends, struct ending *endings,
                         struct db_write *writes, struct arena *a)
{
    struct err e;
    for (int i = 0; i < TOGETHER; i++) {
        endings[i] = (struct ending){.f = i == 1 ? ends : NULL};
        writes[i] = (struct db_write){.work = asking_work,
                                      .done = ending_done,
                                      .context = &endings[i],
                                      .arena = a,
                                      .asks_ahead = true};
        assert_true(db_write_later(f->db, &writes[i], &e));
    }
}

static void check_busy(struct fixture *f, const struct ending *endings)
{
    note_must_add(f, 2);
    for (int i = 0; i < TOGETHER; i++) {
        assert_int_equal(endings[i].told.n, 1);
        assert_int_equal(endings[i].told.kind, ERR_BUSY);
    }
    assert_int_equal(note_total(f), 2);
}

/* So that the writer's connection has the statement and can ask it ahead. */
static void count_once(struct fixture *f)
{
    struct err e;
    assert_true(db_write_now(f->db, f->arena, count_work, NULL, &e));
}

static void those_that_asked_together_are_busy_when_it_is_lost(void **state)
{
    struct fixture f;
    struct gate gate;
    struct ending endings[TOGETHER];
    struct db_write writes[TOGETHER];
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    (void)state;
    fixture_open(&f);
    note_must_add(&f, 1);
    count_once(&f);
    gate_shut(&gate, f.db);
    ask_together(&f, &f, endings, writes, a);
    gate_lift(&gate);
    check_busy(&f, endings);
    fixture_close(&f);
}

/* Another node that writes for longer than we wait for our turn. */
static void those_that_asked_together_are_busy_when_it_is_not_their_turn(void **state)
{
    struct fixture f;
    struct ending endings[TOGETHER];
    struct db_write writes[TOGETHER];
    struct err e;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    (void)state;
    fixture_open(&f);
    note_must_add(&f, 1);
    count_once(&f);
    PGconn *other = PQconnectdb(f.address);
    PQclear(PQexec(other, "SELECT pg_advisory_lock(1097430138, hashtext(current_schema()))"));
    ask_together(&f, NULL, endings, writes, a);
    assert_false(note_add(&f, 3, "n3", &e));
    PQfinish(other);
    check_busy(&f, endings);
    fixture_close(&f);
}

static void a_connection_lost_in_commit_is_unknown(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    server_sql(&f, cut_at_commit);
    assert_false(note_add(&f, 1, "cut", &e));
    assert_int_equal(e.kind, ERR_UNKNOWN);
    note_must_add(&f, 2);
    assert_int_equal(note_total(&f), 1);
    fixture_close(&f);
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    assert_false(note_add(&f, 1, "\xff\xfe", &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_null(strstr(e.why, "\xff"));
    note_must_add(&f, 2);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_made_anew),
        cmocka_unit_test(a_lost_batch_is_busy_and_leaves_nothing),
        cmocka_unit_test(those_that_asked_together_are_busy_when_it_is_lost),
        cmocka_unit_test(those_that_asked_together_are_busy_when_it_is_not_their_turn),
        cmocka_unit_test(a_connection_lost_in_commit_is_unknown),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
    };
    if (!fixture_is_postgres()) {
        printf("1..0 # SKIP for PostgreSQL only\n");
        return 0;
    }
    return RUN_TESTS(tests);
}
