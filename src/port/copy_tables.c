#include "port/copy_tables.h"

#include "base/arena.h"
#include "store/statements.h"

#define NONE COPY_NO_STATEMENT
#define WAYS(id) SQL_COPY_##id##_GET, SQL_COPY_##id##_PUT
#define LAST(id) SQL_COPY_##id##_LAST /* NONE: its key is text, which engines order differently */
#define DROP(id) SQL_COPY_##id##_DROP /* NONE: only ever added to, and the database sees to it */

/* The counters last: they make a newsroom of the database. */
static const struct copy_table tables[] = {
    {"secret", WAYS(SECRET), NONE, DROP(SECRET), 2, 500},
    {"thread", WAYS(THREAD), LAST(THREAD), DROP(THREAD), 2, 500},
    {"article", WAYS(ARTICLE), LAST(ARTICLE), DROP(ARTICLE), 2, 500},
    {"section", WAYS(SECTION), NONE, DROP(SECTION), 3, 500},
    {"standing", WAYS(STANDING), NONE, DROP(STANDING), 3, 100},
    {"picture", WAYS(PICTURE), LAST(PICTURE), DROP(PICTURE), 2, 500},
    {"picture_file", WAYS(PICTURE_FILE), LAST(PICTURE_FILE), DROP(PICTURE_FILE), 3, 8},
    {"edition", WAYS(EDITION), NONE, DROP(EDITION), 3, 100},
    {"moved", WAYS(MOVED), NONE, DROP(MOVED), 3, 500},
    {"byline", WAYS(BYLINE), NONE, DROP(BYLINE), 4, 500},
    {"edition_picture", WAYS(EDITION_PICTURE), NONE, DROP(EDITION_PICTURE), 4, 500},
    {"protected_name", WAYS(PROTECTED_NAME), NONE, DROP(PROTECTED_NAME), 2, 500},
    {"commenter", WAYS(COMMENTER), LAST(COMMENTER), DROP(COMMENTER), 2, 500},
    {"comment", WAYS(COMMENT), LAST(COMMENT), DROP(COMMENT), 2, 500},
    {"rating", WAYS(RATING), LAST(RATING), DROP(RATING), 3, 500},
    {"moderator", WAYS(MODERATOR), LAST(MODERATOR), DROP(MODERATOR), 2, 500},
    {"session", WAYS(SESSION), LAST(SESSION), DROP(SESSION), 2, 500},
    {"decision", WAYS(DECISION), LAST(DECISION), NONE, 3, 500},
    {"trust_change", WAYS(TRUST_CHANGE), LAST(TRUST_CHANGE), NONE, 3, 500},
    {"arrival", WAYS(ARRIVAL), LAST(ARRIVAL), DROP(ARRIVAL), 2, 500},
    {"batch", WAYS(BATCH), LAST(BATCH), DROP(BATCH), 2, 500},
    {"campaign", WAYS(CAMPAIGN), LAST(CAMPAIGN), DROP(CAMPAIGN), 2, 500},
    {"control", WAYS(CONTROL), NONE, DROP(CONTROL), 2, 500},
    {"kept_words", WAYS(KEPT_WORDS), LAST(KEPT_WORDS), DROP(KEPT_WORDS), 2, 500},
    {"ledger", WAYS(LEDGER), LAST(LEDGER), NONE, 2, 500},
    {"ledger_head", WAYS(LEDGER_HEAD), LAST(LEDGER_HEAD), NONE, 2, 500},
    {"opinion", WAYS(OPINION), LAST(OPINION), DROP(OPINION), 2, 500},
    {"passkey", WAYS(PASSKEY), LAST(PASSKEY), DROP(PASSKEY), 2, 500},
    {"reason", WAYS(REASON), NONE, DROP(REASON), 2, 500},
    {"reason_text", WAYS(REASON_TEXT), NONE, DROP(REASON_TEXT), 3, 500},
    {"recovery_code", WAYS(RECOVERY_CODE), LAST(RECOVERY_CODE), DROP(RECOVERY_CODE), 3, 500},
    {"report", WAYS(REPORT), LAST(REPORT), DROP(REPORT), 3, 500},
    {"rule", WAYS(RULE), LAST(RULE), DROP(RULE), 2, 500},
    {"team_note", WAYS(TEAM_NOTE), LAST(TEAM_NOTE), DROP(TEAM_NOTE), 2, 500},
    {"thread_message", WAYS(THREAD_MESSAGE), NONE, DROP(THREAD_MESSAGE), 3, 500},
    {"counter", WAYS(COUNTER), NONE, DROP(COUNTER), 2, 500},
};

/* What is of no use in another place. */
static const char *const left_out[] = {
    "claim",            /* who works on a card just now */
    "network_key",      /* must be in no copy: docs/operator/scaling.md */
    "schema_migration", /* PostgreSQL's own way to know its schema's version */
    "search_todo",      /* filled by the target's triggers */
};

const struct copy_table *copy_tables(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(tables);
    return tables;
}

static const struct copy_table *table_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        if (str_eq(name, str_of(tables[i].name)))
            return &tables[i];
    }
    return NULL;
}

static bool is_left_out(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(left_out); i++) {
        if (str_eq(name, str_of(left_out[i])))
            return true;
    }
    return false;
}

static bool has_column(const struct copy_table *t, struct str name)
{
    const struct db_statement *s = &store_schema.statements[t->get];
    for (size_t i = 0; i < s->n_out; i++) {
        if (str_eq(name, str_of(s->out[i].name)))
            return true;
    }
    return false;
}

static bool columns_check(struct tx *tx, UNUSED void *context, struct err *e)
{
    struct copy_column_list_out *c;
    size_t n;
    if (!sql_copy_column_list(tx, &c, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (is_left_out(c[i].table_name))
            continue;
        const struct copy_table *t = table_find(c[i].table_name);
        if (!t)
            return err_set(e, ERR_INVALID, 0,
                           "the table " STR_FMT " is not known and would not be copied: "
                           "if it is not Aitys's, move it to another database or schema",
                           STR_ARG(c[i].table_name));
        if (!has_column(t, c[i].name))
            return err_set(e, ERR_INVALID, 0,
                           "the column " STR_FMT " of the table %s is not known and would not be "
                           "copied",
                           STR_ARG(c[i].name), t->name);
    }
    return true;
}

bool copy_tables_check(struct db *db, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    return db_read(db, a, columns_check, NULL, e);
}
