#include "tests/unit/domain/room.h"

#include "domain/deciding.h"
#include "domain/inner.h"
#include "store/statements.h"

static int64_t now_s(const struct clock *c)
{
    return ((const struct room_clock *)(const void *)c)->now_s;
}

static int64_t ticks_ms(const struct clock *c)
{
    return clock_system.ticks_ms(c);
}

bool room_write(struct room *r, db_work *work, void *context, struct err *e)
{
    return db_write_now(r->f.db, r->f.arena, work, context, e);
}

bool room_read(struct room *r, db_work *work, void *context, struct err *e)
{
    return db_read(r->f.db, r->f.arena, work, context, e);
}

void room_must_write(struct room *r, db_work *work, void *context)
{
    struct err e;
    if (!room_write(r, work, context, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

void room_must_read(struct room *r, db_work *work, void *context)
{
    struct err e;
    if (!room_read(r, work, context, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

static bool found_work(struct tx *tx, void *context, struct err *e)
{
    struct room *r = context;
    return site_found(tx, e) && domain_open(tx, &r->settings, &r->d, e);
}

CALL(section_call, const struct section *section; enum saved saved;
     , section_save(d, tx, c->section, &c->saved, e))
CALL(save_call, const struct edition *ed; const struct conversation_wish *wish; enum saved saved;
     , edition_save(d, tx, c->ed, c->wish, &c->saved, e))
CALL(find_call, struct str lang; struct str slug; struct edition ed;
     , edition_get(d, tx, c->lang, c->slug, &c->ed, e))

const struct picture room_shore = {.hash = {{7}},
                                   .width = 1280,
                                   .height = 720,
                                   .extension = STR_INIT("webp"),
                                   .caption = STR_INIT("The shore."),
                                   .credit = STR_INIT("Timur Bekov/NORTHWIRE"),
                                   .alt = STR_INIT("A boat on dry clay.")};

struct edition room_edition(const char *key, const char *lang, const char *slug)
{
    static const struct byline_entry byline[] = {
        {STR_INIT("aigerim-sadykova"), STR_INIT("Aigerim Sadykova")},
        {STR_INIT(""), STR_INIT("NORTHWIRE")}};
    struct edition ed = {.key = str_of(key),
                         .lang = str_of(lang),
                         .slug = str_of(slug),
                         .headline = STR("The reservoir that came back"),
                         .standfirst = STR("Two winters and a leak."),
                         .dateline = STR("AKTEREK"),
                         .section = STR("environment"),
                         .byline = byline,
                         .n_byline = ARRAY_LEN(byline),
                         .body = STR("For five summers …"),
                         .published_s = ROOM_NOW_S - 3600};
    ed.source = hash_of(ed.slug);
    return ed;
}

bool room_try_save(struct room *r, const struct edition *ed, const struct conversation_wish *wish,
                   enum saved *ret_saved, struct err *e)
{
    static const struct conversation_wish none = {.has_mode = false};
    struct save_call c = {r, ed, wish ? wish : &none, SAVED_SAME};
    bool good = room_write(r, save_call_work, &c, e);
    *ret_saved = c.saved;
    return good;
}

enum saved room_save(struct room *r, const struct edition *ed, const struct conversation_wish *wish)
{
    struct err e;
    enum saved saved;
    if (!room_try_save(r, ed, wish, &saved, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    return saved;
}

static void article_make(struct room *r, enum mode mode)
{
    struct section section = {.key = STR("environment"),
                              .lang = STR("en"),
                              .slug = STR("environment"),
                              .name = STR("Environment"),
                              .about = STR("Land and water.")};
    struct section_call s = {r, &section, SAVED_SAME};
    room_must_write(r, section_call_work, &s);
    struct conversation_wish wish = {.has_mode = true, .mode = mode};
    struct edition en = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    struct edition ru = room_edition("reservoir", "ru", "vodokhranilishche");
    assert_int_equal(room_save(r, &en, &wish), SAVED_NEW);
    assert_int_equal(room_save(r, &ru, &wish), SAVED_NEW);
    struct find_call f = {.r = r, .lang = en.lang, .slug = en.slug};
    room_must_read(r, find_call_work, &f);
    r->article = f.ed.article;
}

void room_open(struct room *r, enum mode mode)
{
    static const struct str languages[] = {STR_INIT("en"), STR_INIT("ru"), STR_INIT("kk")};
    memset(r, 0, sizeof *r);
    fixture_make(&r->f);
    r->clock = (struct room_clock){{now_s, ticks_ms}, ROOM_NOW_S};
    r->f.options.schema = &store_schema;
    r->f.options.clock = &r->clock.clock;
    struct err e;
    if (!db_open(&r->f.options, &r->f.db, &e))
        fail_msg("open: %s", e.why);
    r->home = arena_new(0);
    settings_standard(r->home, &r->settings);
    r->settings.site_name = STR("Steppe Herald");
    r->settings.site_languages = (struct setting_list){languages, ARRAY_LEN(languages)};
    if (!db_write_now(r->f.db, r->home, found_work, r, &e))
        fail_msg("found: %s", e.why);
    r->moderator = (struct actor){.role = ROLE_MODERATOR, .moderator = {.id = {1}}};
    r->other = (struct actor){.role = ROLE_MODERATOR, .moderator = {.id = {3}}};
    r->senior = (struct actor){.role = ROLE_SENIOR, .moderator = {.id = {4}}};
    r->administrator = (struct actor){.role = ROLE_ADMINISTRATOR, .moderator = {.id = {2}}};
    article_make(r, mode);
}

void room_close(struct room *r)
{
    arena_free(&r->home);
    fixture_close(&r->f);
}

bool room_post(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
               struct comment_added *ret_added, struct err *e)
{
    struct comment_draft prepared = *draft;
    return comment_prepare(d, tx_arena(tx), &prepared, e) &&
           comment_add(d, tx, &prepared, ret_added, e);
}

CALL(add_call, const struct comment_draft *draft; struct comment_added added;
     , room_post(d, tx, c->draft, &c->added, e))

bool room_add(struct room *r, int64_t reply_to, const struct commenter_id *who, const char *text,
              struct comment_added *ret_added, struct err *e)
{
    static uint32_t n;
    struct comment_draft draft = {.thread = r->article,
                                  .reply_to = reply_to,
                                  .lang = STR("en"),
                                  .name = STR("Saparbek"),
                                  .text = str_of(text),
                                  .network = r->network,
                                  .has_commenter = who != NULL};
    n++;
    memcpy(draft.idem, &n, sizeof n);
    memcpy(draft.new_key_hash.b, &n, sizeof n);
    if (who)
        draft.commenter = *who;
    struct add_call c = {.r = r, .draft = &draft};
    bool good = room_write(r, add_call_work, &c, e);
    if (good)
        *ret_added = c.added;
    return good;
}

struct comment room_say(struct room *r, int64_t reply_to, const struct commenter_id *who)
{
    static int n;
    char text[64];
    (void)snprintf(text, sizeof text, "I saw the water with my own eyes, %d.", n++);
    struct comment_added added;
    struct err e;
    struct str kept = arena_copy(r->f.arena, str_of(text));
    if (!room_add(r, reply_to, who, kept.p, &added, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    return added.comment;
}

bool room_rewrite(const struct domain *d, struct tx *tx, const struct own_comment *own,
                  struct str text, struct err *e)
{
    struct new_words words = words_prepare(d, tx_arena(tx), text);
    return comment_edit(d, tx, own->id, own->who, &words, e);
}

CALL(edit_call, const struct comment *comment; struct str text;
     ,
     room_rewrite(d, tx, &(struct own_comment){c->comment->id, &c->comment->commenter}, c->text, e))
CALL(withdraw_call, const struct comment *comment;
     , comment_withdraw(d, tx, c->comment->id, &c->comment->commenter, e))
CALL(decide_call, const struct actor *actor; struct decide decide; struct thread_id thread;
     , decision_make(d, tx, c->actor, &c->decide, &c->thread, e))
CALL(undo_call, const struct actor *actor; struct undo undo; struct thread_id thread;
     , decision_undo(d, tx, c->actor, &c->undo, &c->thread, e))
CALL(step_call, int64_t id; struct batch_step step;, batch_step(d, tx, c->id, &c->step, e))
CALL(thread_call, struct thread thread;, thread_get(d, tx, c->r->article, &c->thread, e))
CALL(page_call, const struct page_query *q; struct comment_page page;
     , comment_page_get(d, tx, c->q, &c->page, e))
CALL(card_call, struct comment_id id; struct queue_detail detail;
     , queue_card_get(d, tx, c->id, &c->detail, e))
CALL(context_call, struct context_query q; struct comment_context context;
     , comment_context_get(d, tx, &c->q, &c->context, e))

bool room_edit(struct room *r, const struct comment *c, const char *text, struct err *e)
{
    struct edit_call call = {r, c, str_of(text)};
    return room_write(r, edit_call_work, &call, e);
}

bool room_withdraw(struct room *r, const struct comment *c, struct err *e)
{
    struct withdraw_call call = {r, c};
    return room_write(r, withdraw_call_work, &call, e);
}

bool room_decide(struct room *r, const struct actor *actor, struct decide decide, struct err *e)
{
    struct decide_call call = {.r = r, .actor = actor, .decide = decide};
    return room_write(r, decide_call_work, &call, e);
}

void room_must_decide(struct room *r, int64_t number, enum action action)
{
    struct card_call card = {.r = r, .id = comment_id_of(r->article, number)};
    room_must_read(r, card_call_work, &card);
    struct decide decide = {.comment = card.id,
                            .action = action,
                            .reason = STR("insult"),
                            .expected = card.detail.card.comment.state,
                            .expected_edited_s = card.detail.card.comment.edited_s,
                            .expected_reports = card.detail.card.open_reports,
                            .expected_reported_s = card.detail.card.reported_s};
    struct err e;
    if (!room_decide(r, &r->moderator, decide, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

bool room_undo(struct room *r, const struct actor *actor, int64_t number, int64_t seq,
               struct err *e)
{
    struct undo_call call = {
        .r = r, .actor = actor, .undo = {comment_id_of(r->article, number), seq, false}};
    return room_write(r, undo_call_work, &call, e);
}

struct queue_detail room_detail(struct room *r, int64_t number)
{
    struct card_call card = {.r = r, .id = comment_id_of(r->article, number)};
    room_must_read(r, card_call_work, &card);
    return card.detail;
}

CALL(author_call, struct commenter_id id; struct commenter_record record;
     , commenter_record_get(d, tx, &c->id, &c->record, e))

struct commenter_record room_author(struct room *r, int64_t number)
{
    struct author_call author = {.r = r, .id = room_detail(r, number).card.comment.commenter};
    room_must_read(r, author_call_work, &author);
    return author.record;
}

static bool report_put(const struct domain *d, struct tx *tx, const struct copy_report_put_in *in,
                       struct err *e)
{
    struct comment_count_reports_in count = {d->site.id.v, in->comment};
    return sql_copy_report_put(tx, in, NULL, e) && sql_comment_count_reports(tx, &count, NULL, e);
}

/* Numbers up to n are given, and one more. */
static bool counter_reach(const struct domain *d, struct tx *tx, struct str name, int64_t n,
                          struct err *e)
{
    for (int64_t taken = 0; taken < n;) {
        if (!number_take(d, tx, name, &taken, e))
            return false;
    }
    return true;
}

static bool rule_put(const struct domain *d, struct tx *tx, int64_t id, struct err *e)
{
    struct copy_rule_put_in in = {.site = d->site.id.v,
                                  .id = id,
                                  .kind = 1,
                                  .does = 2,
                                  .is_on = 1,
                                  .name = STR("Words"),
                                  .source = STR("water")};
    return sql_copy_rule_put(tx, &in, NULL, e) && counter_reach(d, tx, STR("rule"), id, e);
}

static bool rule_get(const struct domain *d, struct tx *tx, int64_t id, struct rule_figures *ret,
                     struct err *e)
{
    struct copy_rule_get_in in = {d->site.id.v, id - 1, 1};
    struct copy_rule_get_out *rows;
    size_t n;
    if (!sql_copy_rule_get(tx, &in, &rows, &n, e))
        return false;
    assert_int_equal(n, 1);
    *ret = (struct rule_figures){rows[0].agreed, rows[0].overruled};
    return true;
}

static bool rule_hold(const struct domain *d, struct tx *tx, const struct decision *why,
                      struct err *e)
{
    return decision_put(d, tx, why, e);
}

CALL(report_call, struct copy_report_put_in in;, report_put(d, tx, &c->in, e))
CALL(rule_call, int64_t id;, rule_put(d, tx, c->id, e))
CALL(figures_call, int64_t id; struct rule_figures figures;, rule_get(d, tx, c->id, &c->figures, e))
CALL(hold_call, struct decision why;, rule_hold(d, tx, &c->why, e))

void room_report(struct room *r, int64_t number, uint8_t reporter, const char *reason)
{
    char who[1] = {(char)reporter};
    struct report_call call = {.r = r,
                               .in = {.site = r->d.site.id.v,
                                      .comment = comment_id_of(r->article, number).v,
                                      .reporter = {who, 1},
                                      .reason = str_of(reason),
                                      .at_s = r->clock.now_s}};
    room_must_write(r, report_call_work, &call);
}

void room_rule(struct room *r, int64_t id)
{
    struct rule_call call = {r, id};
    room_must_write(r, rule_call_work, &call);
}

struct rule_figures room_rule_figures(struct room *r, int64_t id)
{
    struct figures_call call = {.r = r, .id = id};
    room_must_read(r, figures_call_work, &call);
    return call.figures;
}

void room_rule_holds(struct room *r, int64_t number, const char *rule, const char *evidence)
{
    struct hold_call call = {.r = r,
                             .why = {.comment = comment_id_of(r->article, number),
                                     .rule = str_of(rule),
                                     .evidence = str_of(evidence),
                                     .action = ACTION_HOLD,
                                     .from = COMMENT_HELD,
                                     .to = COMMENT_HELD}};
    room_must_write(r, hold_call_work, &call);
}

size_t room_batch_run(struct room *r, int64_t id)
{
    struct step_call call = {.r = r, .id = id};
    size_t steps = 0;
    do {
        room_must_write(r, step_call_work, &call);
        steps++;
        assert_true(call.step.n_threads <= BATCH_STEP_MAX);
    } while (!call.step.is_done);
    return steps;
}

struct thread room_thread(struct room *r)
{
    struct thread_call c = {.r = r};
    room_must_read(r, thread_call_work, &c);
    return c.thread;
}

struct comment room_comment(struct room *r, int64_t number, const struct commenter_id *who)
{
    struct context_call c = {
        .r = r, .q = {.thread = r->article, .number = number, .viewer = who, .max = 0}};
    room_must_read(r, context_call_work, &c);
    return c.context.comment;
}

struct comment_page room_page(struct room *r, const struct page_query *q)
{
    struct page_call c = {.r = r, .q = q};
    room_must_read(r, page_call_work, &c);
    return c.page;
}

static void invariant_print(void *context, struct str what)
{
    (void)context;
    print_message("# " STR_FMT "\n", STR_ARG(what));
}

/* The room's actors decide without having been added to the team. */
static bool team_add(struct tx *tx, void *context, struct err *e)
{
    const struct room *r = context;
    const struct actor *team[] = {&r->moderator, &r->administrator, &r->other, &r->senior};
    for (size_t i = 0; i < ARRAY_LEN(team); i++) {
        int64_t id = team[i]->moderator.id.v;
        struct copy_moderator_put_in in = {.site = r->d.site.id.v,
                                           .id = id,
                                           .name = arena_printf(tx_arena(tx), "actor %" PRId64, id),
                                           .role = team[i]->role};
        if (!sql_copy_moderator_put(tx, &in, NULL, e))
            return false;
    }
    return counter_reach(&r->d, tx, STR("moderator"), ARRAY_LEN(team), e);
}

CALL(check_call, size_t faults;, check_invariants(d, tx, invariant_print, NULL, &c->faults, e))

size_t room_faults(struct room *r)
{
    struct check_call c = {.r = r};
    room_must_write(r, team_add, r);
    room_must_read(r, check_call_work, &c);
    return c.faults;
}

void room_check(struct room *r)
{
    assert_int_equal(room_faults(r), 0);
}
