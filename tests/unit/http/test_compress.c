#include <brotli/decode.h>
#include <zlib.h>

#include "base/rand.h"
#include "harness.h"
#include "http/compress.h"

static struct str text(struct arena *a, size_t n)
{
    char *p = arena_take(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = "Айтыс: comment "[i % 20];
    return (struct str){p, n};
}

static void gzip_comes_back(void **state)
{
    (void)state;
    for (size_t n = 200; n < 300000; n = n * 3 + 1) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str body = text(a, n);
        for (int quality = 1; quality <= 9; quality += 4) {
            enum http_coding coding;
            struct str made = http_compress(a, body, HTTP_GZIP, quality, &coding);
            assert_int_equal(coding, HTTP_GZIP);
            assert_true(made.n < n);
            char *back = arena_take(a, n);
            z_stream z = {.next_in = (Bytef *)(uintptr_t)made.p,
                          .avail_in = (uInt)made.n,
                          .next_out = (Bytef *)back,
                          .avail_out = (uInt)n};
            assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
            assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
            assert_int_equal(inflateEnd(&z), Z_OK);
            assert_memory_equal(back, body.p, n);
        }
    }
}

static void brotli_comes_back(void **state)
{
    (void)state;
    for (size_t n = 200; n < 300000; n = n * 3 + 1) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str body = text(a, n);
        for (int quality = 1; quality <= 9; quality += 4) {
            enum http_coding coding;
            struct str made = http_compress(a, body, HTTP_BROTLI, quality, &coding);
            assert_int_equal(coding, HTTP_BROTLI);
            size_t back_n = n;
            uint8_t *back = arena_take(a, n);
            assert_int_equal(
                BrotliDecoderDecompress(made.n, (const uint8_t *)made.p, &back_n, back),
                BROTLI_DECODER_RESULT_SUCCESS);
            assert_int_equal(back_n, n);
            assert_memory_equal(back, body.p, n);
        }
    }
}

static void what_would_grow_stays(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    char noise[1000];
    rand_bytes(noise, sizeof noise);
    for (size_t n = 0; n <= sizeof noise; n += 250) {
        for (int coding = HTTP_IDENTITY; coding < HTTP_CODINGS; coding++) {
            enum http_coding got;
            struct str made =
                http_compress(a, (struct str){noise, n}, (enum http_coding)coding, 9, &got);
            assert_int_equal(got, HTTP_IDENTITY);
            assert_ptr_equal(made.p, noise);
            assert_int_equal(made.n, n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_comes_back),
        cmocka_unit_test(brotli_comes_back),
        cmocka_unit_test(what_would_grow_stays),
    };
    return RUN_TESTS(tests);
}
