#include "web/address.h"

#include <inttypes.h>

struct str address_front(struct arena *a, struct str lang)
{
    return arena_printf(a, "/" STR_FMT, STR_ARG(lang));
}

struct str address_section(struct arena *a, struct str lang, struct str slug)
{
    return arena_printf(a, "/" STR_FMT "/section/" STR_FMT, STR_ARG(lang), STR_ARG(slug));
}

struct str address_author(struct arena *a, struct str lang, struct str key)
{
    struct str safe = form_encode(a, key);
    return arena_printf(a, "/" STR_FMT "/author/" STR_FMT, STR_ARG(lang), STR_ARG(safe));
}

struct str address_article(struct arena *a, struct str lang, struct str slug)
{
    return arena_printf(a, "/" STR_FMT "/" STR_FMT, STR_ARG(lang), STR_ARG(slug));
}

struct str address_standing(struct arena *a, struct str lang, struct str slug)
{
    return arena_printf(a, "/" STR_FMT "/page/" STR_FMT, STR_ARG(lang), STR_ARG(slug));
}

struct str address_comment(struct arena *a, struct str lang, struct str slug, int64_t number)
{
    return arena_printf(a, "/" STR_FMT "/" STR_FMT "/comments/%" PRId64 "#c%" PRId64, STR_ARG(lang),
                        STR_ARG(slug), number, number);
}

struct str address_comment_done(struct arena *a, struct str lang, struct str slug, int64_t number,
                                const char *what)
{
    return arena_printf(a, "/" STR_FMT "/" STR_FMT "/comments/%" PRId64 "?done=%s#c%" PRId64,
                        STR_ARG(lang), STR_ARG(slug), number, what, number);
}

struct str address_comment_do(struct arena *a, struct str lang, struct str slug, int64_t number,
                              const char *what)
{
    return arena_printf(a, "/" STR_FMT "/" STR_FMT "/comments/%" PRId64 "/%s", STR_ARG(lang),
                        STR_ARG(slug), number, what);
}

struct str address_asset(const struct request *rq, struct str name)
{
    const struct view_asset *asset = view_asset_find(rq->web->o.view, name);
    if (!asset)
        return STR_NONE;
    return arena_printf(rq->arena, "/assets/" STR_FMT "/" STR_FMT, STR_ARG(asset->hash),
                        STR_ARG(asset->name));
}

struct str address_mod(struct arena *a, struct comment_id id, const char *what)
{
    return arena_printf(a, "/mod/comments/%" PRId64 "%s%s", id.v, *what ? "/" : "", what);
}

struct str address_queue(struct arena *a, const struct queue_filter *filter)
{
    struct str query = queue_filter_print(a, filter);
    return query.n ? arena_printf(a, "/mod?" STR_FMT, STR_ARG(query)) : STR("/mod");
}

struct str address_commenter(struct arena *a, const struct commenter_id *id, const char *what)
{
    struct buf b = buf_in(a, 200);
    buf_put(&b, STR("/mod/commenters/"));
    buf_hex(&b, id->b, sizeof id->b);
    if (*what)
        buf_printf(&b, "/%s", what);
    return buf_str(&b);
}

struct str address_batch(struct arena *a, int64_t id, const char *what)
{
    return arena_printf(a, "/mod/batches/%" PRId64 "%s%s", id, *what ? "/" : "", what);
}

struct str address_campaign(struct arena *a, struct comment_id id, const char *what)
{
    return arena_printf(a, "/mod/campaigns/%" PRId64 "%s%s", id.v, *what ? "/" : "", what);
}

struct str address_conversation(struct arena *a, struct thread_id id)
{
    return arena_printf(a, "/mod/conversations/%" PRId64, id.v);
}

struct str address_absolute(const struct request *rq, struct str path)
{
    return arena_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(rq->web->origin), STR_ARG(path));
}

struct str address_with(struct arena *a, struct str base, const char *name, struct str value)
{
    if (value.n == 0)
        return base;
    struct str safe = form_encode(a, value);
    return arena_printf(a, STR_FMT "%c%s=" STR_FMT, STR_ARG(base),
                        str_find_char(base, '?') < 0 ? '?' : '&', name, STR_ARG(safe));
}

bool address_is_mod(struct str text)
{
    if (!str_begins(text, STR("/mod")) || text.n > ADDRESS_NEXT_BYTES)
        return false;
    if (text.n > 4 && text.p[4] != '/' && text.p[4] != '?')
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain && !strchr("/?=&-_.%", c))
            return false;
    }
    return str_find(text, STR("//")) < 0;
}

struct str address_way_back(struct str next)
{
    return address_is_mod(next) ? next : STR("/mod");
}
