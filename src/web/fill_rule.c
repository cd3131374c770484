/*
 * Rules in words, and their form.
 */
#include <inttypes.h>

#include "text/language.h"
#include "text/markdown.h"
#include "web/address.h"
#include "web/gate.h"
#include "web/reply.h"
#include "web/rules.h"

/* ---- Words ---------------------------------------------------------------------------------- */

static const struct {
    struct str key;
    enum message name, about, told;
} kinds[RULE_KINDS + 1] = {
    [RULE_WORDS] = {STR_INIT("words"), T_RULE_KIND_WORDS, T_RULE_ABOUT_WORDS, T_RULE_TOLD_WORDS},
    [RULE_LINKS] = {STR_INIT("links"), T_RULE_KIND_LINKS, T_RULE_ABOUT_LINKS, T_RULE_TOLD_LINKS},
    [RULE_NEWCOMER] = {STR_INIT("newcomer"), T_RULE_KIND_NEWCOMER, T_RULE_ABOUT_NEWCOMER,
                       T_RULE_TOLD_NEWCOMER},
    [RULE_REPEAT] = {STR_INIT("repeat"), T_RULE_KIND_REPEAT, T_RULE_ABOUT_REPEAT,
                     T_RULE_TOLD_REPEAT},
    [RULE_SHAPE] = {STR_INIT("shape"), T_RULE_KIND_SHAPE, T_RULE_ABOUT_SHAPE, T_RULE_TOLD_SHAPE},
};

static const enum message does_texts[RULE_DOES_N + 1] = {
    [RULE_REJECTS] = T_RULE_REJECTS,
    [RULE_HOLDS] = T_RULE_HOLDS,
    [RULE_REPORTS] = T_RULE_REPORTS,
};

struct str rule_kind_key(enum rule_kind kind)
{
    return kinds[kind].key;
}

bool rule_kind_of(struct str key, enum rule_kind *ret_kind)
{
    for (int k = 1; k <= RULE_KINDS; k++) {
        if (!str_eq(kinds[k].key, key))
            continue;
        *ret_kind = (enum rule_kind)k;
        return true;
    }
    return false;
}

struct str fill_rule_told(struct request *rq, struct str reason)
{
    for (int k = 1; k <= RULE_KINDS; k++)
        if (str_eq(rule_reason((enum rule_kind)k), reason))
            return i18n_text(rq->words, kinds[k].told);
    return STR_NONE;
}

struct str fill_rule_name(struct request *rq, enum rule_kind kind, struct str name)
{
    return i18n_fill(rq->arena, rq->words, T_RULE_NAMED, i18n_text(rq->words, kinds[kind].name),
                     name);
}

struct str fill_rule_kind(struct request *rq, enum rule_kind kind)
{
    return i18n_text(rq->words, kinds[kind].name);
}

struct str fill_rule_about(struct request *rq, enum rule_kind kind)
{
    return i18n_text(rq->words, kinds[kind].about);
}

/* ---- The list ------------------------------------------------------------------------------- */

static struct str changed_text(struct request *rq, const struct rule *rule)
{
    struct str at = fill_time_text(rq, rule->changed_s, I18N_DATE_TIME);
    return rule->moderator_name.n
               ? i18n_fill(rq->arena, rq->words, T_RULE_CHANGED_BY, rule->moderator_name, at)
               : i18n_fill(rq->arena, rq->words, T_RULE_CHANGED_AT, at, STR_NONE);
}

struct rule_row fill_rule_row(struct request *rq, const struct rule *rule)
{
    const struct queue_filter met = {.which = QUEUE_ALL,
                                     .rule = arena_printf(rq->arena, "rule:%" PRId64, rule->id)};
    struct rule_row row = {
        .name = rule->name,
        .address = arena_printf(rq->arena, "/mod/rules/%" PRId64, rule->id),
        .kind_text = fill_rule_kind(rq, rule->kind),
        .does_text = i18n_text(rq->words, does_texts[rule->does]),
        .is_on = rule->is_on,
        .met_text = i18n_count(rq->arena, rq->words, T_RULE_MET, rule->met),
        .met_address = address_queue(rq->arena, &met),
        .changed_text = changed_text(rq, rule),
    };
    int64_t decided = rule->agreed + rule->overruled;
    if (decided > 0)
        row.disagreed_text = i18n_fill(rq->arena, rq->words, T_RULE_DISAGREED,
                                       i18n_number(rq->arena, rq->words, rule->overruled),
                                       i18n_number(rq->arena, rq->words, decided));
    if (rq->actor.access >= ACCESS_EDITOR)
        row.switch_action = arena_printf(rq->arena, "/mod/rules/%" PRId64 "/switch", rule->id);
    return row;
}

const struct rule_kind_row *fill_rule_kinds(struct request *rq, size_t *ret_n)
{
    struct rule_kind_row *rows = ARENA_ARRAY(rq->arena, struct rule_kind_row, RULE_KINDS);
    for (int k = 1; k <= RULE_KINDS; k++)
        rows[k - 1] = (struct rule_kind_row){
            .text = i18n_text(rq->words, kinds[k].name),
            .about = i18n_text(rq->words, kinds[k].about),
            .address = arena_printf(rq->arena, "/mod/new-rule/" STR_FMT, STR_ARG(kinds[k].key))};
    *ret_n = RULE_KINDS;
    return rows;
}

/* ---- What is wrong -------------------------------------------------------------------------- */

static struct str fault_text(struct request *rq, const struct rule_fault *f)
{
    static const enum message texts[RULE_FAULT_KINDS] = {
        [RULE_FAULT_LONG] = T_RULE_FAULT_LONG,
        [RULE_FAULT_WORDS] = T_RULE_FAULT_WORDS,
        [RULE_FAULT_CHARACTER] = T_RULE_FAULT_CHARACTER,
        [RULE_FAULT_STAR] = T_RULE_FAULT_STAR,
        [RULE_FAULT_SHORT] = T_RULE_FAULT_SHORT,
        [RULE_FAULT_REPEATED] = T_RULE_FAULT_TWICE,
        [RULE_FAULT_LINE] = T_RULE_FAULT_NUMBER,
        [RULE_FAULT_NAME] = T_RULE_FAULT_NUMBER,
        [RULE_FAULT_NUMBER] = T_RULE_FAULT_NUMBER,
        [RULE_FAULT_HOST] = T_RULE_FAULT_HOST,
        [RULE_FAULT_HOSTS] = T_RULE_FAULT_HOSTS,
        [RULE_FAULT_MISSING] = T_RULE_FAULT_MISSING,
    };
    if (f->kind == RULE_FAULT_REPEATED && f->first_line)
        return i18n_fill(rq->arena, rq->words, T_RULE_FAULT_REPEATED,
                         i18n_number(rq->arena, rq->words, f->first_line), STR_NONE);
    return i18n_text(rq->words, texts[f->kind]);
}

/* Of a list of words by line, of hosts by what was typed. */
static struct str fault_line(struct request *rq, const struct rule_draft *draft,
                             const struct rule_fault *f)
{
    struct str text = fault_text(rq, f);
    if (f->host.n > 0)
        return arena_printf(rq->arena, STR_FMT ": " STR_FMT, STR_ARG(f->host), STR_ARG(text));
    if (draft->rule.kind == RULE_WORDS && f->line > 0)
        return i18n_fill(rq->arena, rq->words, T_RULE_FAULT_LINE_NUMBER,
                         i18n_number(rq->arena, rq->words, f->line), text);
    return text;
}

static void fill_faults(struct request *rq, const struct rule_draft *draft, struct rule_page *p)
{
    const struct rule_faults *faults = &draft->faults;
    struct rule_fault_line *lines = ARENA_ARRAY(rq->arena, struct rule_fault_line, faults->n);
    for (size_t i = 0; i < faults->n; i++) {
        if (faults->items[i].term == RULE_TERMS) /* the others are said at their fields */
            lines[p->n_faults++].text = fault_line(rq, draft, &faults->items[i]);
    }
    p->faults = lines;
    p->error = i18n_count(rq->arena, rq->words, T_RULE_FAULTY, (int64_t)faults->all);
    p->has_faults_of_words = draft->rule.kind == RULE_WORDS;
    if (faults->all > faults->n)
        p->more_text =
            i18n_count(rq->arena, rq->words, T_RULE_FAULT_MORE, (int64_t)(faults->all - faults->n));
}

/* ---- The form ------------------------------------------------------------------------------- */

static struct str term_error(struct request *rq, const struct rule_draft *draft, enum rule_term t)
{
    for (size_t i = 0; i < draft->faults.n; i++)
        if (draft->faults.items[i].term == t)
            return fault_text(rq, &draft->faults.items[i]);
    return STR_NONE;
}

static void fill_fields(struct request *rq, const struct rule_draft *draft, struct rule_page *p)
{
    static const enum message labels[RULE_TERMS] = {
        [TERM_links] = T_RULE_TERM_LINKS,       [TERM_published] = T_RULE_TERM_PUBLISHED,
        [TERM_hours] = T_RULE_TERM_HOURS,       [TERM_copies] = T_RULE_TERM_COPIES,
        [TERM_within] = T_RULE_TERM_WITHIN,     [TERM_characters] = T_RULE_TERM_CHARACTERS,
        [TERM_capitals] = T_RULE_TERM_CAPITALS, [TERM_letters] = T_RULE_TERM_LETTERS,
        [TERM_run] = T_RULE_TERM_RUN,           [TERM_paragraph] = T_RULE_TERM_PARAGRAPH,
        [TERM_whole] = T_RULE_TERM_WHOLE,       [TERM_wordless] = T_RULE_TERM_WORDLESS,
    };
    struct rule_field *fields = ARENA_ARRAY(rq->arena, struct rule_field, RULE_TERMS);
    for (enum rule_term t = 0; t < RULE_TERMS; t++) {
        const struct rule_term_row *row = rule_term_row(t);
        if (row->kind != draft->rule.kind)
            continue;
        fields[p->n_fields++] = (struct rule_field){
            .key = row->name,
            .label = i18n_text(rq->words, labels[t]),
            .hint = i18n_fill(rq->arena, rq->words, T_RULE_BOUNDS,
                              i18n_number(rq->arena, rq->words, row->least),
                              i18n_number(rq->arena, rq->words, row->most)),
            .value = rule_terms_value(draft->rule.source, t),
            .error = term_error(rq, draft, t),
            .is_box = row->most == 1,
        };
    }
    p->fields = fields;
}

static const struct choice_option *fill_does(struct request *rq, enum rule_does selected,
                                             size_t *ret_n)
{
    struct choice_option *options = ARENA_ARRAY(rq->arena, struct choice_option, RULE_DOES_N);
    for (int does = 1; does <= RULE_DOES_N; does++)
        options[does - 1] =
            (struct choice_option){arena_printf(rq->arena, "%d", does),
                                   i18n_text(rq->words, does_texts[does]), does == (int)selected};
    *ret_n = RULE_DOES_N;
    return options;
}

/* What a refused form says of itself besides the faults of its lines. */
static void fill_refusal(struct request *rq, struct rule_page *p)
{
    enum message name = rq->form ? rq->faults.field[FIELD_rule_form_name] : T_NONE;
    if (!rq->err.kind || p->error.n)
        return;
    p->error = fill_form_error(rq);
    if (name == T_NONE)
        return;
    p->name_error = p->error;
}

void fill_rule_form(struct request *rq, const struct rule_draft *draft, struct rule_page *p)
{
    const struct rule *rule = &draft->rule;
    p->title = rule->id ? draft->title : i18n_text(rq->words, T_RULE_NEW);
    p->kind_text = fill_rule_kind(rq, rule->kind);
    p->about = arena_printf(rq->arena, STR_FMT ". " STR_FMT, STR_ARG(p->kind_text),
                            STR_ARG(fill_rule_about(rq, rule->kind)));
    p->token = gate_token(rq, CSRF_SESSION);
    p->rev = rule->rev;
    p->name = rule->name;
    p->name_max = RULE_NAME_CHARS_MAX;
    p->does = fill_does(rq, rule->does, &p->n_does);
    p->is_on = rule->is_on;
    p->is_words = rule->kind == RULE_WORDS;
    p->is_links = rule->kind == RULE_LINKS;
    if (p->is_words)
        p->words = rule->source;
    if (p->is_links) {
        p->refuse = rule_terms_hosts(rq->arena, rule->source, STR("refuse"));
        p->allow = rule_terms_hosts(rq->arena, rule->source, STR("allow"));
    }
    fill_fields(rq, draft, p);
    if (draft->faults.all > 0)
        fill_faults(rq, draft, p);
    fill_refusal(rq, p);
}

/* ---- The trial ------------------------------------------------------------------------------ */

static struct rule_example_view example_of(struct request *rq, const struct rule_example *x)
{
    return (struct rule_example_view){
        .address = arena_printf(rq->arena, "/mod/comments/%" PRId64, x->id.v),
        .time = fill_time(rq, x->created_s),
        .time_text = fill_time_text(rq, x->created_s, I18N_DATE_TIME),
        .state_text = fill_state_text(rq, x->state),
        .dir = language_text_direction(x->text, language_direction(rq->lang)) == DIRECTION_RTL
                   ? STR("rtl")
                   : STR("ltr"),
        .body = markdown_comment_marked(rq->arena, x->text, x->marks),
    };
}

const struct rule_trial_view *fill_rule_trial(struct request *rq, const struct rule_trial *t)
{
    struct rule_trial_view *v = ARENA_NEW(rq->arena, struct rule_trial_view);
    struct rule_example_view *examples =
        ARENA_ARRAY(rq->arena, struct rule_example_view, t->n_examples);
    for (size_t i = 0; i < t->n_examples; i++)
        examples[i] = example_of(rq, &t->examples[i]);
    struct str seen = i18n_number(rq->arena, rq->words, t->seen);
    *v = (struct rule_trial_view){
        .text = i18n_fill(rq->arena, rq->words, T_RULE_TRIAL_MET,
                          i18n_number(rq->arena, rq->words, t->met), seen),
        .good_text = i18n_number(rq->arena, rq->words, t->good),
        .bad_text = i18n_number(rq->arena, rq->words, t->bad),
        .nobody_text = i18n_number(rq->arena, rq->words, t->judged_by_nobody),
        .examples = examples,
        .n_examples = t->n_examples,
    };
    if (!t->is_all)
        v->part_text = i18n_fill(rq->arena, rq->words, T_RULE_TRIAL_PART,
                                 fill_time_text(rq, t->oldest_s, I18N_DATE_TIME), seen);
    return v;
}
