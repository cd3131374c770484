/*
 * What `aitys publish`, `aitys import` and `aitys init --demo` share.
 */
#pragma once

#include "cli/newsroom.h"

/* Publishes files and folders into an open newsroom and tells how it went. */
enum cli_end publish_paths(struct cli *c, struct newsroom *n, const struct str *paths,
                           size_t n_paths);

/* Brings a file of comments into an open newsroom and tells how it went. */
enum cli_end import_file(struct cli *c, struct newsroom *n, struct str path);
