/*
 * View structs from JSON, by the tables of bind.def: an object is a view, an array a list, null or
 * a missing member is absent. For tests and samples only: it takes markup on trust.
 */
#pragma once

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "view/bind.h"

/*
 * A view struct made from an object; in the arena. Borrows the object's texts.
 * Errors ERR_INVALID: a member that the view does not have, or of another kind.
 */
MUST_USE bool fill_view(struct arena *a, const struct bind_view *v, const json_t *object,
                        const void **ret_data, struct err *e);

/*
 * A view struct in which every TEXT holds `text`, every HTML `html`, numbers are 1, flags true, and
 * lists and records have one item; records within records end after `depth`.
 */
const void *fill_all(struct arena *a, const struct bind_view *v, struct str text, struct str html,
                     size_t depth);
