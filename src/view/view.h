/*
 * Structs to pages: templates (Mustache) bound to view structs by bind.def. Templates are parsed
 * once at start, from the binary or from a theme's folder. Never sees the store.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "i18n/i18n.h"
#include "view/bind.h"

/* The templates a page can be made from, each with the view struct it takes: templates.def. */
enum view_template {
#define TEMPLATE(name, view, file) TEMPLATE_##name,
#include "view/templates.def"
#undef TEMPLATE
    TEMPLATES
};

struct view;

/*
 * Parses all templates. theme_dir: a folder whose files replace the built-in ones; empty: none.
 * Errors  ERR_INVALID with "file:line: why": an unknown name, an unclosed section, a partial that
 *         does not exist or includes itself; ERR_BROKEN
 */
MUST_USE bool view_open(struct str theme_dir, struct view **ret_view, struct err *e);
void view_close(struct view **v);

/*
 * Renders a template from its view struct (of exactly the type templates.def names) in a language.
 * {{t.NAME}} is that language's message. Appends to out; check buf_ok at the end.
 */
void view_render(const struct view *v, enum view_template t, const struct i18n_lang *lang,
                 const void *data, struct buf *out);

/* A file of the theme that is served as it is ("theme.css", "reader.js"): content and its hash. */
struct view_asset {
    struct str name; /* "theme.css" */
    struct str type; /* "text/css; charset=utf-8" */
    struct str content;
    struct str hash; /* 12 hexadecimal characters: part of its address, immutable */
};
const struct view_asset *view_asset_find(const struct view *v, struct str name);
const struct view_asset *view_assets(const struct view *v, size_t *ret_n);
