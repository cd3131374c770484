/*
 * aitys-picture: reads one picture on standard input, answers with its sizes on standard output.
 *
 * It alone links libvips: that keeps a hundred libraries out of the server, and a decoder that a
 * hostile picture took over sits in a process without files, network or children.
 */
#include <errno.h>
#include <unistd.h>
#include <vips/vips.h>

#include <vips/vector.h>

#include "base/attr.h"
#include "port/picture_answer.h"
#include "port/sandbox.h"

#define MEMORY_BYTES_MAX (UINT64_C(1) << 30)
#define CPU_S_MAX 60
#define QUALITY 80
#define EFFORT 4
/* Lossless is worth a little more: flat drawings and writing stay sharp. */
#define LOSSLESS_PERCENT 125

/* A picture's widths, unless its own is smaller. */
static const int widths[PICTURE_SIZES_MAX] = {480, 960, 1600};

struct work {
    unsigned char *source;
    size_t n_source;
    bool is_png;
    int own_width, own_height; /* upright */
    struct picture_answer answer;
    void *files[PICTURE_SIZES_MAX];
};

static bool write_all(const void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = write(STDOUT_FILENO, (const char *)bytes + done, n - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

/* Leaves without destructors: the sandbox forbids what libraries do when they say goodbye. */
NO_RETURN static void finish(struct work *w, enum picture_fault fault)
{
    memcpy(w->answer.magic, PICTURE_MAGIC, sizeof(w->answer.magic));
    w->answer.fault = fault;
    if (fault != PICTURE_FAULT_NONE)
        w->answer.n = 0;
    bool ok = write_all(&w->answer, sizeof(w->answer));
    for (uint32_t i = 0; ok && i < w->answer.n; i++)
        ok = write_all(w->files[i], w->answer.sizes[i].bytes);
    _exit(ok ? 0 : 1);
}

static enum picture_fault read_source(struct work *w)
{
    size_t room = PICTURE_SOURCE_BYTES_MAX + 1;
    w->source = malloc(room);
    while (w->source && w->n_source < room) {
        ssize_t got = read(STDIN_FILENO, w->source + w->n_source, room - w->n_source);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return PICTURE_FAULT_DECODE;
        if (got == 0)
            return PICTURE_FAULT_NONE;
        w->n_source += (size_t)got;
    }
    return PICTURE_FAULT_BYTES;
}

/* By content only; names mean nothing. */
static bool begins(const struct work *w, size_t at, const char *magic, size_t n)
{
    return w->n_source >= at + n && memcmp(w->source + at, magic, n) == 0;
}

/* From top to bottom; a file that ends too early is an error. */
#define LOAD_ONCE "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR

/* Whether all pixels are there: a thumbnail of half a file would be half black without a word. */
static bool is_whole(VipsImage *image)
{
    double average;
    return vips_avg(image, &average, NULL) == 0;
}

/* Reads the head with the loader of its kind, then decodes it once. */
static enum picture_fault look(struct work *w)
{
    VipsImage *image = NULL;
    int bad;
    w->is_png = begins(w, 0, "\x89PNG\r\n\x1a\n", 8);
    if (w->is_png)
        bad = vips_pngload_buffer(w->source, w->n_source, &image, LOAD_ONCE, NULL);
    else if (begins(w, 0, "\xff\xd8\xff", 3))
        bad = vips_jpegload_buffer(w->source, w->n_source, &image, LOAD_ONCE, NULL);
    else if (begins(w, 0, "RIFF", 4) && begins(w, 8, "WEBP", 4))
        bad = vips_webpload_buffer(w->source, w->n_source, &image, LOAD_ONCE, NULL);
    else
        return PICTURE_FAULT_KIND;
    if (bad)
        return PICTURE_FAULT_DECODE;
    int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
    int turned = vips_image_get_orientation_swap(image);
    w->own_width = turned ? vips_image_get_height(image) : vips_image_get_width(image);
    w->own_height = turned ? vips_image_get_width(image) : vips_image_get_height(image);
    enum picture_fault fault = PICTURE_FAULT_NONE;
    int narrow = w->own_width < widths[0] ? w->own_width : widths[0];
    if (vips_image_get_n_pages(image) > 1)
        fault = PICTURE_FAULT_MOVING;
    else if (pixels > PICTURE_PIXELS_MAX)
        fault = PICTURE_FAULT_PIXELS;
    else if ((int64_t)w->own_height * narrow / w->own_width >= PICTURE_HEIGHT_MAX)
        fault = PICTURE_FAULT_TALL;
    else if (!is_whole(image))
        fault = PICTURE_FAULT_DECODE;
    g_object_unref(image);
    return fault;
}

/* One width: upright, in sRGB with 8 bits. */
static bool make_thumbnail(const struct work *w, int width, VipsImage **ret_image)
{
    VipsImage *scaled = NULL, *colours = NULL;
    if (vips_thumbnail_buffer(w->source, w->n_source, &scaled, width, "height", VIPS_MAX_COORD,
                              "size", VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on",
                              VIPS_FAIL_ON_ERROR, NULL) != 0)
        return false;
    /* It is saved up to twice: decode once. */
    if (vips_colourspace(scaled, &colours, VIPS_INTERPRETATION_sRGB, NULL) == 0)
        *ret_image = vips_image_copy_memory(colours);
    if (colours)
        g_object_unref(colours);
    g_object_unref(scaled);
    return *ret_image != NULL;
}

/*
 * WebP with losses; for a PNG in its own size also without, when that costs little (scaling blends
 * colours, so that it never pays for the others). libvips leaves an EXIF block in it whatever it is
 * told; pictures.c takes over nothing but the pixels.
 */
static enum picture_fault encode(struct work *w, VipsImage *image, uint32_t i)
{
    void *lossy = NULL, *lossless = NULL;
    size_t n_lossy = 0, n_lossless = 0;
    if (vips_webpsave_buffer(image, &lossy, &n_lossy, "Q", QUALITY, "effort", EFFORT,
                             "smart_subsample", TRUE, NULL) != 0)
        return PICTURE_FAULT_ENCODE;
    bool is_own_size = vips_image_get_width(image) == w->own_width;
    if (w->is_png && is_own_size &&
        vips_webpsave_buffer(image, &lossless, &n_lossless, "lossless", TRUE, "effort", EFFORT,
                             NULL) != 0)
        return PICTURE_FAULT_ENCODE;
    bool keeps_all = lossless && n_lossless <= n_lossy * LOSSLESS_PERCENT / 100;
    w->files[i] = keeps_all ? lossless : lossy;
    w->answer.sizes[i] = (struct picture_answer_size){
        .width = (uint32_t)vips_image_get_width(image),
        .height = (uint32_t)vips_image_get_height(image),
        .bytes = (uint32_t)(keeps_all ? n_lossless : n_lossy),
    };
    g_free(keeps_all ? lossy : lossless);
    size_t all = 0;
    for (uint32_t k = 0; k <= i; k++)
        all += w->answer.sizes[k].bytes;
    return all > PICTURE_ANSWER_BYTES_MAX ? PICTURE_FAULT_LARGE : PICTURE_FAULT_NONE;
}

/* The widths to make: those well below the last, and the last: its own or the largest. */
static int plan_widths(int own, int *ret_widths)
{
    int last = own < widths[PICTURE_SIZES_MAX - 1] ? own : widths[PICTURE_SIZES_MAX - 1], n = 0;
    for (int k = 0; k < PICTURE_SIZES_MAX - 1; k++)
        if (widths[k] < last * 9 / 10)
            ret_widths[n++] = widths[k];
    ret_widths[n++] = last;
    return n;
}

static enum picture_fault make_sizes(struct work *w)
{
    int planned[PICTURE_SIZES_MAX];
    int n = plan_widths(w->own_width, planned);
    for (int k = 0; k < n; k++) {
        if ((int64_t)w->own_height * planned[k] / w->own_width >= PICTURE_HEIGHT_MAX)
            return PICTURE_FAULT_TALL;
        VipsImage *image = NULL;
        if (!make_thumbnail(w, planned[k], &image))
            return PICTURE_FAULT_DECODE;
        enum picture_fault fault = encode(w, image, w->answer.n);
        g_object_unref(image);
        if (fault != PICTURE_FAULT_NONE)
            return fault;
        w->answer.n++;
    }
    return PICTURE_FAULT_NONE;
}

/* Every loader is off but three. */
static void block_loaders(void)
{
    vips_operation_block_set("VipsForeignLoad", TRUE);
    vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
    vips_operation_block_set("VipsForeignLoadPng", FALSE);
    vips_operation_block_set("VipsForeignLoadWebp", FALSE);
}

/* The libraries' own words are nobody's: the answer says what matters. */
static void ignore_words(UNUSED const char *domain, UNUSED GLogLevelFlags level,
                         UNUSED const char *words, UNUSED void *context)
{
}

int main(int argc, char **argv)
{
    struct work w = {0};
    if (argc != 1)
        return 2;
    /* Large pictures stay in memory: there is no disk in the sandbox. */
    (void)g_setenv("VIPS_DISC_THRESHOLD", "2g", TRUE);
    if (!sandbox_limit(MEMORY_BYTES_MAX, CPU_S_MAX) || VIPS_INIT(argv[0]) != 0)
        finish(&w, PICTURE_FAULT_SANDBOX);
    (void)g_log_set_default_handler(ignore_words, NULL);
    vips_concurrency_set(1);
    vips_vector_set_enabled(FALSE); /* it makes code at run time; the sandbox forbids that */
    vips_cache_set_max(0);
    block_loaders();
    if (!sandbox_enter())
        finish(&w, PICTURE_FAULT_SANDBOX);
    enum picture_fault fault = read_source(&w);
    if (fault == PICTURE_FAULT_NONE)
        fault = look(&w);
    if (fault == PICTURE_FAULT_NONE)
        fault = make_sizes(&w);
    finish(&w, fault);
}
