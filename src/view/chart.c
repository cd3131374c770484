#include "view/chart.h"

#include <inttypes.h>

#include "base/must.h"

/* In units of the viewBox; letters are 20 high. */
#define WIDTH 480
#define TOP 26
#define FLOOR 166
#define HEIGHT 194
#define LEAST 3 /* of a bar that is not 0 */
#define BYTES_MAX (32 * KiB)

int64_t view_chart_most(const struct view_bar *bars, size_t n, size_t n_series)
{
    int64_t most = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_series; k++)
            if (bars[i].values[k] > most)
                most = bars[i].values[k];
    return most;
}

static void put_words(struct buf *b, const struct view_chart *c)
{
    buf_printf(b,
               "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"" STR_FMT
               "-t\" aria-describedby=\"" STR_FMT "-d\"><title id=\"" STR_FMT "-t\">",
               WIDTH, HEIGHT, STR_ARG(c->key), STR_ARG(c->key), STR_ARG(c->key));
    escape_html(b, c->title);
    buf_printf(b, "</title><desc id=\"" STR_FMT "-d\">", STR_ARG(c->key));
    escape_html(b, c->about);
    buf_put(b, STR("</desc>"));
}

static void put_lines(struct buf *b, const struct view_chart *c)
{
    buf_printf(b, "<path class=\"most\" d=\"M0 %dH%d\"/><text x=\"%d\" y=\"%d\">", TOP, WIDTH,
               c->is_rtl ? WIDTH : 0, TOP - 7);
    escape_html(b, c->most);
    buf_put(b, STR("</text>"));
}

/* Where a stretch of a width begins, seen from the side where reading begins. */
static int from_start(const struct view_chart *c, int x, int width)
{
    return c->is_rtl ? WIDTH - x - width : x;
}

static void put_bar(struct buf *b, const struct view_chart *c, size_t i, int64_t most)
{
    int left = (int)(WIDTH * i / c->n);
    int slot = (int)(WIDTH * (i + 1) / c->n) - left;
    int gap = slot / 6 + 1;
    int width = (slot - gap) / (int)c->n_series;
    for (size_t k = 0; k < c->n_series; k++) {
        int64_t value = c->bars[i].values[k];
        if (value <= 0)
            continue;
        int height = (int)((double)value / (double)most * (FLOOR - TOP));
        height = height < LEAST ? LEAST : height;
        buf_printf(b, "<rect class=\"s%zu\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", k,
                   from_start(c, left + gap / 2 + (int)k * width, width), FLOOR - height, width,
                   height);
    }
    if (c->bars[i].label.n == 0)
        return;
    buf_printf(b, "<text class=\"under\" x=\"%d\" y=\"%d\">", from_start(c, left + slot / 2, 0),
               HEIGHT - 6);
    escape_html(b, c->bars[i].label);
    buf_put(b, STR("</text>"));
}

struct html view_chart(struct arena *a, const struct view_chart *c)
{
    MUST(c->n >= 1 && c->n <= VIEW_CHART_BARS_MAX);
    MUST(c->n_series >= 1 && c->n_series <= VIEW_CHART_SERIES);
    int64_t most = view_chart_most(c->bars, c->n, c->n_series);
    if (most == 0)
        return (struct html){STR_NONE};
    struct buf b = buf_in(a, BYTES_MAX);
    put_words(&b, c);
    put_lines(&b, c);
    for (size_t i = 0; i < c->n; i++)
        put_bar(&b, c, i, most);
    buf_printf(&b, "<path class=\"base\" d=\"M0 %dH%d\"/></svg>", FLOOR, WIDTH);
    return (struct html){buf_ok(&b) ? buf_str(&b) : STR_NONE};
}
