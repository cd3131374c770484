#include "text/disguise_own.h"

/* An end of a paragraph lies between two glyphs: what was opened before is not closed behind. */
static bool is_parted(const struct reading *r, size_t from, size_t end)
{
    size_t lines = 0;

    for (size_t i = from; i < end; i++) {
        if (glyph_at(r, i)->letter == '\n')
            lines++;
        else if (class_at(r, i) != GLYPH_SPACE)
            lines = 0;
        if (lines == 2)
            return true;
    }
    return false;
}

static bool is_star(const struct reading *r, size_t i)
{
    return glyph_at(r, i)->letter == '*' && glyph_at(r, i)->record->class == GLYPH_MASK;
}

static size_t stars_in(const struct reading *r, size_t from, size_t end)
{
    size_t n = 0;

    for (size_t i = from; i < end; i++)
        n += is_star(r, i);
    return n;
}

/* Behind masks a word has ended, but for what ends sentences. */
static bool is_only_ending(const struct reading *r, size_t i, size_t end)
{
    while (i < end && (class_at(r, i) == GLYPH_SYMBOL || glyph_at(r, i)->letter == '!'))
        i++;
    return i == end;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Stars between a sign and white space open or close; between white space they are a list's. */
static void stars_alone_read(const struct reading *r, const struct part *p, size_t *open)
{
    size_t stars = stars_in(r, p->from, p->end);

    if (class_at(r, p->end) != GLYPH_SPACE && p->end < r->glyphs.n)
        *open += stars;
    else if (p->from > 0 && class_at(r, p->from - 1) != GLYPH_SPACE)
        *open -= least(stars, *open);
}

/*
 * Masks at the end of a token may stand for the rest of its word: "bast***". Not the stars that
 * close what stars have opened, in this word or before it: "*so*", "**so it is**".
 */
static void cut_read(struct reading *r, const struct part *p, size_t *open)
{
    size_t from = p->last + 1, end = from;

    *open += stars_in(r, p->from, p->first);
    *open -= least(stars_in(r, p->first, from), *open);
    size_t closing = least(stars_in(r, from, p->end), *open);
    *open -= closing;
    while (end < p->end && glyph_at(r, end)->record->class == GLYPH_MASK)
        end++;
    if (from + closing < end && is_only_ending(r, end, p->end))
        r->spots[from].cut_end = (uint32_t)(end - closing);
}

/* Each token with how many stars are open before it, in its paragraph. */
void disguise_cuts_read(struct reading *r)
{
    size_t open = 0, behind = 0;

    for (size_t i = 0; i < r->glyphs.n;) {
        if (!disguise_is_in_token(r, i)) {
            i++;
            continue;
        }
        size_t end = r->spots[i].end[REACH_TOKEN];
        struct part p = disguise_part(r, i, end);
        if (is_parted(r, behind, i))
            open = 0;
        if (p.letters > 0)
            cut_read(r, &p, &open);
        else
            stars_alone_read(r, &p, &open);
        behind = i = end;
    }
}
