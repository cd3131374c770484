/* Finding comments by words: what is found and in which order, what is forgotten, and an index that
 * was lost, is another's or failed half-way. */
#include "domain/search.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/search_statements.h"
#include "store/statements.h"
#include "tests/unit/domain/room.h"

/* A room with an index. */
struct library {
    struct room r;
    struct db *index;
    struct db_fault fault; /* of the index */
};

static void index_open(struct library *l)
{
    struct db_options o = l->r.f.options;
    struct err e;
    o.schema = &search_schema;
    o.fault = &l->fault;
    if (fixture_is_postgres()) {
        o.beside = STR(SEARCH_BESIDE);
    } else {
        o.address = arena_printf(l->r.f.arena, "%s.search", l->r.f.address);
        if (!db_create(o.address, &e) && e.kind != ERR_CONFLICT)
            fail_msg("create: %s", e.why);
    }
    if (!db_open(&o, &l->index, &e))
        fail_msg("open: %s", e.why);
    l->r.d.search = search_new(l->index, l->r.f.db);
}

static void index_close(struct library *l)
{
    db_close(&l->index);
    search_free(&l->r.d.search);
}

static void library_open(struct library *l, enum mode mode)
{
    memset(l, 0, sizeof *l);
    room_open(&l->r, mode);
    index_open(l);
}

static void library_close(struct library *l)
{
    index_close(l);
    room_close(&l->r);
}

/* Steps until there is nothing more to do; how many. */
static int steps(struct library *l)
{
    struct err e;
    int n = 0;
    for (bool more = true; more; n++) {
        if (!search_step(&l->r.d, &more, &e))
            fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    }
    return n;
}

static struct comment say(struct library *l, const char *text)
{
    struct comment_added added;
    struct err e;
    if (!room_add(&l->r, 0, NULL, text, &added, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    return added.comment;
}

/* Nobody may say the same twice. */
static struct comment say_numbered(struct library *l, const char *text, int number)
{
    return say(l, arena_printf(l->r.f.arena, "%s, %d.", text, number).p);
}

CALL(page_call, struct queue_query q; struct queue_page page;, queue_get(d, tx, &c->q, &c->page, e))
CALL(count_call, struct queue_filter f; struct queue_found found;
     , queue_filter_count(d, tx, &c->f, &c->found, e))

/* A page of what is found in any state, from a place on. */
static struct queue_page look(struct library *l, const char *words, struct queue_query q)
{
    q.filter.words = str_of(words);
    q.max = q.max ? q.max : 200;
    struct page_call c = {.r = &l->r, .q = q};
    room_must_read(&l->r, page_call_work, &c);
    return c.page;
}

/* The numbers of the comments found in any state, as "3 2 1". */
static struct str found(struct library *l, const char *words)
{
    struct queue_page page = look(l, words, (struct queue_query){.filter.which = QUEUE_ALL});
    struct buf b = buf_in(l->r.f.arena, 64 * KiB);
    for (size_t i = 0; i < page.n; i++)
        buf_printf(&b, "%s%" PRId64, i ? " " : "", page.cards[i].comment.number);
    return buf_str(&b);
}

static void must_find(struct library *l, const char *const cases[][2], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str numbers = found(l, cases[i][0]);
        if (!str_eq(numbers, str_of(cases[i][1])))
            fail_msg("%s: found " STR_FMT ", expected %s", cases[i][0], STR_ARG(numbers),
                     cases[i][1]);
    }
}

static void words_and_names_are_found_in_every_script(void **state)
{
    (void)state;
    static struct library l;
    library_open(&l, MODE_OPEN);
    say(&l, "Вода вернулась в Ёлкино водохранилище."); /* 1 */
    l.r.clock.now_s++;
    say(&l, "Су қоймасы — Қазақстанның байлығы, ұлым."); /* 2 */
    l.r.clock.now_s++;
    say(&l, "Suv ombori Oʻzbekistonda ham bor."); /* 3 */
    l.r.clock.now_s++;
    say(&l, "عادت المياه إلى الخزّان، والمدرسة مفتوحة."); /* 4 */
    l.r.clock.now_s++;
    say(&l, "The red fox, a dog and Вода again: https://example.org/fox"); /* 5 */
    assert_str(found(&l, "вода"), "");
    steps(&l);
    static const char *const cases[][2] = {
        {"вода", "5 1"},
        {"ВОД", "5 1"},
        {"елкино", "1"},
        {"казак", "2"},
        {"улым", "2"},
        {"ozbekiston", "3"},
        {"o'zbek", "3"},
        {"الى", "4"},
        {"والمدرسه", "4"},
        {"المياه الخزان", "4"},
        {"red dog", "5"},
        {"\"red dog\"", ""},
        {"\"red fox\"", "5"},
        {"\"fox red\"", ""},
        {"fo", ""},
        {"saparbek", "5 4 3 2 1"},
        {"Сапарбек", ""},
        {"saparbek вода fox", "5"},
        {"example", "5"},
        {"exam", "5"},
        {"\"exam\"", ""},
        {"ample", ""},
        {"nothing at all", ""},
        {"\"dog and вода\" \"the red\"", "5"},
        {"\"dog and вода\" \"red the\"", ""},
        {"вода -fox", "5"},
    };
    must_find(&l, cases, ARRAY_LEN(cases));
    struct queue_page page = look(&l, "вода", (struct queue_query){.filter.which = QUEUE_ALL});
    assert_int_equal(page.cards[1].found.n, 1);
    assert_int_equal(page.cards[1].found.items[0].n, strlen("Вода"));
    library_close(&l);
}

/* What stands on the page is found, however it was written, and so is what does not stand there. */
static void what_readers_see_is_found(void **state)
{
    (void)state;
    static struct library l;
    library_open(&l, MODE_OPEN);
    say(&l, "Мира, **во**да, a w&#111;rd and [he*r*e](https://hidden.example/offer).");
    steps(&l);
    static const char *const cases[][2] = {
        {"вода", "1"},
        {"word", "1"},
        {"\"вода a word and here\"", "1"},
        {"hidden offer", "1"},
        {"\"да\"", "1"},
        {"\"here https\"", ""},
        {"\"here Saparbek\"", ""},
        {"\"offer Saparbek\"", ""},
    };
    must_find(&l, cases, ARRAY_LEN(cases));
    struct queue_page page =
        look(&l, "вода word да мир", (struct queue_query){.filter.which = QUEUE_ALL});
    struct str text = page.cards[0].comment.text;
    struct marks marks = page.cards[0].found;
    static const char *const marked[] = {"Мира", "во**да", "w&#111;rd"};
    assert_int_equal(marks.n, ARRAY_LEN(marked));
    for (size_t i = 0; i < marks.n; i++)
        assert_str(((struct str){text.p + marks.items[i].at, marks.items[i].n}), marked[i]);
    library_close(&l);
}

/* Whatever is typed is words: nothing of it reaches a database as more than that. */
static void anything_may_be_typed(void **state)
{
    (void)state;
    static struct library l;
    static const char *const typed[] = {
        "\"",
        "\"\"",
        "*",
        "a*",
        "\"a\" *",
        "AND",
        "a AND",
        "NOT a",
        "a OR b",
        "NEAR(a b)",
        "words:a",
        "^a",
        "-a",
        "+a",
        "a + b",
        "(a",
        "a)",
        "{a}",
        "'",
        "''",
        "';--",
        "a'b:c",
        "a:*",
        "a & b",
        "!a",
        "a <-> b",
        "a | b",
        "\\",
        "\\'",
        "%",
        "_",
        "$1",
        ":x",
        "a\tb",
        "😀",
        "ﷺ",
        "٪",
        "\xE2\x80\xAE"
        "abc",
        "«",
        "« »",
        "„a“",
        "a\xC2\xA0"
        "b",
        "ͤ",
        "ǅ",
        "ŉ",
        "ß",
        "İ",
    };
    library_open(&l, MODE_OPEN);
    say(&l, "a b c NEAR AND or not'ing words:a");
    steps(&l);
    for (size_t i = 0; i < ARRAY_LEN(typed); i++)
        (void)look(&l, typed[i], (struct queue_query){.filter.which = QUEUE_ALL});
    for (int c = 1; c < 128; c++) {
        char text[8];
        (void)snprintf(text, sizeof text, "a%cb%c", c, c);
        (void)look(&l, text, (struct queue_query){.filter.which = QUEUE_ALL});
    }
    assert_str(found(&l, "near AND"), "1");
    assert_str(found(&l, "!?*"), "");
    library_close(&l);
}

static void pages_follow_each_other_newest_first(void **state)
{
    (void)state;
    static struct library l;
    enum { COMMENTS = 57, PAGE = 10 };
    library_open(&l, MODE_OPEN);
    for (int i = 0; i < COMMENTS; i++) {
        say_numbered(&l, i % 3 == 0 ? "Apples" : "Apples and pears", i);
        l.r.clock.now_s += i % 5 == 0; /* several within a second */
    }
    steps(&l);
    struct queue_query q = {.filter.which = QUEUE_ALL, .max = PAGE};
    int64_t before = INT64_MAX;
    size_t n = 0, pages = 0;
    struct queue_page page;
    do {
        page = look(&l, "pear", q);
        for (size_t i = 0; i < page.n; i++) {
            assert_true(page.cards[i].comment.number < before);
            assert_int_not_equal((page.cards[i].comment.number - 1) % 3, 0);
            before = page.cards[i].comment.number;
        }
        n += page.n;
        pages++;
        q.after_s = page.next_s;
        q.after = page.next;
    } while (page.more);
    assert_int_equal(n, COMMENTS - COMMENTS / 3);
    assert_int_equal(pages, 4);
    struct count_call c = {.r = &l.r, .f = {.which = QUEUE_ALL, .words = STR("pear")}};
    room_must_read(&l.r, count_call_work, &c);
    assert_int_equal(c.found.n, n);
    assert_true(c.found.is_exact);
    library_close(&l);
}

static void filters_hold_besides_the_words(void **state)
{
    (void)state;
    static struct library l;
    library_open(&l, MODE_OPEN);
    struct comment first = say(&l, "Rain on Monday.");
    say(&l, "Rain on Tuesday.");
    steps(&l);
    room_must_decide(&l.r, 2, ACTION_REJECT);
    struct queue_query q = {.filter.which = QUEUE_REJECTED};
    assert_int_equal(look(&l, "rain", q).n, 1);
    q.filter.which = QUEUE_PUBLISHED;
    assert_int_equal(look(&l, "rain", q).n, 1);
    assert_int_equal(look(&l, "tuesday", q).n, 0);
    q.filter = (struct queue_filter){
        .which = QUEUE_ALL, .has_commenter = true, .commenter = first.commenter};
    struct queue_page page = look(&l, "rain", q);
    assert_int_equal(page.n, 1);
    assert_int_equal(page.cards[0].comment.number, 1);
    q.filter = (struct queue_filter){.which = QUEUE_ALL, .thread = {l.r.article.v + 1}};
    assert_int_equal(look(&l, "rain", q).n, 0);
    library_close(&l);
}

CALL(begin_call, struct batch_plan plan; int64_t id;
     , batch_begin(d, tx, &c->r->senior, &c->plan, &c->id, e))

static void a_search_is_not_decided_on_as_a_whole(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    library_open(&l, MODE_HELD);
    struct begin_call c = {
        .r = &l.r,
        .plan = {.action = ACTION_SPAM, .filter = {.which = QUEUE_HELD, .words = STR("a")}}};
    assert_false(room_write(&l.r, begin_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    library_close(&l);
}

static void a_filter_with_words_is_read_as_it_was_written(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    const struct queue_filter f = {.which = QUEUE_ALL, .words = STR("«тёплый & = 100 %» +a/b")};
    struct queue_filter again;
    struct str text = queue_filter_print(a, &f);
    assert_true(str_begins(text, STR("state=all&q=%C2%AB%D1%82")));
    assert_true(queue_filter_parse(a, text, &again));
    assert_true(str_eq(again.words, f.words) && again.which == QUEUE_ALL);
    assert_false(queue_filter_parse(a, STR("q=%FF"), &again));
    assert_false(queue_filter_parse(a, STR("q=a%00"), &again));
    assert_false(queue_filter_parse(a, STR("q=a%0Ab"), &again));
    struct buf b = buf_in(a, KiB);
    buf_put(&b, STR("q="));
    for (int i = 0; i <= SEARCH_QUERY_BYTES; i++)
        buf_char(&b, 'a');
    assert_false(queue_filter_parse(a, buf_str(&b), &again));
}

static void what_is_edited_or_withdrawn_is_no_longer_found(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    library_open(&l, MODE_OPEN);
    struct comment one = say(&l, "The first wording."), two = say(&l, "The second wording.");
    steps(&l);
    assert_str(found(&l, "wording"), "2 1");
    assert_true(room_edit(&l.r, &one, "Now in other words.", &e));
    assert_true(room_withdraw(&l.r, &two, &e));
    steps(&l);
    assert_str(found(&l, "wording"), "");
    assert_str(found(&l, "other"), "1");
    assert_str(found(&l, "saparbek"), "1");
    library_close(&l);
}

static bool index_has(struct library *l, const char *word)
{
    return str_find(fixture_file(&l->r.f, ".search"), str_of(word)) >= 0 ||
           str_find(fixture_file(&l->r.f, ".search-wal"), str_of(word)) >= 0;
}

static void wait_for_scrub(struct library *l)
{
    for (int i = 0; i < 500 && db_is_scrubbing(l->index); i++)
        (void)usleep(10000);
    assert_false(db_is_scrubbing(l->index));
}

/* No byte of an erased word stays in the file, once it was cleared away: at once, or later when
 * that was done just before, however much is written meanwhile. */
static void erased_words_leave_the_file(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    if (fixture_is_postgres()) /* its server vacuums */
        return;
    library_open(&l, MODE_OPEN);
    struct comment one = say(&l, "Das Wort Zwetschgenknoedel und noch eines.");
    struct comment two = say(&l, "Und dann noch Marillenpalatschinken.");
    for (int i = 0; i < 300; i++)
        room_say(&l.r, 0, NULL);
    steps(&l);
    assert_true(index_has(&l, "zwetschgenknoedel"));
    assert_true(room_withdraw(&l.r, &one, &e));
    steps(&l);
    wait_for_scrub(&l);
    assert_false(index_has(&l, "zwetschgenknoedel"));
    assert_true(index_has(&l, "marillenpalatschinken"));
    assert_true(room_withdraw(&l.r, &two, &e));
    steps(&l);
    assert_true(index_has(&l, "marillenpalatschinken")); /* so this test would see it */
    l.r.clock.now_s += SEARCH_PURGE_S;
    room_say(&l.r, 0, NULL);
    steps(&l);
    wait_for_scrub(&l);
    assert_false(index_has(&l, "marillenpalatschinken"));
    assert_true(found(&l, "eyes").n > 0);
    library_close(&l);
}

static void an_index_that_was_lost_is_made_anew(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    enum { COMMENTS = 2 * SEARCH_STEP_MAX + 10 };
    library_open(&l, MODE_OPEN);
    assert_false(search_progress(l.r.d.search).is_whole);
    for (int i = 0; i < COMMENTS; i++)
        room_say(&l.r, 0, NULL);
    struct comment gone = say(&l, "Forgotten later.");
    assert_true(steps(&l) >= 4);
    assert_true(search_progress(l.r.d.search).is_whole);
    if (fixture_is_postgres()) {
        library_close(&l);
        return;
    }
    index_close(&l);
    assert_int_equal(unlink(arena_printf(l.r.f.arena, "%s.search", l.r.f.address).p), 0);
    assert_true(room_withdraw(&l.r, &gone, &e));
    index_open(&l);
    bool more;
    assert_true(search_step(&l.r.d, &more, &e)); /* finds that it begins */
    assert_true(search_step(&l.r.d, &more, &e));
    assert_true(more);
    struct search_progress p = search_progress(l.r.d.search);
    assert_false(p.is_whole);
    assert_int_equal(p.done, SEARCH_STEP_MAX);
    assert_int_equal(p.total, COMMENTS + 1);
    steps(&l);
    assert_true(search_progress(l.r.d.search).is_whole);
    assert_str(found(&l, "forgotten"), "");
    struct count_call c = {.r = &l.r, .f = {.which = QUEUE_ALL, .words = STR("eyes")}};
    room_must_read(&l.r, count_call_work, &c);
    assert_int_equal(c.found.n, COMMENTS);
    library_close(&l);
}

static bool state_spoil(struct tx *tx, void *context, struct err *e)
{
    struct library *l = context;
    struct state_get_out s;
    bool is_there;
    int64_t changed;
    if (!search_state_get(tx, &(struct state_get_in){l->r.d.site.id.v}, &s, &is_there, e))
        return false;
    struct state_put_in in = {l->r.d.site.id.v, s.newsroom, s.version, s.step + 7, s.stage,
                              s.walked,         s.done,     s.total,   s.erased,   s.purged_s};
    return is_there && search_state_put(tx, &in, &changed, e);
}

/* A restored backup knows of fewer steps than the index; another newsroom has another secret. */
static void an_index_that_does_not_fit_is_made_anew(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    library_open(&l, MODE_OPEN);
    for (int i = 0; i < SEARCH_STEP_MAX + 5; i++)
        room_say(&l.r, 0, NULL);
    steps(&l);
    assert_true(db_write_now(l.index, l.r.f.arena, state_spoil, &l, &e));
    say(&l, "After the backup.");
    assert_true(steps(&l) > 3);
    assert_str(found(&l, "backup"), "206");
    l.r.d.secret.b[0] ^= 1;
    say(&l, "Of another newsroom.");
    assert_true(steps(&l) > 3);
    assert_str(found(&l, "newsroom"), "207");
    struct count_call c = {.r = &l.r, .f = {.which = QUEUE_ALL, .words = STR("eyes")}};
    room_must_read(&l.r, count_call_work, &c);
    assert_int_equal(c.found.n, SEARCH_STEP_MAX + 5);
    library_close(&l);
}

CALL(todo_call, struct search_todo_list_out *rows; size_t n;
     ,
     sql_search_todo_list(tx, &(struct search_todo_list_in){d->site.id.v, 10}, &c->rows, &c->n, e))
CALL(drop_call, struct search_todo_drop_in in; int64_t changed;
     , d &&sql_search_todo_drop(tx, &c->in, &c->changed, e))

/* What was written while an older wording was learnt is learnt as well. */
static void a_wording_of_meanwhile_is_not_lost(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    library_open(&l, MODE_OPEN);
    steps(&l);
    struct comment c = say(&l, "First wording.");
    struct todo_call before = {.r = &l.r}, after = {.r = &l.r};
    room_must_read(&l.r, todo_call_work, &before);
    assert_int_equal(before.n, 1);
    assert_true(room_edit(&l.r, &c, "Second wording.", &e));
    struct drop_call drop = {.r = &l.r,
                             .in = {l.r.d.site.id.v, before.rows[0].comment, before.rows[0].rev}};
    room_must_write(&l.r, drop_call_work, &drop);
    room_must_read(&l.r, todo_call_work, &after);
    assert_int_equal(after.n, 1);
    assert_int_not_equal(after.rows[0].rev, before.rows[0].rev);
    steps(&l);
    room_must_read(&l.r, todo_call_work, &after);
    assert_int_equal(after.n, 0);
    assert_str(found(&l, "second"), "1");
    assert_str(found(&l, "first"), "");
    library_close(&l);
}

/* Fails each call of each database in turn: whatever was done by then, the next steps mend it. */
static void a_step_may_fail_anywhere(void **state)
{
    (void)state;
    static struct library l;
    library_open(&l, MODE_OPEN);
    steps(&l);
    struct db_fault *const faults[] = {&l.r.f.fault, &l.fault};
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct db_fault *fault = faults[i];
        for (int64_t calls = 1; calls < 60; calls++) {
            struct err e;
            bool more;
            struct comment c = say_numbered(&l, "Perhaps this one", (int)(100 * i) + (int)calls);
            uint64_t struck = atomic_load(&fault->struck);
            atomic_store(&fault->calls_left, calls);
            bool good = search_step(&l.r.d, &more, &e);
            atomic_store(&fault->calls_left, 0);
            bool is_struck = atomic_load(&fault->struck) != struck;
            if (good && is_struck)
                fail_msg("call %d of database %d failed, and the step did not", (int)calls, (int)i);
            steps(&l);
            struct queue_page page =
                look(&l, "perhaps", (struct queue_query){.filter.which = QUEUE_ALL, .max = 1});
            assert_int_equal(page.n, 1);
            assert_int_equal(page.cards[0].comment.number, c.number);
            if (!is_struck)
                break;
            assert_int_not_equal(calls, 59);
        }
    }
    library_close(&l);
}

static void every_statement_of_the_index_fits(void **state)
{
    (void)state;
    static struct library l;
    struct err e;
    library_open(&l, MODE_OPEN);
    if (!db_check_statements(l.index, &e) || !db_check(l.index, &e))
        fail_msg("%s", e.why);
    library_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_names_are_found_in_every_script),
        cmocka_unit_test(what_readers_see_is_found),
        cmocka_unit_test(anything_may_be_typed),
        cmocka_unit_test(pages_follow_each_other_newest_first),
        cmocka_unit_test(filters_hold_besides_the_words),
        cmocka_unit_test(a_search_is_not_decided_on_as_a_whole),
        cmocka_unit_test(a_filter_with_words_is_read_as_it_was_written),
        cmocka_unit_test(what_is_edited_or_withdrawn_is_no_longer_found),
        cmocka_unit_test(erased_words_leave_the_file),
        cmocka_unit_test(an_index_that_was_lost_is_made_anew),
        cmocka_unit_test(an_index_that_does_not_fit_is_made_anew),
        cmocka_unit_test(a_wording_of_meanwhile_is_not_lost),
        cmocka_unit_test(a_step_may_fail_anywhere),
        cmocka_unit_test(every_statement_of_the_index_fits),
    };
    return RUN_TESTS(tests);
}
