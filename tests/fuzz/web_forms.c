/*
 * Every form of forms.def from noise. The first byte chooses the form, the rest is its body. What
 * is taken as good keeps its row's limits; what a person typed comes back to be shown, whatever is
 * wrong with it. With AITYS_PLANTED_FAULT what is shown again is believed to keep the limits, too;
 * the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "text/count.h"
#include "text/utf8.h"
#include "web/forms.h"

static void check_limits(const struct field_spec *f, const void *record, enum message fault)
{
    const void *member = (const char *)record + f->offset;
    if (f->type == FIELD_NUMBER) {
        int64_t number = *(const int64_t *)member;
        MUST(fault != T_NONE || number == 0 || (number >= f->min && number <= f->max));
        return;
    }
    if (f->type == FIELD_MANY)
        return;
    struct str s = *(const struct str *)member;
    MUST(utf8_is_valid(s));
    if (f->type == FIELD_OPAQUE)
        MUST(fault == T_NONE && s.n <= (size_t)f->max && utf8_is_text(s, false));
    else if (fault == T_NONE)
        MUST(count_chars(s) <= (size_t)f->max && (s.n > 0 || !f->is_required));
    if (fault == T_NONE && (f->type == FIELD_LINE || f->type == FIELD_TEXT))
        MUST(utf8_is_text(s, f->type == FIELD_TEXT));
#ifdef AITYS_PLANTED_FAULT
    MUST(utf8_is_text(s, f->type == FIELD_TEXT));
#endif
}

/* As many values as were sent by that name. */
static void check_many(const struct field_spec *f, const struct form *pairs, const void *record)
{
    struct form_many many =
        *(const struct form_many *)(const void *)((const char *)record + f->offset);
    struct str value;
    for (size_t i = 0; i < pairs->n; i++) {
        if (str_eq(pairs->pairs[i].name, f->name))
            MUST(form_many_next(&many, &value) && str_eq(value, pairs->pairs[i].value));
    }
    MUST(!form_many_next(&many, &value));
}

/* What was typed is kept as it was typed, or not at all. */
static void check_kept(const struct field_spec *f, const struct form *pairs, const void *record)
{
    if (f->type == FIELD_MANY)
        check_many(f, pairs, record);
    if (f->type == FIELD_NUMBER || f->type == FIELD_MANY)
        return;
    struct str s = *(const struct str *)(const void *)((const char *)record + f->offset);
    struct str sent = form_get(pairs, f->name);
    MUST(s.n == 0 || str_eq(s, sent));
    if ((f->type == FIELD_LINE || f->type == FIELD_TEXT) && utf8_is_valid(sent))
        MUST(str_eq(s, sent));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t n_forms;
    const struct form_spec *const *forms = forms_all(&n_forms);
    struct form pairs;
    struct form_faults faults;
    struct err e;
    if (n == 0)
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str body = {(const char *)data + 1, n - 1};
    if (!form_parse(a, body, FORM_PAIRS_MAX, &pairs, &e))
        return 0;
    const struct form_spec *spec = forms[data[0] % n_forms];
    void *record = arena_take(a, spec->bytes);
    bool is_good = form_read(spec, &pairs, record, &faults), has_fault = false;
    for (size_t i = 0; i < spec->n_fields; i++) {
        has_fault = has_fault || faults.field[i] != T_NONE;
        check_limits(&spec->fields[i], record, faults.field[i]);
        check_kept(&spec->fields[i], &pairs, record);
    }
    MUST(is_good == !has_fault);
    return 0;
}
