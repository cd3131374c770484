#include "http/form.h"

#include "base/buf.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of a "%41" at s, or -1. */
static int escape_read(struct str s)
{
    if (s.n < 3 || hex_digit(s.p[1]) < 0 || hex_digit(s.p[2]) < 0)
        return -1;
    return hex_digit(s.p[1]) * 16 + hex_digit(s.p[2]);
}

/* Decodes escapes, and plus signs to spaces when asked. False: a broken escape or a NUL. */
static bool decode(struct arena *a, struct str s, bool plus, struct str *ret_text)
{
    char *out = arena_take(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int c = (uint8_t)s.p[i];
        if (c == '%') {
            c = escape_read(str_from(s, i));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c <= 0)
            return false;
        out[n++] = (char)c;
    }
    *ret_text = (struct str){out, n};
    return true;
}

bool form_parse(struct arena *a, struct str text, size_t pairs_max, struct form *ret_form,
                struct err *e)
{
    struct form form = {0};
    size_t capacity = 0;
    struct str piece;
    while (str_next(&text, '&', &piece)) {
        struct str name = piece, value = STR("");
        if (piece.n == 0)
            continue;
        if (!str_cut(piece, '=', &name, &value))
            name = piece;
        struct form_pair pair;
        if (!decode(a, name, true, &pair.name) || !decode(a, value, true, &pair.value))
            return err_set(e, ERR_INVALID, 0, "form: a broken escape or a NUL");
        if (form.n == pairs_max)
            return err_set(e, ERR_INVALID, 0, "form: more than %zu fields", pairs_max);
        *ARENA_PUSH(a, form.pairs, form.n, capacity) = pair;
    }
    *ret_form = form;
    return true;
}

struct str form_get(const struct form *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (str_eq(f->pairs[i].name, name))
            return f->pairs[i].value;
    }
    return STR_NONE;
}

bool form_decode_path(struct arena *a, struct str path, struct str *ret_path, struct err *e)
{
    struct str text;
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '%' && escape_read(str_from(path, i)) == '/')
            return err_set(e, ERR_INVALID, 0, "path: an escaped slash");
    }
    if (!decode(a, path, false, &text))
        return err_set(e, ERR_INVALID, 0, "path: a broken escape or a NUL");
    *ret_path = text;
    return true;
}

static bool is_unreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

struct str form_encode(struct arena *a, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b = buf_in(a, SIZE_MAX / 2);
    for (size_t i = 0; i < s.n; i++) {
        if (is_unreserved(s.p[i])) {
            buf_char(&b, s.p[i]);
            continue;
        }
        const char escape[3] = {'%', digits[(uint8_t)s.p[i] >> 4], digits[(uint8_t)s.p[i] & 15]};
        buf_put(&b, (struct str){escape, sizeof escape});
    }
    return buf_str(&b);
}
