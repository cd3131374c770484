/*
 * Whole small files that people write, read at once with a limit. Knows no formats.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Reads a regular file. Memory: the arena's; a NUL stands behind the bytes.
 * Errors  ERR_MISSING (no such file, or not a regular one), ERR_DENIED (no permission),
 *         ERR_TOO_LARGE (over max_bytes), ERR_BROKEN; why begins with the path
 */
MUST_USE bool file_read(struct arena *a, struct str path, size_t max_bytes, struct str *ret_bytes,
                        struct err *e);

/*
 * Writes a new file with these permissions; one that exists is left alone.
 * Errors  ERR_CONFLICT (it exists), ERR_BROKEN
 */
MUST_USE bool file_write_new(struct arena *a, struct str path, unsigned mode, struct str bytes,
                             struct err *e);

/* dir/name, or name itself when it begins with a slash; in the arena, NUL-terminated besides. */
struct str file_path(struct arena *a, struct str dir, struct str name);
