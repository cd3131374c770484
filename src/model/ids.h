/*
 * Ids: one-field structs, so that one kind is never taken for another.
 *
 * An article's id is its conversation's: shard (10 bits) · 2^29 + counter. A comment's id is
 * thread · 2^24 + number within the conversation: 63 bits; a conversation lies together on disk.
 */
#pragma once

#include <stdint.h>

struct site_id {
    int64_t v;
};
struct thread_id {
    int64_t v;
};
struct comment_id {
    int64_t v;
};
struct moderator_id {
    int64_t v;
};

#define COMMENT_NUMBER_BITS 24
#define COMMENT_NUMBER_MAX ((INT64_C(1) << COMMENT_NUMBER_BITS) - 1)

/* number: 1 to COMMENT_NUMBER_MAX. */
static inline struct comment_id comment_id_of(struct thread_id t, int64_t number)
{
    return (struct comment_id){t.v << COMMENT_NUMBER_BITS | number};
}

/* The conversation a comment is in. */
static inline struct thread_id comment_id_thread(struct comment_id c)
{
    return (struct thread_id){c.v >> COMMENT_NUMBER_BITS};
}

/* Its number there, as public links have it. */
static inline int64_t comment_id_number(struct comment_id c)
{
    return c.v & COMMENT_NUMBER_MAX;
}

/* 128 random bits that name a commenter; no word of who it is. */
struct commenter_id {
    uint8_t b[16];
};
