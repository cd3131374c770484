#include "base/buf.h"
#include "domain/path.h"
#include "tests/unit/domain/room.h"

#define COMMENTS 150

/* What is said in the room, as the page should show it. */
struct model {
    struct comment items[COMMENTS + 20];
    size_t n;
    struct commenter_id viewer;
};

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static void mode_set(struct room *r, enum mode mode)
{
    static int n;
    char text[32];
    (void)snprintf(text, sizeof text, "wish %d", n++);
    struct conversation_wish wish = {.has_mode = true, .mode = mode};
    struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    ed.source = hash_of(str_of(text));
    room_save(r, &ed, &wish);
}

static int by_newest(const void *a, const void *b)
{
    const struct comment *x = a, *y = b;
    int roots = str_cmp(y->root_path, x->root_path);
    return roots ? roots : str_cmp(x->path, y->path);
}

static int by_oldest(const void *a, const void *b)
{
    return str_cmp(((const struct comment *)a)->path, ((const struct comment *)b)->path);
}

/* Threads of all shapes; some withdrawn; what the viewer wrote last is held. */
static void talk(struct room *r, struct model *m)
{
    uint64_t x = 0x9e3779b97f4a7c15u;
    memset(m, 0, sizeof *m);
    for (int64_t i = 1; i <= COMMENTS; i++) {
        int64_t to =
            next_random(&x) % 3 == 0 || i == 1 ? 0 : 1 + (int64_t)(next_random(&x) % (i - 1));
        struct comment c = room_say(r, to, m->n ? &m->viewer : NULL);
        if (m->n == 0)
            m->viewer = c.commenter;
        if (next_random(&x) % 10 == 0)
            room_must_decide(r, c.number, ACTION_WITHDRAW);
        m->items[m->n++] = c;
    }
    mode_set(r, MODE_HELD);
    for (int64_t i = 0; i < 20; i++) {
        int64_t to = next_random(&x) % 4 == 0 ? 0 : 1 + (int64_t)(next_random(&x) % COMMENTS);
        struct comment c = room_say(r, to, &m->viewer);
        assert_int_equal(c.state, COMMENT_HELD);
        m->items[m->n++] = c;
    }
}

static void expect(const struct comment *expected, size_t n, const struct comment *got)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got[i].number, expected[i].number);
}

/* Reads all pages, forward and then backward, and compares both with the whole. */
static void walk(struct room *r, const struct comment *all, size_t n, struct page_query q)
{
    size_t at = 0, pages = 0;
    struct comment_page page;
    for (;; pages++) {
        page = room_page(r, &q);
        assert_true(at + page.n <= n);
        expect(all + at, page.n, page.comments);
        at += page.n;
        assert_int_equal(page.before.is_set, pages > 0);
        if (!page.after.is_set)
            break;
        struct err e;
        struct str printed = place_print(r->f.arena, page.after);
        assert_true(place_parse(r->f.arena, printed, &q.after, &e));
        assert_true(str_eq(q.after.path, page.after.path));
        assert_true(q.after.root == page.after.root);
    }
    assert_int_equal(at, n);
    /* And back: each page ends before its place and begins with the next one's. */
    q.after = (struct place){.is_set = false};
    while (page.before.is_set) {
        q.before = page.before;
        page = room_page(r, &q);
        assert_true(page.after.is_set);
        size_t end = 0;
        while (end < n && !str_eq(all[end].path, q.before.path))
            end++;
        assert_in_range(end, page.n, n - 1);
        at = end - page.n;
        expect(all + at, page.n, page.comments);
        if (page.before.is_set)
            assert_true(str_eq(page.before.path, page.comments[0].path));
        else
            assert_int_equal(at, 0);
    }
}

static void pages_meet_without_gaps(void **state)
{
    (void)state;
    static struct room r;
    static struct model m;
    static const size_t sizes[] = {1, 7, 50, COMMENTS, COMMENTS + 1};
    room_open(&r, MODE_OPEN);
    talk(&r, &m);
    struct model placed = m;
    placed.n = COMMENTS;
    for (int order = ORDER_OLDEST; order <= ORDER_NEWEST; order++) {
        int (*compare)(const void *, const void *) = order == ORDER_NEWEST ? by_newest : by_oldest;
        qsort(m.items, m.n, sizeof *m.items, compare);
        qsort(placed.items, placed.n, sizeof *placed.items, compare);
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            struct page_query q = {
                .thread = r.article, .order = (enum order)order, .max = sizes[i]};
            walk(&r, placed.items, placed.n, q);
            q.viewer = &m.viewer;
            walk(&r, m.items, m.n, q);
        }
    }
    struct page_query q = {.thread = r.article, .max = COMMENTS + 20};
    struct comment_page page = room_page(&r, &q);
    for (size_t i = 0; i < page.n; i++) {
        const struct comment *c = &page.comments[i];
        bool shown = c->state == COMMENT_PUBLISHED;
        assert_int_equal(c->text.n > 0, shown);
        assert_int_equal(c->name.n > 0, shown);
    }
    assert_int_equal(page.n, room_thread(&r).placed);
    room_check(&r);
    room_close(&r);
}

static void others_see_no_words(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    static const enum action actions[] = {ACTION_REJECT, ACTION_SPAM, ACTION_WITHDRAW, ACTION_HOLD};
    struct page_query q = {.thread = r.article, .max = 50};
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        struct comment c = room_say(&r, 0, NULL);
        struct comment reply = room_say(&r, c.number, NULL);
        room_must_decide(&r, c.number, actions[i]);
        q.viewer = NULL;
        struct comment_page page = room_page(&r, &q);
        assert_int_equal(page.n, 2 * (i + 1));
        struct comment *seen = &page.comments[2 * i];
        assert_int_equal(seen->number, c.number);
        assert_int_equal(seen->text.n + seen->name.n, 0);
        assert_int_equal(page.comments[2 * i + 1].parent_name.n, 0);
        q.viewer = &c.commenter;
        page = room_page(&r, &q);
        assert_int_equal(page.n, 2 * (i + 1));
        assert_int_equal(page.comments[2 * i].text.n > 0, actions[i] != ACTION_WITHDRAW);
        assert_int_equal(room_comment(&r, reply.number, NULL).parent_name.n, 0);
        assert_int_equal(room_comment(&r, c.number, NULL).text.n, 0);
    }
    assert_int_equal(room_thread(&r).placed, 2 * ARRAY_LEN(actions));
    room_check(&r);
    room_close(&r);
}

CALL(context_call, struct context_query q; struct comment_context context;
     , comment_context_get(d, tx, &c->q, &c->context, e))

static void a_permalink_has_its_surroundings(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment top = room_say(&r, 0, NULL);
    struct comment mid = room_say(&r, top.number, NULL);
    struct comment leaf = room_say(&r, mid.number, NULL);
    room_say(&r, leaf.number, NULL);
    room_say(&r, leaf.number, NULL);
    room_say(&r, 0, NULL);
    struct context_call c = {.r = &r, .q = {.thread = r.article, .number = leaf.number, .max = 1}};
    room_must_read(&r, context_call_work, &c);
    assert_int_equal(c.context.n_chain, 2);
    assert_int_equal(c.context.chain[0].number, top.number);
    assert_int_equal(c.context.chain[1].number, mid.number);
    assert_int_equal(c.context.n_replies, 1);
    assert_true(c.context.more_replies);
    c.q.max = 2;
    room_must_read(&r, context_call_work, &c);
    assert_int_equal(c.context.n_replies, 2);
    assert_false(c.context.more_replies);
    /* At the greatest depth what is answered stands beside. */
    int64_t last = 0;
    for (int depth = 1; depth <= COMMENT_DEPTH_MAX; depth++)
        last = room_say(&r, last, NULL).number;
    struct comment beside = room_say(&r, last, NULL);
    c.q.number = beside.number;
    room_must_read(&r, context_call_work, &c);
    assert_int_equal(c.context.n_chain, COMMENT_DEPTH_MAX);
    assert_int_equal(c.context.chain[COMMENT_DEPTH_MAX - 1].number, last);
    static const int64_t none[] = {INT64_MIN, -1, 0, 1000, COMMENT_NUMBER_MAX, INT64_MAX};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        struct err e;
        c.q.number = none[i];
        assert_false(room_read(&r, context_call_work, &c, &e));
        assert_int_equal(e.kind, ERR_MISSING);
    }
    room_close(&r);
}

static void places_are_parsed_strictly(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    static const char *const bad[] = {"",    ".",   "1.",  ".1",  "1..2", "0",        "01",
                                      "2.2", "2.1", "1,2", "1.x", "-1",   "16777216", " 1"};
    struct place p;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(place_parse(a, str_of(bad[i]), &p, &e));
        assert_int_equal(e.kind, ERR_INVALID);
    }
    assert_true(place_parse(a, STR("3.17.16777215"), &p, &e));
    assert_true(p.is_set);
    assert_int_equal(p.root, 3);
    assert_str(place_print(a, p), "3.17.16777215");
    struct buf deep = buf_in(a, 1000);
    for (int i = 1; i <= COMMENT_DEPTH_MAX; i++)
        buf_printf(&deep, "%s%d", i > 1 ? "." : "", 10000000 + i);
    assert_true(place_parse(a, buf_str(&deep), &p, &e));
    assert_true(str_eq(place_print(a, p), buf_str(&deep)));
    buf_printf(&deep, ".%d", 10000099);
    assert_false(place_parse(a, buf_str(&deep), &p, &e));
    assert_int_equal(place_print(a, (struct place){.is_set = false}).n, 0);
    arena_free(&a);
}

/* What the article's page asks for, counted. */
struct article_page {
    struct room *r;
    struct page_query q;
    uint64_t statements;
};

static bool article_work(struct tx *tx, void *context, struct err *e)
{
    struct article_page *p = context;
    const struct domain *d = &p->r->d;
    struct edition ed;
    struct edition_link *links;
    size_t n_links;
    struct thread t;
    struct comment_page page;
    int answer;
    uint64_t before = tx_statements(tx);
    bool good = edition_get(d, tx, STR("en"), STR("the-reservoir-that-came-back"), &ed, e) &&
                edition_links(d, tx, ed.article, &links, &n_links, e) &&
                thread_get(d, tx, ed.article, &t, e) && comment_page_get(d, tx, &p->q, &page, e) &&
                (!p->q.viewer || rating_get(d, tx, ed.article, (struct hash){{1}}, &answer, e));
    p->statements = tx_statements(tx) - before;
    return good;
}

static void an_article_takes_few_statements(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct commenter_id who = room_say(&r, 0, NULL).commenter;
    for (int size = 1; size <= 200; size *= 10) {
        static const struct {
            enum order order;
            bool viewer;
            uint64_t statements;
        } rows[] = {{ORDER_OLDEST, false, 6},
                    {ORDER_NEWEST, false, 6},
                    {ORDER_OLDEST, true, 8},
                    {ORDER_NEWEST, true, 8}};
        for (int i = 0; i < size; i++)
            room_say(&r, i % 3, &who);
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            struct article_page p = {.r = &r,
                                     .q = {.thread = r.article,
                                           .order = rows[i].order,
                                           .viewer = rows[i].viewer ? &who : NULL,
                                           .max = 50}};
            room_must_read(&r, article_work, &p);
            assert_int_equal(p.statements, rows[i].statements);
        }
    }
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_meet_without_gaps),
        cmocka_unit_test(others_see_no_words),
        cmocka_unit_test(a_permalink_has_its_surroundings),
        cmocka_unit_test(places_are_parsed_strictly),
        cmocka_unit_test(an_article_takes_few_statements),
    };
    return RUN_TESTS(tests);
}
