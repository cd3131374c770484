#include "domain/seen.h"

#include <inttypes.h>

struct str seen_print(struct arena *a, const struct comment_seen *seen)
{
    if (!seen->is_known)
        return STR_NONE;
    return arena_printf(a, "%d.%" PRId64, (int)seen->state, seen->edited_s);
}

bool seen_parse(struct str text, struct comment_seen *ret_seen)
{
    struct str state, edited;
    struct comment_seen seen = {.is_known = true};
    int64_t n;
    *ret_seen = (struct comment_seen){.is_known = false};
    if (!str_cut(text, '.', &state, &edited) ||
        !str_to_int64(state, COMMENT_HELD, COMMENT_WITHDRAWN, &n) ||
        !str_to_int64(edited, 0, INT64_MAX, &seen.edited_s))
        return false;
    seen.state = (enum comment_state)n;
    *ret_seen = seen;
    return true;
}
