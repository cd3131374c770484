#include "http/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/parse.h"

/* A network of trusted proxies: the first `bits` of the address. */
struct trusted {
    uint8_t bytes[16];
    unsigned bits;
};

#define MAPPED_BITS 96 /* of ::ffff:0:0/96, in which IPv4 lies */

static void address_set_ip4(struct address *a, const void *four)
{
    *a = (struct address){.known = true};
    a->bytes[10] = a->bytes[11] = 0xff;
    memcpy(a->bytes + 12, four, 4);
}

static bool is_ip4(const struct address *a)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(a->bytes, prefix, sizeof prefix) == 0;
}

static bool ip_parse(struct str s, struct address *ret_address)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t bytes[16];
    if (s.n == 0 || s.n >= sizeof text || memchr(s.p, 0, s.n))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    if (inet_pton(AF_INET, text, bytes) == 1) {
        address_set_ip4(ret_address, bytes);
        return true;
    }
    if (inet_pton(AF_INET6, text, bytes) != 1)
        return false;
    ret_address->known = true;
    memcpy(ret_address->bytes, bytes, sizeof bytes);
    return true;
}

bool address_parse(struct str s, struct address *ret_address)
{
    int64_t port;
    struct str host, rest;
    if (s.n && s.p[0] == '[') {
        if (!str_cut(str_from(s, 1), ']', &host, &rest) || str_find_char(host, ':') < 0)
            return false;
        if (rest.n && (rest.p[0] != ':' || !str_to_int64(str_from(rest, 1), 0, 65535, &port)))
            return false;
        return ip_parse(host, ret_address);
    }
    if (str_cut(s, ':', &host, &rest) && str_find_char(rest, ':') < 0)
        return str_to_int64(rest, 0, 65535, &port) && ip_parse(host, ret_address);
    return ip_parse(s, ret_address);
}

struct address address_of(const struct sockaddr *peer)
{
    struct address a = {0};
    if (peer->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, peer, sizeof in);
        address_set_ip4(&a, &in.sin_addr);
    } else if (peer->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, peer, sizeof in6);
        a.known = true;
        memcpy(a.bytes, &in6.sin6_addr, sizeof a.bytes);
    }
    return a;
}

bool address_is_own(const struct address *a)
{
    static const uint8_t ip4[16] = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1};
    static const uint8_t ip6[16] = {[15] = 1};
    return a->known &&
           (memcmp(a->bytes, ip4, sizeof ip4) == 0 || memcmp(a->bytes, ip6, sizeof ip6) == 0);
}

struct http_network network_of(const struct address *a)
{
    struct http_network network = {0};
    if (!a->known)
        return network;
    bool ip4 = is_ip4(a);
    network.n = ip4 ? 4 : 8;
    memcpy(network.bytes, a->bytes + (ip4 ? 12 : 0), network.n);
    return network;
}

bool network_eq(struct http_network a, struct http_network b)
{
    return a.n == b.n && memcmp(a.bytes, b.bytes, a.n) == 0;
}

static bool trusted_parse(struct str s, struct trusted *ret_net)
{
    struct str host = s, length = STR_NONE;
    struct address a;
    int64_t bits;
    if (!str_cut(s, '/', &host, &length))
        host = s;
    if (!ip_parse(host, &a))
        return false;
    bool ip4 = is_ip4(&a) && str_find_char(host, ':') < 0;
    bits = ip4 ? 32 : 128;
    if (length.p && !str_to_int64(length, 0, bits, &bits))
        return false;
    memcpy(ret_net->bytes, a.bytes, sizeof ret_net->bytes);
    ret_net->bits = (unsigned)bits + (ip4 ? MAPPED_BITS : 0);
    return true;
}

bool trust_parse(struct arena *a, const struct str *proxies, size_t n, struct trust *ret_trust,
                 struct err *e)
{
    struct trust t = {.nets = ARENA_ARRAY(a, struct trusted, n)};
    for (size_t i = 0; i < n; i++) {
        if (str_eq(proxies[i], STR("unix")))
            t.unix_sockets = true;
        else if (!trusted_parse(proxies[i], &t.nets[t.n++]))
            return err_set(e, ERR_INVALID, 0, "trusted proxy " STR_FMT ": not a network",
                           STR_ARG(proxies[i]));
    }
    *ret_trust = t;
    return true;
}

static bool is_within(const struct trusted *net, const struct address *a)
{
    unsigned whole = net->bits / 8, more = net->bits % 8;
    if (memcmp(net->bytes, a->bytes, whole) != 0)
        return false;
    unsigned mask = 0xff00U >> more & 0xff;
    return more == 0 || ((net->bytes[whole] ^ a->bytes[whole]) & mask) == 0;
}

bool trust_has(const struct trust *t, const struct address *a)
{
    if (!a->known)
        return t->unix_sockets;
    for (size_t i = 0; i < t->n; i++) {
        if (is_within(&t->nets[i], a))
            return true;
    }
    return false;
}

/* Takes the last member off a comma-separated list. */
static struct str last_member(struct str *list)
{
    size_t at = list->n;
    while (at && list->p[at - 1] != ',')
        at--;
    struct str last = {list->p + at, list->n - at};
    list->n = at ? at - 1 : 0;
    return trim_ows(last);
}

struct http_network network_forwarded(const struct trust *t, struct http_network proxy,
                                      const struct http_header *headers, size_t n_headers)
{
    struct http_network network = proxy;
    for (size_t i = n_headers; i-- > 0;) {
        if (headers[i].name.n != 15 || !str_eq_nocase(headers[i].name, STR("X-Forwarded-For")))
            continue;
        struct str list = headers[i].value;
        while (list.n) {
            struct address a = {0};
            if (!address_parse(last_member(&list), &a))
                return network;
            network = network_of(&a);
            if (!trust_has(t, &a))
                return network;
        }
    }
    return network;
}

bool forwarded_https(const struct http_header *headers, size_t n_headers)
{
    for (size_t i = n_headers; i-- > 0;) {
        struct str list = headers[i].value;
        if (headers[i].name.n == 17 && str_eq_nocase(headers[i].name, STR("X-Forwarded-Proto")))
            return str_eq_nocase(last_member(&list), STR("https"));
    }
    return false;
}
