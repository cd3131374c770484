/* Rules, conversations, switches of the whole site, figures. */
#include "domain/reasons.h"
#include "domain/rule.h"
#include "tests/unit/web/fault_cases.h"

static const struct actor rules_editor = {.role = ROLE_EDITOR, .moderator.id = {1}};

/* All but that of id `but`, so that there are never too many. */
static bool rules_remove(const struct domain *d, struct tx *tx, int64_t but, struct err *e)
{
    struct rule *rules;
    size_t n;
    if (!rule_list(d, tx, &rules, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rules[i].id != but && !rule_remove(d, tx, &rules_editor, rules[i].id, e))
            return false;
    }
    return true;
}

CALL(rules_remove_call, int64_t but;, rules_remove(d, tx, c->but, e))
CALL(rule_call, struct rule_plan plan; int64_t id;
     , rule_save(d, tx, &rules_editor, &c->plan, &c->id, e))

/* A new rule, the only one beside the first. */
static int64_t rule_new(struct round *round)
{
    struct rules_remove_call others = {&round->n->r, 1};
    room_must_write(&round->n->r, rules_remove_call_work, &others);
    struct rule_call c = {.r = &round->n->r,
                          .plan = {.kind = RULE_WORDS,
                                   .does = RULE_HOLDS,
                                   .name = STR("Tripwire"),
                                   .source = STR("tripwire\n")}};
    room_must_write(&round->n->r, rule_call_work, &c);
    return c.id;
}

/* The path is what comes behind the rule's address. */
static void prepare_rule(struct round *round, struct ask *ask)
{
    ask->path =
        arena_printf(round->a, "/mod/rules/%lld%s", (long long)rule_new(round), ask->path).p;
    ask->form = "name=Other&does=1&on=1&words=otherword&rev=1";
}

/* The first, whichever it is. */
static void prepare_rule_show(struct round *round, struct ask *ask)
{
    (void)rule_new(round);
    ask->path = arena_printf(round->a, "/mod/rules/1%s", ask->path).p;
}

static void prepare_rule_new(struct round *round, struct ask *ask)
{
    (void)rule_new(round);
    ask->form = "name=New&does=2&on=1&words=newword&rev=0";
}

static void refuse_rule(struct round *round, struct ask *ask)
{
    prepare_rule(round, ask);
    ask->form = "name=Other&does=1&on=1&words=a&rev=1";
}

static const char *conversation_path(struct round *round)
{
    return arena_printf(round->a, "/mod/conversations/%lld", (long long)round->n->r.article.v).p;
}

static void prepare_conversation_show(struct round *round, struct ask *ask)
{
    ask->path = conversation_path(round);
}

/* For all languages and three of the site; something else each time. */
static void prepare_conversation(struct round *round, struct ask *ask)
{
    ask->path = conversation_path(round);
    ask->form = arena_printf(round->a,
                             "mode=0&closes=&slow=0&message=Attempt+%d&message=&message=&message=",
                             round->nth)
                    .p;
}

static void refuse_conversation(struct round *round, struct ask *ask)
{
    ask->path = conversation_path(round);
    ask->form = "mode=0&closes=tomorrow&message=&message=&message=&message=";
}

CALL(switches_call, struct actor editor;
     , site_hold_set(d, tx, &c->editor, false, e) &&
           site_new_mode_set(d, tx, &c->editor, NEW_MODE_OF_SETTINGS, e))

/* As they were at first, so that each attempt has something to move. */
static void reset_switches(struct round *round)
{
    struct switches_call c = {
        .r = &round->n->r,
        .editor = {.role = ROLE_EDITOR, .moderator = {.id = round->n->moderator}}};
    room_must_write(&round->n->r, switches_call_work, &c);
}

static void prepare_site_hold(struct round *round, struct ask *ask)
{
    reset_switches(round);
    ask->form = "on=1";
}

static void prepare_site_mode(struct round *round, struct ask *ask)
{
    reset_switches(round);
    ask->form = "mode=2";
}

/* ---- Reasons -------------------------------------------------------------------------------- */

CALL(reason_call, struct actor editor; struct reason_plan plan; struct str key;
     , reason_save(d, tx, &c->editor, &c->plan, &c->key, e))

/* Those of attempts before go out of use, so that there are never too many. */
static bool reasons_clear(const struct domain *d, struct tx *tx, const struct actor *editor,
                          struct err *e)
{
    struct reason_list list;
    if (!reason_list_get(d, tx, d->site.language, &list, e))
        return false;
    for (size_t i = 0; i < list.n; i++) {
        const struct reason *r = &list.items[i];
        if (r->is_on && r->name.n > 0 && !reason_switch(d, tx, editor, r->key, false, e))
            return false;
    }
    return true;
}

CALL(reasons_clear_call, struct actor editor;, reasons_clear(d, tx, &c->editor, e))

/* A new one, named after the attempt. */
static struct str reason_new(struct round *round)
{
    const struct reason_words words = {round->n->r.d.site.language, STR("It is late.")};
    struct reason_call c = {
        .r = &round->n->r,
        .editor = {.role = ROLE_EDITOR, .moderator = {.id = round->n->moderator}},
        .plan = {.name = arena_printf(round->a, "Late %d", round->nth), .texts = {&words, 1}}};
    struct reasons_clear_call before = {c.r, c.editor};
    room_must_write(c.r, reasons_clear_call_work, &before);
    room_must_write(&round->n->r, reason_call_work, &c);
    return arena_copy(round->a, c.key);
}

static const char *reason_form(struct round *round)
{
    struct str form = arena_printf(round->a, "name=Attempt+%d&rev=1", round->nth);
    for (size_t i = 0; i < round->n->r.d.site.n_languages; i++)
        form = arena_printf(round->a, STR_FMT "&text=It+is+late.", STR_ARG(form));
    return form.p;
}

static void prepare_reason_new(struct round *round, struct ask *ask)
{
    (void)reason_new(round);
    ask->form = reason_form(round);
}

/* The path is what comes behind the reason's address. */
static void prepare_reason(struct round *round, struct ask *ask)
{
    struct str key = reason_new(round);
    ask->path = arena_printf(round->a, "/mod/reasons/" STR_FMT "%s", STR_ARG(key), ask->path).p;
    ask->form = reason_form(round);
}

static void prepare_reason_switch(struct round *round, struct ask *ask)
{
    prepare_reason(round, ask);
    ask->form = "on=0";
}

static void prepare_reason_move(struct round *round, struct ask *ask)
{
    prepare_reason(round, ask);
    ask->form = "up=1";
}

static void refuse_reason(struct round *round, struct ask *ask)
{
    prepare_reason(round, ask);
    ask->form = "name=&rev=1&text=&text=&text=&text=";
}

/* ---- The rows ------------------------------------------------------------------------------- */

static const struct route_case rows[] = {
    {"conversation_show", NULL, 200, MODERATOR, prepare_conversation_show, false},
    {"conversation_post", NULL, 303, MODERATOR, prepare_conversation, false},
    {"conversation_post", NULL, 422, MODERATOR, refuse_conversation, true},
    {"site_show", "/mod/site", 200, MODERATOR, NULL, false},
    {"site_hold_post", "/mod/site/hold", 303, MODERATOR, prepare_site_hold, false},
    {"site_mode_post", "/mod/site/mode", 303, MODERATOR, prepare_site_mode, false},
    {"reasons_show", "/mod/reasons", 200, MODERATOR, NULL, false},
    {"reason_new_show", "/mod/new-reason", 200, MODERATOR, NULL, false},
    {"reason_add_post", "/mod/new-reason", 303, MODERATOR, prepare_reason_new, false},
    {"reason_show", "/mod/reasons/hate", 200, MODERATOR, NULL, false},
    {"reason_change_post", "", 303, MODERATOR, prepare_reason, false},
    {"reason_change_post", "", 422, MODERATOR, refuse_reason, true},
    {"reason_switch_post", "/switch", 303, MODERATOR, prepare_reason_switch, false},
    {"reason_move_post", "/move", 303, MODERATOR, prepare_reason_move, false},
    {"statistics_show", "/mod/statistics?days=30", 200, MODERATOR, NULL, false},
    {"rules_show", "/mod/rules", 200, MODERATOR, NULL, false},
    {"rule_new_show", "/mod/new-rule/links", 200, MODERATOR, NULL, false},
    {"rule_add_post", "/mod/new-rule/words", 303, MODERATOR, prepare_rule_new, false},
    {"rule_new_try", "/mod/new-rule/words/try", 200, MODERATOR, prepare_rule_new, true},
    {"rule_show", "", 200, MODERATOR, prepare_rule_show, false},
    {"rule_change_post", "", 303, MODERATOR, prepare_rule, false},
    {"rule_change_post", "", 422, MODERATOR, refuse_rule, true},
    {"rule_try", "/try", 200, MODERATOR, prepare_rule, true},
    {"rule_switch_post", "/switch", 303, MODERATOR, prepare_rule, false},
    {"rule_remove_show", "/remove", 200, MODERATOR, prepare_rule_show, false},
    {"rule_remove_post", "/remove", 303, MODERATOR, prepare_rule, false},
};

const struct case_list site_rows = {"site", rows, ARRAY_LEN(rows), 11, 0};
