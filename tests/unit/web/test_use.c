/* Moderators who come back while the writer is busy: when they were here is noted, and nobody
 * waits. */
#include <semaphore.h>
#include <time.h>

#include "tests/unit/web/newsroom.h"
#include "web/request.h"

#define HELD_S 20 /* at most, so that pages that wait for the writer end the test, too */
#define SESSIONS 6

/* A write that lasts until it is told to end. */
struct holding {
    struct db_write write;
    sem_t begun, end, ended;
    bool is_in_time;
};

static bool hold_work(struct tx *tx, void *context, struct err *e)
{
    struct holding *h = context;
    struct timespec until;
    (void)tx;
    (void)e;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += HELD_S;
    assert_int_equal(sem_post(&h->begun), 0);
    h->is_in_time = sem_timedwait(&h->end, &until) == 0;
    return true;
}

static void hold_done(void *context, bool ok, const struct err *e)
{
    struct holding *h = context;
    (void)ok;
    (void)e;
    assert_int_equal(sem_post(&h->ended), 0);
}

static void hold(struct newsroom *n, struct holding *h)
{
    struct err e;
    *h = (struct holding){.is_in_time = false};
    h->write = (struct db_write){
        .work = hold_work, .done = hold_done, .context = h, .arena = n->r.f.arena};
    assert_int_equal(sem_init(&h->begun, 0, 0), 0);
    assert_int_equal(sem_init(&h->end, 0, 0), 0);
    assert_int_equal(sem_init(&h->ended, 0, 0), 0);
    assert_true(db_write_later(n->r.f.db, &h->write, &e));
    assert_int_equal(sem_wait(&h->begun), 0);
}

static void let_go(struct holding *h)
{
    assert_int_equal(sem_post(&h->end), 0);
    assert_int_equal(sem_wait(&h->ended), 0);
    assert_true(h->is_in_time); /* nobody was kept until it ended by itself */
    assert_int_equal(sem_destroy(&h->begun), 0);
    assert_int_equal(sem_destroy(&h->end), 0);
    assert_int_equal(sem_destroy(&h->ended), 0);
}

CALL(nothing_call, int unused;, d != NULL && tx != NULL && e != NULL)
CALL(list_call, struct moderator_id id; struct session * items; size_t n;
     , session_list(d, tx, c->id, &c->items, &c->n, e))

/* How many of the moderator's sessions were used since then, when all that is queued is written. */
static size_t used_since(struct newsroom *n, int64_t since_s)
{
    struct nothing_call last = {.r = &n->r};
    struct list_call c = {.r = &n->r, .id = n->moderator};
    size_t used = 0;
    room_must_write(&n->r, nothing_call_work, &last);
    room_must_read(&n->r, list_call_work, &c);
    for (size_t i = 0; i < c.n; i++)
        used += c.items[i].used_s >= since_s;
    return used;
}

static void ask(struct newsroom *n, struct arena *a, const char *path, struct str session)
{
    struct ask ask = {.path = path, .cookies = {.session = session}};
    assert_int_equal(answer_status(newsroom_ask(n, a, &ask)), 200);
}

static void pages_are_made_while_the_writer_is_busy(void **state)
{
    (void)state;
    static struct newsroom n;
    struct str sessions[SESSIONS];
    struct holding h;
    struct db_counts counts;
    newsroom_open(&n);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < SESSIONS; i++)
        sessions[i] = newsroom_session(&n, a);
    n.r.clock.now_s += 2 * SESSION_USED_S;
    int64_t now_s = n.r.clock.now_s;
    hold(&n, &h);
    for (size_t i = 0; i < SESSIONS; i++)
        ask(&n, a, "/mod", sessions[i]);
    ask(&n, a, ARTICLE "?order=old", STR_NONE);
    db_count(n.r.f.db, &counts);
    assert_int_equal(counts.queue_length, 1); /* others' writes find room */
    let_go(&h);
    assert_int_equal(used_since(&n, now_s), 1);
    /* Those that were left out are noted with their next page; each once. */
    for (size_t i = 0; i < SESSIONS; i++) {
        ask(&n, a, "/mod", sessions[i]);
        assert_int_equal(used_since(&n, now_s), i + 1);
    }
    newsroom_close(&n);
}

/* The server stops while it is under way. */
static void what_is_under_way_is_written_at_the_end(void **state)
{
    (void)state;
    static struct newsroom n;
    newsroom_open(&n);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str session = newsroom_session(&n, a);
    n.r.clock.now_s += 2 * SESSION_USED_S;
    ask(&n, a, "/mod", session);
    newsroom_close(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_made_while_the_writer_is_busy),
        cmocka_unit_test(what_is_under_way_is_written_at_the_end),
    };
    return RUN_TESTS(tests);
}
