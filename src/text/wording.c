#include "text/wording.h"

#include "base/hash.h"
#include "text/bare.h"

/* A text's words, each as a hash of its bare letters: two that differ are the same by no chance. */
struct wording {
    uint64_t words[WORDING_WORDS_MAX];
    size_t n;
};

static bool is_gap(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The next word, cut off the rest; empty at the end. */
static struct str next_word(struct str *rest)
{
    size_t from = 0, to;
    while (from < rest->n && is_gap(rest->p[from]))
        from++;
    for (to = from; to < rest->n && !is_gap(rest->p[to]);)
        to++;
    struct str word = {rest->p + from, to - from};
    *rest = str_from(*rest, to);
    return word;
}

static struct wording *wording_of(struct arena *a, struct str text)
{
    static const uint8_t no_key[HASH_TABLE_KEY_BYTES];
    struct wording *w = ARENA_NEW(a, struct wording);
    struct str rest = text, word;
    while (w->n < WORDING_WORDS_MAX && (word = next_word(&rest)).n > 0) {
        struct bare bare = bare_text(a, word, STR_NONE, 0);
        struct str letters = {(const char *)bare.p, bare.n * sizeof *bare.p};
        if (bare.n > 0)
            w->words[w->n++] = hash_table(no_key, letters);
    }
    return w;
}

/* The length of the longest common subsequence; a row of the usual table at a time. */
static size_t common(const struct wording *a, const struct wording *b)
{
    uint16_t row[WORDING_WORDS_MAX + 1] = {0};
    for (size_t i = 0; i < a->n; i++) {
        uint16_t corner = 0; /* of the row before, one to the left */
        for (size_t k = 0; k < b->n; k++) {
            uint16_t above = row[k + 1], left = row[k];
            uint16_t longer = above > left ? above : left;
            row[k + 1] = a->words[i] == b->words[k] ? (uint16_t)(corner + 1) : longer;
            corner = above;
        }
    }
    return row[b->n];
}

struct wording_shared wording_compare(struct arena *a, struct str text, struct str other)
{
    const struct wording *own = wording_of(a, text);
    return (struct wording_shared){own->n, common(own, wording_of(a, other))};
}
