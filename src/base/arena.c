#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"

#define ALIGNMENT _Alignof(max_align_t)
#define FIRST_BYTES (4 * KiB)
#define BLOCK_BYTES_MAX (256 * KiB)

/* With AddressSanitizer each piece has a block of its own, so that who leaves it is found out. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_APART true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_APART true
#endif
#endif
#ifndef IS_APART
#define IS_APART false
#endif

struct block {
    struct block *next; /* the one before it in time */
    size_t size;        /* usable bytes */
    size_t used;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *now;   /* where the next piece comes from */
    struct block *first; /* survives a reset */
    size_t taken;
};

static struct block *block_new(size_t size)
{
    size_t whole;
    MUST(!__builtin_add_overflow(size, sizeof(struct block), &whole));
    struct block *b = malloc(whole);
    MUST(b);
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(size_t first_bytes)
{
    struct arena *a = calloc(1, sizeof *a);
    MUST(a);
    a->first = a->now = block_new(first_bytes ? first_bytes : FIRST_BYTES);
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->now != a->first) {
        struct block *gone = a->now;
        a->now = gone->next;
        free(gone);
    }
    a->first->used = 0;
    a->taken = 0;
}

void arena_free(struct arena **a)
{
    if (!*a)
        return;
    arena_reset(*a);
    free((*a)->first);
    free(*a);
    *a = NULL;
}

/* As many as let the next piece begin where anything may. */
static size_t piece_bytes(size_t n)
{
    size_t rounded;
    MUST(!__builtin_add_overflow(n, ALIGNMENT - 1, &rounded));
    return IS_APART ? n : rounded & ~(ALIGNMENT - 1);
}

static size_t next_block_bytes(const struct arena *a, size_t n)
{
    if (IS_APART)
        return n;
    size_t size = a->now->size * 2;
    if (size > BLOCK_BYTES_MAX)
        size = BLOCK_BYTES_MAX;
    return size < n ? n : size;
}

void *arena_take(struct arena *a, size_t n)
{
    size_t size = piece_bytes(n);
    if (IS_APART || size > a->now->size - a->now->used) {
        struct block *b = block_new(next_block_bytes(a, size));
        b->next = a->now;
        a->now = b;
    }
    void *p = a->now->bytes + a->now->used;
    a->now->used += size;
    a->taken += size;
    memset(p, 0, size);
    return p;
}

void *arena_take_array(struct arena *a, size_t count, size_t item_bytes)
{
    size_t n;
    MUST(!__builtin_mul_overflow(count, item_bytes, &n));
    return arena_take(a, n);
}

size_t arena_taken(const struct arena *a)
{
    return a->taken;
}

struct str arena_copy(struct arena *a, struct str s)
{
    char *p = arena_take(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

const char *arena_cstr(struct arena *a, struct str s)
{
    return arena_copy(a, s).p;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    MUST(n >= 0);
    char *p = arena_take(a, (size_t)n + 1);
    (void)vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity)
        return items;
    size_t more = *capacity ? *capacity * 2 : 8;
    void *grown = arena_take_array(a, more, item_bytes);
    if (n)
        memcpy(grown, items, n * item_bytes);
    *capacity = more;
    return grown;
}
