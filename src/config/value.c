#include "config/value.h"

#include <inttypes.h>

#include "text/utf8.h"

#define LIST_ITEMS_MAX 5000

struct unit {
    const char *name;
    int64_t factor;
};

/* Units of time, in milliseconds. */
static const struct unit times[] = {
    {"ms", 1},
    {"s", INT64_C(1000)},
    {"minutes", INT64_C(60) * 1000},
    {"hours", INT64_C(3600) * 1000},
    {"days", INT64_C(86400) * 1000},
};

/* Units of size, in bytes. */
static const struct unit sizes[] = {
    {"bytes", 1},
    {"KiB", INT64_C(1) << 10},
    {"MiB", INT64_C(1) << 20},
    {"GiB", INT64_C(1) << 30},
};

static int64_t factor_of(const struct unit *units, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(units[i].name)))
            return units[i].factor;
    return 0;
}

/* Takes "64 MiB" apart: digits, then white space or nothing, then letters or nothing. */
static void cut_number(struct str text, struct str *ret_digits, struct str *ret_unit)
{
    size_t n = 0;
    while (n < text.n && (text.p[n] == '-' || (text.p[n] >= '0' && text.p[n] <= '9')))
        n++;
    *ret_digits = str_head(text, n);
    *ret_unit = str_trim(str_from(text, n));
}

static bool fail(struct str *ret_fault, struct str why)
{
    *ret_fault = why;
    return false;
}

/* Secrets are never quoted back. */
static struct str quoted(struct arena *a, const struct setting_about *row, struct str text)
{
    if (row->is_secret)
        return STR("the value");
    return arena_printf(a, "\"" STR_FMT "\"", STR_ARG(fault_quote(a, text)));
}

static bool check_range(struct arena *a, const struct setting_about *row, struct str text,
                        int64_t n, struct str *ret_fault)
{
    if (n >= row->min && n <= row->max)
        return true;
    return fail(ret_fault,
                arena_printf(a, STR_FMT " is too %s; write " STR_FMT, STR_ARG(quoted(a, row, text)),
                             n < row->min ? "small" : "large", STR_ARG(setting_range(a, row))));
}

static bool fail_type(struct arena *a, const struct setting_about *row, struct str text,
                      struct str *ret_fault)
{
    return fail(ret_fault,
                arena_printf(a, STR_FMT " is not understood; write " STR_FMT,
                             STR_ARG(quoted(a, row, text)), STR_ARG(setting_range(a, row))));
}

/* A number with a unit; own_factor is that of the row, so that what is stored is in its unit. */
static bool parse_scaled(struct arena *a, const struct setting_about *row, struct str text,
                         const struct unit *units, size_t n_units, int64_t own_factor,
                         int64_t *ret_n, struct str *ret_fault)
{
    struct str digits, unit;
    cut_number(text, &digits, &unit);
    int64_t n, factor = unit.n > 0 ? factor_of(units, n_units, unit) : own_factor;
    if (factor == 0 || !str_to_int64(digits, INT64_MIN, INT64_MAX, &n))
        return fail_type(a, row, text, ret_fault);
    int64_t product;
    if (__builtin_mul_overflow(n, factor, &product))
        product = n < 0 ? INT64_MIN : INT64_MAX;
    if (product % own_factor != 0)
        return fail(ret_fault,
                    arena_printf(a, STR_FMT " is not a whole number of %s; write " STR_FMT,
                                 STR_ARG(quoted(a, row, text)), row->unit,
                                 STR_ARG(setting_range(a, row))));
    if (!check_range(a, row, text, product / own_factor, ret_fault))
        return false;
    *ret_n = product / own_factor;
    return true;
}

static bool parse_int(struct arena *a, const struct setting_about *row, struct str text,
                      int64_t *ret_n, struct str *ret_fault)
{
    int64_t n;
    if (!str_to_int64(text, INT64_MIN, INT64_MAX, &n))
        return fail_type(a, row, text, ret_fault);
    if (!check_range(a, row, text, n, ret_fault))
        return false;
    *ret_n = n;
    return true;
}

bool value_check_text(struct str text, struct str *ret_fault)
{
    if (!utf8_is_text(text, false))
        return fail(ret_fault, STR("has a line end, a control character or broken UTF-8 in it; "
                                   "write it again on one line"));
    return true;
}

static bool parse_text(struct arena *a, const struct setting_about *row, struct str text,
                       struct str *ret_text, struct str *ret_fault)
{
    if (!value_check_text(text, ret_fault))
        return false;
    if (text.n == 0 && row->min > 0)
        return fail(ret_fault, STR("is empty; write a value or remove the line"));
    if ((int64_t)text.n < row->min || (int64_t)text.n > row->max)
        return fail(ret_fault, arena_printf(a, "has %zu bytes; write " STR_FMT, text.n,
                                            STR_ARG(setting_range(a, row))));
    *ret_text = arena_copy(a, text);
    return true;
}

bool value_check_count(struct arena *a, const struct setting_about *row, size_t n,
                       struct str *ret_fault)
{
    if ((int64_t)n >= row->min && (int64_t)n <= row->max)
        return true;
    return fail(ret_fault, arena_printf(a, "has %zu items; write " STR_FMT, n,
                                        STR_ARG(setting_range(a, row))));
}

static bool parse_list(struct arena *a, const struct setting_about *row, struct str text,
                       struct setting_list *ret_list, struct str *ret_fault)
{
    struct str *items = NULL, rest = text, item;
    size_t n = 0, capacity = 0;
    while (str_trim(text).n > 0 && str_next(&rest, ',', &item)) {
        item = str_trim(item);
        if (item.n == 0)
            return fail(ret_fault, STR("has an empty item; remove the comma too many"));
        if (!value_check_text(item, ret_fault))
            return false;
        if (n == LIST_ITEMS_MAX)
            break;
        *ARENA_PUSH(a, items, n, capacity) = arena_copy(a, item);
    }
    if (!value_check_count(a, row, n, ret_fault))
        return false;
    *ret_list = (struct setting_list){items, n};
    return true;
}

bool value_parse(struct arena *a, const struct setting_about *row, struct str text, void *place,
                 struct str *ret_fault)
{
    switch (row->type) {
    case SETTING_TEXT:
        return parse_text(a, row, text, place, ret_fault);
    case SETTING_LIST:
        return parse_list(a, row, text, place, ret_fault);
    case SETTING_INT:
        return parse_int(a, row, text, place, ret_fault);
    case SETTING_SIZE:
        return parse_scaled(a, row, text, sizes, ARRAY_LEN(sizes), 1, place, ret_fault);
    case SETTING_DURATION:
        return parse_scaled(a, row, text, times, ARRAY_LEN(times),
                            factor_of(times, ARRAY_LEN(times), str_of(row->unit)), place,
                            ret_fault);
    case SETTING_BOOL:
        if (!str_eq(text, STR("true")) && !str_eq(text, STR("false")))
            return fail_type(a, row, text, ret_fault);
        *(bool *)place = str_eq(text, STR("true"));
        return true;
    }
    return fail(ret_fault, STR("has no type"));
}

void value_print_size(struct buf *out, int64_t bytes)
{
    const struct unit *unit = &sizes[0];
    for (size_t i = 1; i < ARRAY_LEN(sizes); i++)
        if (bytes != 0 && bytes % sizes[i].factor == 0)
            unit = &sizes[i];
    buf_printf(out, "%" PRId64, bytes / unit->factor);
    if (unit != &sizes[0])
        buf_printf(out, " %s", unit->name);
}

static void print_list(struct buf *out, const struct setting_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0)
            buf_put(out, STR(", "));
        buf_put(out, list->items[i]);
    }
}

void value_print(struct buf *out, const struct setting_about *row, const void *place)
{
    switch (row->type) {
    case SETTING_TEXT:
        buf_put(out, *(const struct str *)place);
        return;
    case SETTING_LIST:
        print_list(out, place);
        return;
    case SETTING_INT:
        buf_int(out, *(const int64_t *)place);
        return;
    case SETTING_SIZE:
        value_print_size(out, *(const int64_t *)place);
        return;
    case SETTING_DURATION:
        buf_printf(out, "%" PRId64 " %s", *(const int64_t *)place, row->unit);
        return;
    case SETTING_BOOL:
        buf_put(out, *(const bool *)place ? STR("true") : STR("false"));
        return;
    }
}
