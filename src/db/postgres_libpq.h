/*
 * libpq, loaded when the first database turns out to be PostgreSQL. It brings twenty more libraries
 * with it, of which a newsroom on SQLite should not pay for one:
 * docs/decisions/0011-few-libraries-at-rest.md.
 */
#pragma once

#include <libpq-fe.h>

#include "base/attr.h"
#include "base/err.h"

#define LIBPQ_FILE "libpq.so.5"

/* Its functions by their own names and with their own types: pq.PQexec(…). */
struct libpq {
#define CALL(name) __typeof__(&name) name;
#include "db/postgres_libpq.def"
#undef CALL
};

/*
 * Filled by libpq_open and never changed after it: like the library's own entry in the process,
 * there is one, and it stays until the end.
 */
extern struct libpq pq;

/*
 * Makes pq ready; callable from any thread, at once when it is ready.
 * Errors  ERR_MISSING (the library is not installed), ERR_BROKEN (it lacks a function: too old)
 */
MUST_USE bool libpq_open(struct err *e);

/* The same from a file of that name into a table of the caller's, for tests. */
MUST_USE bool libpq_load(const char *file, struct libpq *ret_pq, struct err *e);
