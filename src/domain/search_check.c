#include "domain/search_check.h"

#include "db/db.h"
#include "domain/inner.h"
#include "domain/search_inner.h"

#define PORTION 1000

struct checking {
    const struct domain *d;
    struct arena *arena; /* of a portion */
    struct arena *once;  /* of what is looked at a second time */
    void (*on_fault)(void *context, struct str what);
    void *context;
    size_t faults;
};

static void fault(struct checking *c, int64_t id, const char *what)
{
    c->faults++;
    c->on_fault(c->context, arena_printf(c->once, "%" PRId64 ": %s", id, what));
}

static bool index_read(const struct checking *c, struct arena *a, db_work *work, void *context,
                       struct err *e)
{
    return db_read(search_index(c->d->search), a, work, context, e);
}

static bool newsroom_read(const struct checking *c, struct arena *a, db_work *work, void *context,
                          struct err *e)
{
    return db_read(search_newsroom(c->d->search), a, work, context, e);
}

/* ---- Whether it is whole -------------------------------------------------------------------- */

struct progress {
    int64_t site, step;
    struct state_get_out state;
    bool found;
};

static bool step_read(struct tx *tx, void *context, struct err *e)
{
    struct progress *p = context;
    struct search_step_get_out row;
    if (!sql_search_step_get(tx, &(struct search_step_get_in){p->site}, &row, e))
        return false;
    p->step = row.n;
    return true;
}

static bool state_read(struct tx *tx, void *context, struct err *e)
{
    struct progress *p = context;
    return search_state_get(tx, &(struct state_get_in){p->site}, &p->state, &p->found, e);
}

/* The index is told of a step before the newsroom is, and may go on between what is read here. */
static bool is_whole(const struct checking *c, bool *ret_is_whole, struct err *e)
{
    struct progress p = {.site = c->d->site.id.v};
    if (!newsroom_read(c, c->arena, step_read, &p, e))
        return false;
    int64_t before = p.step;
    if (!index_read(c, c->arena, state_read, &p, e) ||
        !newsroom_read(c, c->arena, step_read, &p, e))
        return false;
    *ret_is_whole = p.found && p.state.stage == SEARCH_WHOLE && search_is_ours(c->d, &p.state) &&
                    p.state.step >= before && p.state.step <= p.step + 1;
    return true;
}

/* ---- One comment ---------------------------------------------------------------------------- */

struct look {
    const struct checking *c;
    int64_t comment;
    bool has_words, is_todo; /* in the newsroom */
    bool has_place;          /* in the index */
};

static bool comment_look(struct tx *tx, void *context, struct err *e)
{
    struct look *l = context;
    int64_t site = l->c->d->site.id.v;
    struct search_walk_in in = {site, l->comment - 1, 1};
    struct search_walk_out *rows;
    struct check_todo_out todo;
    size_t n;
    if (!sql_search_walk(tx, &in, &rows, &n, e) ||
        !sql_check_todo(tx, &(struct check_todo_in){site, l->comment}, &todo, e))
        return false;
    l->has_words = n > 0 && rows[0].id == l->comment &&
                   search_folded(tx_arena(tx), rows[0].text, rows[0].name).n > 0;
    l->is_todo = todo.n > 0;
    return true;
}

static bool place_look(struct tx *tx, void *context, struct err *e)
{
    struct look *l = context;
    struct entry_get_in in = {l->c->d->site.id.v, l->comment};
    struct entry_get_out row;
    return search_entry_get(tx, &in, &row, &l->has_place, e);
}

/* What does not seem to fit: all that is folded away, or a server changed it meanwhile. */
static bool doubt(struct checking *c, int64_t comment, struct err *e)
{
    struct look l = {.c = c, .comment = comment};
    arena_reset(c->once);
    if (!newsroom_read(c, c->once, comment_look, &l, e) ||
        !index_read(c, c->once, place_look, &l, e))
        return false;
    if (l.is_todo || l.has_words == l.has_place)
        return true;
    if (l.has_words)
        fault(c, comment, "the search index does not have the comment");
    else
        fault(c, comment, "the search index has this comment, which has no words");
    return true;
}

/* ---- All comments beside all places --------------------------------------------------------- */

struct portion {
    int64_t site, after;
    struct check_searched_out *comments;
    struct entry_walk_out *places;
    size_t n_comments, n_places;
};

static bool comments_read(struct tx *tx, void *context, struct err *e)
{
    struct portion *p = context;
    struct check_searched_in in = {p->site, p->after, PORTION};
    return sql_check_searched(tx, &in, &p->comments, &p->n_comments, e);
}

static bool places_read(struct tx *tx, void *context, struct err *e)
{
    struct portion *p = context;
    struct entry_walk_in in = {p->site, p->after, PORTION};
    return search_entry_walk(tx, &in, &p->places, &p->n_places, e);
}

/* Up to where both lists are whole. */
static int64_t portion_end(const struct portion *p)
{
    int64_t end = INT64_MAX;
    if (p->n_comments == PORTION)
        end = p->comments[PORTION - 1].id;
    if (p->n_places == PORTION && p->places[PORTION - 1].comment < end)
        end = p->places[PORTION - 1].comment;
    return end;
}

/* A comment or a place, or both of one: the next of the two lists. */
static bool pair_check(struct checking *c, const struct check_searched_out *comment,
                       const struct entry_walk_out *place, struct err *e)
{
    if (comment && comment->is_todo)
        return true;
    if (place && !place->words) {
        arena_reset(c->once);
        fault(c, place->comment, "the search index has this comment without its words");
    }
    bool has_words = comment && comment->has_words;
    return has_words == (place != NULL) || doubt(c, comment ? comment->id : place->comment, e);
}

static bool portion_check(struct checking *c, const struct portion *p, int64_t end, struct err *e)
{
    size_t i = 0, k = 0;
    while (c->faults < SEARCH_FAULTS_MAX) {
        int64_t comment = i < p->n_comments ? p->comments[i].id : INT64_MAX;
        int64_t place = k < p->n_places ? p->places[k].comment : INT64_MAX;
        int64_t next = comment < place ? comment : place;
        if (next > end || next == INT64_MAX)
            return true;
        if (!pair_check(c, comment == next ? &p->comments[i] : NULL,
                        place == next ? &p->places[k] : NULL, e))
            return false;
        i += comment == next;
        k += place == next;
    }
    return true;
}

static bool comments_check(struct checking *c, struct err *e)
{
    struct portion p = {.site = c->d->site.id.v};
    int64_t end = 0;
    while (end < INT64_MAX && c->faults < SEARCH_FAULTS_MAX) {
        arena_reset(c->arena);
        if (!newsroom_read(c, c->arena, comments_read, &p, e) ||
            !index_read(c, c->arena, places_read, &p, e))
            return false;
        end = portion_end(&p);
        if (!portion_check(c, &p, end, e))
            return false;
        p.after = end;
    }
    return true;
}

/* ---- Words at no place ---------------------------------------------------------------------- */

static bool astray_read(struct tx *tx, void *context, struct err *e)
{
    struct checking *c = context;
    struct words_astray_out *rows;
    size_t n;
    if (!search_words_astray(tx, &(struct words_astray_in){SEARCH_FAULTS_MAX}, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        fault(c, rows[i].place, "the search index has words at this place, but no comment");
    return true;
}

bool search_check(const struct domain *d, void (*on_fault)(void *context, struct str what),
                  void *context, struct search_verdict *ret_verdict, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(arena_free) struct arena *once = arena_new(0);
    struct checking c = {
        .d = d, .arena = a, .once = once, .on_fault = on_fault, .context = context};
    bool whole;
    if (!is_whole(&c, &whole, e))
        return false;
    if (whole && (!comments_check(&c, e) || !index_read(&c, a, astray_read, &c, e)))
        return false;
    *ret_verdict = (struct search_verdict){whole, c.faults};
    return true;
}
