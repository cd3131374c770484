#include "web/due.h"

#include "domain/batch.h"
#include "domain/campaign_watch.h"
#include "domain/claims.h"
#include "domain/commenters.h"
#include "domain/network_key.h"
#include "domain/report.h"
#include "domain/rule_set.h"
#include "domain/search.h"
#include "domain/undo.h"
#include "web/node_key.h"
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
    struct campaign_changes changes;
};

static bool look(struct tx *tx, void *context, struct err *e)
{
    struct campaign_due *due = context;
    return campaign_watch_look(due->domain, tx, &due->look, e);
}

static bool store_found(struct tx *tx, void *context, struct err *e)
{
    struct campaign_due *due = context;
    if (!campaign_watch_store(due->domain, tx, &due->changes, e))
        return false;
    uint64_t *tags = ARENA_ARRAY(tx_arena(tx), uint64_t, due->changes.n);
    for (size_t i = 0; i < due->changes.n; i++)
        tags[i] = tag_of_thread(due->changes.threads[i]);
    tx_changes(tx, tags, due->changes.n);
    return true;
}

/* One step. What it found may change pages. */
static bool look_on(struct web *w, struct arena *a, struct campaign_due *due, struct err *e)
{
    if (!db_read(w->o.db, a, look, due, e))
        return false;
    if (!due->look.has_found)
        return true;
    bool good = db_write_now(w->o.db, a, store_found, due, e);
    if (!good && e->kind != ERR_UNKNOWN)
        return false;
    /* It may be stored although nobody knows; the next time nothing is changed any more. */
    for (size_t i = 0; i < due->changes.n; i++)
        cache_drop_tag(w->pages, tag_of_thread(due->changes.threads[i]));
    return good;
}

bool web_campaign_due(struct web *w, int64_t *next_ms, struct err *e)
{
    struct campaign_due due = {.domain = w->o.domain};
    int64_t begun_ms = clock_ticks_ms(w->o.clock);
    if (!w->o.domain->campaigns || !campaign_watch_is_wanted(w->o.domain->campaigns) ||
        begun_ms < *next_ms)
        return true;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    do {
        arena_reset(a);
        if (!look_on(w, a, &due, e))
            return false;
    } while (!due.look.is_done && clock_ticks_ms(w->o.clock) - begun_ms < LOOKING_MS);
    if (due.look.is_done)
        *next_ms = clock_ticks_ms(w->o.clock) + CAMPAIGN_LOOK_MS;
    return true;
}

static bool has_writers_waiting(const struct web *w)
{
    struct db_counts counts;
    db_count(w->o.db, &counts);
    return counts.queue_length > 0;
}

/* While comments wait to be stored the index goes one step at a time: it can follow later. */
bool web_search_due(struct web *w, struct err *e)
{
    int64_t begun_ms = clock_ticks_ms(w->o.clock);
    bool more = w->o.domain->search != NULL;
    while (more && clock_ticks_ms(w->o.clock) - begun_ms < LOOKING_MS) {
        if (!search_step(w->o.domain, &more, e))
            return false;
        more = more && !has_writers_waiting(w);
    }
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

struct network_due {
    const struct domain *domain;
    struct hash key;
    bool is_found;
};

static bool read_key(struct tx *tx, void *context, struct err *e)
{
    struct network_due *due = context;
    return network_key_get(due->domain, tx, &due->key, &due->is_found, e);
}

static bool make_key(struct tx *tx, void *context, struct err *e)
{
    struct network_due *due = context;
    tx_changes(tx, NULL, 0);
    return network_key_make(due->domain, tx, &due->key, e);
}

bool web_network_due(struct web *w, struct err *e)
{
    struct network_due due = {.domain = w->o.domain};
    if (!w->o.has_nodes || w->o.settings->moderation_network_hours == 0)
        return true;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!db_read(w->o.db, a, read_key, &due, e) ||
        (!due.is_found && !db_write_now(w->o.db, a, make_key, &due, e)))
        return false;
    node_key_set(w->network_key, due.key);
    return true;
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

#define FORGET_STEPS 20 /* of one call: others write in between */

bool web_forget_due(struct web *w, struct err *e)
{
    struct forget_due due = {.domain = w->o.domain};
    bool good = true, is_more = true, wants_scrub = false;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (int i = 0; i < FORGET_STEPS && good && is_more; i++) {
        arena_reset(a);
        good = db_write_now(w->o.db, a, forget, &due, e);
        is_more = good && (due.erased > 0 || due.reports > 0 || due.dropped > 0);
        wants_scrub |= good && (due.erased > 0 || due.reports > 0);
    }
    if (wants_scrub)
        db_scrub(w->o.db);
    return good;
}
