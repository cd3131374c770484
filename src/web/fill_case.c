#include <inttypes.h>

#include "text/language.h"
#include "text/markdown.h"
#include "web/address.h"
#include "web/fill.h"

struct str fill_state_text(struct request *rq, enum comment_state state)
{
    switch (state) {
    case COMMENT_HELD:
        return i18n_text(rq->words, T_MOD_STATE_HELD);
    case COMMENT_PUBLISHED:
        return i18n_text(rq->words, T_MOD_STATE_PUBLISHED);
    case COMMENT_REJECTED:
        return i18n_text(rq->words, T_MOD_STATE_REJECTED);
    case COMMENT_SPAM:
        return i18n_text(rq->words, T_MOD_STATE_SPAM);
    case COMMENT_WITHDRAWN:
        return i18n_text(rq->words, T_MOD_STATE_WITHDRAWN);
    }
    return STR_NONE;
}

struct str fill_rev(struct request *rq, const struct comment *c)
{
    return arena_printf(rq->arena, "%d.%" PRId64, (int)c->state, c->edited_s);
}

const struct reason_option *fill_reasons(struct request *rq, struct str selected, size_t *ret_n)
{
    static const struct {
        struct str key;
        enum message text;
    } reasons[] = {
#define REASON(key, message) {STR_INIT(key), T_##message},
#include "model/reasons.def"
#undef REASON
    };
    struct reason_option *views = ARENA_ARRAY(rq->arena, struct reason_option, ARRAY_LEN(reasons));
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        views[i] = (struct reason_option){reasons[i].key, i18n_text(rq->words, reasons[i].text),
                                          str_eq(reasons[i].key, selected)};
    *ret_n = ARRAY_LEN(reasons);
    return views;
}

struct str fill_rule_text(struct request *rq, struct str rule)
{
    if (str_eq(rule, STR("mode:held")))
        return i18n_text(rq->words, T_MOD_WHY_MODE_HELD);
    if (str_eq(rule, STR("mode:first")))
        return i18n_text(rq->words, T_MOD_WHY_MODE_FIRST);
    if (str_eq(rule, STR("import")))
        return i18n_text(rq->words, T_MOD_WHY_IMPORT);
    if (str_eq(rule, STR("author")))
        return i18n_text(rq->words, T_MOD_WHY_AUTHOR);
    return rule;
}

static void fill_buttons(struct request *rq, const struct comment *c, struct case_view *v)
{
    static const struct {
        enum action action;
        const char *what;
        enum message text;
        bool is_good;
    } all[] = {
        {ACTION_PUBLISH, "publish", T_MOD_PUBLISH, true},
        {ACTION_REJECT, "reject", T_MOD_REJECT, false},
        {ACTION_SPAM, "spam", T_MOD_SPAM, false},
        {ACTION_WITHDRAW, "withdraw", T_MOD_WITHDRAW, false},
    };
    struct decision_button *buttons =
        ARENA_ARRAY(rq->arena, struct decision_button, ARRAY_LEN(all));
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (!action_is_allowed(rq->actor.role, all[i].action, c->state))
            continue;
        buttons[n++] = (struct decision_button){
            .action = address_mod(rq->arena, c->id, all[i].what),
            .text = i18n_text(rq->words, all[i].text),
            .is_good = all[i].is_good,
            .is_bad = !all[i].is_good,
        };
    }
    v->buttons = buttons;
    v->n_buttons = n;
}

static struct comment_view *case_comment(struct request *rq, const struct queue_card *card,
                                         const struct comment *c)
{
    const struct talk talk = {.rq = rq, .lang = card->article_lang, .slug = card->article_slug};
    struct comment_view *v = ARENA_NEW(rq->arena, struct comment_view);
    fill_comment(&talk, c, v);
    v->lang = c->lang;
    v->state_text = c->state == card->comment.state ? STR_NONE : fill_state_text(rq, c->state);
    return v;
}

struct case_view *fill_case(struct request *rq, const struct queue_card *card)
{
    const struct comment *c = &card->comment;
    struct case_view *v = ARENA_NEW(rq->arena, struct case_view);
    *v = (struct case_view){
        .id = arena_printf(rq->arena, "%" PRId64, c->id.v),
        .decide_address = address_mod(rq->arena, c->id, ""),
        .rev = fill_rev(rq, c),
        .article_headline = card->article_headline,
        .article_address = address_article(rq->arena, card->article_lang, card->article_slug),
        .article_lang = card->article_lang,
        .article_dir = fill_direction(card->article_lang),
        .answered = card->has_parent ? case_comment(rq, card, &card->parent) : NULL,
        .comment = case_comment(rq, card, c),
        .state_text = fill_state_text(rq, c->state),
    };
    if (card->approved + card->rejected > 0)
        v->history_text = i18n_fill(rq->arena, rq->words, T_MOD_HISTORY,
                                    i18n_number(rq->arena, rq->words, card->approved),
                                    i18n_number(rq->arena, rq->words, card->rejected));
    if (card->rule.n) {
        struct queue_why *why = ARENA_NEW(rq->arena, struct queue_why);
        why->text = fill_rule_text(rq, card->rule);
        v->whys = why;
        v->n_whys = 1;
    }
    fill_buttons(rq, c, v);
    return v;
}
