/*
 * Finding comments by words and names. The index is a database of its own (store/search), made of
 * the newsroom's comments and never the only copy of anything: it follows them a moment later, and
 * when it is missing, or is another newsroom's, or does not fit since a backup was restored, it is
 * made anew while the server runs.
 *
 * What is to be learnt or forgotten stands in the newsroom's table search_todo, written by
 * triggers. A step takes the index's turn to write, reads the newsroom's comments as they are then,
 * stores and only after that strikes them off; so two nodes cannot put old words over new ones.
 */
#pragma once

#include "domain/domain.h"
#include "text/search_words.h"

struct db;
struct search;

/* The name of the index within a newsroom's database on a server: db_options.beside. */
#define SEARCH_BESIDE "aitys_search"

/* Both databases are borrowed until search_free, and are closed after it. */
RETURNS_MEMORY struct search *search_new(struct db *index, struct db *newsroom);
/* Takes the address, accepts NULL, clears it. */
void search_free(struct search **s);

#define SEARCH_STEP_MAX 200 /* comments of one step */
#define SEARCH_PURGE_S 900  /* the index is rid of erased words once in so long, at most */

/*
 * Learns and forgets at most SEARCH_STEP_MAX comments, and when it is time clears away what is left
 * of erased words. *ret_more: another step has something to do already. Not from a writer's
 * thread. One statement when there is nothing to do. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool search_step(const struct domain *d, bool *ret_more, struct err *e);

/* How far the index is; callable from any thread. */
struct search_progress {
    bool is_whole;       /* it has all comments, but those of the last moment */
    int64_t done, total; /* comments; 0 and 0: it has not begun */
};
struct search_progress search_progress(const struct search *s);

/* Comments found, the newest first. place: where it stands in that order; goes down. */
struct search_spot {
    int64_t place, comment;
};
struct search_found {
    struct search_spot *items;
    size_t n;
};
struct search_want {
    const struct search_query *query;
    int64_t before; /* a place; INT64_MAX: from the newest on */
    int64_t max;    /* comments */
};
/*
 * Comments that have all that a query asks for; none when it asks for nothing, or there is no
 * index. One statement on the index. Memory: arena. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool search_find(const struct domain *d, struct arena *a, const struct search_want *want,
                          struct search_found *ret_found, struct err *e);
