/*
 * Where a theme's files come from: a folder if it has the file, else the binary. Internal to view/.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* A file that the build put into the binary. */
struct theme_file {
    const char *name; /* "article.mustache", "parts/head.mustache", "theme.css", "reader.js" */
    const unsigned char *bytes;
    size_t n;
};

/* Made by tools/embed. */
extern const struct theme_file theme_files[];
extern const size_t theme_n_files;

struct theme {
    struct arena *arena; /* what is read lives here */
    struct str dir;      /* empty: the binary's files only */
};

/* Whether the folder can be read. Errors ERR_BROKEN. An empty folder name is fine. */
MUST_USE bool theme_check(const struct theme *t, struct err *e);

/*
 * A file of the theme. ret_file: what to call it in messages.
 * Errors ERR_MISSING: neither the folder nor the binary has it; ERR_INVALID: over max bytes;
 * ERR_BROKEN: it cannot be read.
 */
MUST_USE bool theme_get(const struct theme *t, struct str name, size_t max, struct str *ret_file,
                        struct str *ret_text, struct err *e);

/* Names of all files at the top of the folder and in the binary, each once; at most max. */
size_t theme_list(const struct theme *t, struct str *ret_names, size_t max);
