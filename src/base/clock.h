/*
 * Time as it reaches the program: through a table, so that tests can set it.
 */
#pragma once

#include <stdint.h>

struct clock {
    /* Unix seconds, UTC. */
    int64_t (*now_s)(const struct clock *c);
    /* Milliseconds of a clock that never goes back; its zero means nothing. */
    int64_t (*ticks_ms)(const struct clock *c);
};

/* The system's clocks. */
extern const struct clock clock_system;

/* Unix seconds, UTC. */
static inline int64_t clock_now_s(const struct clock *c)
{
    return c->now_s(c);
}

/* Milliseconds that never go back. */
static inline int64_t clock_ticks_ms(const struct clock *c)
{
    return c->ticks_ms(c);
}
