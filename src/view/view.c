#include "view/view.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/must.h"
#include "view/model.h"
#include "view/mustache.h"
#include "view/theme.h"

#define ASSETS_MAX 64
#define ASSET_BYTES MiB
#define ASSET_HASH_CHARS 12
#define NAME_BYTES 60

static const struct {
    struct str file;
    struct str view;
} templates[] = {
#define TEMPLATE(name, view, file) {STR_INIT(file), STR_INIT(#view)},
#include "view/templates.def"
#undef TEMPLATE
};

/* What is served as it is, by the ending of its name. */
static const struct {
    struct str ending;
    struct str type;
} types[] = {
    {STR_INIT(".css"), STR_INIT("text/css; charset=utf-8")},
    {STR_INIT(".js"), STR_INIT("text/javascript; charset=utf-8")},
    {STR_INIT(".svg"), STR_INIT("image/svg+xml")},
    {STR_INIT(".png"), STR_INIT("image/png")},
    {STR_INIT(".webp"), STR_INIT("image/webp")},
    {STR_INIT(".woff2"), STR_INIT("font/woff2")},
};

struct view {
    struct arena *arena;
    struct mustache templates[TEMPLATES];
    bool is_xml[TEMPLATES];
    struct view_asset assets[ASSETS_MAX];
    size_t n_assets;
};

/* Names of files that may be asked for: small letters, digits, hyphens and, for assets, dots. */
static bool name_is_plain(struct str name, bool may_have_dots)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool is_letter = c >= 'a' && c <= 'z';
        bool is_digit = c >= '0' && c <= '9';
        bool is_dot = may_have_dots && c == '.' && i > 0;
        if (!is_letter && !is_digit && c != '-' && !is_dot)
            return false;
    }
    return name.n > 0 && name.n <= NAME_BYTES;
}

static bool find_partial(const struct mustache_model *m, struct str name,
                         struct mustache_file *ret_file)
{
    const struct model_parse *parse = m->user;
    const struct theme *t = parse->partials;
    struct err e = {0};

    if (!name_is_plain(name, false))
        return false;
    struct str file = arena_printf(t->arena, "parts/" STR_FMT ".mustache", STR_ARG(name));
    return theme_get(t, file, MUSTACHE_BYTES, &ret_file->name, &ret_file->text, &e);
}

static bool parse_template(struct view *v, const struct theme *t, struct mustache_names *names,
                           size_t i, struct err *e)
{
    struct mustache_file file = {0};
    bool is_xml = !str_ends(templates[i].file, STR(".mustache"));
    struct model_parse parse = {.is_xml = is_xml, .partials = t};
    struct mustache_model m = {
        .resolve = model_resolve, .partial = find_partial, .names = names, .user = &parse};
    const struct bind_view *root = bind_view_find(templates[i].view);

    MUST(root);
    v->is_xml[i] = is_xml;
    if (!theme_get(t, templates[i].file, MUSTACHE_BYTES, &file.name, &file.text, e))
        return false;
    return mustache_parse(v->arena, &m, file, root, &v->templates[i], e);
}

static bool load_templates(struct view *v, const struct theme *t, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    struct mustache_names *names = ARENA_NEW(scratch, struct mustache_names);

    for (size_t i = 0; i < TEMPLATES; i++)
        if (!parse_template(v, t, names, i, e))
            return false;
    return true;
}

static bool add_asset(struct view *v, const struct theme *t, struct str name, struct err *e)
{
    struct str file = STR_NONE;
    struct view_asset asset = {.name = name};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_ends(name, types[i].ending))
            asset.type = types[i].type;
    if (asset.type.n == 0 || !name_is_plain(name, true) || v->n_assets == ASSETS_MAX)
        return true;
    if (!theme_get(t, name, ASSET_BYTES, &file, &asset.content, e))
        return false;
    asset.hash = hash_hex(v->arena, hash_of(asset.content), ASSET_HASH_CHARS);
    v->assets[v->n_assets++] = asset;
    return true;
}

static bool load(struct view *v, const struct theme *t, struct err *e)
{
    struct str names[2 * ASSETS_MAX];

    if (!theme_check(t, e) || !load_templates(v, t, e))
        return false;
    size_t n = theme_list(t, names, ARRAY_LEN(names));
    for (size_t i = 0; i < n; i++)
        if (!add_asset(v, t, names[i], e))
            return false;
    return true;
}

bool view_open(struct str theme_dir, struct view **ret_view, struct err *e)
{
    struct arena *a = arena_new(64 * KiB);
    struct view *v = ARENA_NEW(a, struct view);
    struct theme t = {.arena = a, .dir = arena_copy(a, theme_dir)};

    v->arena = a;
    if (!load(v, &t, e)) {
        view_close(&v);
        return false;
    }
    *ret_view = v;
    return true;
}

void view_close(struct view **v)
{
    if (!*v)
        return;
    struct arena *a = (*v)->arena;
    *v = NULL;
    arena_free(&a);
}

void view_render(const struct view *v, enum view_template t, const struct i18n_lang *lang,
                 const void *data, struct buf *out)
{
    struct mustache_model m = {
        .get = model_get, .escape = v->is_xml[t] ? escape_xml : escape_html, .user = lang};

    mustache_render(&v->templates[t], &m, data, out);
}

const struct view_asset *view_asset_find(const struct view *v, struct str name)
{
    for (size_t i = 0; i < v->n_assets; i++)
        if (str_eq(v->assets[i].name, name))
            return &v->assets[i];
    return NULL;
}

const struct view_asset *view_assets(const struct view *v, size_t *ret_n)
{
    *ret_n = v->n_assets;
    return v->assets;
}
