#include "web/due.h"

#include "domain/batch.h"
#include "domain/campaign_watch.h"
#include "domain/claims.h"
#include "domain/commenters.h"
#include "domain/report.h"
#include "domain/rule_set.h"
#include "domain/undo.h"
#include "web/request.h"

struct batch_due {
    const struct domain *domain;
    int64_t id;
    struct batch_step step;
};

static bool read_batch(struct tx *tx, void *context, struct err *e)
{
    struct batch_due *due = context;
    return batch_next_open(due->domain, tx, &due->id, e);
}

static bool step_batch(struct tx *tx, void *context, struct err *e)
{
    struct batch_due *due = context;
    uint64_t tags[BATCH_STEP_MAX];
    if (!batch_step(due->domain, tx, due->id, &due->step, e))
        return false;
    for (size_t i = 0; i < due->step.n_threads; i++)
        tags[i] = tag_of_thread(due->step.threads[i]);
    tx_changes(tx, tags, due->step.n_threads);
    return true;
}

bool web_batch_due(struct web *w, struct err *e)
{
    struct batch_due due = {.domain = w->o.domain};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!db_read(w->o.db, a, read_batch, &due, e))
        return false;
    if (due.id == 0)
        return true;
    if (!db_write_now(w->o.db, a, step_batch, &due, e))
        return false;
    for (size_t i = 0; i < due.step.n_threads; i++)
        cache_drop_tag(w->pages, tag_of_thread(due.step.threads[i]));
    if (due.step.wants_scrub) {
        cache_sweep(w->pages);
        db_scrub(w->o.db);
    }
    return true;
}

#define LOOKING_MS 100 /* of one call */

struct campaign_due {
    const struct domain *domain;
    struct campaign_look look;
};

static bool look(struct tx *tx, void *context, struct err *e)
{
    struct campaign_due *due = context;
    return campaign_watch_look(due->domain, tx, &due->look, e);
}

static bool store_found(struct tx *tx, void *context, struct err *e)
{
    struct campaign_due *due = context;
    tx_changes(tx, NULL, 0);
    return campaign_watch_store(due->domain, tx, e);
}

bool web_campaign_due(struct web *w, int64_t *next_ms, struct err *e)
{
    struct campaign_due due = {.domain = w->o.domain};
    int64_t begun_ms = clock_ticks_ms(w->o.clock);
    if (!w->o.domain->campaigns || begun_ms < *next_ms)
        return true;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    do {
        arena_reset(a);
        if (!db_read(w->o.db, a, look, &due, e) ||
            (due.look.has_found && !db_write_now(w->o.db, a, store_found, &due, e)))
            return false;
    } while (!due.look.is_done && clock_ticks_ms(w->o.clock) - begun_ms < LOOKING_MS);
    if (due.look.is_done)
        *next_ms = clock_ticks_ms(w->o.clock) + CAMPAIGN_LOOK_MS;
    return true;
}

struct rules_due {
    const struct domain *domain;
    struct rules_news news;
};

static bool read_rules(struct tx *tx, void *context, struct err *e)
{
    struct rules_due *due = context;
    return rules_read(due->domain->rules, due->domain, tx, &due->news, e);
}

bool web_rules_due(struct web *w, struct err *e)
{
    struct rules_due due = {.domain = w->o.domain};
    if (!due.domain->rules || !atomic_exchange(&w->rules_stale, false))
        return true;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    bool good =
        db_read(w->o.db, a, read_rules, &due, e) && rules_use(due.domain->rules, &due.news, e);
    if (!good)
        atomic_store(&w->rules_stale, true);
    return good;
}

struct forget_due {
    const struct domain *domain;
    int64_t erased, dropped, reports;
};

static bool forget(struct tx *tx, void *context, struct err *e)
{
    struct forget_due *due = context;
    tx_changes(tx, NULL, 0);
    return kept_words_expire(due->domain, tx, &due->erased, e) &&
           report_expire(due->domain, tx, &due->reports, e) &&
           arrival_expire(due->domain, tx, &due->dropped, e) && claim_expire(due->domain, tx, e);
}

bool web_forget_due(struct web *w, struct err *e)
{
    struct forget_due due = {.domain = w->o.domain};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!db_write_now(w->o.db, a, forget, &due, e))
        return false;
    if (due.erased > 0 || due.reports > 0)
        db_scrub(w->o.db);
    return true;
}
