#include "domain/seen.h"

#include <inttypes.h>

struct str seen_print(struct arena *a, const struct comment_seen *seen)
{
    if (!seen->is_known)
        return STR_NONE;
    return arena_printf(a, "%d.%" PRId64 ".%" PRId64 ".%" PRId64, (int)seen->state, seen->edited_s,
                        seen->reports, seen->reported_s);
}

bool seen_parse(struct str text, struct comment_seen *ret_seen)
{
    int64_t n[4] = {0};
    size_t n_parts = 0;
    struct str part;
    *ret_seen = (struct comment_seen){.is_known = false};
    while (n_parts < ARRAY_LEN(n) && str_next(&text, '.', &part)) {
        if (!str_to_int64(part, 0, INT64_MAX, &n[n_parts++]))
            return false;
    }
    if (n_parts < ARRAY_LEN(n) || text.n > 0 || n[0] > COMMENT_WITHDRAWN)
        return false;
    *ret_seen = (struct comment_seen){true, (enum comment_state)n[0], n[1], n[2], n[3]};
    return true;
}
