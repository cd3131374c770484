#include "web/door.h"

#include "web/address.h"
#include "web/fill.h"

#define KEPT_BYTES_MAX                                                                             \
    (64 * KiB) /* a rule's list of words may be longer; people have it as a file */

struct str door_address(struct request *rq, struct str next)
{
    struct str door = STR("/mod/sign-in");
    if (rq->actor.access == ACCESS_ACCOUNT)
        door = STR("/mod/account");
    else if (rq->actor.access == ACCESS_PENDING)
        door = STR("/mod/second-step");
    return address_with(rq->arena, door, "next", address_is_mod(next) ? next : STR_NONE);
}

/* The page that has the form: at its own address, or the nearest one above it. */
static struct str page_of_form(const struct request *rq)
{
    struct str path = rq->path;
    struct route_match m;
    router_find(rq->web->router, HTTP_GET, path, &m);
    bool is_here = m.route && str_eq(m.route->pattern, rq->route->pattern);
    while (!is_here && path.n > 1) {
        do
            path.n--;
        while (path.n > 1 && path.p[path.n] != '/');
        router_find(rq->web->router, HTTP_GET, path, &m);
        is_here = m.route != NULL;
    }
    return path;
}

struct str door_here(struct request *rq)
{
    const struct http_request *asked = &rq->x->request;
    if (asked->method == HTTP_POST)
        return rq->route ? page_of_form(rq) : STR_NONE;
    if (asked->query.n == 0)
        return asked->path;
    return arena_printf(rq->arena, STR_FMT "?" STR_FMT, STR_ARG(asked->path),
                        STR_ARG(asked->query));
}

static void fill_kept(struct request *rq, struct error_page *p)
{
    const struct form_spec *spec = rq->route->form;
    struct kept_line *kept = ARENA_ARRAY(rq->arena, struct kept_line, spec->n_fields);
    size_t n = 0;
    for (size_t i = 0; i < spec->n_fields; i++) {
        if (spec->fields[i].type != FIELD_TEXT)
            continue;
        const char *at = (const char *)rq->form + spec->fields[i].offset;
        const struct str *text = (const struct str *)(const void *)at;
        if (text->n > 0 && text->n <= KEPT_BYTES_MAX)
            kept[n++] = (struct kept_line){*text};
    }
    p->kept = kept;
    p->n_kept = n;
}

void door_fill(struct request *rq, struct error_page *p)
{
    p->text = i18n_text(rq->words, T_SIGN_IN_ENDED);
    p->back_address = door_address(rq, page_of_form(rq));
    p->back_text = i18n_text(rq->words, T_SIGN_IN);
    if (rq->form && !rq->is_foreign)
        fill_kept(rq, p);
}
