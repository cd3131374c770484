/*
 * A comment's place in the reading order of its conversation, as bytes that compare like it.
 *
 * A path is the chain of numbers from the thread's first comment down to the comment itself. Each
 * number becomes 1 to 4 bytes whose first tells how many (0…, 10…, 110…, 1110… as leading bits),
 * so that bytewise comparison is numeric comparison, number by number, and a comment comes right
 * before all that answers it. At most COMMENT_DEPTH_MAX numbers: what answers a comment at that
 * depth stands beside it, after it; the comment's parent says what it answers.
 * Pure: knows no database.
 */
#pragma once

#include "base/arena.h"
#include "model/comment.h"

#define PATH_NUMBER_BYTES_MAX 4
#define PATH_BYTES_MAX (COMMENT_DEPTH_MAX * PATH_NUMBER_BYTES_MAX)

/* The path of a comment that answers the article. number: 1 to COMMENT_NUMBER_MAX. */
struct str path_root(struct arena *a, int64_t number);

/*
 * The path of a comment that answers the one at `parent`, and its depth. False when parent is no
 * path, or number (1 to COMMENT_NUMBER_MAX) is not greater than its numbers.
 */
MUST_USE bool path_reply(struct arena *a, struct str parent, int64_t number, struct str *ret_path,
                         int64_t *ret_depth);

/*
 * The numbers of a path, from the thread's first comment on. False when the bytes are no path:
 * empty, cut, not the shortest form, deeper than allowed, or not ascending.
 */
MUST_USE bool path_numbers(struct str path, int64_t ret_numbers[static COMMENT_DEPTH_MAX],
                           size_t *ret_n);

/* The part of a valid path that is the thread's first comment; borrows from it. */
struct str path_head(struct str path);

/* A path of given numbers; n is 1 to COMMENT_DEPTH_MAX, the numbers ascend. */
struct str path_of(struct arena *a, const int64_t *numbers, size_t n);

/* A bound above everything that begins with this path, and below all that comes after it. */
struct str path_end(struct arena *a, struct str path);

/* A bound above every path. */
#define PATH_AFTER_ALL STR("\xff")
