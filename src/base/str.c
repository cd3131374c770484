#include "base/str.h"

#include "base/must.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    }
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    if (order != 0)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

bool str_begins(struct str s, struct str with)
{
    return s.n >= with.n && str_eq(str_head(s, with.n), with);
}

bool str_ends(struct str s, struct str with)
{
    return s.n >= with.n && (with.n == 0 || memcmp(s.p + s.n - with.n, with.p, with.n) == 0);
}

ptrdiff_t str_find_char(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

ptrdiff_t str_find(struct str s, struct str what)
{
    if (what.n == 0)
        return 0;
    const char *at = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;
    return at ? at - s.p : -1;
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_next(struct str *rest, char separator, struct str *ret_part)
{
    if (!rest->p)
        return false;
    ptrdiff_t at = str_find_char(*rest, separator);
    if (at < 0) {
        *ret_part = *rest;
        *rest = STR_NONE;
        return true;
    }
    *ret_part = str_head(*rest, (size_t)at);
    *rest = (struct str){rest->p + at + 1, rest->n - (size_t)at - 1};
    return true;
}

bool str_cut(struct str s, char separator, struct str *ret_before, struct str *ret_after)
{
    ptrdiff_t at = str_find_char(s, separator);
    if (at < 0)
        return false;
    *ret_before = str_head(s, (size_t)at);
    *ret_after = (struct str){s.p + at + 1, s.n - (size_t)at - 1};
    return true;
}

bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *ret_n)
{
    bool negative = s.n && s.p[0] == '-';
    struct str digits = str_from(s, negative);
    int64_t n = 0;

    if (digits.n == 0 || (digits.n > 1 && digits.p[0] == '0') || (negative && digits.p[0] == '0'))
        return false;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        int digit = digits.p[i] - '0';
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, negative ? -digit : digit, &n))
            return false;
    }
    if (n < min || n > max)
        return false;
    *ret_n = n;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_to_bytes(struct str s, uint8_t *ret_bytes, size_t n)
{
    if (s.n != 2 * n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (hex_value(s.p[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < n; i++)
        ret_bytes[i] = (uint8_t)(hex_value(s.p[2 * i]) * 16 + hex_value(s.p[2 * i + 1]));
    return true;
}
