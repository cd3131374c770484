#include "text/link.h"

#include <unicode/uchar.h>

#include "text/escape.h"
#include "text/markdown.h"
#include "text/utf8.h"

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* White space, controls, and what is not seen or turns the text around. */
static bool is_hidden(uint32_t c)
{
    return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || u_isUWhiteSpace((UChar32)c) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static bool is_plain_url(struct str url, bool may_have_space)
{
    if (url.n > LINK_BYTES_MAX || !utf8_is_valid(url))
        return false;
    for (size_t at = 0; at < url.n;) {
        uint32_t c = utf8_next(url, &at);
        if (c == '\\' || (is_hidden(c) && !(may_have_space && c == ' ')))
            return false;
    }
    return true;
}

/* The bytes of "http://" or "https://" at the front; 0: neither. */
static size_t scheme_bytes(struct str url)
{
    if (str_eq_nocase(str_head(url, 7), STR("http://")))
        return 7;
    return str_eq_nocase(str_head(url, 8), STR("https://")) ? 8 : 0;
}

static struct str authority(struct str url)
{
    struct str rest = str_from(url, scheme_bytes(url));
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != '#')
        n++;
    return str_head(rest, n);
}

struct str link_host(struct str url)
{
    struct str host = authority(url);
    ptrdiff_t bracket = host.n && host.p[0] == '[' ? str_find_char(host, ']') : -1;
    if (bracket > 0)
        return str_head(host, (size_t)bracket + 1);
    ptrdiff_t colon = str_find_char(host, ':');
    return colon < 0 ? host : str_head(host, (size_t)colon);
}

static bool is_ipv6(struct str host)
{
    for (size_t i = 1; i + 1 < host.n; i++) {
        char c = host.p[i];
        if (!(c == ':' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
              (c >= 'A' && c <= 'F')))
            return false;
    }
    return host.n >= 4 && host.p[host.n - 1] == ']';
}

static bool is_host(struct str host)
{
    if (host.n == 0 || host.n > 253)
        return false;
    if (host.p[0] == '[')
        return is_ipv6(host);
    if (!is_alnum(host.p[0]) && (unsigned char)host.p[0] < 0x80)
        return false;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool dot = c == '.' && host.p[i - 1] != '.';
        if (!is_alnum(c) && c != '-' && c != '_' && !dot && (unsigned char)c < 0x80)
            return false;
    }
    return true;
}

/* ":80", or nothing. */
static bool is_port(struct str port)
{
    if (port.n == 0)
        return true;
    if (port.p[0] != ':' || port.n == 1 || port.n > 6)
        return false;
    for (size_t i = 1; i < port.n; i++) {
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
    }
    return true;
}

bool markdown_link_is_allowed(struct str url)
{
    if (scheme_bytes(url) == 0 || !is_plain_url(url, false))
        return false;
    struct str host = link_host(url);
    return is_host(host) && is_port(str_from(authority(url), host.n));
}

bool link_is_mail(struct str url)
{
    if (!str_eq_nocase(str_head(url, 7), STR("mailto:")) || !is_plain_url(url, false))
        return false;
    struct str address = str_from(url, 7);
    ptrdiff_t at = str_find_char(address, '@');
    return at > 0 && (size_t)at + 1 < address.n && str_find_char(address, '?') < 0 &&
           str_find_char(address, '%') < 0;
}

bool link_is_path(struct str url)
{
    if (!is_plain_url(url, true) || url.n == 0)
        return false;
    return url.p[0] == '#' || (url.p[0] == '/' && !str_begins(url, STR("//")));
}

bool link_is_shown(struct str shown, struct str host)
{
    shown = str_trim(shown);
    shown = str_from(shown, scheme_bytes(shown));
    if (!str_eq_nocase(str_head(shown, host.n), host))
        return false;
    struct str behind = str_from(shown, host.n);
    return behind.n == 0 || (behind.p[0] != '\0' && strchr("/?#:", behind.p[0]) != NULL);
}

static bool is_url_char(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("-_.+!*(),%#@?=;:/$~&'", c) != NULL);
}

void link_put(struct buf *b, struct str url)
{
    static const char digits[] = "0123456789ABCDEF";
    /* A host keeps its letters: it has no percent-encoding but Punycode, the browser's business. */
    size_t i = scheme_bytes(url) ? scheme_bytes(url) + authority(url).n : 0;

    escape_html(b, str_head(url, i));
    for (; i < url.n; i++) {
        char c = url.p[i];
        if (is_url_char(c)) {
            escape_html(b, (struct str){&url.p[i], 1});
            continue;
        }
        buf_char(b, '%');
        buf_char(b, digits[(unsigned char)c >> 4]);
        buf_char(b, digits[(unsigned char)c & 15]);
    }
}

/* Where the run of characters that may be in an address ends. */
static size_t run_end(struct str text, size_t at)
{
    while (at < text.n) {
        size_t next = at;
        uint32_t c = utf8_next(text, &next);
        if (is_hidden(c) || c == '<' || c == '>' || c == '"' || c == '`' || c == 0xAB ||
            c == 0xBB || (c >= 0x2018 && c <= 0x201F))
            break;
        at = next;
    }
    return at;
}

/* The start of the code point that ends at `end`. */
static size_t last_start(struct str s, size_t end)
{
    end--;
    while (end > 0 && ((unsigned char)s.p[end] & 0xC0) == 0x80)
        end--;
    return end;
}

static bool ends_sentence(uint32_t c)
{
    if (c < 0x80)
        return strchr(".,;:!?'*_~])}", (int)c) != NULL;
    return u_ispunct((UChar32)c);
}

/* An address without the punctuation of the sentence around it; a bracket stays with its pair. */
static struct str trim_sentence(struct str url)
{
    ptrdiff_t open = 0;
    for (size_t i = 0; i < url.n; i++)
        open += (url.p[i] == '(') - (url.p[i] == ')');
    while (url.n > 0) {
        size_t at = last_start(url, url.n), next = at;
        uint32_t c = utf8_next(url, &next);
        if (!ends_sentence(c) || (c == ')' && open >= 0))
            break;
        open += c == ')';
        url.n = at;
    }
    return url;
}

bool link_find(struct str text, size_t from, size_t *ret_start, size_t *ret_end)
{
    size_t at = from;

    for (;;) {
        ptrdiff_t found = str_find(str_from(text, at), STR("://"));
        if (found < 0)
            return false;
        size_t colon = at + (size_t)found;
        at = colon + 3;
        size_t scheme =
            colon >= from + 5 && str_eq_nocase((struct str){text.p + colon - 5, 5}, STR("https"))
                ? 5
                : 4;
        if (colon < from + scheme)
            continue;
        size_t start = colon - scheme;
        struct str run = {text.p + start, 0};
        if (scheme_bytes(str_from(text, start)) == 0 || (start > 0 && is_alnum(text.p[start - 1])))
            continue;
        size_t end = run_end(text, at);
        run.n = end - start;
        struct str url = trim_sentence(run);
        /* What is refused is left behind as a whole, so that nothing is looked at twice. */
        at = end;
        if (!markdown_link_is_allowed(url))
            continue;
        *ret_start = start;
        *ret_end = start + url.n;
        return true;
    }
}
