/*
 * All languages, opened and closed around a test.
 */
#pragma once

#include "base/err.h"
#include "i18n/i18n.h"
#include "tests/lib/unit.h"

struct opened {
    struct i18n *i18n;
    struct arena *arena;
};

static inline struct opened open_all(void)
{
    struct opened o = {NULL, arena_new(0)};
    struct err e = {0};
    if (!i18n_open(&o.i18n, &e))
        fail_msg("%s", e.why);
    return o;
}

static inline void close_all(struct opened *o)
{
    i18n_close(&o->i18n);
    arena_free(&o->arena);
}
