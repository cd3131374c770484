#include "port/copy.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/must.h"
#include "port/copy_tables.h"
#include "store/statements.h"

#define ROW_BYTES_MAX (64 * MiB)

/* What became of a table in this run. */
struct progress {
    int64_t n_sent; /* rows */
    bool is_told;
};

struct copying {
    struct db *from, *to;
    const struct copy_told *told;
    const struct copy_table *tables;
    size_t n_tables;
    struct progress *progress; /* of each table */
    int64_t source;            /* tells newsrooms apart */
};

/* Rows of one table, read after a key. */
struct rows {
    const struct copy_table *t;
    struct arena *arena;
    struct db_value after[COPY_KEY_MAX];
    struct db_value **rows;
    size_t n, capacity;
};

static const struct db_statement *statement_of(int number)
{
    return &store_schema.statements[number];
}

static bool rows_take(void *context, const struct db_value *values, UNUSED struct err *e)
{
    struct rows *r = context;
    size_t n = statement_of(r->t->get)->n_out;
    struct db_value *row = ARENA_ARRAY(r->arena, struct db_value, n);
    for (size_t i = 0; i < n; i++) {
        row[i] = values[i];
        if (row[i].type != DB_INT && !row[i].is_null)
            row[i].s = arena_copy(r->arena, values[i].s);
    }
    *ARENA_PUSH(r->arena, r->rows, r->n, r->capacity) = row;
    return true;
}

static bool rows_get(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    struct db_value in[COPY_KEY_MAX + 1];
    memcpy(in, r->after, r->t->n_key * sizeof *in);
    in[r->t->n_key] = (struct db_value){.type = DB_INT, .n = r->t->n_batch};
    const struct db_answer answer = {.row = rows_take, .context = r};
    return tx_ask(tx, r->t->get, in, &answer, e);
}

static bool rows_put(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    for (size_t i = 0; i < r->n; i++) {
        if (!tx_ask(tx, r->t->put, r->rows[i], &(struct db_answer){0}, e))
            return false;
    }
    return true;
}

static bool rows_drop(struct tx *tx, void *context, struct err *e)
{
    const struct rows *r = context;
    return tx_ask(tx, r->t->drop, r->rows[r->n - 1], &(struct db_answer){0}, e); /* the key first */
}

/* Before every key there is: none has the least integer. */
static void rows_from_start(struct rows *r)
{
    const struct db_statement *s = statement_of(r->t->get);
    for (size_t i = 0; i < r->t->n_key; i++)
        r->after[i] = (struct db_value){.type = s->in[i].type, .n = INT64_MIN, .s = STR("")};
}

static bool last_take(void *context, const struct db_value *values, UNUSED struct err *e)
{
    struct rows *r = context;
    for (size_t i = 0; i < r->t->n_key; i++) {
        r->after[i] = values[i];
        if (values[i].type != DB_INT)
            r->after[i].s = arena_copy(r->arena, values[i].s);
    }
    return true;
}

static bool last_get(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    const struct db_answer answer = {.row = last_take, .context = r};
    return tx_ask(tx, r->t->last, NULL, &answer, e);
}

/* Goes on behind the batch; the key outlives its arena in the other one. */
static void rows_advance(struct rows *r, struct arena *next)
{
    const struct db_value *row = r->rows[r->n - 1];
    for (size_t i = 0; i < r->t->n_key; i++) {
        r->after[i] = row[i];
        if (row[i].type != DB_INT)
            r->after[i].s = arena_copy(next, row[i].s);
    }
    r->rows = NULL;
    r->n = r->capacity = 0;
    r->arena = next;
}

/* Calls each batch of a table with its rows. */
typedef bool on_batch(void *context, struct rows *r, struct err *e);

static bool rows_walk(struct db *db, struct rows *r, on_batch *batch, void *context, struct err *e)
{
    bool goes_on = true;
    struct arena *a = r->arena;
    while (goes_on) {
        bool ok = db_read(db, a, rows_get, r, e) && (r->n == 0 || batch(context, r, e));
        goes_on = ok && r->n > 0;
        struct arena *next = goes_on ? arena_new(0) : NULL;
        if (goes_on)
            rows_advance(r, next);
        arena_free(&a);
        if (!ok)
            return false;
        a = next;
    }
    return true;
}

static bool batch_store(void *context, struct rows *r, struct err *e)
{
    const struct copying *k = context;
    if (!db_write_now(k->to, r->arena, rows_put, r, e))
        return false;
    k->progress[r->t - k->tables].n_sent += (int64_t)r->n;
    return true;
}

static bool batch_drop(void *context, struct rows *r, struct err *e)
{
    const struct copying *k = context;
    return db_write_now(k->to, r->arena, rows_drop, r, e);
}

/* Goes on behind the last row of the copy, where that can be told. */
static bool table_copy(const struct copying *k, const struct copy_table *t, struct err *e)
{
    struct rows r = {.t = t, .arena = arena_new(0)};
    rows_from_start(&r);
    if (t->last != COPY_NO_STATEMENT && !db_read(k->to, r.arena, last_get, &r, e)) {
        arena_free(&r.arena);
        return false;
    }
    return rows_walk(k->from, &r, batch_store, (void *)(uintptr_t)k, e) ||
           err_where(e, "table %s", t->name);
}

/* Rows that came, changed or went anywhere in the table: what is never changed is only added to. */
static bool table_copy_anew(const struct copying *k, const struct copy_table *t, struct err *e)
{
    struct rows old = {.t = t}, r = {.t = t};
    if (t->drop != COPY_NO_STATEMENT) {
        old.arena = arena_new(0);
        rows_from_start(&old);
        if (!rows_walk(k->to, &old, batch_drop, (void *)(uintptr_t)k, e))
            return err_where(e, "table %s", t->name);
    }
    r.arena = arena_new(0);
    rows_from_start(&r);
    return rows_walk(k->from, &r, batch_store, (void *)(uintptr_t)k, e) ||
           err_where(e, "table %s", t->name);
}

/* ---- What a table holds ---------------------------------------------------------------------- */

/* A sum of the rows' hashes: engines order text differently. */
struct content {
    int64_t n;
    uint64_t sums[HASH_BYTES / sizeof(uint64_t)];
};

static bool batch_sum(void *context, struct rows *r, struct err *e)
{
    struct content *c = context;
    size_t n_out = statement_of(r->t->get)->n_out;
    for (size_t i = 0; i < r->n; i++) {
        struct buf b = buf_in(r->arena, ROW_BYTES_MAX);
        for (size_t k = 0; k < n_out; k++) {
            const struct db_value *v = &r->rows[i][k];
            struct str text = v->type == DB_INT || v->is_null ? STR_NONE : v->s;
            buf_printf(&b, "%d%d %" PRId64 " %zu:", (int)v->type, v->is_null,
                       v->type == DB_INT && !v->is_null ? v->n : 0, text.n);
            buf_put(&b, text);
        }
        if (!buf_ok(&b))
            return err_set(e, ERR_TOO_LARGE, 0, "a row of table %s is too large", r->t->name);
        struct hash h = hash_of(buf_str(&b));
        uint64_t parts[HASH_BYTES / sizeof(uint64_t)];
        memcpy(parts, h.b, sizeof parts);
        for (size_t k = 0; k < ARRAY_LEN(parts); k++)
            c->sums[k] += parts[k];
        c->n++;
    }
    return true;
}

static bool table_sum(struct db *db, const struct copy_table *t, struct content *ret_content,
                      struct err *e)
{
    struct rows r = {.t = t, .arena = arena_new(0)};
    rows_from_start(&r);
    *ret_content = (struct content){0};
    return rows_walk(db, &r, batch_sum, ret_content, e) || err_where(e, "table %s", t->name);
}

static bool table_compare(const struct copying *k, const struct copy_table *t, bool *ret_same,
                          struct content *ret_from, struct content *ret_to, struct err *e)
{
    if (!table_sum(k->from, t, ret_from, e) || !table_sum(k->to, t, ret_to, e))
        return false;
    *ret_same = ret_from->n == ret_to->n &&
                memcmp(ret_from->sums, ret_to->sums, sizeof ret_from->sums) == 0;
    struct progress *progress = &k->progress[t - k->tables];
    if (*ret_same && !progress->is_told)
        k->told->table(k->told->context, t->name, ret_from->n, progress->n_sent);
    progress->is_told = progress->is_told || *ret_same;
    return true;
}

/* All that was copied is the same now, or somebody writes at this moment. */
static bool tables_compare(const struct copying *k, struct err *e)
{
    for (size_t i = 0; i < k->n_tables; i++) {
        struct content from, to;
        bool is_same;
        if (!table_compare(k, &k->tables[i], &is_same, &from, &to, e))
            return false;
        if (!is_same)
            return err_set(e, ERR_CONFLICT, 0,
                           "table %s differs from its copy (%" PRId64 " rows, %" PRId64
                           "): something wrote to one of them meanwhile. Stop every server and "
                           "command that uses either and run this again: what differs is copied "
                           "anew. If that does not help, " COPY_EMPTY_FIRST,
                           k->tables[i].name, from.n, to.n);
    }
    return true;
}

/*
 * Since a copy was interrupted the newsroom may have been served, and written to anywhere. ret_same
 * is false when anything had to be copied anew.
 */
static bool tables_mend(const struct copying *k, bool *ret_same, struct err *e)
{
    bool all_same = true;
    for (size_t i = 0; i < k->n_tables; i++) {
        const struct copy_table *t = &k->tables[i];
        struct content from, to;
        bool is_same;
        if (!table_compare(k, t, &is_same, &from, &to, e))
            return false;
        if (is_same)
            continue;
        k->told->anew(k->told->context, t->name);
        if (!table_copy_anew(k, t, e))
            return false;
        all_same = false;
    }
    *ret_same = all_same;
    return true;
}

/* ---- Which newsroom, and how far it is ------------------------------------------------------- */

/* Notes in the target while a copy is unfinished. */
struct notes {
    bool is_there;
    int64_t source, table;
};

static bool notes_get(struct tx *tx, void *context, struct err *e)
{
    struct notes *notes = context;
    struct copy_note_list_out *rows;
    size_t n;
    if (!sql_copy_note_list(tx, &rows, &n, e))
        return false;
    notes->is_there = n == 2;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].name, STR("source")))
            notes->source = rows[i].next_id;
        else
            notes->table = rows[i].next_id;
    }
    return true;
}

static bool notes_put(struct tx *tx, void *context, struct err *e)
{
    const struct notes *notes = context;
    struct copy_note_put_in source = {STR("source"), notes->source};
    struct copy_note_put_in table = {STR("table"), notes->table};
    return sql_copy_note_put(tx, &source, NULL, e) && sql_copy_note_put(tx, &table, NULL, e);
}

static bool notes_drop(struct tx *tx, UNUSED void *context, struct err *e)
{
    return sql_copy_note_drop(tx, NULL, e);
}

static bool note(const struct copying *k, int64_t table, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct notes notes = {.source = k->source, .table = table};
    return db_write_now(k->to, a, notes_put, &notes, e);
}

/* A target that holds rows was begun by a copy of this newsroom, or is refused. */
static bool target_check(const struct copying *k, struct notes *notes, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    *notes = (struct notes){0};
    if (!db_read(k->to, a, notes_get, notes, e))
        return false;
    if (notes->is_there && notes->source != k->source)
        return err_set(e, ERR_CONFLICT, 0,
                       "the target holds an unfinished copy of another newsroom, or of this one "
                       "before its keys were changed. To give that up, " COPY_EMPTY_FIRST);
    for (size_t i = 0; i < k->n_tables && !notes->is_there; i++) {
        struct rows r = {.t = &k->tables[i], .arena = a};
        rows_from_start(&r);
        if (!db_read(k->to, a, rows_get, &r, e))
            return false;
        if (r.n > 0)
            return err_set(e, ERR_CONFLICT, 0, "the target holds a newsroom already");
    }
    return true;
}

/* The secrets are random and made once: their hash is the newsroom's name here. */
static bool source_check(struct copying *k, struct err *e)
{
    struct content secrets;
    if (!table_sum(k->from, &k->tables[0], &secrets, e))
        return false;
    if (secrets.n == 0)
        return err_set(e, ERR_MISSING, 0, "there is no newsroom to copy");
    k->source = (int64_t)(secrets.sums[0] >> 1);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct notes notes = {0};
    if (!db_read(k->from, a, notes_get, &notes, e))
        return false;
    return !notes.is_there ||
           err_set(e, ERR_CONFLICT, 0, "what is to be copied is an unfinished copy itself");
}

bool copy_newsroom(struct db *from, struct db *to, const struct copy_told *told, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct copying k = {.from = from, .to = to, .told = told};
    k.tables = copy_tables(&k.n_tables);
    k.progress = ARENA_ARRAY(a, struct progress, k.n_tables);
    struct notes notes;
    if (!copy_tables_check(from, e) || !source_check(&k, e) || !target_check(&k, &notes, e))
        return false;
    for (size_t i = (size_t)notes.table; i < k.n_tables; i++) {
        if (!note(&k, (int64_t)i, e) || !table_copy(&k, &k.tables[i], e))
            return false;
    }
    bool is_same = false;
    if (notes.is_there && !tables_mend(&k, &is_same, e))
        return false;
    if (!is_same && !tables_compare(&k, e))
        return false;
    return db_write_now(to, a, notes_drop, NULL, e);
}
