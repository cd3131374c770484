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
