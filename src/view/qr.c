#include "view/qr.h"

#include <qrencode.h>

#include "base/buf.h"

#define TEXT_BYTES_MAX 1000
#define PATH_BYTES_MAX (256 * KiB)
#define QUIET 4 /* squares */
#define DARK 1  /* bit of a square */

/* Each run of dark squares in a row is one rectangle. */
static void put_row(struct buf *b, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int from = x;
        while (x < width && (row[x] & DARK))
            x++;
        if (x > from)
            buf_printf(b, "M%d %dh%dv1h-%dz", from, y, x - from, x - from);
    }
}

bool view_qr(struct arena *a, struct str text, struct view_qr *ret_qr)
{
    if (text.n == 0 || text.n > TEXT_BYTES_MAX)
        return false;
    QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    struct buf path = buf_in(a, PATH_BYTES_MAX);
    for (int y = 0; y < code->width; y++)
        put_row(&path, code->data + (ptrdiff_t)y * code->width, code->width, y);
    int side = code->width + 2 * QUIET;
    QRcode_free(code);
    ret_qr->box = arena_printf(a, "%d %d %d %d", -QUIET, -QUIET, side, side);
    ret_qr->path = buf_str(&path);
    return buf_ok(&path);
}
