#include "domain/rule_set.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/must.h"
#include "domain/inner.h"
#include "domain/rule.h"
#include "domain/rule_look.h"

/* ---- One rule ------------------------------------------------------------------------------- */

static void faults_of_words(const struct word_faults *words, struct rule_faults *ret)
{
    ret->n = words->n;
    ret->all = words->all;
    for (size_t i = 0; i < words->n; i++) {
        const struct word_fault *f = &words->items[i];
        ret->items[i] = (struct rule_fault){.kind = (enum rule_fault_kind)f->kind,
                                            .line = f->line,
                                            .first_line = f->first_line,
                                            .term = RULE_TERMS};
    }
}

static bool compile_words(struct compiled_rule *c, struct str source, struct rule_faults *faults,
                          struct err *e)
{
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(0);
    struct word_faults words;
    if (!word_list_compile(scratch, source, &c->words, &words, e))
        return false;
    faults_of_words(&words, faults);
    if (words.all == 0 && word_list_entries(c->words) == 0)
        *faults = (struct rule_faults){
            .items = {{.kind = RULE_FAULT_MISSING, .term = RULE_TERMS}}, .n = 1, .all = 1};
    return true;
}

bool rule_compile(const struct rule *rule, struct compiled_rule **ret,
                  struct rule_faults *ret_faults, struct err *e)
{
    if (rule->source.n > RULE_SOURCE_BYTES_MAX)
        return err_set(e, ERR_TOO_LARGE, 0, "a rule's source of %zu bytes", rule->source.n);
    struct arena *home = arena_new(0);
    struct compiled_rule *c = ARENA_NEW(home, struct compiled_rule);
    *c = (struct compiled_rule){
        .home = home, .id = rule->id, .rev = rule->rev, .kind = rule->kind, .does = rule->does};
    atomic_init(&c->holders, 1);
    if (c->kind != RULE_WORDS) {
        rule_terms_parse(home, c->kind, rule->source, &c->terms, ret_faults);
    } else if (!compile_words(c, rule->source, ret_faults, e)) {
        compiled_drop(&c);
        return false;
    }
    *ret = c;
    return true;
}

static struct compiled_rule *compiled_hold(struct compiled_rule *c)
{
    atomic_fetch_add(&c->holders, 1);
    return c;
}

void compiled_drop(struct compiled_rule **at)
{
    struct compiled_rule *c = *at;
    *at = NULL;
    if (!c || atomic_fetch_sub(&c->holders, 1) > 1)
        return;
    struct arena *home = c->home;
    word_list_free(&c->words);
    arena_free(&home);
}

size_t compiled_entries(const struct compiled_rule *c)
{
    if (c->words)
        return word_list_entries(c->words);
    size_t n = c->terms.refused.n + c->terms.allowed.n;
    for (enum rule_term t = 0; t < RULE_TERMS; t++)
        n += c->terms.numbers[t] != 0;
    return n;
}

const struct rule_terms *compiled_terms(const struct compiled_rule *c)
{
    return &c->terms;
}

/* ---- All of them ---------------------------------------------------------------------------- */

/* A rule of the set; compiled when it is on. */
struct member {
    int64_t id, rev;
    enum rule_kind kind;
    struct str name;
    struct compiled_rule *compiled;
};

struct rule_set {
    atomic_size_t holders;
    struct arena *home;
    struct member *members;
    size_t n;
};

struct rules {
    pthread_mutex_t lock; /* over `now` */
    struct rule_set *now; /* NULL: nothing was loaded */
};

struct rules *rules_new(void)
{
    struct rules *r = calloc(1, sizeof *r);
    MUST(r != NULL);
    MUST(pthread_mutex_init(&r->lock, NULL) == 0);
    return r;
}

static struct rule_set *set_hold(struct rules *r)
{
    MUST(pthread_mutex_lock(&r->lock) == 0);
    struct rule_set *set = r->now;
    if (set)
        atomic_fetch_add(&set->holders, 1);
    MUST(pthread_mutex_unlock(&r->lock) == 0);
    return set;
}

static void set_drop(struct rule_set **at)
{
    struct rule_set *set = *at;
    *at = NULL;
    if (!set || atomic_fetch_sub(&set->holders, 1) > 1)
        return;
    for (size_t i = 0; i < set->n; i++)
        compiled_drop(&set->members[i].compiled);
    struct arena *home = set->home;
    arena_free(&home);
}

void rules_free(struct rules **at)
{
    struct rules *r = *at;
    if (!r)
        return;
    set_drop(&r->now);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
    *at = NULL;
}

static const struct member *member_find(const struct rule_set *set, int64_t id)
{
    for (size_t i = 0; set && i < set->n; i++)
        if (set->members[i].id == id)
            return &set->members[i];
    return NULL;
}

/* What was compiled of a rule that is still the same; NULL: nothing. */
static struct compiled_rule *compiled_before(const struct rule_set *set, const struct rule *rule)
{
    const struct member *m = member_find(set, rule->id);
    return m && m->rev == rule->rev ? m->compiled : NULL;
}

static bool source_read(const struct domain *d, struct tx *tx, struct rule *rule, struct err *e)
{
    struct rule_source_in in = {d->site.id.v, rule->id};
    struct rule_source_out row;
    bool found;
    if (!sql_rule_source(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_BROKEN, 0, "rule %" PRId64 " is gone within a snapshot", rule->id);
    rule->source = row.source;
    return true;
}

bool rules_read(struct rules *r, const struct domain *d, struct tx *tx, struct rules_news *ret_news,
                struct err *e)
{
    ON_LEAVE(set_drop) struct rule_set *before = set_hold(r);
    struct rules_news news;
    if (!rule_list(d, tx, &news.rules, &news.n, e))
        return false;
    for (size_t i = 0; i < news.n; i++) {
        struct rule *rule = &news.rules[i];
        if (rule->is_on && !compiled_before(before, rule) && !source_read(d, tx, rule, e))
            return false;
    }
    *ret_news = news;
    return true;
}

static bool member_make(struct rule_set *set, const struct rule_set *before,
                        const struct rule *rule, struct err *e)
{
    struct rule_faults faults; /* a stored source has none, unless a newer version wrote it */
    struct member *m = &set->members[set->n];
    *m = (struct member){.id = rule->id,
                         .rev = rule->rev,
                         .kind = rule->kind,
                         .name = arena_copy(set->home, rule->name)};
    struct compiled_rule *same = compiled_before(before, rule);
    if (rule->is_on && same)
        m->compiled = compiled_hold(same);
    else if (rule->is_on && !rule_compile(rule, &m->compiled, &faults, e))
        return false;
    set->n++;
    return true;
}

bool rules_use(struct rules *r, const struct rules_news *news, struct err *e)
{
    ON_LEAVE(set_drop) struct rule_set *before = set_hold(r);
    struct arena *home = arena_new(0);
    struct rule_set *set = ARENA_NEW(home, struct rule_set);
    set->home = home;
    set->members = ARENA_ARRAY(home, struct member, news->n);
    atomic_init(&set->holders, 1);
    for (size_t i = 0; i < news->n; i++) {
        if (member_make(set, before, &news->rules[i], e))
            continue;
        e->kind = ERR_BROKEN;
        set_drop(&set);
        return err_where(e, "rule %" PRId64, news->rules[i].id);
    }
    MUST(pthread_mutex_lock(&r->lock) == 0);
    struct rule_set *last = r->now;
    r->now = set;
    MUST(pthread_mutex_unlock(&r->lock) == 0);
    set_drop(&last);
    return true;
}

bool rules_name(struct rules *r, struct arena *a, int64_t id, enum rule_kind *ret_kind,
                struct str *ret_name)
{
    ON_LEAVE(set_drop) struct rule_set *set = r ? set_hold(r) : NULL;
    const struct member *m = member_find(set, id);
    if (!m)
        return false;
    *ret_kind = m->kind;
    *ret_name = arena_copy(a, m->name);
    return true;
}

const struct rule_named *rules_named(struct rules *r, struct arena *a, size_t *ret_n)
{
    ON_LEAVE(set_drop) struct rule_set *set = r ? set_hold(r) : NULL;
    size_t n = set ? set->n : 0;
    struct rule_named *all = ARENA_ARRAY(a, struct rule_named, n);
    for (size_t i = 0; i < n; i++) {
        const struct member *m = &set->members[i];
        all[i] = (struct rule_named){m->id, m->kind, arena_copy(a, m->name)};
    }
    *ret_n = n;
    return all;
}

/* ---- A comment ------------------------------------------------------------------------------ */

/* The cheapest first; those that ask the database last. */
static const enum rule_kind by_cost[RULE_KINDS] = {RULE_SHAPE, RULE_LINKS, RULE_WORDS,
                                                   RULE_NEWCOMER, RULE_REPEAT};

static bool is_question(enum rule_kind kind)
{
    return kind == RULE_NEWCOMER || kind == RULE_REPEAT;
}

static struct str evidence_of(struct arena *a, const struct rule_hit *hit)
{
    struct buf b = buf_in(a, ARRAY_LEN(hit->marks) * MARK_PRINTED_MAX);
    for (size_t i = 0; i < hit->n_marks; i++)
        mark_print(&b, hit->marks[i], hit->notes[i]);
    return buf_str(&b);
}

static void ask_later(struct arena *a, const struct compiled_rule *c, size_t max,
                      struct rule_findings *f)
{
    if (!f->questions)
        f->questions = ARENA_ARRAY(a, struct rule_question, max);
    struct rule_question *q = &f->questions[f->n_questions++];
    *q = (struct rule_question){c->id, c->kind, c->does, {0}};
    memcpy(q->numbers, c->terms.numbers, sizeof q->numbers);
}

/* Runs those of one kind that would do more than what was met so far. */
static void look_kind(const struct rule_set *set, enum rule_kind kind, struct looking *l,
                      struct arena *a, struct rule_findings *f)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct compiled_rule *c = set->members[i].compiled;
        if (!c || c->kind != kind || (f->met.id && c->does >= f->met.does))
            continue;
        if (is_question(kind)) {
            ask_later(a, c, set->n, f);
            continue;
        }
        struct rule_hit hit = looking_at(l, c);
        if (hit.is_met)
            f->met = (struct rule_met){c->id, c->kind, c->does, evidence_of(a, &hit)};
    }
}

struct rule_findings rules_look(struct rules *r, struct arena *a, struct str text)
{
    struct rule_findings f = {0};
    ON_LEAVE(set_drop) struct rule_set *set = r ? set_hold(r) : NULL;
    if (!set || set->n == 0)
        return f;
    ON_LEAVE(looking_end) struct looking l = looking_begin(text);
    for (size_t i = 0; i < RULE_KINDS; i++)
        look_kind(set, by_cost[i], &l, a, &f);
    if (f.n_questions > 0)
        f.chars = looking_chars(&l);
    return f;
}
