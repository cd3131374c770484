#include "fake_i18n.h"

#include "base/buf.h"

static const struct {
    const char *name;
    const char *english;
} messages[] = {
    {"", ""},
#define MESSAGE(name, kind, english) {#name, english},
#include "model/messages.def"
#undef MESSAGE
};

const struct i18n_lang fake_english = {{{0}}};

struct str fake_text(enum message m)
{
    return str_of(messages[m].english);
}

const char *fake_name(enum message m)
{
    return messages[m].name;
}

struct str i18n_text(const struct i18n_lang *l, enum message m)
{
    return l->texts[m].n ? l->texts[m] : fake_text(m);
}

struct str i18n_fill(struct arena *a, const struct i18n_lang *l, enum message m, struct str first,
                     struct str second)
{
    struct str text = i18n_text(l, m);
    struct buf b = buf_in(a, 64 * KiB);

    for (size_t i = 0; i < text.n; i++) {
        bool is_hole = i + 2 < text.n && text.p[i] == '{' && text.p[i + 2] == '}';
        if (!is_hole) {
            buf_char(&b, text.p[i]);
            continue;
        }
        buf_put(&b, text.p[i + 1] == '0' ? first : second);
        i += 2;
    }
    return buf_str(&b);
}

struct str i18n_list(struct arena *a, const struct i18n_lang *l, const struct str *items, size_t n)
{
    struct buf b = buf_in(a, 64 * KiB);

    (void)l;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_put(&b, i + 1 == n ? STR(" and ") : STR(", "));
        buf_put(&b, items[i]);
    }
    return buf_str(&b);
}
