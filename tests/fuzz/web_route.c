/*
 * Addresses from noise against every row of routes.def. The row that is found fits the path by a
 * simple reading of its pattern, and so does each argument; a path that some row fits leads
 * somewhere. With AITYS_PLANTED_FAULT the first row that fits is believed to win; the target must
 * find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "web/route.h"

/* Whether a segment fits one of a pattern, and what its braces take. */
static bool segment_fits(struct str pattern, struct str segment, struct str *ret_arg)
{
    struct str before, rest, name, after;
    if (!str_cut(pattern, '{', &before, &rest))
        return str_eq(pattern, segment);
    MUST(str_cut(rest, '}', &name, &after));
    if (segment.n <= before.n + after.n || !str_begins(segment, before) ||
        !str_ends(segment, after))
        return false;
    *ret_arg = (struct str){segment.p + before.n, segment.n - before.n - after.n};
    return true;
}

static bool fits(const struct route *row, struct str path, struct str *args, size_t *ret_n)
{
    struct str pattern = str_from(row->pattern, 1), rest = str_from(path, 1), wanted, segment;
    size_t n = 0;
    bool more = path.n > 0 && path.p[0] == '/' && (path.n == 1 || path.p[path.n - 1] != '/');
    while (more && str_next(&pattern, '/', &wanted)) {
        struct str arg = STR_NONE;
        more =
            str_next(&rest, '/', &segment) && segment.n > 0 && segment_fits(wanted, segment, &arg);
        if (more && arg.p)
            args[n++] = arg;
    }
    *ret_n = n;
    return more && rest.n == 0;
}

static void check_found(const struct route_match *m, struct str path)
{
    struct str args[ROUTE_ARGS_MAX];
    size_t n;
    MUST(fits(m->route, path, args, &n));
    MUST(m->n_args == n && m->allows[m->route->method]);
    for (size_t i = 0; i < ROUTE_ARGS_MAX; i++)
        MUST(i < n ? str_eq(m->args[i], args[i]) : m->args[i].n == 0);
}

static void check_path(const struct router *r, struct str path, enum http_method method)
{
    struct route_match m;
    struct str args[ROUTE_ARGS_MAX];
    size_t n_rows, n;
    const struct route *rows = routes_all(&n_rows), *first = NULL;
    router_find(r, method, path, &m);
    bool is_known = m.allows[HTTP_GET] || m.allows[HTTP_POST], some_fit = false;
    for (size_t i = 0; i < n_rows; i++) {
        bool is_fit = fits(&rows[i], path, args, &n);
        some_fit = some_fit || is_fit;
        first = !first && is_fit && rows[i].method == method ? &rows[i] : first;
    }
    MUST(is_known == some_fit);
    if (m.route)
        check_found(&m, path);
#ifdef AITYS_PLANTED_FAULT
    MUST(m.route == first);
#else
    (void)first;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct router *r = router_new();
    struct str path = {(const char *)data, n};
    check_path(r, path, HTTP_GET);
    check_path(r, path, HTTP_POST);
    router_free(&r);
    return 0;
}
