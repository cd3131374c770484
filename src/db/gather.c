/*
 * What jobs write that asked ahead. A statement costs a server as much to begin as to carry out; so
 * those that have a text for many wait until something has to see what they store.
 */
#include "db/inner.h"

/* One statement, and the values of all that ran it. */
struct gathered {
    int number;
    struct db_value *values; /* n_in of the statement for each, one behind the other */
    size_t n_values, capacity;
    struct gathered *next;
};

static struct gathered *gathered_of(struct gather *g, int number)
{
    struct gathered **at = &g->first;
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    if (!*at) {
        *at = ARENA_NEW(g->arena, struct gathered);
        (*at)->number = number;
    }
    return *at;
}

void gather_add(struct gather *g, const struct db_statement *s, int number,
                const struct db_value *in)
{
    if (!g->arena)
        g->arena = arena_new(0);
    struct gathered *all = gathered_of(g, number);
    for (size_t i = 0; i < s->n_in; i++) {
        struct db_value v = in[i];
        if (v.type != DB_INT && !v.is_null)
            v.s = arena_copy(g->arena, v.s);
        *ARENA_PUSH(g->arena, all->values, all->n_values, all->capacity) = v;
    }
}

static bool gathered_run(struct conn *c, const struct gathered *all, struct err *e)
{
    size_t n = all->n_values / c->db->o.schema->statements[all->number].n_in;
    struct db_answer none = {0};
    return n == 1 ? conn_run(c, all->number, all->values, &none, e)
                  : conn_run_together(c, all->number, all->values, n, e);
}

bool gather_run(struct gather *g, struct conn *c, struct err *e)
{
    bool ok = true;
    for (const struct gathered *all = g->first; ok && all; all = all->next)
        ok = gathered_run(c, all, e);
    gather_drop(g);
    return ok;
}

void gather_drop(struct gather *g)
{
    arena_free(&g->arena);
    g->first = NULL;
}
