/*
 * Mustache, as its public specification says (interpolation, sections, inverted sections, comments,
 * partials, delimiters), compiled to a flat list of steps. What names mean is not known here: a
 * model resolves them while parsing and gets their values while rendering. Internal to view/.
 *
 * Deviations, on purpose: a partial that includes itself is refused (nothing here recurses), and
 * a strict model refuses what it does not know where the specification renders nothing.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MUSTACHE_DEPTH 32          /* sections within each other, partials included */
#define MUSTACHE_PARTIALS 12       /* partials within each other */
#define MUSTACHE_TAGS 10000        /* tags of one template with its partials */
#define MUSTACHE_BYTES (256 * KiB) /* one file */
#define MUSTACHE_PATH 4            /* names in a dotted name */
#define MUSTACHE_DELIMITER_BYTES 8
#define MUSTACHE_NAMES 8192 /* places to remember names; a power of two */

struct mustache_model;

/* What a name turned out to mean: filled by the model while parsing, read by it while rendering. */
struct mustache_ref {
    struct str name; /* as written */
    uint32_t up;     /* how many contexts outward the first name was found */
    uint32_t n_path;
    const void *path[MUSTACHE_PATH]; /* the model's own */
    const void *item;                /* type of the context that a section on it opens; or NULL */
    bool is_section;                 /* it is used as one, upright or inverted */
    bool is_raw;                     /* its value is markup already, or wanted as it is */
};

enum mustache_kind {
    MUSTACHE_NOTHING,
    MUSTACHE_TRUE,
    MUSTACHE_TEXT,
    MUSTACHE_NUMBER,
    MUSTACHE_ITEMS
};

/* A value at render time. */
struct mustache_value {
    enum mustache_kind kind;
    struct str text;   /* MUSTACHE_TEXT */
    int64_t number;    /* MUSTACHE_NUMBER */
    const void *items; /* MUSTACHE_ITEMS: each becomes a context in turn */
    size_t n;
    size_t item_bytes; /* from one to the next; 0: ask the model */
};

/* A file's name, for messages, and what it holds. */
struct mustache_file {
    struct str name;
    struct str text;
};

/* What names meant in the templates parsed so far: those that mean the same are kept once. */
struct mustache_names {
    const struct mustache_ref *refs[MUSTACHE_NAMES]; /* by the name's hash; NULL: free */
    size_t n;                                        /* half of the places are used at most */
};

struct mustache_model {
    /*
     * Finds a name in the types of the open contexts (the innermost last). Errors ERR_INVALID
     * with the reason alone: the parser puts file and line before it.
     */
    bool (*resolve)(const struct mustache_model *m, const void *const *types, size_t n_types,
                    struct mustache_ref *ref, struct err *e);
    /* The value of a name in the open contexts (the innermost last). */
    struct mustache_value (*get)(const struct mustache_model *m, const void *const *contexts,
                                 size_t n_contexts, const struct mustache_ref *ref);
    /* The i-th of items whose item_bytes is 0. May be NULL when there are none. */
    const void *(*item)(const struct mustache_model *m, const void *items, size_t i);
    /* The file of a partial. False: there is no such partial. */
    bool (*partial)(const struct mustache_model *m, struct str name,
                    struct mustache_file *ret_file);
    void (*escape)(struct buf *b, struct str s);
    /* Zeros at first; for all templates that are parsed into one arena. NULL: nothing is shared. */
    struct mustache_names *names;
    const void *user;
    bool is_lenient; /* a partial that does not exist renders nothing */
};

enum mustache_step_kind {
    MUSTACHE_STEP_TEXT,
    MUSTACHE_STEP_VALUE,
    MUSTACHE_STEP_SECTION,
    MUSTACHE_STEP_INVERTED,
    MUSTACHE_STEP_END,
};

/* There are some ten thousand of them in a program at rest, so they are small. */
struct mustache_step {
    enum mustache_step_kind kind;
    uint32_t jump; /* a section: the step after its end; an end: its section */
    union {
        struct str text;                /* MUSTACHE_STEP_TEXT */
        const struct mustache_ref *ref; /* a value or a section; many steps may have the same */
    };
};

struct mustache {
    struct mustache_step *steps;
    size_t n_steps;
};

/*
 * Parses a template. root: the type of the outermost context, for the model. Steps borrow from the
 * text. Memory: in the arena, as copies of indented partials are. Errors  ERR_INVALID "file:line:
 * why"
 */
MUST_USE bool mustache_parse(struct arena *a, const struct mustache_model *m,
                             struct mustache_file file, const void *root,
                             struct mustache *ret_mustache, struct err *e);

/* Renders; linear in what it writes and the steps it takes. Appends to out. */
void mustache_render(const struct mustache *t, const struct mustache_model *m, const void *root,
                     struct buf *out);
