/*
 * For client/reader/count.test.mjs:
 *
 *     count_sample script    prints reader.js as it is served
 *     count_sample texts     prints lines of JSON, [text, characters as the server counts]
 *
 * The texts are made at random, from a fixed seed, of code points that have a part in the rules of
 * UAX #29 and of any others.
 */
#include <stdio.h>

#include <jansson.h>

#include "base/must.h"
#include "text/count.h"
#include "text/utf8.h"
#include "view/view.h"

#define TEXTS 60000
#define CODES_MAX 9

static const uint32_t telling[] = {
    'a',     0x410,   '\n',   '\r',    0x07,    0xAD,    0x301,   0x308,   0x200C,  0x200D,
    0x94D,   0x903,   0x915,  0x937,   0x600,   0x6DD,   0x1F1F0, 0x1F1FF, 0x1F468, 0x1F3FD,
    0x2705,  0xFE0F,  0x20E3, 0xE0061, 0x1100,  0x1161,  0x11A8,  0xAC00,  0xAC01,  0xD7A3,
    0x1B44,  0x1B13,  0x17D2, 0x1780,  0x1039,  0x1000,  0xD4D,   0xD15,   0xE33,   0x200B,
    0x110BD, 0x11099, 0x2605, 0x1F322, 0x11F41, 0x113D1, 0x378,   0x1F1E6, 0x2028,  0x9BE,
};

/* xorshift64: the same texts every time. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint32_t any_code(uint64_t *state)
{
    uint32_t c = (uint32_t)(next(state) % 0x20000) + 1;
    return c >= 0xD800 && c <= 0xDFFF ? 'b' : c;
}

static void print_text(uint64_t *state)
{
    char text[4 * CODES_MAX];
    size_t n = 0;
    size_t codes = next(state) % CODES_MAX + 1;

    for (size_t i = 0; i < codes; i++) {
        bool is_telling = next(state) % 4 != 0;
        uint32_t c = is_telling ? telling[next(state) % ARRAY_LEN(telling)] : any_code(state);
        n += utf8_print(c, text + n);
    }
    json_t *pair = json_pack("[s%I]", text, n, (json_int_t)count_chars((struct str){text, n}));
    MUST(pair);
    MUST(json_dumpf(pair, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0);
    (void)putchar('\n');
    json_decref(pair);
}

int main(int argc, char **argv)
{
    uint64_t state = 20260302;
    struct view *v = NULL;
    struct err e = {0};

    if (argc == 2 && str_eq(str_of(argv[1]), STR("texts"))) {
        for (size_t i = 0; i < TEXTS; i++)
            print_text(&state);
        return 0;
    }
    if (!view_open(STR_NONE, &v, &e))
        return 1;
    const struct view_asset *script = view_asset_find(v, STR("reader.js"));
    (void)fwrite(script->content.p, 1, script->content.n, stdout);
    view_close(&v);
    return 0;
}
