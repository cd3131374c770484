#include "tests/bench/bare.h"

#include <err.h>

#include "base/must.h"

void bare_open(struct bare *b, const char *path)
{
    if (sqlite3_open_v2(path, &b->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        errx(1, "%s: %s", path, sqlite3_errmsg(b->handle));
    b->ready = calloc(store_schema.n_statements, sizeof *b->ready);
    MUST(b->ready != NULL);
}

void bare_close(struct bare *b)
{
    for (size_t i = 0; i < store_schema.n_statements; i++)
        (void)sqlite3_finalize(b->ready[i].stmt);
    free(b->ready);
    if (sqlite3_close(b->handle) != SQLITE_OK)
        errx(1, "%s", sqlite3_errmsg(b->handle));
}

static sqlite3_stmt *prepare(struct bare *b, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(b->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        errx(1, "%s: %s", sql, sqlite3_errmsg(b->handle));
    return stmt;
}

static int64_t run(struct bare *b, sqlite3_stmt *stmt)
{
    int64_t n = 0;
    int rc, rows = 0;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (rows++ == 0)
            n = sqlite3_column_int64(stmt, 0);
    }
    if (rc != SQLITE_DONE)
        errx(1, "%s: %s", sqlite3_sql(stmt), sqlite3_errmsg(b->handle));
    (void)sqlite3_reset(stmt);
    return n;
}

int64_t bare_number(struct bare *b, const char *sql)
{
    sqlite3_stmt *stmt = prepare(b, sql);
    int64_t n = run(b, stmt);
    (void)sqlite3_finalize(stmt);
    return n;
}

static struct bare_ready *ready_get(struct bare *b, int statement)
{
    struct bare_ready *r = &b->ready[statement];
    if (r->stmt)
        return r;
    const struct db_statement *s = &store_schema.statements[statement];
    r->stmt = prepare(b, s->sql);
    for (size_t i = 0; i < s->n_in; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "$%zu", i + 1);
        r->index[i] = sqlite3_bind_parameter_index(r->stmt, name);
    }
    return r;
}

int64_t bare_put(struct bare *b, int statement, const void *in)
{
    struct bare_ready *r = ready_get(b, statement);
    const struct db_statement *s = &store_schema.statements[statement];
    for (size_t i = 0; i < s->n_in; i++) {
        const char *at = (const char *)in + s->in[i].offset;
        int rc;
        if (s->in[i].type == DB_INT) {
            rc = sqlite3_bind_int64(r->stmt, r->index[i], *(const int64_t *)(const void *)at);
        } else {
            const struct str *v = (const struct str *)(const void *)at;
            const char *p = v->p ? v->p : "";
            rc =
                s->in[i].type == DB_TEXT
                    ? sqlite3_bind_text64(r->stmt, r->index[i], p, v->n, SQLITE_STATIC, SQLITE_UTF8)
                    : sqlite3_bind_blob64(r->stmt, r->index[i], p, v->n, SQLITE_STATIC);
        }
        MUST(rc == SQLITE_OK);
    }
    return run(b, r->stmt);
}

struct str bare_bytes(const void *p, size_t n)
{
    return (struct str){p, n};
}
