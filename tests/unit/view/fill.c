#include "fill.h"

static bool fill_into(struct arena *a, const struct bind_view *v, const json_t *object, char *at,
                      struct err *e);

static bool fill_items(struct arena *a, const struct bind_member *m, const json_t *value, char *at,
                       struct err *e)
{
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    char *items = arena_take_array(a, n, m->item->bytes);

    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
        if (!fill_into(a, m->item, item, items + i * m->item->bytes, e))
            return false;
    }
    memcpy(at + m->offset, &items, sizeof items);
    if (m->kind == BIND_LIST)
        memcpy(at + m->offset_n, &n, sizeof n);
    return true;
}

static bool fill_member(struct arena *a, const struct bind_member *m, const json_t *value, char *at,
                        struct err *e)
{
    struct str text = {json_string_value(value), json_string_length(value)};
    int64_t number = json_integer_value(value);
    bool is_set = json_is_true(value);

    switch (m->kind) {
    case BIND_TEXT:
    case BIND_HTML:
        memcpy(at + m->offset, &text, sizeof text);
        return json_is_string(value);
    case BIND_NUMBER:
        memcpy(at + m->offset, &number, sizeof number);
        return json_is_integer(value);
    case BIND_FLAG:
        memcpy(at + m->offset, &is_set, sizeof is_set);
        return json_is_boolean(value);
    case BIND_COUNT:
        return false;
    case BIND_LIST:
    case BIND_ONE:
        return fill_items(a, m, value, at, e);
    }
    return false;
}

static bool fill_into(struct arena *a, const struct bind_view *v, const json_t *object, char *at,
                      struct err *e)
{
    for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
         i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
        const char *name = json_object_iter_key(i);
        const json_t *value = json_object_iter_value(i);
        const struct bind_member *m = bind_member_find(v, str_of(name));
        if (!m)
            return err_set(e, ERR_INVALID, 0, "%s has no member %s", v->name, name);
        if (json_is_null(value))
            continue;
        if (!fill_member(a, m, value, at, e))
            return e->kind ? false
                           : err_set(e, ERR_INVALID, 0, "%s.%s: another kind", v->name, name);
    }
    return true;
}

bool fill_view(struct arena *a, const struct bind_view *v, const json_t *object,
               const void **ret_data, struct err *e)
{
    char *data = arena_take(a, v->bytes);

    *e = (struct err){0};
    if (!fill_into(a, v, object, data, e))
        return false;
    *ret_data = data;
    return true;
}

static void fill_one(struct arena *a, const struct bind_member *m, char *at, struct str text,
                     struct str html, size_t depth)
{
    const int64_t one = 1;
    const bool yes = true;
    const size_t count = 1;
    const void *item = NULL;

    switch (m->kind) {
    case BIND_TEXT:
        memcpy(at + m->offset, &text, sizeof text);
        break;
    case BIND_HTML:
        memcpy(at + m->offset, &html, sizeof html);
        break;
    case BIND_NUMBER:
        memcpy(at + m->offset, &one, sizeof one);
        break;
    case BIND_FLAG:
        memcpy(at + m->offset, &yes, sizeof yes);
        break;
    case BIND_COUNT:
        break;
    case BIND_LIST:
    case BIND_ONE:
        if (depth == 0)
            break;
        item = fill_all(a, m->item, text, html, depth - 1);
        memcpy(at + m->offset, &item, sizeof item);
        if (m->kind == BIND_LIST)
            memcpy(at + m->offset_n, &count, sizeof count);
        break;
    }
}

const void *fill_all(struct arena *a, const struct bind_view *v, struct str text, struct str html,
                     size_t depth)
{
    char *data = arena_take(a, v->bytes);

    for (size_t i = 0; i < v->n_members; i++)
        fill_one(a, &v->members[i], data, text, html, depth);
    return data;
}
