/*
 * A request for each row of routes.def, for tests/unit/web/test_faults.c: prepared so that it goes
 * through when nothing fails, and of its own each time.
 */
#pragma once

#include "tests/unit/web/newsroom.h"

struct round {
    struct newsroom *n;
    struct arena *a;
    int nth; /* attempt: each brings words, keys and comments of its own */
};

/* Completes what a case begins: form, cookies, an address of its own. */
typedef void prepare(struct round *round, struct ask *ask);

struct route_case {
    const char *route; /* its handler */
    const char *path;
    int status; /* when nothing fails */
    enum who who;
    prepare *prepare;
    bool is_refused; /* stores nothing and shows the form again, however much of it can be made */
};

/*
 * The rows of a part of the site; several of a row where it does several things. Each is walked by
 * a program of its own.
 */
struct case_list {
    const char *name;
    const struct route_case *items;
    size_t n;
    size_t least_unheard, least_shared; /* so many change something, and are pages of all readers */
};
extern const struct case_list reader_rows, team_rows, queue_rows, site_rows;
