#include "cache/cache.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/must.h"
#include "tests/lib/unit.h"

/* A counted page: how many hold it, and what it says. */
struct page {
    _Atomic int count;
    uint64_t says;
};

static _Atomic int64_t pages_alive;
static _Atomic int64_t now_s = 1000;

static struct page *page_new(uint64_t says)
{
    struct page *p = malloc(sizeof *p);
    MUST(p != NULL);
    atomic_init(&p->count, 1);
    p->says = says;
    atomic_fetch_add(&pages_alive, 1);
    return p;
}

static void page_hold(void *value)
{
    struct page *p = value;
    atomic_fetch_add(&p->count, 1);
}

static void page_drop(void *value)
{
    struct page *p = value;
    if (atomic_fetch_sub(&p->count, 1) == 1) {
        atomic_fetch_sub(&pages_alive, 1);
        free(p);
    }
}

/* A test's waiter remembers how it was woken. */
struct waiting {
    struct cache_waiter w;
    _Atomic int woken;
    enum cache_found found;
    struct page *page;
    struct cache_ticket ticket;
};

static void wake(struct cache_waiter *w, enum cache_found found, void *value,
                 struct cache_ticket ticket)
{
    struct waiting *me = w->user;
    me->found = found;
    me->page = value;
    me->ticket = ticket;
    atomic_store(&me->woken, 1);
}

static int64_t test_now_s(const struct clock *c)
{
    (void)c;
    return atomic_load(&now_s);
}

static const struct clock test_clock = {.now_s = test_now_s, .ticks_ms = test_now_s};
static const struct cache_calls calls = {.hold = page_hold, .drop = page_drop, .wake = wake};

static enum cache_found get(struct cache *c, struct str key, struct waiting *w, struct page **p,
                            struct cache_ticket *t)
{
    void *value = NULL;
    *w = (struct waiting){.w.user = w};
    enum cache_found found = cache_get(c, key, &w->w, &value, t);
    *p = value;
    return found;
}

static void finish(struct cache *c, struct cache_ticket t, uint64_t says, uint64_t tag,
                   int64_t until_s)
{
    const struct cache_page page = {.value = page_new(says),
                                    .bytes = 1000,
                                    .tags = &tag,
                                    .n_tags = 1,
                                    .until_s = until_s,
                                    .is_to_store = true};
    cache_finish(c, t, &page);
}

static void one_makes_it_and_the_others_wait(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w[3];
    struct page *p;
    struct cache_ticket t, none;
    assert_int_equal(get(c, STR("/a"), &w[0], &p, &t), CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &w[1], &p, &none), CACHE_WAIT);
    assert_int_equal(get(c, STR("/a"), &w[2], &p, &none), CACHE_WAIT);
    finish(c, t, 7, 1, 0);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(w[i].woken, 1);
        assert_int_equal(w[i].found, CACHE_HIT);
        assert_int_equal(w[i].page->says, 7);
        page_drop(w[i].page);
    }
    assert_int_equal(get(c, STR("/a"), &w[0], &p, &t), CACHE_HIT);
    assert_int_equal(p->says, 7);
    page_drop(p);
    assert_int_equal(get(c, STR("/b"), &w[0], &p, &t), CACHE_BUILD);
    cache_finish(c, t, &(struct cache_page){0});
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void a_dropped_tag_drops_its_pages_only(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 1, 11, 0);
    assert_int_equal(get(c, STR("/b"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 2, 12, 0);
    cache_drop_tag(c, 11);
    assert_int_equal(get(c, STR("/b"), &w, &p, &t), CACHE_HIT);
    page_drop(p);
    cache_sweep(c);
    assert_int_equal(pages_alive, 1);
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 3, 11, 0);
    cache_drop_all(c);
    cache_sweep(c);
    assert_int_equal(pages_alive, 0);
    cache_free(&c);
}

static void a_page_that_changed_meanwhile_is_not_stored(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting before, after, last;
    struct page *p;
    struct cache_ticket t, none;
    assert_int_equal(get(c, STR("/a"), &last, &p, &t), CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &before, &p, &none), CACHE_WAIT);
    cache_drop_tag(c, 5);
    assert_int_equal(get(c, STR("/a"), &after, &p, &none), CACHE_WAIT);
    finish(c, t, 1, 5, 0);
    /* Who asked before the change may have the old page; who asked after makes a new one. */
    assert_int_equal(before.found, CACHE_HIT);
    assert_int_equal(before.page->says, 1);
    page_drop(before.page);
    assert_int_equal(after.woken, 1);
    assert_int_equal(after.found, CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &last, &p, &none), CACHE_WAIT);
    finish(c, after.ticket, 2, 5, 0);
    assert_int_equal(last.page->says, 2);
    page_drop(last.page);
    assert_int_equal(get(c, STR("/a"), &last, &p, &none), CACHE_HIT);
    assert_int_equal(p->says, 2);
    page_drop(p);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void past_its_time_one_makes_it_anew_and_the_others_get_the_old(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t, none;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 1, 5, 1010);
    now_s = 1010;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &w, &p, &none), CACHE_HIT);
    assert_int_equal(p->says, 1);
    page_drop(p);
    finish(c, t, 2, 5, 0);
    assert_int_equal(get(c, STR("/a"), &w, &p, &none), CACHE_HIT);
    assert_int_equal(p->says, 2);
    page_drop(p);
    now_s = 1000;
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void past_its_time_what_cannot_be_made_now_stays_as_it_was(void **state)
{
    (void)state;
    const struct cache_page later = {.is_later = true};
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 1, 5, 1010);
    now_s = 1010;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    cache_finish(c, t, &later);
    p = cache_old(c, STR("/a")); /* for who tried to make it */
    assert_int_equal(p->says, 1);
    page_drop(p);
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_HIT);
    assert_int_equal(p->says, 1);
    page_drop(p);
    now_s = 1015; /* and then somebody tries again */
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    cache_drop_tag(c, 5); /* what has changed is shown to nobody */
    cache_finish(c, t, &later);
    assert_null(cache_old(c, STR("/a")));
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    cache_finish(c, t, &later);
    assert_null(cache_old(c, STR("/a")));
    now_s = 1000;
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

/* Conversations of very many articles, and what the pages of all of them have. */
static void few_tags_share_a_slot_and_wide_ones_none(void **state)
{
    (void)state;
    enum { ARTICLES = 100000 };
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    int stale = 0;
    for (uint64_t i = 0; i < CACHE_WIDE_TAGS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "/%d", (int)i);
        assert_int_equal(get(c, str_of(name), &w, &p, &t), CACHE_BUILD);
        finish(c, t, i, CACHE_WIDE_TAG(i), 0);
    }
    for (uint64_t step = 1; step <= 1 << 22; step *= 2) {
        assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
        finish(c, t, 1, 77 * step, 0);
        for (uint64_t n = 0; n < 4096; n++) {
            if (n != 77)
                cache_drop_tag(c, n * step);
        }
        enum cache_found found = get(c, STR("/a"), &w, &p, &t);
        stale += found == CACHE_BUILD;
        if (found == CACHE_HIT)
            page_drop(p);
        else
            cache_finish(c, t, &(struct cache_page){0});
        cache_drop_tag(c, 77 * step);
    }
    for (uint64_t n = 0; n < ARTICLES; n++)
        cache_drop_tag(c, n);
    for (uint64_t i = 0; i < CACHE_WIDE_TAGS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "/%d", (int)i);
        assert_int_equal(get(c, str_of(name), &w, &p, &t), CACHE_HIT);
        page_drop(p);
        cache_drop_tag(c, CACHE_WIDE_TAG(i));
        assert_int_equal(get(c, str_of(name), &w, &p, &t), CACHE_BUILD);
        cache_finish(c, t, &(struct cache_page){0});
    }
    print_message("of 23 pages %d were stale for a neighbour's sake\n", stale);
    assert_true(stale <= 14); /* chance: 4,095 others in 8,192 slots make 9 of them so */
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void what_could_not_be_made_wakes_with_nothing(void **state)
{
    (void)state;
    struct cache *c = cache_new(0, &calls, &test_clock);
    struct waiting w, first;
    struct page *p;
    struct cache_ticket t, none;
    assert_int_equal(get(c, STR("/a"), &first, &p, &t), CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &w, &p, &none), CACHE_WAIT);
    cache_finish(c, t, &(struct cache_page){0});
    assert_int_equal(w.found, CACHE_HIT);
    assert_null(w.page);
    /* A cache of no bytes lets the others wait all the same. */
    assert_int_equal(get(c, STR("/a"), &first, &p, &t), CACHE_BUILD);
    assert_int_equal(get(c, STR("/a"), &w, &p, &none), CACHE_WAIT);
    finish(c, t, 4, 1, 0);
    assert_int_equal(w.page->says, 4);
    page_drop(w.page);
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    cache_finish(c, t, &(struct cache_page){0});
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void it_stays_within_its_bytes(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    struct cache_counts n;
    char key[32];
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(key, sizeof key, "/%d", i);
        assert_int_equal(get(c, str_of(key), &w, &p, &t), CACHE_BUILD);
        finish(c, t, (uint64_t)i, 1, 0);
        /* The first is asked for all the time and stays. */
        if (get(c, STR("/0"), &w, &p, &t) == CACHE_HIT)
            page_drop(p);
        else
            fail_msg("the busiest page was evicted after %d", i);
    }
    cache_count(c, &n);
    assert_true(n.bytes <= 1 * MiB);
    assert_true(n.evicted > 3000);
    assert_int_equal(n.pages, pages_alive);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void a_page_can_be_replaced_by_a_smaller_body_of_it(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &calls, &test_clock);
    struct waiting w;
    struct page *first, *p;
    struct cache_ticket t;
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    finish(c, t, 1, 5, 0);
    assert_int_equal(get(c, STR("/a"), &w, &first, &t), CACHE_HIT);
    assert_true(cache_holds(c, STR("/a"), first));
    cache_replace(c, STR("/a"), first, page_new(2), 900);
    assert_false(cache_holds(c, STR("/a"), first));
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_HIT);
    assert_int_equal(p->says, 2);
    page_drop(p);
    /* Not of a page that is another one by now, nor of one that was dropped. */
    cache_replace(c, STR("/a"), first, page_new(3), 800);
    cache_replace(c, STR("/b"), first, page_new(3), 800);
    cache_drop_tag(c, 5);
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    cache_finish(c, t, &(struct cache_page){0});
    page_drop(first);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

/* ---- Pages that readers ask for and that change ---- */

static int n_told;

static void count_changed(void *context)
{
    assert_ptr_equal(context, &n_told);
    n_told++;
}

static const struct cache_calls renewing_calls = {.hold = page_hold,
                                                  .drop = page_drop,
                                                  .wake = wake,
                                                  .changed = count_changed,
                                                  .context = &n_told};

/* Asks once; makes the page when it has to be made. */
static void ask_once(struct cache *c, struct str key, uint64_t tag, enum cache_found expected)
{
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    assert_int_equal(get(c, key, &w, &p, &t), expected);
    if (expected == CACHE_BUILD)
        finish(c, t, 1, tag, 0);
    else
        page_drop(p);
}

static struct cache_ticket take_changed(struct cache *c, const char *expected)
{
    struct cache_ticket t = {0};
    char key[CACHE_KEY_BYTES_MAX];
    size_t n = 0;
    assert_int_equal(cache_take_changed(c, key, &n, &t), expected != NULL);
    if (expected)
        assert_true(str_eq((struct str){key, n}, str_of(expected)));
    return t;
}

static void a_page_that_is_asked_for_is_named_when_it_changes(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &renewing_calls, &test_clock);
    n_told = 0;
    ask_once(c, STR("/a"), 5, CACHE_BUILD);
    ask_once(c, STR("/b"), 6, CACHE_BUILD);
    (void)take_changed(c, NULL);
    cache_drop_tag(c, 5);
    assert_int_equal(n_told, 1);
    finish(c, take_changed(c, "/a"), 2, 5, 0);
    (void)take_changed(c, NULL);
    /* Nobody asked for it since: the next reader makes it. */
    cache_drop_tag(c, 5);
    assert_int_equal(n_told, 1);
    (void)take_changed(c, NULL);
    ask_once(c, STR("/a"), 5, CACHE_BUILD);
    /* A reader who found it made asks for it, too. */
    cache_drop_tag(c, 5);
    finish(c, take_changed(c, "/a"), 3, 5, 0);
    ask_once(c, STR("/a"), 5, CACHE_HIT);
    cache_drop_tag(c, 5);
    finish(c, take_changed(c, "/a"), 4, 5, 0);
    struct cache_counts n;
    cache_count(c, &n);
    assert_int_equal(n.renewed, 3);
    assert_int_equal(n.builds, 3 + 3);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void what_a_reader_makes_already_is_not_named(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &renewing_calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t, none;
    ask_once(c, STR("/a"), 5, CACHE_BUILD);
    cache_drop_tag(c, 5);
    assert_int_equal(get(c, STR("/a"), &w, &p, &t), CACHE_BUILD);
    (void)take_changed(c, NULL);
    finish(c, t, 2, 5, 0);
    /* And who comes while it is made anew waits, and has asked for it. */
    cache_drop_tag(c, 5);
    t = take_changed(c, "/a");
    assert_int_equal(get(c, STR("/a"), &w, &p, &none), CACHE_WAIT);
    finish(c, t, 3, 5, 0);
    assert_int_equal(w.page->says, 3);
    page_drop(w.page);
    cache_drop_tag(c, 5);
    cache_finish(c, take_changed(c, "/a"), &(struct cache_page){0});
    cache_sweep(c);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void a_page_of_many_tags_is_made_anew_once_for_each_who_asked(void **state)
{
    (void)state;
    const uint64_t tags[] = {5, 6, 7, 8};
    struct cache *c = cache_new(1 * MiB, &renewing_calls, &test_clock);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    struct cache_page page = {.bytes = 1000, .tags = tags, .n_tags = 4, .is_to_store = true};
    assert_int_equal(get(c, STR("/"), &w, &p, &t), CACHE_BUILD);
    page.value = page_new(1);
    cache_finish(c, t, &page);
    cache_drop_tag(c, 5);
    t = take_changed(c, "/");
    page.value = page_new(2);
    cache_finish(c, t, &page);
    cache_drop_tag(c, 6);
    (void)take_changed(c, NULL);
    cache_drop_tag(c, 7);
    (void)take_changed(c, NULL);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

static void of_many_pages_of_one_tag_the_newest_are_named(void **state)
{
    (void)state;
    struct cache *c = cache_new(1 * MiB, &renewing_calls, &test_clock);
    char name[8], key[CACHE_KEY_BYTES_MAX];
    struct cache_ticket t;
    size_t n;
    int named = 0;
    for (int i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof name, "/%d", i);
        ask_once(c, str_of(name), 5, CACHE_BUILD);
    }
    ask_once(c, STR("/19"), 5, CACHE_HIT);
    cache_drop_tag(c, 5);
    for (; cache_take_changed(c, key, &n, &t); named++)
        cache_finish(c, t, &(struct cache_page){0});
    assert_int_equal(named, 4);
    cache_free(&c);
    assert_int_equal(pages_alive, 0);
}

/* ---- Many threads: nobody ever sees a page older than what was committed when he asked ---- */

#define THREADS 6
#define ROUNDS 4000
#define KEYS 5

struct crowd {
    struct cache *c;
    _Atomic uint64_t committed[KEYS];
    _Atomic uint64_t told[KEYS]; /* committed and dropped: nobody may see an older page now */
    _Atomic int too_old, renewed;
};

static void one_round(struct crowd *crowd, unsigned key)
{
    char name[8];
    (void)snprintf(name, sizeof name, "k%u", key);
    uint64_t asked = atomic_load(&crowd->told[key]);
    struct waiting w;
    struct page *p;
    struct cache_ticket t;
    enum cache_found found = get(crowd->c, str_of(name), &w, &p, &t);
    if (found == CACHE_WAIT) {
        while (!atomic_load(&w.woken))
            (void)sched_yield();
        found = w.found;
        p = w.page;
        t = w.ticket;
    }
    if (found == CACHE_BUILD) {
        uint64_t says = atomic_load(&crowd->committed[key]);
        if (says % 3 == 0)
            (void)sched_yield();
        finish(crowd->c, t, says, key, 0);
        return;
    }
    if (p->says < asked)
        atomic_fetch_add(&crowd->too_old, 1);
    page_drop(p);
}

static void renew(struct crowd *crowd)
{
    char key[CACHE_KEY_BYTES_MAX];
    size_t n;
    struct cache_ticket t;
    if (!cache_take_changed(crowd->c, key, &n, &t))
        return;
    unsigned at = (unsigned)(key[1] - '0');
    finish(crowd->c, t, atomic_load(&crowd->committed[at]), at, 0);
    atomic_fetch_add(&crowd->renewed, 1);
}

static void crowd_changed(void *context)
{
    (void)context;
}

static const struct cache_calls crowd_calls = {
    .hold = page_hold, .drop = page_drop, .wake = wake, .changed = crowd_changed};

static void one_commit(struct crowd *crowd, unsigned key, bool all)
{
    uint64_t is = atomic_fetch_add(&crowd->committed[key], 1) + 1;
    if (all)
        cache_drop_all(crowd->c);
    else
        cache_drop_tag(crowd->c, key);
    uint64_t was = atomic_load(&crowd->told[key]);
    while (was < is && !atomic_compare_exchange_weak(&crowd->told[key], &was, is)) {
    }
}

static void *one_of_many(void *context)
{
    struct crowd *crowd = context;
    unsigned seed = (unsigned)(uintptr_t)&seed;
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned key = seed / 65536u % KEYS;
        if (seed / 4096u % 16 == 0) {
            one_commit(crowd, key, seed / 64u % 8 == 0);
        } else if (i % 500 == 0) {
            cache_sweep(crowd->c);
        } else if (i % 5 == 0) {
            renew(crowd);
        } else {
            one_round(crowd, key);
        }
    }
    return NULL;
}

static void many_threads_never_see_an_older_page(void **state)
{
    (void)state;
    struct crowd crowd = {.c = cache_new(1 * MiB, &crowd_calls, &test_clock)};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, one_of_many, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    struct cache_counts n;
    cache_count(crowd.c, &n);
    assert_true(n.hits > 0 && n.builds > 0 && atomic_load(&crowd.renewed) > 0);
    assert_int_equal(atomic_load(&crowd.too_old), 0);
    cache_free(&crowd.c);
    assert_int_equal(pages_alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_makes_it_and_the_others_wait),
        cmocka_unit_test(a_dropped_tag_drops_its_pages_only),
        cmocka_unit_test(a_page_that_changed_meanwhile_is_not_stored),
        cmocka_unit_test(past_its_time_one_makes_it_anew_and_the_others_get_the_old),
        cmocka_unit_test(past_its_time_what_cannot_be_made_now_stays_as_it_was),
        cmocka_unit_test(few_tags_share_a_slot_and_wide_ones_none),
        cmocka_unit_test(what_could_not_be_made_wakes_with_nothing),
        cmocka_unit_test(it_stays_within_its_bytes),
        cmocka_unit_test(a_page_can_be_replaced_by_a_smaller_body_of_it),
        cmocka_unit_test(a_page_that_is_asked_for_is_named_when_it_changes),
        cmocka_unit_test(what_a_reader_makes_already_is_not_named),
        cmocka_unit_test(a_page_of_many_tags_is_made_anew_once_for_each_who_asked),
        cmocka_unit_test(of_many_pages_of_one_tag_the_newest_are_named),
        cmocka_unit_test(many_threads_never_see_an_older_page),
    };
    return RUN_TESTS(tests);
}
