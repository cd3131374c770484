#include "domain/check.h"

#include "base/buf.h"
#include "domain/inner.h"
#include "domain/ledger_read.h"

struct checking {
    const struct domain *d;
    struct tx *tx;
    void (*on_fault)(void *context, struct str what);
    void *context;
    size_t faults;
};

static void tell(struct checking *c, struct str what)
{
    c->faults++;
    c->on_fault(c->context, what);
}

/* ---- What statements find ------------------------------------------------------------------- */

static void fault_TEXT(struct checking *c, const char *what, struct str id)
{
    tell(c, arena_printf(tx_arena(c->tx), STR_FMT ": %s", STR_ARG(id), what));
}

static void fault_NUMBER(struct checking *c, const char *what, int64_t id)
{
    tell(c, arena_printf(tx_arena(c->tx), "%" PRId64 ": %s", id, what));
}

static void fault_HEX(struct checking *c, const char *what, struct str id)
{
    struct buf b = buf_in(tx_arena(c->tx), 2 * id.n + 1);
    buf_hex(&b, (const uint8_t *)id.p, id.n);
    fault_TEXT(c, what, buf_str(&b));
}

/* One check: a statement that finds the ids for which something does not hold. */
#define CHECK(statement, form, what)                                                               \
    static bool run_##statement(struct checking *c, struct err *e)                                 \
    {                                                                                              \
        struct statement##_in in = {c->d->site.id.v};                                              \
        struct statement##_out *rows;                                                              \
        size_t n;                                                                                  \
        if (!sql_##statement(c->tx, &in, &rows, &n, e))                                            \
            return false;                                                                          \
        for (size_t i = 0; i < n; i++)                                                             \
            fault_##form(c, what, rows[i].id);                                                     \
        return true;                                                                               \
    }
#include "domain/checks.def"
#undef CHECK

static bool (*const checks[])(struct checking *c, struct err *e) = {
#define CHECK(statement, form, what) run_##statement,
#include "domain/checks.def"
#undef CHECK
};

/* ---- Where comments stand ------------------------------------------------------------------- */

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
        fault_NUMBER(p->checking, what, row.id);
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

/* ---- The ledger ----------------------------------------------------------------------------- */

static void on_unmatched(void *context, struct str what)
{
    struct checking *c = context;
    tell(c, arena_printf(tx_arena(c->tx), "ledger: " STR_FMT, STR_ARG(what)));
}

/* As aitys ledger verify: the chain and its heads, and each entry against what it tells of. */
static bool ledger_is_checked(struct checking *c, struct err *e)
{
    ON_LEAVE(ledger_reader_close)
    struct ledger_reader *r = ledger_reader_open(c->d, c->tx, INT64_MAX);
    const struct ledger_source source = {ledger_reader_next, r};
    const struct ledger_trust trust = {.wants_end = false};
    struct ledger_verdict verdict;
    int64_t unmatched;
    if (!ledger_check(&source, &trust, &verdict, e))
        return false;
    if (!verdict.is_good)
        on_unmatched(c, str_of(verdict.fault));
    return ledger_match(c->d, c->tx, on_unmatched, c, &unmatched, e);
}

bool check_invariants(const struct domain *d, struct tx *tx,
                      void (*on_fault)(void *context, struct str what), void *context,
                      size_t *ret_faults, struct err *e)
{
    struct checking c = {.d = d, .tx = tx, .on_fault = on_fault, .context = context};
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (!checks[i](&c, e))
            return false;
    if (!places_check(&c, e) || !ledger_is_checked(&c, e))
        return false;
    *ret_faults = c.faults;
    return true;
}
