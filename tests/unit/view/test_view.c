/*
 * Templates bound to view structs: escaping, names, the theme's folder, assets.
 */
#include "tests/lib/unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_i18n.h"
#include "fill.h"
#include "view/model.h"
#include "view/view.h"

#define EVIL "<script>\"'&"
#define EVIL_HTML "&lt;script&gt;&quot;&#39;&amp;"

static const struct {
    const char *view;
    const char *file;
} templates[] = {
#define TEMPLATE(name, view, file) {#view, file},
#include "view/templates.def"
#undef TEMPLATE
};

/* Renders a template of one view through the binding; fails when it does not parse. */
static struct str render(struct arena *a, const struct bind_view *v, const void *data,
                         const char *template, bool is_xml)
{
    struct model_parse parse = {.is_xml = is_xml};
    struct mustache_model m = {.resolve = model_resolve, .user = &parse};
    struct mustache_model r = {
        .get = model_get, .escape = is_xml ? escape_xml : escape_html, .user = &fake_english};
    struct mustache t = {0};
    struct err e = {0};
    struct buf out = buf_in(a, 64 * KiB);

    if (!mustache_parse(a, &m, (struct mustache_file){STR("t"), str_of(template)}, v, &t, &e))
        fail_msg("%s in %s: %s", template, v->name, e.why);
    mustache_render(&t, &r, data, &out);
    return buf_str(&out);
}

static void refused(const struct bind_view *v, const char *template, const char *why, bool is_xml)
{
    struct arena *a = arena_new(0);
    struct model_parse parse = {.is_xml = is_xml};
    struct mustache_model m = {.resolve = model_resolve, .user = &parse};
    struct mustache t = {0};
    struct err e = {0};

    if (mustache_parse(a, &m, (struct mustache_file){STR("a.mustache"), str_of(template)}, v, &t,
                       &e))
        fail_msg("\"%s\" was accepted", template);
    assert_str(str_of(e.why), why);
    arena_free(&a);
}

/* Every TEXT of every view is escaped, in HTML and in XML; every HTML arrives as it is. */
static void members_are_written_by_their_kind(void **state)
{
    size_t n_views = 0;
    const struct bind_view *const *views = bind_views(&n_views);
    struct arena *a = arena_new(0);

    (void)state;
    assert_true(n_views > 30);
    for (size_t i = 0; i < n_views; i++) {
        const void *data = fill_all(a, views[i], STR(EVIL), STR("<i>ok</i>"), 1);
        for (size_t j = 0; j < views[i]->n_members; j++) {
            const struct bind_member *m = &views[i]->members[j];
            const char *tag = arena_printf(a, "{{%s}}", m->name).p;
            const char *raw = arena_printf(a, "{{{%s}}}", m->name).p;
            struct str why = arena_printf(a, "a.mustache:1: text can never be raw: %s", m->name);
            if (m->kind == BIND_TEXT) {
                assert_str(render(a, views[i], data, tag, false), EVIL_HTML);
                assert_str(render(a, views[i], data, tag, true), EVIL_HTML);
                refused(views[i], raw, why.p, false);
            } else if (m->kind == BIND_HTML) {
                assert_str(render(a, views[i], data, tag, false), "<i>ok</i>");
                assert_str(render(a, views[i], data, raw, false), "<i>ok</i>");
            } else if (m->kind == BIND_NUMBER) {
                assert_str(render(a, views[i], data, tag, false), "1");
            }
        }
    }
    arena_free(&a);
}

/* The built-in theme, filled with markup everywhere, lets none of it through. */
static void pages_escape_all_text(void **state)
{
    struct arena *a = arena_new(0);
    struct err e = {0};
    struct view *v = NULL;

    (void)state;
    if (!view_open(STR_NONE, &v, &e))
        fail_msg("%s", e.why);
    for (size_t i = 0; i < TEMPLATES; i++) {
        const struct bind_view *view = bind_view_find(str_of(templates[i].view));
        const void *data = fill_all(a, view, STR(EVIL), STR("<i>ok</i>"), 4);
        struct buf out = buf_in(a, 4 * MiB);
        view_render(v, (enum view_template)i, &fake_english, data, &out);
        assert_true(buf_ok(&out));
        assert_int_equal(str_find(buf_str(&out), STR("<script>")), -1);
        assert_int_equal(str_find(buf_str(&out), STR("\"'")), -1);
        assert_true(str_find(buf_str(&out), STR(EVIL_HTML)) > 0);
    }
    view_close(&v);
    arena_free(&a);
}

/* A page whose optional parts are all absent still renders. */
static void pages_render_empty_views(void **state)
{
    struct arena *a = arena_new(0);
    struct err e = {0};
    struct view *v = NULL;

    (void)state;
    assert_true(view_open(STR_NONE, &v, &e));
    for (size_t i = 0; i < TEMPLATES; i++) {
        const struct bind_view *view = bind_view_find(str_of(templates[i].view));
        struct buf out = buf_in(a, MiB);
        view_render(v, (enum view_template)i, &fake_english, arena_take(a, view->bytes), &out);
        assert_true(buf_ok(&out));
    }
    view_close(&v);
    arena_free(&a);
}

static void names_are_checked(void **state)
{
    const struct bind_view *page = bind_view_find(STR("article_page"));

    (void)state;
    refused(page, "a\n{{headlines}}", "a.mustache:2: unknown name: headlines", false);
    refused(page, "{{#nothing}}{{/nothing}}", "a.mustache:1: unknown name: nothing", false);
    refused(page, "{{section.title}}", "a.mustache:1: unknown name: section.title", false);
    refused(page, "{{headline.n}}", "a.mustache:1: there is nothing behind this dot: headline.n",
            false);
    refused(page, "{{.}}", "a.mustache:1: unknown name: .", false);
    refused(page, "{{blocks}}", "a.mustache:1: this can only be a section: blocks", false);
    refused(page, "{{is_draft}}", "a.mustache:1: this can only be a section: is_draft", false);
    refused(page, "{{has_blocks}}", "a.mustache:1: this can only be a section: has_blocks", false);
    refused(page, "{{has_headline}}", "a.mustache:1: unknown name: has_headline", false);
    refused(page, "{{t.no_such}}", "a.mustache:1: there is no message: t.no_such", false);
    refused(page, "{{t.comment_count}}",
            "a.mustache:1: the message needs arguments: t.comment_count", false);
    refused(page, "{{#t.feed}}{{/t.feed}}", "a.mustache:1: a message is no section: t.feed", false);
    refused(page, "{{#blocks}}{{html}}{{/blocks}}", "a.mustache:1: markup cannot go into XML: html",
            true);
}

/* Names are found outward through the views that enclose the place, the nearest first. */
static void look_up_goes_outward(void **state)
{
    struct arena *a = arena_new(0);
    struct section_link links[] = {{.name = STR("One"), .address = STR("/1"), .is_current = true},
                                   {.name = STR("Two"), .address = STR("/2")}};
    struct site_bar bar = {.site_name = STR("Site"), .sections = links, .n_sections = 2};
    struct article_page page = {
        .bar = &bar, .headline = STR("News"), .address = STR("/a"), .section = &links[1]};
    const struct bind_view *v = bind_view_find(STR("article_page"));

    (void)state;
    assert_str(render(a, v, &page,
                      "{{#bar}}{{#sections}}{{name}}{{#is_current}}!{{/is_current}} {{address}} "
                      "{{site_name}} {{headline}};{{/sections}}{{/bar}}",
                      false),
               "One! /1 Site News;Two /2 Site News;");
    assert_str(render(a, v, &page, "{{section.name}}{{bar.site_name}}{{rating.action}}", false),
               "TwoSite");
    assert_str(render(a, v, &page,
                      "{{#bar}}{{#has_sections}}({{site_name}}){{/has_sections}}{{/bar}}", false),
               "(Site)");
    assert_str(
        render(a, v, &page, "{{^rating}}none{{/rating}}{{^has_blocks}}-{{/has_blocks}}", false),
        "none-");
    assert_str(render(a, v, &page, "{{#section}}{{t.rating_question}}{{/section}}", false),
               "Do you like this article?");
    arena_free(&a);
}

static void write_theme(struct arena *a, const char *dir, const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(a, "%s/%s", dir, name).p, "we");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) < 0, 0);
    assert_int_equal(fclose(f), 0);
}

static void remove_theme(struct arena *a, const char *dir)
{
    static const char *const names[] = {
        "error.mustache", "theme.css",           "logo.svg",
        "notes.txt",      "parts/foot.mustache", "parts/own.mustache"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        (void)unlink(arena_printf(a, "%s/%s", dir, names[i]).p);
    (void)rmdir(arena_printf(a, "%s/parts", dir).p);
    assert_int_equal(rmdir(dir), 0);
}

/* A theme's folder replaces single files, adds partials and assets; the rest stays built in. */
static void a_folder_replaces_files(void **state)
{
    struct arena *a = arena_new(0);
    char dir[] = "/tmp/aitys-theme-XXXXXX";
    struct err e = {0};
    struct view *v = NULL;
    struct buf out = buf_in(a, MiB);
    const struct error_page page = {.status = 404, .title = STR("Gone & lost")};

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(mkdir(arena_printf(a, "%s/parts", dir).p, 0700), 0);
    write_theme(a, dir, "error.mustache", "{{status}} {{title}}{{>own}}{{>foot}}");
    write_theme(a, dir, "parts/own.mustache", " own");
    write_theme(a, dir, "parts/foot.mustache", " foot");
    write_theme(a, dir, "theme.css", "p{}");
    write_theme(a, dir, "logo.svg", "<svg/>");
    write_theme(a, dir, "notes.txt", "not served");
    if (!view_open(str_of(dir), &v, &e))
        fail_msg("%s", e.why);
    view_render(v, TEMPLATE_ERROR, &fake_english, &page, &out);
    assert_str(buf_str(&out), "404 Gone &amp; lost own foot");
    assert_str(view_asset_find(v, STR("theme.css"))->content, "p{}");
    assert_str(view_asset_find(v, STR("logo.svg"))->type, "image/svg+xml");
    assert_non_null(view_asset_find(v, STR("reader.js")));
    assert_null(view_asset_find(v, STR("notes.txt")));
    assert_null(view_asset_find(v, STR("error.mustache")));
    view_close(&v);

    write_theme(a, dir, "error.mustache", "\n\n{{titel}}");
    assert_false(view_open(str_of(dir), &v, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_str(str_of(e.why), arena_printf(a, "%s/error.mustache:3: unknown name: titel", dir).p);
    write_theme(a, dir, "error.mustache", "{{>../error}}");
    assert_false(view_open(str_of(dir), &v, &e));
    assert_str(str_of(e.why),
               arena_printf(a, "%s/error.mustache:1: there is no partial ../error", dir).p);
    remove_theme(a, dir);
    assert_false(view_open(str_of(dir), &v, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    arena_free(&a);
}

static void assets_have_types_and_hashes(void **state)
{
    struct err e = {0};
    struct view *v = NULL;
    size_t n = 0;

    (void)state;
    assert_true(view_open(STR_NONE, &v, &e));
    const struct view_asset *assets = view_assets(v, &n);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(assets[i].hash.n, 12);
        assert_true(assets[i].content.n > 0);
        assert_true(view_asset_find(v, assets[i].name) == &assets[i]);
    }
    assert_str(view_asset_find(v, STR("theme.css"))->type, "text/css; charset=utf-8");
    assert_str(view_asset_find(v, STR("reader.js"))->type, "text/javascript; charset=utf-8");
    assert_non_null(view_asset_find(v, STR("passkey.js")));
    assert_non_null(view_asset_find(v, STR("console.js")));
    assert_non_null(view_asset_find(v, STR("console.css")));
    assert_null(view_asset_find(v, STR("../theme.css")));
    view_close(&v);
    view_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_written_by_their_kind),
        cmocka_unit_test(pages_escape_all_text),
        cmocka_unit_test(pages_render_empty_views),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(look_up_goes_outward),
        cmocka_unit_test(a_folder_replaces_files),
        cmocka_unit_test(assets_have_types_and_hashes),
    };
    return RUN_TESTS(tests);
}
