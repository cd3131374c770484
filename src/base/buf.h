/*
 * Text under construction, with a maximum from its birth. A buf that overflowed stays failed and
 * empty-handed: append without checking, ask buf_ok once at the end.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct buf {
    char *p;
    size_t n;           /* bytes written */
    size_t capacity;    /* bytes there is room for */
    size_t max;         /* bytes it may ever hold */
    bool failed;        /* it wanted to hold more */
    struct arena *home; /* where the bytes live; NULL: malloc, and the owner calls buf_free */
};

/* An empty buf that lives in an arena. */
struct buf buf_in(struct arena *home, size_t max);
/* An empty buf on the heap; its owner calls buf_free. */
struct buf buf_heap(size_t max);
/* Frees a heap buf and leaves it empty; for an arena's buf it only empties it. */
void buf_free(struct buf *b);
/* Forgets the content and the failure, keeps the memory. */
void buf_clear(struct buf *b);

/* Each appends; a failed buf stays as it is. */
void buf_put(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
/* A decimal number. */
void buf_int(struct buf *b, int64_t n);
/* Lower-case hexadecimal. */
void buf_hex(struct buf *b, const uint8_t *bytes, size_t n);
PRINTF_LIKE(2, 3) void buf_printf(struct buf *b, const char *format, ...);

/*
 * Room for n more bytes at the end, to be written by the caller, who then adds to b->n.
 * NULL when that would pass the maximum; the buf is failed then.
 */
char *buf_room(struct buf *b, size_t n);

/* The memory that the buf will take when n bytes more are written, which must not pass `max`. */
size_t buf_size_with(const struct buf *b, size_t n);

/* Whether everything fitted. */
static inline bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

/* What was written; borrows from the buf until its next change. */
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}
