#include "domain/check.h"

#include "domain/inner.h"

struct checking {
    const struct domain *d;
    struct tx *tx;
    void (*on_fault)(void *context, struct str what);
    void *context;
    size_t faults;
};

static void fault(struct checking *c, const char *what, int64_t id)
{
    c->faults++;
    c->on_fault(c->context, arena_printf(tx_arena(c->tx), "%" PRId64 ": %s", id, what));
}

/* One check: a statement that finds the ids for which something does not hold. */
#define CHECK(statement, what)                                                                     \
    static bool run_##statement(struct checking *c, struct err *e)                                 \
    {                                                                                              \
        struct statement##_in in = {c->d->site.id.v};                                              \
        struct statement##_out *rows;                                                              \
        size_t n;                                                                                  \
        if (!sql_##statement(c->tx, &in, &rows, &n, e))                                            \
            return false;                                                                          \
        for (size_t i = 0; i < n; i++)                                                             \
            fault(c, what, rows[i].id);                                                            \
        return true;                                                                               \
    }
CHECK(check_placed, "the conversation counts other comments than have a place")
CHECK(check_held, "the conversation counts other comments than are held")
CHECK(check_numbers, "the conversation's next number is taken")
CHECK(check_ratings, "the conversation counts other answers than were given")
CHECK(check_commenters, "the comment's author has other counts than comments judged")
CHECK(check_judged, "the comment is not judged as moderators last decided")
CHECK(check_states, "the comment's state is not what was last decided")
CHECK(check_reports, "the comment counts other open reports than there are")
CHECK(check_featured, "the comment is featured, but not published")
CHECK(check_kept_words, "words are kept of a comment that no moderator withdrew")
CHECK(check_batches, "the batch counts other comments than it decided on")
CHECK(check_undone, "a decision about the comment takes back what cannot be")
CHECK(check_trusts, "the team thinks of the comment's author otherwise than it last decided")
CHECK(check_trust_changes, "what the team thought of the comment's author does not hang together")
CHECK(check_reasons, "a decision about the comment gives a reason that the site never had")
CHECK(check_reason_texts, "the reason of that number has no name or words, or words have no reason")
CHECK(check_comment_owners, "the comment has no conversation or no commenter")
CHECK(check_decisions, "there is a decision about this comment, but no comment")
CHECK(check_articles, "the article has no conversation")
CHECK(check_editions, "there is an edition, but no article")
CHECK(check_bylines, "there is a byline without an edition, or with another time than it")
CHECK(check_pictures, "an edition's picture is not stored, or its edition is not there")

static bool (*const checks[])(struct checking *c, struct err *e) = {
    run_check_placed,     run_check_held,     run_check_numbers,  run_check_ratings,
    run_check_commenters, run_check_judged,   run_check_states,   run_check_comment_owners,
    run_check_decisions,  run_check_articles, run_check_editions, run_check_bylines,
    run_check_pictures,   run_check_reports,  run_check_featured, run_check_kept_words,
    run_check_batches,    run_check_undone,   run_check_trusts,   run_check_trust_changes,
    run_check_batches,    run_check_undone,   run_check_reasons,  run_check_reason_texts,
};

/* A row of check_places without a place in the arena: there may be millions. */
struct standing_row {
    int64_t id, thread, parent, depth, root;
    struct str path;
    bool has_parent, parent_placed;
    struct str parent_path;
};

/* What is wrong with where a comment stands; NULL: nothing. */
static const char *place_fault(struct arena *scratch, const struct standing_row *row)
{
    struct comment_id id = {row->id};
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n;
    if (row->thread != comment_id_thread(id).v || comment_id_number(id) == 0)
        return "the id does not belong to the conversation";
    if (!path_numbers(row->path, numbers, &n) || numbers[n - 1] != comment_id_number(id))
        return "the path does not lead to the comment";
    if (row->root != numbers[0] || row->depth != (int64_t)n)
        return "root or depth is not that of the path";
    if (row->parent == 0)
        return n == 1 ? NULL : "it answers nothing, but stands below something";
    if (!row->has_parent || comment_id_thread((struct comment_id){row->parent}).v != row->thread)
        return "what it answers is not in the conversation";
    if (!row->parent_placed)
        return "what it answers has no place";
    struct str path;
    int64_t depth;
    if (!path_reply(scratch, row->parent_path, comment_id_number(id), &path, &depth) ||
        !str_eq(path, row->path))
        return "it does not stand below what it answers";
    return NULL;
}

struct portion {
    struct checking *checking;
    struct arena *scratch;
    int64_t last;
    size_t n;
};

static bool on_place(void *context, const struct db_value *v, struct err *e)
{
    (void)e;
    struct portion *p = context;
    struct standing_row row = {.id = v[0].n,
                               .thread = v[1].n,
                               .parent = v[2].n,
                               .depth = v[3].n,
                               .root = v[4].n,
                               .path = v[5].s,
                               .has_parent = !v[6].is_null,
                               .parent_path = v[6].is_null ? STR_NONE : v[6].s,
                               .parent_placed = !v[7].is_null && v[7].n == 1};
    const char *what = place_fault(p->scratch, &row);
    if (what)
        fault(p->checking, what, row.id);
    arena_reset(p->scratch);
    p->last = row.id;
    p->n++;
    return true;
}

#define PORTION 1000

/* Walks through all comments in portions. */
static bool places_check(struct checking *c, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    struct portion p = {.checking = c, .scratch = scratch};
    do {
        p.n = 0;
        const struct db_value in[] = {{.type = DB_INT, .n = c->d->site.id.v},
                                      {.type = DB_INT, .n = p.last},
                                      {.type = DB_INT, .n = PORTION}};
        struct db_answer answer = {.row = on_place, .context = &p};
        if (!tx_ask(c->tx, SQL_CHECK_PLACES, in, &answer, e))
            return false;
    } while (p.n == PORTION);
    return true;
}

bool check_invariants(const struct domain *d, struct tx *tx,
                      void (*on_fault)(void *context, struct str what), void *context,
                      size_t *ret_faults, struct err *e)
{
    struct checking c = {.d = d, .tx = tx, .on_fault = on_fault, .context = context};
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (!checks[i](&c, e))
            return false;
    if (!places_check(&c, e))
        return false;
    *ret_faults = c.faults;
    return true;
}
