#include "http/form.h"
#include "http/parse.h"

#define BOUNDARY_MAX 70 /* RFC 2046, section 5.1.1 */
#define PART_HEADERS_MAX 16

/* One parameter of a header: name=token or name="quoted". */
struct parameter {
    struct str name;
    struct str value;
};

/* A quoted string at the start of *s, without its quotes and backslashes; it is taken off *s. */
static bool quoted_read(struct arena *a, struct str *s, struct str *ret_value)
{
    size_t end = 1;
    while (end < s->n && s->p[end] != '"')
        end += s->p[end] == '\\' && end + 1 < s->n && s->p[end + 1] == '"' ? 2 : 1;
    if (end >= s->n)
        return false;
    char *out = arena_take(a, end);
    size_t n = 0;
    for (size_t i = 1; i < end; i++) {
        if (s->p[i] == '\\' && (s->p[i + 1] == '"' || s->p[i + 1] == '\\') && i + 1 < end)
            i++;
        out[n++] = s->p[i];
    }
    *ret_value = (struct str){out, n};
    *s = (struct str){s->p + end + 1, s->n - end - 1};
    return true;
}

/*
 * Takes `; name=value` off the front. Returns 1, 0 at the end, or -1 when it cannot be read.
 */
static int parameter_next(struct arena *a, struct str *s, struct parameter *ret_parameter)
{
    struct parameter p;
    struct str rest = trim_ows(*s);
    if (rest.n == 0)
        return 0;
    if (rest.p[0] != ';')
        return -1;
    rest = trim_ows(str_from(rest, 1));
    if (rest.n == 0)
        return 0;
    if (!str_cut(rest, '=', &p.name, &rest) || !is_token(p.name))
        return -1;
    if (rest.n && rest.p[0] == '"') {
        if (!quoted_read(a, &rest, &p.value))
            return -1;
    } else {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ';' && rest.p[n] != ' ' && rest.p[n] != '\t')
            n++;
        p.value = str_head(rest, n);
        if (!is_token(p.value))
            return -1;
        rest = (struct str){rest.p + n, rest.n - n};
    }
    *s = rest;
    *ret_parameter = p;
    return 1;
}

static bool is_boundary(struct str s)
{
    static const struct str others = STR_INIT("'()+_,-./:=? ");
    if (s.n == 0 || s.n > BOUNDARY_MAX || s.p[s.n - 1] == ' ')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alnum && str_find_char(others, c) < 0)
            return false;
    }
    return true;
}

/* The one boundary parameter of a multipart/form-data header. */
static bool boundary_read(struct arena *a, struct str content_type, struct str *ret_boundary)
{
    struct str type = content_type, rest = STR("");
    ptrdiff_t at = str_find_char(content_type, ';');
    if (at >= 0) {
        type = str_head(content_type, (size_t)at);
        rest = str_from(content_type, (size_t)at);
    }
    if (!str_eq_nocase(trim_ows(type), STR("multipart/form-data")))
        return false;
    struct str found = STR_NONE;
    struct parameter p;
    int more;
    while ((more = parameter_next(a, &rest, &p)) > 0) {
        if (!str_eq_nocase(p.name, STR("boundary")))
            continue;
        if (found.p || !is_boundary(p.value))
            return false;
        found = p.value;
    }
    *ret_boundary = found;
    return more == 0 && found.p;
}

/* form-data; name="…" without a file name (RFC 7578, section 4.2). */
static bool disposition_read(struct arena *a, struct str value, struct str *ret_name, struct err *e)
{
    ptrdiff_t at = str_find_char(value, ';');
    struct str rest = at < 0 ? STR("") : str_from(value, (size_t)at);
    struct str name = STR_NONE;
    struct parameter p;
    int more;
    if (at < 0 || !str_eq_nocase(trim_ows(str_head(value, (size_t)at)), STR("form-data")))
        return err_set(e, ERR_INVALID, 0, "multipart: a part that is no form-data");
    while ((more = parameter_next(a, &rest, &p)) > 0) {
        if (str_eq_nocase(p.name, STR("filename")) || str_eq_nocase(p.name, STR("filename*")))
            return err_set(e, ERR_INVALID, 0, "multipart: a file");
        if (str_eq_nocase(p.name, STR("name"))) {
            if (name.p)
                return err_set(e, ERR_INVALID, 0, "multipart: a part with two names");
            name = p.value;
        }
    }
    if (more < 0 || !name.p || str_find_char(name, 0) >= 0)
        return err_set(e, ERR_INVALID, 0, "multipart: a part without a name");
    *ret_name = name;
    return true;
}

/* Text that would have to be decoded first; RFC 7578, section 4.7 tells senders not to. */
static bool is_encoded(struct str value)
{
    return !str_eq_nocase(value, STR("7bit")) && !str_eq_nocase(value, STR("8bit")) &&
           !str_eq_nocase(value, STR("binary"));
}

/* Reads "name: value" CRLF lines up to the empty one; gives the part's name. */
static bool part_headers_read(struct arena *a, struct str *body, struct str *ret_name,
                              struct err *e)
{
    bool has_name = false;
    for (int i = 0; i < PART_HEADERS_MAX; i++) {
        struct str name, value;
        ptrdiff_t end = str_find(*body, STR("\r\n"));
        if (end < 0)
            return err_set(e, ERR_INVALID, 0, "multipart: it ends within a part's headers");
        struct str line = str_head(*body, (size_t)end);
        *body = (struct str){body->p + end + 2, body->n - (size_t)end - 2};
        if (line.n == 0)
            return has_name || err_set(e, ERR_INVALID, 0, "multipart: a part without a name");
        for (size_t k = 0; k < line.n; k++) {
            if ((uint8_t)line.p[k] < ' ' && line.p[k] != '\t')
                return err_set(e, ERR_INVALID, 0, "multipart: a control byte in a header");
        }
        if (!str_cut(line, ':', &name, &value) || !is_token(name))
            return err_set(e, ERR_INVALID, 0, "multipart: a header that cannot be read");
        value = trim_ows(value);
        if (str_eq_nocase(name, STR("Content-Transfer-Encoding")) && is_encoded(value))
            return err_set(e, ERR_INVALID, 0, "multipart: an encoded part");
        if (!str_eq_nocase(name, STR("Content-Disposition")))
            continue;
        if (has_name)
            return err_set(e, ERR_INVALID, 0, "multipart: a part with two dispositions");
        has_name = true;
        if (!disposition_read(a, value, ret_name, e))
            return false;
    }
    return err_set(e, ERR_INVALID, 0, "multipart: a part with too many headers");
}

/*
 * What stands behind a delimiter: CRLF and a part (1), "--" and the end (0), or neither (-1).
 * Blanks before the CRLF are padding (RFC 2046, section 5.1.1).
 */
static int delimiter_end(struct str *body)
{
    if (str_begins(*body, STR("--"))) {
        struct str rest = str_from(*body, 2);
        return rest.n == 0 || rest.p[0] == '\r' || rest.p[0] == '\n' ? 0 : -1;
    }
    size_t n = 0;
    while (n < body->n && (body->p[n] == ' ' || body->p[n] == '\t'))
        n++;
    if (!str_begins(str_from(*body, n), STR("\r\n")))
        return -1;
    *body = (struct str){body->p + n + 2, body->n - n - 2};
    return 1;
}

/* One part, from behind its delimiter's line to behind the next delimiter. */
static bool part_read(struct arena *a, struct str *body, struct str delimiter,
                      struct form_pair *ret_pair, struct err *e)
{
    struct form_pair pair = {0};
    if (!part_headers_read(a, body, &pair.name, e))
        return false;
    /* An empty value: the headers' empty line is the CRLF of the delimiter. */
    struct str search = {body->p - 2, body->n + 2};
    ptrdiff_t end = str_find(search, delimiter);
    if (end < 0)
        return err_set(e, ERR_INVALID, 0, "multipart: the closing delimiter is missing");
    size_t value_n = end < 2 ? 0 : (size_t)end - 2;
    pair.value = str_head(*body, value_n);
    if (str_find_char(pair.value, 0) >= 0)
        return err_set(e, ERR_INVALID, 0, "multipart: a NUL");
    size_t next = (size_t)end + delimiter.n;
    *body = (struct str){search.p + next, search.n - next};
    *ret_pair = pair;
    return true;
}

bool form_parse_multipart(struct arena *a, struct str content_type, struct str body,
                          size_t pairs_max, struct form *ret_form, struct err *e)
{
    struct form form = {0};
    size_t capacity = 0;
    struct str boundary;
    int more;
    if (!boundary_read(a, content_type, &boundary))
        return err_set(e, ERR_INVALID, 0, "multipart: no boundary");
    struct str delimiter = arena_printf(a, "\r\n--" STR_FMT, STR_ARG(boundary));
    /* The first delimiter has no CRLF of its own; empty lines before it are harmless. */
    while (str_begins(body, STR("\r\n")))
        body = (struct str){body.p + 2, body.n - 2};
    if (!str_begins(body, str_from(delimiter, 2)))
        return err_set(e, ERR_INVALID, 0, "multipart: it does not begin with the boundary");
    body = (struct str){body.p + delimiter.n - 2, body.n - (delimiter.n - 2)};
    while ((more = delimiter_end(&body)) > 0) {
        struct form_pair pair;
        if (!part_read(a, &body, delimiter, &pair, e))
            return false;
        if (form.n == pairs_max)
            return err_set(e, ERR_INVALID, 0, "multipart: more than %zu fields", pairs_max);
        *ARENA_PUSH(a, form.pairs, form.n, capacity) = pair;
    }
    if (more < 0)
        return err_set(e, ERR_INVALID, 0, "multipart: a line that is nearly the boundary");
    *ret_form = form;
    return true;
}
