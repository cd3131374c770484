#include "db/inner.h"

static bool fault_strikes(const struct conn *c, struct err *e)
{
    struct db_fault *fault = c->db->o.fault;
    if (!fault || atomic_load(&fault->calls_left) <= 0)
        return false;
    if (atomic_fetch_sub(&fault->calls_left, 1) != 1)
        return false;
    (void)err_set(e, ERR_BROKEN, 0, "the test made this database call fail");
    return true;
}

bool conn_begin(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->begin(c, e);
}

bool conn_commit(struct conn *c, struct err *e)
{
    return !fault_strikes(c, e) && c->db->engine->commit(c, e);
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
    return !fault_strikes(c, e) && c->db->engine->run(c, number, in, answer, e);
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
