/*
 * A comment as the team sees it: in its context, with what is known of whoever wrote it, and why it
 * is here.
 */
#include <inttypes.h>

#include "domain/campaign_case.h"
#include "text/count.h"
#include "text/disguise.h"
#include "text/language.h"
#include "text/markdown.h"
#include "web/address.h"
#include "web/console.h"
#include "web/rules.h"

#define MET_CHARS_MAX 60 /* of a word that a rule met, on the line that says why */
#define MET_MAX 5
#define WHYS_MAX 20

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

static struct comment_seen seen_of(const struct queue_card *card)
{
    const struct comment *c = &card->comment;
    return (struct comment_seen){true, c->state, c->edited_s, card->open_reports, card->reported_s};
}

/* ---- Why it is here ------------------------------------------------------------------------- */

struct str fill_rule_text(struct request *rq, struct str rule)
{
    static const struct {
        struct str rule;
        enum message text;
    } known[] = {
        {STR_INIT("mode:held"), T_MOD_WHY_MODE_HELD},
        {STR_INIT("mode:first"), T_MOD_WHY_MODE_FIRST},
        {STR_INIT("trust:held"), T_MOD_WHY_TRUST_HELD},
        {STR_INIT("network:banned"), T_MOD_WHY_NETWORK_BANNED},
        {STR_INIT("site:held"), T_MOD_WHY_SITE_HELD},
        {STR_INIT("reports"), T_MOD_WHY_REPORTS},
        {STR_INIT("import"), T_MOD_WHY_IMPORT},
        {STR_INIT("author"), T_MOD_WHY_AUTHOR},
    };
    static const struct str numbered = STR_INIT("rule:");
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(rule, known[i].rule))
            return i18n_text(rq->words, known[i].text);
    }
    if (str_eq(campaign_rule_fold(rule), CAMPAIGNS_RULE))
        return i18n_text(rq->words, T_MOD_WHY_CAMPAIGN);
    enum rule_kind kind;
    struct str name;
    if (rules_name(rq->web->o.domain->rules, rq->arena, rule_id_of(rule), &kind, &name))
        return fill_rule_name(rq, kind, name);
    if (str_begins(rule, numbered))
        return i18n_fill(rq->arena, rq->words, T_MOD_WHY_RULE, str_from(rule, numbered.n),
                         STR_NONE);
    return rule;
}

/* A long word, mostly a link, ends in an ellipsis. */
static struct str shortened(struct request *rq, struct str word)
{
    struct str head = count_head(word, MET_CHARS_MAX);
    return head.n < word.n ? arena_printf(rq->arena, STR_FMT "…", STR_ARG(head)) : word;
}

/* "look-alike letters and masked letters"; empty: the word stood there as it is. */
static struct str how_met(struct request *rq, const struct mark_note *note)
{
    static const enum message texts[DISGUISE_N] = {
        T_DISGUISE_INVISIBLE,  T_DISGUISE_MARKS,   T_DISGUISE_FANCY,
        T_DISGUISE_LOOK_ALIKE, T_DISGUISE_ACCENT,  T_DISGUISE_LEET,
        T_DISGUISE_MASK,       T_DISGUISE_STRETCH, T_DISGUISE_SPLIT,
    };
    struct str kinds[DISGUISE_N];
    size_t n = 0;
    for (size_t i = 0; i < DISGUISE_N; i++) {
        if (note->disguises >> i & 1)
            kinds[n++] = i18n_text(rq->words, texts[i]);
    }
    return n > 0 ? i18n_list(rq->arena, rq->words, kinds, n) : STR_NONE;
}

/* The words that the rule met, each by itself: they may be of several scripts. */
static void fill_met(struct request *rq, const struct queue_card *card, struct queue_why *why)
{
    const struct mark_note *notes;
    struct marks marks = marks_parse_noted(rq->arena, card->evidence, card->comment.text, &notes);
    struct met_word *met = ARENA_ARRAY(rq->arena, struct met_word, MET_MAX);
    why->n_met = marks.n < MET_MAX ? marks.n : MET_MAX;
    for (size_t i = 0; i < why->n_met; i++) {
        const struct str word = {card->comment.text.p + marks.items[i].at, marks.items[i].n};
        met[i] = (struct met_word){.text = shortened(rq, word),
                                   .entry = shortened(rq, notes[i].entry),
                                   .how = how_met(rq, &notes[i])};
    }
    why->met = met;
}

/* "Reported: It insults a person. (3)" */
static struct str reports_text(struct request *rq, const struct card_reports *reports)
{
    return i18n_fill(rq->arena, rq->words, T_MOD_WHY_REPORTED,
                     fill_report_reason(rq, reports->reason),
                     i18n_number(rq->arena, rq->words, reports->n));
}

static void fill_whys(struct request *rq, const struct queue_card *card, struct case_view *v)
{
    struct queue_why *whys = ARENA_ARRAY(rq->arena, struct queue_why, WHYS_MAX);
    size_t n = 0;
    if (card->rule.n)
        whys[n++] = (struct queue_why){.text = fill_rule_text(rq, card->rule)};
    if (n > 0)
        fill_met(rq, card, &whys[0]);
    if (card->is_rule_past)
        whys[0].past = i18n_text(rq->words, T_MOD_WHY_PAST);
    for (size_t i = 0; i < card->n_reports && n < WHYS_MAX; i++)
        whys[n++] = (struct queue_why){.text = reports_text(rq, &card->reports[i])};
    v->whys = whys;
    v->n_whys = n;
}

/* ---- Who wrote it --------------------------------------------------------------------------- */

static struct str network_text(struct request *rq, int64_t others)
{
    if (others == 0)
        return STR_NONE;
    if (others < CARD_NETWORK_MAX)
        return i18n_count(rq->arena, rq->words, T_MOD_NETWORK, others);
    return i18n_fill(rq->arena, rq->words, T_MOD_NETWORK_MANY,
                     i18n_number(rq->arena, rq->words, CARD_NETWORK_MAX), STR_NONE);
}

static void fill_campaign(struct request *rq, const struct queue_card *card, struct case_view *v)
{
    if (card->campaign.v == 0)
        return;
    v->campaign_address = address_campaign(rq->arena, card->campaign, "");
    if (card->campaign_size <= CARD_CAMPAIGN_MAX)
        v->campaign_text = i18n_fill(rq->arena, rq->words, T_CAMPAIGN_COPIES,
                                     i18n_number(rq->arena, rq->words, card->campaign_size),
                                     i18n_number(rq->arena, rq->words, card->campaign_commenters));
    else
        v->campaign_text =
            i18n_fill(rq->arena, rq->words, T_MOD_SIMILAR_MANY,
                      i18n_number(rq->arena, rq->words, CARD_CAMPAIGN_MAX), STR_NONE);
}

static void fill_author(struct request *rq, const struct queue_card *card, struct case_view *v)
{
    const struct commenter_id *id = &card->comment.commenter;
    v->history_text = fill_history(rq, T_MOD_HISTORY, card->approved, card->rejected);
    v->commenter_address = address_commenter(rq->arena, id, "");
    v->trust_text = fill_trust_text(rq, card->trust, card->trust_until_s);
    v->network_text = network_text(rq, card->network_others);
    v->network_address = arena_printf(rq->arena, STR_FMT "#network", STR_ARG(v->commenter_address));
}

/* ---- Who else works on it ------------------------------------------------------------------- */

bool fill_may_insist(const struct request *rq, const struct claim *claim)
{
    return claim->moderator.v && claim->moderator.v != rq->actor.moderator.id.v &&
           rq->actor.role >= ROLE_SENIOR;
}

static void fill_team(struct request *rq, const struct queue_card *card, struct case_view *v)
{
    const struct claim *claim = &card->claim;
    const struct opinion *asked = &card->opinion;
    v->is_mine = claim->moderator.v && claim->moderator.v == rq->actor.moderator.id.v;
    v->is_claimed = claim->moderator.v && !v->is_mine;
    v->may_insist = fill_may_insist(rq, claim);
    struct str until = fill_time_text(rq, claim->until_s, I18N_TIME);
    if (v->is_mine)
        v->claim_text = i18n_fill(rq->arena, rq->words, T_MOD_CLAIMED_OWN, until, STR_NONE);
    else if (v->is_claimed)
        v->claim_text = i18n_fill(rq->arena, rq->words, T_MOD_CLAIMED_BY, claim->name, until);
    if (asked->moderator.v) {
        v->opinion_text = i18n_fill(rq->arena, rq->words, T_MOD_OPINION_BY, asked->name,
                                    fill_time_text(rq, asked->at_s, I18N_DATE_TIME));
        v->opinion_note = asked->note;
    }
    if (card->notes > 0)
        v->notes_text = i18n_count(rq->arena, rq->words, T_MOD_NOTES_COUNT, card->notes);
}

/* ---- The card ------------------------------------------------------------------------------- */

static bool is_offered(const struct request *rq, enum action action, const struct queue_card *card)
{
    const struct comment *c = &card->comment;
    if ((action == ACTION_FEATURE && c->featured) || (action == ACTION_UNFEATURE && !c->featured) ||
        (action == ACTION_PUBLISH && c->state == COMMENT_PUBLISHED && card->n_reports == 0))
        return false;
    return action_is_allowed(rq->actor.role, action, c->state);
}

static void fill_buttons(struct request *rq, const struct queue_card *card, struct case_view *v)
{
    const struct comment *c = &card->comment;
    size_t n_words, n = 0;
    const struct action_word *words = action_words(&n_words);
    struct decision_button *buttons = ARENA_ARRAY(rq->arena, struct decision_button, n_words);
    for (size_t i = 0; i < n_words; i++) {
        enum action action = words[i].action;
        if (!is_offered(rq, action, card))
            continue;
        bool is_kept = action == ACTION_PUBLISH && c->state == COMMENT_PUBLISHED;
        bool is_bad = action == ACTION_REJECT || action == ACTION_SPAM || action == ACTION_WITHDRAW;
        v->has_reason |= is_bad;
        buttons[n++] = (struct decision_button){
            .action = address_mod(rq->arena, c->id, words[i].key.p),
            .key = words[i].key,
            .text = i18n_text(rq->words, is_kept ? T_MOD_LEAVE : words[i].button),
            .is_good = action == ACTION_PUBLISH,
            .is_bad = is_bad,
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
    if (c != &card->comment)
        return v;
    if (card->found.n)
        v->body = markdown_comment_marked(rq->arena, c->text, card->found);
    else if (card->evidence.n)
        v->body = markdown_comment_marked(rq->arena, c->text,
                                          marks_parse(rq->arena, card->evidence, c->text));
    return v;
}

static struct str state_key(enum comment_state state)
{
    static const struct str keys[] = {
        [COMMENT_HELD] = STR_INIT("held"),           [COMMENT_PUBLISHED] = STR_INIT("published"),
        [COMMENT_REJECTED] = STR_INIT("rejected"),   [COMMENT_SPAM] = STR_INIT("spam"),
        [COMMENT_WITHDRAWN] = STR_INIT("withdrawn"),
    };
    return keys[state];
}

struct case_view *fill_case(struct request *rq, const struct queue_card *card)
{
    const struct comment *c = &card->comment;
    const struct queue_filter article = {.which = QUEUE_ALL, .thread = comment_id_thread(c->id)};
    const struct comment_seen seen = seen_of(card);
    struct case_view *v = ARENA_NEW(rq->arena, struct case_view);
    *v = (struct case_view){
        .id = arena_printf(rq->arena, "%" PRId64, c->id.v),
        .decide_address = address_mod(rq->arena, c->id, ""),
        .rev = seen_print(rq->arena, &seen),
        .choice = batch_choice_print(rq->arena, c->id, &seen),
        .article_headline = card->article_headline,
        .article_address = address_article(rq->arena, card->article_lang, card->article_slug),
        .article_lang = card->article_lang,
        .article_dir = fill_direction(card->article_lang),
        .article_filter_address = address_queue(rq->arena, &article),
        .answered = card->has_parent ? case_comment(rq, card, &card->parent) : NULL,
        .comment = case_comment(rq, card, c),
        .state_text = fill_state_text(rq, c->state),
        .state_key = state_key(c->state),
        .is_featured = c->featured,
    };
    if (rq->actor.role >= ROLE_SENIOR)
        v->control_address = address_conversation(rq->arena, comment_id_thread(c->id));
    fill_author(rq, card, v);
    fill_campaign(rq, card, v);
    fill_whys(rq, card, v);
    fill_team(rq, card, v);
    fill_buttons(rq, card, v);
    return v;
}
