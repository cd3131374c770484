#include "text/host.h"

#include <unicode/uidna.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static struct str lower_copy(struct arena *a, struct str host)
{
    char *bytes = arena_take(a, host.n + 1);
    for (size_t i = 0; i < host.n; i++)
        bytes[i] = lower(host.p[i]);
    return (struct str){bytes, host.n};
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

struct str host_ascii(struct arena *a, struct str host)
{
    if (host.n > 1 && host.p[host.n - 1] == '.')
        host.n--;
    /* Punycode may be spelled in more than one way: it is read and written anew as well. */
    if (host.n > HOST_BYTES_MAX ||
        (is_ascii(host) && str_find(lower_copy(a, host), STR("xn--")) < 0))
        return lower_copy(a, host);
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna =
        uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &error);
    if (U_FAILURE(error))
        return lower_copy(a, host);
    char *bytes = arena_take(a, HOST_BYTES_MAX + 1);
    int32_t n = uidna_nameToASCII_UTF8(idna, host.p, (int32_t)host.n, bytes, HOST_BYTES_MAX + 1,
                                       &info, &error);
    uidna_close(idna);
    if (U_FAILURE(error) || info.errors != 0 || n <= 0 || n > HOST_BYTES_MAX)
        return lower_copy(a, host);
    return (struct str){bytes, (size_t)n};
}

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool host_is_name(struct str ascii)
{
    size_t label = 0;
    if (ascii.n > HOST_BYTES_MAX)
        return false;
    for (size_t i = 0; i < ascii.n; i++) {
        char c = ascii.p[i];
        if (c == '.' ? label == 0 : !is_label_char(c) || label == 63)
            return false;
        label = c == '.' ? 0 : label + 1;
    }
    return label > 0;
}

bool host_is_within(struct str host, struct str domain)
{
    return str_ends(host, domain) && (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}
