/*
 * Forms, multipart bodies and paths from noise. The first byte chooses the reader; for multipart
 * the first line is the Content-Type. What is accepted holds no NUL, and encoding undoes decoding.
 * With AITYS_PLANTED_FAULT paths are decoded twice; the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "http/form.h"

#define PAIRS_MAX 64

static void check_form(const struct form *f)
{
    MUST(f->n <= PAIRS_MAX);
    for (size_t i = 0; i < f->n; i++) {
        MUST(str_find_char(f->pairs[i].name, 0) < 0);
        MUST(str_find_char(f->pairs[i].value, 0) < 0);
    }
}

static size_t count(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

static void read_path(struct arena *a, struct str text)
{
    struct err e;
    struct str path, again;
    if (!form_decode_path(a, text, &path, &e))
        return;
#ifdef AITYS_PLANTED_FAULT
    if (!form_decode_path(a, path, &path, &e)) /* decoded twice, as many a router has done */
        return;
#endif
    MUST(path.n == text.n - 2 * count(text, '%'));
    MUST(count(path, 0) == 0 && count(path, '/') == count(text, '/'));
    if (count(path, '/') == 0) {
        MUST(form_decode_path(a, form_encode(a, path), &again, &e));
        MUST(str_eq(path, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = {(const char *)data + 1, n - 1}, type, body;
    struct form f;
    struct err e;
    switch (data[0] % 3) {
    case 0:
        if (form_parse(a, text, PAIRS_MAX, &f, &e))
            check_form(&f);
        break;
    case 1:
        read_path(a, text);
        break;
    default:
        if (str_cut(text, '\n', &type, &body) &&
            form_parse_multipart(a, type, body, PAIRS_MAX, &f, &e))
            check_form(&f);
    }
    return 0;
}
