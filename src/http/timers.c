#include "http/timers.h"

#include <stddef.h>

void timers_init(struct timers *t, const int64_t after_ms[static TIMER_KINDS])
{
    for (int kind = 0; kind < TIMER_KINDS; kind++) {
        t->heads[kind].prev = t->heads[kind].next = &t->heads[kind];
        t->after_ms[kind] = after_ms[kind];
    }
}

void timer_set(struct timers *t, struct timer *timer, enum timer_kind kind, int64_t now_ms)
{
    if (timer->kind != TIMER_NONE) {
        timer->prev->next = timer->next;
        timer->next->prev = timer->prev;
    }
    timer->kind = kind;
    if (kind == TIMER_NONE)
        return;
    struct timer *head = &t->heads[kind];
    timer->at_ms = now_ms + t->after_ms[kind];
    timer->prev = head->prev;
    timer->next = head;
    head->prev->next = timer;
    head->prev = timer;
}

struct timer *timer_first(struct timers *t, enum timer_kind kind)
{
    struct timer *head = &t->heads[kind];
    return head->next == head ? NULL : head->next;
}

struct timer *timer_due(struct timers *t, int64_t now_ms, enum timer_kind *ret_kind)
{
    for (int kind = 0; kind < TIMER_KINDS; kind++) {
        struct timer *first = timer_first(t, (enum timer_kind)kind);
        if (!first || first->at_ms > now_ms)
            continue;
        *ret_kind = (enum timer_kind)kind;
        timer_set(t, first, TIMER_NONE, now_ms);
        return first;
    }
    return NULL;
}

int64_t timers_wait_ms(const struct timers *t, int64_t now_ms)
{
    int64_t wait = -1;
    for (int kind = 0; kind < TIMER_KINDS; kind++) {
        const struct timer *first = t->heads[kind].next;
        if (first == &t->heads[kind])
            continue;
        int64_t left = first->at_ms > now_ms ? first->at_ms - now_ms : 0;
        if (wait < 0 || left < wait)
            wait = left;
    }
    return wait;
}
