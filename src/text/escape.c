#include "text/escape.h"

#include "base/must.h"
#include "text/entity.h"
#include "text/utf8.h"

/* What stands for a character of markup; empty: it stands for itself. */
static struct str html_form(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    }
    return STR_NONE;
}

void escape_html(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str form = html_form(s.p[i]);
        if (form.n == 0)
            continue;
        buf_put(b, (struct str){s.p + from, i - from});
        buf_put(b, form);
        from = i + 1;
    }
    buf_put(b, str_from(s, from));
}

/* Bytes at `at` that XML 1.0 cannot carry: C0 controls but tab, LF, CR; U+FFFE, U+FFFF. */
static size_t not_xml_bytes(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r' ? 0 : 1;
    struct str rest = str_from(s, at);
    return str_begins(rest, STR("\xEF\xBF\xBE")) || str_begins(rest, STR("\xEF\xBF\xBF")) ? 3 : 0;
}

void escape_xml(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        size_t gone = not_xml_bytes(s, i);
        if (gone == 0) {
            i++;
            continue;
        }
        escape_html(b, (struct str){s.p + from, i - from});
        i += gone;
        from = i;
    }
    escape_html(b, str_from(s, from));
}

static void json_control(struct buf *b, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[] = "btn\0fr"; /* of U+0008 to U+000D; VT has none */

    if (c >= 8 && c <= 13 && letters[c - 8]) {
        buf_char(b, '\\');
        buf_char(b, letters[c - 8]);
        return;
    }
    buf_put(b, STR("\\u00"));
    buf_char(b, digits[c >> 4]);
    buf_char(b, digits[c & 15]);
}

/* Bytes taken from s at i when they need another form, which is written then; otherwise 0. */
static size_t json_special(struct buf *b, struct str s, size_t i)
{
    unsigned char c = (unsigned char)s.p[i];

    if (c == '"' || c == '\\') {
        buf_char(b, '\\');
        buf_char(b, (char)c);
        return 1;
    }
    if (c < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&') {
        json_control(b, c);
        return 1;
    }
    if (c != 0xE2 || s.n - i < 3 || (unsigned char)s.p[i + 1] != 0x80)
        return 0;
    unsigned char last = (unsigned char)s.p[i + 2];
    if (last != 0xA8 && last != 0xA9)
        return 0;
    buf_put(b, last == 0xA8 ? STR("\\u2028") : STR("\\u2029"));
    return 3;
}

void escape_json(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        bool may_need = c < 0x20 || c == 0x7F || c == '"' || c == '\\' || c == '<' || c == '>' ||
                        c == '&' || c == 0xE2;
        if (!may_need) {
            i++;
            continue;
        }
        buf_put(b, (struct str){s.p + from, i - from});
        from = i;
        size_t n = json_special(b, s, i);
        i += n ? n : 1;
        from += n;
    }
    buf_put(b, str_from(s, from));
}

struct html escape_to_html(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, s.n * 6);
    escape_html(&b, s);
    MUST(buf_ok(&b));
    return (struct html){buf_str(&b)};
}

/* Whether a tag ends a line of text: the end of a block, or <br>. */
static bool ends_line(struct str tag)
{
    static const struct str enders[] = {
        STR_INIT("br"),          STR_INIT("/p"),   STR_INIT("/h2"),
        STR_INIT("/h3"),         STR_INIT("/li"),  STR_INIT("/tr"),
        STR_INIT("/blockquote"), STR_INIT("/pre"), STR_INIT("hr"),
    };
    for (size_t i = 0; i < ARRAY_LEN(enders); i++) {
        if (str_eq_nocase(tag, enders[i]))
            return true;
    }
    return false;
}

/* The tag's name, with its slash: s begins behind the "<". */
static struct str tag_name(struct str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '>' && s.p[n] != ' ' && (n == 0 || s.p[n] != '/'))
        n++;
    return str_head(s, n);
}

/* White space of markup is one space, except where a line ended. */
static void put_text_char(struct buf *b, char c)
{
    char last = b->n ? b->p[b->n - 1] : '\n';

    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        if (last != ' ' && last != '\n')
            buf_char(b, ' ');
        return;
    }
    buf_char(b, c);
}

static void end_line(struct buf *b)
{
    while (b->n && b->p[b->n - 1] == ' ')
        b->n--;
    if (b->n && b->p[b->n - 1] != '\n')
        buf_char(b, '\n');
}

struct str escape_html_to_text(struct arena *a, struct html h)
{
    struct str s = h.s;
    struct buf b = buf_in(a, s.n + 1);

    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == '<') {
            struct str rest = str_from(s, i + 1);
            ptrdiff_t end = str_find_char(rest, '>');
            if (ends_line(tag_name(rest)))
                end_line(&b);
            i = end < 0 ? s.n : i + 1 + (size_t)end + 1;
            continue;
        }
        char decoded[ENTITY_BYTES_MAX];
        size_t used = 0, n = s.p[i] == '&' ? entity_parse(str_from(s, i), &used, decoded) : 0;
        if (n > 0) {
            buf_put(&b, (struct str){decoded, n});
            i += used;
        } else {
            put_text_char(&b, s.p[i++]);
        }
    }
    MUST(buf_ok(&b));
    return str_trim(buf_str(&b));
}
