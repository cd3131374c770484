/*
 * Thousands of random operations: whatever people do in whatever order, the counters are those of
 * the rows, and the conversation's rev grows exactly when the page for all changes.
 */
#include "base/buf.h"
#include "store/statements.h"
#include "tests/unit/domain/room.h"

#define ARTICLES 10
#define OPERATIONS 300 /* under each article */
#define GUESTS 6

struct world {
    struct room *r;
    uint64_t x;
    struct commenter_id guests[GUESTS];
    int64_t numbers; /* comments so far under this article */
    size_t done, refused;
};

static uint64_t dice(struct world *w, uint64_t sides)
{
    w->x ^= w->x << 13;
    w->x ^= w->x >> 7;
    w->x ^= w->x << 17;
    return w->x % sides;
}

CALL(rate_call, struct hash rater; bool likes;
     , rating_set(d, tx, c->r->article, c->rater, c->likes, e))
CALL(detail_call, struct comment_id id; struct queue_detail detail;
     , queue_card_get(d, tx, c->id, &c->detail, e))

/* All that the page shows to all, as one hash. */
static struct hash page_hash(struct room *r)
{
    struct page_query q = {.thread = r->article, .max = 10000};
    struct comment_page page = room_page(r, &q);
    struct thread t = room_thread(r);
    struct buf b = buf_heap(16 * MiB);
    buf_printf(&b, "%ld %ld %ld\n", (long)t.placed, (long)t.yes, (long)t.no);
    assert_int_equal(page.n, t.placed);
    for (size_t i = 0; i < page.n; i++) {
        const struct comment *c = &page.comments[i];
        buf_printf(&b, "%ld %d %d %d %ld ", (long)c->number, c->state, c->withdrawn_by, c->featured,
                   (long)c->edited_s);
        buf_put(&b, c->name);
        buf_put(&b, c->text);
        buf_put(&b, c->parent_name);
        buf_char(&b, '\n');
    }
    struct hash h = hash_of(buf_str(&b));
    buf_free(&b);
    return h;
}

static int64_t any_number(struct world *w)
{
    return w->numbers ? 1 + (int64_t)dice(w, (uint64_t)w->numbers) : 1;
}

static bool do_add(struct world *w, struct err *e)
{
    static int n;
    struct room *r = w->r;
    char text[40];
    (void)snprintf(text, sizeof text, "said %d", (int)dice(w, 4) ? n++ : (int)dice(w, 20));
    struct str kept = arena_copy(r->f.arena, str_of(text));
    struct commenter_id *who = &w->guests[dice(w, GUESTS)];
    static const struct commenter_id nobody;
    bool is_new = memcmp(who, &nobody, sizeof nobody) == 0;
    struct comment_added added;
    if (!room_add(r, dice(w, 3) ? any_number(w) : 0, is_new ? NULL : who, kept.p, &added, e))
        return false;
    *who = added.comment.commenter;
    w->numbers = added.comment.number;
    return true;
}

static struct queue_detail any_detail(struct world *w)
{
    struct detail_call c = {.r = w->r, .id = comment_id_of(w->r->article, any_number(w))};
    room_must_read(w->r, detail_call_work, &c);
    return c.detail;
}

static bool do_decide(struct world *w, struct err *e)
{
    struct queue_detail detail = any_detail(w);
    struct decide decide = {.comment = detail.card.comment.id,
                            .action = (enum action)(1 + dice(w, ACTION_UNFEATURE)),
                            .reason = STR("insult"),
                            .expected = detail.card.comment.state,
                            .expected_edited_s = detail.card.comment.edited_s,
                            .expected_reports = detail.card.open_reports,
                            .expected_reported_s = detail.card.reported_s};
    return room_decide(w->r, &w->r->moderator, decide, e);
}

/* Takes back the newest decision, or sometimes one that is not. */
static bool do_undo(struct world *w, struct err *e)
{
    struct queue_detail detail = any_detail(w);
    int64_t seq = dice(w, 8) ? detail.undo_seq : (int64_t)dice(w, 4);
    return room_undo(w->r, &w->r->moderator, detail.card.comment.number, seq, e);
}

static bool do_report(struct world *w)
{
    room_report(w->r, any_number(w), (uint8_t)dice(w, 200), "insult");
    return true;
}

static bool do_change(struct world *w, bool withdraw, struct err *e)
{
    static int n;
    char text[40];
    struct queue_detail detail = any_detail(w);
    if (withdraw)
        return room_withdraw(w->r, &detail.card.comment, e);
    (void)snprintf(text, sizeof text, "said better %d", n++);
    return room_edit(w->r, &detail.card.comment, arena_copy(w->r->f.arena, str_of(text)).p, e);
}

static bool do_rate(struct world *w, struct err *e)
{
    struct rate_call c = {w->r, {{(uint8_t)dice(w, 9)}}, dice(w, 2) == 0};
    return room_write(w->r, rate_call_work, &c, e);
}

static void do_mode(struct world *w, const char *key)
{
    static const enum mode modes[] = {MODE_OPEN, MODE_OPEN, MODE_FIRST, MODE_HELD};
    struct conversation_wish wish = {.has_mode = true, .mode = modes[dice(w, ARRAY_LEN(modes))]};
    struct edition ed = room_edition(key, "en", key);
    uint64_t source = dice(w, UINT64_MAX);
    memcpy(ed.source.b, &source, sizeof source);
    room_save(w->r, &ed, &wish);
}

static bool operation(struct world *w, struct err *e)
{
    uint64_t what = w->numbers ? dice(w, 24) : 0;
    if (what < 9)
        return do_add(w, e);
    if (what < 13)
        return do_decide(w, e);
    if (what < 17)
        return do_change(w, what == 13, e);
    if (what < 20)
        return do_undo(w, e);
    if (what == 20)
        return do_report(w);
    return do_rate(w, e);
}

CALL(edition_call, struct str slug; struct edition ed;
     , edition_get(d, tx, STR("en"), c->slug, &c->ed, e))

static void under_one_article(struct world *w, int article)
{
    char key[32];
    struct room *r = w->r;
    (void)snprintf(key, sizeof key, "story-%d", article);
    do_mode(w, key);
    struct edition_call found = {.r = r, .slug = str_of(key)};
    room_must_read(r, edition_call_work, &found);
    r->article = found.ed.article;
    w->numbers = 0;
    for (int i = 0; i < OPERATIONS; i++) {
        if (i % 40 == 39)
            do_mode(w, key);
        struct hash before = page_hash(r);
        int64_t rev = room_thread(r).rev;
        struct err e;
        bool good = operation(w, &e);
        w->done += good;
        w->refused += !good;
        assert_true(good || (e.kind != ERR_BROKEN && e.kind != ERR_BUSY));
        bool changed = !hash_eq(before, page_hash(r));
        assert_true(room_thread(r).rev == rev + changed);
        assert_true(good || !changed);
        r->clock.now_s += (int64_t)dice(w, 60);
        if (i % 60 == 0)
            room_check(r);
    }
}

static void counters_are_the_rows(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.settings.comments_repeat_hours = 1;
    struct world w = {.r = &r, .x = 0x2545f4914f6cdd1du};
    for (int article = 0; article < ARTICLES; article++) {
        under_one_article(&w, article);
        /* What the pages of an article took is not kept for the next. */
        arena_reset(r.f.arena);
    }
    room_check(&r);
    print_message("# %zu done, %zu refused\n", w.done, w.refused);
    assert_true(w.done > ARTICLES * OPERATIONS / 2);
    assert_true(w.refused > ARTICLES * OPERATIONS / 20);
    room_close(&r);
}

CALL(break_call, int number; const struct db_value *in;
     , tx_ask(tx, c->number, c->in, &(struct db_answer){.row = NULL}, e) && d != NULL)

/* The check is worth something only if it finds what is wrong. */
static void what_is_wrong_is_found(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    struct comment c = room_say(&r, 0, NULL);
    room_say(&r, c.number, NULL);
    room_check(&r);
#define INT(v)                                                                                     \
    {                                                                                              \
        .type = DB_INT, .n = (v)                                                                   \
    }
    const struct db_value thread[] = {INT(1), INT(r.article.v), INT(-1), INT(1),
                                      INT(1), INT(1),           INT(0),  INT(0)};
    struct break_call b = {&r, SQL_THREAD_CHANGE, thread};
    room_must_write(&r, break_call_work, &b);
    assert_int_equal(room_faults(&r), 4); /* number, placed, held, ratings */
    const struct db_value back[] = {INT(1),  INT(r.article.v), INT(1), INT(-1),
                                    INT(-1), INT(-1),          INT(0), INT(0)};
    b.in = back;
    room_must_write(&r, break_call_work, &b);
    room_check(&r);
    const struct db_value state_of[] = {INT(1), INT(c.id.v), INT(COMMENT_SPAM),
                                        INT(0), INT(2),      INT(0)};
    b = (struct break_call){&r, SQL_COMMENT_SET_STATE, state_of};
    room_must_write(&r, break_call_work, &b);
    /* placed; judged and its author's count; state; the reply answers what has no place */
    assert_int_equal(room_faults(&r), 5);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_the_rows),
        cmocka_unit_test(what_is_wrong_is_found),
    };
    return RUN_TESTS(tests);
}
