#include "web/routing.h"

#include "text/utf8.h"
#include "web/address.h"
#include "web/reply.h"

struct str routing_language(const struct web *w, struct str lang)
{
    const struct site *site = &w->o.domain->site;
    for (size_t i = 0; i < site->n_languages; i++) {
        if (str_eq(site->languages[i], lang))
            return site->languages[i];
    }
    return STR_NONE;
}

static void read_query(struct request *rq)
{
    struct form pairs;
    struct err ignored = {0};
    if (rq->x->request.query.n == 0 ||
        !form_parse(rq->arena, rq->x->request.query, FORM_PAIRS_MAX, &pairs, &ignored))
        return; /* what others hung on our address is not our reader's fault */
#define P(name) rq->query.name = str_head(form_get(&pairs, STR(#name)), 200);
    QUERY_PARAMETERS(P)
#undef P
}

/* For a page without a language of its own: the one chosen for the console, or the browser's. */
static struct str preferred_language(const struct request *rq)
{
    const struct site *site = &rq->web->o.domain->site;
    struct str chosen = STR_NONE;
    if (address_is_mod(rq->path))
        chosen = routing_language(rq->web, rq->cookies.language);
    return chosen.n ? chosen
                    : i18n_negotiate(http_header_get(&rq->x->request, STR("Accept-Language")),
                                     site->languages, site->n_languages, site->language);
}

static void choose_language(struct request *rq, struct str lang)
{
    rq->lang = lang.n ? lang : preferred_language(rq);
    rq->words = i18n_find(rq->web->o.i18n, rq->lang);
}

/* "/en/" is "/en" with a slash too many: the reader is led there, by an address made anew. */
static bool find_without_slash(struct request *rq)
{
    struct route_match m;
    struct str path = rq->path, rest, segment;
    if (path.n < 2 || path.p[path.n - 1] != '/' || rq->x->request.method == HTTP_POST)
        return false;
    path.n--;
    if (path.p[path.n - 1] == '/') /* one slash too many is a slip, two are not */
        return false;
    router_find(rq->web->router, HTTP_GET, path, &m);
    bool has_lang = m.route && str_begins(m.route->pattern, STR("/{lang}"));
    if (!m.route || (has_lang && routing_language(rq->web, m.args[0]).n == 0))
        return false;
    struct buf clean = buf_in(rq->arena, 4 * KiB);
    rest = str_from(path, 1);
    while (str_next(&rest, '/', &segment)) {
        buf_char(&clean, '/');
        buf_put(&clean, form_encode(rq->arena, segment));
    }
    if (!buf_ok(&clean))
        return false;
    rq->reply.status = 308;
    reply_redirect(&rq->reply, buf_str(&clean));
    return true;
}

static struct str allowed_methods(const struct route_match *m)
{
    if (m->allows[HTTP_GET])
        return m->allows[HTTP_POST] ? STR("GET, HEAD, POST") : STR("GET, HEAD");
    return STR("POST");
}

bool routing_find(struct request *rq)
{
    struct err *e = &rq->err;
    if (!form_decode_path(rq->arena, rq->x->request.path, &rq->path, e)) {
        choose_language(rq, STR_NONE);
        return err_set(e, ERR_MISSING, 0, "a path that cannot be decoded");
    }
    if (!utf8_is_valid(rq->path)) {
        choose_language(rq, STR_NONE);
        return err_set(e, ERR_MISSING, 0, "a path that is not UTF-8");
    }
    if (!routing_choose(rq))
        return false;
    read_query(rq);
    return true;
}

bool routing_choose(struct request *rq)
{
    struct route_match m = {0};
    struct err *e = &rq->err;
    router_find(rq->web->router, rq->x->request.method, rq->path, &m);
    bool has_lang = m.n_args > 0 && rq->path.n > 1 && m.args[0].p == rq->path.p + 1;
    struct str lang = has_lang ? routing_language(rq->web, m.args[0]) : STR_NONE;
    choose_language(rq, lang);
    bool is_known = m.allows[HTTP_GET] || m.allows[HTTP_POST];
    if (!is_known && find_without_slash(rq))
        return false;
    if (!is_known || (has_lang && lang.n == 0))
        return err_set(e, ERR_MISSING, 0, "no such address");
    if (!m.route) {
        reply_header(&rq->reply, STR("Allow"), allowed_methods(&m));
        rq->is_wrong_method = true;
        return err_set(e, ERR_INVALID, 0, "method not allowed");
    }
    rq->route = m.route;
    memcpy(rq->args, m.args, sizeof rq->args);
    return true;
}
