#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"

#define FIRST_BYTES ((size_t)256)

struct buf buf_in(struct arena *home, size_t max)
{
    return (struct buf){.max = max, .home = home};
}

struct buf buf_heap(size_t max)
{
    return (struct buf){.max = max};
}

void buf_free(struct buf *b)
{
    if (!b->home)
        free(b->p);
    *b = (struct buf){.max = b->max, .home = b->home};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

size_t buf_size_with(const struct buf *b, size_t n)
{
    if (b->n + n <= b->capacity)
        return b->capacity;
    size_t size = b->capacity ? b->capacity : FIRST_BYTES;
    while (size < b->n + n)
        size *= 2;
    return size < b->max ? size : b->max;
}

static void grow(struct buf *b, size_t n)
{
    size_t size = buf_size_with(b, n);
    if (b->home) {
        char *p = arena_take(b->home, size);
        if (b->n)
            memcpy(p, b->p, b->n);
        b->p = p;
    } else {
        b->p = realloc(b->p, size);
        MUST(b->p);
    }
    b->capacity = size;
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->failed || n > b->max - b->n) {
        b->failed = true;
        return NULL;
    }
    if (b->n + n > b->capacity)
        grow(b, n);
    return b->p + b->n;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.n == 0)
        return;
    char *room = buf_room(b, s.n);
    if (!room)
        return;
    memcpy(room, s.p, s.n);
    b->n += s.n;
}

void buf_char(struct buf *b, char c)
{
    buf_put(b, (struct str){&c, 1});
}

void buf_int(struct buf *b, int64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (n < 0)
        digits[--at] = '-';
    buf_put(b, (struct str){digits + at, sizeof digits - at});
}

void buf_hex(struct buf *b, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        buf_char(b, digits[bytes[i] >> 4]);
        buf_char(b, digits[bytes[i] & 15]);
    }
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    MUST(n >= 0);
    /* vsnprintf ends with a NUL, which needs room but is not part of the text. */
    char *room = buf_room(b, (size_t)n + 1);
    if (room) {
        (void)vsnprintf(room, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}
