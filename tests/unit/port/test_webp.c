#include "port/webp.h"

#include "tests/lib/unit.h"

/* Bodies of the image chunks: only their heads are looked at. */
#define VP8 "\x10\x00\x00\x9d\x01\x2a\x03\x00\x02\x00"
#define VP8L "\x2f\x02\x40\x00\x00"

/* A whole file around chunks. */
static struct str webp(struct arena *a, struct str chunks)
{
    const char head[12] = {'R', 'I', 'F', 'F', (char)(chunks.n + 4), 0, 0, 0, 'W', 'E', 'B', 'P'};
    char *bytes = arena_take(a, chunks.n + sizeof(head));
    memcpy(bytes, head, sizeof(head));
    if (chunks.n > 0)
        memcpy(bytes + sizeof(head), chunks.p, chunks.n);
    return (struct str){bytes, chunks.n + sizeof(head)};
}

static void pixels_stay(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    uint32_t width, height;
    struct str bare, simple = webp(a, STR("VP8 \x0a\0\0\0" VP8));
    assert_true(webp_bare(a, simple, &bare, &width, &height));
    assert_int_equal(width, 3);
    assert_int_equal(height, 2);
    assert_true(str_eq(bare, simple));
    struct str lossless = webp(a, STR("VP8L\x05\0\0\0" VP8L "\0"));
    assert_true(webp_bare(a, lossless, &bare, &width, &height));
    assert_int_equal(width, 3);
    assert_int_equal(height, 2);
    assert_true(str_eq(bare, lossless));
}

static void all_else_goes(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    uint32_t width, height;
    struct str bare;
    struct str full = webp(a, STR("VP8X\x0a\0\0\0\x2c\0\0\0\x02\0\0\x01\0\0"
                                  "ICCP\x04\0\0\0colo"
                                  "VP8 \x0a\0\0\0" VP8 "EXIF\x06\0\0\0place!"
                                  "XMP \x04\0\0\0name"
                                  "????\x02\0\0\0xy"));
    assert_true(webp_bare(a, full, &bare, &width, &height));
    assert_true(str_eq(bare, webp(a, STR("VP8 \x0a\0\0\0" VP8))));
    struct str alpha = webp(a, STR("VP8X\x0a\0\0\0\x1c\0\0\0\x02\0\0\x01\0\0"
                                   "ALPH\x02\0\0\0ab"
                                   "VP8 \x0a\0\0\0" VP8 "EXIF\x06\0\0\0place!"));
    assert_true(webp_bare(a, alpha, &bare, &width, &height));
    assert_true(str_eq(bare, webp(a, STR("VP8X\x0a\0\0\0\x10\0\0\0\x02\0\0\x01\0\0"
                                         "ALPH\x02\0\0\0ab"
                                         "VP8 \x0a\0\0\0" VP8))));
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    uint32_t width, height;
    struct str bare, good = webp(a, STR("VP8 \x0a\0\0\0" VP8));
    for (size_t n = 0; n < good.n; n++)
        assert_false(webp_bare(a, (struct str){good.p, n}, &bare, &width, &height));
    const struct str bad[] = {
        webp(a, STR("")),
        webp(a, STR("VP8 \x0a\0\0\0" VP8 "VP8 \x0a\0\0\0" VP8)),
        webp(a, STR("VP8 \xff\xff\xff\xff" VP8)),
        webp(a, STR("VP8 \x0a\0\0\0\x11\x00\x00\x9d\x01\x2a\x03\x00\x02\x00")),
        webp(a, STR("VP8 \x0a\0\0\0\x10\x00\x00\x9d\x01\x2a\x00\x00\x02\x00")),
        webp(a, STR("ALPH\x02\0\0\0abVP8L\x05\0\0\0" VP8L "\0")),
        webp(a, STR("VP8 \x0a\0\0\0" VP8 "ANMF\x02\0\0\0ab")),
        webp(a, STR("VP8 \x0a\0\0\0" VP8 "EX")),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(webp_bare(a, bad[i], &bare, &width, &height));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_stay),
        cmocka_unit_test(all_else_goes),
        cmocka_unit_test(what_is_no_picture_is_refused),
    };
    return RUN_TESTS(tests);
}
