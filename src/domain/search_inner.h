/*
 * What search.c and search_check.c share: the index as it is stored. Nobody else includes this.
 */
#pragma once

#include "domain/search.h"
#include "store/search_statements.h"

/* How far an index is: state.stage. */
enum search_stage { SEARCH_WIPE, SEARCH_WALK, SEARCH_WHOLE };

/* The two databases. */
struct db *search_index(const struct search *s);
struct db *search_newsroom(const struct search *s);

/* Whether an index is of this newsroom, as this program folds words. */
bool search_is_ours(const struct domain *d, const struct state_get_out *state);

/*
 * A comment's words as they are stored, " as shown | as written | name ": what readers see, and
 * what they do not, as the address behind a link. Without the second when it is the same. Empty:
 * there are none.
 */
struct str search_folded(struct arena *a, struct str text, struct str name);
