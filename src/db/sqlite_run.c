/* Statements on SQLite: made ready once for each connection, values in, rows out. */
#include "db/sqlite.h"

static enum err_kind kind_of(int rc)
{
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
        rc == SQLITE_CONSTRAINT_FOREIGNKEY || rc == SQLITE_CONSTRAINT_CHECK ||
        rc == SQLITE_CONSTRAINT_ROWID || rc == SQLITE_CONSTRAINT_TRIGGER)
        return ERR_CONFLICT;
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED || (rc & 0xff) == SQLITE_FULL ||
        (rc & 0xff) == SQLITE_INTERRUPT)
        return ERR_BUSY;
    return (rc & 0xff) == SQLITE_TOOBIG ? ERR_INVALID : ERR_BROKEN;
}

bool sqlite_fail(sqlite3 *handle, int rc, const char *what, struct err *e)
{
    const char *sentence = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);
    return err_set(e, kind_of(rc), 0, "%s: %s (%d)", what, sentence, rc);
}

bool sqlite_number(sqlite3 *handle, const char *sql, int64_t *ret_n, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
    int64_t n = 0;
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
            n = sqlite3_column_int64(stmt, 0);
    }
    bool ok = rc == SQLITE_DONE || sqlite_fail(handle, rc, sql, e);
    (void)sqlite3_finalize(stmt);
    if (ok && ret_n)
        *ret_n = n;
    return ok;
}

static const char *const fixed_sql[FIXED_STATEMENTS] = {
    [FIXED_BEGIN] = "BEGIN",
    [FIXED_BEGIN_IMMEDIATE] = "BEGIN IMMEDIATE",
    [FIXED_COMMIT] = "COMMIT",
    [FIXED_SAVEPOINT] = "SAVEPOINT job",
    [FIXED_RELEASE] = "RELEASE job",
    [FIXED_UNDO] = "ROLLBACK TO job",
    [FIXED_DATA_VERSION] = "PRAGMA data_version",
};

bool sqlite_fixed(struct sqlite_conn *c, enum sqlite_fixed which, int64_t *ret_n, struct err *e)
{
    sqlite3_stmt **stmt = &c->fixed[which];
    int rc = SQLITE_OK;
    if (!*stmt)
        rc = sqlite3_prepare_v3(c->handle, fixed_sql[which], -1, SQLITE_PREPARE_PERSISTENT, stmt,
                                NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(*stmt);
    if (rc == SQLITE_ROW && ret_n)
        *ret_n = sqlite3_column_int64(*stmt, 0);
    bool ok =
        rc == SQLITE_ROW || rc == SQLITE_DONE || sqlite_fail(c->handle, rc, fixed_sql[which], e);
    (void)sqlite3_reset(*stmt);
    return ok;
}

/* SQLite numbers "$2" by its place in the text; this finds the place of each. */
static bool parameters_map(const struct db_statement *s, struct sqlite_ready *ready, struct err *e)
{
    int n = sqlite3_bind_parameter_count(ready->stmt);
    if ((size_t)n != s->n_in || s->n_in > DB_VALUES_MAX)
        return err_set(e, ERR_BROKEN, 0, "statement %s has %d parameters, not %zu", s->name, n,
                       s->n_in);
    for (int i = 1; i <= n; i++) {
        int64_t number = 0;
        const char *name = sqlite3_bind_parameter_name(ready->stmt, i);
        if (!name || name[0] != '$' || !str_to_int64(str_of(name + 1), 1, n, &number))
            return err_set(e, ERR_BROKEN, 0, "statement %s: parameter %d is not $1 to $%d", s->name,
                           i, n);
        ready->index[number - 1] = (uint8_t)i;
    }
    return true;
}

bool sqlite_prepare(struct sqlite_conn *c, int number, struct sqlite_ready **ret_ready,
                    struct err *e)
{
    struct sqlite_ready *ready = &c->ready[number];
    if (!ready->stmt) {
        const struct db_statement *s = &c->base.db->o.schema->statements[number];
        struct sqlite_ready fresh = {.stmt = NULL};
        int rc =
            sqlite3_prepare_v3(c->handle, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh.stmt, NULL);
        if (rc != SQLITE_OK)
            return sqlite_fail(c->handle, rc, s->name, e);
        if (!parameters_map(s, &fresh, e)) {
            (void)sqlite3_finalize(fresh.stmt);
            return false;
        }
        *ready = fresh;
    }
    *ret_ready = ready;
    return true;
}

/* The bytes are borrowed: they stay where they are until the statement is reset. */
static int value_bind(sqlite3_stmt *stmt, int index, const struct db_value *v)
{
    const char *p = v->s.p ? v->s.p : "";
    if (v->is_null)
        return sqlite3_bind_null(stmt, index);
    switch (v->type) {
    case DB_INT:
        return sqlite3_bind_int64(stmt, index, v->n);
    case DB_TEXT:
        return sqlite3_bind_text64(stmt, index, p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(stmt, index, p, v->s.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static bool column_read(const struct db_statement *s, sqlite3_stmt *stmt, int i,
                        struct db_value *ret_v, struct err *e)
{
    static const int wanted[] = {
        [DB_INT] = SQLITE_INTEGER, [DB_TEXT] = SQLITE_TEXT, [DB_BLOB] = SQLITE_BLOB};
    const struct db_column *column = &s->out[i];
    int found = sqlite3_column_type(stmt, i);
    struct db_value v = {.type = column->type, .is_null = found == SQLITE_NULL};
    if (v.is_null && !column->may_be_null)
        return column_refuse(s, (size_t)i, "NULL", e);
    if (!v.is_null && found != wanted[column->type])
        return column_refuse(s, (size_t)i, "another type", e);
    if (!v.is_null && v.type == DB_INT) {
        v.n = sqlite3_column_int64(stmt, i);
    } else if (!v.is_null) {
        const void *p = v.type == DB_TEXT ? (const void *)sqlite3_column_text(stmt, i)
                                          : sqlite3_column_blob(stmt, i);
        v.s = (struct str){p ? p : "", (size_t)sqlite3_column_bytes(stmt, i)};
    }
    *ret_v = v;
    return true;
}

static bool rows_read(struct sqlite_conn *c, const struct db_statement *s, sqlite3_stmt *stmt,
                      const struct db_answer *answer, struct err *e)
{
    struct db_value values[DB_VALUES_MAX];
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if ((size_t)sqlite3_column_count(stmt) != s->n_out)
            return err_set(e, ERR_BROKEN, 0, "statement %s gives %d columns", s->name,
                           sqlite3_column_count(stmt));
        for (int i = 0; i < (int)s->n_out; i++) {
            if (!column_read(s, stmt, i, &values[i], e))
                return false;
        }
        if (!answer->row(answer->context, values, e))
            return false;
    }
    return rc == SQLITE_DONE || sqlite_fail(c->handle, rc, s->name, e);
}

bool sqlite_run(struct conn *base, int number, const struct db_value *in,
                const struct db_answer *answer, struct err *e)
{
    struct sqlite_conn *c = sqlite_of(base);
    const struct db_statement *s = &base->db->o.schema->statements[number];
    struct sqlite_ready *ready = NULL;
    if (!sqlite_prepare(c, number, &ready, e))
        return false;
    MUST(ready);
    int rc = SQLITE_OK;
    for (size_t i = 0; i < s->n_in && rc == SQLITE_OK; i++)
        rc = value_bind(ready->stmt, ready->index[i], &in[i]);
    bool ok = rc == SQLITE_OK ? rows_read(c, s, ready->stmt, answer, e)
                              : sqlite_fail(c->handle, rc, s->name, e);
    if (ok && answer->ret_changed)
        *answer->ret_changed = s->writes ? sqlite3_changes64(c->handle) : 0;
    (void)sqlite3_reset(ready->stmt);
    if (s->n_in)
        (void)sqlite3_clear_bindings(ready->stmt);
    return ok;
}
