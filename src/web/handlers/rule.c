/*
 * The site's rules: looking at them, trying, changing.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "text/name.h"
#include "web/gate.h"
#include "web/reply.h"
#include "web/rules.h"

/* ---- The list ------------------------------------------------------------------------------- */

/* ?done=added, on, off, removed, and changed.NEW.GONE with the lines that are. */
static const struct notice_view *done_notice(struct request *rq)
{
    static const struct {
        struct str what;
        enum message text;
    } all[] = {
        {STR_INIT("added"), T_RULE_DONE_ADDED},
        {STR_INIT("on"), T_RULE_DONE_ON},
        {STR_INIT("off"), T_RULE_DONE_OFF},
        {STR_INIT("removed"), T_RULE_DONE_REMOVED},
    };
    struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (!str_eq(rq->query.done, all[i].what))
            continue;
        notice->text = i18n_text(rq->words, all[i].text);
        return notice;
    }
    struct str what, lines, fresh, gone;
    int64_t n_fresh, n_gone;
    if (!str_cut(rq->query.done, '.', &what, &lines) || !str_eq(what, STR("changed")) ||
        !str_cut(lines, '.', &fresh, &gone) || !str_to_int64(fresh, 0, INT32_MAX, &n_fresh) ||
        !str_to_int64(gone, 0, INT32_MAX, &n_gone))
        return NULL;
    notice->text = i18n_fill(rq->arena, rq->words, T_RULE_DONE_CHANGED,
                             i18n_number(rq->arena, rq->words, n_fresh),
                             i18n_number(rq->arena, rq->words, n_gone));
    return notice;
}

bool rules_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_RULES), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct rules_page *p = ARENA_NEW(rq->arena, struct rules_page);
    struct rule *rules;
    size_t n;
    if (!frame_fill(rq, tx, &want, f, e) || !rule_list(rq->web->o.domain, tx, &rules, &n, e))
        return false;
    struct rule_row *rows = ARENA_ARRAY(rq->arena, struct rule_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = fill_rule_row(rq, &rules[i]);
    *p = (struct rules_page){.moderator = f->moderator,
                             .notice = done_notice(rq),
                             .rules = rows,
                             .n_rules = n,
                             .token = gate_token(rq, CSRF_SESSION)};
    if (rq->actor.access >= ACCESS_EDITOR)
        p->kinds = fill_rule_kinds(rq, &p->n_kinds);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_RULES, p);
    return true;
}

/* ---- The form ------------------------------------------------------------------------------- */

static bool read_id(const struct request *rq, int64_t *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX, ret_id) ||
           err_set(e, ERR_MISSING, 0, "no such rule");
}

/* Without what form fields put between lines: one line end for each. */
static struct str without_returns(struct request *rq, struct str s)
{
    if (str_find_char(s, '\r') < 0)
        return s;
    struct buf b = buf_in(rq->arena, s.n);
    struct str line;
    while (str_next(&s, '\r', &line))
        buf_put(&b, line);
    return buf_str(&b);
}

/* The source that the form's fields say. */
static struct str typed_source(struct request *rq, enum rule_kind kind)
{
    const struct rule_form *form = rq->form;
    const struct str values[RULE_TERMS] = {
#define TERM(kind, name, least, most, about) [TERM_##name] = str_trim(form->name),
#include "model/rule_terms.def"
#undef TERM
    };
    if (kind == RULE_WORDS)
        return without_returns(rq, form->words);
    return rule_terms_print(rq->arena, kind, values, without_returns(rq, form->refuse),
                            without_returns(rq, form->allow));
}

/* Puts what was typed in place of what is stored. */
static void take_form(struct request *rq, struct rule_draft *draft)
{
    const struct rule_form *form = rq->form;
    struct rule *rule = &draft->rule;
    draft->source = rule->source;
    /* After a conflict the form is made for what is there now: whoever saves again, replaces it. */
    if (rq->err.kind != ERR_CONFLICT)
        rule->rev = form->rev;
    rule->name = form->name;
    rule->does = form->does ? (enum rule_does)form->does : RULE_HOLDS;
    rule->is_on = form->is_on != 0;
    rule->source = typed_source(rq, rule->kind);
}

/* The rule that the address names, as it is stored; a new one: as it is to begin with. */
static bool read_rule(struct request *rq, struct tx *tx, struct rule_draft *draft, struct err *e)
{
    int64_t id;
    if (rule_kind_of(rq->args[0], &draft->rule.kind)) {
        draft->rule.does = RULE_HOLDS;
        draft->rule.is_on = true;
        return true;
    }
    if (!read_id(rq, &id, e) || !rule_get(rq->web->o.domain, tx, id, &draft->rule, e))
        return false;
    draft->title = draft->rule.name;
    return true;
}

static struct str address_of(struct request *rq, const struct rule *rule, const char *what)
{
    if (rule->id)
        return arena_printf(rq->arena, "/mod/rules/%" PRId64 "%s", rule->id, what);
    struct str kind = rule_kind_key(rule->kind);
    return arena_printf(rq->arena, "/mod/new-rule/" STR_FMT "%s", STR_ARG(kind), what);
}

static bool show_draft(struct request *rq, struct tx *tx, const struct rule_draft *draft,
                       struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct rule_page *p = ARENA_NEW(rq->arena, struct rule_page);
    *p = (struct rule_page){.notice = done_notice(rq)};
    fill_rule_form(rq, draft, p);
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    p->moderator = f->moderator;
    if (rq->actor.access >= ACCESS_EDITOR) {
        p->action = address_of(rq, &draft->rule, "");
        p->try_action = address_of(rq, &draft->rule, "/try");
        if (draft->rule.id)
            p->remove_address = address_of(rq, &draft->rule, "/remove");
    }
    if (draft->is_tried)
        p->trial = fill_rule_trial(rq, &draft->trial);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_RULE, p);
    return true;
}

bool rule_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct rule_draft *draft = ARENA_NEW(rq->arena, struct rule_draft);
    const struct rule_draft *before = rq->prepared;
    if (!read_rule(rq, tx, draft, e))
        return false;
    if (rq->form)
        take_form(rq, draft);
    if (before)
        draft->faults = before->faults;
    return show_draft(rq, tx, draft, e);
}

bool rule_new_show(struct request *rq, struct tx *tx, struct err *e)
{
    enum rule_kind kind;
    if (!rule_kind_of(rq->args[0], &kind))
        return err_set(e, ERR_MISSING, 0, "no such kind of rule");
    return rule_show(rq, tx, e);
}

/* ---- What was typed ------------------------------------------------------------------------- */

static bool read_work(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    return read_rule(rq, tx, rq->prepared, e);
}

/*
 * Reads the stored rule and what was typed, and compiles that: outside of transactions. Errors
 * ERR_INVALID (the draft's faults say why), ERR_MISSING, ERR_TOO_LARGE
 */
static bool draft_open(struct request *rq, struct compiled_rule **ret_compiled, struct err *e)
{
    struct rule_draft *draft = rq->prepared = ARENA_NEW(rq->arena, struct rule_draft);
    if (!gate_read(rq, read_work, rq, e))
        return false;
    take_form(rq, draft);
    if (!rule_compile(&draft->rule, ret_compiled, &draft->faults, e)) {
        if (e->kind == ERR_TOO_LARGE)
            e->say = T_RULE_TOO_LARGE;
        return false;
    }
    if (draft->faults.all == 0)
        return true;
    compiled_drop(ret_compiled);
    return err_set(e, ERR_INVALID, 0, "%zu faults in a rule", draft->faults.all);
}

/* ---- Trying --------------------------------------------------------------------------------- */

static bool trial_work(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    struct rule_draft *draft = rq->prepared;
    return rule_trial_step(rq->web->o.domain, tx, &draft->trial, e);
}

static bool trial_show(struct tx *tx, void *context, struct err *e)
{
    struct request *rq = context;
    return show_draft(rq, tx, rq->prepared, e);
}

/* Page by page, so that no read is long, and not for longer than somebody waits. */
static bool trial_run(struct request *rq, struct rule_trial *trial, struct err *e)
{
    const struct clock *clock = rq->web->o.clock;
    int64_t begun_ms = clock_ticks_ms(clock);
    ON_LEAVE(arena_free) struct arena *page = arena_new(0);
    do {
        arena_reset(page);
        if (!gate_read_aside(rq, page, trial_work, rq, e))
            return false;
    } while (!trial->is_done && clock_ticks_ms(clock) - begun_ms < RULE_TRIAL_MS_MAX);
    return true;
}

bool rule_try(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    struct compiled_rule *compiled = NULL;
    if (!draft_open(rq, &compiled, e))
        return false;
    struct rule_draft *draft = rq->prepared;
    draft->trial = (struct rule_trial){.rule = compiled, .arena = rq->arena, .until_s = rq->now_s};
    draft->is_tried = trial_run(rq, &draft->trial, e);
    compiled_drop(&compiled);
    return draft->is_tried && gate_read(rq, trial_show, rq, e);
}

bool rule_new_try(struct request *rq, struct tx *tx, struct err *e)
{
    return rule_try(rq, tx, e);
}

/* ---- Saving --------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The lines of a source that say something, sorted. */
static struct str *lines_of(struct request *rq, struct str source, size_t *ret_n)
{
    struct str *lines = NULL, line;
    size_t n = 0, capacity = 0;
    while (str_next(&source, '\n', &line)) {
        line = str_trim(line);
        if (line.n > 0)
            *ARENA_PUSH(rq->arena, lines, n, capacity) = line;
    }
    if (n > 0)
        qsort(lines, n, sizeof *lines, by_bytes);
    *ret_n = n;
    return lines;
}

/* How many lines are new and gone: "changed.3.1". */
static struct str changes_of(struct request *rq, struct str before, struct str after)
{
    size_t n_old, n_new, i = 0, k = 0, same = 0;
    const struct str *old = lines_of(rq, before, &n_old);
    const struct str *new = lines_of(rq, after, &n_new);
    while (i < n_old && k < n_new) {
        int order = str_cmp(old[i], new[k]);
        same += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return arena_printf(rq->arena, "changed.%zu.%zu", n_new - same, n_old - same);
}

struct saving {
    struct request *rq;
    struct rule_plan plan;
    int64_t id;
};

static bool save_work(struct tx *tx, void *context, struct err *e)
{
    static const uint64_t tag = TAG_RULES;
    struct saving *s = context;
    tx_changes(tx, &tag, 1);
    return rule_save(s->rq->web->o.domain, tx, &s->rq->actor, &s->plan, &s->id, e);
}

/* Rules that work go by their names; one that is only tried has none yet. */
static bool is_named(struct request *rq, struct err *e)
{
    if (name_is_visible(FORM_OF(rq, rule_form)->name))
        return true;
    rq->faults.field[FIELD_rule_form_name] = T_RULE_NAME_EMPTY;
    return err_set(e, ERR_INVALID, 0, "a rule without a name");
}

static bool save(struct request *rq, struct err *e)
{
    struct compiled_rule *compiled = NULL;
    if (!is_named(rq, e) || !draft_open(rq, &compiled, e))
        return false;
    const struct rule_draft *draft = rq->prepared;
    const struct rule *rule = &draft->rule;
    struct saving s = {.rq = rq,
                       .plan = {.id = rule->id,
                                .expected = rule->rev,
                                .kind = rule->kind,
                                .does = rule->does,
                                .is_on = rule->is_on,
                                .name = rule->name,
                                .source = rule->source,
                                .entries = (int64_t)compiled_entries(compiled)}};
    compiled_drop(&compiled);
    if (!gate_write(rq, save_work, &s, e))
        return false;
    web_changed(rq->web, TAG_RULES);
    struct str done = rule->id ? changes_of(rq, draft->source, rule->source) : STR("added");
    reply_redirect(&rq->reply, arena_printf(rq->arena, "/mod/rules/%" PRId64 "?done=" STR_FMT, s.id,
                                            STR_ARG(done)));
    return true;
}

bool rule_add_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    return save(rq, e);
}

bool rule_change_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    return save(rq, e);
}

/* ---- On, off, away -------------------------------------------------------------------------- */

bool rule_switch_post(struct request *rq, struct tx *tx, struct err *e)
{
    bool is_on = FORM_OF(rq, rule_switch_form)->is_on != 0;
    int64_t id;
    if (!read_id(rq, &id, e))
        return false;
    reply_tag(&rq->reply, TAG_RULES);
    reply_redirect(&rq->reply, is_on ? STR("/mod/rules?done=on") : STR("/mod/rules?done=off"));
    return rule_switch(rq->web->o.domain, tx, &rq->actor, id, is_on, e);
}

bool rule_remove_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_RULE_REMOVE_ASK),
                                    .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct rule_remove_page *p = ARENA_NEW(rq->arena, struct rule_remove_page);
    struct rule_draft *draft = ARENA_NEW(rq->arena, struct rule_draft);
    int64_t id;
    if (!read_id(rq, &id, e) || !read_rule(rq, tx, draft, e) || !frame_fill(rq, tx, &want, f, e))
        return false;
    *p = (struct rule_remove_page){
        .moderator = f->moderator,
        .title = fill_rule_name(rq, draft->rule.kind, draft->rule.name),
        .error = rq->err.kind ? reply_error_text(rq) : STR_NONE,
        .action = address_of(rq, &draft->rule, "/remove"),
        .back_address = address_of(rq, &draft->rule, ""),
        .token = gate_token(rq, CSRF_SESSION),
    };
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_RULE_REMOVE, p);
    return true;
}

bool rule_remove_post(struct request *rq, struct tx *tx, struct err *e)
{
    int64_t id;
    if (!read_id(rq, &id, e))
        return false;
    reply_tag(&rq->reply, TAG_RULES);
    reply_redirect(&rq->reply, STR("/mod/rules?done=removed"));
    return rule_remove(rq->web->o.domain, tx, &rq->actor, id, e);
}
