#include "text/glyph.h"

#include <unicode/unorm2.h>

#include "base/must.h"
#include "text/utf8.h"

struct folding {
    struct arena *arena;
    const UNormalizer2 *composer;
    struct glyphs glyphs;
    size_t capacity;
    bool invisible; /* something was left out since the last glyph */
};

static struct glyph *last_of(struct folding *f)
{
    return f->glyphs.n > 0 ? &f->glyphs.items[f->glyphs.n - 1] : NULL;
}

static void letter_set(struct glyph *g, uint32_t c)
{
    const struct glyph_record *r = glyph_record_of(c);

    if (r->to_n == 1) {
        c = *glyph_letters(r->to_at);
        r = glyph_record_of(c);
    }
    g->letter = c;
    g->record = r;
    g->class = r->class;
}

/* A mark makes another letter with the one before it ("и" and a breve: "й"), or is left out. */
static void mark_add(struct folding *f, uint32_t mark, size_t end)
{
    struct glyph *g = last_of(f);

    if (!g)
        return;
    if (!g->marked && g->class == GLYPH_LETTER) {
        UChar32 c = unorm2_composePair(f->composer, (UChar32)g->letter, (UChar32)mark);
        if (c >= 0)
            letter_set(g, (uint32_t)c);
        g->marked = c < 0;
    }
    g->end = (uint32_t)end;
}

static void glyph_add(struct folding *f, uint32_t c, bool fancy, size_t at, size_t end)
{
    if (glyph_record_of(c)->class == GLYPH_MARK) {
        mark_add(f, c, end);
        return;
    }
    struct glyph *g = ARENA_PUSH(f->arena, f->glyphs.items, f->glyphs.n, f->capacity);
    *g = (struct glyph){.at = (uint32_t)at, .end = (uint32_t)end, .fancy = fancy};
    letter_set(g, c);
    g->invisible = f->invisible;
    f->invisible = false;
}

static void code_add(struct folding *f, uint32_t c, size_t at, size_t end)
{
    const struct glyph_record *r = glyph_record_of(c);

    if (r->class == GLYPH_NOTHING) {
        struct glyph *g = last_of(f);
        if (g)
            g->end = (uint32_t)end;
        f->invisible = g != NULL;
        return;
    }
    if (r->to_n == 0)
        glyph_add(f, c, false, at, end);
    for (size_t i = 0; i < r->to_n; i++)
        glyph_add(f, glyph_letters(r->to_at)[i], r->fancy, at, end);
}

struct glyphs glyphs_of(struct arena *a, struct str text)
{
    UErrorCode error = U_ZERO_ERROR;
    struct folding f = {.arena = a, .composer = unorm2_getNFCInstance(&error)};

    MUST(U_SUCCESS(error) && text.n <= UINT32_MAX);
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = utf8_next(text, &at);
        code_add(&f, c, from, at);
    }
    return f.glyphs;
}

static bool is_turned(const struct glyph *g)
{
    return g->record->turned || g->class == GLYPH_SPACE;
}

/* As the letter that it is when the page is turned. */
static struct glyph turned(struct glyph g)
{
    if (g.record->turned) {
        letter_set(&g, g.record->turned);
        g.fancy = true;
    }
    return g;
}

bool glyphs_turn(struct arena *a, const struct glyphs *glyphs, struct glyphs *ret)
{
    bool any = false;
    size_t n = glyphs->n;

    for (size_t i = 0; i < n && !any; i++)
        any = glyphs->items[i].record->turned && glyphs->items[i].record->odd;
    if (!any)
        return false;
    *ret = (struct glyphs){ARENA_ARRAY(a, struct glyph, n), n};
    memcpy(ret->items, glyphs->items, n * sizeof *ret->items);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        bool sure = false;
        for (; end < n && is_turned(&glyphs->items[end]); end++)
            sure |= glyphs->items[end].record->odd;
        for (size_t k = i; sure && k < end; k++)
            ret->items[k] = turned(glyphs->items[i + end - 1 - k]);
        i = end > i ? end : i + 1;
    }
    return true;
}
