#include "domain/rule_judge.h"

#include "text/count.h"

#define NEWEST_LOOKED_AT 200 /* of a commenter's comments */

bool rule_newcomer_meets(const int64_t numbers[static RULE_TERMS], const struct rule_writer *w)
{
    return (numbers[TERM_published] > 0 && w->published < numbers[TERM_published]) ||
           (numbers[TERM_hours] > 0 && w->age_s < numbers[TERM_hours] * 3600);
}

bool rule_repeat_is_long(const int64_t numbers[static RULE_TERMS], struct str text)
{
    return numbers[TERM_characters] == 0 || (int64_t)count_chars(text) >= numbers[TERM_characters];
}

static bool newcomer_meets(const struct domain *d, struct tx *tx, const struct rule_question *q,
                           const struct rule_subject *s, bool *ret_meets, struct err *e)
{
    struct rule_writer writer = {0};
    if (!s->is_new_commenter) {
        struct rule_writer_in in = {d->site.id.v, commenter_str(&s->commenter), NEWEST_LOOKED_AT};
        struct rule_writer_out row;
        bool found;
        if (!sql_rule_writer(tx, &in, &row, &found, e))
            return false;
        if (found)
            writer = (struct rule_writer){row.published, tx_now_s(tx) - row.created_s};
    }
    *ret_meets = rule_newcomer_meets(q->numbers, &writer);
    return true;
}

static bool repeat_meets(const struct domain *d, struct tx *tx, const struct rule_question *q,
                         const struct rule_subject *s, bool *ret_meets, struct err *e)
{
    const int64_t *n = q->numbers;
    int64_t now_s = tx_now_s(tx), since_s = now_s - n[TERM_within] * 3600;
    *ret_meets = false;
    if ((int64_t)s->findings->chars < n[TERM_characters])
        return true;
    struct rule_copies_in in = {.site = d->site.id.v,
                                .days = days_json(tx_arena(tx), since_s, now_s),
                                .text_hash = str_head(hash_str(s->words), WORDS_HASH_BYTES),
                                .since_s = since_s,
                                .thread = s->thread.v,
                                .max = n[TERM_copies]};
    struct rule_copies_out row;
    if (!sql_rule_copies(tx, &in, &row, e))
        return false;
    *ret_meets = row.copies >= n[TERM_copies];
    return true;
}

static bool question_meets(const struct domain *d, struct tx *tx, const struct rule_question *q,
                           const struct rule_subject *s, bool *ret_meets, struct err *e)
{
    return q->kind == RULE_NEWCOMER ? newcomer_meets(d, tx, q, s, ret_meets, e)
                                    : repeat_meets(d, tx, q, s, ret_meets, e);
}

bool rules_judge(const struct domain *d, struct tx *tx, const struct rule_subject *s,
                 struct rule_met *ret_met, struct err *e)
{
    struct rule_met met = {0};
    const struct rule_findings *f = s->findings;
    bool is_trusted = s->trust == TRUST_FULL;
    if (f->met.id && (!is_trusted || f->met.does == RULE_REJECTS))
        met = f->met;
    for (size_t i = 0; i < f->n_questions; i++) {
        const struct rule_question *q = &f->questions[i];
        bool meets;
        if ((met.id && q->does >= met.does) || (is_trusted && q->does != RULE_REJECTS))
            continue;
        if (!question_meets(d, tx, q, s, &meets, e))
            return false;
        if (meets)
            met = (struct rule_met){q->id, q->kind, q->does, STR_NONE};
    }
    *ret_met = met;
    return true;
}

enum comment_state rule_weigh(struct rule_met *met, enum comment_state without)
{
    if (met->does == RULE_REPORTS && without != COMMENT_PUBLISHED)
        *met = (struct rule_met){0};
    if (met->id == 0 || met->does == RULE_REPORTS)
        return without;
    return met->does == RULE_REJECTS ? COMMENT_REJECTED : COMMENT_HELD;
}

/* A comment is counted once, however often it is edited; its decision is there already. */
static bool met_count(const struct domain *d, struct tx *tx, const struct decision *why, int64_t id,
                      struct err *e)
{
    struct rule_count_met_in in = {d->site.id.v, id, why->comment.v, why->rule};
    return sql_rule_count_met(tx, &in, NULL, e);
}

/* A rule's report is one of its own among the readers': no reader's hash is all zeros. */
static const char nobody[16] = {0};

static bool report_put(const struct domain *d, struct tx *tx, struct comment_id id, struct err *e)
{
    struct rule_report_in in = {.site = d->site.id.v,
                                .comment = id.v,
                                .reporter = {nobody, sizeof nobody},
                                .network = {nobody, 0},
                                .at_s = tx_now_s(tx)};
    struct rule_reported_in count = {d->site.id.v, id.v};
    int64_t changed;
    return sql_rule_report(tx, &in, &changed, e) &&
           (changed == 0 || sql_rule_reported(tx, &count, NULL, e));
}

bool rule_report_end(const struct domain *d, struct tx *tx, struct comment_id id, struct err *e)
{
    struct rule_report_close_in in = {d->site.id.v, id.v, {nobody, sizeof nobody}, tx_now_s(tx)};
    struct comment_count_reports_in count = {d->site.id.v, id.v};
    int64_t changed;
    return sql_rule_report_close(tx, &in, &changed, e) &&
           (changed == 0 || sql_comment_count_reports(tx, &count, NULL, e));
}

bool rule_note(const struct domain *d, struct tx *tx, const struct rule_effect *effect,
               const struct rule_met *met, struct err *e)
{
    static const enum action actions[] = {[RULE_REJECTS] = ACTION_REJECT,
                                          [RULE_HOLDS] = ACTION_HOLD,
                                          [RULE_REPORTS] = ACTION_PUBLISH};
    if (met->id == 0)
        return true;
    struct decision why = {.comment = effect->comment,
                           .rule = arena_printf(tx_arena(tx), "rule:%" PRId64, met->id),
                           .evidence = met->evidence,
                           .action = actions[met->does],
                           .from = effect->from,
                           .to = effect->to,
                           .was.edited_s = effect->edited_s};
    if (met->does == RULE_REJECTS)
        why.reason = rule_reason(met->kind);
    return decision_put(d, tx, &why, e) &&
           (met->does != RULE_REPORTS || report_put(d, tx, effect->comment, e)) &&
           met_count(d, tx, &why, met->id, e);
}
