#include "text/utf8.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/*
 * What may follow a first byte (RFC 3629, section 4): the bytes in all, and the range of the
 * second, which keeps out what is overlong, surrogates and what is above U+10FFFF.
 */
struct lead {
    unsigned char bytes, least, most;
};

static struct lead lead_of(unsigned char c)
{
    if (c < 0x80)
        return (struct lead){1, 0, 0};
    if (c < 0xC2 || c > 0xF4)
        return (struct lead){0, 0, 0};
    if (c < 0xE0)
        return (struct lead){2, 0x80, 0xBF};
    if (c < 0xF0)
        return (struct lead){3, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF};
    return (struct lead){4, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF};
}

/* Bytes of the well-formed sequence that begins at `at`; 0: there is none. */
static size_t sequence_bytes(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    struct lead lead = lead_of(p[0]);

    if (lead.bytes < 2)
        return lead.bytes;
    if (s.n - at < lead.bytes || p[1] < lead.least || p[1] > lead.most)
        return 0;
    for (size_t i = 2; i < lead.bytes; i++) {
        if (!is_tail(p[i]))
            return 0;
    }
    return lead.bytes;
}

size_t utf8_valid_bytes(struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        size_t n = sequence_bytes(s, at);
        if (n == 0)
            break;
        at += n;
    }
    return at;
}

bool utf8_is_valid(struct str s)
{
    return utf8_valid_bytes(s) == s.n;
}

static bool is_refused(uint32_t c, bool first, bool multi_line)
{
    if (c < 0x20)
        return !(multi_line && (c == '\t' || c == '\n' || c == '\r'));
    if (c >= 0x7F && c <= 0x9F)
        return true;
    if (c == 0xFEFF)
        return !first;
    return (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

bool utf8_is_text(struct str s, bool multi_line)
{
    if (!utf8_is_valid(s))
        return false;
    for (size_t at = 0; at < s.n;) {
        bool first = at == 0;
        if (is_refused(utf8_next(s, &at), first, multi_line))
            return false;
    }
    return true;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *at += 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] < 0xF0) {
        *at += 3;
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    }
    *at += 4;
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

size_t utf8_print(uint32_t c, char ret_bytes[static 4])
{
    unsigned char *p = (unsigned char *)ret_bytes;

    if (c < 0x80) {
        p[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (unsigned char)(0xC0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (unsigned char)(0xE0 | c >> 12);
        p[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        p[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    p[0] = (unsigned char)(0xF0 | c >> 18);
    p[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    p[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    p[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

struct str utf8_head(struct str s, size_t max_bytes)
{
    if (s.n <= max_bytes)
        return s;
    size_t n = max_bytes;
    while (n > 0 && is_tail((unsigned char)s.p[n]))
        n--;
    return str_head(s, n);
}
