/* Statements on PostgreSQL: sent in a pipeline, values in binary, answers read when needed. */
#include "db/postgres.h"

#include <endian.h>
#include <limits.h>

/* Types as the server numbers them (pg_type.h). */
enum oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BYTEA_LIST = 1001,
    OID_TEXT_LIST = 1009,
    OID_INT8_LIST = 1016,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
};

/* Errors that a caller can act upon, by the beginning of their SQLSTATE; the first that fits. The
 * library's own errors, which carry none, tell of a connection that broke. */
static const struct {
    const char *begins;
    enum err_kind kind;
} kinds[] = {
    {"23502", ERR_BROKEN},  /* NOT NULL: our own mistake */
    {"23", ERR_CONFLICT},   /* other constraints */
    {"22021", ERR_INVALID}, /* not UTF-8 */
    {"54", ERR_INVALID},    /* too large for the server */
    {"08", ERR_BUSY},       /* the connection */
    {"25006", ERR_BUSY},    /* only reads: a standby */
    {"40", ERR_BUSY},       /* deadlock, serialisation */
    {"53", ERR_BUSY},       /* disk, memory, connections */
    {"55P03", ERR_BUSY},    /* locked too long */
    {"57", ERR_BUSY},       /* cancelled, shutting down */
    {"58", ERR_BUSY},       /* the server's system: a disk that fails */
};

static enum err_kind kind_of(struct str state)
{
    if (state.n == 0)
        return ERR_BUSY;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_begins(state, str_of(kinds[i].begins)))
            return kinds[i].kind;
    }
    return ERR_BROKEN;
}

/* The sentence of a data error may quote a value, so only those about our own SQL are shown. */
bool pg_fail(const PGresult *r, const char *what, struct err *e)
{
    struct str state = str_of(pq.PQresultErrorField(r, PG_DIAG_SQLSTATE));
    struct str constraint = str_of(pq.PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME));
    struct str sentence = STR_NONE;
    if (!str_begins(state, STR("22")) && !str_begins(state, STR("23")))
        sentence = str_of(pq.PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
    return err_set(e, kind_of(state), 0, "%s: SQLSTATE " STR_FMT " " STR_FMT STR_FMT, what,
                   STR_ARG(state), STR_ARG(constraint), STR_ARG(sentence));
}

/* What this connection still brings about is told as if another node had done it. */
static void mark_drop(struct pg_conn *c)
{
    struct pg_keeper *keeper = c->base.db->engine_own;
    if (c->mark)
        atomic_store(&keeper->writer_mark, 0);
    c->mark = 0;
}

bool pg_lost(struct pg_conn *c, const char *what, struct err *e)
{
    (void)err_set(e, ERR_BUSY, 0, "%s: the connection to the server is lost", what);
    pq.PQfinish(c->pg);
    c->pg = NULL;
    mark_drop(c);
    c->is_begun = false;
    c->n_late = c->n_syncs = 0;
    return false;
}

bool pg_send_fixed(struct pg_conn *c, enum pg_fixed which, struct err *e)
{
    char name[PG_NAME_BYTES];
    (void)snprintf(name, sizeof name, "fixed%d", (int)which);
    if (!c->pg || !pq.PQsendQueryPrepared(c->pg, name, 0, NULL, NULL, NULL, 1))
        return pg_lost(c, "send", e);
    return true;
}

/* The results of the last commands, as many as there is room for. */
struct results {
    PGresult **r;
    size_t n, max;
};

static void results_clear(struct results *results)
{
    for (size_t i = 0; i < results->n; i++)
        pq.PQclear(results->r[i]);
    results->n = 0;
}

static void results_add(struct results *results, PGresult *r)
{
    if (results->n == results->max) {
        pq.PQclear(results->r[0]);
        memmove(results->r, results->r + 1, --results->n * sizeof(PGresult *));
    }
    results->r[results->n++] = r;
}

/* As pg_exchange; on failure the results are empty. */
static bool exchange(struct pg_conn *c, const char *what, struct results *results, struct err *e)
{
    bool ok = true;
    c->was_warned = false;
    if (!c->pg || !pq.PQpipelineSync(c->pg))
        return pg_lost(c, what, e);
    for (size_t n_syncs = c->n_syncs + 1; n_syncs > 0;) {
        bool is_heard = pg_await(c);
        PGresult *r = is_heard ? pq.PQgetResult(c->pg) : NULL;
        if (is_heard && !r && pq.PQstatus(c->pg) == CONNECTION_OK)
            continue; /* the end of one command's answer */
        ExecStatusType status = pq.PQresultStatus(r);
        if (!r || pq.PQstatus(c->pg) != CONNECTION_OK) {
            pq.PQclear(r);
            results_clear(results);
            return pg_lost(c, what, e);
        }
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            results_add(results, r);
            continue;
        }
        n_syncs -= status == PGRES_PIPELINE_SYNC;
        if (ok && status != PGRES_PIPELINE_SYNC)
            ok = pg_fail(r, what, e);
        pq.PQclear(r);
    }
    c->n_late = c->n_syncs = 0;
    if (!ok)
        results_clear(results);
    return ok;
}

bool pg_exchange(struct pg_conn *c, const char *what, PGresult **ret_last, struct err *e)
{
    PGresult *last = NULL;
    struct results results = {&last, 0, 1};
    bool ok = exchange(c, what, &results, e);
    if (ok && ret_last)
        *ret_last = last;
    else
        results_clear(&results);
    return ok;
}

Oid pg_oid_of(enum db_type type)
{
    static const Oid oids[] = {[DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BLOB] = OID_BYTEA};
    return oids[type];
}

static Oid list_oid_of(enum db_type type)
{
    static const Oid oids[] = {
        [DB_INT] = OID_INT8_LIST, [DB_TEXT] = OID_TEXT_LIST, [DB_BLOB] = OID_BYTEA_LIST};
    return oids[type];
}

void pg_statement_name(int number, enum pg_text which, char ret_name[static PG_NAME_BYTES])
{
    (void)snprintf(ret_name, PG_NAME_BYTES, which == PG_TOGETHER ? "together%d" : "statement%d",
                   number);
}

static const char *text_of(const struct db_statement *s, enum pg_text which)
{
    if (which == PG_TOGETHER)
        return s->sql_together;
    return s->sql_postgres ? s->sql_postgres : s->sql;
}

bool pg_prepare(struct pg_conn *c, int number, enum pg_text which, struct err *e)
{
    const struct db_statement *s = &c->base.db->o.schema->statements[number];
    bool *is_prepared = &c->is_prepared[number * PG_TEXTS + which];
    char name[PG_NAME_BYTES];
    Oid types[DB_VALUES_MAX];
    if (c->pg && *is_prepared)
        return true;
    for (size_t i = 0; i < s->n_in; i++)
        types[i] = which == PG_TOGETHER ? list_oid_of(s->in[i].type) : pg_oid_of(s->in[i].type);
    pg_statement_name(number, which, name);
    if (!c->pg || !pq.PQsendPrepare(c->pg, name, text_of(s, which), (int)s->n_in, types))
        return pg_lost(c, s->name, e);
    if (!pg_exchange(c, s->name, NULL, e))
        return false;
    *is_prepared = true;
    return true;
}

/* Values as libpq takes them; numbers lie in network order in `numbers`. */
struct sent {
    const char *values[DB_VALUES_MAX];
    int lengths[DB_VALUES_MAX];
    int formats[DB_VALUES_MAX];
    uint64_t numbers[DB_VALUES_MAX];
};

static bool values_write(const struct db_statement *s, const struct db_value *in, struct sent *sent,
                         struct err *e)
{
    for (size_t i = 0; i < s->n_in; i++) {
        const struct db_value *v = &in[i];
        bool is_int = v->type == DB_INT;
        if (!is_int && v->s.n > INT_MAX)
            return err_set(e, ERR_INVALID, 0, "statement %s: %s is too long", s->name,
                           s->in[i].name);
        sent->numbers[i] = htobe64((uint64_t)v->n);
        sent->values[i] = is_int ? (const char *)&sent->numbers[i] : v->s.p ? v->s.p : "";
        sent->lengths[i] = is_int ? (int)sizeof sent->numbers[i] : (int)v->s.n;
        sent->formats[i] = 1;
        if (v->is_null)
            sent->values[i] = NULL;
    }
    return true;
}

static bool type_fits(enum db_type type, Oid oid)
{
    switch (type) {
    case DB_INT:
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
    case DB_TEXT:
        return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_BPCHAR;
    case DB_BLOB:
        return oid == OID_BYTEA;
    }
    return false;
}

/* A number of 1, 2, 4 or 8 bytes in network order. */
static int64_t number_read(const char *p, size_t n_bytes)
{
    uint64_t n = n_bytes && (p[0] & 0x80) && n_bytes > 1 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n_bytes; i++)
        n = n << 8 | (uint8_t)p[i];
    return (int64_t)n;
}

static bool column_read(const struct db_statement *s, const PGresult *r, int row, int i,
                        struct db_value *ret_v, struct err *e)
{
    const struct db_column *column = &s->out[i];
    struct db_value v = {.type = column->type, .is_null = pq.PQgetisnull(r, row, i)};
    if (v.is_null && !column->may_be_null)
        return column_refuse(s, (size_t)i, "NULL", e);
    size_t n_bytes = (size_t)pq.PQgetlength(r, row, i);
    if (!v.is_null && v.type == DB_INT)
        v.n = number_read(pq.PQgetvalue(r, row, i), n_bytes);
    else if (!v.is_null)
        v.s = (struct str){pq.PQgetvalue(r, row, i), n_bytes};
    *ret_v = v;
    return true;
}

static bool columns_check(const struct db_statement *s, const PGresult *r, struct err *e)
{
    if ((size_t)pq.PQnfields(r) != s->n_out)
        return err_set(e, ERR_BROKEN, 0, "statement %s gives %d columns, its row says %zu", s->name,
                       pq.PQnfields(r), s->n_out);
    for (size_t i = 0; i < s->n_out; i++) {
        if (!type_fits(s->out[i].type, pq.PQftype(r, (int)i)))
            return column_refuse(s, i, "another type", e);
    }
    return true;
}

static bool rows_read(const struct db_statement *s, const PGresult *r,
                      const struct db_answer *answer, struct err *e)
{
    struct db_value values[DB_VALUES_MAX];
    if (!columns_check(s, r, e))
        return false;
    for (int n = 0; n < pq.PQntuples(r); n++) {
        for (int i = 0; i < (int)s->n_out; i++) {
            if (!column_read(s, r, n, i, &values[i], e))
                return false;
        }
        if (!answer->row(answer->context, values, e))
            return false;
    }
    return true;
}

/* Puts a statement, which is prepared, on the way. */
static bool statement_send(struct pg_conn *c, int number, const struct db_value *in, struct err *e)
{
    const struct db_statement *s = &c->base.db->o.schema->statements[number];
    char name[PG_NAME_BYTES];
    struct sent sent;
    if (!values_write(s, in, &sent, e))
        return false;
    pg_statement_name(number, PG_ALONE, name);
    if (!pq.PQsendQueryPrepared(c->pg, name, (int)s->n_in, sent.values, sent.lengths, sent.formats,
                                1))
        return pg_lost(c, s->name, e);
    return true;
}

bool pg_ask(struct conn *base, int number, const struct db_value *in, bool *ret_asked,
            struct err *e)
{
    struct pg_conn *c = pg_of(base);
    if (!c->pg)
        return pg_lost(c, "ask", e);
    *ret_asked = false;
    if (!c->is_prepared[number * PG_TEXTS + PG_ALONE]) /* to prepare it is an exchange: not now */
        return true;
    *ret_asked = statement_send(c, number, in, e);
    return *ret_asked;
}

bool pg_collect(struct conn *base, void **ret_rows, size_t n, struct err *e)
{
    PGresult *last[ASKED_MAX];
    struct results results = {last, 0, n};
    MUST(n <= ASKED_MAX);
    if (!exchange(pg_of(base), "answers", &results, e))
        return false;
    MUST(results.n == n); /* each command has one */
    for (size_t i = 0; i < n; i++)
        ret_rows[i] = last[i];
    return true;
}

bool pg_read(struct conn *base, int number, void *rows, const struct db_answer *answer,
             struct err *e)
{
    return rows_read(&base->db->o.schema->statements[number], rows, answer, e);
}

void pg_drop(void *rows)
{
    pq.PQclear(rows);
}

bool pg_run(struct conn *base, int number, const struct db_value *in,
            const struct db_answer *answer, struct err *e)
{
    struct pg_conn *c = pg_of(base);
    const struct db_statement *s = &base->db->o.schema->statements[number];
    if (!pg_prepare(c, number, PG_ALONE, e) || !statement_send(c, number, in, e))
        return false;
    if (s->errors_late && !answer->ret_changed) {
        c->n_late++;
        return true;
    }
    PGresult *r = NULL;
    if (!pg_exchange(c, s->name, &r, e))
        return false;
    int64_t changed = 0;
    if (s->writes)
        (void)!str_to_int64(str_of(pq.PQcmdTuples(r)), 0, INT64_MAX, &changed);
    bool ok = rows_read(s, r, answer, e);
    pq.PQclear(r);
    if (ok && answer->ret_changed)
        *answer->ret_changed = changed;
    return ok;
}

/* What a text that is prepared takes and gives, against the statement's row. */
static bool text_check(struct pg_conn *c, int number, enum pg_text which, struct err *e)
{
    const struct db_statement *s = &c->base.db->o.schema->statements[number];
    char name[PG_NAME_BYTES];
    PGresult *r = NULL;
    pg_statement_name(number, which, name);
    if (!pq.PQsendDescribePrepared(c->pg, name))
        return pg_lost(c, s->name, e);
    if (!pg_exchange(c, s->name, &r, e))
        return false;
    bool ok = columns_check(s, r, e);
    if (ok && (size_t)pq.PQnparams(r) != s->n_in)
        ok = err_set(e, ERR_BROKEN, 0, "statement %s has %d parameters, not %zu", s->name,
                     pq.PQnparams(r), s->n_in);
    pq.PQclear(r);
    return ok;
}

bool pg_check_statement(struct conn *base, int number, struct err *e)
{
    const struct db_statement *s = &base->db->o.schema->statements[number];
    struct pg_conn *c = pg_of(base);
    for (enum pg_text which = PG_ALONE; which < PG_TEXTS; which++) {
        if (text_of(s, which) &&
            !(pg_prepare(c, number, which, e) && text_check(c, number, which, e)))
            return false;
    }
    return true;
}
