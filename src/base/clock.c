#include "base/clock.h"

#include <time.h>

#include "base/attr.h"

static int64_t system_now_s(UNUSED const struct clock *c)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

static int64_t system_ticks_ms(UNUSED const struct clock *c)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const struct clock clock_system = {.now_s = system_now_s, .ticks_ms = system_ticks_ms};
