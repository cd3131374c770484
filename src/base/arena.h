/*
 * A request's memory: taken piece by piece, given back all at once.
 * Nothing here ever returns NULL: out of memory ends the process. So every size that a client can
 * choose is limited before it comes here.
 */
#pragma once

#include "base/attr.h"
#include "base/str.h"

struct arena;

/* An empty arena. first_bytes: the size of its first block; 0 takes the usual 4 KiB. */
RETURNS_MEMORY struct arena *arena_new(size_t first_bytes);

/* Frees the arena and all taken from it; takes the address, accepts NULL, clears it. */
void arena_free(struct arena **a);

/* Forgets all that was taken but keeps the first block for reuse. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type; n may be 0. It lives as long as the arena. */
RETURNS_MEMORY void *arena_take(struct arena *a, size_t n);

/* Bytes taken since the start or the last reset. */
size_t arena_taken(const struct arena *a);

/* A copy that also has a NUL behind it (not counted in n), so that it can go to C libraries. */
struct str arena_copy(struct arena *a, struct str s);

/* The text as a NUL-terminated string. Bytes behind an inner NUL are unseen by C libraries. */
const char *arena_cstr(struct arena *a, struct str s);

/* Formatted text, NUL-terminated besides. */
PRINTF_LIKE(2, 3) struct str arena_printf(struct arena *a, const char *format, ...);

/* Elements of a growing array: see ARENA_PUSH. */
void *arena_grow(struct arena *a, void *items, size_t n, size_t *capacity, size_t item_bytes);

#define ARENA_NEW(a, type) ((type *)arena_take((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_take_array((a), (count), sizeof(type)))

/* count items of item_bytes each, zeroed; the product must not overflow (it ends the process). */
RETURNS_MEMORY void *arena_take_array(struct arena *a, size_t count, size_t item_bytes);

/* Frees by scope: ON_LEAVE(arena_free) struct arena *a = arena_new(0); */

/*
 * Appends to an array that lives in the arena: `items`, `n` and `capacity` are the caller's.
 *
 *     struct word *words = NULL;
 *     size_t n = 0, capacity = 0;
 *     *ARENA_PUSH(a, words, n, capacity) = (struct word){…};
 */
#define ARENA_PUSH(a, items, n, capacity)                                                          \
    ((items) = arena_grow((a), (items), (n), &(capacity), sizeof *(items)), (items) + (n)++)
