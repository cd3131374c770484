#include "db/inner.h"

struct arena *tx_arena(struct tx *tx)
{
    return tx->arena;
}

int64_t tx_now_s(const struct tx *tx)
{
    return tx->now_s;
}

uint64_t tx_statements(const struct tx *tx)
{
    return tx->statements;
}

void tx_limit_to(struct tx *tx, enum db_role role)
{
    if (role < tx->role)
        tx->role = role;
}

void tx_begin(struct tx *tx, struct conn *c, struct arena *arena)
{
    tx->db = c->db;
    tx->conn = c;
    tx->arena = arena;
    tx->now_s = clock_now_s(c->db->o.clock);
    tx->statements = 0;
    tx->role = DB_SYSTEM;
    tx->failed = tx->may_repeat = tx->says_changes = false;
    tx->tags = NULL;
    tx->n_tags = tx->tags_capacity = 0;
    tx->told = tx->last_told = NULL;
    tx->ahead = NULL;
    tx->answers = NULL;
    tx->only_asks = tx->has_changed = tx->keeps_answers = false;
}

bool tx_begin_changes(struct tx *tx, struct err *e)
{
    if (!tx->failed && tx->only_asks) {
        tx->failed = true;
        (void)err_set(&tx->first, ERR_BUSY, 0, "the job is run to learn what it asks");
    }
    if (tx->failed)
        *e = tx->first;
    return !tx->failed;
}

void tx_keeps_answers(struct tx *tx)
{
    tx->keeps_answers = true;
}

void tx_ask_anew(struct tx *tx)
{
    tx->answers = NULL;
}

void tx_changes(struct tx *tx, const uint64_t *tags, size_t n)
{
    tx->says_changes = true;
    for (size_t i = 0; i < n; i++)
        *ARENA_PUSH(tx->arena, tx->tags, tx->n_tags, tx->tags_capacity) = tags[i];
}

void tx_after(struct tx *tx, void (*told)(void *context, bool ok), void *context)
{
    struct tx_told *t = ARENA_NEW(tx->arena, struct tx_told);
    *t = (struct tx_told){told, context, NULL};
    if (tx->last_told)
        tx->last_told->next = t;
    else
        tx->told = t;
    tx->last_told = t;
}

void tx_may_repeat(struct tx *tx)
{
    tx->may_repeat = true;
}

/* Tells a caller's refusal of a row from a failure of the statement. */
struct row_guard {
    const struct db_answer *answer;
    bool refused;
};

static bool row_guarded(void *context, const struct db_value *values, struct err *e)
{
    struct row_guard *guard = context;
    const struct db_answer *answer = guard->answer;
    if (answer->row && !answer->row(answer->context, values, e))
        guard->refused = true;
    return !guard->refused;
}

static bool may_run(const struct tx *tx, const struct db_statement *s, const struct db_value *in,
                    struct err *e)
{
    if (s->least > tx->role)
        return err_set(e, ERR_DENIED, 0, "statement %s is not for this role", s->name);
    if (s->writes && !tx->conn->writes)
        return err_set(e, ERR_BROKEN, 0, "statement %s in a transaction that only reads", s->name);
    for (size_t i = 0; i < s->n_in; i++) {
        const struct db_value *v = &in[i];
        if (v->type == DB_TEXT && !v->is_null && v->s.n && memchr(v->s.p, 0, v->s.n))
            return err_set(e, ERR_INVALID, 0, "statement %s: a NUL byte in %s", s->name,
                           s->in[i].name);
    }
    return true;
}

/* By the answer that came ahead, by asking ahead, or now. */
static bool statement_run(struct tx *tx, int number, const struct db_value *in,
                          const struct db_answer *answer, struct err *e)
{
    const struct db_statement *s = &tx->db->o.schema->statements[number];
    const struct answer *known = s->writes || tx->has_changed ? NULL : ahead_find(tx, number, in);
    if (!known && tx->only_asks)
        return ahead_ask(tx, number, in, e);
    tx->statements++;
    tx->has_changed |= s->writes;
    atomic_fetch_add_explicit(&tx->db->statements, 1, memory_order_relaxed);
    if (known)
        return tx->db->engine->read(tx->conn, number, known->rows, answer, e);
    return tx->ahead ? ahead_run_one(tx, number, in, answer, e)
                     : conn_run(tx->conn, number, in, answer, e);
}

bool tx_ask(struct tx *tx, int number, const struct db_value *in, const struct db_answer *answer,
            struct err *e)
{
    const struct db_schema *schema = tx->db->o.schema;
    MUST(number >= 0 && (size_t)number < schema->n_statements);
    if (tx->failed) {
        *e = tx->first;
        return false;
    }
    const struct db_statement *s = &schema->statements[number];
    if (!may_run(tx, s, in, e))
        return false;
    if (s->writes && !tx_begin_changes(tx, e))
        return false;
    struct row_guard guard = {answer, false};
    struct db_answer guarded = {row_guarded, &guard, answer->ret_changed};
    bool ok = statement_run(tx, number, in, &guarded, e);
    if (!ok && !guard.refused) {
        tx->failed = true;
        tx->first = *e;
    }
    return ok;
}
