/*
 * The Nth database call of a request fails, for every N of every row of routes.def: what is not
 * stored is not acknowledged, the data are as they were, no page remembers it, and the same request
 * goes through right after. The argument names the part of the site whose rows are walked.
 */
#include <semaphore.h>

#include "tests/unit/web/fault_cases.h"

/* What becomes of the Nth call, and of those after it. */
struct fault_case {
    const char *name;
    enum err_kind kind;
    bool lasts, is_late;
};
static const struct fault_case breaks = {"breaks", ERR_BROKEN, false, false};
static const struct fault_case busy = {"is busy", ERR_BUSY, false, false};
static const struct fault_case away = {"is away", ERR_BUSY, true, false};
static const struct fault_case unheard = {"is stored unheard", ERR_UNKNOWN, false, true};

static struct ask ask_of(struct round *round, const struct route_case *c)
{
    struct ask ask = {.path = c->path,
                      .cookies = newsroom_cookies(round->n, round->a, c->who),
                      .network = ++round->n->n_networks};
    if (c->prepare)
        c->prepare(round, &ask);
    return ask;
}

/* ---- What an answer must be ----------------------------------------------------------------- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The page without what differs each time: secrets of 16 digits and more, and figures. */
static struct str essence(struct arena *a, struct str answer, bool has_figures)
{
    struct str body = answer_body(answer);
    struct buf b = buf_in(a, 4 * MiB);
    size_t least = has_figures ? 1 : 16;
    for (size_t i = 0; i < body.n;) {
        size_t n = 0;
        while (i + n < body.n && is_hex(body.p[i + n]))
            n++;
        if (n < least)
            buf_put(&b, (struct str){body.p + i, n ? n : 1});
        i += n ? n : 1;
    }
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

static bool is_given(struct str answer, const char *header)
{
    return answer_header(answer, header).p != NULL;
}

/* An error that promises nothing and that nobody keeps. */
static void check_refusal(struct str answer, const char *where)
{
    int status = answer_status(answer);
    if (status != 500 && status != 503)
        fail_msg("%s: status %d", where, status);
    if ((status == 503) != is_given(answer, "Retry-After"))
        fail_msg("%s: %d and Retry-After", where, status);
    if (is_given(answer, "Location") || is_given(answer, "Set-Cookie") || is_given(answer, "ETag"))
        fail_msg("%s: the error leads on, gives a cookie or has an ETag", where);
    if (!str_eq(answer_header(answer, "Cache-Control"), STR("private, no-store")))
        fail_msg("%s: the error may be kept", where);
    if (answer_body(answer).n == 0)
        fail_msg("%s: nothing is said", where);
}

/* ---- The walk ------------------------------------------------------------------------------- */

struct walk {
    struct newsroom n;
    const struct fault_case *fault;
    const struct route_case *c;
    const struct route *row;
    struct str page; /* what a reading row shows when nothing fails */
    struct arena *a; /* of one case */
};

static void arm(struct walk *w, int nth)
{
    struct db_fault *fault = &w->n.r.f.fault;
    fault->kind = w->fault->kind;
    fault->lasts = w->fault->lasts;
    fault->is_late = w->fault->is_late;
    atomic_store(&fault->struck, 0);
    atomic_store(&fault->calls_left, nth);
}

/* Whether a call failed since arm. */
static bool disarm(struct walk *w)
{
    struct db_fault *fault = &w->n.r.f.fault;
    atomic_store(&fault->calls_left, 0);
    return atomic_load(&fault->struck) > 0;
}

static const char *where_of(struct walk *w, int nth)
{
    return arena_printf(w->a, "%s (%s), call %d %s", w->c->route, w->row->pattern.p, nth,
                        w->fault->name)
        .p;
}

static void check_page(struct walk *w, struct str answer, const char *where)
{
    int status = answer_status(answer);
    if (status != w->c->status)
        fail_msg("%s: status %d, not %d", where, status, w->c->status);
    if (strcmp(w->c->route, "totp_show") == 0)
        return; /* each has a secret of its own */
    struct str page = essence(w->a, answer, strcmp(w->c->route, "metrics_show") == 0);
    if (!w->page.p)
        w->page = page;
    if (!str_eq(page, w->page))
        fail_msg("%s: another page:\n" STR_FMT, where, STR_ARG(page));
}

static bool is_stored(struct walk *w, struct hash before)
{
    return !hash_eq(before, newsroom_contents(&w->n));
}

/* Succeeds as if nothing had been. */
static void check_success(struct walk *w, struct str answer, struct hash before, const char *where)
{
    bool changes = w->row->method == HTTP_POST && w->row->tx != TX_NONE && w->row->tx != TX_READ;
    bool writes = changes && !w->c->is_refused;
    if (!changes && !w->c->is_refused)
        check_page(w, answer, where);
    else if (answer_status(answer) != w->c->status)
        fail_msg("%s: status %d", where, answer_status(answer));
    if (is_stored(w, before) != writes)
        fail_msg("%s: %s", where,
                 writes ? "told, but not stored" : "reading has changed something");
}

/* Fails the Nth call; whether the request has as many. */
static bool strike(struct walk *w, int nth)
{
    struct round round = {&w->n, w->a, nth};
    struct ask ask = ask_of(&round, w->c);
    const char *where = where_of(w, nth);
    struct hash before = newsroom_contents(&w->n);
    web_drop_pages(w->n.web);
    arm(w, nth);
    struct str answer = newsroom_ask(&w->n, w->a, &ask);
    bool struck = disarm(w);
    if (!struck || answer_status(answer) == w->c->status) {
        check_success(w, answer, before, where);
        return struck;
    }
    check_refusal(answer, where);
    if (is_stored(w, before))
        fail_msg("%s: refused, but stored", where);
    check_success(w, newsroom_ask(&w->n, w->a, &ask), before, where);
    return true;
}

static const struct route *row_of(const char *handler)
{
    size_t n;
    const struct route *rows = routes_all(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].name, handler) == 0)
            return &rows[i];
    }
    fail_msg("routes.def has no %s any more", handler);
    return NULL;
}

static void walk_case(struct walk *w, const struct route_case *c)
{
    int n = 1;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    w->a = a;
    w->c = c;
    w->row = row_of(c->route);
    w->page = STR_NONE;
    (void)strike(w, 1000); /* nothing fails: this is the page */
    while (strike(w, n) && n < 100)
        n++;
    /* begin, one statement, commit: fewer are no transaction, and none was failed. */
    if (w->row->tx == TX_NONE ? n != 1 : n < 4 || n == 100)
        fail_msg("%s: %d calls", c->route, n - 1);
}

static void walk_all(const struct case_list *list, const struct fault_case *fault)
{
    static struct walk w;
    w.fault = fault;
    newsroom_open(&w.n);
    for (size_t i = 0; i < list->n; i++)
        walk_case(&w, &list->items[i]);
    room_check(&w.n.r);
    newsroom_close(&w.n);
}

static void a_call_that_breaks_leaves_all_as_it_was(void **state)
{
    walk_all(*state, &breaks);
}

static void a_call_that_is_busy_leaves_all_as_it_was(void **state)
{
    walk_all(*state, &busy);
}

static void a_database_that_goes_away_leaves_all_as_it_was(void **state)
{
    walk_all(*state, &away);
}

/* ---- Stored, but the word of it is lost ------------------------------------------------------ */

/* The article as a guest gets it, from the cache or made anew. */
static struct str guest_page(struct walk *w, bool is_anew)
{
    const struct ask ask = {.path = ARTICLE, .network = ++w->n.n_networks};
    if (is_anew)
        web_drop_pages(w->n.web);
    return essence(w->a, newsroom_ask(&w->n, w->a, &ask), false);
}

/* It is not acknowledged, but no page hides it; a comment sent once more is the same one. */
static void strike_unheard(struct walk *w, int nth)
{
    struct round round = {&w->n, w->a, nth};
    struct ask ask = ask_of(&round, w->c);
    const char *where = where_of(w, 1);
    struct hash before = newsroom_contents(&w->n);
    (void)guest_page(w, true);
    arm(w, 1);
    struct str answer = newsroom_ask(&w->n, w->a, &ask);
    assert_true(disarm(w));
    check_refusal(answer, where);
    if (answer_status(answer) != 503 || !is_stored(w, before))
        fail_msg("%s: status %d", where, answer_status(answer));
    if (!str_eq(guest_page(w, false), guest_page(w, true)))
        fail_msg("%s: the cache has the page of before", where);
    before = newsroom_contents(&w->n);
    answer = newsroom_ask(&w->n, w->a, &ask);
    if (strcmp(w->c->route, "comment_post") == 0 &&
        (is_stored(w, before) || answer_status(answer) != w->c->status))
        fail_msg("%s: sent once more it is another comment", where);
}

static void what_is_stored_unheard_is_not_hidden(void **state)
{
    const struct case_list *list = *state;
    static struct walk w;
    size_t n_unheard = 0;
    w.fault = &unheard;
    newsroom_open(&w.n);
    for (size_t i = 0; i < list->n; i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        w.a = a;
        w.c = &list->items[i];
        w.row = row_of(w.c->route);
        if (w.row->method != HTTP_POST || w.row->tx == TX_NONE || w.row->tx == TX_READ ||
            w.c->is_refused)
            continue;
        strike_unheard(&w, (int)i);
        n_unheard++;
    }
    assert_true(n_unheard >= list->least_unheard);
    room_check(&w.n.r);
    newsroom_close(&w.n);
}

/* ---- Those who wait for a page ---------------------------------------------------------------*/

/* Stands in the way of the one thread for pages, until it is let go. */
struct barrier {
    struct pool_job job; /* first */
    sem_t go;
};

static void barrier_run(struct pool_job *job)
{
    struct barrier *b = (struct barrier *)job;
    assert_int_equal(sem_wait(&b->go), 0);
}

/* One more reader asks; returns when the cache has taken note of him. */
static int reader_comes(struct walk *w, const struct ask *ask)
{
    struct cache_counts before, now;
    int fd = client_open(&w->n.at);
    cache_count(w->n.web->pages, &before);
    client_send(fd, newsroom_request(&w->n, w->a, ask));
    for (int tries = 0; tries < 5000; tries++) {
        cache_count(w->n.web->pages, &now);
        if (now.builds + now.waits > before.builds + before.waits)
            return fd;
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    fail_msg("%s: nobody waits", w->c->route);
    return -1;
}

static struct str answer_to(struct walk *w, int fd)
{
    struct str answer = client_read(w->a, fd, 10000, NULL);
    client_close(&fd);
    return answer;
}

/* Of two who ask at once, the second waits for the page of the first. */
static bool strike_two(struct walk *w, int nth)
{
    struct round round = {&w->n, w->a, nth};
    struct ask ask = ask_of(&round, w->c);
    const char *where = where_of(w, nth);
    struct barrier barrier = {.job = {.run = barrier_run}};
    assert_int_equal(sem_init(&barrier.go, 0, 0), 0);
    web_drop_pages(w->n.web);
    assert_true(pool_add(w->n.web->pool, &barrier.job));
    int first = reader_comes(w, &ask), second = reader_comes(w, &ask);
    arm(w, nth);
    assert_int_equal(sem_post(&barrier.go), 0);
    struct str answer = answer_to(w, first);
    check_page(w, answer_to(w, second), where);
    bool struck = disarm(w);
    if (struck && answer_status(answer) != w->c->status)
        check_refusal(answer, where);
    else
        check_page(w, answer, where);
    check_page(w, newsroom_ask(&w->n, w->a, &ask), where);
    assert_int_equal(sem_destroy(&barrier.go), 0);
    return struck;
}

static void who_waits_for_a_page_that_fails_gets_his_own(void **state)
{
    const struct case_list *list = *state;
    static struct walk w;
    size_t n_shared = 0;
    w.fault = &breaks;
    newsroom_open(&w.n);
    for (size_t i = 0; i < list->n; i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        w.a = a;
        w.c = &list->items[i];
        w.row = row_of(w.c->route);
        w.page = STR_NONE;
        if (w.row->cache == CACHE_NONE || w.row->tx != TX_READ || w.c->who != GUEST)
            continue;
        for (int n = 1; strike_two(&w, n); n++)
            assert_true(n < 100);
        n_shared++;
    }
    assert_true(n_shared >= list->least_shared);
    newsroom_close(&w.n);
}

/* Its forms are good for longer than that, so it is better than none. */
static void a_page_past_its_hour_stays_while_it_cannot_be_made(void **state)
{
    (void)state;
    static struct walk w;
    ON_LEAVE(arena_free) struct arena *a = w.a = arena_new(0);
    const struct ask ask = {.path = ARTICLE, .network = 1};
    newsroom_open(&w.n);
    w.fault = &away;
    web_drop_pages(w.n.web);
    struct str first = answer_body(newsroom_ask(&w.n, a, &ask));
    w.n.r.clock.now_s += TOKEN_PAGE_S + 1;
    arm(&w, 1);
    assert_true(str_eq(answer_body(newsroom_ask(&w.n, a, &ask)), first));
    assert_true(str_eq(answer_body(newsroom_ask(&w.n, a, &ask)), first));
    web_changed(w.n.web, tag_of_thread(w.n.r.article));
    assert_int_equal(answer_status(newsroom_ask(&w.n, a, &ask)), 503);
    assert_true(disarm(&w));
    struct str made = newsroom_ask(&w.n, a, &ask);
    assert_int_equal(answer_status(made), 200);
    assert_false(str_eq(answer_body(made), first)); /* its forms have tokens of this hour */
    newsroom_close(&w.n);
}

/* The article is read, changes, and is made anew on its own: by a database that fails. */
static void renewal_fails(struct walk *w, const struct fault_case *fault)
{
    const struct ask ask = {.path = ARTICLE, .network = 1};
    struct cache_counts before, now;
    w->fault = fault;
    web_drop_pages(w->n.web);
    assert_int_equal(answer_status(newsroom_ask(&w->n, w->a, &ask)), 200);
    cache_count(w->n.web->pages, &before);
    arm(w, 1);
    web_changed(w->n.web, tag_of_thread(w->n.r.article));
    for (int tries = 0; tries < 5000 && !atomic_load(&w->n.r.f.fault.struck); tries++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_true(disarm(w));
    /* There is one thread for pages: this one waits for the failed one to be over. */
    assert_int_equal(answer_status(newsroom_ask(&w->n, w->a, &ask)), 200);
    cache_count(w->n.web->pages, &now);
    assert_int_equal(now.renewed, before.renewed + 1);
}

static void a_page_whose_renewal_fails_is_made_for_the_next_reader(void **state)
{
    (void)state;
    static struct walk w;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    w.a = a;
    newsroom_open(&w.n);
    renewal_fails(&w, &breaks);
    renewal_fails(&w, &busy);
    renewal_fails(&w, &away);
    newsroom_close(&w.n);
}

static const struct case_list *const lists[] = {&reader_rows, &team_rows, &queue_rows, &site_rows};

static bool is_walked(const struct route *row)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (size_t k = 0; k < lists[i]->n; k++) {
            if (strcmp(lists[i]->items[k].route, row->name) == 0)
                return true;
        }
    }
    return false;
}

static void every_row_has_a_case(void **state)
{
    size_t n;
    const struct route *rows = routes_all(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        if (!is_walked(&rows[i]))
            fail_msg("%s (%s) has no case here", rows[i].name, rows[i].pattern.p);
    }
}

/* The list of that name. */
static void *list_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        if (strcmp(lists[i]->name, name) == 0)
            return (void *)(uintptr_t)lists[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    void *list = argc == 2 ? list_of(argv[1]) : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_case),
        cmocka_unit_test_prestate(a_call_that_breaks_leaves_all_as_it_was, list),
        cmocka_unit_test_prestate(a_call_that_is_busy_leaves_all_as_it_was, list),
        cmocka_unit_test_prestate(a_database_that_goes_away_leaves_all_as_it_was, list),
        cmocka_unit_test_prestate(what_is_stored_unheard_is_not_hidden, list),
        cmocka_unit_test_prestate(who_waits_for_a_page_that_fails_gets_his_own, list),
        cmocka_unit_test(a_page_past_its_hour_stays_while_it_cannot_be_made),
        cmocka_unit_test(a_page_whose_renewal_fails_is_made_for_the_next_reader),
    };
    if (!list)
        return 2;
    return RUN_TESTS(tests);
}
