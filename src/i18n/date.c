#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "base/must.h"
#include "i18n/inner.h"
#include "text/time.h"
#include "text/utf16.h"

/*
 * ICU's formatters clone a calendar for every date (4 µs and more) and know old zones; so their
 * patterns and words are taken out once, and the rest is our own arithmetic. The tests compare
 * with ICU's own output.
 */
static bool is_known_letter(char c)
{
    return c != '\0' && strchr("yMLdHhma", c) != NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool add_part(struct date_pattern *p, struct date_part part)
{
    if (p->n == PATTERN_PARTS_MAX)
        return false;
    p->parts[p->n++] = part;
    return true;
}

/* A line does not end between a time and its half of the day. */
static void bind_half_day(struct date_pattern *p)
{
    if (p->n > 0 && str_eq(p->parts[p->n - 1].text, STR(" ")))
        p->parts[p->n - 1].text = STR("\u00a0");
}

/* Text between quotes, or one quote for two; *at stands behind the opening one. */
static struct str quoted(struct str s, size_t *at)
{
    size_t from = *at;
    if (from < s.n && s.p[from] == '\'') {
        *at = from + 1;
        return (struct str){s.p + from, 1};
    }
    while (*at < s.n && s.p[*at] != '\'')
        (*at)++;
    struct str text = {s.p + from, *at - from};
    if (*at < s.n)
        (*at)++;
    return text;
}

static bool parse_pattern(struct str s, struct date_pattern *p)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        char c = s.p[at];
        if (c == '\'') {
            at++;
            if (!add_part(p, (struct date_part){.text = quoted(s, &at)}))
                return false;
            continue;
        }
        if (is_letter(c)) {
            while (at < s.n && s.p[at] == c)
                at++;
            struct date_part part = {.letter = c, .width = (uint8_t)(at - from)};
            if (c == 'a')
                bind_half_day(p);
            if (!is_known_letter(c) || at - from > 4 || !add_part(p, part))
                return false;
            continue;
        }
        while (at < s.n && s.p[at] != '\'' && !is_letter(s.p[at]))
            at++;
        if (!add_part(p, (struct date_part){.text = {s.p + from, at - from}}))
            return false;
    }
    return true;
}

static void close_format(UDateFormat **f)
{
    if (*f)
        udat_close(*f);
}

static bool symbols(struct arena *a, const UDateFormat *f, UDateFormatSymbolType type, size_t n,
                    struct str *ret_words)
{
    for (size_t i = 0; i < n; i++) {
        UErrorCode error = U_ZERO_ERROR;
        UChar word[100];
        int32_t length = udat_getSymbols(f, type, (int32_t)i, word, 100, &error);
        if (U_FAILURE(error))
            return false;
        ret_words[i] = utf16_to_str(a, (struct utf16){word, length});
    }
    return true;
}

static bool open_pattern(struct arena *a, struct i18n_lang *l, enum i18n_date form)
{
    static const UDateFormatStyle times[] = {UDAT_NONE, UDAT_SHORT, UDAT_SHORT};
    static const UDateFormatStyle dates[] = {UDAT_LONG, UDAT_LONG, UDAT_NONE};
    const char *locale = arena_printf(a, STR_FMT "@calendar=gregorian", STR_ARG(l->tag)).p;
    UErrorCode error = U_ZERO_ERROR;
    UChar pattern[200];
    ON_LEAVE(close_format)
    UDateFormat *f = udat_open(times[form], dates[form], locale, u"UTC", -1, NULL, 0, &error);
    if (U_FAILURE(error))
        return false;
    int32_t n = udat_toPattern(f, false, pattern, 200, &error);
    if (U_FAILURE(error) ||
        !parse_pattern(utf16_to_str(a, (struct utf16){pattern, n}), &l->patterns[form]))
        return false;
    if (form != I18N_DATE)
        return true;
    return symbols(a, f, UDAT_MONTHS, 12, l->words.months) &&
           symbols(a, f, UDAT_STANDALONE_MONTHS, 12, l->words.alone_months) &&
           symbols(a, f, UDAT_AM_PMS, 2, l->words.half_days);
}

bool date_open(struct arena *a, struct i18n_lang *l, struct err *e)
{
    for (enum i18n_date form = I18N_DATE; form <= I18N_TIME; form++) {
        if (!open_pattern(a, l, form))
            return err_set(e, ERR_BROKEN, 0, "ICU has no usable date format %d for " STR_FMT,
                           (int)form, STR_ARG(l->tag));
    }
    return true;
}

static void put_month(struct buf *b, const struct i18n_lang *l, const struct date_part *part,
                      int month)
{
    if (part->width >= 3)
        buf_put(b, part->letter == 'L' ? l->words.alone_months[month - 1]
                                       : l->words.months[month - 1]);
    else
        number_put(b, &l->numbers, month, false, part->width);
}

static void put_part(struct buf *b, const struct i18n_lang *l, const struct date_part *part,
                     const struct time_civil *t)
{
    switch (part->letter) {
    case '\0':
        buf_put(b, part->text);
        break;
    case 'y':
        number_put(b, &l->numbers, part->width == 2 ? t->year % 100 : t->year, false, part->width);
        break;
    case 'M':
    case 'L':
        put_month(b, l, part, t->month);
        break;
    case 'd':
        number_put(b, &l->numbers, t->day, false, part->width);
        break;
    case 'H':
        number_put(b, &l->numbers, t->hour, false, part->width);
        break;
    case 'h':
        number_put(b, &l->numbers, (t->hour + 11) % 12 + 1, false, part->width);
        break;
    case 'm':
        number_put(b, &l->numbers, t->minute, false, part->width);
        break;
    case 'a':
        buf_put(b, l->words.half_days[t->hour >= 12]);
        break;
    }
}

bool i18n_zone_is_known(const struct i18n_lang *l, struct str zone)
{
    int32_t offset;
    return zone_offset(l->zones, zone, 0, &offset);
}

int32_t i18n_zone_offset(const struct i18n_lang *l, struct str zone, int64_t unix_s)
{
    int32_t offset = 0;
    (void)zone_offset(l->zones, zone, unix_s, &offset);
    return offset;
}

struct str i18n_date(struct arena *a, const struct i18n_lang *l, int64_t unix_s, struct str zone,
                     enum i18n_date form)
{
    const struct date_pattern *pattern = &l->patterns[form];
    struct buf b = buf_in(a, KiB);
    struct time_civil t = time_civil(unix_s + i18n_zone_offset(l, zone, unix_s));

    for (size_t i = 0; i < pattern->n; i++)
        put_part(&b, l, &pattern->parts[i], &t);
    return buf_str(&b);
}
