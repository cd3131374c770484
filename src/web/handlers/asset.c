/*
 * Files under addresses that never change: style sheets, scripts, pictures.
 */
#include "domain/articles.h"
#include "web/request.h"

bool asset_show(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct view_asset *asset = view_asset_find(rq->web->o.view, rq->args[1]);
    if (!asset || !str_eq(asset->hash, rq->args[0]))
        return err_set(e, ERR_MISSING, 0, "no such asset");
    rq->reply.type = asset->type;
    rq->reply.body = asset->content;
    return true;
}

static struct str picture_type(struct str extension)
{
    if (str_eq(extension, STR("png")))
        return STR("image/png");
    if (str_eq(extension, STR("webp")))
        return STR("image/webp");
    return STR("image/jpeg");
}

bool picture_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct hash hash = {0};
    struct str width, extension;
    struct picture_file file;
    int64_t pixels;
    if (!str_to_bytes(rq->args[0], hash.b, sizeof hash.b) ||
        !str_cut(rq->args[1], '.', &width, &extension) || !str_to_int64(width, 1, 100000, &pixels))
        return err_set(e, ERR_MISSING, 0, "no such picture");
    if (!picture_get(rq->web->o.domain, tx, hash, pixels, &file, e))
        return false;
    if (!str_eq(file.extension, extension))
        return err_set(e, ERR_MISSING, 0, "another format");
    rq->reply.type = picture_type(file.extension);
    rq->reply.body = file.bytes;
    return true;
}

bool robots_show(struct request *rq, UNUSED struct tx *tx, UNUSED struct err *e)
{
    rq->reply.type = STR("text/plain; charset=utf-8");
    rq->reply.body = arena_printf(rq->arena,
                                  "User-agent: *\n"
                                  "Disallow: /mod\n"
                                  "Sitemap: " STR_FMT "/sitemap.xml\n"
                                  "Sitemap: " STR_FMT "/news-sitemap.xml\n",
                                  STR_ARG(rq->web->origin), STR_ARG(rq->web->origin));
    return true;
}
