#include <stdlib.h>
#include <unicode/unum.h>

#include "base/must.h"
#include "i18n/inner.h"
#include "text/utf16.h"
#include "text/utf8.h"

struct i18n {
    struct arena *arena;
    struct zones *zones;
    struct i18n_lang *languages; /* English first */
    size_t n;
};

static void close_number_format(UNumberFormat **f)
{
    if (*f)
        unum_close(*f);
}

static struct str symbol(struct arena *a, const UNumberFormat *f, UNumberFormatSymbol which,
                         UErrorCode *error)
{
    UChar text[32];
    int32_t n = unum_getSymbol(f, which, text, 32, error);
    return U_SUCCESS(*error) ? utf16_to_str(a, (struct utf16){text, n}) : STR_NONE;
}

static size_t attribute(const UNumberFormat *f, UNumberFormatAttribute which)
{
    int32_t n = unum_getAttribute(f, which);
    return n > 0 ? (size_t)n : 0;
}

static bool open_numbers(struct arena *a, struct i18n_lang *l, struct err *e)
{
    UErrorCode error = U_ZERO_ERROR;
    size_t at = 0;
    ON_LEAVE(close_number_format)
    UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, arena_cstr(a, l->tag), NULL, &error);
    if (U_FAILURE(error))
        return err_set(e, ERR_BROKEN, 0, "ICU has no number format for " STR_FMT ": %s",
                       STR_ARG(l->tag), u_errorName(error));
    struct str zero = symbol(a, f, UNUM_ZERO_DIGIT_SYMBOL, &error);
    struct number_form form = {
        .group = symbol(a, f, UNUM_GROUPING_SEPARATOR_SYMBOL, &error),
        .minus = symbol(a, f, UNUM_MINUS_SIGN_SYMBOL, &error),
        .group_digits = attribute(f, UNUM_GROUPING_SIZE),
        .other_group_digits = attribute(f, UNUM_SECONDARY_GROUPING_SIZE),
        .least_digits = attribute(f, UNUM_MINIMUM_GROUPING_DIGITS),
    };
    if (U_FAILURE(error) || zero.n == 0)
        return err_set(e, ERR_BROKEN, 0, "ICU has no digits for " STR_FMT, STR_ARG(l->tag));
    form.zero = utf8_next(zero, &at);
    if (form.other_group_digits == 0)
        form.other_group_digits = form.group_digits;
    if (form.least_digits == 0)
        form.least_digits = 1;
    l->numbers = form;
    return true;
}

static bool open_language(struct i18n *i, struct i18n_lang *l, const struct catalogue *c,
                          struct err *e)
{
    UErrorCode error = U_ZERO_ERROR;

    l->tag = str_of(c->tag);
    l->direction = language_direction(l->tag);
    l->zones = i->zones;
    for (int m = 0; m < MESSAGES; m++)
        l->texts[m] = str_of(c->texts[m] ? c->texts[m] : catalogues[0].texts[m]);
    l->plurals = uplrules_open(c->tag, &error);
    l->lists = ulistfmt_open(c->tag, &error);
    if (U_FAILURE(error))
        return err_set(e, ERR_BROKEN, 0, "ICU has no data for %s: %s", c->tag, u_errorName(error));
    return open_numbers(i->arena, l, e) && date_open(i->arena, l, e);
}

bool i18n_open(struct i18n **ret_i18n, struct err *e)
{
    struct i18n *i = calloc(1, sizeof *i);
    MUST(i);
    i->arena = arena_new(64 * KiB);
    i->zones = zones_new();
    i->languages = ARENA_ARRAY(i->arena, struct i18n_lang, catalogues_n);
    i->n = catalogues_n;
    for (size_t n = 0; n < i->n; n++) {
        if (!open_language(i, &i->languages[n], &catalogues[n], e)) {
            i18n_close(&i);
            return false;
        }
    }
    *ret_i18n = i;
    return true;
}

void i18n_close(struct i18n **i)
{
    if (!*i)
        return;
    for (size_t n = 0; n < (*i)->n; n++) {
        uplrules_close((*i)->languages[n].plurals);
        ulistfmt_close((*i)->languages[n].lists);
    }
    zones_free(&(*i)->zones);
    arena_free(&(*i)->arena);
    free(*i);
    *i = NULL;
}

const struct i18n_lang *i18n_find(const struct i18n *i, struct str tag)
{
    while (tag.n > 0) {
        for (size_t n = 0; n < i->n; n++) {
            if (str_eq_nocase(tag, i->languages[n].tag))
                return &i->languages[n];
        }
        size_t cut = tag.n - 1;
        while (cut > 0 && tag.p[cut] != '-')
            cut--;
        tag = str_head(tag, cut);
    }
    return &i->languages[0];
}

struct str i18n_tag(const struct i18n_lang *l)
{
    return l->tag;
}

enum direction i18n_direction(const struct i18n_lang *l)
{
    return l->direction;
}
