#include "http/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

#include "base/must.h"

#define GZIP_WINDOW (15 + 16) /* 32 KiB, with a gzip header and trailer */
#define GZIP_MEMORY 8

/* Writes at most n bytes; 0 when that is not enough. */
static size_t gzip(struct str body, int quality, char *out, size_t n)
{
    z_stream z = {0};
    MUST(deflateInit2(&z, quality, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) ==
         Z_OK);
    z.next_in = (Bytef *)(uintptr_t)body.p;
    z.avail_in = (uInt)body.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)n;
    int rc = deflate(&z, Z_FINISH);
    size_t made = rc == Z_STREAM_END ? n - z.avail_out : 0;
    (void)deflateEnd(&z);
    return made;
}

/* Writes at most n bytes; 0 when that is not enough. */
static size_t brotli(struct str body, int quality, char *out, size_t n)
{
    size_t made = n;
    if (!BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, body.n,
                               (const uint8_t *)body.p, &made, (uint8_t *)out))
        return 0;
    return made;
}

struct str http_compress(struct arena *a, struct str body, enum http_coding coding, int quality,
                         enum http_coding *ret_coding)
{
    *ret_coding = HTTP_IDENTITY;
    if (coding == HTTP_IDENTITY || body.n < 2 || body.n > UINT32_MAX)
        return body;
    MUST(quality >= 1 && quality <= 11);
    char *out = arena_take(a, body.n);
    size_t made = coding == HTTP_GZIP ? gzip(body, quality < 9 ? quality : 9, out, body.n - 1)
                                      : brotli(body, quality, out, body.n - 1);
    if (made == 0)
        return body;
    *ret_coding = coding;
    return (struct str){out, made};
}
