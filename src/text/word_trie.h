/*
 * The entries of a word list as one tree of letters: branches that do not fork are one node, so
 * that there are at most twice as many nodes as entries. For text/word_list.c and word_match.c.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/* What stands in a key besides folded letters; neither is a letter. */
#define WORD_SPACE ((uint32_t)' ') /* between words */
#define WORD_STAR ((uint32_t)'*')  /* whatever else belongs to the word */

#define WORD_NO_ENTRY UINT32_MAX

struct word_node {
    uint32_t letter;                        /* the first of its label */
    uint32_t label;                         /* where the label begins in the keys */
    uint32_t children;                      /* the first of its children, who stand side by side */
    uint32_t entry;                         /* what ends with its label, or WORD_NO_ENTRY */
    uint32_t children_n : 20, label_n : 12; /* the root has no label */
};

struct word_key {
    uint32_t at, n; /* in the keys */
    uint32_t entry;
};

struct word_trie {
    const uint32_t *keys;
    const struct word_node *nodes;
    size_t nodes_n;
};

/* Orders keys by their letters, then by entry. keys_n of them, over `letters`. */
void word_keys_sort(struct word_key *keys, size_t keys_n, const uint32_t *letters);

/* Whether two keys have the same letters. */
PURE bool word_keys_equal(const uint32_t *letters, struct word_key a, struct word_key b);

/*
 * Makes the nodes over keys that are sorted and all different; at most 2 * keys_n + 1 of them, into
 * nodes. Gives how many. scratch: 12 bytes for each node.
 */
size_t word_trie_make(struct arena *scratch, const struct word_key *keys, size_t keys_n,
                      const uint32_t *letters, struct word_node *nodes);

/* A place in the tree: after `taken` letters of a node's label, of which there is at least one. */
struct word_place {
    uint32_t node, taken;
};

#define WORD_ROOT ((struct word_place){0, 0})

/* Follows a letter. Returns false, and leaves *place alone, where no key goes on with it. */
bool word_follow(const struct word_trie *trie, struct word_place *place, uint32_t letter);

/* The entry that ends at a place, or WORD_NO_ENTRY. */
PURE uint32_t word_entry_at(const struct word_trie *trie, struct word_place place);
