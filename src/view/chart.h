/*
 * Bar charts as SVG, without script: a picture with a title and a description, to stand beside a
 * table with the same numbers. Colours and letters are the theme's: classes s0 and s1 of bars, base
 * and most of lines. In languages that run from right to left the first bar stands at the right.
 */
#pragma once

#include "base/arena.h"
#include "text/escape.h"

#define VIEW_CHART_BARS_MAX 64
#define VIEW_CHART_SERIES 2

struct view_bar {
    struct str label; /* below it; may be empty */
    int64_t values[VIEW_CHART_SERIES];
};

struct view_chart {
    struct str key;   /* unique on the page, letters alone: part of ids */
    struct str title; /* for those who do not see it: what it shows, */
    struct str about; /* and what is to be seen */
    const struct view_bar *bars;
    size_t n;        /* 1 to VIEW_CHART_BARS_MAX */
    size_t n_series; /* 1 or 2: these stand side by side */
    struct str most; /* the highest value, as the language writes it */
    bool is_rtl;
};

/* The highest of all values; 0 when none is above it. */
int64_t view_chart_most(const struct view_bar *bars, size_t n, size_t n_series);

/* The whole svg element; empty when no value is above 0. Values below 0 are taken as 0. In the
 * arena. */
struct html view_chart(struct arena *a, const struct view_chart *c);
