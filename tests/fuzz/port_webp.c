/*
 * Pictures from noise: the new file is one by the same rules, of the same size, holds chunks of
 * pixels only, and making it once more changes nothing. With AITYS_PLANTED_FAULT nothing is
 * believed to be left out; the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "port/webp.h"

/* The names of the chunks, behind "RIFF", its size and "WEBP". */
static void check_chunks(struct str file)
{
    for (size_t at = 12; at < file.n;) {
        struct str name = {file.p + at, 4};
        size_t n = 0;
        MUST(file.n - at >= 8);
        for (size_t i = 4; i-- > 0;)
            n = n << 8 | (uint8_t)file.p[at + 4 + i];
        MUST(str_eq(name, STR("VP8X")) || str_eq(name, STR("ALPH")) || str_eq(name, STR("VP8 ")) ||
             str_eq(name, STR("VP8L")));
        MUST(n <= file.n - at - 8);
        at += 8 + n + (n & 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = {(const char *)data, n}, bare, again;
    uint32_t width = 0, height = 0, again_width = 0, again_height = 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!webp_bare(a, bytes, &bare, &width, &height))
        return 0;
    MUST(width > 0 && width <= 16384 && height > 0 && height <= 16384);
    MUST(bare.n <= bytes.n + 18); /* a VP8X chunk at most is new */
    check_chunks(bare);
    MUST(webp_bare(a, bare, &again, &again_width, &again_height));
    MUST(str_eq(bare, again) && width == again_width && height == again_height);
#ifdef AITYS_PLANTED_FAULT
    MUST(bare.n >= bytes.n);
#endif
    return 0;
}
