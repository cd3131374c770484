#include "web/gate.h"

#include "domain/comments.h"
#include "web/address.h"

static bool is_given(struct str header)
{
    return header.p != NULL;
}

/*
 * Where does a changing request come from? Browsers of today say Sec-Fetch-Site; "none" is the
 * reader's own doing. Origin is "null" on our own forms, because our pages send no referrer: it is
 * believed where Sec-Fetch-Site agrees, and where there is none the token decides.
 */
static bool comes_from_here(const struct request *rq)
{
    struct str site = http_header_get(&rq->x->request, STR("Sec-Fetch-Site"));
    struct str origin = http_header_get(&rq->x->request, STR("Origin"));
    if (is_given(site) && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return false;
    if (!is_given(origin) || str_eq(origin, STR("null")))
        return true;
    return str_eq_nocase(origin, rq->web->origin);
}

static enum token_purpose purpose_of(enum csrf csrf)
{
    switch (csrf) {
    case CSRF_RATING:
        return TOKEN_RATING;
    case CSRF_REPORT:
        return TOKEN_REPORT;
    case CSRF_OWN:
        return TOKEN_OWN;
    case CSRF_SESSION:
        return TOKEN_SESSION;
    case CSRF_SIGN_IN:
        return TOKEN_SIGN_IN;
    case CSRF_PASSKEY:
        return TOKEN_PASSKEY;
    case CSRF_PASSKEY_NEW:
        return TOKEN_PASSKEY_NEW;
    case CSRF_NONE:
    case CSRF_COMMENT:
        break;
    }
    return TOKEN_COMMENT;
}

/* What a token is bound to besides its purpose: pages of one article are one subject. */
static struct str subject_of(const struct request *rq, enum csrf csrf)
{
    switch (csrf) {
    case CSRF_COMMENT:
    case CSRF_RATING:
    case CSRF_REPORT:
        return address_article(rq->arena, rq->args[0], rq->args[1]);
    case CSRF_OWN:
        return arena_printf(rq->arena, STR_FMT "/" STR_FMT "/" STR_FMT " " STR_FMT,
                            STR_ARG(rq->args[0]), STR_ARG(rq->args[1]), STR_ARG(rq->args[2]),
                            STR_ARG(rq->cookies.edit_key));
    case CSRF_SESSION:
    case CSRF_PASSKEY_NEW:
        return rq->cookies.session;
    case CSRF_NONE:
    case CSRF_SIGN_IN:
    case CSRF_PASSKEY:
        break;
    }
    return STR_NONE;
}

struct str gate_token(struct request *rq, enum csrf csrf)
{
    return token_make(rq->arena, rq->web->token_key, purpose_of(csrf), subject_of(rq, csrf),
                      rq->now_s);
}

struct str gate_started(struct request *rq)
{
    return token_make(rq->arena, rq->web->token_key, TOKEN_STARTED, subject_of(rq, CSRF_COMMENT),
                      rq->now_s);
}

static bool read_pairs(struct request *rq, struct form *ret_pairs, struct err *e)
{
    const struct http_request *http = &rq->x->request;
    struct str type = http_header_get(http, STR("Content-Type"));
    if (str_eq_nocase(str_head(type, 19), STR("multipart/form-data")))
        return form_parse_multipart(rq->arena, type, http->body, FORM_PAIRS_MAX, ret_pairs, e);
    if (str_eq_nocase(str_head(type, 33), STR("application/x-www-form-urlencoded")))
        return form_parse(rq->arena, http->body, FORM_PAIRS_MAX, ret_pairs, e);
    if (http->body.n == 0) {
        *ret_pairs = (struct form){0};
        return true;
    }
    return err_set(e, ERR_INVALID, 0, "a form of another content type");
}

struct bucket_rate gate_rate(const struct settings *s, enum rate class)
{
    switch (class) {
    case RATE_COMMENT:
        return (struct bucket_rate){s->comments_burst, s->comments_per_hour};
    case RATE_PREVIEW:
        return (struct bucket_rate){60, 1200};
    case RATE_OWN:
        return (struct bucket_rate){30, 120};
    case RATE_RATING:
        return (struct bucket_rate){s->ratings_per_hour, s->ratings_per_hour};
    case RATE_REPORT:
        return (struct bucket_rate){s->reports_per_hour, s->reports_per_hour};
    case RATE_SIGN_IN:
        return (struct bucket_rate){s->moderation_sign_ins_per_hour,
                                    s->moderation_sign_ins_per_hour};
    case RATE_CODE: /* accounts count their wrong codes themselves */
        return (struct bucket_rate){2 * s->moderation_sign_ins_per_hour,
                                    2 * s->moderation_sign_ins_per_hour};
    case RATE_NAME:
        return (struct bucket_rate){5 * s->moderation_sign_ins_per_hour,
                                    5 * s->moderation_sign_ins_per_hour};
    case RATE_NONE:
    case RATES:
        break;
    }
    return (struct bucket_rate){1, 1};
}

static bool count(struct request *rq, enum rate class, struct str who, struct err *e)
{
    if (bucket_take(rq->web->buckets, (int)class, who, gate_rate(rq->web->o.settings, class),
                    clock_ticks_ms(rq->web->o.clock), &rq->retry_s))
        return true;
    return err_set(e, ERR_TOO_MANY, 0, "rate of %s", rq->route->name);
}

/* A peer whose network is unknown (a socket file without a proxy's word) cannot be counted. */
static bool take_rate(struct request *rq, struct err *e)
{
    const struct http_network *net = &rq->x->request.network;
    return rq->route->rate == RATE_NONE || net->n == 0 ||
           count(rq, rq->route->rate, (struct str){(const char *)net->bytes, net->n}, e);
}

bool gate_count_name(struct request *rq, struct str name, struct err *e)
{
    struct hash h = hash_of(name);
    return count(rq, RATE_NAME, (struct str){(const char *)h.b, sizeof h.b}, e);
}

bool gate_open(struct request *rq, struct err *e)
{
    const struct route *route = rq->route;
    struct form pairs;
    if (!comes_from_here(rq)) {
        rq->is_foreign = true;
        return err_set(e, ERR_DENIED, T_FORM_FOREIGN, "from another site");
    }
    if (!read_pairs(rq, &pairs, e))
        return false;
    rq->form = arena_take(rq->arena, route->form->bytes);
    bool is_good = form_read(route->form, &pairs, rq->form, &rq->faults);
    if (!token_check(rq->web->token_key, purpose_of(route->csrf), subject_of(rq, route->csrf),
                     form_get(&pairs, STR("token")), rq->now_s, &rq->token)) {
        if (route->least > ACCESS_READER && rq->cookies.session.n == 0)
            return err_set(e, ERR_SIGN_IN, 0, "the session has ended");
        return err_set(e, ERR_DENIED, T_FORM_EXPIRED, "no token, or an old or foreign one");
    }
    if (!is_good)
        return err_set(e, ERR_INVALID, 0, "a field of %s", route->form->name);
    return take_rate(rq, e);
}

static struct hash cookie_hash(struct str value)
{
    return hash_of(value);
}

/* The guest whose edit key came along. */
static bool guest_find(struct request *rq, struct tx *tx, struct err *e)
{
    struct edit_key key;
    if (!edit_key_parse(rq->cookies.edit_key, &key))
        return true;
    struct actor *actor = &rq->actor;
    if (!commenter_find(rq->web->o.domain, tx, &key.commenter, edit_key_hash(&key),
                        &actor->has_commenter, e))
        return false;
    if (actor->has_commenter)
        actor->commenter = key.commenter;
    return true;
}

/* What the rest of the transaction may run: even a wrong handler reaches no more. */
static enum db_role db_role_of(enum access access)
{
    static const enum db_role roles[ACCESSES] = {
        [ACCESS_READER] = DB_READER,
        [ACCESS_PENDING] = DB_READER,
        [ACCESS_ACCOUNT] = DB_MODERATOR,
        [ACCESS_MODERATOR] = DB_MODERATOR,
        [ACCESS_SENIOR] = DB_SENIOR,
        [ACCESS_EDITOR] = DB_EDITOR,
        [ACCESS_ADMINISTRATOR] = DB_ADMINISTRATOR,
    };
    return (unsigned)access < ACCESSES ? roles[access] : DB_READER;
}

static bool identify_moderator(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct actor *actor = &rq->actor;
    bool found = false;
    if (rq->cookies.session.n &&
        !session_find(d, tx, cookie_hash(rq->cookies.session), &rq->session, &found, e))
        return false;
    if (!found)
        return true;
    actor->access = session_access(d, &rq->session);
    actor->moderator = rq->session.moderator;
    actor->role = actor->access >= ACCESS_MODERATOR ? actor->moderator.role : ROLE_READER;
    return true;
}

bool gate_identify(struct request *rq, struct tx *tx, struct err *e)
{
    struct actor *actor = &rq->actor;
    *actor = (struct actor){0};
    if (!identify_moderator(rq, tx, e) || !guest_find(rq, tx, e))
        return false;
    if (actor->access >= rq->route->least) {
        /* The operator's own address may count what waits. */
        bool is_operator = rq->x->request.operator_address && actor->role < ROLE_MODERATOR;
        tx_limit_to(tx, is_operator ? DB_MODERATOR : db_role_of(actor->access));
        return true;
    }
    if (actor->access < ACCESS_MODERATOR)
        return err_set(e, ERR_SIGN_IN, 0, "access %d of %d", (int)actor->access,
                       (int)rq->route->least);
    return err_set(e, ERR_DENIED, 0, "access %d of %d", (int)actor->access, (int)rq->route->least);
}

struct gated {
    struct request *rq;
    db_work *work;
    void *context;
};

static bool gated_work(struct tx *tx, void *context, struct err *e)
{
    struct gated *g = context;
    tx_changes(tx, NULL, 0); /* no page that is kept shows it */
    return gate_identify(g->rq, tx, e) && g->work(tx, g->context, e);
}

bool gate_read(struct request *rq, db_work *work, void *context, struct err *e)
{
    struct gated g = {rq, work, context};
    return db_read(rq->web->o.db, rq->arena, gated_work, &g, e);
}

bool gate_read_aside(struct request *rq, struct arena *aside, db_work *work, void *context,
                     struct err *e)
{
    struct gated g = {rq, work, context};
    const struct actor before = rq->actor; /* of an arena that stays */
    bool good = db_read(rq->web->o.db, aside, gated_work, &g, e);
    rq->actor = before;
    return good;
}

bool gate_write(struct request *rq, db_work *work, void *context, struct err *e)
{
    struct gated g = {rq, work, context};
    return db_write_now(rq->web->o.db, rq->arena, gated_work, &g, e);
}

bool gate_is_shareable(const struct request *rq)
{
    switch (rq->route->cache) {
    case CACHE_FILE:
        return true;
    case CACHE_PAGE:
        return rq->cookies.session.n == 0;
    case CACHE_TALK:
        return rq->cookies.session.n == 0 && rq->cookies.edit_key.n == 0 &&
               rq->cookies.rating.n == 0;
    case CACHE_NONE:
        break;
    }
    return false;
}
