/*
 * YAML as people write it in settings and front matter: texts, lists and maps with their lines,
 * by libyaml. Anchors, aliases, tags and several documents are refused: nobody needs them here,
 * and they are how small files become large. Knows nothing of what the names mean.
 */
#pragma once

#include "config/faults.h"

#define YAML_DEPTH_MAX 8
#define YAML_MAP_MAX 200   /* entries of one map */
#define YAML_LIST_MAX 5000 /* items of one list */

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    size_t line;             /* where it, or its key, stands; from 1 */
    struct str key;          /* in a map */
    struct str text;         /* YAML_TEXT */
    bool is_plain;           /* YAML_TEXT without quotes */
    struct yaml_node *first; /* of a list or map */
    struct yaml_node *last;
    struct yaml_node *next; /* its neighbour */
    size_t n;               /* of a list or map */
};

/*
 * Parses a text. where and first_line are for the faults. An empty text gives an empty map.
 * A key that comes twice is a fault, but both entries are in the map.
 * Returns false, with a fault added, when the text cannot be understood at all.
 * Memory: the arena's of faults.
 */
MUST_USE bool yaml_parse(struct str text, struct str where, size_t first_line,
                         struct faults *faults, struct yaml_node **ret_root);

/* Whether a value is missing: nothing, ~ or null without quotes. */
static inline bool yaml_is_none(const struct yaml_node *node)
{
    return node->kind == YAML_TEXT && node->is_plain &&
           (node->text.n == 0 || str_eq(node->text, STR("~")) || str_eq(node->text, STR("null")));
}

/* "a text", "a list", "a map" */
const char *yaml_kind_name(enum yaml_kind kind);
