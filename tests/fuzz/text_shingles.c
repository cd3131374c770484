/*
 * Sketches of noise: bounded, in order, the same for the same text and for the text with white
 * space and invisible characters around it; and no text shares more with another than it has. With
 * AITYS_PLANTED_FAULT a link behind the text is believed to change it.
 */
#include <stdint.h>

#include "base/must.h"
#include "text/bare.h"
#include "text/shingles.h"
#include "text/utf8.h"

static void sketch_check(const struct shingle_sketch *s)
{
    MUST(s->n <= BARE_LETTERS_MAX && s->n_marks <= SHINGLE_MARKS);
    MUST(s->n > 0 || s->n_marks == 0);
    for (size_t i = 1; i < s->n_marks; i++)
        MUST(s->marks[i - 1] < s->marks[i]);
}

static bool is_same(const struct shingle_sketch *a, const struct shingle_sketch *b)
{
    return a->n == b->n && a->n_marks == b->n_marks &&
           shingle_agreed(a->minima, b->minima) == SHINGLE_MINIMA &&
           memcmp(a->marks, b->marks, a->n_marks * sizeof *a->marks) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n}, name = str_head(text, 8);
    struct shingle_sketch one, again, around;
    if (n > 8000 || !utf8_is_valid(text))
        return 0;
    if (!utf8_is_valid(name))
        name = STR("name");
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct shingler *s = shingler_new(hash_of(STR("fuzz")));
    shingle_text(s, a, text, name, &one);
    sketch_check(&one);
    shingle_text(s, a, text, name, &again);
    MUST(is_same(&one, &again));
    MUST(shingle_shared(shingle_agreed(one.minima, again.minima), one.n, again.n) == one.n);
    shingle_text(s, a, arena_printf(a, "\n" STR_FMT "\n\n\xE2\x80\x8B ", STR_ARG(text)), name,
                 &around);
    /* A text of 16 KiB or more letters is cut elsewhere; this one is shorter. */
    MUST(memchr(text.p ? text.p : "", '\0', n) || is_same(&one, &around));
#ifdef AITYS_PLANTED_FAULT
    shingle_text(s, a, arena_printf(a, STR_FMT "\nhttps://a.example/abcdefgh", STR_ARG(text)), name,
                 &around);
    MUST(one.n < 20 || !is_same(&one, &around));
#endif
    shingler_free(&s);
    return 0;
}
