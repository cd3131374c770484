#include "text/word_trie.h"

#include <stdlib.h>

static int in_order(const void *a, const void *b, void *context)
{
    const struct word_key *x = a, *y = b;
    const uint32_t *letters = context;
    uint32_t n = x->n < y->n ? x->n : y->n;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t p = letters[x->at + i], q = letters[y->at + i];
        if (p != q)
            return p < q ? -1 : 1;
    }
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

void word_keys_sort(struct word_key *keys, size_t keys_n, const uint32_t *letters)
{
    if (keys_n > 0)
        qsort_r(keys, keys_n, sizeof *keys, in_order, (void *)(uintptr_t)letters);
}

bool word_keys_equal(const uint32_t *letters, struct word_key a, struct word_key b)
{
    return a.n == b.n && memcmp(letters + a.at, letters + b.at, a.n * sizeof *letters) == 0;
}

/* The keys that pass through a node. */
struct range {
    uint32_t from, end;
    uint32_t depth; /* letters before the node's label */
};

struct making {
    const struct word_key *keys;
    const uint32_t *letters;
    struct word_node *nodes;
    struct range *ranges; /* one for each node */
    size_t n;             /* nodes so far */
};

static uint32_t letter_of_key(const struct making *m, uint32_t key, uint32_t i)
{
    return m->letters[m->keys[key].at + i];
}

/* Letters that the first and the last key, and so all of them, have in common from `depth` on. */
static uint32_t shared(const struct making *m, struct range r)
{
    struct word_key a = m->keys[r.from], b = m->keys[r.end - 1];
    uint32_t n = 0;

    while (r.depth + n < a.n && r.depth + n < b.n &&
           m->letters[a.at + r.depth + n] == m->letters[b.at + r.depth + n])
        n++;
    return n;
}

/* A node for each letter that keys go on with after `depth` letters. */
static void children_add(struct making *m, struct word_node *node, struct range r, uint32_t depth)
{
    node->children = (uint32_t)m->n;
    while (r.from < r.end) {
        uint32_t letter = letter_of_key(m, r.from, depth), end = r.from;
        while (end < r.end && letter_of_key(m, end, depth) == letter)
            end++;
        m->ranges[m->n++] = (struct range){r.from, end, depth};
        r.from = end;
    }
    node->children_n = (uint32_t)(m->n - node->children) & 0xFFFFF;
}

size_t word_trie_make(struct arena *scratch, const struct word_key *keys, size_t keys_n,
                      const uint32_t *letters, struct word_node *nodes)
{
    struct making m = {keys, letters, nodes, NULL, 1};

    m.ranges = ARENA_ARRAY(scratch, struct range, 2 * keys_n + 1);
    m.ranges[0] = (struct range){0, (uint32_t)keys_n, 0};
    for (size_t i = 0; i < m.n; i++) {
        struct range r = m.ranges[i];
        struct word_node *node = &nodes[i];
        *node = (struct word_node){.entry = WORD_NO_ENTRY};
        if (r.from == r.end)
            continue;
        uint32_t n = i == 0 ? 0 : shared(&m, r);
        node->label = keys[r.from].at + r.depth;
        node->letter = n > 0 ? letters[node->label] : 0;
        node->label_n = n & 0xFFF;
        if (keys[r.from].n == r.depth + n)
            node->entry = keys[r.from++].entry;
        children_add(&m, node, r, r.depth + n);
    }
    return m.n;
}

bool word_follow(const struct word_trie *trie, struct word_place *place, uint32_t letter)
{
    const struct word_node *node = &trie->nodes[place->node];

    if (place->taken < node->label_n) {
        if (trie->keys[node->label + place->taken] != letter)
            return false;
        place->taken++;
        return true;
    }
    uint32_t from = node->children, end = from + node->children_n;
    while (from < end) {
        uint32_t middle = from + (end - from) / 2;
        if (trie->nodes[middle].letter < letter)
            from = middle + 1;
        else
            end = middle;
    }
    if (from == node->children + node->children_n || trie->nodes[from].letter != letter)
        return false;
    *place = (struct word_place){from, 1};
    return true;
}

uint32_t word_entry_at(const struct word_trie *trie, struct word_place place)
{
    const struct word_node *node = &trie->nodes[place.node];
    return place.taken == node->label_n ? node->entry : WORD_NO_ENTRY;
}
