/* Values from and to the generated structs, by the offsets in the statement's row. */
#include "db/inner.h"
#include "db/opt.h"

static struct db_value value_from(const struct db_column *column, const void *in)
{
    const char *at = (const char *)in + column->offset;
    struct db_value v = {.type = column->type};
    if (column->type != DB_INT) {
        memcpy(&v.s, at, sizeof v.s);
        v.is_null = column->may_be_null && !v.s.p;
    } else if (column->may_be_null) {
        struct opt_int n;
        memcpy(&n, at, sizeof n);
        v.is_null = !n.is_set;
        v.n = n.v;
    } else {
        memcpy(&v.n, at, sizeof v.n);
    }
    return v;
}

static void value_to(const struct db_column *column, const struct db_value *v, struct arena *arena,
                     void *out)
{
    char *at = (char *)out + column->offset;
    if (column->type != DB_INT) {
        struct str s = v->is_null ? STR_NONE : arena_copy(arena, v->s);
        memcpy(at, &s, sizeof s);
    } else if (column->may_be_null) {
        struct opt_int n = {!v->is_null, v->is_null ? 0 : v->n};
        memcpy(at, &n, sizeof n);
    } else {
        memcpy(at, &v->n, sizeof v->n);
    }
}

/* Where rows are gathered. */
struct rows {
    struct arena *arena;
    const struct db_statement *s;
    void *items; /* of s->out_bytes each */
    size_t n, capacity;
    size_t max;
};

static bool row_add(void *context, const struct db_value *values, struct err *e)
{
    struct rows *rows = context;
    const struct db_statement *s = rows->s;
    if (rows->n == rows->max)
        return err_set(e, ERR_BROKEN, 0, "statement %s gave more than one row", s->name);
    if (rows->max != 1)
        rows->items = arena_grow(rows->arena, rows->items, rows->n, &rows->capacity, s->out_bytes);
    char *item = (char *)rows->items + rows->n * s->out_bytes;
    memset(item, 0, s->out_bytes);
    for (size_t i = 0; i < s->n_out; i++)
        value_to(&s->out[i], &values[i], rows->arena, item);
    rows->n++;
    return true;
}

/* Runs a statement, its values from the struct `in`; rows NULL where none come. */
static bool typed_run(struct tx *tx, int number, const void *in, struct rows *rows,
                      int64_t *ret_changed, struct err *e)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    struct db_value values[DB_VALUES_MAX];
    MUST(s->n_in <= DB_VALUES_MAX && s->n_out <= DB_VALUES_MAX);
    for (size_t i = 0; i < s->n_in; i++)
        values[i] = value_from(&s->in[i], in);
    if (rows) {
        rows->s = s;
        rows->arena = tx->arena;
    }
    struct db_answer answer = {rows ? row_add : NULL, rows, ret_changed};
    return tx_ask(tx, number, values, &answer, e);
}

bool tx_none(struct tx *tx, int number, const void *in, int64_t *ret_changed, struct err *e)
{
    return typed_run(tx, number, in, NULL, ret_changed, e);
}

/* A row of its own first, so that ret_row is left alone on failure. */
bool tx_maybe(struct tx *tx, int number, const void *in, void *ret_row, bool *ret_found,
              struct err *e)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    struct rows rows = {.items = arena_take(tx->arena, s->out_bytes), .max = 1};
    if (!typed_run(tx, number, in, &rows, NULL, e))
        return false;
    if (rows.n)
        memcpy(ret_row, rows.items, s->out_bytes);
    *ret_found = rows.n == 1;
    return true;
}

bool tx_one(struct tx *tx, int number, const void *in, void *ret_row, struct err *e)
{
    bool found = false;
    if (!tx_maybe(tx, number, in, ret_row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "statement %s found no row",
                       tx->db->o.schema->statements[number].name);
    return true;
}

bool tx_many(struct tx *tx, int number, const void *in, void **ret_rows, size_t *ret_n,
             struct err *e)
{
    struct rows rows = {.max = SIZE_MAX};
    if (!typed_run(tx, number, in, &rows, NULL, e))
        return false;
    *ret_rows = rows.items;
    *ret_n = rows.n;
    return true;
}
