#include "web/route.h"

#include <stdlib.h>

#include "base/must.h"

#define METHOD_GET HTTP_GET
#define METHOD_POST HTTP_POST

/* Every changing route has a token, every reading one has none and no body. */
#define ROUTE(method, pattern, least, csrf, body_max, rate, tx, cache, form, handler, again,       \
              about)                                                                               \
    _Static_assert((METHOD_##method == HTTP_GET) == (CSRF_##csrf == CSRF_NONE),                    \
                   pattern ": a changing route needs CSRF, a reading one must not have it");       \
    _Static_assert((METHOD_##method == HTTP_GET) == ((body_max) == 0),                             \
                   pattern ": only changing routes have a body");                                  \
    _Static_assert(METHOD_##method == HTTP_GET || CACHE_##cache == CACHE_NONE,                     \
                   pattern ": what changes something is never cached");                            \
    _Static_assert(ACCESS_##least == ACCESS_READER || CACHE_##cache == CACHE_NONE,                 \
                   pattern ": what not everybody may see is never cached");                        \
    _Static_assert(METHOD_##method == HTTP_POST || TX_##tx == TX_NONE || TX_##tx == TX_READ,       \
                   pattern ": reading routes write nothing");
#include "web/routes.def"
#undef ROUTE

static const struct route routes[] = {
#define ROUTE(method, pattern, least, csrf, body_max, rate, tx, cache, form, handler, again,       \
              about)                                                                               \
    {METHOD_##method, STR_INIT(pattern), ACCESS_##least, CSRF_##csrf,       (body_max),            \
     RATE_##rate,     TX_##tx,           CACHE_##cache,  &form_spec_##form, (handler),             \
     (again),         #handler,          (about)},
#include "web/routes.def"
#undef ROUTE
};

const struct route *routes_all(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(routes);
    return routes;
}

/* One segment of one or more patterns. Children stand in the order in which they are tried. */
struct node {
    struct str before, after; /* round the braces; a literal has all in before */
    bool is_literal;
    struct node *child, *sibling;
    const struct route *by_method[HTTP_OTHER];
};

struct router {
    struct node root;
    struct node nodes[ARRAY_LEN(routes) * ROUTE_SEGMENTS_MAX];
    size_t n_nodes;
};

/* Literals first, then the pattern that fixes more of the segment. */
static bool comes_before(const struct node *a, const struct node *b)
{
    if (a->is_literal != b->is_literal)
        return a->is_literal;
    return a->before.n + a->after.n > b->before.n + b->after.n;
}

static struct node *child_of(struct router *r, struct node *parent, struct str segment)
{
    struct node wanted = {.before = segment, .is_literal = true};
    struct str rest;
    if (str_cut(segment, '{', &wanted.before, &rest)) {
        struct str name;
        MUST(str_cut(rest, '}', &name, &wanted.after) && name.n > 0);
        wanted.is_literal = false;
    }
    for (struct node *n = parent->child; n; n = n->sibling) {
        if (n->is_literal == wanted.is_literal && str_eq(n->before, wanted.before) &&
            str_eq(n->after, wanted.after))
            return n;
    }
    struct node *made = &r->nodes[r->n_nodes++];
    *made = wanted;
    struct node **at = &parent->child;
    while (*at && !comes_before(made, *at))
        at = &(*at)->sibling;
    made->sibling = *at;
    *at = made;
    return made;
}

struct router *router_new(void)
{
    struct router *r = calloc(1, sizeof *r);
    MUST(r != NULL);
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        struct node *at = &r->root;
        struct str rest = str_from(routes[i].pattern, 1), segment;
        size_t depth = 0;
        while (str_next(&rest, '/', &segment)) {
            MUST(segment.n > 0 && ++depth <= ROUTE_SEGMENTS_MAX);
            at = child_of(r, at, segment);
        }
        MUST(!at->by_method[routes[i].method]);
        at->by_method[routes[i].method] = &routes[i];
    }
    return r;
}

void router_free(struct router **r)
{
    free(*r);
    *r = NULL;
}

static bool segment_fits(const struct node *n, struct str segment)
{
    if (n->is_literal)
        return str_eq(n->before, segment);
    return segment.n > n->before.n + n->after.n && str_begins(segment, n->before) &&
           str_ends(segment, n->after);
}

static bool is_end(const struct node *n)
{
    for (size_t i = 0; i < HTTP_OTHER; i++) {
        if (n->by_method[i])
            return true;
    }
    return false;
}

/* Depth is bounded by ROUTE_SEGMENTS_MAX, and each level has few children that fit. */
static const struct node *descend(const struct node *parent, const struct str *segments, size_t n,
                                  struct route_match *m)
{
    if (n == 0)
        return is_end(parent) ? parent : NULL;
    for (const struct node *c = parent->child; c; c = c->sibling) {
        if (!segment_fits(c, segments[0]))
            continue;
        size_t n_args = m->n_args;
        if (!c->is_literal) {
            MUST(m->n_args < ROUTE_ARGS_MAX);
            m->args[m->n_args++] =
                (struct str){segments[0].p + c->before.n, segments[0].n - c->before.n - c->after.n};
        }
        const struct node *found = descend(c, segments + 1, n - 1, m);
        if (found)
            return found;
        m->n_args = n_args;
    }
    return NULL;
}

void router_find(const struct router *r, enum http_method method, struct str path,
                 struct route_match *ret_match)
{
    struct str segments[ROUTE_SEGMENTS_MAX], rest = str_from(path, 1);
    size_t n = 0;
    *ret_match = (struct route_match){0};
    if (path.n == 0 || path.p[0] != '/')
        return;
    while (str_next(&rest, '/', &segments[n])) {
        if (segments[n].n == 0 || ++n == ROUTE_SEGMENTS_MAX)
            return;
    }
    if (n > 0 && path.p[path.n - 1] == '/')
        return;
    const struct node *found = descend(&r->root, segments, n, ret_match);
    if (!found)
        return;
    for (size_t i = 0; i < HTTP_OTHER; i++)
        ret_match->allows[i] =
            found->by_method[i] || (i == HTTP_HEAD && found->by_method[HTTP_GET]);
    if (method < HTTP_OTHER)
        ret_match->route = found->by_method[method == HTTP_HEAD ? HTTP_GET : method];
}
