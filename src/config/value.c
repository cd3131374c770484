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

/* What is being parsed, for the faults. */
struct parsing {
    struct arena *arena;
    const struct setting_about *row;
    struct str text;
    struct str *ret_fault;
};

static bool fail(struct str *ret_fault, struct str why)
{
    *ret_fault = why;
    return false;
}

/* Secrets are never quoted back. */
static struct str quoted(const struct parsing *p)
{
    if (p->row->is_secret)
        return STR("the value");
    return arena_printf(p->arena, "\"" STR_FMT "\"", STR_ARG(fault_quote(p->arena, p->text)));
}

static bool check_range(const struct parsing *p, int64_t n)
{
    const struct setting_about *row = p->row;
    if (n >= row->min && n <= row->max)
        return true;
    return fail(p->ret_fault, arena_printf(p->arena, STR_FMT " is too %s; write " STR_FMT,
                                           STR_ARG(quoted(p)), n < row->min ? "small" : "large",
                                           STR_ARG(setting_range(p->arena, row))));
}

static bool fail_type(const struct parsing *p)
{
    return fail(p->ret_fault,
                arena_printf(p->arena, STR_FMT " is not understood; write " STR_FMT,
                             STR_ARG(quoted(p)), STR_ARG(setting_range(p->arena, p->row))));
}

/* The units that may stand behind a number, and the one in which it is stored. */
struct scale {
    const struct unit *units;
    size_t n;
    int64_t own_factor;
};

static bool parse_scaled(const struct parsing *p, const struct scale *scale, int64_t *ret_n)
{
    struct str digits, unit;
    cut_number(p->text, &digits, &unit);
    int64_t n, own = scale->own_factor;
    int64_t factor = unit.n > 0 ? factor_of(scale->units, scale->n, unit) : own;
    if (factor == 0 || !str_to_int64(digits, INT64_MIN, INT64_MAX, &n))
        return fail_type(p);
    int64_t product;
    if (__builtin_mul_overflow(n, factor, &product))
        product = n < 0 ? -(INT64_MAX - INT64_MAX % own) : INT64_MAX - INT64_MAX % own;
    if (product % own != 0)
        return fail(p->ret_fault,
                    arena_printf(p->arena, STR_FMT " is not a whole number of %s; write " STR_FMT,
                                 STR_ARG(quoted(p)), p->row->unit,
                                 STR_ARG(setting_range(p->arena, p->row))));
    if (!check_range(p, product / own))
        return false;
    *ret_n = product / own;
    return true;
}

static bool parse_int(const struct parsing *p, int64_t *ret_n)
{
    int64_t n;
    if (!str_to_int64(p->text, INT64_MIN, INT64_MAX, &n))
        return fail_type(p);
    if (!check_range(p, n))
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

static bool parse_text(const struct parsing *p, struct str *ret_text)
{
    if (!value_check_text(p->text, p->ret_fault))
        return false;
    if (p->text.n == 0 && p->row->min > 0)
        return fail(p->ret_fault, STR("is empty; write a value or remove the line"));
    if ((int64_t)p->text.n < p->row->min || (int64_t)p->text.n > p->row->max)
        return fail(p->ret_fault, arena_printf(p->arena, "has %zu bytes; write " STR_FMT, p->text.n,
                                               STR_ARG(setting_range(p->arena, p->row))));
    *ret_text = arena_copy(p->arena, p->text);
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

static bool parse_list(const struct parsing *p, struct setting_list *ret_list)
{
    struct str *items = NULL, rest = p->text, item;
    size_t n = 0, capacity = 0;
    while (str_trim(p->text).n > 0 && str_next(&rest, ',', &item)) {
        item = str_trim(item);
        if (item.n == 0)
            return fail(p->ret_fault, STR("has an empty item; remove the comma too many"));
        if (!value_check_text(item, p->ret_fault))
            return false;
        if (n == LIST_ITEMS_MAX)
            break;
        *ARENA_PUSH(p->arena, items, n, capacity) = arena_copy(p->arena, item);
    }
    if (!value_check_count(p->arena, p->row, n, p->ret_fault))
        return false;
    *ret_list = (struct setting_list){items, n};
    return true;
}

static bool parse_bool(const struct parsing *p, bool *ret_value)
{
    bool is_true = str_eq(p->text, STR("true"));
    if (!is_true && !str_eq(p->text, STR("false")))
        return fail_type(p);
    *ret_value = is_true;
    return true;
}

bool value_parse(struct arena *a, const struct setting_about *row, struct str text, void *place,
                 struct str *ret_fault)
{
    const struct parsing p = {a, row, text, ret_fault};
    const struct scale size = {sizes, ARRAY_LEN(sizes), 1};
    const struct scale time = {times, ARRAY_LEN(times),
                               factor_of(times, ARRAY_LEN(times), str_of(row->unit))};
    switch (row->type) {
    case SETTING_TEXT:
        return parse_text(&p, place);
    case SETTING_LIST:
        return parse_list(&p, place);
    case SETTING_INT:
        return parse_int(&p, place);
    case SETTING_SIZE:
        return parse_scaled(&p, &size, place);
    case SETTING_DURATION:
        return parse_scaled(&p, &time, place);
    case SETTING_BOOL:
        return parse_bool(&p, place);
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
