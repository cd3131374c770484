#include "web/console.h"

#include <inttypes.h>

#include "text/search_words.h"
#include "text/utf8.h"
#include "web/address.h"
#include "web/gate.h"
#include "web/reply.h"

#define FILTER_PAIRS_MAX 40
#define CHIPS_MAX 8
#define COMMENTER_SHOWN_BYTES 4 /* of the key, where there is no name */

/* ---- Actions -------------------------------------------------------------------------------- */

static const struct action_word words[] = {
    {ACTION_PUBLISH, STR_INIT("publish"), T_MOD_PUBLISH, T_MOD_STATE_PUBLISHED},
    {ACTION_REJECT, STR_INIT("reject"), T_MOD_REJECT, T_MOD_STATE_REJECTED},
    {ACTION_SPAM, STR_INIT("spam"), T_MOD_SPAM, T_MOD_STATE_SPAM},
    {ACTION_WITHDRAW, STR_INIT("withdraw"), T_MOD_WITHDRAW, T_MOD_STATE_WITHDRAWN},
    {ACTION_HOLD, STR_INIT("hold"), T_MOD_HOLD, T_MOD_STATE_HELD},
    {ACTION_FEATURE, STR_INIT("feature"), T_MOD_FEATURE, T_MOD_FEATURED},
    {ACTION_UNFEATURE, STR_INIT("unfeature"), T_MOD_UNFEATURE, T_MOD_UNFEATURED},
};

const struct action_word *action_words(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(words);
    return words;
}

const struct action_word *action_word_of(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_eq(words[i].key, key))
            return &words[i];
    }
    return NULL;
}

struct str fill_action_text(struct request *rq, enum action action)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (words[i].action == action)
            return i18n_text(rq->words, words[i].done);
    }
    return STR_NONE;
}

const struct choice_option *fill_actions(struct request *rq, struct str selected, size_t *ret_n)
{
    struct choice_option *options = ARENA_ARRAY(rq->arena, struct choice_option, ARRAY_LEN(words));
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (words[i].action > ACTION_HOLD)
            continue;
        options[n++] = (struct choice_option){words[i].key, i18n_text(rq->words, words[i].button),
                                              str_eq(words[i].key, selected)};
    }
    *ret_n = n;
    return options;
}

/* ---- Filters -------------------------------------------------------------------------------- */

/* A value of the query; of words that are searched so many as are looked at. */
static struct str value_asked(const struct form *pairs, struct str key)
{
    struct str value = form_get(pairs, key);
    if (!str_eq(key, STR("q")))
        return value;
    value = str_trim(value);
    return utf8_is_text(value, false) ? str_trim(utf8_head(value, SEARCH_QUERY_BYTES)) : STR_NONE;
}

struct queue_filter filter_asked(struct request *rq, struct str query)
{
    static const struct str keys[] = {
        STR_INIT("state"), STR_INIT("article"),   STR_INIT("lang"),     STR_INIT("edition"),
        STR_INIT("rule"),  STR_INIT("commenter"), STR_INIT("campaign"), STR_INIT("q"),
    };
    struct queue_filter filter = {.which = QUEUE_HELD};
    struct buf b = buf_in(rq->arena, 4 * KiB);
    struct form pairs;
    struct err ignored = {0};
    if (query.n == 0 || !form_parse(rq->arena, query, FILTER_PAIRS_MAX, &pairs, &ignored))
        return filter;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct str value = value_asked(&pairs, keys[i]);
        if (value.n == 0) /* a select where any will do */
            continue;
        if (b.n > 0)
            buf_char(&b, '&');
        buf_put(&b, keys[i]);
        buf_char(&b, '=');
        buf_put(&b, form_encode(rq->arena, value));
    }
    if (!buf_ok(&b) || !queue_filter_parse(rq->arena, buf_str(&b), &filter))
        return (struct queue_filter){.which = QUEUE_HELD};
    return filter;
}

const struct form_field *fill_filter_fields(struct request *rq, const struct queue_filter *filter,
                                            size_t *ret_n)
{
    struct form pairs = {NULL, 0};
    struct err ignored = {0};
    struct str text = queue_filter_print(rq->arena, filter);
    if (!form_parse(rq->arena, text, FILTER_PAIRS_MAX, &pairs, &ignored))
        pairs.n = 0;
    struct form_field *fields = ARENA_ARRAY(rq->arena, struct form_field, pairs.n);
    for (size_t i = 0; i < pairs.n; i++)
        fields[i] = (struct form_field){pairs.pairs[i].name, pairs.pairs[i].value};
    *ret_n = pairs.n;
    return fields;
}

/* Chips as they are put together. */
struct chips {
    struct request *rq;
    struct filter_chip *items;
    size_t n;
};

/* text: of what; without: the filter when it is gone. */
static void add_chip(struct chips *c, enum message label, struct str text,
                     const struct queue_filter *without)
{
    c->items[c->n++] = (struct filter_chip){
        .label = i18n_text(c->rq->words, label),
        .text = text,
        .without_address = address_queue(c->rq->arena, without),
    };
}

static void add_names(struct chips *c, const struct queue_filter *f, const struct queue_card *first)
{
    struct queue_filter rest = *f;
    if (f->thread.v) {
        rest.thread.v = 0;
        add_chip(c, T_MOD_FILTER_ARTICLE,
                 first ? first->article_headline
                       : arena_printf(c->rq->arena, "%" PRId64, f->thread.v),
                 &rest);
        rest.thread = f->thread;
    }
    if (f->has_commenter) {
        rest.has_commenter = false;
        struct buf key = buf_in(c->rq->arena, 2 * sizeof f->commenter.b);
        buf_hex(&key, f->commenter.b, COMMENTER_SHOWN_BYTES);
        add_chip(c, T_MOD_FILTER_COMMENTER,
                 first && first->comment.name.n ? first->comment.name : buf_str(&key), &rest);
        rest.has_commenter = true;
    }
    if (f->campaign.v) {
        rest.campaign.v = 0;
        add_chip(c, T_MOD_FILTER_CAMPAIGN,
                 i18n_digits(c->rq->arena, c->rq->words, comment_id_number(f->campaign)), &rest);
        rest.campaign = f->campaign;
    }
}

const struct filter_chip *fill_chips(struct request *rq, const struct queue_filter *f,
                                     const struct queue_card *first, size_t *ret_n)
{
    struct chips c = {rq, ARENA_ARRAY(rq->arena, struct filter_chip, CHIPS_MAX), 0};
    struct queue_filter rest = *f;
    add_names(&c, f, first);
    if (f->lang.n) {
        rest.lang = STR_NONE;
        add_chip(&c, T_MOD_FILTER_LANG, i18n_language_name(rq->arena, f->lang), &rest);
        rest.lang = f->lang;
    }
    if (f->edition.n) {
        rest.edition = STR_NONE;
        add_chip(&c, T_MOD_FILTER_EDITION, i18n_language_name(rq->arena, f->edition), &rest);
        rest.edition = f->edition;
    }
    if (f->rule.n) {
        rest.rule = STR_NONE;
        add_chip(&c, T_MOD_FILTER_RULE, fill_rule_text(rq, f->rule), &rest);
        rest.rule = f->rule;
    }
    if (f->words.n) {
        rest.words = STR_NONE;
        add_chip(&c, T_MOD_FILTER_WORDS, f->words, &rest);
    }
    *ret_n = c.n;
    return c.items;
}

struct str fill_waiting(struct request *rq, int64_t n)
{
    if (n <= QUEUE_COUNT_MAX)
        return n > 0 ? i18n_number(rq->arena, rq->words, n) : STR_NONE;
    return arena_printf(rq->arena, STR_FMT "+",
                        STR_ARG(i18n_number(rq->arena, rq->words, QUEUE_COUNT_MAX)));
}

/* In the order of their tabs: what waits comes first. */
static const struct {
    enum queue_which which;
    enum message text;
} tab_rows[] = {
    {QUEUE_HELD, T_MOD_STATE_HELD},
    {QUEUE_REPORTED, T_MOD_REPORTED},
    {QUEUE_OPINION, T_MOD_OPINION},
    {QUEUE_PUBLISHED, T_MOD_STATE_PUBLISHED},
    {QUEUE_REJECTED, T_MOD_STATE_REJECTED},
    {QUEUE_SPAM, T_MOD_STATE_SPAM},
    {QUEUE_WITHDRAWN, T_MOD_STATE_WITHDRAWN},
    {QUEUE_FEATURED, T_MOD_FEATURED},
    {QUEUE_ALL, T_MOD_ALL},
};

const struct queue_tab *fill_tabs(struct request *rq, const struct frame *f,
                                  const struct queue_filter *filter, size_t *ret_n)
{
    const int64_t counts[QUEUE_WHICH_N] = {
        [QUEUE_HELD] = f->waiting.held,
        [QUEUE_REPORTED] = f->waiting.reported,
        [QUEUE_OPINION] = f->waiting.opinions,
    };
    struct queue_tab *tabs = ARENA_ARRAY(rq->arena, struct queue_tab, ARRAY_LEN(tab_rows));
    struct queue_filter plain = {.which = filter->which}, other = *filter;
    bool is_plain =
        str_eq(queue_filter_print(rq->arena, filter), queue_filter_print(rq->arena, &plain));
    for (size_t i = 0; i < ARRAY_LEN(tab_rows); i++) {
        other.which = tab_rows[i].which;
        tabs[i] = (struct queue_tab){
            .text = i18n_text(rq->words, tab_rows[i].text),
            .key = queue_which_name(tab_rows[i].which),
            .count_text = is_plain ? fill_waiting(rq, counts[tab_rows[i].which]) : STR_NONE,
            .address = address_queue(rq->arena, &other),
            .is_current = tab_rows[i].which == filter->which,
        };
    }
    *ret_n = ARRAY_LEN(tab_rows);
    return tabs;
}

/* ---- Notices -------------------------------------------------------------------------------- */

/* "Rejected", or "Undone: Rejected" when the newest decision took that back. */
static struct str newest_text(struct request *rq, const struct decision *newest)
{
    struct str text = fill_action_text(rq, newest->action);
    if (newest->undoes == 0)
        return text;
    return arena_printf(rq->arena, STR_FMT ": " STR_FMT,
                        STR_ARG(i18n_text(rq->words, T_MOD_UNDONE)), STR_ARG(text));
}

struct str fill_comment_title(struct request *rq, const struct comment *c)
{
    struct str number = i18n_digits(rq->arena, rq->words, c->number);
    return c->name.n ? i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE, number, c->name)
                     : i18n_fill(rq->arena, rq->words, T_COMMENT_TITLE_GONE, number, STR_NONE);
}

static bool fill_decided(struct request *rq, struct tx *tx, struct comment_id id,
                         struct done_view *v, struct err *e)
{
    struct queue_detail detail;
    struct err missing = {0};
    if (!queue_card_get(rq->web->o.domain, tx, id, &detail, &missing)) {
        if (missing.kind == ERR_MISSING) /* whoever wrote that address made it up */
            return true;
        *e = missing;
        return false;
    }
    if (detail.n_decisions == 0)
        return true;
    v->text = newest_text(rq, &detail.decisions[detail.n_decisions - 1]);
    v->detail = fill_comment_title(rq, &detail.card.comment);
    v->link_text = i18n_text(rq->words, T_MOD_DETAILS);
    v->link_address = address_mod(rq->arena, id, "");
    if (detail.undo_seq) {
        v->undo_action = address_mod(rq->arena, id, "undo");
        v->seq = detail.undo_seq;
        v->may_insist = fill_may_insist(rq, &detail.card.claim);
    }
    return true;
}

bool fill_done(struct request *rq, struct tx *tx, struct str here,
               const struct done_view **ret_done, struct err *e)
{
    static const struct {
        struct str what;
        enum message text;
    } all[] = {
        {STR_INIT("claim"), T_MOD_DONE_CLAIM},     {STR_INIT("release"), T_MOD_DONE_RELEASE},
        {STR_INIT("opinion"), T_MOD_DONE_OPINION}, {STR_INIT("opinion-drop"), T_MOD_DONE},
        {STR_INIT("note"), T_MOD_DONE_NOTE},       {STR_INIT("note-drop"), T_MOD_DONE_NOTE_DROP},
    };
    struct done_view *v = ARENA_NEW(rq->arena, struct done_view);
    struct comment_id id;
    *ret_done = NULL;
    *v = (struct done_view){.next = here, .token = gate_token(rq, CSRF_SESSION)};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (str_eq(rq->query.done, all[i].what))
            v->text = i18n_text(rq->words, all[i].text);
    }
    if (str_to_int64(rq->query.done, 1, INT64_MAX, &id.v) && !fill_decided(rq, tx, id, v, e))
        return false;
    *ret_done = v->text.n ? v : NULL;
    return true;
}

const struct done_view *fill_problem(struct request *rq)
{
    if (!rq->err.kind)
        return NULL;
    struct done_view *v = ARENA_NEW(rq->arena, struct done_view);
    *v = (struct done_view){.text = fill_form_error(rq), .is_problem = true};
    return v;
}

struct str done_way_back(struct request *rq, struct str next, struct str what)
{
    return address_with(rq->arena, address_way_back(next), "done", what);
}

bool read_comment_id(const struct request *rq, struct comment_id *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX, &ret_id->v) ||
           err_set(e, ERR_MISSING, 0, "no such comment");
}

/* ---- Lists ---------------------------------------------------------------------------------- */

const struct decision_line *fill_decisions(struct request *rq, const struct decision *decisions,
                                           size_t n, const struct decisions_want *want)
{
    struct decision_line *lines = ARENA_ARRAY(rq->arena, struct decision_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct decision *d = &decisions[i];
        lines[i] = (struct decision_line){
            .time = fill_time(rq, d->at_s),
            .time_text = fill_time_text(rq, d->at_s, I18N_DATE_TIME),
            .who = d->moderator_name.n ? d->moderator_name : fill_rule_text(rq, d->rule),
            .text = fill_action_text(rq, d->action),
            .is_undo = d->undoes != 0,
            .note = d->note,
        };
        if (d->reason.n)
            lines[i].reason_text = fill_reason_text(rq, d->reason);
        if (d->batch)
            lines[i].batch_address = address_batch(rq->arena, d->batch, "");
        if (want->undo_seq && d->id == want->undo_seq && !want->with_comment) {
            lines[i].undo_action = address_mod(rq->arena, d->comment, "undo");
            lines[i].seq = want->undo_seq;
            lines[i].may_insist = want->may_insist;
        }
        if (want->with_comment) {
            const struct comment c = {.number = comment_id_number(d->comment)};
            lines[i].comment_text = fill_comment_title(rq, &c);
            lines[i].comment_address = address_mod(rq->arena, d->comment, "");
        }
    }
    return lines;
}

struct notes_view *fill_notes(struct request *rq, const struct team_note *notes, size_t n,
                              struct str action, struct str here)
{
    struct notes_view *v = ARENA_NEW(rq->arena, struct notes_view);
    struct note_line *lines = ARENA_ARRAY(rq->arena, struct note_line, n);
    for (size_t i = 0; i < n; i++) {
        lines[i] = (struct note_line){
            .key = arena_printf(rq->arena, "%" PRId64, notes[i].id),
            .time = fill_time(rq, notes[i].at_s),
            .time_text = fill_time_text(rq, notes[i].at_s, I18N_DATE_TIME),
            .who = notes[i].moderator_name,
            .text = notes[i].text,
        };
        if (notes[i].moderator.v == rq->actor.moderator.id.v)
            lines[i].drop_action =
                arena_printf(rq->arena, "/mod/notes/%" PRId64 "/drop", notes[i].id);
    }
    *v = (struct notes_view){.action = action, .next = here, .notes = lines, .n_notes = n};
    if (rq->form && rq->err.kind && str_ends(rq->route->pattern, STR("/notes"))) {
        v->text = FORM_OF(rq, words_form)->text;
        v->error = fill_form_error(rq);
    }
    return v;
}

struct str fill_trust_text(struct request *rq, enum trust trust, int64_t until_s)
{
    static const enum message texts[] = {
        [TRUST_HELD] = T_TRUST_HELD, [TRUST_FULL] = T_TRUST_FULL, [TRUST_BANNED] = T_TRUST_BANNED};
    if (trust == TRUST_NONE)
        return STR_NONE;
    struct str text = i18n_text(rq->words, texts[trust]);
    if (until_s == 0)
        return text;
    return i18n_fill(rq->arena, rq->words, T_TRUST_UNTIL, text,
                     fill_time_text(rq, until_s, I18N_DATE_TIME));
}

struct str fill_history(struct request *rq, enum message text, int64_t approved, int64_t rejected)
{
    if (approved + rejected == 0)
        return STR_NONE;
    return i18n_fill(rq->arena, rq->words, text, i18n_number(rq->arena, rq->words, approved),
                     i18n_number(rq->arena, rq->words, rejected));
}

/* ---- Bulk decisions ------------------------------------------------------------------------- */

struct str fill_ask_title(struct request *rq, struct str count)
{
    const struct action_word *word = action_word_of(FORM_OF(rq, batch_form)->action);
    return word ? i18n_fill(rq->arena, rq->words, T_MOD_ASK, i18n_text(rq->words, word->button),
                            count)
                : count;
}

struct many_view *fill_many(struct request *rq, struct str next)
{
    const struct batch_form *form =
        rq->form && rq->route->form == &form_spec_batch_form ? rq->form : NULL;
    struct many_view *v = ARENA_NEW(rq->arena, struct many_view);
    int64_t seen_s;
    *v = (struct many_view){
        .ask_action = STR("/mod/batches/ask"),
        .action = STR("/mod/batches"),
        .seen = rq->now_s,
        .next = next,
    };
    v->actions = fill_actions(rq, form ? form->action : STR("reject"), &v->n_actions);
    v->reasons = fill_reasons(rq, form ? form->reason : STR_NONE, &v->n_reasons);
    if (!form)
        return v;
    v->note = form->note;
    if (str_to_int64(form->seen, 1, rq->now_s, &seen_s))
        v->seen = seen_s;
    return v;
}

/* A comment of the article and by the commenter that a filter asks for, whatever became of it. */
static bool named_get(struct request *rq, struct tx *tx, const struct queue_filter *f,
                      struct queue_page *ret_page, struct err *e)
{
    const struct queue_query q = {.filter = {.which = QUEUE_ALL,
                                             .thread = f->thread,
                                             .has_commenter = f->has_commenter,
                                             .commenter = f->commenter},
                                  .max = 1};
    *ret_page = (struct queue_page){.n = 0};
    return (f->thread.v == 0 && !f->has_commenter) ||
           queue_get(rq->web->o.domain, tx, &q, ret_page, e);
}

bool fill_choice(struct request *rq, struct tx *tx, struct str choice, struct chosen_view *ret_view,
                 struct err *e)
{
    struct queue_filter filter;
    struct queue_page named;
    size_t n;
    *ret_view = (struct chosen_view){.n = 0};
    if (str_begins(choice, STR("ids=")) || !queue_filter_parse(rq->arena, choice, &filter))
        return true;
    if (!named_get(rq, tx, &filter, &named, e))
        return false;
    const struct filter_chip *chips = fill_chips(rq, &filter, named.n ? &named.cards[0] : NULL, &n);
    struct filter_chip *all = ARENA_ARRAY(rq->arena, struct filter_chip, n + 1);
    all[0].label = i18n_text(rq->words, T_MOD_FILTER_STATE);
    for (size_t i = 0; i < ARRAY_LEN(tab_rows); i++) {
        if (tab_rows[i].which == filter.which)
            all[0].text = i18n_text(rq->words, tab_rows[i].text);
    }
    for (size_t i = 0; i < n; i++)
        all[i + 1] = (struct filter_chip){.label = chips[i].label, .text = chips[i].text};
    *ret_view = (struct chosen_view){all, n + 1};
    return true;
}
