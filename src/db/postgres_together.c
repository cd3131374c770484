/*
 * Many runs of a statement as one, with a list of each value: arrays in the server's binary form,
 * which are dimensions, whether any is NULL, the elements' type; for each dimension its size and
 * first index; then for each element its length (-1: NULL) and bytes, all in network order.
 */
#include "db/postgres.h"

#include <endian.h>
#include <limits.h>

#define HEAD_BYTES 20
#define LENGTH_BYTES 4

static void number_put(struct buf *b, int32_t n)
{
    uint32_t bytes = htobe32((uint32_t)n);
    buf_put(b, (struct str){(const char *)&bytes, sizeof bytes});
}

static void element_put(struct buf *b, const struct db_value *v)
{
    uint64_t number = htobe64((uint64_t)v->n);
    struct str bytes =
        v->type == DB_INT ? (struct str){(const char *)&number, sizeof number} : v->s;
    number_put(b, v->is_null ? -1 : (int32_t)bytes.n);
    if (!v->is_null)
        buf_put(b, bytes);
}

static size_t element_bytes(const struct db_value *v)
{
    return LENGTH_BYTES + (v->is_null ? 0 : v->type == DB_INT ? sizeof v->n : v->s.n);
}

/* The values of one column: every `step`th of them. */
static bool array_make(struct arena *a, const struct db_value *values, size_t n, size_t step,
                       struct str *ret_array, struct err *e)
{
    size_t bytes = HEAD_BYTES;
    bool has_null = false;
    for (size_t i = 0; i < n; i++) {
        bytes += element_bytes(&values[i * step]);
        has_null |= values[i * step].is_null;
    }
    if (bytes > INT_MAX)
        return err_set(e, ERR_INVALID, 0, "%zu bytes are too many for one list", bytes);
    struct buf b = buf_in(a, bytes);
    (void)buf_room(&b, bytes);
    number_put(&b, 1);
    number_put(&b, has_null);
    number_put(&b, (int32_t)pg_oid_of(values[0].type));
    number_put(&b, (int32_t)n);
    number_put(&b, 1);
    for (size_t i = 0; i < n; i++)
        element_put(&b, &values[i * step]);
    *ret_array = buf_str(&b);
    return true;
}

bool pg_run_together(struct conn *base, int number, const struct db_value *values, size_t n,
                     struct err *e)
{
    struct pg_conn *c = pg_of(base);
    const struct db_statement *s = &base->db->o.schema->statements[number];
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const char *arrays[DB_VALUES_MAX];
    int lengths[DB_VALUES_MAX], formats[DB_VALUES_MAX];
    for (size_t i = 0; i < s->n_in; i++) {
        struct str array = STR_NONE;
        if (!array_make(a, &values[i], n, s->n_in, &array, e))
            return false;
        arrays[i] = array.p;
        lengths[i] = (int)array.n;
        formats[i] = 1;
    }
    if (!pg_prepare(c, number, PG_TOGETHER, e))
        return false;
    char name[PG_NAME_BYTES];
    pg_statement_name(number, PG_TOGETHER, name);
    if (!pq.PQsendQueryPrepared(c->pg, name, (int)s->n_in, arrays, lengths, formats, 1))
        return pg_lost(c, s->name, e);
    c->n_late++;
    return true;
}
