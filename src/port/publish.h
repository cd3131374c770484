/*
 * Publishing: many files at once, all or nothing. In this order: publish_read (files, without the
 * database), publish_compare (what is stored already), publish_encode (pictures of what changed),
 * publish_store (one write). Every fault of every file is collected before anything is stored.
 */
#pragma once

#include "domain/articles.h"
#include "port/front.h"
#include "port/pictures.h"
#include "port/walk.h"

struct tx;

/* A picture's file; editions that show the same one share it. */
struct publish_picture {
    struct str real;
    struct hash source;           /* of its bytes */
    const struct front *named_by; /* the first that names it, for faults */
    size_t line;
    bool is_good;   /* nothing was wrong with it so far */
    bool is_needed; /* by an edition that changed */
    struct picture_made made;
};

struct publish_file {
    struct str shown;
    struct str real;
    struct front front;
    bool is_good;                      /* front was read */
    struct hash source;                /* of the file and its pictures' files */
    struct publish_picture **pictures; /* front.n_pictures of them */
    bool is_same; /* an article's edition that is stored with the same source */
    enum saved saved;
};

struct publish {
    struct arena *arena;
    const struct settings *settings;
    struct faults faults;
    struct faults notes; /* files that were passed over */
    struct walk walk;
    struct publish_file *files;
    size_t n_files;
    struct publish_picture **pictures;
    size_t n_pictures;
    size_t pictures_capacity;
};

/* Reads all files that the paths mean, and checks them by themselves and against each other. */
void publish_read(struct arena *a, const struct settings *settings, const struct str *paths,
                  size_t n_paths, struct publish *ret_publish);

/* Marks what is stored already; adds faults for sections that are nowhere. */
MUST_USE bool publish_compare(const struct domain *d, struct tx *tx, struct publish *p,
                              struct err *e);

/*
 * Makes the sizes of the pictures that are needed; a picture that cannot be used is a fault.
 * Errors  ERR_MISSING, ERR_BROKEN (no worker)
 */
MUST_USE bool publish_encode(struct publish *p, struct err *e);

/* Stores everything. why begins with the file and the line. Errors as edition_save's. */
MUST_USE bool publish_store(const struct domain *d, struct tx *tx, struct publish *p,
                            struct err *e);
