/*
 * What is wrong with the files that people write: a list, so that all of it can be told at once.
 * Each fault has a file, a line and a sentence "name: what is wrong; what to do".
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Beyond so many nobody reads on; later ones are only counted. */
#define FAULTS_MAX 200

struct fault {
    struct str where; /* a file's path, or "environment" */
    size_t line;      /* from 1; 0: none in particular */
    struct str what;
};

struct faults {
    struct arena *arena; /* where the sentences live */
    struct fault *items;
    size_t n;
    size_t capacity;
    size_t n_untold; /* beyond FAULTS_MAX */
};

/* Adds one. Memory: where is borrowed as long as the list lives; the sentence is made in its arena.
 */
PRINTF_LIKE(4, 5)
void fault_add(struct faults *f, struct str where, size_t line, const char *format, ...);

/* "file:line: what", in the arena of the list. */
struct str fault_print(const struct faults *f, const struct fault *fault);

/* Fills e with the first fault and how many more there are; returns false. kind: ERR_INVALID … */
bool faults_to_err(const struct faults *f, enum err_kind kind, struct err *e);

/* A piece of other people's text for a sentence: at most 60 bytes, cut between code points. */
struct str fault_quote(struct arena *a, struct str s);
