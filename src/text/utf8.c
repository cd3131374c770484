#include "text/utf8.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence that begins at `at` (RFC 3629, section 4); 0: there is none. */
static size_t sequence_bytes(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;

    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        return left >= 2 && is_tail(p[1]) ? 2 : 0;
    if ((p[0] & 0xF0) == 0xE0) {
        unsigned char least = p[0] == 0xE0 ? 0xA0 : 0x80;
        unsigned char most = p[0] == 0xED ? 0x9F : 0xBF;
        return left >= 3 && p[1] >= least && p[1] <= most && is_tail(p[2]) ? 3 : 0;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        unsigned char least = p[0] == 0xF0 ? 0x90 : 0x80;
        unsigned char most = p[0] == 0xF4 ? 0x8F : 0xBF;
        return left >= 4 && p[1] >= least && p[1] <= most && is_tail(p[2]) && is_tail(p[3]) ? 4 : 0;
    }
    return 0;
}

bool utf8_is_valid(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t n = sequence_bytes(s, at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
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
