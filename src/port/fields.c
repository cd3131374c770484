#include "port/fields.h"

#include <stdarg.h>

#include "config/near.h"
#include "text/count.h"
#include "text/language.h"
#include "text/slug.h"
#include "text/time.h"
#include "text/utf8.h"

#define BYLINE_MAX 30
#define PICTURES_MAX 30
#define NAME_CHARS_MAX 100

#define NEEDED true
#define OPTIONAL false
#define AT(member) offsetof(struct front, member)

static const struct field article_fields[] = {
    {"article", AT(key), FIELD_KEY, NEEDED, 0},
    {"lang", AT(lang), FIELD_LANG, NEEDED, 0},
    {"slug", AT(slug), FIELD_KEY, NEEDED, 0},
    {"headline", AT(title), FIELD_LINE, NEEDED, 200},
    {"standfirst", AT(standfirst), FIELD_LINE, OPTIONAL, 600},
    {"byline", 0, FIELD_BYLINE, OPTIONAL, 0},
    {"agencies", 0, FIELD_AGENCIES, OPTIONAL, 0},
    {"dateline", AT(dateline), FIELD_LINE, OPTIONAL, 60},
    {"section", AT(section), FIELD_KEY, OPTIONAL, 0},
    {"published", AT(published_s), FIELD_TIME, NEEDED, 0},
    {"updated", AT(updated_s), FIELD_TIME, OPTIONAL, 0},
    {"pictures", 0, FIELD_PICTURES, OPTIONAL, 0},
    {"conversation", 0, FIELD_MODE, OPTIONAL, 0},
    {"conversation_closes", AT(closes_s), FIELD_TIME, OPTIONAL, 0},
};
static const struct field section_fields[] = {
    {"section", AT(key), FIELD_KEY, NEEDED, 0},      {"lang", AT(lang), FIELD_LANG, NEEDED, 0},
    {"slug", AT(slug), FIELD_KEY, NEEDED, 0},        {"name", AT(title), FIELD_LINE, NEEDED, 100},
    {"about", AT(about), FIELD_LINE, OPTIONAL, 600},
};
static const struct field standing_fields[] = {
    {"page", AT(key), FIELD_KEY, NEEDED, 0},
    {"lang", AT(lang), FIELD_LANG, NEEDED, 0},
    {"slug", AT(slug), FIELD_KEY, NEEDED, 0},
    {"title", AT(title), FIELD_LINE, NEEDED, 200},
};
static const struct field byline_fields[] = {
    {"key", offsetof(struct byline_entry, key), FIELD_KEY, NEEDED, 0},
    {"name", offsetof(struct byline_entry, name), FIELD_LINE, NEEDED, NAME_CHARS_MAX},
};
static const struct field picture_fields[] = {
    {"file", offsetof(struct front_picture, file), FIELD_PATH, NEEDED, 0},
    {"caption", offsetof(struct front_picture, caption), FIELD_LINE, OPTIONAL, 1000},
    {"credit", offsetof(struct front_picture, credit), FIELD_LINE, OPTIONAL, 200},
    {"alt", offsetof(struct front_picture, alt), FIELD_LINE, NEEDED, 1000},
};

static const struct field_table byline_table = {byline_fields, ARRAY_LEN(byline_fields),
                                                "an entry of the byline"};
static const struct field_table picture_table = {picture_fields, ARRAY_LEN(picture_fields),
                                                 "a picture"};

const struct field_table *fields_of(enum front_kind kind)
{
    static const struct field_table tables[] = {
        [FRONT_ARTICLE] = {article_fields, ARRAY_LEN(article_fields), "an article"},
        [FRONT_SECTION] = {section_fields, ARRAY_LEN(section_fields), "a section"},
        [FRONT_STANDING] = {standing_fields, ARRAY_LEN(standing_fields), "a page"},
    };
    return &tables[kind];
}

/* What is being read: one file. */
struct reading {
    struct arena *arena;
    struct faults *faults;
    struct front *front;
};

/* Where in the file: "pictures[1].alt". */
static struct str name_in(const struct reading *r, struct str prefix, struct str name)
{
    if (prefix.n == 0)
        return name;
    return arena_printf(r->arena, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(name));
}

PRINTF_LIKE(4, 5)
static void wrong(const struct reading *r, const struct yaml_node *node, struct str name,
                  const char *format, ...)
{
    char what[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    fault_add(r->faults, r->front->where, node->line, STR_FMT ": %s",
              STR_ARG(fault_quote(r->arena, name)), what);
}

static void read_key(const struct reading *r, const struct yaml_node *node, struct str name,
                     struct str *ret_key)
{
    if (slug_is_valid(node->text)) {
        *ret_key = node->text;
        return;
    }
    struct str made = utf8_is_valid(node->text) ? slug_make(r->arena, node->text) : STR("x");
    wrong(r, node, name,
          "\"" STR_FMT "\" cannot be part of an address; write lower-case letters a-z, digits and "
          "single hyphens, for example \"" STR_FMT "\"",
          STR_ARG(fault_quote(r->arena, node->text)), STR_ARG(made));
}

static void read_line(const struct reading *r, const struct yaml_node *node, struct str name,
                      size_t max_chars, struct str *ret_line)
{
    struct str text = str_trim(node->text);
    if (text.n == 0) {
        wrong(r, node, name, "is empty; write it or remove the line");
    } else if (!utf8_is_text(text, false)) {
        wrong(r, node, name, "has a line end or a control character in it; write it on one line");
    } else if (count_chars(text) > max_chars) {
        wrong(r, node, name, "has %zu characters; at most %zu are possible, shorten it",
              count_chars(text), max_chars);
    } else {
        *ret_line = text;
    }
}

static void read_path(const struct reading *r, const struct yaml_node *node, struct str name,
                      struct str *ret_path)
{
    if (node->text.n == 0 || !utf8_is_text(node->text, false) || str_begins(node->text, STR("/")))
        wrong(r, node, name, "is not a relative path; write one that begins at this file's folder");
    else
        *ret_path = node->text;
}

static void read_time(const struct reading *r, const struct yaml_node *node, struct str name,
                      int64_t *ret_s)
{
    if (!time_parse(node->text, ret_s))
        wrong(r, node, name,
              "\"" STR_FMT "\" is not a time; write it with its zone, like "
              "2026-03-02T09:30:00+05:00",
              STR_ARG(fault_quote(r->arena, node->text)));
}

static void read_mode(const struct reading *r, const struct yaml_node *node, struct str name)
{
    static const char *const modes[] = {[MODE_OPEN] = "open",
                                        [MODE_FIRST] = "first",
                                        [MODE_HELD] = "held",
                                        [MODE_CLOSED] = "closed"};
    for (size_t i = 0; i < ARRAY_LEN(modes); i++)
        if (str_eq(node->text, str_of(modes[i]))) {
            r->front->has_mode = true;
            r->front->mode = (enum mode)i;
            return;
        }
    wrong(r, node, name, "\"" STR_FMT "\" is not a mode; write open, first, held or closed",
          STR_ARG(fault_quote(r->arena, node->text)));
}

static void read_map(const struct reading *r, const struct yaml_node *map, struct str prefix,
                     const struct field_table *table, void *record);

/* Room for n more names: reporters go before agencies, whatever comes first in the file. */
static struct byline_entry *grow_byline(const struct reading *r, size_t n, bool are_first)
{
    struct front *f = r->front;
    struct byline_entry *all = ARENA_ARRAY(r->arena, struct byline_entry, f->n_byline + n);
    if (f->n_byline > 0)
        memcpy(are_first ? all + n : all, f->byline, f->n_byline * sizeof(*all));
    struct byline_entry *room = are_first ? all : all + f->n_byline;
    f->byline = all;
    f->n_byline += n;
    return room;
}

static void read_byline(const struct reading *r, const struct yaml_node *list, struct str name)
{
    struct byline_entry *entries = grow_byline(r, list->n, true);
    size_t i = 0;
    for (const struct yaml_node *item = list->first; item; item = item->next, i++) {
        struct str prefix = arena_printf(r->arena, STR_FMT "[%zu]", STR_ARG(name), i + 1);
        read_map(r, item, prefix, &byline_table, &entries[i]);
        for (size_t k = 0; k < i && entries[i].key.n > 0; k++)
            if (str_eq(entries[i].key, entries[k].key))
                wrong(r, item, prefix, "\"" STR_FMT "\" stands there twice; remove one of them",
                      STR_ARG(entries[i].key));
    }
}

static void read_agencies(const struct reading *r, const struct yaml_node *list, struct str name)
{
    struct byline_entry *entries = grow_byline(r, list->n, false);
    size_t i = 0;
    for (const struct yaml_node *item = list->first; item; item = item->next, i++) {
        struct str prefix = arena_printf(r->arena, STR_FMT "[%zu]", STR_ARG(name), i + 1);
        if (item->kind != YAML_TEXT || yaml_is_none(item))
            wrong(r, item, prefix, "is not a name; write one or remove it");
        else
            read_line(r, item, prefix, NAME_CHARS_MAX, &entries[i].name);
    }
}

static void read_pictures(const struct reading *r, const struct yaml_node *list, struct str name)
{
    struct front *f = r->front;
    f->pictures = ARENA_ARRAY(r->arena, struct front_picture, list->n);
    f->n_pictures = list->n;
    size_t i = 0;
    for (const struct yaml_node *item = list->first; item; item = item->next, i++) {
        struct str prefix = arena_printf(r->arena, STR_FMT "[%zu]", STR_ARG(name), i + 1);
        f->pictures[i].line = item->line;
        read_map(r, item, prefix, &picture_table, &f->pictures[i]);
    }
}

static bool is_list(const struct reading *r, const struct yaml_node *node, struct str name,
                    size_t max)
{
    if (node->kind != YAML_LIST)
        wrong(r, node, name, "is %s, but should be a list; begin each item with a hyphen",
              yaml_kind_name(node->kind));
    else if (node->n > max)
        wrong(r, node, name, "has %zu items; at most %zu are possible", node->n, max);
    else
        return true;
    return false;
}

static void read_field(const struct reading *r, const struct yaml_node *node, struct str name,
                       const struct field *field, void *record)
{
    void *place = (char *)record + field->offset;
    bool is_of_lists = field->shape == FIELD_BYLINE || field->shape == FIELD_AGENCIES ||
                       field->shape == FIELD_PICTURES;
    if (yaml_is_none(node)) {
        wrong(r, node, name, "has no value; write one or remove the line");
        return;
    }
    if (!is_of_lists && node->kind != YAML_TEXT) {
        wrong(r, node, name, "is %s, but should be one value", yaml_kind_name(node->kind));
        return;
    }
    switch (field->shape) {
    case FIELD_KEY:
        read_key(r, node, name, place);
        return;
    case FIELD_LANG:
        if (language_is_tag(node->text))
            *(struct str *)place = node->text;
        else
            wrong(r, node, name,
                  "\"" STR_FMT "\" is not a language tag; write one like kk, uz-Latn or pt-BR",
                  STR_ARG(fault_quote(r->arena, node->text)));
        return;
    case FIELD_LINE:
        read_line(r, node, name, field->max_chars, place);
        return;
    case FIELD_PATH:
        read_path(r, node, name, place);
        return;
    case FIELD_TIME:
        read_time(r, node, name, place);
        return;
    case FIELD_MODE:
        read_mode(r, node, name);
        return;
    case FIELD_BYLINE:
        if (is_list(r, node, name, BYLINE_MAX))
            read_byline(r, node, name);
        return;
    case FIELD_AGENCIES:
        if (is_list(r, node, name, BYLINE_MAX))
            read_agencies(r, node, name);
        return;
    case FIELD_PICTURES:
        if (is_list(r, node, name, PICTURES_MAX))
            read_pictures(r, node, name);
        return;
    }
}

static const struct field *find_field(const struct field_table *table, struct str name,
                                      const char **ret_near)
{
    size_t best = SIZE_MAX;
    *ret_near = NULL;
    for (size_t i = 0; i < table->n; i++) {
        struct str known = str_of(table->fields[i].name);
        if (str_eq(name, known))
            return &table->fields[i];
        size_t distance = near_distance(name, known);
        if (distance < best && near_is_slip(distance, name.n)) {
            best = distance;
            *ret_near = table->fields[i].name;
        }
    }
    return NULL;
}

static void unknown_field(const struct reading *r, const struct yaml_node *node, struct str name,
                          const struct field_table *table, const char *near)
{
    if (near) {
        wrong(r, node, name, "there is no such field; did you mean %s?", near);
        return;
    }
    struct str all = STR("");
    for (size_t i = 0; i < table->n; i++) {
        /* The analyzer takes the constant tables for changeable. */
        const char *known = table->fields[i].name; /* NOLINT(clang-analyzer-core.NullDereference) */
        all = arena_printf(r->arena, STR_FMT "%s%s", STR_ARG(all), i > 0 ? ", " : "", known);
    }
    wrong(r, node, name, "there is no such field; %s may have " STR_FMT, table->of, STR_ARG(all));
}

static const struct yaml_node *find_node(const struct yaml_node *map, struct str key)
{
    for (const struct yaml_node *node = map->first; node; node = node->next)
        if (str_eq(node->key, key))
            return node;
    return NULL;
}

static void read_map(const struct reading *r, const struct yaml_node *map, struct str prefix,
                     const struct field_table *table, void *record)
{
    if (map->kind != YAML_MAP) {
        wrong(r, map, prefix, "is %s, but should be fields; write them as \"name: value\"",
              yaml_kind_name(map->kind));
        return;
    }
    for (const struct yaml_node *node = map->first; node; node = node->next) {
        const char *near;
        const struct field *field = find_field(table, node->key, &near);
        struct str name = name_in(r, prefix, node->key);
        if (!field)
            unknown_field(r, node, name, table, near);
        else if (find_node(map, node->key) == node) /* a second one was told by yaml_parse */
            read_field(r, node, name, field, record);
    }
    for (size_t i = 0; i < table->n; i++) {
        struct str name = str_of(table->fields[i].name);
        if (table->fields[i].is_needed && !find_node(map, name))
            wrong(r, map, name_in(r, prefix, name), "is missing; %s needs it", table->of);
    }
}

void fields_read(const struct yaml_node *map, struct faults *faults, struct front *f)
{
    const struct reading r = {.arena = faults->arena, .faults = faults, .front = f};
    read_map(&r, map, STR_NONE, fields_of(f->kind), f);
}
