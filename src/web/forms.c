#include "web/forms.h"

#include <stddef.h>

#include "base/must.h"
#include "text/count.h"
#include "text/name.h"
#include "text/utf8.h"

#define REQUIRED true
#define OPTIONAL false

#define FORM(form) static const struct field_spec fields_##form[] = {
#define FIELD(form, member, name, type, min, max, required, message)                               \
    {STR_INIT(name), FIELD_##type, offsetof(struct form, member), min, max, required, message},
#define END_FORM(form)                                                                             \
    }                                                                                              \
    ;                                                                                              \
    _Static_assert(FIELDS_##form <= FORM_FIELDS_MAX, #form ": too many fields");                   \
    const struct form_spec form_spec_##form = {#form, sizeof(struct form), fields_##form,          \
                                               FIELDS_##form};
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM

static const struct form_spec *const all[] = {
#define FORM(form) &form_spec_##form,
#define FIELD(form, member, name, type, min, max, required, message)
#define END_FORM(form)
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM
};

const struct form_spec *const *forms_all(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(all);
    return all;
}

/* A member of the struct that the spec describes. */
static void *member_at(void *record, const struct field_spec *f)
{
    return (char *)record + f->offset;
}

/* Text that a person typed: LINE, TEXT, SECRET. */
static enum message read_text(const struct field_spec *f, struct str value, struct str *ret_text,
                              int64_t *ret_chars)
{
    *ret_text = STR_NONE;
    *ret_chars = 0;
    if (f->type == FIELD_SECRET ? !utf8_is_valid(value)
                                : !utf8_is_text(value, f->type == FIELD_TEXT)) {
        /* What was typed goes back to its writer, also with a character that cannot stay. */
        if (f->type != FIELD_SECRET && utf8_is_valid(value))
            *ret_text = value;
        return T_FORM_NOT_TEXT;
    }
    *ret_text = value;
    if (f->type == FIELD_SECRET ? value.n == 0 : !name_is_visible(value))
        return f->is_required ? f->empty : T_NONE;
    size_t bytes_max = (size_t)f->max * FORM_BYTES_PER_CHAR;
    *ret_chars = (int64_t)count_chars(value);
    if (*ret_chars > f->max || value.n > bytes_max)
        return T_FORM_TOO_LONG;
    return *ret_chars < f->min ? f->empty : T_NONE;
}

static enum message read_number(const struct field_spec *f, struct str value, int64_t *ret_n)
{
    *ret_n = 0;
    if (value.n == 0)
        return f->is_required ? f->empty : T_NONE;
    return str_to_int64(value, f->min, f->max, ret_n) ? T_NONE : T_ERROR_INVALID;
}

bool form_many_next(struct form_many *m, struct str *ret_value)
{
    while (m->n > 0) {
        const struct form_pair *pair = m->pairs++;
        m->n--;
        if (str_eq(pair->name, m->name)) {
            *ret_value = pair->value;
            return true;
        }
    }
    return false;
}

static enum message read_field(const struct field_spec *f, struct str value, void *record,
                               int64_t *ret_chars)
{
    switch (f->type) {
    case FIELD_LINE:
    case FIELD_TEXT:
    case FIELD_SECRET:
        return read_text(f, value, member_at(record, f), ret_chars);
    case FIELD_NUMBER:
        return read_number(f, value, member_at(record, f));
    case FIELD_OPAQUE:
        *(struct str *)member_at(record, f) =
            value.n <= (size_t)f->max && utf8_is_text(value, false) ? value : STR_NONE;
        return T_NONE;
    case FIELD_MANY: /* there is more than one value: form_read */
        break;
    }
    return T_ERROR_INVALID;
}

bool form_read(const struct form_spec *spec, const struct form *pairs, void *ret_struct,
               struct form_faults *ret_faults)
{
    bool is_good = true;
    memset(ret_struct, 0, spec->bytes);
    *ret_faults = (struct form_faults){0};
    for (size_t i = 0; i < spec->n_fields; i++) {
        const struct field_spec *f = &spec->fields[i];
        if (f->type == FIELD_MANY) {
            *(struct form_many *)member_at(ret_struct, f) =
                (struct form_many){pairs->pairs, pairs->n, f->name};
            continue;
        }
        ret_faults->field[i] =
            read_field(f, form_get(pairs, f->name), ret_struct, &ret_faults->chars[i]);
        is_good = is_good && ret_faults->field[i] == T_NONE;
    }
    return is_good;
}
