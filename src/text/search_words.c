#include "text/search_words.h"

#include "base/buf.h"
#include "base/must.h"
#include "text/glyph.h"
#include "text/utf8.h"

#define FOLDED_BYTES_MAX (4 * SEARCH_WORD_LETTERS_MAX)

/* What stands for another letter beside what text/glyph.h knows as a letter's kin. */
static uint32_t stand_in(uint32_t c)
{
    static const struct {
        uint16_t from, to;
    } pairs[] = {
        {0x4D9, 0x430},                                                 /* ә а */
        {0x456, 0x438},                                                 /* і и */
        {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}, /* forms of alef */
        {0x649, 0x64A}, {0x6CC, 0x64A}, {0x6D2, 0x64A},                 /* of yeh */
        {0x629, 0x647}, {0x6A9, 0x643},                                 /* teh marbuta, keheh */
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (pairs[i].from == c)
            return pairs[i].to;
    }
    return c;
}

static uint32_t plain_letter(const struct glyph *g)
{
    return stand_in(g->record->kin ? g->record->kin : g->letter);
}

static bool is_letter(const struct glyph *g)
{
    return g->class == GLYPH_LETTER || g->class == GLYPH_DIGIT;
}

/* Han, kana and what else parts no words. */
static bool is_alone(uint32_t c)
{
    return (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xF900 && c < 0xFB00) || c >= 0x20000;
}

/* Whether glyph i goes on with the word before it: a letter, or an apostrophe between letters. */
static bool goes_on(const struct glyphs *g, size_t i)
{
    const struct glyph *at = &g->items[i];
    if (is_letter(at))
        return !is_alone(at->letter);
    return at->class == GLYPH_APOSTROPHE && i + 1 < g->n && is_letter(at + 1) &&
           !is_alone(at[1].letter);
}

/* The word from glyph `from` to before `end`. */
static struct search_word word_of(struct arena *a, const struct glyphs *g, size_t from, size_t end)
{
    struct buf b = buf_in(a, FOLDED_BYTES_MAX);
    struct search_word w = {.at = g->items[from].at};
    w.n = g->items[end - 1].end - w.at;
    for (size_t i = from; i < end && w.letters < SEARCH_WORD_LETTERS_MAX; i++) {
        char bytes[4];
        if (!is_letter(&g->items[i]))
            continue;
        size_t n = utf8_print(plain_letter(&g->items[i]), bytes);
        buf_put(&b, (struct str){bytes, n});
        w.letters++;
    }
    MUST(buf_ok(&b));
    w.folded = buf_str(&b);
    return w;
}

struct search_words search_words_of(struct arena *a, struct str text)
{
    struct glyphs g = glyphs_of(a, text);
    struct search_words words = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < g.n;) {
        size_t end = i + 1;
        if (!is_letter(&g.items[i])) {
            i = end;
            continue;
        }
        while (!is_alone(g.items[i].letter) && end < g.n && goes_on(&g, end))
            end++;
        *ARENA_PUSH(a, words.items, words.n, capacity) = word_of(a, &g, i, end);
        i = end;
    }
    return words;
}

/* ---- Queries -------------------------------------------------------------------------------- */

static bool is_quote(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB || (c >= 0x201C && c <= 0x201F);
}

/* Where the next quotation mark begins and ends from `at` on; false: there is none. */
static bool find_quote(struct str text, size_t at, size_t *ret_at, size_t *ret_end)
{
    while (at < text.n) {
        size_t from = at;
        if (is_quote(utf8_next(text, &at))) {
            *ret_at = from;
            *ret_end = at;
            return true;
        }
    }
    return false;
}

static void add_terms(struct arena *a, struct search_query *q, struct str text, bool is_quoted)
{
    struct search_words words = search_words_of(a, text);
    size_t first = q->n_terms;
    bool is_whole = is_quoted && q->n_phrases < SEARCH_PHRASES_MAX;
    for (size_t i = 0; i < words.n && q->n_terms < SEARCH_TERMS_MAX; i++)
        q->terms[q->n_terms++] = (struct search_term){
            words.items[i].folded, is_whole || words.items[i].letters < SEARCH_PREFIX_LETTERS};
    if (is_whole && q->n_terms - first > 1)
        q->phrases[q->n_phrases++] = (struct search_phrase){first, q->n_terms - first};
}

struct search_query search_query_of(struct arena *a, struct str text)
{
    struct search_query q = {.n_terms = 0};
    size_t at = 0, open, open_end, close, close_end;
    while (find_quote(text, at, &open, &open_end) &&
           find_quote(text, open_end, &close, &close_end)) {
        add_terms(a, &q, (struct str){text.p + at, open - at}, false);
        add_terms(a, &q, (struct str){text.p + open_end, close - open_end}, true);
        at = close_end;
    }
    add_terms(a, &q, str_from(text, at), false);
    return q;
}

/* ---- Marks ---------------------------------------------------------------------------------- */

static bool is_met(const struct search_term *t, struct str word)
{
    return t->is_whole ? str_eq(word, t->folded) : str_begins(word, t->folded);
}

static bool is_in_phrase(const struct search_query *q, size_t term)
{
    for (size_t i = 0; i < q->n_phrases; i++) {
        if (term >= q->phrases[i].first && term < q->phrases[i].first + q->phrases[i].n)
            return true;
    }
    return false;
}

/* How many words from this one on are what a phrase asks for; 0: none. */
static size_t phrase_at(const struct search_query *q, const struct search_words *words, size_t at)
{
    for (size_t i = 0; i < q->n_phrases; i++) {
        const struct search_phrase *p = &q->phrases[i];
        size_t n = 0;
        while (n < p->n && at + n < words->n &&
               is_met(&q->terms[p->first + n], words->items[at + n].folded))
            n++;
        if (n == p->n)
            return n;
    }
    return 0;
}

static bool term_at(const struct search_query *q, struct str word)
{
    for (size_t i = 0; i < q->n_terms; i++) {
        if (!is_in_phrase(q, i) && is_met(&q->terms[i], word))
            return true;
    }
    return false;
}

struct marks search_marks(struct arena *a, const struct search_query *q, struct str text)
{
    struct search_words words = search_words_of(a, text);
    struct mark *marks = ARENA_ARRAY(a, struct mark, MARKS_MAX);
    size_t n = 0;
    for (size_t i = 0; i < words.n && n < MARKS_MAX;) {
        size_t met = phrase_at(q, &words, i);
        if (met == 0 && term_at(q, words.items[i].folded))
            met = 1;
        if (met > 0) {
            const struct search_word *last = &words.items[i + met - 1];
            size_t at = words.items[i].at;
            marks[n++] = (struct mark){at, last->at + last->n - at};
        }
        i += met ? met : 1;
    }
    return (struct marks){marks, n};
}
