#include "cache/cache.h"

#include <stdatomic.h>

#include "base/hash.h"
#include "base/must.h"
#include "base/rand.h"
#include "cache/table.h"
#include "cache/wanted.h"

#define SHARDS 16
#define ENTRY_OVERHEAD 256 /* bytes that a page counts for besides its own */
#define LATER_S 5          /* after that a page that could not be made is tried again */

struct cache {
    struct cache_calls calls;
    const struct clock *clock;
    uint8_t hash_key[HASH_TABLE_KEY_BYTES];
    _Atomic uint64_t drops;        /* how many there were; a drop's number */
    _Atomic uint64_t all;          /* number of the last drop of everything */
    _Atomic uint64_t slots[SLOTS]; /* number of a tag's last drop */
    struct wanted wanted;
    struct shard shards[SHARDS];
};

struct cache *cache_new(size_t bytes_max, const struct cache_calls *calls,
                        const struct clock *clock)
{
    struct cache *c = calloc(1, sizeof *c);
    MUST(c != NULL);
    c->calls = *calls;
    c->clock = clock;
    rand_bytes(c->hash_key, sizeof c->hash_key);
    wanted_init(&c->wanted);
    size_t n_chains = 64;
    while (n_chains < 65536 && n_chains * 8 * KiB < bytes_max / SHARDS)
        n_chains *= 2;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &c->shards[i];
        MUST(pthread_mutex_init(&s->lock, NULL) == 0);
        s->chains = calloc(n_chains, sizeof *s->chains);
        MUST(s->chains != NULL);
        s->n_chains = n_chains;
        s->bytes_max = bytes_max / SHARDS;
    }
    return c;
}

void cache_free(struct cache **at)
{
    struct cache *c = *at;
    if (!c)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &c->shards[i];
        for (size_t n = 0; n < s->n_chains; n++) {
            while (s->chains[n]) {
                struct cache_entry *e = s->chains[n];
                void *value = shard_empty(s, e);
                shard_forget(s, e);
                if (value)
                    c->calls.drop(value);
            }
        }
        free(s->chains);
        (void)pthread_mutex_destroy(&s->lock);
    }
    wanted_free(&c->wanted);
    free(c);
    *at = NULL;
}

/* Numbers that follow each other are spread by multiplying (Knuth 6.4: the golden ratio). */
static size_t slot_of(uint64_t tag)
{
    if (tag > CACHE_WIDE_TAG(CACHE_WIDE_TAGS))
        return TAG_SLOTS + (size_t)(UINT64_MAX - tag);
    return (size_t)(tag * UINT64_C(0x9e3779b97f4a7c15) >> 32) % TAG_SLOTS;
}

static bool changed_since(const struct cache *c, uint64_t began, const uint64_t *tags, size_t n)
{
    if (atomic_load(&c->all) > began)
        return true;
    for (size_t i = 0; i < n; i++) {
        if (atomic_load(&c->slots[slot_of(tags[i])]) > began)
            return true;
    }
    return false;
}

static uint64_t hash_of_key(const struct cache *c, struct str key, size_t *ret_shard)
{
    uint64_t hash = hash_table(c->hash_key, key);
    *ret_shard = hash >> 60;
    return hash;
}

/* The shard is locked; the entry has a value. Once a making: the next drop forgets it. */
static void note_wanted(struct cache *c, struct cache_entry *e)
{
    if (e->is_wanted || !c->calls.changed)
        return;
    e->is_wanted = true;
    for (size_t i = 0; i < e->n_tags; i++)
        wanted_note(&c->wanted, slot_of(e->tags[i]), e->hash);
}

/* The shard is locked. An old value to drop after unlocking goes to *ret_old. */
static enum cache_found entry_get(struct cache *c, struct shard *s, struct cache_entry *e,
                                  void **ret_value, void **ret_old)
{
    if (e->value && changed_since(c, e->began, e->tags, e->n_tags)) {
        *ret_old = shard_empty(s, e);
        s->counts.stale++;
    }
    if (e->value) {
        bool in_time = e->until_s == 0 || clock_now_s(c->clock) < e->until_s;
        if (in_time || e->is_building) {
            e->is_asked_for = true;
            note_wanted(c, e);
            c->calls.hold(e->value);
            *ret_value = e->value;
            s->counts.hits++;
            return CACHE_HIT;
        }
    }
    return e->is_building ? CACHE_WAIT : CACHE_BUILD;
}

enum cache_found cache_get(struct cache *c, struct str key, struct cache_waiter *w,
                           void **ret_value, struct cache_ticket *ret_ticket)
{
    *ret_ticket = (struct cache_ticket){0};
    if (key.n > CACHE_KEY_BYTES_MAX)
        return CACHE_BUILD;
    size_t shard;
    uint64_t hash = hash_of_key(c, key, &shard);
    struct shard *s = &c->shards[shard];
    void *old = NULL;
    MUST(pthread_mutex_lock(&s->lock) == 0);
    struct cache_entry *e = shard_find(s, hash, key);
    if (!e)
        e = shard_add(s, hash, key);
    enum cache_found found = entry_get(c, s, e, ret_value, &old);
    if (found == CACHE_BUILD) {
        e->is_building = true;
        s->counts.builds++;
        *ret_ticket = (struct cache_ticket){.entry = e, .began = atomic_load(&c->drops)};
    } else if (found == CACHE_WAIT) {
        w->joined = atomic_load(&c->drops);
        w->next = NULL;
        *e->last = w;
        e->last = &w->next;
        s->counts.waits++;
    }
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    if (old)
        c->calls.drop(old);
    return found;
}

/*
 * Takes those off the entry's list who may have the page: all of them when it is fresh; otherwise
 * those who came before its making began, for whom it is as new as what they asked for.
 */
static struct cache_waiter *take_waiters(struct cache_entry *e, bool is_fresh, uint64_t began)
{
    struct cache_waiter *taken = NULL, **end = &taken, **at = &e->first;
    while (*at) {
        struct cache_waiter *w = *at;
        if (is_fresh || w->joined <= began) {
            *at = w->next;
            w->next = NULL;
            *end = w;
            end = &w->next;
        } else {
            at = &w->next;
        }
    }
    e->last = at;
    return taken;
}

/* Values that had to go while a shard was locked; dropped once it is not. */
struct gone {
    void *values[64];
    size_t n;
};

/* Evicts until there is room for so many bytes. False: there cannot be, or too much would go. */
static bool make_room(struct shard *s, size_t bytes, struct gone *gone)
{
    while (s->bytes + bytes > s->bytes_max && gone->n < ARRAY_LEN(gone->values)) {
        struct cache_entry *victim = shard_victim(s);
        if (!victim)
            break;
        gone->values[gone->n++] = shard_empty(s, victim);
        s->counts.evicted++;
        if (!victim->is_building)
            shard_forget(s, victim);
    }
    return s->bytes + bytes <= s->bytes_max;
}

/* Stores a page that was begun at that number. False: not stored. */
static bool entry_store(struct shard *s, struct cache_entry *e, const struct cache_page *page,
                        uint64_t began, struct gone *gone)
{
    size_t bytes = page->bytes + e->key_n + page->n_tags * sizeof *page->tags + ENTRY_OVERHEAD;
    if (!page->value || !page->is_to_store || page->n_tags > CACHE_TAGS_MAX ||
        bytes > s->bytes_max / 2 || !make_room(s, bytes, gone))
        return false;
    e->value = page->value;
    e->bytes = bytes;
    e->began = began;
    e->until_s = page->until_s;
    e->is_asked_for = e->is_wanted = false;
    e->n_tags = page->n_tags;
    e->tags = malloc(page->n_tags * sizeof *e->tags + 1);
    MUST(e->tags != NULL);
    if (page->n_tags > 0)
        memcpy(e->tags, page->tags, page->n_tags * sizeof *e->tags);
    shard_list(s, e);
    s->counts.stored++;
    return true;
}

static void wake_all(const struct cache *c, struct cache_waiter *w, void *value)
{
    while (w) {
        struct cache_waiter *next = w->next; /* w ends with its owner once woken */
        if (value)
            c->calls.hold(value);
        c->calls.wake(w, CACHE_HIT, value, (struct cache_ticket){0});
        w = next;
    }
}

void cache_finish(struct cache *c, struct cache_ticket ticket, const struct cache_page *page)
{
    struct cache_entry *e = ticket.entry;
    if (!e) {
        if (page->value)
            c->calls.drop(page->value);
        return;
    }
    struct shard *s = &c->shards[e->hash >> 60];
    struct gone gone = {0};
    struct cache_waiter *builder = NULL;
    struct cache_ticket again = {0};

    MUST(pthread_mutex_lock(&s->lock) == 0);
    bool is_fresh = !changed_since(c, ticket.began, page->tags,
                                   page->n_tags < CACHE_TAGS_MAX ? page->n_tags : CACHE_TAGS_MAX);
    bool keeps = page->is_later && e->value && !changed_since(c, e->began, e->tags, e->n_tags);
    if (keeps)
        e->until_s = clock_now_s(c->clock) + LATER_S;
    void *old = keeps ? NULL : shard_empty(s, e);
    struct cache_waiter *taken = take_waiters(e, is_fresh, ticket.began);
    if (is_fresh && entry_store(s, e, page, ticket.began, &gone)) {
        c->calls.hold(page->value); /* one for the table; ours goes at the end */
        if (taken || !ticket.is_renewal)
            note_wanted(c, e);
    }
    builder = e->first;
    if (builder) {
        e->first = builder->next;
        if (!e->first)
            e->last = &e->first;
        s->counts.builds++;
        again = (struct cache_ticket){.entry = e, .began = atomic_load(&c->drops)};
    } else {
        e->is_building = false;
        if (!e->value)
            shard_forget(s, e);
    }
    MUST(pthread_mutex_unlock(&s->lock) == 0);

    wake_all(c, taken, page->value);
    if (builder)
        c->calls.wake(builder, CACHE_BUILD, NULL, again);
    for (size_t i = 0; i < gone.n; i++)
        c->calls.drop(gone.values[i]);
    if (old)
        c->calls.drop(old);
    if (page->value)
        c->calls.drop(page->value);
}

void *cache_old(struct cache *c, struct str key)
{
    size_t shard;
    uint64_t hash = hash_of_key(c, key, &shard);
    struct shard *s = &c->shards[shard];
    MUST(pthread_mutex_lock(&s->lock) == 0);
    struct cache_entry *e = shard_find(s, hash, key);
    void *value = e && !changed_since(c, e->began, e->tags, e->n_tags) ? e->value : NULL;
    if (value)
        c->calls.hold(value);
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    return value;
}

/* The shard is locked. */
static struct cache_entry *find_fresh(struct cache *c, const struct shard *s, uint64_t hash,
                                      struct str key, const void *value)
{
    struct cache_entry *e = shard_find(s, hash, key);
    bool is_it = e && e->value == value && !changed_since(c, e->began, e->tags, e->n_tags);
    return is_it ? e : NULL;
}

bool cache_holds(struct cache *c, struct str key, const void *value)
{
    size_t shard;
    uint64_t hash = hash_of_key(c, key, &shard);
    struct shard *s = &c->shards[shard];
    MUST(pthread_mutex_lock(&s->lock) == 0);
    bool holds = find_fresh(c, s, hash, key, value) != NULL;
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    return holds;
}

void cache_replace(struct cache *c, struct str key, const void *old, void *value, size_t bytes)
{
    size_t shard;
    uint64_t hash = hash_of_key(c, key, &shard);
    struct shard *s = &c->shards[shard];
    void *gone = value;
    MUST(pthread_mutex_lock(&s->lock) == 0);
    struct cache_entry *e = find_fresh(c, s, hash, key, old);
    size_t counted = bytes + ENTRY_OVERHEAD + key.n;
    if (e && counted <= e->bytes) { /* it may only become smaller: nothing has to make room */
        gone = e->value;
        s->bytes -= e->bytes - counted;
        e->bytes = counted;
        e->value = value;
    }
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    c->calls.drop(gone);
}

/* Raises a slot to a drop's number; a later drop may have been faster. */
static void raise_to(_Atomic uint64_t *slot, uint64_t number)
{
    uint64_t seen = atomic_load(slot);
    while (seen < number && !atomic_compare_exchange_weak(slot, &seen, number)) {
    }
}

void cache_drop_tag(struct cache *c, uint64_t tag)
{
    size_t slot = slot_of(tag);
    raise_to(&c->slots[slot], atomic_fetch_add(&c->drops, 1) + 1);
    if (wanted_change(&c->wanted, slot))
        c->calls.changed(c->calls.context);
}

/* The ticket and key of a page, unless it is fresh or gone, not asked for, or being made. */
static bool take_page(struct cache *c, uint64_t hash, char *key, size_t *ret_n,
                      struct cache_ticket *ret_ticket)
{
    struct shard *s = &c->shards[hash >> 60];
    MUST(pthread_mutex_lock(&s->lock) == 0);
    struct cache_entry *e = shard_find_hash(s, hash);
    bool is_it = e && e->value && e->is_wanted && !e->is_building &&
                 changed_since(c, e->began, e->tags, e->n_tags);
    if (is_it) {
        e->is_building = true;
        s->counts.builds++;
        s->counts.renewed++;
        memcpy(key, e->key, e->key_n);
        *ret_n = e->key_n;
        *ret_ticket = (struct cache_ticket){e, atomic_load(&c->drops), .is_renewal = true};
    }
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    return is_it;
}

bool cache_take_changed(struct cache *c, char ret_key[static CACHE_KEY_BYTES_MAX], size_t *ret_n,
                        struct cache_ticket *ret_ticket)
{
    uint64_t hash;
    while ((hash = wanted_take(&c->wanted))) {
        if (take_page(c, hash, ret_key, ret_n, ret_ticket))
            return true;
    }
    return false;
}

void cache_drop_all(struct cache *c)
{
    raise_to(&c->all, atomic_fetch_add(&c->drops, 1) + 1);
}

/* Takes the first stale page out of a shard, or NULL. */
static void *take_stale(struct cache *c, struct shard *s)
{
    void *value = NULL;
    MUST(pthread_mutex_lock(&s->lock) == 0);
    for (struct cache_entry *e = s->oldest; e && !value; e = e->newer) {
        if (!changed_since(c, e->began, e->tags, e->n_tags))
            continue;
        value = shard_empty(s, e);
        s->counts.stale++;
        if (!e->is_building)
            shard_forget(s, e);
        break;
    }
    MUST(pthread_mutex_unlock(&s->lock) == 0);
    return value;
}

void cache_sweep(struct cache *c)
{
    for (size_t i = 0; i < SHARDS; i++) {
        for (void *value; (value = take_stale(c, &c->shards[i]));)
            c->calls.drop(value);
    }
}

void cache_count(struct cache *c, struct cache_counts *ret_counts)
{
    struct cache_counts all = {0};
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &c->shards[i];
        MUST(pthread_mutex_lock(&s->lock) == 0);
        all.hits += s->counts.hits;
        all.builds += s->counts.builds;
        all.renewed += s->counts.renewed;
        all.waits += s->counts.waits;
        all.stored += s->counts.stored;
        all.evicted += s->counts.evicted;
        all.stale += s->counts.stale;
        all.pages += s->pages;
        all.bytes += s->bytes;
        MUST(pthread_mutex_unlock(&s->lock) == 0);
    }
    *ret_counts = all;
}
