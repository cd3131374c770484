/*
 * What rules cost a comment before the writer's turn: a word list of 100,000 entries and one rule
 * of every other kind, against the same comments without any. Usage: rules COMMENTS Prints:
 * rules_us NUMBER us      more for each comment, on the thread that prepares it rules_worst_us
 * NUMBER us  the worst of them rules_compile_ms NUMBER ms  making the list ready
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/must.h"
#include "domain/rule_set.h"
#include "tests/bench/words.h"

#define ENTRIES 100000
#define SEED 20260301

static int64_t now_us(void)
{
    struct timespec t;
    MUST(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* Words of six to ten letters, half of them Cyrillic, every other one with a star. */
static struct str list_make(struct arena *a)
{
    struct buf b = buf_in(a, RULE_SOURCE_BYTES_MAX);
    struct words w = {SEED};
    for (int i = 0; i < ENTRIES; i++) {
        uint64_t n = words_number(&w);
        for (int k = 0; k < 6 + i % 5; k++, n /= 26) {
            if (i % 2)
                buf_printf(&b, "%c", (int)('a' + n % 26));
            else
                buf_printf(&b, "\xd0%c", (int)(0xb0 + n % 16));
        }
        buf_put(&b, i % 4 < 2 ? STR("*\n") : STR("\n"));
    }
    MUST(buf_ok(&b));
    return buf_str(&b);
}

static struct rules *rules_make(struct arena *a, int64_t *ret_us)
{
    const struct rule rules[] = {
        {.id = 1, .rev = 1, .kind = RULE_WORDS, .is_on = true, .source = list_make(a)},
        {.id = 2,
         .rev = 1,
         .kind = RULE_LINKS,
         .is_on = true,
         .source = STR("links = 3\nrefuse = casino.example\n")},
        {.id = 3,
         .rev = 1,
         .kind = RULE_SHAPE,
         .is_on = true,
         .source = STR("capitals = 70\nrun = 8\nwordless = 1\n")},
        {.id = 4, .rev = 1, .kind = RULE_NEWCOMER, .is_on = true, .source = STR("hours = 1\n")},
        {.id = 5,
         .rev = 1,
         .kind = RULE_REPEAT,
         .is_on = true,
         .source = STR("copies = 2\nwithin = 24\n")},
    };
    struct rule held[ARRAY_LEN(rules)];
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        held[i] = rules[i];
        held[i].does = RULE_HOLDS;
    }
    struct rules_news news = {held, ARRAY_LEN(held)};
    struct rules *r = rules_new();
    struct err e;
    int64_t begun = now_us();
    if (!rules_use(r, &news, &e))
        errx(1, "%s", e.why);
    *ret_us = now_us() - begun;
    return r;
}

int main(int argc, char **argv)
{
    int64_t n = argc == 2 ? strtoll(argv[1], NULL, 10) : 0;
    if (n <= 0)
        errx(2, "usage: rules COMMENTS");
    struct arena *home = arena_new(0), *a = arena_new(64 * KiB);
    int64_t compile_us, all_us = 0, worst_us = 0, met = 0, bytes = 0;
    struct rules *r = rules_make(home, &compile_us);
    struct words w = {SEED + 1};
    for (int64_t i = 0; i < n; i++) {
        char text[WORDS_BYTES_MAX];
        const char *lang;
        size_t text_n = words_text(&w, (uint64_t)i, text, &lang);
        int64_t begun = now_us();
        struct rule_findings f = rules_look(r, a, (struct str){text, text_n});
        int64_t us = now_us() - begun;
        arena_reset(a);
        all_us += us;
        worst_us = us > worst_us ? us : worst_us;
        met += f.met.id != 0;
        bytes += (int64_t)text_n;
    }
    printf("%" PRId64 " comments of %" PRId64 " bytes on average, %d entries; %" PRId64
           " were met\n",
           n, bytes / n, ENTRIES, met);
    printf("rules_us %.1f us\nrules_worst_us %" PRId64 " us\nrules_compile_ms %.1f ms\n",
           (double)all_us / (double)n, worst_us, (double)compile_us / 1000);
    rules_free(&r);
    arena_free(&a);
    arena_free(&home);
}
