/*
 * Our cookies. None of them is set before a person does something: posts, rates, reports, signs in,
 * chooses the console's language.
 */
#include "base/must.h"
#include "web/request.h"

#define SECRET_CHARS 64 /* hexadecimal */

/*
 * Browsers take the prefix __Host- only with Secure, and Secure only over https: on plain http (a
 * test, an onion service, a network of one's own) the names go without.
 */
static struct str cookie_name(const struct web *w, enum cookie which)
{
    switch (which) {
    case COOKIE_SESSION:
        return w->is_https ? STR("__Host-aitys-mod") : STR("aitys-mod");
    case COOKIE_EDIT_KEY:
        return w->is_https ? STR("__Host-aitys-key") : STR("aitys-key");
    case COOKIE_RATING:
        return w->is_https ? STR("__Host-aitys-rating") : STR("aitys-rating");
    case COOKIE_REPORT:
        return w->is_https ? STR("__Host-aitys-report") : STR("aitys-report");
    case COOKIE_LANGUAGE:
        return w->is_https ? STR("__Host-aitys-lang") : STR("aitys-lang");
    }
    return STR_NONE;
}

static struct str cookie_value(const struct request *rq, enum cookie which)
{
    return http_cookie_get(&rq->x->request, cookie_name(rq->web, which));
}

static struct str secret_cookie(const struct request *rq, enum cookie which)
{
    struct str value = cookie_value(rq, which);
    uint8_t bytes[SECRET_CHARS / 2];
    return value.n == SECRET_CHARS && str_to_bytes(value, bytes, sizeof bytes) ? value : STR_NONE;
}

struct str edit_key_print(struct arena *a, const struct edit_key *key)
{
    struct hash both;
    _Static_assert(sizeof both.b == sizeof key->commenter.b + sizeof key->secret,
                   "no more, no less");
    memcpy(both.b, key->commenter.b, sizeof key->commenter.b);
    memcpy(both.b + sizeof key->commenter.b, key->secret, sizeof key->secret);
    return hash_hex(a, both, SECRET_CHARS);
}

bool edit_key_parse(struct str value, struct edit_key *ret_key)
{
    struct hash both;
    if (!str_to_bytes(value, both.b, sizeof both.b))
        return false;
    memcpy(ret_key->commenter.b, both.b, sizeof ret_key->commenter.b);
    memcpy(ret_key->secret, both.b + sizeof ret_key->commenter.b, sizeof ret_key->secret);
    return true;
}

struct hash edit_key_hash(const struct edit_key *key)
{
    return hash_of((struct str){(const char *)key->secret, sizeof key->secret});
}

void cookies_read(struct request *rq)
{
    rq->cookies = (struct cookies){0};
    if (!http_header_get(&rq->x->request, STR("Cookie")).p)
        return;
    rq->cookies.session = secret_cookie(rq, COOKIE_SESSION);
    rq->cookies.edit_key = secret_cookie(rq, COOKIE_EDIT_KEY);
    rq->cookies.rating = secret_cookie(rq, COOKIE_RATING);
    rq->cookies.report = secret_cookie(rq, COOKIE_REPORT);
    rq->cookies.language = cookie_value(rq, COOKIE_LANGUAGE);
}

void reply_cookie(struct request *rq, enum cookie which, struct str value, int64_t max_age_s)
{
    struct buf b = buf_in(rq->arena, 400);
    buf_put(&b, cookie_name(rq->web, which));
    buf_char(&b, '=');
    buf_put(&b, value);
    if (max_age_s != 0)
        buf_printf(&b, "; Max-Age=%lld", (long long)(max_age_s > 0 ? max_age_s : 0));
    buf_printf(&b, "; Path=/; HttpOnly; SameSite=%s%s", which == COOKIE_SESSION ? "Strict" : "Lax",
               rq->web->is_https ? "; Secure" : "");
    MUST(buf_ok(&b));
    reply_header(&rq->reply, STR("Set-Cookie"), buf_str(&b));
}
