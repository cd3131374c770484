#include "config/settings.h"

#include <inttypes.h>

#include "base/must.h"
#include "config/near.h"
#include "config/value.h"

#define SETTING_TEXT_BYTES_MAX (64 * KiB)

#define PUBLIC false
#define SECRET true
static const struct setting_about rows[] = {
#define SETTING(type, member, name, standard, min, max, unit, secret, about)                       \
    {name,           standard, min, max, unit, about, offsetof(struct settings, member),           \
     SETTING_##type, secret},
#include "config/settings.def"
#undef SETTING
};
#undef PUBLIC
#undef SECRET

const struct setting_about *settings_about(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(rows);
    return rows;
}

const struct setting_about *settings_find(struct str name, const char **ret_near)
{
    size_t best = SIZE_MAX;
    *ret_near = NULL;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str known = str_of(rows[i].name);
        if (str_eq(known, name))
            return &rows[i];
        size_t distance = near_distance(name, known);
        if (distance < best && near_is_slip(distance, name.n)) {
            best = distance;
            *ret_near = rows[i].name;
        }
    }
    return NULL;
}

struct str setting_environment(struct arena *a, const struct setting_about *row)
{
    struct buf out = buf_in(a, 200);
    buf_put(&out, STR("AITYS_"));
    for (const char *p = row->name; *p; p++)
        buf_char(&out, *p == '.' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
    MUST(buf_ok(&out));
    return buf_str(&out);
}

static struct str range_of_size(struct arena *a, const struct setting_about *row)
{
    struct buf out = buf_in(a, 200);
    buf_put(&out, STR("a number of bytes, or of KiB, MiB or GiB, from "));
    value_print_size(&out, row->min);
    buf_put(&out, STR(" to "));
    value_print_size(&out, row->max);
    return buf_str(&out);
}

struct str setting_range(struct arena *a, const struct setting_about *row)
{
    switch (row->type) {
    case SETTING_TEXT:
        if (row->min == 0)
            return arena_printf(a, "a text of at most %" PRId64 " bytes", row->max);
        return arena_printf(a, "a text of %" PRId64 " to %" PRId64 " bytes", row->min, row->max);
    case SETTING_LIST:
        if (row->min == 0)
            return arena_printf(a, "a list of at most %" PRId64 " items", row->max);
        return arena_printf(a, "a list of %" PRId64 " to %" PRId64 " items", row->min, row->max);
    case SETTING_INT:
        return arena_printf(a, "a whole number from %" PRId64 " to %" PRId64, row->min, row->max);
    case SETTING_SIZE:
        return range_of_size(a, row);
    case SETTING_DURATION:
        return arena_printf(a, "a whole number of %s from %" PRId64 " to %" PRId64, row->unit,
                            row->min, row->max);
    case SETTING_BOOL:
        return STR("true or false");
    }
    return STR("nothing");
}

struct str settings_print(struct arena *a, const struct settings *s, struct str name)
{
    const char *near;
    const struct setting_about *row = settings_find(name, &near);
    if (!row)
        return STR_NONE;
    if (row->is_secret)
        return STR("(secret)");
    struct buf out = buf_in(a, SETTING_TEXT_BYTES_MAX);
    value_print(&out, row, (const char *)s + row->offset);
    return buf_ok(&out) ? buf_str(&out) : STR("(too long to print)");
}

void settings_standard(struct arena *a, struct settings *ret_settings)
{
    *ret_settings = (struct settings){.dir = STR(".")};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str fault;
        MUST(value_parse(a, &rows[i], str_of(rows[i].standard),
                         (char *)ret_settings + rows[i].offset, &fault));
    }
}
