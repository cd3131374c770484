#include "http/parse.h"

#include "http/framing.h"
#include "http/target.h"

/* tchar of RFC 9110, section 5.6.2: !#$%&'*+-.^_`|~, digits and letters, one bit each. */
static const uint64_t tchars[4] = {0x03ff6cfa00000000U, 0x57ffffffc7fffffeU};

bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = (uint8_t)s.p[i];
        if (!(tchars[c >> 6] >> (c & 63) & 1))
            return false;
    }
    return s.n > 0;
}

static bool is_ows(char c)
{
    return c == ' ' || c == '\t';
}

struct str trim_ows(struct str s)
{
    while (s.n && is_ows(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_ows(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool list_next(struct str *rest, struct str *ret_member)
{
    struct str member;
    while (str_next(rest, ',', &member)) {
        member = trim_ows(member);
        if (member.n) {
            *ret_member = member;
            return true;
        }
    }
    return false;
}

/* The bytes that no line may hold: controls but the tab. A CR is one of them. */
static bool line_is_clean(const char *p, size_t n)
{
    unsigned bad = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)p[i];
        bad |= (unsigned)(c < ' ' && c != '\t') | (unsigned)(c == 0x7f);
    }
    return !bad;
}

/* method SP request-target SP HTTP-version (RFC 9112, section 3). */
static int request_line_parse(struct str line, struct head *h, struct target *t)
{
    struct str rest, version;
    if (!str_cut(line, ' ', &h->method_name, &rest) || !is_token(h->method_name))
        return 400;
    struct str target;
    if (!str_cut(rest, ' ', &target, &version))
        return 400;
    if (version.n != 8 || !str_begins(version, STR("HTTP/")) || version.p[6] != '.')
        return 400;
    char major = version.p[5], minor = version.p[7];
    if (major < '0' || major > '9' || minor < '0' || minor > '9')
        return 400;
    if (major != '1' || minor > '1')
        return 505;
    h->minor = minor - '0';
    if (str_eq(h->method_name, STR("GET")))
        h->method = HTTP_GET;
    else if (str_eq(h->method_name, STR("HEAD")))
        h->method = HTTP_HEAD;
    else if (str_eq(h->method_name, STR("POST")))
        h->method = HTTP_POST;
    else
        h->method = HTTP_OTHER;
    return target_parse(target, h->method_name, t);
}

static enum parse_state scan_bad(struct head_scan *s, int status)
{
    s->status = (uint16_t)status;
    return PARSE_BAD;
}

/* The head goes on: too long already, or a request line that is hopeless? */
static enum parse_state scan_more(struct head_scan *s, struct str in, const struct head_limits *l)
{
    if (in.n - s->start > l->bytes_max)
        return scan_bad(s, s->has_first_line ? 431 : 414);
    return PARSE_MORE;
}

/* A line from s->line to the LF at `end` is complete. PARSE_MORE: it was not the last. */
static enum parse_state scan_line(struct head_scan *s, struct str in, size_t end,
                                  const struct head_limits *l)
{
    if (end == s->line || in.p[end - 1] != '\r')
        return scan_bad(s, 400);
    struct str line = {in.p + s->line, end - 1 - s->line};
    s->at = s->line = (uint32_t)(end + 1);
    if (s->at - s->start > l->bytes_max)
        return scan_bad(s, s->has_first_line ? 431 : 414);
    if (line.n == 0) {
        if (s->has_first_line)
            return PARSE_DONE;
        /* One empty line before the request is forgiven (RFC 9112, section 2.2), two are not. */
        if (s->start)
            return scan_bad(s, 400);
        s->start = 2;
    } else if (!s->has_first_line) {
        s->has_first_line = true;
    } else if (++s->n_headers > l->headers_max) {
        return scan_bad(s, 431);
    }
    return PARSE_MORE;
}

/* The request line as soon as it is there, so that HTTP/0.9 and noise need not wait. */
static enum parse_state scan_first_line(struct head_scan *s, struct str in)
{
    struct head h;
    struct target t;
    const char *end = memchr(in.p + s->start, '\r', in.n - s->start);
    size_t n = (size_t)(end - (in.p + s->start));
    int status = request_line_parse((struct str){in.p + s->start, n}, &h, &t);
    return status ? scan_bad(s, status) : PARSE_MORE;
}

enum parse_state head_scan(struct head_scan *s, struct str in, const struct head_limits *l)
{
    bool had_first_line = s->has_first_line;
    while (s->at < in.n) {
        const char *lf = memchr(in.p + s->at, '\n', in.n - s->at);
        size_t end = lf ? (size_t)(lf - in.p) : in.n;
        size_t clean = end;
        if (clean > s->at && in.p[clean - 1] == '\r')
            clean--;
        if (!line_is_clean(in.p + s->at, clean - s->at))
            return scan_bad(s, 400);
        if (!lf) {
            s->at = (uint32_t)clean; /* a CR at the end is looked at again with what follows */
            break;
        }
        enum parse_state state = scan_line(s, in, end, l);
        if (state != PARSE_MORE)
            return state;
    }
    if (s->has_first_line && !had_first_line) {
        enum parse_state state = scan_first_line(s, in);
        if (state != PARSE_MORE)
            return state;
    }
    return scan_more(s, in, l);
}

/* field-line = field-name ":" OWS field-value OWS (RFC 9112, section 5). */
static bool header_parse(struct str line, struct http_header *ret_header)
{
    struct http_header h;
    if (!str_cut(line, ':', &h.name, &h.value) || !is_token(h.name))
        return false;
    h.value = trim_ows(h.value);
    *ret_header = h;
    return true;
}

/* The next line of a head whose line ends are known to be CRLF. */
static struct str line_next(struct str *rest)
{
    const char *end = memchr(rest->p, '\r', rest->n);
    struct str line = {rest->p, (size_t)(end - rest->p)};
    *rest = (struct str){end + 2, rest->n - line.n - 2};
    return line;
}

int head_parse(char *bytes, size_t n, struct http_header *headers, struct head *ret_head)
{
    struct head h = {.headers = headers, .content_length = -1};
    struct target t;
    struct str rest = {bytes, n};
    int status = request_line_parse(line_next(&rest), &h, &t);
    if (status)
        return status;
    for (;;) {
        struct str line = line_next(&rest);
        if (line.n == 0)
            break;
        if (!header_parse(line, &headers[h.n_headers]))
            return 400;
        h.n_headers++;
    }
    h.path = t.path;
    h.query = t.query;
    status = framing_read(&h);
    if (status)
        return status;
    for (char *c = bytes + (h.host.p ? h.host.p - bytes : 0), *end = c + h.host.n; c < end; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    if (t.authority.n && !str_eq_nocase(t.authority, h.host))
        return 400;
    *ret_head = h;
    return 0;
}
