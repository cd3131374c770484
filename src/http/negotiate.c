#include "http/negotiate.h"

#include "http/parse.h"

#define WEIGHT_MAX 1000
#define WEIGHT_UNSAID (-1)

/* "0.5", "1", "1.000" as thousandths; 0 when it cannot be read. */
static int weight_read(struct str s)
{
    if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
        return 0;
    int weight = (s.p[0] - '0') * WEIGHT_MAX;
    int unit = WEIGHT_MAX / 10;
    for (size_t i = 2; i < s.n; i++, unit /= 10) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        weight += (s.p[i] - '0') * unit;
    }
    return weight <= WEIGHT_MAX ? weight : 0;
}

/* codings [ OWS ";" OWS "q=" qvalue ]; cuts the name off and returns its weight. */
static int member_weight(struct str *member)
{
    struct str name, parameter;
    if (!str_cut(*member, ';', &name, &parameter))
        return WEIGHT_MAX;
    *member = trim_ows(name);
    parameter = trim_ows(parameter);
    if (!str_eq_nocase(str_head(parameter, 2), STR("q=")))
        return 0;
    return weight_read(str_from(parameter, 2));
}

enum http_coding accepts_read(const struct http_header *headers, size_t n)
{
    int weights[HTTP_CODINGS] = {0, WEIGHT_UNSAID, WEIGHT_UNSAID};
    int others = 0;
    for (size_t i = 0; i < n; i++) {
        if (headers[i].name.n != 15 || !str_eq_nocase(headers[i].name, STR("Accept-Encoding")))
            continue;
        struct str rest = headers[i].value, member;
        while (list_next(&rest, &member)) {
            int weight = member_weight(&member);
            if (str_eq_nocase(member, STR("br")))
                weights[HTTP_BROTLI] = weight;
            else if (str_eq_nocase(member, STR("gzip")) || str_eq_nocase(member, STR("x-gzip")))
                weights[HTTP_GZIP] = weight;
            else if (str_eq(member, STR("*")))
                others = weight;
        }
    }
    enum http_coding best = HTTP_IDENTITY;
    for (int coding = HTTP_GZIP; coding <= HTTP_BROTLI; coding++) {
        int weight = weights[coding] == WEIGHT_UNSAID ? others : weights[coding];
        weights[coding] = weight;
        if (weight > 0 && weight >= weights[best])
            best = (enum http_coding)coding;
    }
    return best;
}

/* The opaque part with its quotes, without W/. */
static struct str opaque(struct str etag)
{
    return str_begins(etag, STR("W/")) ? str_from(etag, 2) : etag;
}

/* Takes the next entity tag off a list; a comma inside of the quotes does not end it. */
static bool etag_next(struct str *rest, struct str *ret_tag)
{
    struct str s = *rest;
    while (s.n && (s.p[0] == ',' || s.p[0] == ' ' || s.p[0] == '\t'))
        s = (struct str){s.p + 1, s.n - 1};
    struct str tag = opaque(s);
    if (tag.n < 2 || tag.p[0] != '"')
        return false;
    ptrdiff_t end = str_find_char(str_from(tag, 1), '"');
    if (end < 0)
        return false;
    *ret_tag = str_head(tag, (size_t)end + 2);
    *rest = str_from(tag, (size_t)end + 2);
    return true;
}

bool etag_matches(const struct http_header *headers, size_t n, struct str etag)
{
    etag = opaque(etag);
    for (size_t i = 0; i < n; i++) {
        if (headers[i].name.n != 13 || !str_eq_nocase(headers[i].name, STR("If-None-Match")))
            continue;
        if (str_eq(headers[i].value, STR("*")))
            return true;
        struct str rest = headers[i].value, tag;
        while (etag_next(&rest, &tag)) {
            if (str_eq(tag, etag))
                return true;
        }
    }
    return false;
}
