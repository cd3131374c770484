#include "text/shown.h"

#include "base/must.h"
#include "text/shown_own.h"

#define GROWTH_MAX ((size_t)16) /* more than that of the page, which has it all */

void showing_begin(struct showing *s, struct str home)
{
    *s = (struct showing){.arena = s->arena,
                          .marks_quotes = s->marks_quotes,
                          .home = home,
                          .out = buf_in(s->arena, home.n * GROWTH_MAX + KiB),
                          .is_line_start = true};
}

static void piece_add(struct showing *s, struct str words, struct shown_piece piece)
{
    struct shown_piece *last = s->n > 0 ? &s->pieces[s->n - 1] : NULL;

    piece.at = (uint32_t)buf_str(&s->out).n;
    buf_put(&s->out, words);
    if (last && last->is_copy && piece.is_copy && last->from + last->n == piece.from)
        last->n += piece.n;
    else
        *ARENA_PUSH(s->arena, s->pieces, s->n, s->capacity) = piece;
    s->cursor = piece.from + piece.n;
}

/* What no byte of the source stands for. */
static void own_add(struct showing *s, struct str words)
{
    piece_add(s, words, (struct shown_piece){.from = (uint32_t)s->cursor});
}

void showing_put(struct showing *s, struct str words, struct str written)
{
    uintptr_t home = (uintptr_t)s->home.p, at = (uintptr_t)written.p;
    /* What went back in the source would have no place in order; md4c does not. */
    bool is_inside = at >= home + s->cursor && at + written.n <= home + s->home.n;

    if (words.n == 0)
        return;
    if (s->gap > 0 && s->n > 0) {
        own_add(s, str_head(STR("\n\n"), s->gap));
        s->is_line_start = true;
    }
    s->gap = 0;
    if (s->is_line_start && s->marks_quotes && s->quotes > 0)
        own_add(s, STR("> "));
    s->is_line_start = words.p[words.n - 1] == '\n';
    if (is_inside)
        piece_add(s, words,
                  (struct shown_piece){.from = (uint32_t)(at - home),
                                       .n = (uint32_t)written.n,
                                       .is_copy = words.p == written.p && words.n == written.n});
    else
        own_add(s, words);
}

void showing_part(struct showing *s, unsigned lines)
{
    s->gap = s->gap > lines ? s->gap : lines;
}

static struct shown show(struct arena *a, struct str source, bool marks_quotes)
{
    struct showing s = {.arena = a, .marks_quotes = marks_quotes};

    MUST(source.n <= SHOWN_SOURCE_MAX);
    showing_begin(&s, source);
    markdown_comment_show(a, source, &s);
    if (!buf_ok(&s.out)) { /* no text that is known grows so much */
        showing_begin(&s, source);
        piece_add(&s, source, (struct shown_piece){.n = (uint32_t)source.n, .is_copy = true});
    }
    return (struct shown){.text = buf_str(&s.out), .pieces = s.pieces, .n = s.n};
}

struct shown shown_of(struct arena *a, struct str source)
{
    return show(a, source, false);
}

struct str shown_quoting(struct arena *a, struct str source)
{
    return show(a, source, true).text;
}

/* The piece that has byte `at` of the shown text, which is not empty. */
static const struct shown_piece *piece_at(const struct shown *s, size_t at)
{
    size_t from = 0, to = s->n;

    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        if (s->pieces[middle].at <= at)
            from = middle;
        else
            to = middle;
    }
    return &s->pieces[from];
}

struct mark shown_source(const struct shown *s, struct mark place)
{
    if (place.n == 0 || place.at + place.n > s->text.n)
        return (struct mark){0, 0};
    size_t first = place.at, last = place.at + place.n - 1;
    const struct shown_piece *p = piece_at(s, first), *q = piece_at(s, last);
    size_t start = p->from + (p->is_copy ? first - p->at : 0);
    size_t end = q->from + (q->is_copy ? last - q->at + 1 : q->n);
    return (struct mark){start, end - start};
}

/* How many pieces begin (or end, if asked) in the source before `at`. */
static size_t pieces_before(const struct shown *s, size_t at, bool ends)
{
    size_t from = 0, to = s->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct shown_piece *p = &s->pieces[middle];
        if (ends ? p->from + p->n <= at : p->from < at)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct mark shown_place(const struct shown *s, struct mark source)
{
    size_t until = source.at + source.n;
    size_t first = pieces_before(s, source.at, true), behind = pieces_before(s, until, false);

    if (source.n == 0 || first >= behind)
        return (struct mark){0, 0};
    const struct shown_piece *p = &s->pieces[first], *q = &s->pieces[behind - 1];
    size_t start = p->at + (p->is_copy && source.at > p->from ? source.at - p->from : 0);
    size_t end = behind < s->n ? s->pieces[behind].at : s->text.n;
    if (q->is_copy && until < q->from + q->n)
        end = q->at + until - q->from;
    return (struct mark){start, end - start};
}
