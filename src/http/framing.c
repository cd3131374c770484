#include "http/framing.h"

/* Which headers were there: each of them once at most. */
struct seen {
    bool host, length, coding, expect, keep, close;
};

static int read_host(struct head *h, struct seen *seen, struct str value)
{
    if (seen->host || !is_host(value))
        return 400;
    seen->host = true;
    h->host = value;
    return 0;
}

/* One header with one number: no list, no sign, no leading zeros (RFC 9112, section 6.3). */
static int read_length(struct head *h, struct seen *seen, struct str value)
{
    if (seen->length || !str_to_int64(value, 0, INT64_MAX, &h->content_length) || value.p[0] == '-')
        return 400;
    seen->length = true;
    return 0;
}

/*
 * Only "chunked". Codings that end in something else leave the length unknown, which is a 400; a
 * coding under chunked could be read by somebody, so it is a 501 (RFC 9112, sections 6.1 and 6.3).
 */
static int read_coding(struct head *h, struct seen *seen, struct str value)
{
    if (seen->coding)
        return 400;
    seen->coding = true;
    h->chunked = str_eq_nocase(value, STR("chunked"));
    if (h->chunked)
        return 0;
    struct str coding, last = STR_NONE;
    size_t n = 0;
    for (; str_next(&value, ',', &coding); n++) {
        if (str_eq_nocase(last, STR("chunked")) || !is_token(trim_ows(coding)))
            return 400;
        last = trim_ows(coding);
    }
    return n > 1 && str_eq_nocase(last, STR("chunked")) ? 501 : 400;
}

static int read_expect(struct head *h, struct seen *seen, struct str value)
{
    if (h->minor == 0) /* RFC 9110, section 10.1.1: ignored */
        return 0;
    if (seen->expect || !str_eq_nocase(value, STR("100-continue")))
        return 417;
    seen->expect = h->expects = true;
    return 0;
}

static int read_connection(struct seen *seen, struct str value)
{
    struct str option;
    while (list_next(&value, &option)) {
        if (str_eq_nocase(option, STR("close")))
            seen->close = true;
        else if (str_eq_nocase(option, STR("keep-alive")))
            seen->keep = true;
        else if (!is_token(option))
            return 400;
    }
    return 0;
}

/*
 * "Content_Length" and the like: some programs take an underscore for a hyphen, and whoever sends
 * it hopes for one of them.
 */
static bool is_underscored(struct str name, struct str real)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i] == '_' ? '-' : name.p[i];
        if ((c | 0x20) != (real.p[i] | 0x20))
            return false;
    }
    return !str_eq_nocase(name, real);
}

/* The length of the name sorts most headers out without comparing. */
static int read_header(struct head *h, struct seen *seen, const struct http_header *header)
{
    switch (header->name.n) {
    case 4:
        if (str_eq_nocase(header->name, STR("Host")))
            return read_host(h, seen, header->value);
        return 0;
    case 6:
        if (str_eq_nocase(header->name, STR("Expect")))
            return read_expect(h, seen, header->value);
        return 0;
    case 10:
        if (str_eq_nocase(header->name, STR("Connection")))
            return read_connection(seen, header->value);
        return 0;
    case 14:
        if (str_eq_nocase(header->name, STR("Content-Length")))
            return read_length(h, seen, header->value);
        return is_underscored(header->name, STR("Content-Length")) ? 400 : 0;
    case 17:
        if (str_eq_nocase(header->name, STR("Transfer-Encoding")))
            return read_coding(h, seen, header->value);
        return is_underscored(header->name, STR("Transfer-Encoding")) ? 400 : 0;
    default:
        return 0;
    }
}

int framing_read(struct head *h)
{
    struct seen seen = {0};
    int worst = 0;
    h->host = STR("");
    /* A 400 wins over a 417 or 501 wherever they stand: broken is worse than unsupported. */
    for (size_t i = 0; i < h->n_headers; i++) {
        int status = read_header(h, &seen, &h->headers[i]);
        if (status == 400)
            return 400;
        worst = status ? status : worst;
    }
    if (!seen.host && h->minor > 0)
        return 400;
    if (seen.coding && (seen.length || h->minor == 0))
        return 400;
    h->keep = !seen.close && (h->minor > 0 || seen.keep);
    return worst;
}
