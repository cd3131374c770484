#include "text/marks.h"

#define MARKED_BYTES_MAX INT64_C(0x7fffffff)

/* Whether a character begins at this byte, or the text ends there. */
static bool is_edge(struct str text, size_t at)
{
    return at == text.n || ((uint8_t)text.p[at] & 0xC0) != 0x80;
}

static bool read_mark(struct str place, struct str text, struct mark *ret_mark)
{
    struct str before, after;
    int64_t at, n;
    if (!str_cut(place, '+', &before, &after) || !str_to_int64(before, 0, MARKED_BYTES_MAX, &at) ||
        !str_to_int64(after, 1, MARKED_BYTES_MAX, &n))
        return false;
    *ret_mark = (struct mark){(size_t)at, (size_t)n};
    size_t end = ret_mark->at + ret_mark->n;
    return end <= text.n && is_edge(text, ret_mark->at) && is_edge(text, end);
}

struct marks marks_parse(struct arena *a, struct str places, struct str text)
{
    struct mark *items = ARENA_ARRAY(a, struct mark, MARKS_MAX);
    size_t n = 0, end = 0;
    struct str place;
    while (n < MARKS_MAX && str_next(&places, ' ', &place)) {
        if (!read_mark(place, text, &items[n]) || items[n].at < end)
            continue;
        end = items[n].at + items[n].n;
        n++;
    }
    return (struct marks){items, n};
}
