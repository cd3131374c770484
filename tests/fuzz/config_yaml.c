/*
 * Settings from noise: what is understood is a tree within its bounds whose lines are lines of the
 * text; what is not has a fault that can be printed. With AITYS_PLANTED_FAULT every value is
 * believed to be one line; the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "config/yaml.h"
#include "text/utf8.h"

static void check_text(const struct yaml_node *node)
{
    MUST(utf8_is_valid(node->key) && utf8_is_valid(node->text));
#ifdef AITYS_PLANTED_FAULT
    MUST(str_find_char(node->text, '\n') < 0);
#endif
}

/* Walks the tree without a stack of its own beyond the depth that is promised. */
static void check_tree(const struct yaml_node *root, size_t lines)
{
    const struct yaml_node *next[YAML_DEPTH_MAX + 1] = {root};
    size_t depth = 1;
    while (depth > 0) {
        const struct yaml_node *node = next[depth - 1];
        if (!node) {
            depth--;
            continue;
        }
        next[depth - 1] = node->next;
        size_t n = 0;
        for (const struct yaml_node *child = node->first; child; child = child->next)
            n++;
        MUST(node->n == n && (n == 0 || node->kind != YAML_TEXT));
        MUST(n <= (node->kind == YAML_MAP ? YAML_MAP_MAX : YAML_LIST_MAX));
        MUST(node->line >= 1 && node->line <= lines);
        check_text(node);
        if (node->first) {
            MUST(depth <= YAML_DEPTH_MAX);
            next[depth++] = node->first;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct faults faults = {.arena = a};
    struct yaml_node *root = NULL;
    bool is_read = yaml_parse(text, STR("f"), 1, &faults, &root);
    MUST(is_read || faults.n > 0);
    for (size_t i = 0; i < faults.n; i++)
        MUST(utf8_is_valid(fault_print(&faults, &faults.items[i])));
    /* YAML knows more line ends than LF: CR, NEL, LS and PS; none is shorter than a byte. */
    if (is_read)
        check_tree(root, n + 1);
    return 0;
}
