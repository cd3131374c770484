#include "config/yaml.h"

#include <yaml.h>

/* What is being read: the nodes that are open, from the root down. */
struct reading {
    struct arena *arena;
    struct str where;
    size_t first_line;
    struct faults *faults;
    struct yaml_node *open[YAML_DEPTH_MAX];
    size_t depth;
    bool has_key; /* a map's key was read, its value was not */
    struct str key;
    size_t key_line;
    struct yaml_node *root;
};

const char *yaml_kind_name(enum yaml_kind kind)
{
    static const char *const names[] = {
        [YAML_TEXT] = "a text", [YAML_LIST] = "a list", [YAML_MAP] = "a map"};
    return names[kind];
}

static size_t line_of(const struct reading *r, const yaml_mark_t *mark)
{
    return mark->line + r->first_line;
}

static bool refuse(const struct reading *r, const yaml_mark_t *mark, const char *what)
{
    fault_add(r->faults, r->where, line_of(r, mark), "%s", what);
    return false;
}

static struct yaml_node *parent_of_next(const struct reading *r)
{
    return r->depth > 0 ? r->open[r->depth - 1] : NULL;
}

/* A text in a map that waits for a key is one. */
static bool take_key(struct reading *r, const yaml_event_t *event)
{
    struct yaml_node *map = parent_of_next(r);
    r->key = arena_copy(
        r->arena, (struct str){(const char *)event->data.scalar.value, event->data.scalar.length});
    r->key_line = line_of(r, &event->start_mark);
    r->has_key = true;
    if (map->n == YAML_MAP_MAX)
        return refuse(r, &event->start_mark, "more than 200 entries in one map; are they a list?");
    for (const struct yaml_node *n = map->first; n; n = n->next)
        if (str_eq(n->key, r->key)) {
            fault_add(r->faults, r->where, r->key_line,
                      STR_FMT ": stands here a second time, first in line %zu; remove one of them",
                      STR_ARG(fault_quote(r->arena, r->key)), n->line);
            break;
        }
    return true;
}

/* Adds a node under what is open. NULL, with a fault added, when it may not stand here. */
static struct yaml_node *add_node(struct reading *r, const yaml_event_t *event, enum yaml_kind kind)
{
    struct yaml_node *parent = parent_of_next(r), *node = ARENA_NEW(r->arena, struct yaml_node);
    node->kind = kind;
    node->line = line_of(r, &event->start_mark);
    if (!parent) {
        r->root = node;
        return node;
    }
    if (parent->kind == YAML_MAP) {
        if (!r->has_key) {
            (void)refuse(r, &event->start_mark, "a list or map cannot be a name; write a word");
            return NULL;
        }
        node->key = r->key;
        node->line = r->key_line;
        r->has_key = false;
    } else if (parent->n == YAML_LIST_MAX) {
        (void)refuse(r, &event->start_mark, "more than 5000 items in one list; shorten it");
        return NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->n++;
    return node;
}

static bool on_scalar(struct reading *r, const yaml_event_t *event)
{
    const struct yaml_node *parent = parent_of_next(r);
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return refuse(r, &event->start_mark,
                      "anchors (&) and tags (!) are not understood; put the value in quotes");
    if (parent && parent->kind == YAML_MAP && !r->has_key)
        return take_key(r, event);
    struct yaml_node *node = add_node(r, event, YAML_TEXT);
    if (!node)
        return false;
    node->text = arena_copy(
        r->arena, (struct str){(const char *)event->data.scalar.value, event->data.scalar.length});
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return true;
}

static bool on_open(struct reading *r, const yaml_event_t *event, enum yaml_kind kind)
{
    bool is_marked = event->type == YAML_SEQUENCE_START_EVENT
                         ? event->data.sequence_start.anchor || event->data.sequence_start.tag
                         : event->data.mapping_start.anchor || event->data.mapping_start.tag;
    if (is_marked)
        return refuse(r, &event->start_mark, "anchors (&) and tags (!) are not understood here");
    if (r->depth == YAML_DEPTH_MAX)
        return refuse(r, &event->start_mark, "nested too deeply; check the indentation");
    struct yaml_node *node = add_node(r, event, kind);
    if (!node)
        return false;
    r->open[r->depth++] = node;
    return true;
}

static bool on_event(struct reading *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, event, YAML_LIST);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, event, YAML_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return true;
    case YAML_ALIAS_EVENT:
        return refuse(r, &event->start_mark,
                      "an alias (*) is not understood; put the value in quotes");
    case YAML_DOCUMENT_START_EVENT:
        if (r->root)
            return refuse(r, &event->start_mark, "a second document (---); keep only one");
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* libyaml says where and what, in its own words. */
static bool refuse_syntax(const struct reading *r, const yaml_parser_t *parser)
{
    size_t line = parser->problem_mark.line + r->first_line;
    /* Errors of the encoding have no mark but an offset; the line is counted by what was read. */
    if (parser->error == YAML_READER_ERROR)
        line = parser->mark.line + r->first_line;
    const char *problem = parser->problem ? parser->problem : "unknown problem";
    if (parser->context)
        fault_add(r->faults, r->where, line,
                  "cannot be read as YAML: %s, %s (begun in line %zu); check the indentation, "
                  "the colons and the quotes",
                  parser->context, problem, parser->context_mark.line + r->first_line);
    else
        fault_add(r->faults, r->where, line,
                  "cannot be read as YAML: %s; check the indentation, the colons and the quotes",
                  problem);
    return false;
}

static bool read_events(yaml_parser_t *parser, struct reading *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return refuse_syntax(r, parser);
        bool ok = on_event(r, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    return true;
}

bool yaml_parse(struct str text, struct str where, size_t first_line, struct faults *faults,
                struct yaml_node **ret_root)
{
    struct reading r = {
        .arena = faults->arena, .where = where, .first_line = first_line, .faults = faults};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        fault_add(faults, where, 0, "no memory to read YAML");
        return false;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
    bool ok = read_events(&parser, &r);
    yaml_parser_delete(&parser);
    if (!ok)
        return false;
    if (!r.root || yaml_is_none(r.root)) {
        r.root = ARENA_NEW(r.arena, struct yaml_node);
        r.root->kind = YAML_MAP;
        r.root->line = first_line;
    }
    *ret_root = r.root;
    return true;
}
