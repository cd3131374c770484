/*
 * What the ledger was told, for tests.
 */
#pragma once

#include "store/statements.h"
#include "tests/unit/domain/room.h"

struct told {
    struct room *r;
    const char *kind, *body; /* body: NULL, any */
    size_t n;
};

static bool told_work(struct tx *tx, void *context, struct err *e)
{
    struct told *t = context;
    const struct ledger_list_in in = {t->r->d.site.id.v, 0, 1000};
    struct ledger_list_out *rows;
    size_t n;
    if (!sql_ledger_list(tx, &in, &rows, &n, e))
        return false;
    t->n = 0;
    for (size_t i = 0; i < n; i++)
        t->n += str_eq(rows[i].kind, str_of(t->kind)) &&
                (!t->body || str_find(rows[i].body, str_of(t->body)) >= 0);
    return true;
}

/* How many entries of a kind there are, with these words somewhere in the body. */
static UNUSED size_t told(struct room *r, const char *kind, const char *body)
{
    struct told t = {r, kind, body, 0};
    room_must_read(r, told_work, &t);
    return t.n;
}
