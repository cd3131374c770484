/* Rules, conversations, switches of the whole site, figures. */
#include "domain/rule.h"
#include "tests/unit/web/fault_cases.h"

/* All but that of id `but`, so that there are never too many. */
static bool rules_remove(const struct domain *d, struct tx *tx, int64_t but, struct err *e)
{
    struct rule *rules;
    size_t n;
    if (!rule_list(d, tx, &rules, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rules[i].id != but && !rule_remove(d, tx, (struct moderator_id){0}, rules[i].id, e))
            return false;
    }
    return true;
}

CALL(rules_remove_call, int64_t but;, rules_remove(d, tx, c->but, e))
CALL(rule_call, struct rule_plan plan; int64_t id;
     , rule_save(d, tx, (struct moderator_id){0}, &c->plan, &c->id, e))

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

/* ---- The rows ------------------------------------------------------------------------------- */

static const struct route_case rows[] = {
    {"conversation_show", NULL, 200, MODERATOR, prepare_conversation_show, false},
    {"conversation_post", NULL, 303, MODERATOR, prepare_conversation, false},
    {"conversation_post", NULL, 422, MODERATOR, refuse_conversation, true},
    {"site_show", "/mod/site", 200, MODERATOR, NULL, false},
    {"site_hold_post", "/mod/site/hold", 303, MODERATOR, prepare_site_hold, false},
    {"site_mode_post", "/mod/site/mode", 303, MODERATOR, prepare_site_mode, false},
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

const struct case_list site_rows = {"site", rows, ARRAY_LEN(rows), 7, 0};
