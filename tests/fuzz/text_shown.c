/*
 * Comments from noise, as they are shown: no more than a constant times the source, UTF-8, each
 * piece in order in both texts and, where it is a copy, the same bytes; places lead back to whole
 * characters of the source, those in order to such in order. The page shows no other words. With
 * AITYS_PLANTED_FAULT nothing may be shown that the source has not, byte for byte.
 */
#include <stdint.h>

#include "base/must.h"
#include "text/markdown.h"
#include "text/shown.h"
#include "text/utf8.h"

static bool is_boundary(struct str s, size_t at)
{
    return at == s.n || ((unsigned char)s.p[at] & 0xC0) != 0x80;
}

static void pieces_check(const struct shown *s, struct str source)
{
    size_t at = 0, from = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct shown_piece *p = &s->pieces[i];
        size_t end = i + 1 < s->n ? s->pieces[i + 1].at : s->text.n;
        MUST(p->at == at && end > at && p->from >= from && p->from + p->n <= source.n);
        if (p->is_copy)
            MUST(p->n == end - at && memcmp(source.p + p->from, s->text.p + at, p->n) == 0);
#ifdef AITYS_PLANTED_FAULT
        MUST(p->is_copy || p->n == 0);
#endif
        at = end;
        from = p->from + p->n;
    }
    MUST(at == s->text.n);
}

/* Every character of the shown text, and the first thousand as beginnings of longer places. */
static void places_check(const struct shown *s, struct str source)
{
    size_t behind = 0;
    for (size_t at = 0, next = 0; at < s->text.n; at = next) {
        (void)utf8_next(s->text, &next);
        struct mark m = shown_source(s, (struct mark){at, next - at});
        MUST(m.at + m.n <= source.n && is_boundary(source, m.at));
        MUST(is_boundary(source, m.at + m.n));
        MUST(m.n == 0 || m.at + m.n >= behind);
        behind = m.n > 0 ? m.at + m.n : behind;
        if (m.n > 0) {
            struct mark back = shown_place(s, m);
            MUST(back.at <= at && back.at + back.n >= next);
        }
        if (at > 1000)
            continue;
        m = shown_source(s, (struct mark){at, s->text.n - at});
        MUST(m.at + m.n <= source.n && is_boundary(source, m.at + m.n));
    }
}

/* The page's words, in order, without its white space and without tags: those that are shown. */
static void page_check(struct arena *a, const struct shown *s, struct str source)
{
    struct str page = escape_html_to_text(a, markdown_comment(a, source));
    size_t at = 0;
    for (size_t i = 0; i < s->text.n; i++) {
        char c = s->text.p[i];
        if ((unsigned char)c <= ' ')
            continue;
        while (at < page.n && page.p[at] != c) /* a host behind a link is the page's own */
            at++;
        MUST(at < page.n);
        at++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str source = {(const char *)data, n};
    if (!utf8_is_valid(source))
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct shown s = shown_of(a, source);
    MUST(s.text.n <= 16 * n + KiB && utf8_is_valid(s.text));
    pieces_check(&s, source);
    places_check(&s, source);
    page_check(a, &s, source);
    MUST(utf8_is_valid(shown_quoting(a, source)));
    return 0;
}
