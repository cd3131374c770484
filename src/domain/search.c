#include "domain/search_inner.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/must.h"
#include "domain/inner.h"
#include "text/shown.h"

#define FOLDING_VERSION 2 /* another one: all words are folded anew */
#define FOLDED_BYTES_MAX (256 * KiB)
#define QUERY_BYTES_MAX (8 * KiB)
#define PLACES_A_SECOND 24 /* bits */
#define SECONDS_MAX (INT64_C(1) << 38)

struct search {
    struct db *index, *newsroom;
    atomic_bool is_known; /* the rest was read from the index at least once */
    _Atomic int64_t stage, done, total;
    _Atomic int64_t purge_s; /* when erased words may be cleared away; 0: there are none */
};

struct search *search_new(struct db *index, struct db *newsroom)
{
    struct search *s = calloc(1, sizeof *s);
    MUST(s != NULL);
    s->index = index;
    s->newsroom = newsroom;
    return s;
}

void search_free(struct search **s)
{
    free(*s);
    *s = NULL;
}

struct db *search_index(const struct search *s)
{
    return s->index;
}

struct db *search_newsroom(const struct search *s)
{
    return s->newsroom;
}

struct search_progress search_progress(const struct search *s)
{
    return (struct search_progress){.is_whole = atomic_load(&s->stage) == SEARCH_WHOLE,
                                    .done = atomic_load(&s->done),
                                    .total = atomic_load(&s->total)};
}

/* ---- One step ------------------------------------------------------------------------------- */

/* A comment as it is to be found; text empty: not any more. */
struct lesson {
    int64_t comment, rev, created_s;
    struct str name, text;
};

struct step {
    const struct domain *d;
    struct state_get_out state;
    struct arena *arena;   /* of what is read of the newsroom */
    struct arena *scratch; /* of one comment */
    int64_t now_s;
    int64_t newsroom_step;  /* as many steps as the newsroom knows of */
    struct lesson *lessons; /* what there is to learn, */
    size_t n;               /* of which search_todo is */
    bool is_todo;           /* to be told */
    bool is_foreign;        /* a newer program's index: left alone */
    bool purged;
};

static struct hash newsroom_mark(const struct domain *d)
{
    return domain_hash(d, STR("search"), d->site.id.v, 0, STR_NONE);
}

bool search_is_ours(const struct domain *d, const struct state_get_out *state)
{
    struct hash mark = newsroom_mark(d);
    return str_eq(state->newsroom, hash_str(&mark)) && state->version == FOLDING_VERSION;
}

/* Whether the index is of this newsroom as it is, and of this program. */
static bool is_of(const struct step *s)
{
    int64_t ahead = s->state.step - s->newsroom_step;
    return search_is_ours(s->d, &s->state) && (ahead == 0 || ahead == 1);
}

static bool todo_read(struct tx *tx, struct step *s, struct err *e)
{
    struct search_todo_list_in in = {s->d->site.id.v, SEARCH_STEP_MAX};
    struct search_todo_list_out *rows;
    if (!sql_search_todo_list(tx, &in, &rows, &s->n, e))
        return false;
    s->lessons = ARENA_ARRAY(s->arena, struct lesson, s->n);
    for (size_t i = 0; i < s->n; i++)
        s->lessons[i] = (struct lesson){rows[i].comment, rows[i].rev, rows[i].created_s.v,
                                        rows[i].name, rows[i].text};
    s->is_todo = true;
    return true;
}

static bool walk_read(struct tx *tx, struct step *s, struct err *e)
{
    struct search_walk_in in = {s->d->site.id.v, s->state.walked, SEARCH_STEP_MAX};
    struct search_walk_out *rows;
    if (!sql_search_walk(tx, &in, &rows, &s->n, e))
        return false;
    s->lessons = ARENA_ARRAY(s->arena, struct lesson, s->n);
    for (size_t i = 0; i < s->n; i++)
        s->lessons[i] =
            (struct lesson){rows[i].id, 0, rows[i].created_s, rows[i].name, rows[i].text};
    return true;
}

static bool total_read(struct tx *tx, struct step *s, struct err *e)
{
    struct search_total_out row;
    if (!sql_search_total(tx, &(struct search_total_in){s->d->site.id.v}, &row, e))
        return false;
    s->state.total = row.n;
    return true;
}

/* What this step is about, from the newsroom; decides the stage. */
static bool newsroom_read(struct tx *tx, void *context, struct err *e)
{
    struct step *s = context;
    struct search_step_get_out row;
    if (!sql_search_step_get(tx, &(struct search_step_get_in){s->d->site.id.v}, &row, e))
        return false;
    s->newsroom_step = row.n;
    s->is_foreign = s->state.version > FOLDING_VERSION;
    if (!s->is_foreign && !is_of(s))
        s->state.stage = SEARCH_WIPE;
    if (s->is_foreign)
        return true;
    if (s->state.stage == SEARCH_WIPE)
        return total_read(tx, s, e);
    return s->state.stage == SEARCH_WALK ? walk_read(tx, s, e) : todo_read(tx, s, e);
}

static bool are_same(const struct search_words *one, const struct search_words *other)
{
    if (one->n != other->n)
        return false;
    for (size_t i = 0; i < one->n; i++) {
        if (!str_eq(one->items[i].folded, other->items[i].folded))
            return false;
    }
    return true;
}

static void words_put(struct buf *b, const struct search_words *words)
{
    buf_char(b, ' ');
    for (size_t i = 0; i < words->n; i++)
        buf_printf(b, STR_FMT " ", STR_ARG(words->items[i].folded));
}

struct str search_folded(struct arena *a, struct str text, struct str name)
{
    const struct search_words shown = search_words_of(a, shown_of(a, text).text),
                              written = search_words_of(a, text), by = search_words_of(a, name);
    struct buf b = buf_in(a, FOLDED_BYTES_MAX);
    if (shown.n + written.n + by.n == 0)
        return STR_NONE;
    words_put(&b, &shown);
    if (!are_same(&shown, &written)) {
        buf_char(&b, '|');
        words_put(&b, &written);
    }
    buf_char(&b, '|');
    words_put(&b, &by);
    return buf_str(&b);
}

static bool place_drop(struct tx *tx, struct step *s, int64_t place, struct err *e)
{
    int64_t changed;
    s->state.erased = 1;
    return search_words_drop(tx, &(struct words_drop_in){place}, &changed, e) &&
           search_entry_drop(tx, &(struct entry_drop_in){place}, &changed, e);
}

/* Takes away what a comment was found by, unless it is still the same. */
static bool old_drop(struct tx *tx, struct step *s, const struct lesson *l, struct str folded,
                     bool *ret_same, struct err *e)
{
    struct entry_get_out entry;
    struct words_get_out words;
    bool found, has_words;
    *ret_same = false;
    if (!search_entry_get(tx, &(struct entry_get_in){s->d->site.id.v, l->comment}, &entry, &found,
                          e))
        return false;
    if (!found)
        return true;
    if (!search_words_get(tx, &(struct words_get_in){entry.place}, &words, &has_words, e))
        return false;
    *ret_same = has_words && folded.n > 0 && str_eq(words.folded, folded);
    return *ret_same || place_drop(tx, s, entry.place, e);
}

static bool lesson_learn(struct tx *tx, struct step *s, const struct lesson *l, struct err *e)
{
    struct str folded = search_folded(s->scratch, l->text, l->name);
    struct entry_add_out entry;
    bool is_same;
    int64_t second = l->created_s < 1 ? 1 : l->created_s > SECONDS_MAX ? SECONDS_MAX : l->created_s;
    int64_t changed;
    if (!old_drop(tx, s, l, folded, &is_same, e))
        return false;
    if (is_same || folded.n == 0)
        return true;
    return search_entry_add(
               tx, &(struct entry_add_in){s->d->site.id.v, l->comment, second << PLACES_A_SECOND},
               &entry, e) &&
           search_words_put(tx, &(struct words_put_in){entry.place, folded}, &changed, e);
}

static bool lessons_learn(struct tx *tx, struct step *s, struct err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        arena_reset(s->scratch);
        if (!lesson_learn(tx, s, &s->lessons[i], e))
            return false;
    }
    return true;
}

/* Some of what is there goes; when nothing is left the walk may begin. */
static bool wipe(struct tx *tx, struct step *s, struct err *e)
{
    struct entry_any_in in = {s->d->site.id.v, SEARCH_STEP_MAX};
    struct entry_any_out *rows;
    size_t n;
    if (!search_entry_any(tx, &in, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!place_drop(tx, s, rows[i].place, e))
            return false;
    }
    s->state.done = s->state.walked = 0;
    if (n == SEARCH_STEP_MAX)
        return true;
    struct hash mark = newsroom_mark(s->d);
    s->state.newsroom = arena_copy(s->arena, hash_str(&mark));
    s->state.version = FOLDING_VERSION;
    s->state.step = s->newsroom_step;
    s->state.stage = SEARCH_WALK;
    return true;
}

static bool walk(struct tx *tx, struct step *s, struct err *e)
{
    if (!lessons_learn(tx, s, e))
        return false;
    if (s->n > 0)
        s->state.walked = s->lessons[s->n - 1].comment;
    s->state.done += (int64_t)s->n;
    if (s->n < SEARCH_STEP_MAX)
        s->state.stage = SEARCH_WHOLE;
    return true;
}

/* Clears erased words away, when it is time; not while there is much to learn. */
static bool purge(struct tx *tx, struct step *s, struct err *e)
{
    int64_t changed;
    if (!s->state.erased || s->n == SEARCH_STEP_MAX ||
        s->now_s < s->state.purged_s + SEARCH_PURGE_S)
        return true;
    s->state.erased = 0;
    s->state.purged_s = s->now_s;
    s->purged = true;
    return search_words_purge(tx, &changed, e);
}

static bool follow(struct tx *tx, struct step *s, struct err *e)
{
    if (s->n > 0)
        s->state.step = s->newsroom_step + 1;
    return lessons_learn(tx, s, e) && purge(tx, s, e);
}

static bool state_store(struct tx *tx, const struct step *s, struct err *e)
{
    const struct state_get_out *st = &s->state;
    struct state_put_in in = {s->d->site.id.v, st->newsroom, st->version, st->step,   st->stage,
                              st->walked,      st->done,     st->total,   st->erased, st->purged_s};
    int64_t changed;
    return search_state_put(tx, &in, &changed, e);
}

/* On the index's writer, whose turn it is among all nodes. */
static bool index_write(struct tx *tx, void *context, struct err *e)
{
    struct step *s = context;
    bool found;
    tx_changes(tx, NULL, 0);
    if (!search_state_get(tx, &(struct state_get_in){s->d->site.id.v}, &s->state, &found, e))
        return false;
    if (!found)
        s->state = (struct state_get_out){.stage = SEARCH_WIPE};
    if (!db_read(s->d->search->newsroom, s->arena, newsroom_read, s, e))
        return false;
    if (s->is_foreign)
        return true;
    enum search_stage stage = (enum search_stage)s->state.stage;
    bool good = stage == SEARCH_WIPE   ? wipe(tx, s, e)
                : stage == SEARCH_WALK ? walk(tx, s, e)
                                       : follow(tx, s, e);
    return good && state_store(tx, s, e);
}

/* What the index has learnt is struck off. */
static bool todo_drop(struct tx *tx, void *context, struct err *e)
{
    const struct step *s = context;
    int64_t site = s->d->site.id.v, changed;
    tx_changes(tx, NULL, 0);
    for (size_t i = 0; i < s->n; i++) {
        struct search_todo_drop_in in = {site, s->lessons[i].comment, s->lessons[i].rev};
        if (!sql_search_todo_drop(tx, &in, &changed, e))
            return false;
    }
    return sql_search_step_put(tx, &(struct search_step_put_in){site, s->state.step}, &changed, e);
}

static bool todo_peek(struct tx *tx, void *context, struct err *e)
{
    struct step *s = context;
    struct search_todo_list_out *rows;
    s->now_s = tx_now_s(tx);
    return sql_search_todo_list(tx, &(struct search_todo_list_in){s->d->site.id.v, 1}, &rows, &s->n,
                                e);
}

static void progress_note(struct search *search, const struct step *s)
{
    const struct state_get_out *st = &s->state;
    atomic_store(&search->done, st->done);
    atomic_store(&search->total, st->total);
    atomic_store(&search->stage, st->stage);
    atomic_store(&search->purge_s, st->erased ? st->purged_s + SEARCH_PURGE_S : 0);
    atomic_store(&search->is_known, true);
}

/* Whether all that a step could do is to learn what is in search_todo. */
static bool is_resting(const struct search *search, int64_t now_s)
{
    int64_t purge_s = atomic_load(&search->purge_s);
    return atomic_load(&search->is_known) && atomic_load(&search->stage) == SEARCH_WHOLE &&
           (purge_s == 0 || now_s < purge_s);
}

static bool step_do(struct search *search, struct step *s, bool *ret_more, struct err *e)
{
    if (!db_write_now(search->index, s->arena, index_write, s, e))
        return false;
    progress_note(search, s);
    if (s->purged)
        db_scrub(search->index);
    *ret_more = !s->is_foreign && (s->state.stage != SEARCH_WHOLE || s->n == SEARCH_STEP_MAX);
    return !s->is_todo || s->n == 0 || db_write_now(search->newsroom, s->arena, todo_drop, s, e);
}

bool search_step(const struct domain *d, bool *ret_more, struct err *e)
{
    struct search *search = d->search;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    struct step s = {.d = d, .arena = a, .scratch = scratch};
    *ret_more = false;
    if (!db_read(search->newsroom, a, todo_peek, &s, e))
        return false;
    if (s.n == 0 && is_resting(search, s.now_s))
        return true;
    return step_do(search, &s, ret_more, e);
}

/* ---- Finding -------------------------------------------------------------------------------- */

/* The terms for FTS5: "one" * AND "two". Folded words have no quotation mark. */
static struct str query_print(struct arena *a, const struct search_query *q)
{
    struct buf b = buf_in(a, QUERY_BYTES_MAX);
    for (size_t i = 0; i < q->n_terms; i++)
        buf_printf(&b, "%s\"" STR_FMT "\"%s", i ? " AND " : "", STR_ARG(q->terms[i].folded),
                   q->terms[i].is_whole ? "" : " *");
    MUST(buf_ok(&b));
    return buf_str(&b);
}

/* The words of a phrase as they stand in what is stored; empty when there is no such phrase. */
static struct str phrase_print(struct arena *a, const struct search_query *q, size_t i)
{
    struct buf b = buf_in(a, QUERY_BYTES_MAX);
    if (i >= q->n_phrases)
        return STR_NONE;
    buf_char(&b, ' ');
    for (size_t k = 0; k < q->phrases[i].n; k++)
        buf_printf(&b, STR_FMT " ", STR_ARG(q->terms[q->phrases[i].first + k].folded));
    MUST(buf_ok(&b));
    return buf_str(&b);
}

struct finding {
    struct words_find_in in;
    struct words_find_out *rows;
    size_t n;
};

static bool find(struct tx *tx, void *context, struct err *e)
{
    struct finding *f = context;
    return search_words_find(tx, &f->in, &f->rows, &f->n, e);
}

bool search_find(const struct domain *d, struct arena *a, const struct search_want *want,
                 struct search_found *ret_found, struct err *e)
{
    const struct search_query *q = want->query;
    *ret_found = (struct search_found){NULL, 0};
    if (!d->search || q->n_terms == 0)
        return true;
    struct finding f = {.in = {d->site.id.v, query_print(a, q), want->before, phrase_print(a, q, 0),
                               phrase_print(a, q, 1), want->max}};
    if (!db_read(d->search->index, a, find, &f, e))
        return false;
    ret_found->items = ARENA_ARRAY(a, struct search_spot, f.n);
    ret_found->n = f.n;
    for (size_t i = 0; i < f.n; i++)
        ret_found->items[i] = (struct search_spot){f.rows[i].place, f.rows[i].comment};
    return true;
}
