#include "port/webp.h"

#include "base/buf.h"

#define HEAD_BYTES 12
#define CHUNK_HEAD_BYTES 8
#define FLAG_ALPHA 0x10

static uint32_t little(struct str s, size_t at, size_t n)
{
    uint32_t v = 0;
    for (size_t i = n; i-- > 0;)
        v = v << 8 | (uint8_t)s.p[at + i];
    return v;
}

struct chunk {
    struct str name;
    struct str content;
};

/* Takes a chunk off the front; odd sizes are padded with a zero. */
static bool next_chunk(struct str *rest, struct chunk *ret_chunk)
{
    if (rest->n < CHUNK_HEAD_BYTES)
        return false;
    size_t n = little(*rest, 4, 4), padded = n + (n & 1);
    if (padded > rest->n - CHUNK_HEAD_BYTES)
        return false;
    ret_chunk->name = str_head(*rest, 4);
    ret_chunk->content = (struct str){rest->p + CHUNK_HEAD_BYTES, n};
    *rest = str_from(*rest, CHUNK_HEAD_BYTES + padded);
    return true;
}

/* RFC 6386, section 9.1: a key frame's start code and size. */
static bool size_of_vp8(struct str s, uint32_t *ret_width, uint32_t *ret_height)
{
    if (s.n < 10 || (s.p[0] & 1) != 0 || little(s, 3, 3) != 0x2A019D)
        return false;
    *ret_width = little(s, 6, 2) & 0x3FFF;
    *ret_height = little(s, 8, 2) & 0x3FFF;
    return true;
}

/* RFC 9649, section 3.4. */
static bool size_of_vp8l(struct str s, uint32_t *ret_width, uint32_t *ret_height)
{
    if (s.n < 5 || s.p[0] != 0x2F)
        return false;
    uint32_t bits = little(s, 1, 4);
    *ret_width = (bits & 0x3FFF) + 1;
    *ret_height = (bits >> 14 & 0x3FFF) + 1;
    return true;
}

/* The chunks that hold pixels, of those a file has. */
struct pixels {
    struct str alpha; /* ALPH; empty: none */
    struct str image;
    bool is_lossless; /* VP8L, else VP8 */
};

static bool find_pixels(struct str bytes, struct pixels *ret_pixels)
{
    struct str rest = str_from(bytes, HEAD_BYTES);
    struct chunk chunk;
    *ret_pixels = (struct pixels){0};
    while (rest.n > 0) {
        if (!next_chunk(&rest, &chunk) || str_eq(chunk.name, STR("ANMF")))
            return false;
        bool is_lossless = str_eq(chunk.name, STR("VP8L"));
        bool is_image = is_lossless || str_eq(chunk.name, STR("VP8 "));
        if (is_image && ret_pixels->image.n > 0)
            return false;
        if (is_image) {
            ret_pixels->image = chunk.content;
            ret_pixels->is_lossless = is_lossless;
        } else if (str_eq(chunk.name, STR("ALPH"))) {
            ret_pixels->alpha = chunk.content;
        }
    }
    return ret_pixels->image.n > 0 && (!ret_pixels->is_lossless || ret_pixels->alpha.n == 0);
}

static void put_little(struct buf *out, uint32_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_char(out, (char)(v >> (8 * i) & 0xFF));
}

static void put_chunk(struct buf *out, struct str name, struct str content)
{
    buf_put(out, name);
    put_little(out, (uint32_t)content.n, 4);
    buf_put(out, content);
    if (content.n & 1)
        buf_char(out, 0);
}

bool webp_bare(struct arena *a, struct str bytes, struct str *ret_bare, uint32_t *ret_width,
               uint32_t *ret_height)
{
    struct pixels pixels;
    if (bytes.n < HEAD_BYTES || !str_begins(bytes, STR("RIFF")) ||
        !str_eq((struct str){bytes.p + 8, 4}, STR("WEBP")) || little(bytes, 4, 4) != bytes.n - 8 ||
        !find_pixels(bytes, &pixels))
        return false;
    uint32_t width = 0, height = 0;
    if (!(pixels.is_lossless ? size_of_vp8l : size_of_vp8)(pixels.image, &width, &height) ||
        width == 0 || height == 0)
        return false;
    struct buf out = buf_in(a, bytes.n + 64);
    buf_put(&out, STR("RIFF"));
    put_little(&out, 0, 4); /* the size, below */
    buf_put(&out, STR("WEBP"));
    if (pixels.alpha.n > 0) {
        buf_put(&out, STR("VP8X"));
        put_little(&out, 10, 4);
        put_little(&out, FLAG_ALPHA, 4);
        put_little(&out, width - 1, 3);
        put_little(&out, height - 1, 3);
        put_chunk(&out, STR("ALPH"), pixels.alpha);
    }
    put_chunk(&out, pixels.is_lossless ? STR("VP8L") : STR("VP8 "), pixels.image);
    if (!buf_ok(&out))
        return false;
    for (size_t i = 0; i < 4; i++)
        out.p[4 + i] = (char)((out.n - 8) >> (8 * i) & 0xFF);
    *ret_bare = buf_str(&out);
    *ret_width = width;
    *ret_height = height;
    return true;
}
