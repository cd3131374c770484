/* Filters: what each finds, in what order, page by page, and never looking at too much. */
#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(queue_call, struct queue_query q; struct queue_page page; uint64_t statements;
     , queue_get(d, tx, &c->q, &c->page, e) && (c->statements = tx_statements(tx)) > 0)
CALL(found_call, struct queue_filter f; struct queue_found found;
     , queue_filter_count(d, tx, &c->f, &c->found, e))
CALL(count_call, struct queue_counts counts; uint64_t statements;
     , queue_count(d, tx, &c->counts, e) && (c->statements = tx_statements(tx)) > 0)
CALL(ask_call, struct comment_id comment;
     , opinion_ask(d, tx, &c->r->moderator, c->comment, STR("Is this insult?"), e))

/* The numbers a filter finds, page by page, as text: "3 1 ". */
static const char *find(struct room *r, struct queue_filter f)
{
    static char text[2000];
    struct queue_call c = {.r = r, .q = {.filter = f, .max = 2}};
    size_t at = 0;
    text[0] = '\0';
    do {
        room_must_read(r, queue_call_work, &c);
        assert_true(c.page.n <= 2);
        for (size_t i = 0; i < c.page.n; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%d ",
                                   (int)c.page.cards[i].comment.number);
        c.q.after_s = c.page.next_s;
        c.q.after = c.page.next;
    } while (c.page.more);
    struct found_call found = {.r = r, .f = f};
    room_must_read(r, found_call_work, &found);
    int64_t spaces = 0;
    for (const char *p = text; *p; p++)
        spaces += *p == ' ';
    assert_int_equal(found.found.n, spaces);
    assert_true(found.found.is_exact);
    return text;
}

static void filters_find(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_HELD);
    struct comment first = room_say(&r, 0, NULL);
    for (int i = 2; i <= 9; i++) {
        r.clock.now_s++;
        (void)room_say(&r, 0, i % 2 ? &first.commenter : NULL);
    }
    static const enum action actions[] = {
        0, ACTION_PUBLISH, ACTION_PUBLISH, ACTION_REJECT, ACTION_SPAM, ACTION_WITHDRAW};
    for (size_t i = 1; i < ARRAY_LEN(actions); i++)
        room_must_decide(&r, (int64_t)i + 1, actions[i]); /* 2 … 6; 1, 7, 8, 9 are held */
    room_must_decide(&r, 3, ACTION_FEATURE);
    room_report(&r, 8, 1, "hate");
    room_report(&r, 2, 1, "insult");
    room_rule_holds(&r, 7, "campaign:5", "");
    room_rule_holds(&r, 8, "campaign:6", "");
    room_rule_holds(&r, 9, "rule:3", "");
    struct ask_call ask = {&r, comment_id_of(r.article, 7)};
    room_must_write(&r, ask_call_work, &ask);
#define ARTICLE .thread = r.article
#define THEIRS .has_commenter = true, .commenter = first.commenter
    const struct {
        struct queue_filter f;
        const char *finds;
    } rows[] = {
        {{.which = QUEUE_HELD}, "1 7 8 9 "},
        {{.which = QUEUE_PUBLISHED}, "3 2 "},
        {{.which = QUEUE_REJECTED}, "4 "},
        {{.which = QUEUE_SPAM}, "5 "},
        {{.which = QUEUE_WITHDRAWN}, "6 "},
        {{.which = QUEUE_REPORTED}, "2 8 "},
        {{.which = QUEUE_OPINION}, "7 "},
        {{.which = QUEUE_FEATURED}, "3 "},
        {{.which = QUEUE_ALL}, "9 8 7 6 5 4 3 2 1 "},
        {{.which = QUEUE_ALL, ARTICLE}, "9 8 7 6 5 4 3 2 1 "},
        {{.which = QUEUE_HELD, ARTICLE}, "1 7 8 9 "},
        {{.which = QUEUE_PUBLISHED, ARTICLE}, "3 2 "},
        {{.which = QUEUE_SPAM, ARTICLE}, "5 "},
        {{.which = QUEUE_REPORTED, ARTICLE}, "2 8 "},
        {{.which = QUEUE_HELD, .thread = {5}}, ""},
        {{.which = QUEUE_REPORTED, .thread = {5}}, ""},
        {{.which = QUEUE_ALL, THEIRS}, "9 7 5 3 1 "},
        {{.which = QUEUE_HELD, THEIRS}, "9 7 1 "},
        {{.which = QUEUE_FEATURED, THEIRS}, "3 "},
        {{.which = QUEUE_REPORTED, THEIRS}, ""},
        {{.which = QUEUE_OPINION, THEIRS, ARTICLE}, "7 "},
        {{.which = QUEUE_ALL, .rule = STR("rule:3")}, "9 "},
        {{.which = QUEUE_HELD, .rule = STR("mode:held")}, "1 "},
        {{.which = QUEUE_HELD, .rule = STR("campaign")}, "7 8 "},
        {{.which = QUEUE_HELD, .rule = STR("campaign:5")}, "7 "},
        {{.which = QUEUE_HELD, .rule = STR("campaign:")}, ""},
        {{.which = QUEUE_ALL, .lang = STR("en")}, "9 8 7 6 5 4 3 2 1 "},
        {{.which = QUEUE_ALL, .lang = STR("kk")}, ""},
        {{.which = QUEUE_SPAM, .edition = STR("ru")}, "5 "},
        {{.which = QUEUE_SPAM, .edition = STR("kk")}, ""},
        {{.which = QUEUE_ALL, .campaign = {1}}, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(find(&r, rows[i].f), rows[i].finds) != 0)
            fail_msg("row %zu: '%s'", i, find(&r, rows[i].f));
        /* And it comes through an address as it was. */
        struct str text = queue_filter_print(r.f.arena, &rows[i].f);
        struct queue_filter back;
        assert_true(queue_filter_parse(r.f.arena, text, &back));
        assert_true(str_eq(queue_filter_print(r.f.arena, &back), text));
        assert_string_equal(find(&r, back), rows[i].finds);
    }
    struct count_call count = {.r = &r};
    room_must_read(&r, count_call_work, &count);
    assert_int_equal(count.counts.held, 4);
    assert_int_equal(count.counts.reported, 2);
    assert_int_equal(count.counts.opinions, 1);
    assert_int_equal(count.statements, 1);
    room_close(&r);
}

static void wrong_filters_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "state=none",
        "article=0",
        "article=x",
        "lang=",
        "commenter=12",
        "who=1",
        "state",
        "rule=%2",
        "rule=%00",
        "rule=%zz",
        "&",
        "campaign=-1",
        "rule=a b",
        "article=9223372036854775807",
    };
    struct arena *a = arena_new(0);
    struct queue_filter f = {.which = QUEUE_SPAM};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        if (queue_filter_parse(a, str_of(wrong[i]), &f))
            fail_msg("taken: %s", wrong[i]);
    char long_one[QUEUE_FILTER_BYTES + 20];
    memset(long_one, 'a', sizeof long_one);
    memcpy(long_one, "rule=", 5);
    assert_false(queue_filter_parse(a, (struct str){long_one, sizeof long_one}, &f));
    assert_false(queue_filter_parse(a, (struct str){long_one, 5 + 61}, &f));
    assert_true(queue_filter_parse(a, (struct str){long_one, 5 + 60}, &f));
    assert_int_equal(f.which, QUEUE_HELD);
    struct queue_filter rule = {.rule = STR("rule:12")};
    assert_str(queue_filter_print(a, &rule), "rule=rule%3A12");
    assert_int_equal(queue_filter_print(a, &(struct queue_filter){.which = QUEUE_HELD}).n, 0);
    arena_free(&a);
}

/* What nothing fits is given up after a window, and gone on with. */
static void reads_are_bounded(void **state)
{
    (void)state;
    static struct room r;
    enum { COMMENTS = 1205 };
    room_open(&r, MODE_HELD);
    struct comment last = {.number = 0};
    for (int i = 0; i < COMMENTS; i++)
        last = room_say(&r, 0, NULL);
    struct count_call count = {.r = &r};
    room_must_read(&r, count_call_work, &count);
    assert_int_equal(count.counts.held, QUEUE_COUNT_MAX + 1);
    struct found_call found = {.r = &r, .f = {.which = QUEUE_HELD}};
    room_must_read(&r, found_call_work, &found);
    assert_int_equal(found.found.n, QUEUE_COUNT_MAX + 1);
    assert_false(found.found.is_exact);
    /* One in 1205 fits: three reads of 500 find it, and two statements each. */
    room_rule_holds(&r, last.number, "rule:1", "");
    struct queue_call c = {
        .r = &r, .q = {.filter = {.which = QUEUE_HELD, .rule = STR("rule:1")}, .max = 25}};
    room_must_read(&r, queue_call_work, &c);
    assert_int_equal(c.page.n, 1);
    assert_false(c.page.more);
    assert_int_equal(c.statements, 3 * 2 + 3);
    room_close(&r);
}

static void cards_say_it_all(void **state)
{
    (void)state;
    static struct room r;
    room_open(&r, MODE_OPEN);
    r.network = STR("networkA");
    struct comment parent = room_say(&r, 0, NULL);
    struct comment c = room_say(&r, parent.number, NULL);
    room_say(&r, 0, &parent.commenter);
    r.network = STR("networkB");
    room_say(&r, 0, NULL);
    room_report(&r, c.number, 1, "insult");
    room_report(&r, c.number, 2, "hate");
    room_report(&r, c.number, 3, "insult");
    struct ask_call ask = {&r, c.id};
    room_must_write(&r, ask_call_work, &ask);
    struct queue_card card = room_detail(&r, c.number).card;
    assert_int_equal(card.n_reports, 2);
    assert_str(card.reports[0].reason, "hate");
    assert_int_equal(card.reports[0].n, 1);
    assert_str(card.reports[1].reason, "insult");
    assert_int_equal(card.reports[1].n, 2);
    assert_int_equal(card.network_others, 1);
    assert_int_equal(room_detail(&r, 4).card.network_others, 0);
    assert_int_equal(card.opinion.moderator.v, 1);
    assert_str(card.opinion.note, "Is this insult?");
    assert_int_equal(card.parent.number, parent.number);
    assert_int_equal(card.claim.moderator.v, 0);
    room_must_decide(&r, c.number, ACTION_REJECT);
    card = room_detail(&r, c.number).card;
    assert_int_equal(card.n_reports, 0);
    assert_int_equal(card.opinion.moderator.v, 1); /* who asked does not answer */
    room_check(&r);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_find),
        cmocka_unit_test(wrong_filters_are_refused),
        cmocka_unit_test(reads_are_bounded),
        cmocka_unit_test(cards_say_it_all),
    };
    return RUN_TESTS(tests);
}
