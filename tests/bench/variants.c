#include "tests/bench/variants.h"

#include "base/buf.h"
#include "text/utf8.h"

#define TEXT_MAX (64 * KiB)

struct making {
    struct arena *a;
    struct words *w;
    const struct str *others;
    size_t n_others;
    struct buf to;
};

static size_t under(struct words *w, size_t n)
{
    return (size_t)(words_number(w) >> 11) % n;
}

static bool chance(struct words *w, size_t percent)
{
    return under(w, 100) < percent;
}

const char *variant_name(enum variant kind)
{
    static const char *const names[VARIANT_N] = {"case", "disguised", "edited10", "edited25",
                                                 "wrapped"};
    return names[kind];
}

static void put_char(struct buf *b, uint32_t c)
{
    char bytes[4];
    buf_put(b, (struct str){bytes, utf8_print(c, bytes)});
}

/* The next word of what is left, without white space; false at the end. */
static bool next_word(struct str *rest, struct str *ret_word)
{
    while (rest->n > 0 && (unsigned char)rest->p[0] <= ' ')
        *rest = str_from(*rest, 1);
    size_t n = 0;
    while (n < rest->n && (unsigned char)rest->p[n] > ' ')
        n++;
    *ret_word = str_head(*rest, n);
    *rest = str_from(*rest, n);
    return n > 0;
}

/* Some word of some other text. */
static struct str foreign_word(struct making *m)
{
    for (int tries = 0; tries < 20; tries++) {
        struct str rest = m->others[under(m->w, m->n_others)], word, found = STR_NONE;
        size_t n = 0;
        while (next_word(&rest, &word)) {
            if (under(m->w, ++n) == 0)
                found = word;
        }
        if (found.n > 0 && found.n < 60)
            return found;
    }
    return STR("word");
}

static void put_word(struct making *m, struct str word)
{
    if (m->to.n > 0)
        buf_char(&m->to, ' ');
    buf_put(&m->to, word);
}

/* Capitals of Latin and Russian letters; others stay. */
static uint32_t other_case(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return c ^ 0x20;
    if (c >= 0x430 && c <= 0x44F)
        return c - 0x20;
    return c >= 0x410 && c <= 0x42F ? c + 0x20 : c;
}

static void put_cased(struct making *m, struct str word)
{
    bool is_all = chance(m->w, 50);
    if (m->to.n > 0)
        buf_char(&m->to, ' ');
    for (size_t at = 0; at < word.n;) {
        uint32_t c = utf8_next(word, &at);
        put_char(&m->to, is_all || chance(m->w, 30) ? other_case(c) : c);
    }
}

static void make_case(struct making *m, struct str text)
{
    struct str word;
    bool has_link = chance(m->w, 70);
    if (chance(m->w, 40))
        put_word(m, arena_printf(m->a, "@reader%zu", under(m->w, 100000)));
    while (next_word(&text, &word)) {
        put_cased(m, word);
        if (has_link && chance(m->w, 10))
            put_word(m, arena_printf(m->a, "https://shop%zu.example/a?b=%zu", under(m->w, 1000),
                                     under(m->w, 1000000)));
    }
    put_word(m, arena_printf(m->a, "www.site%zu.example", under(m->w, 1000)));
}

/* Pairs of letters that look alike, both ways, and digits that stand for letters. */
static uint32_t look_alike(struct words *w, uint32_t c, bool to_digit)
{
    static const struct {
        uint32_t latin, cyrillic, digit;
    } alike[] = {
        {'a', 0x430, '4'}, {'e', 0x435, '3'}, {'o', 0x43E, '0'},   {'c', 0x441, 0},
        {'p', 0x440, 0},   {'x', 0x445, 0},   {'y', 0x443, 0},     {'i', 0x456, '1'},
        {'s', 0x455, '5'}, {'A', 0x410, '4'}, {'B', 0x412, '8'},   {'E', 0x415, '3'},
        {'K', 0x41A, 0},   {'M', 0x41C, 0},   {'H', 0x41D, 0},     {'O', 0x41E, '0'},
        {'P', 0x420, 0},   {'C', 0x421, 0},   {'T', 0x422, '7'},   {'X', 0x425, 0},
        {0, 0x437, '3'},   {0, 0x447, '4'},   {0, 0x431, '6'},     {0, 0x432, '8'},
        {'l', 0, '1'},     {'t', 0, '7'},     {0x3BF, 0x43E, '0'}, {0x3B1, 0x430, '4'},
    };
    for (size_t i = 0; i < ARRAY_LEN(alike); i++) {
        if (c != alike[i].latin && c != alike[i].cyrillic)
            continue;
        uint32_t to = to_digit              ? alike[i].digit
                      : c == alike[i].latin ? alike[i].cyrillic
                                            : alike[i].latin;
        return to && chance(w, 70) ? to : c;
    }
    return c;
}

static void put_disguised(struct making *m, struct str word)
{
    static const uint32_t between[] = {'.', ' ', '-', '*', '_', 0x200B, 0x200D, 0xAD, 0x301, 0x336};
    size_t how = under(m->w, 4), sign = under(m->w, ARRAY_LEN(between));
    if (m->to.n > 0)
        buf_char(&m->to, ' ');
    for (size_t at = 0; at < word.n;) {
        uint32_t c = utf8_next(word, &at);
        if (how < 2)
            c = look_alike(m->w, c, how == 1);
        put_char(&m->to, c);
        if (how == 2 && at < word.n)
            put_char(&m->to, between[sign]);
        for (size_t more = under(m->w, 4); how == 3 && more > 0 && chance(m->w, 30); more--)
            put_char(&m->to, c);
    }
}

static void make_disguised(struct making *m, struct str text)
{
    struct str word;
    while (next_word(&text, &word)) {
        if (chance(m->w, 50))
            put_disguised(m, word);
        else
            put_word(m, word);
    }
}

static void make_edited(struct making *m, struct str text, size_t percent)
{
    struct str word, moved = STR_NONE;
    while (next_word(&text, &word)) {
        size_t how = chance(m->w, percent) ? under(m->w, 4) : 4;
        if (how == 3 && moved.n == 0) { /* behind the next one */
            moved = word;
            continue;
        }
        if (how == 2)
            put_word(m, foreign_word(m));
        if (how != 0)
            put_word(m, how == 1 ? foreign_word(m) : word);
        if (moved.n > 0)
            put_word(m, moved);
        moved = STR_NONE;
    }
    put_word(m, moved);
}

/* About n bytes of other texts, whole words. */
static void put_foreign(struct making *m, size_t n)
{
    size_t until = m->to.n + n;
    while (m->to.n < until) {
        struct str rest = m->others[under(m->w, m->n_others)], word;
        while (m->to.n < until && next_word(&rest, &word))
            put_word(m, word);
    }
}

static void make_wrapped(struct making *m, struct str text)
{
    size_t own = text.n * (30 + under(m->w, 121)) / 100;
    size_t before = own * under(m->w, 101) / 100;
    put_foreign(m, before);
    put_word(m, text);
    put_foreign(m, own - before);
}

struct str variant_of(enum variant kind, struct arena *a, struct words *w, struct str text,
                      const struct str *others, size_t n_others)
{
    struct making m = {a, w, others, n_others, buf_in(a, TEXT_MAX)};
    switch (kind) {
    case VARIANT_CASE:
        make_case(&m, text);
        break;
    case VARIANT_DISGUISED:
        make_disguised(&m, text);
        break;
    case VARIANT_EDITED10:
        make_edited(&m, text, 10);
        break;
    case VARIANT_EDITED25:
        make_edited(&m, text, 25);
        break;
    case VARIANT_WRAPPED:
        make_wrapped(&m, text);
        break;
    case VARIANT_N:
        break;
    }
    return buf_str(&m.to);
}

struct str variant_filler(struct arena *a, struct words *w, struct str text,
                          const struct str *others, size_t n_others)
{
    struct making m = {a, w, others, n_others, buf_in(a, TEXT_MAX)};
    struct str word;
    while (next_word(&text, &word))
        put_word(&m, chance(w, 50) ? foreign_word(&m) : word);
    return buf_str(&m.to);
}
