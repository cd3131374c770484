/*
 * Which files a command line means: files as they are named, folders with all that ends in .md.
 * And which files those may refer to: only what lies beneath the same roots.
 */
#pragma once

#include "config/faults.h"

#define WALK_FILES_MAX 20000
#define WALK_DEPTH_MAX 16

struct walk_file {
    struct str shown; /* as it was named or found */
    struct str real;  /* without symbolic links */
};

struct walk {
    struct walk_file *files; /* sorted by shown within each argument, each real one once */
    size_t n;
    struct str *roots; /* real paths of folders: named ones, named files' own, the current one */
    size_t n_roots;
};

/* Finds the files; what cannot be read is a fault. Memory: the arena of faults. */
void walk_find(const struct str *paths, size_t n, struct faults *faults, struct walk *ret_walk);

/*
 * The real path of a file that another one (its real path) names relative to itself.
 * Errors  ERR_MISSING (there is none), ERR_DENIED (it is outside of the roots)
 */
MUST_USE bool walk_resolve(const struct walk *w, struct arena *a, struct str from, struct str name,
                           struct str *ret_real, struct err *e);
