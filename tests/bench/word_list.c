/*
 * Microseconds for a comment of 1,500 characters against 100,000 entries: ordinary comments, and
 * texts made to be slow, against a list of invented words and against one whose words differ in
 * two letters only, so that every disguise has many ways to go on. Also the milliseconds and bytes
 * that the lists take. Each figure is the median of its rounds; wordlist_us is the worst of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/must.h"
#include "text/shown.h"
#include "text/utf8.h"
#include "text/word_list.h"

#define ENTRIES 100000
#define CHARS 1500
#define TEXT_BYTES (256 * KiB)
#define ROUNDS 51
#define MATCHES_MAX 256

static uint64_t seed = 7;

static uint64_t number(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int in_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct str piece(const char *const *pieces, size_t n)
{
    return str_of(pieces[number(n)]);
}

/* An invented word of five to seven syllables, Cyrillic or Latin. Gives its characters. */
static size_t word_put(struct buf *b)
{
    static const char *const cyrillic[] = {"ба",  "ко",  "ли", "мен", "ста", "ру",
                                           "жол", "дық", "те", "ған", "по",  "вер",
                                           "шы",  "сіз", "на", "ку",  "ө",   "рей"};
    static const char *const latin[] = {"ba", "co", "li",  "men", "sta", "ru", "ing", "er", "te",
                                        "o'", "po", "ver", "shi", "lar", "na", "qu",  "o",  "ton"};
    const char *const *from = number(4) ? cyrillic : latin;
    size_t n = 5 + number(3), before = b->n, chars = 0;
    for (size_t i = 0; i < n; i++)
        buf_put(b, piece(from, ARRAY_LEN(cyrillic)));
    for (size_t at = before; at < b->n; chars++)
        (void)utf8_next(buf_str(b), &at);
    return chars;
}

static void invented_list(struct buf *b)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        (void)word_put(b);
        if (number(10) == 0) {
            buf_char(b, ' ');
            (void)word_put(b);
        }
        buf_put(b, number(3) ? STR("\n") : STR("*\n"));
    }
}

/* The numbers up to the entries' in two letters, so that the tree forks everywhere. */
static void crowded_list(struct buf *b)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        for (size_t bits = i + 4; bits > 1; bits /= 2)
            buf_put(b, bits % 2 ? STR("о") : STR("с"));
        buf_char(b, '\n');
    }
}

/* Words as in the list, up to CHARS characters. */
static void ordinary_text(struct buf *b)
{
    for (size_t n = 0; n < CHARS - 20; n++) {
        n += word_put(b);
        buf_put(b, number(8) ? STR(" ") : STR(", "));
    }
}

static void repeated_text(struct buf *b, const char *part, size_t part_chars)
{
    for (size_t n = 0; n + part_chars <= CHARS; n += part_chars)
        buf_put(b, str_of(part));
}

/* As many bytes as are allowed, in marks. */
static void marks_text(struct buf *b)
{
    for (size_t i = 0; i < CHARS; i++) {
        buf_put(b, STR("о"));
        for (size_t n = 0; n < TEXT_BYTES / CHARS / 2 - 2; n++)
            buf_put(b, STR("\xCC\x81"));
    }
}

static const struct {
    const char *name, *part; /* NULL: made by a function */
    size_t chars;
} texts[] = {
    {"ordinary", NULL, 0},
    {"marks", NULL, 0},
    {"masks", "*", 1},
    {"masked words", "ос**со ", 7},
    {"long masked", "сососо*****сососо ", 18},
    {"one masked", "с*", 2},
    {"single letters", "о ", 2},
    {"two letters", "co ", 3},
    {"mixed scripts", "сoос", 4},
    {"mixed words", "сoоcсo ", 7},
    {"leet", "о0с0", 4},
    {"leet words", "о0с0о0 ", 7},
    {"stretched", "ооосссооо", 9},
    {"one letter", "с", 1},
    {"joined", "сос-", 4},
    {"emoji", "о🍆с", 3},
    {"spaced leet", "о 0 ", 4},
    {"signs", "$@", 2},
    {"dots", "ос..со ", 7},
    {"masked ends", "сососо*** ", 10},
    {"masked tokens", "о/сос** ", 8},
    {"upside down", "ɔos qou ", 8},
    {"flags", "🇸🇴🇸🇴", 4},
    {"brackets", "с(о)«с»", 7},
    {"long words", "менстарукожол", 13},
    {"references", "&#1086;", 7},
    {"reference words", "сос&#1086; ", 11},
    {"markup", "о**с**о", 7},
    {"links", "о[с](x)о", 8},
    {"quotes", "> о**с\n", 7},
};

/* As rules do: what is shown, and what was written where that is innocent and something else. */
static double match_us(const struct word_list *list, struct str text, size_t *ret_n)
{
    static struct word_match found[MATCHES_MAX];
    double us[ROUNDS];
    struct arena *a = arena_new(4 * MiB);
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(a);
        double from = now_us();
        struct shown shown = shown_of(a, text);
        *ret_n = word_list_match(list, a, shown.text, found, MATCHES_MAX);
        if (*ret_n == 0 && !str_eq(shown.text, text))
            *ret_n = word_list_match(list, a, text, found, MATCHES_MAX);
        us[i] = now_us() - from;
    }
    arena_free(&a);
    qsort(us, ROUNDS, sizeof us[0], in_order);
    return us[ROUNDS / 2];
}

static struct word_list *list_made(const char *name, struct str source)
{
    static struct word_faults faults;
    struct arena *scratch = arena_new(1 * MiB);
    struct word_list *list;
    struct err e;
    double from = now_us();
    MUST(word_list_compile(scratch, source, &list, &faults, &e));
    printf("%s: %zu entries of %zu lines, %.0f ms, %zu KiB (scratch %zu KiB)\n", name,
           word_list_entries(list), word_list_entries(list) + faults.all, (now_us() - from) / 1e3,
           word_list_bytes(list) / KiB, arena_taken(scratch) / KiB);
    arena_free(&scratch);
    return list;
}

static double list_run(const char *name, const struct word_list *list)
{
    double worst = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct buf b = buf_heap(2 * TEXT_BYTES);
        if (i == 0)
            ordinary_text(&b);
        else if (i == 1)
            marks_text(&b);
        else
            repeated_text(&b, texts[i].part, texts[i].chars);
        size_t n;
        double us = match_us(list, buf_str(&b), &n);
        printf("%s, %s: %.0f us, %zu bytes, %zu found\n", name, texts[i].name, us, b.n, n);
        if (i == 0)
            printf("figure wordlist_%s_us %.0f us\n", name, us);
        worst = us > worst ? us : worst;
        buf_free(&b);
    }
    return worst;
}

int main(void)
{
    static void (*const make[])(struct buf *) = {invented_list, crowded_list};
    static const char *const names[] = {"invented", "crowded"};
    double worst = 0;

    for (size_t i = 0; i < ARRAY_LEN(make); i++) {
        struct buf b = buf_heap(WORD_LIST_BYTES_MAX);
        make[i](&b);
        MUST(buf_ok(&b));
        struct word_list *list = list_made(names[i], buf_str(&b));
        double us = list_run(names[i], list);
        worst = us > worst ? us : worst;
        word_list_free(&list);
        buf_free(&b);
    }
    printf("figure wordlist_us %.0f us\n", worst);
    return 0;
}
