/*
 * Renders a page from JSON, to look at a theme without a server:
 *
 *     render_sample TEMPLATE DATA.json FOLDER [THEME]
 *
 * TEMPLATE is a file name of templates.def. DATA has the members data (the view struct) and say
 * (messages by their lower-case name; the rest stay English). "@NAME" in a text is replaced by
 * that asset's file name. Writes FOLDER/index.html and the assets.
 */
#include <stdio.h>

#include "fake_i18n.h"
#include "fill.h"
#include "view/view.h"

static const struct {
    struct str file;
    struct str view;
} templates[] = {
#define TEMPLATE(name, view, file) {STR_INIT(file), STR_INIT(#view)},
#include "view/templates.def"
#undef TEMPLATE
};

static void drop_json(json_t **j)
{
    json_decref(*j);
}

static void close_file(FILE **f)
{
    if (*f)
        (void)fclose(*f);
}

static bool write_file(struct arena *a, const char *folder, struct str name, struct str content)
{
    struct str path = arena_printf(a, "%s/" STR_FMT, folder, STR_ARG(name));
    ON_LEAVE(close_file) FILE *f = fopen(path.p, "we");

    return f && fwrite(content.p, 1, content.n, f) == content.n;
}

static void set_language(struct i18n_lang *l, const json_t *say)
{
    for (size_t i = 1; i < MESSAGES; i++) {
        const char *key = NULL;
        json_t *value = NULL;
        json_object_foreach((json_t *)(uintptr_t)say, key, value)
        {
            if (str_eq_nocase(str_of(key), str_of(fake_name((enum message)i))))
                l->texts[i] = str_of(json_string_value(value));
        }
    }
}

static bool find_template(struct str name, size_t *ret_i)
{
    for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
        if (str_eq(templates[i].file, name)) {
            *ret_i = i;
            return true;
        }
    }
    return false;
}

static bool render(struct arena *a, char **argv, const struct view *v, size_t t, struct err *e)
{
    json_error_t where = {0};
    ON_LEAVE(drop_json) json_t *in = json_load_file(argv[2], 0, &where);
    const void *data = NULL;
    struct i18n_lang *l = ARENA_NEW(a, struct i18n_lang);
    struct buf out = buf_in(a, 8 * MiB);
    size_t n = 0;

    if (!in)
        return err_set(e, ERR_INVALID, 0, "%s:%d: %s", argv[2], where.line, where.text);
    set_language(l, json_object_get(in, "say"));
    if (!fill_view(a, bind_view_find(templates[t].view), json_object_get(in, "data"), &data, e))
        return false;
    view_render(v, (enum view_template)t, l, data, &out);
    const struct view_asset *assets = view_assets(v, &n);
    for (size_t i = 0; i < n; i++)
        if (!write_file(a, argv[3], assets[i].name, assets[i].content))
            return err_set(e, ERR_BROKEN, 0, "%s: cannot write there", argv[3]);
    if (!buf_ok(&out) || !write_file(a, argv[3], STR("index.html"), buf_str(&out)))
        return err_set(e, ERR_BROKEN, 0, "%s: cannot write there", argv[3]);
    return true;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct view *v = NULL;
    size_t t = 0;

    if (argc < 4 || !find_template(str_of(argv[1]), &t)) {
        (void)fputs("usage: render_sample TEMPLATE DATA.json FOLDER [THEME]\n", stderr);
        return 2;
    }
    struct arena *a = arena_new(0);
    bool ok = view_open(str_of(argc > 4 ? argv[4] : NULL), &v, &e) && render(a, argv, v, t, &e);
    if (!ok)
        (void)fprintf(stderr, "%s\n", e.why);
    view_close(&v);
    arena_free(&a);
    return ok ? 0 : 1;
}
