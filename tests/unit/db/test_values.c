/* What goes in comes out: NULL, empty, any byte, 4 MB, on both engines alike. */
#include "tests/unit/db/fixture.h"

struct value_job {
    struct note_add_in in;
    struct note_get_out out;
    int64_t changed;
};

static bool value_write(struct tx *tx, void *context, struct err *e)
{
    struct value_job *job = context;
    return t_note_add(tx, &job->in, &job->changed, e);
}

static bool value_read(struct tx *tx, void *context, struct err *e)
{
    struct value_job *job = context;
    struct note_get_in in = {.id = job->in.id, .name = STR_NONE};
    return t_note_get(tx, &in, &job->out, e);
}

static void value_goes_round(struct fixture *f, struct value_job *job)
{
    struct err e;
    if (!db_write_now(f->db, f->arena, value_write, job, &e))
        fail_msg("write: %s", e.why);
    assert_int_equal(job->changed, 1);
    if (!db_read(f->db, f->arena, value_read, job, &e))
        fail_msg("read: %s", e.why);
    assert_int_equal(job->out.id, job->in.id);
    assert_true(str_eq(job->out.name, job->in.name));
    assert_true(str_eq(job->out.words, job->in.words));
    assert_int_equal(job->out.words.p == NULL, job->in.words.p == NULL);
    assert_true(str_eq(job->out.mark, job->in.mark));
    assert_int_equal(job->out.mark.p == NULL, job->in.mark.p == NULL);
    assert_int_equal(job->out.number.is_set, job->in.number.is_set);
    assert_int_equal(job->out.number.v, job->in.number.is_set ? job->in.number.v : 0);
}

static void values_go_round(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    char *large = arena_take(f.arena, 4 * MiB);
    memset(large, 'z', 4 * MiB);
    struct value_job jobs[] = {
        {.in = {.id = 1, .name = STR("nothing")}},
        {.in = {2, STR("empty"), STR(""), STR(""), {true, 0}}},
        {.in = {3, STR("Айтыс «қ» 🐎"), STR("line\r\n\x01\x7f"), STR("a\0b\0"), {true, -1}}},
        {.in = {INT64_MAX, STR("x"), {large, 4 * MiB}, {large, 4 * MiB}, {true, INT64_MIN}}},
        {.in = {INT64_MIN, STR("'; DROP TABLE note; --"), STR("$1"), STR("\xff\xfe"), {true, 1}}},
    };
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
        value_goes_round(&f, &jobs[i]);
    fixture_close(&f);
}

static bool name_empty_work(struct tx *tx, void *context, struct err *e)
{
    (void)context;
    struct note_add_in in = {.id = 1, .name = STR_NONE};
    struct note_find_in find = {1};
    struct note_find_out found;
    bool is_found = false;
    if (!t_note_add(tx, &in, NULL, e) || !t_note_find(tx, &find, &found, &is_found, e))
        return false;
    assert_true(is_found);
    assert_int_equal(found.name.n, 0);
    assert_non_null(found.name.p);
    return true;
}

static void absent_text_is_empty_where_null_is_not_allowed(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    assert_true(db_write_now(f.db, f.arena, name_empty_work, NULL, &e));
    fixture_close(&f);
}

static void nul_in_text_is_refused(void **state)
{
    struct fixture f;
    struct err e;
    struct value_job job = {.in = {.id = 1, .name = STR("a\0b")}};
    (void)state;
    fixture_open(&f);
    assert_false(db_write_now(f.db, f.arena, value_write, &job, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_int_equal(note_total(&f), 0);
    fixture_close(&f);
}

/* What the four kinds of rows do with none, one and two. */
static bool rows_work(struct tx *tx, void *context, struct err *e)
{
    (void)context;
    struct note_get_in get = {.id = 99};
    struct note_get_out got;
    struct note_find_in find = {99};
    struct note_find_out found;
    struct note_list_in from = {2};
    struct note_list_out *rows = NULL;
    bool is_found = true;
    size_t n = 99;
    assert_false(t_note_get(tx, &get, &got, e));
    assert_int_equal(e->kind, ERR_MISSING);
    assert_true(t_note_find(tx, &find, &found, &is_found, e));
    assert_false(is_found);
    assert_true(t_note_list(tx, &from, &rows, &n, e));
    assert_int_equal(n, 2);
    assert_int_equal(rows[0].id, 2);
    assert_str(rows[1].name, "n3");
    from.from_id = 4;
    assert_true(t_note_list(tx, &from, &rows, &n, e));
    assert_int_equal(n, 0);
    assert_int_equal(tx_statements(tx), 4);
    return true;
}

static bool too_many_work(struct tx *tx, void *context, struct err *e)
{
    struct note_any_out any;
    bool is_found;
    (void)context;
    return t_note_any(tx, &any, &is_found, e);
}

static bool unexpected_null_work(struct tx *tx, void *context, struct err *e)
{
    struct note_words_in in = {1};
    struct note_words_out out;
    (void)context;
    return t_note_words(tx, &in, &out, e);
}

static void rows_are_as_said(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    for (int64_t id = 1; id <= 3; id++)
        note_must_add(&f, id);
    assert_true(db_read(f.db, f.arena, rows_work, NULL, &e));
    assert_false(db_read(f.db, f.arena, too_many_work, NULL, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_false(db_read(f.db, f.arena, unexpected_null_work, NULL, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_int_equal(note_total(&f), 3);
    fixture_close(&f);
}

static bool engine_work(struct tx *tx, void *context, struct err *e)
{
    return t_engine_name(tx, context, e);
}

static void each_engine_has_its_text(void **state)
{
    struct fixture f;
    struct err e;
    struct engine_name_out out;
    (void)state;
    fixture_open(&f);
    assert_true(db_read(f.db, f.arena, engine_work, &out, &e));
    assert_str(out.name, fixture_is_postgres() ? "postgres" : "sqlite");
    if (!db_check_statements(f.db, &e))
        fail_msg("%s", e.why);
    fixture_close(&f);
}

static bool limited_work(struct tx *tx, void *context, struct err *e)
{
    struct note_next_in next = {STR("x")};
    struct note_next_out row;
    struct note_drop_in drop = {1};
    (void)context;
    tx_limit_to(tx, DB_MODERATOR);
    tx_limit_to(tx, DB_SYSTEM);
    if (!t_note_next(tx, &next, &row, e))
        return false;
    assert_int_equal(row.id, 1);
    return t_note_drop(tx, &drop, NULL, e);
}

static bool write_in_read_work(struct tx *tx, void *context, struct err *e)
{
    struct note_add_in in = {.id = 1, .name = STR("a")};
    (void)context;
    return t_note_add(tx, &in, NULL, e);
}

static void statements_are_for_their_role(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    assert_false(db_write_now(f.db, f.arena, limited_work, NULL, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    assert_false(db_read(f.db, f.arena, write_in_read_work, NULL, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_int_equal(note_total(&f), 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_round),
        cmocka_unit_test(absent_text_is_empty_where_null_is_not_allowed),
        cmocka_unit_test(nul_in_text_is_refused),
        cmocka_unit_test(rows_are_as_said),
        cmocka_unit_test(each_engine_has_its_text),
        cmocka_unit_test(statements_are_for_their_role),
    };
    return RUN_TESTS(tests);
}
