/*
 * Other people's test data, which lie outside the repository: in AITYS_CORPORA, or beside the
 * source tree in ../shared/corpora. Where they are not, tests say so in one line and are skipped.
 */
#pragma once

#include <jansson.h>

#include "base/arena.h"

/* A whole file; *ret_s borrows from the arena. Skips the running test when the file is absent. */
struct str corpora_read(struct arena *a, const char *name);

/* The same, of the system's Unicode data (/usr/share/unicode). */
struct str corpora_unicode(struct arena *a, const char *name);

/* A JSON file; the caller gives it back with json_decref. Skips as corpora_read does. */
json_t *corpora_json(struct arena *a, const char *name);

/* The bytes of a JSON string value. */
struct str corpora_string(const json_t *value);
