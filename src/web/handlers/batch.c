/*
 * Many comments decided on as one: asking first, then how far it got, and taking all of it back.
 */
#include <inttypes.h>

#include "domain/rights.h"
#include "web/address.h"
#include "web/console.h"
#include "web/gate.h"
#include "web/reply.h"

#define EXAMPLES 5
#define BATCHES 25
#define RENEW_S "2" /* how often the page of a batch under way is fetched again */

/* ---- What was sent -------------------------------------------------------------------------- */

/* What to decide on: ids, or else a filter. */
struct choice {
    struct comment_id ids[BATCH_IDS_MAX];
    struct comment_seen seen[BATCH_IDS_MAX];
    size_t n_ids;
    struct queue_filter filter;
};

/* The form's filter, when one was sent, else what was chosen. */
static bool read_choice(const struct batch_form *form, struct request *rq,
                        struct choice **ret_choice, struct err *e)
{
    struct choice *c = ARENA_NEW(rq->arena, struct choice);
    struct form_many chosen = form->chosen;
    struct str value;
    *ret_choice = c;
    if (form->filter.n)
        return queue_filter_parse(rq->arena, form->filter, &c->filter) ||
               err_set(e, ERR_INVALID, 0, "no filter");
    while (c->n_ids < BATCH_IDS_MAX && form_many_next(&chosen, &value)) {
        if (batch_choice_parse(value, &c->ids[c->n_ids], &c->seen[c->n_ids]))
            c->n_ids++;
    }
    return c->n_ids > 0 || err_set(e, ERR_INVALID, T_MOD_MANY_NONE, "nothing is chosen");
}

/* ---- Asking --------------------------------------------------------------------------------- */

/* How many there are, and the first of them. */
struct found {
    int64_t n;
    bool is_exact;
    struct card_list examples;
};

static bool find_chosen(struct request *rq, struct tx *tx, const struct choice *c,
                        struct found *ret_found, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(rq->arena, int64_t, c->n_ids);
    for (size_t i = 0; i < c->n_ids; i++)
        ids[i] = c->ids[i].v;
    const struct comment_ids all = {ids, c->n_ids};
    if (!queue_cards(rq->web->o.domain, tx, &all, &ret_found->examples, e))
        return false;
    ret_found->n = (int64_t)ret_found->examples.n;
    ret_found->is_exact = true;
    return true;
}

static bool find_filtered(struct request *rq, struct tx *tx, const struct choice *c,
                          struct found *ret_found, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct queue_query q = {.filter = c->filter, .max = EXAMPLES};
    struct queue_found count;
    struct queue_page page;
    if (!queue_filter_count(d, tx, &c->filter, &count, e) || !queue_get(d, tx, &q, &page, e))
        return false;
    *ret_found = (struct found){count.n, count.is_exact, {page.cards, page.n}};
    return true;
}

static struct str count_text(struct request *rq, const struct found *found)
{
    if (found->is_exact)
        return i18n_count(rq->arena, rq->words, T_COMMENT_COUNT, found->n);
    return i18n_fill(rq->arena, rq->words, T_MOD_AT_LEAST,
                     i18n_number(rq->arena, rq->words, found->n), STR_NONE);
}

static void fill_examples(struct request *rq, const struct card_list *cards, struct ask_page *p)
{
    size_t n = cards->n < EXAMPLES ? cards->n : EXAMPLES;
    struct case_view *views = ARENA_ARRAY(rq->arena, struct case_view, n);
    for (size_t i = 0; i < n; i++)
        views[i] = *fill_case(rq, &cards->items[i]);
    p->examples = views;
    p->n_examples = n;
}

static void fill_asked(struct request *rq, const struct choice *c, const struct found *found,
                       struct str count, struct ask_page *p)
{
    const struct batch_form *form = rq->form;
    struct many_view *many = fill_many(rq, address_way_back(form->next));
    struct form_field *chosen = ARENA_ARRAY(rq->arena, struct form_field, c->n_ids);
    for (size_t i = 0; i < c->n_ids; i++)
        chosen[i] = (struct form_field){STR("chosen"),
                                        batch_choice_print(rq->arena, c->ids[i], &c->seen[i])};
    many->chosen = chosen;
    many->n_chosen = c->n_ids;
    many->filter = form->filter;
    many->expected = found->n;
    many->filter_text = i18n_fill(rq->arena, rq->words, T_MOD_MANY_CONFIRM, count, STR_NONE);
    p->many = many;
}

/* Also what is shown when beginning was refused. */
bool batch_ask(struct request *rq, struct tx *tx, struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct ask_page *p = ARENA_NEW(rq->arena, struct ask_page);
    const struct batch_form *form = rq->form;
    struct choice *c;
    struct found found = {0};
    struct chosen_view chosen = {0};
    if (!read_choice(form, rq, &c, e) ||
        !(c->n_ids ? find_chosen : find_filtered)(rq, tx, c, &found, e) ||
        (form->filter.n > 0 && !fill_choice(rq, tx, form->filter, &chosen, e)))
        return false;
    struct str count = count_text(rq, &found);
    p->title = found.n > 0 ? fill_ask_title(rq, count) : count;
    const struct frame_want want = {.title = p->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e) || !reasons_open(rq, tx, e))
        return false;
    p->moderator = f->moderator;
    p->token = gate_token(rq, CSRF_SESSION);
    p->error = rq->err.kind ? fill_form_error(rq) : STR_NONE;
    fill_examples(rq, &found.examples, p);
    if (found.n > 0) {
        fill_asked(rq, c, &found, count, p);
        p->chips = chosen.chips;
        p->n_chips = chosen.n;
    }
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_ASK, p);
    return true;
}

/* ---- Beginning ------------------------------------------------------------------------------ */

/* What a step changed is on no page any more. */
static void follow_step(struct request *rq, const struct batch_step *step)
{
    for (size_t i = 0; i < step->n_threads; i++)
        reply_tag(&rq->reply, tag_of_thread(step->threads[i]));
    rq->reply.wants_scrub |= step->wants_scrub;
}

/* Begins, and does the first step at once: few comments are done when the page comes. */
bool batch_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    const struct batch_form *form = rq->form;
    const struct action_word *word = action_word_of(form->action);
    struct choice *c;
    struct batch_step step;
    int64_t id, seen_s = 0;
    if (!word)
        return err_set(e, ERR_INVALID, 0, "no such action");
    if (!read_choice(form, rq, &c, e))
        return false;
    if (!str_to_int64(form->seen, 1, rq->now_s, &seen_s))
        return err_set(e, ERR_INVALID, 0, "nobody says when they were seen");
    const struct batch_plan plan = {
        .action = word->action,
        .reason = form->reason,
        .note = form->note,
        .ids = c->ids,
        .seen = c->seen,
        .n_ids = c->n_ids,
        .filter = c->filter,
        .expected = form->expected,
        .until_s = seen_s,
    };
    if (!batch_begin(d, tx, &rq->actor, &plan, &id, e) || !batch_step(d, tx, id, &step, e))
        return false;
    follow_step(rq, &step);
    reply_redirect(&rq->reply, address_batch(rq->arena, id, ""));
    return true;
}

/* ---- How far it got ------------------------------------------------------------------------- */

static bool is_open(const struct batch *b)
{
    return b->stage == BATCH_DECIDING || b->stage == BATCH_UNDOING;
}

static struct str stage_text(struct request *rq, enum batch_stage stage)
{
    static const enum message texts[] = {
        [BATCH_DECIDING] = T_BATCH_DECIDING, [BATCH_DECIDED] = T_BATCH_DECIDED,
        [BATCH_UNDOING] = T_BATCH_UNDOING,   [BATCH_UNDONE] = T_BATCH_UNDONE,
        [BATCH_STOPPED] = T_BATCH_STOPPED,
    };
    return i18n_text(rq->words, texts[stage]);
}

/* "1,250 comments", "1,250 comments, of which undone: 1,248". */
static struct str decided_text(struct request *rq, const struct batch *b)
{
    struct str decided =
        i18n_count(rq->arena, rq->words, T_COMMENT_COUNT, b->comments + b->carried);
    if (b->undone_s == 0)
        return decided;
    return i18n_fill(rq->arena, rq->words, T_BATCH_COUNT_UNDONE, decided,
                     i18n_number(rq->arena, rq->words, b->undone));
}

static struct batch_line fill_line(struct request *rq, const struct batch *b)
{
    struct str number = i18n_digits(rq->arena, rq->words, b->id);
    return (struct batch_line){
        .address = address_batch(rq->arena, b->id, ""),
        .title = i18n_fill(rq->arena, rq->words, T_BATCH_TITLE, number, STR_NONE),
        .time = fill_time(rq, b->at_s),
        .time_text = fill_time_text(rq, b->at_s, I18N_DATE_TIME),
        .who = b->moderator_name,
        .text = fill_action_text(rq, b->action),
        .reason_text = b->reason.n ? fill_reason_text(rq, b->reason) : STR_NONE,
        .note = b->note,
        .stage_text = stage_text(rq, b->stage),
        .count_text = decided_text(rq, b),
    };
}

static void fill_facts(struct request *rq, const struct batch *b, struct batch_page *p)
{
    const struct {
        enum message label;
        int64_t n;
        bool is_shown;
    } all[] = {
        {T_BATCH_FACT_EXPECTED, b->expected, true},
        {T_BATCH_FACT_DECIDED, b->comments, true},
        {T_BATCH_FACT_CARRIED, b->carried, b->carried > 0},
        {T_BATCH_FACT_SKIPPED, b->skipped, true},
        {T_BATCH_FACT_UNDONE, b->undone, b->undone_s != 0},
        {T_BATCH_FACT_KEPT, b->kept, b->undone_s != 0},
    };
    struct fact_line *facts = ARENA_ARRAY(rq->arena, struct fact_line, ARRAY_LEN(all));
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (all[i].is_shown)
            facts[p->n_facts++] = (struct fact_line){
                .label = i18n_text(rq->words, all[i].label),
                .text = i18n_number(rq->arena, rq->words, all[i].n),
            };
    }
    p->facts = facts;
}

/* "140 of 1,250": of those that were asked about, or of those that were decided. */
static struct str progress_text(struct request *rq, const struct batch *b)
{
    bool is_deciding = b->stage == BATCH_DECIDING;
    if (!is_deciding && b->undone_s == 0)
        return decided_text(rq, b);
    int64_t n = is_deciding ? b->comments + b->skipped : b->undone;
    int64_t of = is_deciding ? b->expected : b->comments + b->carried;
    return i18n_fill(rq->arena, rq->words, T_BATCH_PROGRESS, i18n_number(rq->arena, rq->words, n),
                     i18n_number(rq->arena, rq->words, of));
}

static bool read_batch_id(const struct request *rq, int64_t *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX, ret_id) ||
           err_set(e, ERR_MISSING, 0, "no such batch");
}

static void fill_open(struct request *rq, int64_t id, struct batch_page *p)
{
    struct str here = address_batch(rq->arena, id, "");
    p->is_open = true;
    if (str_eq(rq->query.state, STR("still")))
        return;
    p->still_address = address_with(rq->arena, here, "state", STR("still"));
    reply_header(&rq->reply, STR("Refresh"), STR(RENEW_S));
}

bool batch_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct batch_page *p = ARENA_NEW(rq->arena, struct batch_page);
    struct batch_line *line = ARENA_NEW(rq->arena, struct batch_line);
    struct batch b;
    int64_t id;
    struct chosen_view chosen;
    if (!read_batch_id(rq, &id, e) || !batch_get(rq->web->o.domain, tx, id, &b, e) ||
        !fill_choice(rq, tx, b.choice, &chosen, e) || !reasons_open(rq, tx, e))
        return false;
    *line = fill_line(rq, &b);
    const struct frame_want want = {.title = line->title, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    p->moderator = f->moderator;
    p->title = line->title;
    p->batch = line;
    p->token = gate_token(rq, CSRF_SESSION);
    p->progress_text = progress_text(rq, &b);
    p->chips = chosen.chips;
    p->n_chips = chosen.n;
    p->undo_error = rq->err.kind ? reply_error_text(rq) : STR_NONE;
    fill_facts(rq, &b, p);
    if (is_open(&b))
        fill_open(rq, id, p);
    bool is_own = b.moderator.v == rq->actor.moderator.id.v;
    bool may = right_is_held(is_own ? RIGHT_BATCH_UNDO_OWN : RIGHT_BATCH_UNDO, rq->actor.role);
    if (may && (b.undone_s == 0 || b.stage == BATCH_STOPPED))
        p->undo_action = address_batch(rq->arena, id, "undo");
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_BATCH, p);
    return true;
}

bool batch_undo_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct batch_step step;
    int64_t id;
    if (!read_batch_id(rq, &id, e) || !batch_undo(d, tx, &rq->actor, id, e) ||
        !batch_step(d, tx, id, &step, e))
        return false;
    follow_step(rq, &step);
    reply_redirect(&rq->reply, address_batch(rq->arena, id, ""));
    return true;
}

bool batches_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_MOD_BATCHES),
                                    .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct batches_page *p = ARENA_NEW(rq->arena, struct batches_page);
    struct batch_list list;
    int64_t before = 0;
    if (rq->query.before.n && !str_to_int64(rq->query.before, 1, INT64_MAX, &before))
        before = 0;
    if (!frame_fill(rq, tx, &want, f, e) ||
        !batch_list(rq->web->o.domain, tx, before, BATCHES, &list, e) || !reasons_open(rq, tx, e))
        return false;
    struct batch_line *lines = ARENA_ARRAY(rq->arena, struct batch_line, list.n);
    for (size_t i = 0; i < list.n; i++)
        lines[i] = fill_line(rq, &list.items[i]);
    p->moderator = f->moderator;
    p->batches = lines;
    p->n_batches = list.n;
    if (list.n == BATCHES)
        p->older_address =
            arena_printf(rq->arena, "/mod/batches?before=%" PRId64, list.items[list.n - 1].id);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_BATCHES, p);
    return true;
}
