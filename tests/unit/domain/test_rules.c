#include "domain/rule.h"
#include "domain/rule_trial.h"
#include "tests/unit/domain/room.h"
#include "text/count.h"
#include "text/markdown.h"

static int open_rules(void **state)
{
    struct room *r = malloc(sizeof *r);
    room_open(r, MODE_OPEN);
    r->d.rules = rules_new();
    *state = r;
    return 0;
}
static int close_rules(void **state)
{
    struct room *r = *state;
    room_check(r);
    rules_free(&r->d.rules);
    room_close(r);
    free(r);
    return 0;
}

CALL(save_call, struct rule_plan plan; int64_t id;
     , rule_save(d, tx, &c->r->administrator, &c->plan, &c->id, e))
CALL(switch_call, int64_t id; bool is_on;
     , rule_switch(d, tx, &c->r->administrator, c->id, c->is_on, e))
CALL(remove_call, int64_t id;, rule_remove(d, tx, &c->r->administrator, c->id, e))
CALL(save_by_call, struct actor actor; struct rule_plan plan; int64_t id;
     , rule_save(d, tx, &c->actor, &c->plan, &c->id, e))
CALL(switch_by_call, struct actor actor; int64_t id;
     , rule_switch(d, tx, &c->actor, c->id, false, e))
CALL(remove_by_call, struct actor actor; int64_t id;, rule_remove(d, tx, &c->actor, c->id, e))
CALL(get_call, int64_t id; struct rule rule;, rule_get(d, tx, c->id, &c->rule, e))
CALL(read_call, struct rules_news news;, rules_read(d->rules, d, tx, &c->news, e))
CALL(trial_call, struct rule_trial *trial;, rule_trial_step(d, tx, c->trial, e))
CALL(newest_call, struct comment_id id; struct decision decision; bool found;
     , decision_newest(d, tx, c->id, &c->decision, &c->found, e))

/* As the server does when it hears of a change. */
static void load(struct room *r)
{
    struct read_call c = {.r = r};
    struct err e;
    room_must_read(r, read_call_work, &c);
    if (!rules_use(r->d.rules, &c.news, &e))
        fail_msg("%s", e.why);
}

static int64_t add(struct room *r, enum rule_kind kind, enum rule_does does, const char *source)
{
    struct save_call c = {.r = r,
                          .plan = {.kind = kind,
                                   .does = does,
                                   .is_on = true,
                                   .name = STR("Name"),
                                   .source = str_of(source)}};
    room_must_write(r, save_call_work, &c);
    load(r);
    return c.id;
}

static struct rule get(struct room *r, int64_t id)
{
    struct get_call c = {.r = r, .id = id};
    room_must_read(r, get_call_work, &c);
    return c.rule;
}

static struct comment say(struct room *r, const struct commenter_id *who, const char *text)
{
    struct comment_added added;
    struct err e;
    if (!room_add(r, 0, who, text, &added, &e))
        fail_msg("%s: %s", text, e.why);
    return added.comment;
}

static enum comment_state state_after(struct room *r, const char *text)
{
    return say(r, NULL, text).state;
}

static struct decision newest(struct room *r, struct comment_id id)
{
    struct newest_call c = {.r = r, .id = id};
    room_must_read(r, newest_call_work, &c);
    assert_true(c.found);
    return c.decision;
}

static void a_word_list_holds_with_evidence(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_HOLDS, "casino\nfree money\n");
    struct comment c = say(r, NULL, "The CASINO gives free money.");
    assert_int_equal(c.state, COMMENT_HELD);
    assert_false(c.placed);
    struct decision d = newest(r, c.id);
    assert_str(d.rule, "rule:1");
    assert_str(d.evidence, "4+6 17+10");
    assert_int_equal(d.action, ACTION_HOLD);
    assert_int_equal(get(r, id).met, 1);
    assert_int_equal(room_thread(r).held, 1);
    assert_int_equal(state_after(r, "A cassino, or something else."), COMMENT_PUBLISHED);
    assert_int_equal(get(r, id).met, 1);
    /* Moderators disagree, and take that back. */
    room_must_decide(r, 1, ACTION_PUBLISH);
    assert_int_equal(get(r, id).overruled, 1);
    assert_int_equal(get(r, id).agreed, 0);
}

/* Words are read as they are shown; the evidence says where the source has them, and how. */
static void words_behind_markdown_are_met(void **state)
{
    struct room *r = *state;
    static const struct {
        const char *text, *evidence; /* NULL: published */
    } cases[] = {
        {"он м&#1091;дак", "5+15"},
        {"он м&#x443;дак", "5+15"},
        {"он му&#8203;дак", "5+17:1:мудак"},
        {"он му&shy;дак", "5+15:1:мудак"},
        {"он &mcy;&ucy;&dcy;&acy;&kcy;.", "5+25"},
        {"he is a b&aacute;stard, he is", "8+14:16:bastard"},
        {"он му**да**к", "5+14"},
        {"он му*д*ак", "5+12"},
        {"он **муд**ак", "7+12"},
        {"он му[да](http://a.example)к", "5+30"},
        {"он [мудак](http://a.example)", "6+10"},
        {"он му`д`ак", "5+12"},
        {"он му``д``ак", "5+14"},
        {"он му\\-дак", "5+12:256:мудак"},
        {"он _му_дак", "6+11:256:мудак"},
        {"он м&#1091;**д**ак и му**да**к", "5+19 28+14"},
        {"> он му![да](http://a.example/p.png)к\n\nda", "7+37"},
        /* Stars that hide letters make pairs, and are seen in the source. */
        {"f**k you and s**t", "0+4:64:fuck 13+4:64:shit"},
        {"see [this](https://mudhole.example/x)", "19+7"},
        {"он &#1084; удак", NULL},
        {"он му\n\nдак, му [дак](http://a.example)", NULL},
        {"он &amp;#1084;удак", NULL},
    };
    (void)add(r, RULE_WORDS, RULE_HOLDS, "мудак\nbastard\nfuck\nshit\nmudhole");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        /* No two of them are the same words. */
        struct str text = arena_printf(a, "%s\n\nNo %zu", cases[i].text, i);
        struct comment c = say(r, NULL, text.p);
        if (c.state != (cases[i].evidence ? COMMENT_HELD : COMMENT_PUBLISHED))
            fail_msg("%s: state %d", cases[i].text, (int)c.state);
        if (cases[i].evidence)
            assert_str(newest(r, c.id).evidence, cases[i].evidence);
    }
}

static void a_word_list_rejects_and_says_by_which_kind(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_WORDS, RULE_REJECTS, "numbskull*\n");
    struct comment c = say(r, NULL, "What numbskulls!");
    assert_int_equal(c.state, COMMENT_REJECTED);
    assert_false(c.placed);
    struct decision d = newest(r, c.id);
    assert_int_equal(d.action, ACTION_REJECT);
    assert_str(d.reason, "rule-words");
    assert_int_equal(d.moderator.v, 0);
    assert_int_equal(room_thread(r).held, 0);
    assert_int_equal(room_thread(r).placed, 0);
}

static void a_rule_that_reports_lets_it_appear(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_REPORTS, "watched\n");
    struct comment c = say(r, NULL, "This is watched.");
    assert_int_equal(c.state, COMMENT_PUBLISHED);
    struct queue_detail detail = room_detail(r, c.number);
    assert_int_equal(detail.card.n_reports, 1);
    assert_str(detail.card.reports[0].reason, "rule");
    assert_str(detail.card.rule, "rule:1");
    assert_str(detail.card.evidence, "8+7");
    /* A moderator removes it: the report is closed, and the rule was right. */
    room_must_decide(r, c.number, ACTION_REJECT);
    assert_int_equal(room_detail(r, c.number).card.n_reports, 0);
    assert_int_equal(get(r, id).agreed, 1);
}

static void what_is_held_anyway_is_not_reported(void **state)
{
    struct room *r = *state;
    struct conversation_wish wish = {.has_mode = true, .mode = MODE_HELD};
    struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    ed.source = hash_of(STR("held"));
    room_save(r, &ed, &wish);
    int64_t reports = add(r, RULE_WORDS, RULE_REPORTS, "watched\n");
    struct comment c = say(r, NULL, "This is watched.");
    assert_int_equal(c.state, COMMENT_HELD);
    assert_str(newest(r, c.id).rule, "mode:held");
    assert_int_equal(get(r, reports).met, 0);
    (void)add(r, RULE_WORDS, RULE_HOLDS, "observed\n");
    assert_str(newest(r, say(r, NULL, "This is observed.").id).rule, "rule:2");
}

static void the_strongest_wins(void **state)
{
    struct room *r = *state;
    int64_t reports = add(r, RULE_SHAPE, RULE_REPORTS, "run = 5\n");
    int64_t holds = add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    int64_t rejects = add(r, RULE_NEWCOMER, RULE_REJECTS, "published = 1\n");
    struct comment c = say(r, NULL, "lorem!!!!!");
    assert_int_equal(c.state, COMMENT_REJECTED);
    assert_str(newest(r, c.id).rule, "rule:3");
    assert_str(newest(r, c.id).reason, "rule-newcomer");
    struct remove_call gone = {.r = r, .id = rejects};
    room_must_write(r, remove_call_work, &gone);
    load(r);
    assert_str(newest(r, say(r, NULL, "Second lorem!!!!!!").id).rule, "rule:2");
    gone.id = holds;
    room_must_write(r, remove_call_work, &gone);
    load(r);
    assert_int_equal(state_after(r, "Third lorem!!!!!!!"), COMMENT_PUBLISHED);
    assert_int_equal(get(r, reports).met, 1);
}

static void links_are_counted_and_refused(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_LINKS, RULE_HOLDS,
              "links = 2\nrefuse = \u043A\u0430\u0437\u0438\u043D\u043E.example\n"
              "allow = herald.example\n");
    static const struct {
        const char *text;
        bool is_met;
    } cases[] = {
        {"https://a.example/1", false},
        {"https://a.example/2 https://b.example/", true},
        {"[here](https://a.example/3) and [there](http://b.example)", true},
        {"[here][1] and https://b.example/4\n\n[1]: https://a.example", true},
        {"`https://a.example/5 https://b.example/`", false},
        {"https://herald.example/6 https://www.herald.EXAMPLE https://a.example", false},
        {"https://notherald.example/7 https://a.example", true},
        {"https://xn--80aesfpe.example/8", false},
        {"https://www.\u041A\u0410\u0417\u0418\u041D\u041E.example/9", true},
        {"[x](https&colon;//\u043A\u0430\u0437\u0438\u043D\u043E.example./10)", true},
        {"https://\u043A\u0430\u0437\u0438\u043D\u043E.example.org/11", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum comment_state expected = cases[i].is_met ? COMMENT_HELD : COMMENT_PUBLISHED;
        if (state_after(r, cases[i].text) != expected)
            fail_msg("%s", cases[i].text);
    }
}

static void newcomers_grow_up(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_NEWCOMER, RULE_HOLDS, "published = 2\n");
    struct comment first = say(r, NULL, "One."), second = say(r, &first.commenter, "Two.");
    assert_int_equal(first.state, COMMENT_HELD);
    assert_int_equal(second.state, COMMENT_HELD);
    room_must_decide(r, first.number, ACTION_PUBLISH);
    assert_int_equal(say(r, &first.commenter, "Three.").state, COMMENT_HELD);
    room_must_decide(r, second.number, ACTION_PUBLISH);
    assert_int_equal(say(r, &first.commenter, "Four.").state, COMMENT_PUBLISHED);
}

static void newcomers_grow_older(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_NEWCOMER, RULE_HOLDS, "hours = 2\n");
    struct comment c = say(r, NULL, "One.");
    assert_int_equal(c.state, COMMENT_HELD);
    r->clock.now_s += 7199;
    assert_int_equal(say(r, &c.commenter, "Two.").state, COMMENT_HELD);
    r->clock.now_s += 1;
    assert_int_equal(say(r, &c.commenter, "Three.").state, COMMENT_PUBLISHED);
}

CALL(elsewhere_call, struct comment_draft draft; struct comment_added added;
     , room_post(d, tx, &c->draft, &c->added, e))
CALL(article_call, struct str slug; struct edition ed;
     , edition_get(d, tx, STR("en"), c->slug, &c->ed, e))

static enum comment_state elsewhere(struct room *r, const char *slug, const char *text,
                                    uint8_t idem)
{
    struct edition ed = room_edition(slug, "en", slug);
    struct article_call a = {.r = r, .slug = ed.slug};
    struct conversation_wish wish = {.has_mode = true, .mode = MODE_OPEN};
    (void)room_save(r, &ed, &wish);
    room_must_read(r, article_call_work, &a);
    struct elsewhere_call c = {.r = r,
                               .draft = {.thread = a.ed.article,
                                         .lang = STR("en"),
                                         .name = STR("Gulnara"),
                                         .text = str_of(text),
                                         .idem = {idem},
                                         .new_key_hash = {{idem, 7}}}};
    room_must_write(r, elsewhere_call_work, &c);
    return c.added.comment.state;
}

static void the_same_words_elsewhere(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_REPEAT, RULE_REJECTS, "copies = 2\nwithin = 48\ncharacters = 10\n");
    static const char text[] = "Vote for the blue party!";
    assert_int_equal(state_after(r, text), COMMENT_PUBLISHED);
    assert_int_equal(elsewhere(r, "second", text, 1), COMMENT_PUBLISHED);
    r->clock.now_s += 47 * 3600;
    assert_int_equal(elsewhere(r, "third", "vote  FOR the blue party", 2), COMMENT_REJECTED);
    assert_int_equal(elsewhere(r, "fourth", "Yes!", 3), COMMENT_PUBLISHED);
    assert_int_equal(elsewhere(r, "fifth", "Yes!", 4), COMMENT_PUBLISHED);
    assert_int_equal(elsewhere(r, "sixth", "Yes!", 5), COMMENT_PUBLISHED);
    r->clock.now_s += 2 * 3600;
    assert_int_equal(elsewhere(r, "seventh", text, 6), COMMENT_PUBLISHED); /* the rejected one */
    assert_int_equal(elsewhere(r, "shown", "V&#111;te for the [blue](http://b.example) par*t*y", 7),
                     COMMENT_REJECTED);
}

static void shapes_are_measured(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_SHAPE, RULE_HOLDS,
              "capitals = 70\nletters = 10\nrun = 6\nparagraph = 120\nwordless = 1\n");
    static const char long_one[] =
        "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
        "0123456789 0123456789 0123456789";
    static const struct {
        const char *text;
        bool is_met;
    } cases[] = {
        {"THIS IS LOUD", true},
        {"\u0422\u0418\u0428\u0415 \u0412\u0421\u0415 \u041D\u0410\u0420\u041E\u0414", true},
        {"NASA", false},
        {"This is NOT loud", false},
        {"no!!!!!!", true},
        {"never!*!*!&excl;!\\! really", true},
        {"TH&#73;S [WAS](http://quiet.example/all-in-small-letters) **L**OUD", true},
        {"[\U0001F389](http://a.example/words) **", true},
        {"no!!!!! really", false},
        {"aaAAaa\u0301a so", true},
        {"- - - - - - -a", false},
        {"\U0001F600 \U0001F389", true},
        {"https://a.example/words", true},
        {"https://a.example/words says it", false},
        {long_one, true},
        {"Two\n\nshort ones", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum comment_state expected = cases[i].is_met ? COMMENT_HELD : COMMENT_PUBLISHED;
        if (state_after(r, cases[i].text) != expected)
            fail_msg("%s", cases[i].text);
    }
}

/* As a person counts: a family is one character, and so is a letter with its accent. */
static void long_comments_are_met(void **state)
{
#define THREE "o\u0301 \U0001F469\u200D\U0001F467"
#define THIRTY THREE THREE THREE THREE THREE THREE THREE THREE THREE THREE
    struct room *r = *state;
    (void)add(r, RULE_SHAPE, RULE_HOLDS, "whole = 100\n");
    assert_int_equal(count_chars(STR(THIRTY THIRTY THIRTY "nine more")), 99);
    assert_int_equal(state_after(r, THIRTY THIRTY THIRTY "nine more"), COMMENT_PUBLISHED);
    assert_int_equal(state_after(r, THIRTY THIRTY THIRTY "ten\n\n more"), COMMENT_HELD);
    assert_int_equal(newest(r, comment_id_of(r->article, 2)).evidence.n, 0);
#undef THIRTY
#undef THREE
}

static void edits_are_asked_as_well(void **state)
{
    struct room *r = *state;
    int64_t holds = add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    int64_t rejects = add(r, RULE_WORDS, RULE_REJECTS, "ipsum\n");
    int64_t reports = add(r, RULE_WORDS, RULE_REPORTS, "dolor\n");
    struct err e;
    struct comment c = say(r, NULL, "Fine.");
    assert_true(room_edit(r, &c, "With dolor.", &e));
    assert_int_equal(room_comment(r, c.number, &c.commenter).state, COMMENT_PUBLISHED);
    assert_int_equal(room_detail(r, c.number).card.n_reports, 1);
    assert_true(room_edit(r, &c, "Still with dolor.", &e)); /* the same report, still open */
    assert_int_equal(get(r, reports).met, 1);               /* of the same comment */
    assert_true(room_edit(r, &c, "With lorem.", &e));
    assert_int_equal(room_comment(r, c.number, &c.commenter).state, COMMENT_HELD);
    assert_str(newest(r, c.id).evidence, "5+5");
    assert_true(room_edit(r, &c, "Held with lorem again.", &e));
    assert_str(newest(r, c.id).evidence, "10+5");
    assert_true(room_edit(r, &c, "Held and clean.", &e));
    assert_int_equal(room_comment(r, c.number, &c.commenter).state, COMMENT_HELD);
    assert_true(room_edit(r, &c, "Now ipsum.", &e));
    assert_int_equal(room_comment(r, c.number, &c.commenter).state, COMMENT_REJECTED);
    assert_false(room_edit(r, &c, "Never mind.", &e));
    assert_int_equal(get(r, holds).met, 1);
    assert_int_equal(get(r, rejects).met, 1);
}

static void must_undo(struct room *r, int64_t number)
{
    struct err e;
    if (!room_undo(r, &r->moderator, number, room_detail(r, number).undo_seq, &e))
        fail_msg("%s", e.why);
}

static struct queue_card card(struct room *r, const struct comment *c)
{
    return room_detail(r, c->number).card;
}

/* The comment waits on, but neither marks nor figures are about words that are gone. */
static void a_clean_edit_clears_the_rule(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_HOLDS, "casino*\n");
    struct err e;
    struct comment c = say(r, NULL, "Visit my casino tonight, dear readers.");
    assert_str(card(r, &c).evidence, "9+6");
    assert_false(card(r, &c).is_rule_past);
    assert_true(room_edit(r, &c, "I agree with Marat Ospanov about the dam.", &e));
    assert_int_equal(card(r, &c).comment.state, COMMENT_HELD);
    assert_str(card(r, &c).rule, "rule:1");
    assert_true(card(r, &c).is_rule_past);
    assert_int_equal(card(r, &c).evidence.n, 0);
    /* What it says of the words of now counts again. */
    assert_true(room_edit(r, &c, "To the casinos with Marat Ospanov.", &e));
    assert_str(card(r, &c).evidence, "7+7");
    assert_false(card(r, &c).is_rule_past);
    assert_true(room_edit(r, &c, "Marat Ospanov is right, I think.", &e));
    room_must_decide(r, c.number, ACTION_PUBLISH);
    assert_int_equal(get(r, id).overruled, 0);
    assert_int_equal(get(r, id).agreed, 0);
    assert_int_equal(get(r, id).met, 1);
}

/* Nor does a rule learn when that is taken back, or forget what it learnt of words withdrawn. */
static void a_rule_learns_of_its_own_words_alone(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_HOLDS, "casino*\n");
    struct err e;
    struct comment c = say(r, NULL, "Visit my casino tonight.");
    assert_true(room_edit(r, &c, "Nothing to see here any more.", &e));
    room_must_decide(r, c.number, ACTION_REJECT);
    assert_int_equal(get(r, id).agreed, 0);
    must_undo(r, c.number);
    assert_int_equal(get(r, id).agreed, 0);
    assert_true(room_edit(r, &c, "The casino after all.", &e));
    room_must_decide(r, c.number, ACTION_WITHDRAW);
    assert_false(
        card(r, &c).is_rule_past); /* no words are left that the author could have changed */
    assert_int_equal(get(r, id).agreed, 1);
    must_undo(r, c.number);
    assert_int_equal(get(r, id).agreed, 0);
}

static void a_clean_edit_closes_the_rules_report(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_WORDS, RULE_REPORTS, "walrus\n");
    int64_t holds = add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    struct err e;
    struct comment c = say(r, NULL, "The walrus sings at night.");
    assert_int_equal(card(r, &c).n_reports, 1);
    assert_true(room_edit(r, &c, "The piano sings at night.", &e));
    assert_int_equal(card(r, &c).n_reports, 0);
    assert_int_equal(card(r, &c).comment.state, COMMENT_PUBLISHED);
    assert_true(room_edit(r, &c, "A walrus sings once more.", &e)); /* open again */
    assert_int_equal(card(r, &c).n_reports, 1);
    assert_true(room_edit(r, &c, "A walrus and lorem.", &e)); /* a stricter rule speaks instead */
    assert_int_equal(card(r, &c).n_reports, 0);
    assert_int_equal(card(r, &c).comment.state, COMMENT_HELD);
    assert_int_equal(get(r, holds).met, 1);
}

CALL(trust_call, struct trust_change change;
     , commenter_trust_set(d, tx, &c->r->administrator, &c->change, e))

static void trust_spares_from_all_but_rejecting(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    (void)add(r, RULE_WORDS, RULE_REJECTS, "ipsum\n");
    (void)add(r, RULE_NEWCOMER, RULE_HOLDS, "hours = 100\n");
    struct comment c = say(r, NULL, "Somebody.");
    assert_int_equal(c.state, COMMENT_HELD);
    struct trust_call t = {.r = r, .change = {.commenter = c.commenter, .trust = TRUST_FULL}};
    room_must_write(r, trust_call_work, &t);
    assert_int_equal(say(r, &c.commenter, "My lorem.").state, COMMENT_PUBLISHED);
    assert_int_equal(say(r, &c.commenter, "My ipsum.").state, COMMENT_REJECTED);
}

static void what_is_off_or_removed_does_nothing(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    struct switch_call c = {.r = r, .id = id};
    room_must_write(r, switch_call_work, &c);
    assert_int_equal(state_after(r, "Not yet loaded: lorem."), COMMENT_HELD);
    load(r);
    assert_int_equal(state_after(r, "Loaded: lorem."), COMMENT_PUBLISHED);
    enum rule_kind kind;
    struct str name;
    assert_true(rules_name(r->d.rules, r->f.arena, id, &kind, &name));
    assert_str(name, "Name");
    c.is_on = true;
    room_must_write(r, switch_call_work, &c);
    load(r);
    assert_int_equal(state_after(r, "Again: lorem."), COMMENT_HELD);
    struct err e;
    struct remove_call gone = {.r = r, .id = id};
    room_must_write(r, remove_call_work, &gone);
    load(r);
    assert_int_equal(state_after(r, "Gone: lorem."), COMMENT_PUBLISHED);
    assert_false(room_write(r, remove_call_work, &gone, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(rules_name(r->d.rules, r->f.arena, id, &kind, &name));
}

static void only_what_changed_is_read_again(void **state)
{
    struct room *r = *state;
    (void)add(r, RULE_WORDS, RULE_HOLDS, "lorem\n");
    int64_t second = add(r, RULE_WORDS, RULE_HOLDS, "ipsum\n");
    struct read_call c = {.r = r};
    room_must_read(r, read_call_work, &c);
    assert_int_equal(c.news.n, 2);
    assert_null(c.news.rules[0].source.p);
    assert_null(c.news.rules[1].source.p);
    struct save_call change = {.r = r,
                               .plan = {.id = second,
                                        .expected = 1,
                                        .kind = RULE_WORDS,
                                        .does = RULE_REJECTS,
                                        .is_on = true,
                                        .name = STR("Other"),
                                        .source = STR("dolor")}};
    room_must_write(r, save_call_work, &change);
    room_must_read(r, read_call_work, &c);
    assert_null(c.news.rules[0].source.p);
    assert_str(c.news.rules[1].source, "dolor");
    struct err e;
    assert_true(rules_use(r->d.rules, &c.news, &e));
    assert_int_equal(state_after(r, "Now dolor."), COMMENT_REJECTED);
    assert_int_equal(state_after(r, "And ipsum."), COMMENT_PUBLISHED);
    /* Somebody who saw it before the change. */
    assert_false(room_write(r, save_call_work, &change, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(e.say, T_RULE_CHANGED);
}

static void faults_name_their_lines(void **state)
{
    (void)state;
    static const struct {
        enum rule_kind kind;
        const char *source;
        enum rule_fault_kind fault;
        uint32_t line;
    } cases[] = {
        {RULE_WORDS, "ok\na", RULE_FAULT_SHORT, 2},
        {RULE_WORDS, "# nothing\n\n", RULE_FAULT_MISSING, 0},
        {RULE_LINKS, "links = 0", RULE_FAULT_NUMBER, 1},
        {RULE_LINKS, "links = 3x", RULE_FAULT_NUMBER, 1},
        {RULE_LINKS, "\nlinks = 101", RULE_FAULT_NUMBER, 2},
        {RULE_LINKS, "links 3", RULE_FAULT_LINE, 1},
        {RULE_LINKS, "links = 3\nhours = 2", RULE_FAULT_NAME, 2},
        {RULE_LINKS, "links = 3\nlinks = 3", RULE_FAULT_REPEATED, 2},
        {RULE_LINKS, "refuse = no host", RULE_FAULT_HOST, 1},
        {RULE_LINKS, "refuse = a..b", RULE_FAULT_HOST, 1},
        {RULE_LINKS, "refuse = A.example\nrefuse = a.example.", RULE_FAULT_REPEATED, 2},
        {RULE_LINKS, "allow = a.example", RULE_FAULT_MISSING, 0},
        {RULE_NEWCOMER, "", RULE_FAULT_MISSING, 0},
        {RULE_REPEAT, "copies = 2", RULE_FAULT_MISSING, 0},
        {RULE_SHAPE, "letters = 20", RULE_FAULT_MISSING, 0},
        {RULE_SHAPE, "refuse = a.example", RULE_FAULT_NAME, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rule rule = {.kind = cases[i].kind, .source = str_of(cases[i].source)};
        struct compiled_rule *c;
        struct rule_faults faults;
        struct err e;
        assert_true(rule_compile(&rule, &c, &faults, &e));
        if (faults.all != 1 || faults.items[0].kind != cases[i].fault ||
            faults.items[0].line != cases[i].line)
            fail_msg("%s: %zu faults, %d in line %u", cases[i].source, faults.all,
                     (int)faults.items[0].kind, faults.items[0].line);
        compiled_drop(&c);
    }
}

static struct rule_trial try_rule(struct room *r, enum rule_kind kind, const char *source)
{
    struct rule rule = {.kind = kind, .does = RULE_REJECTS, .source = str_of(source)};
    struct rule_faults faults;
    struct err e;
    struct compiled_rule *compiled;
    assert_true(rule_compile(&rule, &compiled, &faults, &e));
    assert_int_equal(faults.all, 0);
    struct rule_trial trial = {.rule = compiled, .arena = r->f.arena, .until_s = r->clock.now_s};
    struct trial_call c = {.r = r, .trial = &trial};
    while (!trial.is_done)
        room_must_read(r, trial_call_work, &c);
    compiled_drop(&compiled);
    return trial;
}

static void a_trial_tells_what_would_have_been(void **state)
{
    struct room *r = *state;
    (void)say(r, NULL, "Too old: lorem.");
    r->clock.now_s += 31 * INT64_C(86400);
    struct comment first = say(r, NULL, "First lorem."), c;
    (void)say(r, &first.commenter, "Second lorem, by the same.");
    c = say(r, NULL, "Third lorem.");
    room_must_decide(r, first.number, ACTION_REJECT);
    (void)say(r, NULL, "Nothing.");
    struct err e;
    assert_true(room_withdraw(r, &c, &e));
    int64_t rev = room_thread(r).rev;
    struct rule_trial t = try_rule(r, RULE_WORDS, "lorem");
    assert_true(t.is_all);
    assert_int_equal(t.seen, 3);
    assert_int_equal(t.met, 2);
    assert_int_equal(t.bad, 1);
    assert_int_equal(t.good, 0);
    assert_int_equal(t.judged_by_nobody, 1);
    assert_int_equal(t.n_examples, 2);
    assert_str(t.examples[0].text, "Second lorem, by the same.");
    assert_int_equal(t.examples[0].marks.items[0].at, 7);
    assert_int_equal(t.examples[0].marks.items[0].n, 5);
    assert_int_equal(room_thread(r).rev, rev);
    /* The second was no newcomer's any more: the first is rejected by now, so it was. */
    assert_int_equal(try_rule(r, RULE_NEWCOMER, "published = 1").met, 3);
    assert_int_equal(elsewhere(r, "second", "Nothing.", 1), COMMENT_PUBLISHED);
    assert_int_equal(try_rule(r, RULE_REPEAT, "copies = 1\nwithin = 1").met, 1);
    assert_int_equal(try_rule(r, RULE_NEWCOMER, "hours = 1").met, 4);
}

static void a_trial_goes_page_by_page(void **state)
{
    struct room *r = *state;
    enum { N = RULE_TRIAL_PAGE + 20 };
    struct commenter_id who = say(r, NULL, "Comment number 0x.").commenter;
    for (int i = 1; i < N; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "Comment number %dx.", i);
        (void)say(r, &who, text);
        r->clock.now_s += i % 3 == 0;
    }
    struct rule_trial t = try_rule(r, RULE_WORDS, "comment");
    assert_int_equal(t.seen, N);
    assert_int_equal(t.met, N);
    assert_int_equal(t.n_examples, RULE_TRIAL_EXAMPLES);
    char last[64];
    (void)snprintf(last, sizeof last, "Comment number %dx.", N - 1);
    assert_str(t.examples[0].text, last);
    assert_int_equal(try_rule(r, RULE_NEWCOMER, "published = 2").met, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_rules, close_rules)
static void only_editors_change_rules(void **state)
{
    struct room *r = *state;
    int64_t id = add(r, RULE_WORDS, RULE_HOLDS, "reservoir");
    for (enum role role = ROLE_READER; role <= ROLE_ADMINISTRATOR; role++) {
        struct actor actor = {.role = role, .moderator = r->administrator.moderator};
        struct switch_by_call off = {.r = r, .actor = actor, .id = id};
        struct remove_by_call gone = {.r = r, .actor = actor, .id = id};
        struct save_by_call again = {.r = r,
                                     .actor = actor,
                                     .plan = {.kind = RULE_WORDS,
                                              .does = RULE_HOLDS,
                                              .name = STR("Again"),
                                              .source = STR("lake")}};
        bool may = role >= ROLE_EDITOR;
        struct err e;
        assert_true(may == room_write(r, switch_by_call_work, &off, &e));
        assert_true(may || e.kind == ERR_DENIED);
        assert_true(may == room_write(r, save_by_call_work, &again, &e));
        assert_true(may || e.kind == ERR_DENIED);
        assert_true(may == room_write(r, remove_by_call_work, &gone, &e));
        assert_true(may || e.kind == ERR_DENIED);
        id = may ? again.id : id;
        assert_int_equal(get(r, id).id, id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_word_list_holds_with_evidence),
        TEST(words_behind_markdown_are_met),
        TEST(a_word_list_rejects_and_says_by_which_kind),
        TEST(a_rule_that_reports_lets_it_appear),
        TEST(what_is_held_anyway_is_not_reported),
        TEST(the_strongest_wins),
        TEST(links_are_counted_and_refused),
        TEST(newcomers_grow_up),
        TEST(newcomers_grow_older),
        TEST(the_same_words_elsewhere),
        TEST(shapes_are_measured),
        TEST(long_comments_are_met),
        TEST(edits_are_asked_as_well),
        TEST(a_clean_edit_clears_the_rule),
        TEST(a_rule_learns_of_its_own_words_alone),
        TEST(a_clean_edit_closes_the_rules_report),
        TEST(trust_spares_from_all_but_rejecting),
        TEST(what_is_off_or_removed_does_nothing),
        TEST(only_what_changed_is_read_again),
        TEST(only_editors_change_rules),
        TEST(faults_name_their_lines),
        TEST(a_trial_tells_what_would_have_been),
        TEST(a_trial_goes_page_by_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
