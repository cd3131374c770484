/*
 * How SQLite carries out the statements: on an empty database, which has no statistics, so that
 * the plan is the same on every machine. Reading for readers neither scans nor sorts.
 */
#include <sqlite3.h>

#include "base/arena.h"
#include "store/statements.h"
#include "tests/lib/unit.h"

/* Steps that need no index: they walk a list that came as a value, or rows made on the way. */
static bool step_is_harmless(const char *step)
{
    static const char *const harmless[] = {
        "SCAN json_each", "SCAN l VIRTUAL TABLE", "SCAN day VIRTUAL TABLE", "SCAN CONSTANT ROW",
        "SCAN w",         "SCAN counted",         "SCAN undecided",         "SCAN copies"};
    for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
        if (strncmp(step, harmless[i], strlen(harmless[i])) == 0)
            return true;
    return false;
}

/* What sorts or lists a bounded number of rows, by statement. */
static bool step_is_bounded(const char *statement, const char *step)
{
    static const struct {
        const char *statement, *step, *why;
    } rows[] = {
        {"queue_marks", "USE TEMP B-TREE FOR count(DISTINCT)", "of 200 comments by one network"},
        {"campaign_size", "USE TEMP B-TREE FOR count(DISTINCT)", "of as many as are looked at"},
        {"report_distinct", "USE TEMP B-TREE FOR count(DISTINCT)", "of 1000 reports"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(statement, rows[i].statement) == 0 && strcmp(step, rows[i].step) == 0)
            return true;
    return false;
}

static sqlite3 *schema_make(void)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < store_schema.n_migrations; i++)
        assert_int_equal(sqlite3_exec(db, store_schema.migrations[i].sql, NULL, NULL, NULL),
                         SQLITE_OK);
    return db;
}

static sqlite3_stmt *plan_of(sqlite3 *db, struct arena *a, const struct db_statement *s)
{
    sqlite3_stmt *plan;
    struct str sql = arena_printf(a, "EXPLAIN QUERY PLAN %s", s->sql);
    if (sqlite3_prepare_v2(db, sql.p, (int)sql.n, &plan, NULL) != SQLITE_OK)
        fail_msg("%s: %s", s->name, sqlite3_errmsg(db));
    return plan;
}

static void readers_neither_scan_nor_sort(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    sqlite3 *db = schema_make();
    size_t bad = 0, seen = 0;
    for (size_t i = 0; i < store_schema.n_statements; i++) {
        const struct db_statement *s = &store_schema.statements[i];
        if (s->writes || s->least > DB_MODERATOR)
            continue;
        sqlite3_stmt *plan = plan_of(db, a, s);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            bool is_bad = strncmp(step, "SCAN", 4) == 0 || strstr(step, "TEMP B-TREE") ||
                          strstr(step, "AUTOMATIC") || strstr(step, "MATERIALIZE");
            if (is_bad && !step_is_harmless(step) && !step_is_bounded(s->name, step)) {
                print_message("# %s: %s\n", s->name, step);
                bad++;
            }
            seen++;
        }
        (void)sqlite3_finalize(plan);
    }
    assert_true(seen > 60);
    assert_int_equal(bad, 0);
    (void)sqlite3_close(db);
    arena_free(&a);
}

/* The pages of a conversation come from the index of their order and nothing else. */
static void pages_use_the_partial_indexes(void **state)
{
    (void)state;
    static const struct {
        int statement;
        const char *index;
    } rows[] = {
        {SQL_RANGE_DOWN, "comment_oldest (site=? AND thread=? AND path>? AND path<?)"},
        {SQL_RANGE_UP, "comment_oldest (site=? AND thread=? AND path>? AND path<?)"},
        {SQL_ROOTS_DOWN, "comment_newest (site=? AND thread=? AND root<?)"},
        {SQL_ROOTS_UP, "comment_newest (site=? AND thread=? AND root>?)"},
        {SQL_COMMENT_FEED, "comment_feed (site=? AND thread=?)"},
        {SQL_OWN_UNPLACED, "comment_commenter (site=? AND commenter=? AND thread=?)"},
        {SQL_QUEUE_REPORTED, "comment_reported (site=? AND created_s>?)"},
        {SQL_QUEUE_FEATURED, "comment_featured (site=? AND created_s<?)"},
        {SQL_QUEUE_ASKED, "opinion_at (site=? AND (at_s,comment)>(?,?))"},
        {SQL_QUEUE_OF_COMMENTER, "comment_history (site=? AND commenter=? AND created_s<?)"},
        {SQL_QUEUE_OF_CAMPAIGN, "comment_campaign (site=? AND campaign=? AND id>?)"},
        {SQL_QUEUE_ASIDE_OLDEST, "comment_aside (site=? AND thread=? AND state=? AND id>?)"},
        {SQL_QUEUE_ASIDE_NEWEST, "comment_aside (site=? AND thread=? AND state=? AND id<?)"},
        {SQL_QUEUE_PUBLIC, "comment_feed (site=? AND thread=? AND id<?)"},
        {SQL_QUEUE_OF_THREAD, "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
        {SQL_COMMENT_SAME_WORDS, "comment_words (site=? AND <expr>=? AND text_hash=? AND thread=?"},
        {SQL_COMMENT_CHAIN, "INTEGER PRIMARY KEY (rowid=?)"},
        {SQL_QUEUE_OLDEST, "comment_state (site=? AND state=? AND created_s>?)"},
        {SQL_QUEUE_NEWEST, "comment_state (site=? AND state=? AND created_s<?)"},
        {SQL_CARD_NEWEST, "edition_newest (site=? AND lang=? AND (published_s,article)<(?,?))"},
        {SQL_CARD_OF_SECTION, "edition_section (site=? AND lang=? AND section=? AND"},
        {SQL_CARD_OF_AUTHOR, "byline_author (site=? AND author=? AND lang=? AND"},
        {SQL_EDITION_BY_SLUG, "(site=? AND slug=? AND lang=?)"},
        {SQL_EDITION_LINKS, "(site=? AND article=?)"},
    };
    struct arena *a = arena_new(0);
    sqlite3 *db = schema_make();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct db_statement *s = &store_schema.statements[rows[i].statement];
        sqlite3_stmt *plan = plan_of(db, a, s);
        bool is_used = false;
        while (!is_used && sqlite3_step(plan) == SQLITE_ROW)
            is_used = strstr((const char *)sqlite3_column_text(plan, 3), rows[i].index) != NULL;
        if (!is_used)
            fail_msg("%s does not use %s", s->name, rows[i].index);
        (void)sqlite3_finalize(plan);
    }
    (void)sqlite3_close(db);
    arena_free(&a);
}

/* What the schema itself refuses, whoever asks. */
static void the_schema_refuses(void **state)
{
    (void)state;
    static const char *const fine[] = {
        "INSERT INTO decision (site, comment, seq, moderator, rule, action, from_state, to_state,"
        " reason, note, at_s) VALUES (1, 5, 1, 0, 'mode:held', 5, 0, 0, '', '', 9)",
        "INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust,"
        " until_s, at_s, reason, note) VALUES (1, zeroblob(16), 1, 7, 0, 0, 3, 0, 9, 'hate', '')",
        "INSERT INTO thread (id, site, mode) VALUES (1, 1, 0)",
        "INSERT INTO comment (id, site, thread, depth, root, path, state, placed, created_s,"
        " commenter, idem, text_hash, lang, name, text) VALUES (16777217, 1, 1, 1, 1, x'01', 1, 1,"
        " 9, zeroblob(16), zeroblob(16), zeroblob(16), 'en', 'A', 'B')",
    };
    static const char *const refused[] = {
        "UPDATE decision SET note = 'x'",
        "DELETE FROM decision",
        "UPDATE trust_change SET note = 'x'",
        "DELETE FROM trust_change",
        "UPDATE thread SET placed = -1",
        "UPDATE thread SET mode = 4",
        "UPDATE comment SET placed = 0",
        "UPDATE comment SET state = 4, withdrawn_by = 1",
        "UPDATE comment SET state = 4, text = '', name = '', text_hash = x''",
        "UPDATE comment SET depth = 33",
        "UPDATE comment SET state = 5",
    };
    sqlite3 *db = schema_make();
    for (size_t i = 0; i < ARRAY_LEN(fine); i++)
        assert_int_equal(sqlite3_exec(db, fine[i], NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (sqlite3_exec(db, refused[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
            fail_msg("not refused: %s", refused[i]);
    (void)sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_neither_scan_nor_sort),
        cmocka_unit_test(pages_use_the_partial_indexes),
        cmocka_unit_test(the_schema_refuses),
    };
    return RUN_TESTS(tests);
}
