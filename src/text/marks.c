#include "text/marks.h"

#include "base/buf.h"

#define MARKED_BYTES_MAX INT64_C(0x7fffffff)
#define DISGUISES_MAX INT64_C(0xffff)
#define ENTRY_BYTES_MAX 200

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

static struct str exchanged(struct arena *a, struct str s, char from, char to)
{
    char *p = arena_take(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] == from ? to : s.p[i];
    return (struct str){p, s.n};
}

/* "DISGUISES:ENTRY" */
static struct mark_note read_note(struct arena *a, struct str how)
{
    struct str number, entry;
    int64_t disguises;
    if (!str_cut(how, ':', &number, &entry) || !str_to_int64(number, 1, DISGUISES_MAX, &disguises))
        return (struct mark_note){0};
    return (struct mark_note){(unsigned)disguises, exchanged(a, entry, '+', ' ')};
}

void mark_print(struct buf *b, struct mark mark, struct mark_note note)
{
    buf_printf(b, "%s%zu+%zu", b->n > 0 ? " " : "", mark.at, mark.n);
    if (note.disguises == 0)
        return;
    buf_printf(b, ":%u:", note.disguises);
    for (size_t i = 0; note.entry.n <= ENTRY_BYTES_MAX && i < note.entry.n; i++) {
        char c = note.entry.p[i];
        buf_char(b, c == ' ' || c == '\t' || c == '\r' ? '+' : c);
    }
}

struct marks marks_parse_noted(struct arena *a, struct str places, struct str text,
                               const struct mark_note **ret_notes)
{
    struct mark *items = ARENA_ARRAY(a, struct mark, MARKS_MAX);
    struct mark_note *notes = ARENA_ARRAY(a, struct mark_note, MARKS_MAX);
    size_t n = 0, end = 0;
    struct str word;
    while (n < MARKS_MAX && str_next(&places, ' ', &word)) {
        struct str place, how;
        if (!str_cut(word, ':', &place, &how)) {
            place = word;
            how = STR_NONE;
        }
        if (!read_mark(place, text, &items[n]) || items[n].at < end)
            continue;
        notes[n] = read_note(a, how);
        end = items[n].at + items[n].n;
        n++;
    }
    *ret_notes = notes;
    return (struct marks){items, n};
}

struct marks marks_parse(struct arena *a, struct str places, struct str text)
{
    const struct mark_note *notes;
    return marks_parse_noted(a, places, text, &notes);
}

/* The earlier of what is next in both. */
static struct mark next_of(struct marks *one, struct marks *other)
{
    bool is_first = other->n == 0 || (one->n > 0 && one->items[0].at <= other->items[0].at);
    struct marks *from = is_first ? one : other;
    from->n--;
    return *from->items++;
}

struct marks marks_join(struct arena *a, struct marks one, struct marks other)
{
    struct mark *joint = ARENA_ARRAY(a, struct mark, MARKS_MAX);
    size_t n = 0;
    while (one.n + other.n > 0) {
        struct mark m = next_of(&one, &other);
        struct mark *last = n > 0 ? &joint[n - 1] : NULL;
        if (last && m.at < last->at + last->n) {
            size_t end = m.at + m.n;
            if (end > last->at + last->n)
                last->n = end - last->at;
        } else if (m.n > 0 && n < MARKS_MAX) {
            joint[n++] = m;
        }
    }
    return (struct marks){joint, n};
}
