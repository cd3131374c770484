/*
 * Pictures for readers: a source file's bytes become WebP in a few widths, without a trace of
 * where and with what they were taken. The decoding happens in aitys-picture, a sandboxed program
 * of its own; nothing it answers is believed unchecked.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "domain/articles.h"
#include "port/picture_answer.h"

struct picture_made {
    struct picture picture; /* without caption, credit and alt */
    struct picture_bytes sizes[PICTURE_SIZES_MAX];
    size_t n_sizes;
};

/*
 * Whether bytes look like a picture that can be published: kind and size, nothing else.
 * ret_why: "what is wrong; what to do"
 */
MUST_USE bool picture_may_be(struct str bytes, const char **ret_why);

/*
 * Where aitys-picture is: beside this program, or in ../libexec/aitys.
 * Errors  ERR_MISSING
 */
MUST_USE bool picture_worker_find(struct arena *a, const char **ret_path, struct err *e);

/*
 * Makes the sizes. worker: of picture_worker_find. Memory: the arena's.
 * Errors  ERR_INVALID (the picture cannot be used), ERR_BROKEN (the worker failed); why is
 *         "what is wrong; what to do"
 */
MUST_USE bool picture_make(struct arena *a, const char *worker, struct str source,
                           struct picture_made *ret_made, struct err *e);
