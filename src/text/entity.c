#include "text/entity.h"

#include "text/utf8.h"

/* The longest name is CounterClockwiseContourIntegral. */
#define NAME_BYTES_MAX 32
#define DIGITS_MAX 7

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static size_t parse_number(struct str digits, char ret_bytes[static ENTITY_BYTES_MAX])
{
    int base = digits.n && (digits.p[0] == 'x' || digits.p[0] == 'X') ? 16 : 10;
    uint32_t c = 0;

    digits = str_from(digits, base == 16);
    if (digits.n == 0 || digits.n > (base == 16 ? DIGITS_MAX - 1 : DIGITS_MAX))
        return 0;
    for (size_t i = 0; i < digits.n; i++) {
        int digit = digit_value(digits.p[i]);
        if (digit >= base)
            return 0;
        c = c * (uint32_t)base + (uint32_t)digit;
    }
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    return utf8_print(c, ret_bytes);
}

static size_t parse_name(struct str name, char ret_bytes[static ENTITY_BYTES_MAX])
{
    size_t from = 0, to = entities_n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(name, str_of(entities[middle].name));
        if (order == 0) {
            struct str text = str_of(entities[middle].text);
            memcpy(ret_bytes, text.p, text.n);
            return text.n;
        }
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return 0;
}

size_t entity_parse(struct str s, size_t *ret_used, char ret_bytes[static ENTITY_BYTES_MAX])
{
    if (s.n < 3 || s.p[0] != '&')
        return 0;
    ptrdiff_t end = str_find_char(str_head(s, NAME_BYTES_MAX + 2), ';');
    if (end < 0)
        return 0;
    struct str name = {s.p + 1, (size_t)end - 1};
    size_t n = name.n && name.p[0] == '#' ? parse_number(str_from(name, 1), ret_bytes)
                                          : parse_name(name, ret_bytes);
    if (n > 0)
        *ret_used = (size_t)end + 1;
    return n;
}
