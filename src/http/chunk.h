/*
 * Chunked bodies (RFC 9112, section 7.1), read strictly: sizes are hexadecimal digits and nothing
 * else, extensions must follow the grammar and are then ignored, and trailer fields are refused,
 * since no part of this program has a use for them. Pure.
 */
#pragma once

#include "base/buf.h"
#include "http/parse.h"

/* How far a chunked body was read; zeroed at its start. */
struct chunks {
    uint64_t left;       /* bytes of the chunk that are still to come */
    uint16_t extensions; /* bytes of extensions in the whole body */
    uint8_t digits;      /* of the size under way */
    uint8_t state;
};

/*
 * Decodes what is there of `in` and adds it to the body.
 *
 * ret_used     how many bytes of `in` belong to the body's framing; fewer than all only when done
 * Returns      PARSE_BAD with *ret_status 400, or 413 when the body passes the buf's maximum
 */
enum parse_state chunks_read(struct chunks *c, struct str in, struct buf *body, size_t *ret_used,
                             int *ret_status);
