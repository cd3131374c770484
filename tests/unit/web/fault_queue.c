/* The queue, decisions one by one and many at once, commenters, campaigns. */
#include "base/buf.h"
#include "domain/campaign_case.h"
#include "store/statements.h"
#include "tests/unit/web/fault_cases.h"

static struct actor senior_of(struct round *round)
{
    return (struct actor){.role = ROLE_SENIOR, .moderator = {.id = round->n->moderator}};
}

/* ---- One comment ---------------------------------------------------------------------------- */

/* The path is what comes behind the comment's address. */
static struct comment_id comment_of(struct round *round, struct ask *ask, int64_t number)
{
    struct comment_id id = comment_id_of(round->n->r.article, number);
    ask->path = arena_printf(round->a, "/mod/comments/%lld%s", (long long)id.v, ask->path).p;
    return id;
}

static struct comment_id held_of(struct round *round, struct ask *ask)
{
    return comment_of(round, ask, newsroom_hold(round->n));
}

static void prepare_decide(struct round *round, struct ask *ask)
{
    (void)held_of(round, ask);
    ask->form = "reason=insult&note=No.&rev=0.0.0.0&next=/mod";
}

/* What is published. */
static void prepare_again(struct round *round, struct ask *ask)
{
    (void)comment_of(round, ask, room_say(&round->n->r, 0, &round->n->author).number);
    ask->form = "reason=insult&rev=1.0.0.0&next=/mod";
}

static void prepare_unfeature(struct round *round, struct ask *ask)
{
    int64_t number = room_say(&round->n->r, 0, &round->n->author).number;
    room_must_decide(&round->n->r, number, ACTION_FEATURE);
    (void)comment_of(round, ask, number);
    ask->form = "reason=insult&rev=1.0.0.0&next=/mod";
}

static void prepare_undo(struct round *round, struct ask *ask)
{
    int64_t number = newsroom_hold(round->n);
    int64_t seq = room_detail(&round->n->r, number).undo_seq;
    (void)comment_of(round, ask, number);
    ask->form = arena_printf(round->a, "seq=%lld&next=/mod", (long long)seq).p;
}

static void refuse_undo(struct round *round, struct ask *ask)
{
    (void)comment_of(round, ask, HELD_NUMBER);
    ask->form = "seq=&next=/mod";
}

/* ---- Side by side --------------------------------------------------------------------------- */

CALL(claim_call, struct actor actor; struct comment_id id; struct claim claim;
     , claim_take(d, tx, &c->actor, &(struct claim_want){c->id, 60}, &c->claim, e))
CALL(opinion_call, struct actor actor; struct comment_id id;
     , opinion_ask(d, tx, &c->actor, c->id, STR("Is it?"), e))
CALL(note_call, struct actor actor; struct note_subject on;
     , team_note_add(d, tx, &c->actor, &c->on, STR("Seen."), e))
CALL(notes_call, struct note_subject on; struct team_note * notes; size_t n;
     , team_note_list(d, tx, &c->on, &c->notes, &c->n, e))

static void prepare_beside(struct round *round, struct ask *ask)
{
    (void)held_of(round, ask);
    ask->form = "text=Look+at+this.&next=/mod";
}

static void prepare_release(struct round *round, struct ask *ask)
{
    struct claim_call c = {.r = &round->n->r, .actor = senior_of(round), .id = held_of(round, ask)};
    room_must_write(c.r, claim_call_work, &c);
    ask->form = "next=/mod";
}

static void prepare_opinion_drop(struct round *round, struct ask *ask)
{
    struct opinion_call c = {&round->n->r, senior_of(round), held_of(round, ask)};
    room_must_write(c.r, opinion_call_work, &c);
    ask->form = "next=/mod";
}

static void refuse_words(struct round *round, struct ask *ask)
{
    (void)comment_of(round, ask, HELD_NUMBER);
    ask->form = "text=&next=/mod";
}

static void prepare_note_drop(struct round *round, struct ask *ask)
{
    struct room *r = &round->n->r;
    struct note_subject on = {.comment = comment_id_of(r->article, newsroom_hold(round->n))};
    struct note_call add = {r, senior_of(round), on};
    struct notes_call all = {.r = r, .on = on};
    room_must_write(r, note_call_work, &add);
    room_must_read(r, notes_call_work, &all);
    assert_int_equal(all.n, 1);
    ask->path = arena_printf(round->a, "/mod/notes/%lld/drop", (long long)all.notes[0].id).p;
    ask->form = "next=/mod";
}

/* ---- Commenters ----------------------------------------------------------------------------- */

CALL(trust_call, struct actor senior; struct trust_change change;
     , commenter_trust_set(d, tx, &c->senior, &c->change, e))

/* The path is what comes behind the commenter's address. */
static void commenter_of(struct round *round, struct ask *ask, const struct commenter_id *id)
{
    struct buf b = buf_in(round->a, 2 * sizeof id->b);
    buf_hex(&b, id->b, sizeof id->b);
    ask->path =
        arena_printf(round->a, "/mod/commenters/" STR_FMT "%s", STR_ARG(buf_str(&b)), ask->path).p;
}

static void prepare_commenter_show(struct round *round, struct ask *ask)
{
    commenter_of(round, ask, &round->n->author);
}

/* Somebody new each time. */
static void prepare_commenter(struct round *round, struct ask *ask)
{
    struct commenter_id id = room_say(&round->n->r, 0, NULL).commenter;
    commenter_of(round, ask, &id);
    ask->form = "trust=3&days=7&reason=insult&note=Often.&text=Look.&next=/mod";
}

static void prepare_untrust(struct round *round, struct ask *ask)
{
    struct trust_call c = {
        &round->n->r,
        senior_of(round),
        {.commenter = room_say(&round->n->r, 0, NULL).commenter, .trust = TRUST_HELD}};
    room_must_write(c.r, trust_call_work, &c);
    commenter_of(round, ask, &c.change.commenter);
    ask->form = "seq=1&next=/mod";
}

static void refuse_untrust(struct round *round, struct ask *ask)
{
    prepare_commenter_show(round, ask);
    ask->form = "seq=&next=/mod";
}

static void refuse_commenter(struct round *round, struct ask *ask)
{
    prepare_commenter_show(round, ask);
    ask->form = "trust=3&days=7&reason=";
}

/* ---- Many at once --------------------------------------------------------------------------- */

CALL(begin_call, struct actor senior; struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->senior, &c->plan, &c->id, e))

static void prepare_batch(struct round *round, struct ask *ask)
{
    struct comment_id id = comment_id_of(round->n->r.article, newsroom_hold(round->n));
    ask->form = arena_printf(round->a, "chosen=%lld.0.0.0.0&action=spam&seen=%lld&expected=1",
                             (long long)id.v, (long long)ROOM_NOW_S)
                    .p;
}

/* The same each time. */
static void ask_batch(struct round *round, struct ask *ask)
{
    struct comment_id id = comment_id_of(round->n->r.article, HELD_NUMBER);
    ask->form = arena_printf(round->a, "chosen=%lld.0.0.0.0&action=spam", (long long)id.v).p;
}

static void ask_filter(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "filter=state%3Dheld&action=spam";
}

static void ask_nothing(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "action=spam&next=/mod?state=held";
}

static void refuse_batch(struct round *round, struct ask *ask)
{
    struct comment_id id = comment_id_of(round->n->r.article, HELD_NUMBER);
    ask->form = arena_printf(round->a, "chosen=%lld.0.0.0.0&action=reject&seen=%lld&expected=1",
                             (long long)id.v, (long long)ROOM_NOW_S)
                    .p;
}

/* One that is done. */
static int64_t batch_new(struct round *round)
{
    struct room *r = &round->n->r;
    struct comment_id id = comment_id_of(r->article, newsroom_hold(round->n));
    struct begin_call c = {.r = r,
                           .senior = senior_of(round),
                           .plan = {.action = ACTION_SPAM,
                                    .ids = &id,
                                    .seen = &(struct comment_seen){.is_known = true},
                                    .n_ids = 1,
                                    .expected = 1}};
    room_must_write(r, begin_call_work, &c);
    (void)room_batch_run(r, c.id);
    return c.id;
}

/* The first, whichever it is. */
static void prepare_batch_show(struct round *round, struct ask *ask)
{
    (void)batch_new(round);
    ask->path = "/mod/batches/1";
}

static void prepare_batch_undo(struct round *round, struct ask *ask)
{
    ask->path = arena_printf(round->a, "/mod/batches/%lld/undo", (long long)batch_new(round)).p;
    ask->form = "a=b";
}

/* ---- Campaigns ------------------------------------------------------------------------------ */

static bool campaign_make(const struct domain *d, struct tx *tx, struct comment_id id,
                          struct err *e)
{
    struct campaign_join_in join = {d->site.id.v, id.v,
                                    arena_printf(tx_arena(tx), "[%lld]", (long long)id.v)};
    struct campaign_alert_in alert = {d->site.id.v, id.v, ROOM_NOW_S};
    return sql_campaign_join(tx, &join, NULL, e) && sql_campaign_alert(tx, &alert, NULL, e);
}

CALL(campaign_call, struct comment_id id;, campaign_make(d, tx, c->id, e))
CALL(campaign_decide_call, struct actor senior; struct campaign_plan plan; int64_t batch;
     , campaign_decide(d, tx, &c->senior, &c->plan, &c->batch, e))

static void campaign_of_one(struct round *round, struct ask *ask, int64_t number)
{
    struct room *r = &round->n->r;
    struct campaign_call c = {r, comment_id_of(r->article, number)};
    room_must_write(r, campaign_call_work, &c);
    ask->path = arena_printf(round->a, "/mod/campaigns/%lld%s", (long long)c.id.v, ask->path).p;
}

/* The same each time. */
static void prepare_campaign_show(struct round *round, struct ask *ask)
{
    campaign_of_one(round, ask, AUTHORS_NUMBER);
}

static void prepare_campaign(struct round *round, struct ask *ask)
{
    campaign_of_one(round, ask, newsroom_hold(round->n));
    ask->form = "action=spam&seen=1&expected=1";
}

static void refuse_campaign(struct round *round, struct ask *ask)
{
    prepare_campaign_show(round, ask);
    ask->form = "action=reject&seen=1";
}

static void ask_campaign(struct round *round, struct ask *ask)
{
    prepare_campaign_show(round, ask);
    ask->form = "action=reject&reason=hate&seen=1";
}

static void prepare_campaign_decided(struct round *round, struct ask *ask)
{
    struct room *r = &round->n->r;
    int64_t number = newsroom_hold(round->n);
    campaign_of_one(round, ask, number);
    r->clock.now_s++;
    struct campaign_decide_call c = {
        .r = r,
        .senior = senior_of(round),
        .plan = {.id = comment_id_of(r->article, number), .action = ACTION_SPAM, .expected = 1}};
    room_must_write(r, campaign_decide_call_work, &c);
    (void)room_batch_run(r, c.batch);
    ask->form = "a=b";
}

static void prepare_decide_show(struct round *round, struct ask *ask)
{
    (void)comment_of(round, ask, HELD_NUMBER);
}

static void refuse_decide(struct round *round, struct ask *ask)
{
    prepare_decide(round, ask);
    ask->form = "reason=&rev=0.0.0.0&next=/mod";
}

/* ---- The rows ------------------------------------------------------------------------------- */

static const struct route_case rows[] = {
    {"queue_show", "/mod", 200, MODERATOR, NULL, false},
    {"queue_show", "/mod?state=published", 200, MODERATOR, NULL, false},
    {"queue_show", "/mod?state=all&lang=en", 200, MODERATOR, NULL, false},
    {"done_show", "/mod/done", 200, MODERATOR, NULL, false},
    {"decide_show", "", 200, MODERATOR, prepare_decide_show, false},
    {"campaign_show", "", 200, MODERATOR, prepare_campaign_show, false},
    {"campaigns_show", "/mod/campaigns", 200, MODERATOR, NULL, false},
    {"campaign_ask", "/ask", 200, MODERATOR, ask_campaign, false},
    {"campaign_post", "", 303, MODERATOR, prepare_campaign, false},
    {"campaign_post", "", 422, MODERATOR, refuse_campaign, true},
    {"campaign_end_post", "/end", 303, MODERATOR, prepare_campaign_decided, false},
    {"campaign_undo_post", "/undo", 303, MODERATOR, prepare_campaign_decided, false},
    {"decide_publish", "/publish", 303, MODERATOR, prepare_decide, false},
    {"decide_reject", "/reject", 303, MODERATOR, prepare_decide, false},
    {"decide_spam", "/spam", 303, MODERATOR, prepare_decide, false},
    {"decide_withdraw", "/withdraw", 303, MODERATOR, prepare_again, false},
    {"decide_hold", "/hold", 303, MODERATOR, prepare_again, false},
    {"decide_feature", "/feature", 303, MODERATOR, prepare_again, false},
    {"decide_unfeature", "/unfeature", 303, MODERATOR, prepare_unfeature, false},
    {"decide_undo", "/undo", 303, MODERATOR, prepare_undo, false},
    {"decide_undo", "/undo", 422, MODERATOR, refuse_undo, true},
    {"claim_post", "/claim", 303, MODERATOR, prepare_beside, false},
    {"release_post", "/release", 303, MODERATOR, prepare_release, false},
    {"opinion_post", "/opinion", 303, MODERATOR, prepare_beside, false},
    {"opinion_drop_post", "/opinion/drop", 303, MODERATOR, prepare_opinion_drop, false},
    {"comment_note_post", "/notes", 303, MODERATOR, prepare_beside, false},
    {"comment_note_post", "/notes", 422, MODERATOR, refuse_words, true},
    {"note_drop_post", NULL, 303, MODERATOR, prepare_note_drop, false},
    {"commenter_show", "", 200, MODERATOR, prepare_commenter_show, false},
    {"commenter_trust_post", "/trust", 303, MODERATOR, prepare_commenter, false},
    {"commenter_trust_post", "/trust", 422, MODERATOR, refuse_commenter, true},
    {"commenter_trust_undo_post", "/trust/undo", 303, MODERATOR, prepare_untrust, false},
    {"commenter_trust_undo_post", "/trust/undo", 422, MODERATOR, refuse_untrust, true},
    {"commenter_note_post", "/notes", 303, MODERATOR, prepare_commenter, false},
    {"batches_show", "/mod/batches", 200, MODERATOR, NULL, false},
    {"batch_ask", "/mod/batches/ask", 200, MODERATOR, ask_batch, false},
    {"batch_ask", "/mod/batches/ask", 200, MODERATOR, ask_filter, false},
    {"batch_ask", "/mod/batches/ask", 422, MODERATOR, ask_nothing, true},
    {"batch_post", "/mod/batches", 303, MODERATOR, prepare_batch, false},
    {"batch_post", "/mod/batches", 422, MODERATOR, refuse_batch, true},
    {"batch_show", NULL, 200, MODERATOR, prepare_batch_show, false},
    {"batch_undo_post", NULL, 303, MODERATOR, prepare_batch_undo, false},
    {"decide_reject", "/reject", 422, MODERATOR, refuse_decide, true},
};

const struct case_list queue_rows = {"queue", rows, ARRAY_LEN(rows), 21, 0};
