/*
 * Other people's test data, which lie outside the repository: in AITYS_CORPORA, or beside the
 * source tree in ../shared/corpora. Where they are not, tests say so in one line and are skipped.
 */
#pragma once

#include <jansson.h>

#include "base/arena.h"

/*
 * Skips the running test when a file is absent. Comes first in a test: skipping leaves it at once,
 * and what it holds by then would leak.
 */
void corpora_need(const char *name);
/* The same, of the system's Unicode data (/usr/share/unicode). */
void corpora_need_unicode(const char *name);

/* A whole file that was needed before; in the arena. */
struct str corpora_read(struct arena *a, const char *name);
struct str corpora_unicode(struct arena *a, const char *name);

/* A JSON file; the caller gives it back with json_decref. */
json_t *corpora_json(struct arena *a, const char *name);

/* The bytes of a JSON string value. */
struct str corpora_string(const json_t *value);
