/*
 * Deadlines in constant time. Each kind has one duration, so the deadlines of a kind come in the
 * order in which they were set: a list a kind is sorted by itself.
 */
#pragma once

#include <stdint.h>

enum timer_kind {
    TIMER_HEAD,
    TIMER_BODY,
    TIMER_IDLE,
    TIMER_SEND,
    TIMER_LINGER,
    TIMER_KINDS,
    TIMER_NONE = TIMER_KINDS,
};

struct timer {
    struct timer *prev, *next;
    int64_t at_ms;
    enum timer_kind kind; /* TIMER_NONE: not set */
};

struct timers {
    struct timer heads[TIMER_KINDS]; /* rings */
    int64_t after_ms[TIMER_KINDS];
};

/* Empty lists; after_ms: how long each kind lasts. */
void timers_init(struct timers *t, const int64_t after_ms[static TIMER_KINDS]);

/* Sets it anew, whatever it was; TIMER_NONE unsets it. A new timer must say TIMER_NONE. */
void timer_set(struct timers *t, struct timer *timer, enum timer_kind kind, int64_t now_ms);

/* The one of this kind that was set first, or NULL. */
struct timer *timer_first(struct timers *t, enum timer_kind kind);

/* The next one that is due, unset already, with its kind; NULL when none is. */
struct timer *timer_due(struct timers *t, int64_t now_ms, enum timer_kind *ret_kind);

/* Milliseconds until the next is due, 0 when it is already, -1 when there is none. */
int64_t timers_wait_ms(const struct timers *t, int64_t now_ms);
