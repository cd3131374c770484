/*
 * Tokens of forms and our cookies from noise. A token is good as it was made and no other way, for
 * its purpose, subject and time alone; a cookie is taken from its own name, whole, or not at all.
 * With AITYS_PLANTED_FAULT two tokens are believed to differ when their bytes do (digits may be of
 * either case); the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "web/request.h"

#define NOW_S INT64_C(1780000000)

static const struct hash key = {{1, 2, 3}};

static bool check(struct str subject, struct str text, int64_t now_s)
{
    struct token token;
    bool is_good = token_check(key, TOKEN_OWN, subject, text, now_s, &token);
    MUST(!is_good || token.issued_s == NOW_S);
    return is_good;
}

/* The first bytes turn over bits of a good token; what follows is a subject. */
static void check_token(struct arena *a, struct str noise)
{
    struct str made = token_make(a, key, TOKEN_OWN, str_from(noise, TOKEN_CHARS), NOW_S);
    struct str subject = str_from(noise, TOKEN_CHARS);
    char bent[TOKEN_CHARS];
    bool is_same = true;
    for (size_t i = 0; i < TOKEN_CHARS; i++) {
        bent[i] = (char)(made.p[i] ^ (i < noise.n ? noise.p[i] : 0));
        is_same = is_same && bent[i] == made.p[i];
    }
    struct str text = {bent, sizeof bent};
#ifdef AITYS_PLANTED_FAULT
    MUST(check(subject, text, NOW_S) == is_same);
#endif
    MUST(check(subject, text, NOW_S) == str_eq_nocase(text, made));
    MUST(check(subject, made, NOW_S) && check(subject, made, NOW_S + TOKEN_VALID_S));
    MUST(!check(subject, made, NOW_S + TOKEN_VALID_S + 1) && !check(subject, made, NOW_S - 3600));
    MUST(!check(arena_printf(a, STR_FMT "x", STR_ARG(subject)), made, NOW_S));
    MUST(!token_check(key, TOKEN_SESSION, subject, made, NOW_S, NULL));
    MUST(!check(subject, noise, NOW_S)); /* nobody guesses one */
}

/* It stands in the header behind its name and "=". */
static void check_cookie(struct arena *a, struct str header, const char *name, struct str value)
{
    uint8_t bytes[32];
    if (value.n == 0)
        return;
    MUST(str_to_bytes(value, bytes, sizeof bytes));
    MUST(str_find(header, arena_printf(a, "%s=" STR_FMT, name, STR_ARG(value))) >= 0);
}

static void check_cookies(struct arena *a, struct str header, bool is_https)
{
    struct web web = {.is_https = is_https};
    const struct http_header headers[] = {{STR("Cookie"), header}};
    struct http_exchange x = {.arena = a, .request = {.headers = headers, .n_headers = 1}};
    struct request rq = {.web = &web, .x = &x, .arena = a};
    cookies_read(&rq);
    const char *prefix = is_https ? "__Host-aitys" : "aitys";
    check_cookie(a, header, arena_printf(a, "%s-mod", prefix).p, rq.cookies.session);
    check_cookie(a, header, arena_printf(a, "%s-key", prefix).p, rq.cookies.edit_key);
    check_cookie(a, header, arena_printf(a, "%s-rating", prefix).p, rq.cookies.rating);
    check_cookie(a, header, arena_printf(a, "%s-report", prefix).p, rq.cookies.report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str noise = {(const char *)data, n};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    check_token(a, noise);
    check_cookies(a, noise, true);
    check_cookies(a, noise, false);
    return 0;
}
