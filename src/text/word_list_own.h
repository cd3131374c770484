/*
 * What a word list is made of; for its own files only.
 */
#pragma once

#include "text/word_list.h"
#include "text/word_trie.h"

struct word_entry {
    uint32_t at, n; /* in the texts */
    uint32_t line;
};

/* One block of memory holds the list and all that it points at. */
struct word_list {
    struct word_trie trie;
    struct word_entry *entries;
    const char *texts;
    size_t n; /* entries */
    size_t bytes;
};
