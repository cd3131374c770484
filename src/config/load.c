/*
 * Settings from their file and from the environment.
 */
#include <errno.h>

#include "base/must.h"
#include "config/check.h"
#include "config/file.h"
#include "config/near.h"
#include "config/settings.h"
#include "config/value.h"
#include "config/yaml.h"

#define FILE_BYTES_MAX (1 * MiB)
#define ENVIRONMENT_PREFIX "AITYS_"

struct loading {
    struct arena *arena;
    struct str path;
    struct settings *settings;
    struct settings_report *report;
    const struct setting_about *rows;
    size_t n_rows;
    const struct yaml_node **nodes; /* a row's value in the file; NULL: it is not there */
};

static void *place_of(const struct loading *l, size_t row)
{
    return (char *)l->settings + l->rows[row].offset;
}

static void wrong(struct loading *l, size_t line, struct str name, struct str what)
{
    fault_add(&l->report->faults, l->path, line, STR_FMT ": " STR_FMT, STR_ARG(name),
              STR_ARG(what));
}

static void take_list(struct loading *l, size_t row, const struct yaml_node *node)
{
    struct str name = str_of(l->rows[row].name), fault;
    if (node->kind != YAML_LIST) {
        wrong(l, node->line, name,
              arena_printf(l->arena,
                           "is %s, but should be a list; put the items in brackets: [a, b]",
                           yaml_kind_name(node->kind)));
        return;
    }
    struct str *items = ARENA_ARRAY(l->arena, struct str, node->n);
    size_t n = 0;
    for (const struct yaml_node *item = node->first; item; item = item->next) {
        if (item->kind != YAML_TEXT || yaml_is_none(item) || str_trim(item->text).n == 0)
            wrong(l, item->line, name,
                  STR("has an item that is not a text; write one or remove it"));
        else if (!value_check_text(item->text, &fault))
            wrong(l, item->line, name, fault);
        items[n++] = item->text;
    }
    if (!value_check_count(l->arena, &l->rows[row], n, &fault))
        wrong(l, node->line, name, fault);
    *(struct setting_list *)place_of(l, row) = (struct setting_list){items, n};
}

static void take_value(struct loading *l, size_t row, const struct yaml_node *node)
{
    struct str name = str_of(l->rows[row].name), fault;
    l->report->origins[row] = SETTING_FILE;
    l->report->lines[row] = node->line;
    l->nodes[row] = node;
    if (yaml_is_none(node)) {
        wrong(l, node->line, name, STR("has no value; write one or remove the line"));
    } else if (l->rows[row].type == SETTING_LIST) {
        take_list(l, row, node);
    } else if (node->kind != YAML_TEXT) {
        wrong(l, node->line, name,
              arena_printf(l->arena, "is %s, but should be one value; write " STR_FMT,
                           yaml_kind_name(node->kind),
                           STR_ARG(setting_range(l->arena, &l->rows[row]))));
    } else if (!value_parse(l->arena, &l->rows[row], node->text, place_of(l, row), &fault)) {
        wrong(l, node->line, name, fault);
    }
}

/* Whether settings begin with "group.". *ret_near: the most similar group when none does. */
static bool is_group(const struct loading *l, struct str group, struct str *ret_near)
{
    size_t best = SIZE_MAX;
    *ret_near = STR_NONE;
    for (size_t i = 0; i < l->n_rows; i++) {
        struct str known, rest;
        if (!str_cut(str_of(l->rows[i].name), '.', &known, &rest))
            continue;
        if (str_eq(known, group))
            return true;
        size_t distance = near_distance(group, known);
        if (distance < best && near_is_slip(distance, group.n)) {
            best = distance;
            *ret_near = known;
        }
    }
    return false;
}

static void unknown(struct loading *l, const struct yaml_node *node, struct str name,
                    struct str near)
{
    struct str shown = fault_quote(l->arena, name);
    if (near.n > 0)
        wrong(l, node->line, shown,
              arena_printf(l->arena, "there is no such setting; did you mean " STR_FMT "?",
                           STR_ARG(near)));
    else
        wrong(l, node->line, shown,
              STR("there is no such setting; `aitys explain` lists them all"));
}

/* One entry of the file, or of a group in it. */
static void take_entry(struct loading *l, struct str group, const struct yaml_node *node)
{
    struct str name = node->key;
    if (group.n > 0)
        name = arena_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(group), STR_ARG(node->key));
    const char *near;
    const struct setting_about *row = settings_find(name, &near);
    if (row && str_find_char(node->key, '.') >= 0) {
        ptrdiff_t dot = str_find_char(name, '.');
        wrong(l, node->line, name,
              arena_printf(l->arena,
                           "write it in two lines: \"" STR_FMT ":\", and below it, "
                           "indented, \"" STR_FMT ": …\"",
                           STR_ARG(str_head(name, (size_t)dot)),
                           STR_ARG(str_from(name, (size_t)dot + 1))));
    } else if (!row) {
        unknown(l, node, name, str_of(near));
    } else if (!l->nodes[row - l->rows]) { /* a second one was told by yaml_parse */
        take_value(l, (size_t)(row - l->rows), node);
    }
}

static void take_group(struct loading *l, const struct yaml_node *node)
{
    struct str near;
    if (!is_group(l, node->key, &near)) {
        const char *near_name;
        if (settings_find(node->key, &near_name))
            take_entry(l, STR_NONE, node);
        else
            unknown(l, node, node->key, near);
    } else if (node->kind == YAML_MAP) {
        for (const struct yaml_node *n = node->first; n; n = n->next)
            take_entry(l, node->key, n);
    } else if (!yaml_is_none(node)) { /* a group without entries is a heading */
        wrong(l, node->line, node->key,
              arena_printf(l->arena, "is %s, but should have settings below it; indent them",
                           yaml_kind_name(node->kind)));
    }
}

static void take_file(struct loading *l, const struct yaml_node *root)
{
    if (root->kind != YAML_MAP) {
        fault_add(&l->report->faults, l->path, root->line,
                  "is %s, but should be settings; write them as \"name: value\"",
                  yaml_kind_name(root->kind));
        return;
    }
    for (const struct yaml_node *node = root->first; node; node = node->next) {
        struct str near;
        if (node->kind == YAML_MAP || is_group(l, node->key, &near))
            take_group(l, node);
        else
            take_entry(l, STR_NONE, node);
    }
}

/* A variable that no setting has: only noted, for service managers set AITYS_… ones of their own.
 */
static void note_unknown(struct loading *l, struct str variable)
{
    if (str_eq(variable, STR("AITYS_DIR")))
        return;
    const char *near = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < l->n_rows; i++) {
        size_t distance = near_distance(variable, setting_environment(l->arena, &l->rows[i]));
        if (distance < best && near_is_slip(distance, variable.n - strlen(ENVIRONMENT_PREFIX))) {
            best = distance;
            near = l->rows[i].name;
        }
    }
    if (near)
        fault_add(&l->report->notes, STR("environment"), 0,
                  STR_FMT ": there is no such setting; did you mean the variable of %s?",
                  STR_ARG(fault_quote(l->arena, variable)), near);
}

static void take_variable(struct loading *l, struct str variable, struct str value)
{
    for (size_t i = 0; i < l->n_rows; i++) {
        if (!str_eq(setting_environment(l->arena, &l->rows[i]), variable))
            continue;
        struct str fault;
        l->report->origins[i] = SETTING_ENVIRONMENT;
        l->nodes[i] = NULL;
        if (!value_parse(l->arena, &l->rows[i], value, place_of(l, i), &fault))
            fault_add(&l->report->faults, STR("environment"), 0, STR_FMT ": " STR_FMT,
                      STR_ARG(variable), STR_ARG(fault));
        return;
    }
    note_unknown(l, variable);
}

static void take_environment(struct loading *l, char *const *environment)
{
    for (size_t i = 0; environment && environment[i]; i++) {
        struct str name, value;
        if (str_begins(str_of(environment[i]), STR(ENVIRONMENT_PREFIX)) &&
            str_cut(str_of(environment[i]), '=', &name, &value))
            take_variable(l, name, value);
    }
}

static bool read_settings_file(struct arena *a, struct str path, struct str *ret_text,
                               struct err *e)
{
    if (file_read(a, path, FILE_BYTES_MAX, ret_text, e))
        return true;
    if (e->kind == ERR_MISSING)
        return err_set(e, ERR_MISSING, 0,
                       STR_FMT ": there is no such file; name the newsroom's folder with --dir or "
                               "AITYS_DIR, or make one with `aitys init DIR`",
                       STR_ARG(path));
    return false;
}

bool settings_load_report(struct arena *a, struct str dir, char *const *environment,
                          struct settings *ret_settings, struct settings_report *ret_report,
                          struct err *e)
{
    struct settings settings;
    struct loading l = {.arena = a, .settings = &settings, .report = ret_report};
    l.rows = settings_about(&l.n_rows);
    l.path = file_path(a, dir, STR(SETTINGS_FILE));
    l.nodes = ARENA_ARRAY(a, const struct yaml_node *, l.n_rows);
    *ret_report = (struct settings_report){
        .faults = {.arena = a},
        .notes = {.arena = a},
        .origins = ARENA_ARRAY(a, enum setting_origin, l.n_rows),
        .lines = ARENA_ARRAY(a, size_t, l.n_rows),
    };
    settings_standard(a, &settings);
    settings.dir = arena_copy(a, dir);
    struct str text;
    struct yaml_node *root;
    if (!read_settings_file(a, l.path, &text, e))
        return false;
    if (!yaml_parse(text, l.path, 1, &ret_report->faults, &root))
        return faults_to_err(&ret_report->faults, ERR_INVALID, e);
    take_file(&l, root);
    take_environment(&l, environment);
    /* Together they are only judged when each is possible by itself. */
    if (ret_report->faults.n == 0)
        settings_check(&(struct settings_judged){
            .settings = &settings, .report = ret_report, .path = l.path, .nodes = l.nodes});
    if (ret_report->faults.n > 0)
        return faults_to_err(&ret_report->faults, ERR_INVALID, e);
    *ret_settings = settings;
    return true;
}

bool settings_load(struct arena *a, struct str dir, char *const *environment,
                   struct settings *ret_settings, struct err *e)
{
    struct settings_report report;
    return settings_load_report(a, dir, environment, ret_settings, &report, e);
}
