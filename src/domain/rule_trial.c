#include "domain/rule_trial.h"

#include "domain/rule_judge.h"
#include "domain/rule_look.h"

#define NEWEST_LOOKED_AT 200 /* of a commenter's comments: as when one is written */

/* A page of comments. */
struct sample {
    const struct domain *d;
    struct tx *tx;
    struct rule_trial *trial;
    struct rule_sample_out *rows;
    size_t n;
    int64_t *figures; /* of rules that ask the database, one for each row */
};

static struct str ids_of(const struct sample *s)
{
    struct arena *a = tx_arena(s->tx);
    int64_t *ids = ARENA_ARRAY(a, int64_t, s->n);
    for (size_t i = 0; i < s->n; i++)
        ids[i] = s->rows[i].id;
    return ids_json(a, ids, s->n);
}

static void figure_set(struct sample *s, int64_t id, int64_t figure)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->rows[i].id == id)
            s->figures[i] = figure;
}

static bool published_read(struct sample *s, struct err *e)
{
    struct rule_sample_published_in in = {s->d->site.id.v, ids_of(s), NEWEST_LOOKED_AT};
    struct rule_sample_published_out *rows;
    size_t n;
    if (!sql_rule_sample_published(s->tx, &in, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        figure_set(s, rows[i].id, rows[i].published);
    return true;
}

static bool copies_read(struct sample *s, struct err *e)
{
    const int64_t *numbers = compiled_terms(s->trial->rule)->numbers;
    struct rule_sample_copies_in in = {s->d->site.id.v, ids_of(s), numbers[TERM_within] * 3600,
                                       numbers[TERM_copies]};
    struct rule_sample_copies_out *rows;
    size_t n;
    if (!sql_rule_sample_copies(s->tx, &in, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        figure_set(s, rows[i].id, rows[i].copies);
    return true;
}

static bool figures_read(struct sample *s, struct err *e)
{
    enum rule_kind kind = s->trial->rule->kind;
    s->figures = ARENA_ARRAY(tx_arena(s->tx), int64_t, s->n);
    if (s->n == 0 || (kind != RULE_NEWCOMER && kind != RULE_REPEAT))
        return true;
    return kind == RULE_NEWCOMER ? published_read(s, e) : copies_read(s, e);
}

/* Whether the rule would have met it, and where. */
static struct rule_hit hit_of(const struct sample *s, size_t i)
{
    const struct compiled_rule *rule = s->trial->rule;
    const struct rule_sample_out *row = &s->rows[i];
    const int64_t *numbers = rule->terms.numbers;
    if (rule->kind == RULE_NEWCOMER) {
        struct rule_writer w = {s->figures[i], row->created_s - row->commenter_s};
        return (struct rule_hit){.is_met = rule_newcomer_meets(numbers, &w)};
    }
    if (rule->kind == RULE_REPEAT)
        return (struct rule_hit){.is_met = s->figures[i] >= numbers[TERM_copies] &&
                                           rule_repeat_is_long(numbers, row->text)};
    return compiled_meets(rule, row->text);
}

static void example_add(struct rule_trial *t, const struct rule_sample_out *row,
                        const struct rule_hit *hit)
{
    if (t->n_examples == RULE_TRIAL_EXAMPLES)
        return;
    struct mark *marks = ARENA_ARRAY(t->arena, struct mark, hit->n_marks);
    memcpy(marks, hit->marks, hit->n_marks * sizeof *marks);
    t->examples[t->n_examples++] = (struct rule_example){.id = {row->id},
                                                         .state = state_of(row->state),
                                                         .judged = row->judged,
                                                         .created_s = row->created_s,
                                                         .text = arena_copy(t->arena, row->text),
                                                         .marks = {marks, hit->n_marks}};
}

static void note(struct rule_trial *t, const struct rule_sample_out *row,
                 const struct rule_hit *hit)
{
    t->seen++;
    t->oldest_s = row->created_s;
    t->last = (struct comment_id){row->id};
    if (!hit->is_met)
        return;
    t->met++;
    t->good += row->judged == 1;
    t->bad += row->judged == 2;
    t->judged_by_nobody += row->judged == 0;
    example_add(t, row, hit);
}

bool rule_trial_step(const struct domain *d, struct tx *tx, struct rule_trial *t, struct err *e)
{
    bool is_first = t->seen == 0;
    struct rule_sample_in in = {.site = d->site.id.v,
                                .since_s = t->until_s - INT64_C(86400) * RULE_TRIAL_DAYS,
                                .before_s = is_first ? t->until_s + 1 : t->oldest_s,
                                .before = is_first ? 0 : t->last.v,
                                .max = RULE_TRIAL_PAGE};
    struct sample s = {.d = d, .tx = tx, .trial = t};
    if (!sql_rule_sample(tx, &in, &s.rows, &s.n, e) || !figures_read(&s, e))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        struct rule_hit hit = hit_of(&s, i);
        note(t, &s.rows[i], &hit);
    }
    t->is_all = s.n < RULE_TRIAL_PAGE;
    t->is_done = t->is_all || t->seen >= RULE_TRIAL_COMMENTS_MAX;
    return true;
}
