/*
 * Conversations as a file: the format aitys-comments/1, JSON.
 *
 *     {"format": "aitys-comments/1", "conversations": [{"article": KEY, "comments": [
 *         {"number": 1, "reply_to": null, "name": …, "lang": "kk", "text": …,
 *          "at": "2026-03-02T09:30:00Z", "state": "published"}, …]}, …]}
 */
#pragma once

#include "config/faults.h"
#include "domain/comments.h"

#define COMMENTS_FILE_BYTES_MAX (256 * MiB)

struct comments_file {
    struct comment_imports *conversations;
    size_t n;
};

/*
 * Reads a file's bytes; every fault is added with its conversation and number (JSON has lines only
 * for what is no JSON at all). False when there was one. Memory: the arena of faults.
 */
MUST_USE bool comments_read(struct str bytes, struct str where, struct faults *faults,
                            struct comments_file *ret_file);

/* Stores all of them. Errors as comment_import_all's; why names the article. */
MUST_USE bool comments_store(const struct domain *d, struct tx *tx,
                             const struct comments_file *file, size_t *ret_added, struct err *e);
