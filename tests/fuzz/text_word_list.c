/*
 * A word list from noise over a text from noise: the noise up to its first line of "--" is the
 * list, what follows is the text. Matches lie in order within the text, begin and end at code
 * points and name entries; every entry of plain words is found in its own text. With
 * AITYS_PLANTED_FAULT no match may be in disguise, which must be found.
 */
#include <stdint.h>

#include "base/must.h"
#include "text/utf8.h"
#include "text/word_list.h"

#define MATCHES_MAX 64

static bool is_boundary(struct str s, size_t at)
{
    return at == s.n || ((unsigned char)s.p[at] & 0xC0) != 0x80;
}

static void matches_check(const struct word_list *list, struct str text)
{
    struct word_match found[MATCHES_MAX];
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    size_t n = word_list_match(list, a, text, found, MATCHES_MAX), at = 0;

    MUST(n <= MATCHES_MAX);
    for (size_t i = 0; i < n; i++) {
        MUST(found[i].n > 0 && found[i].at >= at && found[i].at + found[i].n <= text.n);
        MUST(is_boundary(text, found[i].at) && is_boundary(text, found[i].at + found[i].n));
        MUST(found[i].entry < word_list_entries(list));
        MUST(found[i].disguises < 1 << DISGUISE_N);
#ifdef AITYS_PLANTED_FAULT
        MUST(found[i].disguises == 0);
#endif
        at = found[i].at + found[i].n;
    }
    struct word_match first;
    MUST(word_list_match(list, a, text, &first, 1) == (n > 0));
    MUST(n == 0 || (first.at == found[0].at && first.entry == found[0].entry));
}

/* One word: letters, digits and apostrophes, and perhaps a star. */
static bool is_word(struct arena *a, struct str entry)
{
    struct glyphs glyphs = glyphs_of(a, entry);
    for (size_t i = 0; i < glyphs.n; i++) {
        enum glyph_class class = glyphs.items[i].class;
        if (class != GLYPH_LETTER && class != GLYPH_DIGIT && class != GLYPH_APOSTROPHE &&
            glyphs.items[i].letter != '*')
            return false;
    }
    return true;
}

/* Without its star such an entry is a text that has an entry. */
static void entries_check(const struct word_list *list)
{
    for (size_t i = 0; i < word_list_entries(list); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str entry = word_list_entry(list, i);
        struct word_match found;
        struct str text, star;
        if (!is_word(a, entry))
            continue;
        if (!str_cut(entry, '*', &text, &star))
            text = entry;
        MUST(word_list_match(list, a, text, &found, 1) == 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str all = {(const char *)data, n};
    ptrdiff_t cut = str_find(all, STR("\n--\n"));
    struct word_faults faults;
    struct word_list *list;
    struct err e;

    if (cut < 0 || !utf8_is_valid(all))
        return 0;
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    if (!word_list_compile(scratch, str_head(all, (size_t)cut), &list, &faults, &e))
        return 0;
    matches_check(list, str_from(all, (size_t)cut + 4));
    entries_check(list);
    word_list_free(&list);
    return 0;
}
