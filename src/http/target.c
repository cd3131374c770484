#include "http/target.h"

#include <arpa/inet.h>

#include "http/parse.h"

/*
 * Visible ASCII but the fragment's '#' and what no browser sends undecoded. '^', '`', '{', '|' and
 * '}' are outside RFC 3986 as well, but browsers leave them as they are in a query.
 */
static bool is_target_char(char c)
{
    return c > ' ' && c < 0x7f && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_ip6(struct str s)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_name(struct str s)
{
    if (s.n == 0 || s.n > 255)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.' && s.p[i] != '_')
            return false;
    }
    return true;
}

/* A port with its colon, or nothing. */
static bool is_port(struct str s)
{
    int64_t port;
    return s.n == 0 || (s.p[0] == ':' && str_to_int64(str_from(s, 1), 0, 65535, &port));
}

bool is_host(struct str s)
{
    char last = s.n && s.p[0] == '[' ? ']' : ':';
    ptrdiff_t at = str_find_char(s, last);
    if (last == ']') {
        return at > 0 && is_ip6((struct str){s.p + 1, (size_t)at - 1}) &&
               is_port(str_from(s, (size_t)at + 1));
    }
    size_t n = at < 0 ? s.n : (size_t)at;
    return is_name(str_head(s, n)) && is_port(str_from(s, n));
}

static bool begins_nocase(struct str s, struct str with)
{
    return s.n >= with.n && str_eq_nocase(str_head(s, with.n), with);
}

/* Takes "http://authority" off the front. */
static bool absolute_cut(struct str *s, struct str *ret_authority)
{
    size_t scheme = begins_nocase(*s, STR("http://"))    ? 7
                    : begins_nocase(*s, STR("https://")) ? 8
                                                         : 0;
    if (scheme == 0)
        return false;
    size_t end = scheme;
    while (end < s->n && s->p[end] != '/' && s->p[end] != '?')
        end++;
    *ret_authority = (struct str){s->p + scheme, end - scheme};
    *s = (struct str){s->p + end, s->n - end};
    return is_host(*ret_authority);
}

int target_parse(struct str s, struct str method, struct target *ret_target)
{
    struct target t = {.query = STR("")};
    for (size_t i = 0; i < s.n; i++) {
        if (!is_target_char(s.p[i]))
            return 400;
    }
    if (str_eq(method, STR("CONNECT")))
        return s.n ? 501 : 400;
    if (str_eq(s, STR("*"))) {
        t.path = s;
        *ret_target = t;
        return str_eq(method, STR("OPTIONS")) ? 0 : 400;
    }
    if ((s.n == 0 || s.p[0] != '/') && !absolute_cut(&s, &t.authority))
        return 400;
    if (!str_cut(s, '?', &t.path, &t.query))
        t.path = s;
    if (t.path.n == 0)
        t.path = STR("/"); /* the absolute form may leave it out */
    *ret_target = t;
    return 0;
}
