#include "db/inner.h"

/* One call is done; is it the one that fails? */
static bool fault_counts(const struct conn *c, struct err *e)
{
    struct db_fault *fault = c->db->o.fault;
    if (atomic_load(&fault->calls_left) <= 0)
        return false;
    bool stays = fault->lasts && atomic_load(&fault->calls_left) == 1;
    if (!stays && atomic_fetch_sub(&fault->calls_left, 1) != 1)
        return false;
    atomic_fetch_add(&fault->struck, 1);
    (void)err_set(e, fault->kind ? fault->kind : ERR_BROKEN, 0,
                  "the test made this database call fail");
    return true;
}

static bool fault_strikes(const struct conn *c, struct err *e)
{
    const struct db_fault *fault = c->db->o.fault;
    return fault && !fault->is_late && fault_counts(c, e);
}

/* The engine has done it, and its word is lost on the way back. */
static bool fault_strikes_late(const struct conn *c, struct err *e)
{
    const struct db_fault *fault = c->db->o.fault;
    return fault && fault->is_late && c->writes && fault_counts(c, e);
}

bool conn_is_late(const struct conn *c)
{
    return c->until_ms && ticks_ms() >= c->until_ms;
}

bool conn_begin(struct conn *c, struct err *e)
{
    int64_t read_ms = c->writes ? 0 : c->db->o.read_ms;
    c->until_ms = read_ms ? ticks_ms() + read_ms : 0;
    return !fault_strikes(c, e) && c->db->engine->begin(c, e);
}

bool conn_commit(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->commit(c, e) && !fault_strikes_late(c, e);
}

bool conn_job_begin(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->job_begin(c, e);
}

bool conn_job_end(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->job_end(c, e);
}

bool conn_job_undo(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->job_undo(c, e);
}

bool conn_run(struct conn *c, int number, const struct db_value *in, const struct db_answer *answer,
              struct err *e)
{
    if (conn_is_late(c))
        return err_set(e, ERR_BUSY, 0, "reading took more than %" PRId64 " ms", c->db->o.read_ms);
    return !fault_strikes(c, e) && c->db->engine->run(c, number, in, answer, e);
}

bool conn_run_together(struct conn *c, int number, const struct db_value *values, size_t n,
                       struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->run_together(c, number, values, n, e);
}

bool conn_ask(struct conn *c, int number, const struct db_value *in, bool *ret_asked, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->ask(c, number, in, ret_asked, e);
}

bool conn_collect(struct conn *c, void **ret_rows, size_t n, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->collect(c, ret_rows, n, e);
}

bool conn_migrate(struct conn *c, const struct db_migration *m, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->migrate(c, m, e);
}

bool column_refuse(const struct db_statement *s, size_t column, const char *what, struct err *e)
{
    return err_set(e, ERR_BROKEN, 0, "statement %s: column %s holds %s", s->name,
                   s->out[column].name, what);
}
