#include "base/buf.h"
#include "domain/articles.h"
#include "domain/inner.h"

#define SIZES_MAX 32

/* "640 1280"; the sizes must ascend and end with the picture's own width. */
static bool widths_print(struct arena *a, const struct picture *p,
                         const struct picture_bytes *sizes, size_t n, struct str *ret_widths)
{
    if (n == 0 || n > SIZES_MAX || sizes[n - 1].width != p->width || p->height < 1)
        return false;
    struct buf b = buf_in(a, SIZES_MAX * 21);
    for (size_t i = 0; i < n; i++) {
        if (sizes[i].width < 1 || sizes[i].bytes.n == 0 ||
            (i > 0 && sizes[i].width <= sizes[i - 1].width))
            return false;
        if (i > 0)
            buf_char(&b, ' ');
        buf_int(&b, sizes[i].width);
    }
    *ret_widths = buf_str(&b);
    return true;
}

bool picture_save(const struct domain *d, struct tx *tx, const struct picture *p,
                  const struct picture_bytes *sizes, size_t n_sizes, struct err *e)
{
    struct picture_add_in in = {.site = d->site.id.v,
                                .hash = hash_str(&p->hash),
                                .extension = p->extension,
                                .width = p->width,
                                .height = p->height};
    if (!widths_print(tx_arena(tx), p, sizes, n_sizes, &in.widths))
        return err_set(e, ERR_INVALID, 0, "a picture's sizes do not ascend to its own");
    int64_t added;
    if (!sql_picture_add(tx, &in, &added, e))
        return false;
    for (size_t i = 0; added > 0 && i < n_sizes; i++) {
        struct picture_file_add_in file = {d->site.id.v, hash_str(&p->hash), sizes[i].width,
                                           sizes[i].bytes};
        if (!sql_picture_file_add(tx, &file, NULL, e))
            return false;
    }
    return true;
}

bool picture_get(const struct domain *d, struct tx *tx, struct hash hash, int64_t width,
                 struct picture_file *ret_file, struct err *e)
{
    struct picture_file_get_in in = {d->site.id.v, hash_str(&hash), width};
    struct picture_file_get_out row;
    bool found;
    if (!sql_picture_file_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no such picture");
    *ret_file = (struct picture_file){row.extension, row.bytes};
    return true;
}
