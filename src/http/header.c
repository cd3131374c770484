#include "http/http.h"
#include "http/parse.h"

struct str http_header_get(const struct http_request *rq, struct str name)
{
    for (size_t i = 0; i < rq->n_headers; i++) {
        if (str_eq_nocase(rq->headers[i].name, name))
            return rq->headers[i].value;
    }
    return STR_NONE;
}

/* A cookie in one header's "a=b; c=d". */
static bool cookie_find(struct str pairs, struct str name, struct str *ret_value)
{
    struct str pair, key, value;
    while (str_next(&pairs, ';', &pair)) {
        if (str_cut(trim_ows(pair), '=', &key, &value) && str_eq(key, name)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

struct str http_cookie_get(const struct http_request *rq, struct str name)
{
    struct str value;
    for (size_t i = 0; i < rq->n_headers; i++) {
        if (str_eq_nocase(rq->headers[i].name, STR("Cookie")) &&
            cookie_find(rq->headers[i].value, name, &value))
            return value;
    }
    return STR_NONE;
}
