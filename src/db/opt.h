/*
 * A number that may be absent: NULL in the database.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct opt_int {
    bool is_set;
    int64_t v; /* 0 unless is_set */
};

/* A number that is there. */
static inline struct opt_int opt_int_of(int64_t v)
{
    return (struct opt_int){true, v};
}
