#include "base/must.h"
#include "i18n/inner.h"
#include "text/utf16.h"
#include "text/utf8.h"

#define DIGITS_MAX 20

struct str i18n_text(const struct i18n_lang *l, enum message m)
{
    MUST((int)m >= 0 && m < MESSAGES);
    return l->texts[m];
}

bool i18n_message_find(struct str name, enum message *ret_message)
{
    size_t from = 0, to = ARRAY_LEN(message_names);

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(name, str_of(message_names[middle].name));
        if (order == 0) {
            *ret_message = message_names[middle].message;
            return true;
        }
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

/* Whether a separator stands in front of the last `left` digits of n. */
static bool is_grouped(const struct number_form *form, size_t n, size_t left)
{
    if (form->group_digits == 0 || n < form->group_digits + form->least_digits ||
        left < form->group_digits)
        return false;
    return (left - form->group_digits) % form->other_group_digits == 0;
}

void number_put(struct buf *b, const struct number_form *form, int64_t number, bool grouped,
                size_t least_width)
{
    uint8_t digits[DIGITS_MAX];
    size_t n = 0;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[n++] = (uint8_t)(left % 10);
        left /= 10;
    } while (left);
    while (n < least_width && n < DIGITS_MAX)
        digits[n++] = 0;
    if (number < 0)
        buf_put(b, form->minus);
    for (size_t i = n; i > 0; i--) {
        char bytes[4];
        if (grouped && i < n && is_grouped(form, n, i))
            buf_put(b, form->group);
        buf_put(b, (struct str){bytes, utf8_print(form->zero + digits[i - 1], bytes)});
    }
}

struct str i18n_number(struct arena *a, const struct i18n_lang *l, int64_t n)
{
    struct buf b = buf_in(a, KiB);
    number_put(&b, &l->numbers, n, true, 1);
    return buf_str(&b);
}

struct str i18n_digits(struct arena *a, const struct i18n_lang *l, int64_t n)
{
    struct number_form form = l->numbers;
    struct buf b = buf_in(a, KiB);
    form.minus = l->direction == DIRECTION_RTL ? STR("\u061c\u2212") : STR("\u2212");
    number_put(&b, &form, n, false, 1);
    return buf_str(&b);
}

/* The plural category of a number, written to room. */
static struct str category(const struct i18n_lang *l, int64_t n, char room[static 16])
{
    UErrorCode error = U_ZERO_ERROR;
    UChar keyword[16];
    /* Above 2^53 a double rounds; no rule looks at more than the last six digits. */
    double about = (double)(n < 0 ? -(n % 1000000000) : n % 1000000000);
    if (n >= 1000000000)
        about += 1e9;
    int32_t length = uplrules_select(l->plurals, about, keyword, 15, &error);
    if (U_FAILURE(error))
        return STR("other");
    for (int32_t i = 0; i < length; i++)
        room[i] = (char)keyword[i];
    return (struct str){room, (size_t)length};
}

/* One variant of "{0, plural, one {…} other {…}}" at the front of *s, which moves behind it. */
static bool next_variant(struct str *s, struct str *ret_selector, struct str *ret_text)
{
    struct str rest;

    if (!str_cut(*s, '{', ret_selector, &rest) || !str_cut(rest, '}', ret_text, s))
        return false;
    *ret_selector = str_trim(*ret_selector);
    return true;
}

/* The variant for a number; *s begins behind "plural," and moves behind the whole. */
static struct str choose(const struct i18n_lang *l, struct str *s, int64_t n)
{
    char room[16];
    struct str wanted = category(l, n, room), found = STR_NONE, selector, text;
    int rank = 0;

    while (str_trim(*s).n && str_trim(*s).p[0] != '}' && next_variant(s, &selector, &text)) {
        int64_t exact = 0;
        bool is_exact = str_begins(selector, STR("=")) &&
                        str_to_int64(str_from(selector, 1), 0, INT64_MAX, &exact) && exact == n;
        int better = is_exact ? 3 : str_eq(selector, wanted) ? 2 : str_eq(selector, STR("other"));
        if (better > rank) {
            rank = better;
            found = text;
        }
    }
    *s = str_from(str_trim(*s), 1);
    return found;
}

static void put_variant(struct buf *b, const struct i18n_lang *l, struct str text, int64_t n)
{
    struct str before, after;

    while (str_cut(text, '#', &before, &after)) {
        buf_put(b, before);
        number_put(b, &l->numbers, n, true, 1);
        text = after;
    }
    buf_put(b, text);
}

struct str i18n_count(struct arena *a, const struct i18n_lang *l, enum message m, int64_t n)
{
    static const struct str opening = STR_INIT("{0, plural,");
    struct str text = i18n_text(l, m);
    ptrdiff_t at = str_find(text, opening);
    if (at < 0)
        return text;
    struct buf b = buf_in(a, 4 * KiB);
    struct str rest = str_from(text, (size_t)at + opening.n);
    buf_put(&b, str_head(text, (size_t)at));
    struct str variant = choose(l, &rest, n);
    put_variant(&b, l, variant, n);
    buf_put(&b, rest);
    return buf_str(&b);
}

struct str i18n_fill(struct arena *a, const struct i18n_lang *l, enum message m, struct str first,
                     struct str second)
{
    struct str text = i18n_text(l, m);
    struct buf b = buf_in(a, text.n * (1 + first.n + second.n));

    for (size_t i = 0; i < text.n;) {
        struct str mark = str_head(str_from(text, i), 3);
        if (str_eq(mark, STR("{0}")) || str_eq(mark, STR("{1}"))) {
            buf_put(&b, mark.p[1] == '0' ? first : second);
            i += 3;
        } else {
            buf_char(&b, text.p[i++]);
        }
    }
    MUST(buf_ok(&b));
    return buf_str(&b);
}

struct str i18n_list(struct arena *a, const struct i18n_lang *l, const struct str *items, size_t n)
{
    if (n == 0)
        return STR_NONE;
    if (n == 1)
        return items[0];
    const UChar **texts = ARENA_ARRAY(a, const UChar *, n);
    int32_t *lengths = ARENA_ARRAY(a, int32_t, n);
    UErrorCode error = U_ZERO_ERROR;
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {
        struct utf16 u = utf16_of(a, items[i]);
        texts[i] = u.p;
        lengths[i] = u.n;
        all += (size_t)u.n + 16; /* no language's "and" is longer */
    }
    struct utf16 list = utf16_room(a, all);
    list.n = ulistfmt_format(l->lists, texts, lengths, (int32_t)n, list.p, list.n + 1, &error);
    MUST(U_SUCCESS(error));
    return utf16_to_str(a, list);
}
