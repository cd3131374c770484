#include "domain/campaign.h"

#include <pthread.h>
#include <stdio.h>

#include "tests/lib/unit.h"

#define PASSAGE                                                                                    \
    "The water came back to the reservoir after a long winter, and people in the town say that "   \
    "it was no accident: the rain fell for a whole week."
#define OTHER                                                                                      \
    "Nobody at the ministry has read the report, although three copies of it have been lying on "  \
    "the table since spring and the minister was photographed with one."

struct fixture {
    struct shingler *shingler;
    struct campaigns *c;
};

static int open_fixture(void **state)
{
    static struct fixture f;
    f.shingler = shingler_new(hash_of(STR("test")));
    f.c = campaigns_new(1024, hash_of(STR("test")));
    *state = &f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    shingler_free(&f->shingler);
    campaigns_free(&f->c);
    return 0;
}

static struct comment_id id(int64_t v)
{
    return (struct comment_id){v};
}

static struct campaign_comment comment(const struct fixture *f, int64_t number, uint8_t who,
                                       const char *text)
{
    struct campaign_comment new_comment = {
        .site = {1},
        .comment = id(number),
        .commenter.b = {who},
        .state = COMMENT_PUBLISHED,
        .at_s = 1000 + number,
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    shingle_text(f->shingler, a, str_of(text), STR_NONE, &new_comment.sketch);
    return new_comment;
}

static struct campaign_link add(const struct fixture *f, int64_t number, uint8_t who,
                                const char *text)
{
    struct campaign_comment new_comment = comment(f, number, who, text);
    struct campaign_link link;
    campaign_add(f->c, &new_comment, &link);
    return link;
}

static uint32_t members_of(const struct fixture *f, int64_t number)
{
    struct campaign campaign;
    campaign_of(f->c, id(number), &campaign);
    return campaign.n_comments;
}

/* Letters by turns of a generator: texts of different seeds have nothing in common. */
static void put_random(char *p, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        p[i] = "abcdefghjkmnopqrstuvwxyz"[(seed >> 33) % 24];
    }
}

static void copies_are_gathered(void **state)
{
    const struct fixture *f = *state;
    struct campaign_link link = add(f, 1, 1, PASSAGE);
    assert_int_equal(link.nearest.v, 0);
    assert_int_equal(link.campaign.n_comments, 0);
    assert_int_equal(add(f, 2, 2, OTHER).nearest.v, 0);
    link = add(f, 3, 2, PASSAGE " https://shop.example/1");
    assert_int_equal(link.nearest.v, 1);
    assert_int_equal(link.similar_percent, 100);
    assert_int_equal(link.campaign.n_comments, 2);
    assert_int_equal(link.campaign.n_commenters, 2);
    assert_int_equal(link.campaign.first.v, 1);
    assert_int_equal(link.campaign.since_s, 1001);
    link = add(f, 4, 2, "Friends! " PASSAGE " Think about it.");
    assert_int_equal(link.campaign.n_comments, 3);
    assert_int_equal(link.campaign.n_commenters, 2);
    assert_true(link.similar_percent > 60 && link.similar_percent < 100);
    assert_false(link.is_alert || link.is_like_rejected);

    struct comment_id members[8];
    assert_int_equal(campaign_members(f->c, id(3), members, 8), 3);
    assert_true(members[0].v == 1 && members[1].v == 3 && members[2].v == 4);
    assert_int_equal(campaign_members(f->c, id(3), members, 2), 2);
    assert_int_equal(campaign_members(f->c, id(2), members, 8), 0);
    assert_int_equal(campaign_members(f->c, id(99), members, 8), 0);
}

/* What readers cannot see does not part a copy from its original; the quotation is no copy. */
static void a_copy_behind_markdown_is_found(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    struct campaign_link link =
        add(f, 2, 2,
            "Th&#101; w**at**er c&#x61;me b[ac](https://a.example/first-address)k to the "
            "reser`voi`r aft&#101;r a l*on*g w&#8203;inter, a\\nd p[eop](https://b.example/"
            "another-one)le in the t&#111;wn s*a*y that it was no ac[cid](https://c.example/"
            "and-a-third)ent: t&#104;e rain f&#101;ll for a w**hole** week.");
    assert_int_equal(link.nearest.v, 1);
    assert_true(link.similar_percent >= 95);
    assert_int_equal(add(f, 3, 3, "> " PASSAGE "\n\n" OTHER).nearest.v, 0);
}

static void a_copy_within_other_text_is_found(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    struct campaign_link link = add(f, 2, 2, OTHER " " PASSAGE " So I was told, and I believe it.");
    assert_int_equal(link.nearest.v, 1);
    assert_true(link.similar_percent < 60);
    assert_int_equal(link.campaign.n_comments, 2);
}

static void similar_ones_come_in_order(void **state)
{
    const struct fixture *f = *state;
    struct campaign_like likes[8];
    (void)add(f, 1, 1, PASSAGE " But who will pay for the roofs, and who for the cellars?");
    (void)add(f, 2, 2, PASSAGE);
    (void)add(f, 3, 3, PASSAGE);
    (void)add(f, 4, 4, OTHER);
    struct campaign_comment asked = comment(f, 9, 9, PASSAGE);
    assert_int_equal(campaign_similar(f->c, asked.site, &asked.sketch, id(0), likes, 8), 3);
    assert_true(likes[0].comment.v == 3 && likes[1].comment.v == 2 && likes[2].comment.v == 1);
    assert_true(likes[0].similar_percent == 100 && likes[2].similar_percent < 100);
    assert_int_equal(campaign_similar(f->c, asked.site, &asked.sketch, id(3), likes, 1), 1);
    assert_int_equal(likes[0].comment.v, 2);
    assert_int_equal(campaign_similar(f->c, asked.site, &asked.sketch, id(0), likes, 0), 0);
    assert_int_equal(members_of(f, 9), 0); /* asking adds nothing */
}

static void the_alert_comes_once(void **state)
{
    const struct fixture *f = *state;
    for (int64_t i = 1; i <= 8; i++)
        assert_false(add(f, i, (uint8_t)(i % 2), PASSAGE).is_alert); /* two commenters only */
    struct campaign_link link = add(f, 9, 7, PASSAGE);
    assert_true(link.is_alert);
    assert_int_equal(link.campaign.n_comments, 9);
    assert_int_equal(link.campaign.n_commenters, 3);
    assert_false(add(f, 10, 8, PASSAGE).is_alert);

    for (int64_t i = 21; i <= 24; i++)
        assert_false(add(f, i, (uint8_t)i, OTHER).is_alert);
    assert_true(add(f, 25, 25, OTHER).is_alert);
}

static void an_alert_that_was_not_stored_comes_again(void **state)
{
    const struct fixture *f = *state;
    for (int64_t i = 1; i <= 4; i++)
        assert_false(add(f, i, (uint8_t)i, PASSAGE).is_alert);
    assert_true(add(f, 5, 5, PASSAGE).is_alert);
    assert_false(add(f, 6, 6, PASSAGE).is_alert);
    campaign_take_back(f->c, id(6), false);
    campaign_take_back(f->c, id(5), true);
    assert_int_equal(members_of(f, 1), 4);
    assert_true(add(f, 5, 5, PASSAGE).is_alert);
    assert_false(add(f, 6, 6, PASSAGE).is_alert);
}

static void short_texts_never_alert(void **state)
{
    const struct fixture *f = *state;
    struct campaign_link link = {.similar_percent = 0};
    for (int64_t i = 1; i <= 50; i++) {
        link = add(f, i, (uint8_t)i, "Очень хорошая статья, спасибо автору!");
        assert_false(link.is_alert);
    }
    assert_int_equal(link.campaign.n_comments, 50); /* though they are shown as one */
    for (int64_t i = 51; i <= 100; i++)
        assert_int_equal(add(f, i, (uint8_t)i, "Спасибо!").nearest.v, 0);
    assert_int_equal(members_of(f, 60), 0);
}

/* Each is a copy of the one before by half; nobody copied the first. */
static void a_chain_is_no_campaign(void **state)
{
    const struct fixture *f = *state;
    enum { LINKS = 30, STEP = 60, WINDOW = 200 };
    char letters[LINKS * STEP + WINDOW + 1];
    size_t together = 0;
    put_random(letters, sizeof letters, 1);
    for (int64_t i = 0; i < LINKS; i++) {
        char text[WINDOW + 1] = {0};
        memcpy(text, letters + i * STEP, WINDOW);
        struct campaign_link link = add(f, i + 1, (uint8_t)i, text);
        assert_int_equal(link.nearest.v, i);
        assert_false(link.is_alert);
    }
    struct campaign first;
    campaign_of(f->c, id(1), &first);
    for (int64_t i = 1; i <= LINKS; i++) {
        struct campaign campaign;
        campaign_of(f->c, id(i), &campaign);
        together += campaign.first.v == first.first.v;
    }
    assert_in_range(together, 2, 8);
}

static void near_copies_of_the_rejected_are_told(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    assert_false(add(f, 2, 2, PASSAGE).is_like_rejected);
    campaign_mark(f->c, id(1), COMMENT_REJECTED);
    campaign_mark(f->c, id(99), COMMENT_REJECTED);
    struct campaign_link link = add(f, 3, 3, "Friends! " PASSAGE);
    assert_true(link.is_like_rejected);
    assert_int_equal(link.campaign.n_rejected, 1);
    assert_false(add(f, 4, 4, OTHER).is_like_rejected);
    campaign_mark(f->c, id(1), COMMENT_PUBLISHED);
    assert_false(add(f, 5, 5, PASSAGE).is_like_rejected);
    campaign_mark(f->c, id(5), COMMENT_SPAM);
    campaign_mark(f->c, id(5), COMMENT_REJECTED);
    assert_int_equal(add(f, 6, 6, PASSAGE).campaign.n_rejected, 1);
}

/* Little follows from a short text: nearly the same words as a rejected one's, and no less. */
static void short_ones_nearly_like_the_rejected_are_told(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, "You are all paid liars and traitors, shame on you");
    campaign_mark(f->c, id(1), COMMENT_SPAM);
    struct campaign_link link = add(f, 2, 2, "You are all paid liars and traitors, shame on them");
    assert_int_equal(link.nearest.v, 1);
    assert_true(link.is_like_rejected);
    assert_false(link.is_copy); /* what is decided on a campaign is not carried on by so little */
    assert_true(
        add(f, 3, 3, "YOU are all paid liars and traitors!!! shame on you").is_like_rejected);
    assert_false(add(f, 4, 4, "All traitors are paid, you say; shame on you").is_like_rejected);
    /* Of a greeting the same words alone. */
    (void)add(f, 10, 10, "Assalomu alaykum, do'stlar");
    campaign_mark(f->c, id(10), COMMENT_SPAM);
    link = add(f, 11, 11, "Assalomu alaykum, do'stlarim");
    assert_int_equal(link.nearest.v, 10);
    assert_false(link.is_like_rejected);
    assert_true(add(f, 12, 12, "ASSALOMU alaykum dostlar!!!").is_like_rejected);
}

static void copies_are_told_from_the_like(void **state)
{
    const struct fixture *f = *state;
    assert_false(add(f, 1, 1, PASSAGE).is_copy);
    struct campaign_link link = add(f, 2, 2, PASSAGE);
    assert_true(link.is_copy);
    assert_int_equal(link.n_joined, 2);
    link = add(f, 3, 3, PASSAGE " Yes.");
    assert_true(link.is_copy);
    assert_int_equal(link.n_joined, 1);
    link = add(f, 4, 4, OTHER);
    assert_false(link.is_copy);
    assert_int_equal(link.n_joined, 0);
    struct comment_id last[4];
    assert_int_equal(campaign_last(f->c, id(1), last, 2), 2);
    assert_true(last[0].v == 3 && last[1].v == 2);
    assert_int_equal(campaign_last(f->c, id(4), last, 4), 0);
    assert_int_equal(campaign_last(f->c, id(99), last, 4), 0);
    assert_true(campaign_has(f->c, id(4)));
    campaign_forget(f->c, id(4));
    assert_false(campaign_has(f->c, id(4)));
    /* The same greeting is no copy, though it is alike. */
    (void)add(f, 10, 10, "Assalomu alaykum va rahmatulloh, aziz do'stlar");
    link = add(f, 11, 11, "Assalomu alaykum va rahmatulloh, aziz do'stlarim");
    assert_int_equal(link.nearest.v, 10);
    assert_false(link.is_copy);
}

static void the_forgotten_are_not_found(void **state)
{
    const struct fixture *f = *state;
    struct campaign_comment asked = comment(f, 9, 9, PASSAGE);
    struct campaign_like likes[8];
    for (int64_t i = 1; i <= 3; i++)
        (void)add(f, i, (uint8_t)i, PASSAGE);
    campaign_forget(f->c, id(2));
    campaign_forget(f->c, id(2));
    assert_int_equal(members_of(f, 1), 2);
    assert_int_equal(members_of(f, 2), 0);
    assert_int_equal(campaign_similar(f->c, asked.site, &asked.sketch, id(0), likes, 8), 2);
    campaign_forget(f->c, id(1));
    assert_int_equal(members_of(f, 3), 0); /* one is no campaign */
    campaign_forget(f->c, id(3));
    assert_int_equal(campaign_similar(f->c, asked.site, &asked.sketch, id(0), likes, 8), 0);
    assert_int_equal(add(f, 4, 4, PASSAGE).nearest.v, 0);
}

static void changed_words_leave_the_campaign(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    (void)add(f, 2, 2, PASSAGE);
    (void)add(f, 3, 3, PASSAGE);
    (void)add(f, 2, 2, OTHER);
    assert_int_equal(members_of(f, 2), 0);
    assert_int_equal(members_of(f, 1), 2);
    (void)add(f, 3, 3, "Thanks"); /* too short to remember */
    assert_int_equal(members_of(f, 3), 0);
    assert_int_equal(members_of(f, 1), 0);
}

static void sites_know_nothing_of_each_other(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    struct campaign_comment other = comment(f, 2, 2, PASSAGE);
    struct campaign_link link;
    struct campaign_like likes[2];
    other.site.v = 2;
    campaign_add(f->c, &other, &link);
    assert_int_equal(link.nearest.v, 0);
    assert_int_equal(campaign_similar(f->c, other.site, &other.sketch, id(0), likes, 2), 1);
    assert_int_equal(likes[0].comment.v, 2);
}

/* Nobody joins two campaigns, or draws another's comment into one, by a text made of both. */
static void a_bridge_joins_nobody(void **state)
{
    const struct fixture *f = *state;
    (void)add(f, 1, 1, PASSAGE);
    (void)add(f, 2, 2, PASSAGE);
    (void)add(f, 3, 3, OTHER); /* alone */
    assert_int_equal(add(f, 4, 4, PASSAGE " " OTHER).campaign.n_comments, 3);
    assert_int_equal(members_of(f, 3), 0);
    (void)add(f, 5, 5, OTHER);
    (void)add(f, 6, 6, OTHER " " PASSAGE);
    struct campaign one, other;
    campaign_of(f->c, id(1), &one);
    campaign_of(f->c, id(5), &other);
    assert_true(one.first.v != other.first.v && other.n_comments >= 2);
}

/* What a campaign is said to be must be what its members are. */
static void check_campaign(struct campaigns *c, int64_t number, const uint8_t *who,
                           const enum comment_state *states, size_t *ret_n)
{
    struct comment_id members[256];
    struct campaign campaign;
    bool seen[256] = {false};
    size_t commenters = 0, rejected = 0, self = 0;
    campaign_of(c, id(number), &campaign);
    size_t n = campaign_members(c, id(number), members, 256);
    assert_int_equal(n, campaign.n_comments);
    for (size_t i = 0; i < n; i++) {
        int64_t v = members[i].v;
        commenters += !seen[who[v]];
        seen[who[v]] = true;
        rejected += states[v] == COMMENT_REJECTED || states[v] == COMMENT_SPAM;
        self += v == number;
    }
    assert_int_equal(commenters, campaign.n_commenters);
    assert_int_equal(rejected, campaign.n_rejected);
    assert_int_equal(self, n > 0);
    *ret_n = n;
}

/* A ring of 64, into which 4,000 comments come, are marked, change and are forgotten. */
static void the_tables_stay_true(void **state)
{
    const struct fixture *f = *state;
    enum { RING = 64, TEXTS = 5, NUMBERS = 4001 };
    static uint8_t who[NUMBERS];
    static enum comment_state states[NUMBERS];
    struct campaigns *c = campaigns_new(RING, hash_of(STR("ring")));
    struct campaign_comment texts[TEXTS];
    char letters[200] = {0};
    size_t largest = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        put_random(letters, sizeof letters - 1, i + 1);
        texts[i] = comment(f, 0, 0, letters);
    }
    uint64_t r = 1;
    for (int64_t number = 1; number < NUMBERS; number++) {
        r = r * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        struct campaign_comment *t = &texts[(r >> 33) % TEXTS];
        struct campaign_link link;
        who[number] = (uint8_t)((r >> 40) % 7);
        states[number] = (r >> 45) % 4 == 0 ? COMMENT_SPAM : COMMENT_PUBLISHED;
        t->comment = id(number);
        t->commenter.b[0] = who[number];
        t->state = states[number];
        campaign_add(c, t, &link);
        int64_t other = number - (int64_t)((r >> 50) % 80);
        if (other > 0 && (r >> 57) % 4 == 0)
            campaign_forget(c, id(other));
        if (other > 0 && (r >> 57) % 4 == 1) {
            states[other] = (r >> 60) % 2 ? COMMENT_REJECTED : COMMENT_PUBLISHED;
            campaign_mark(c, id(other), states[other]);
        }
        for (int64_t k = number; k > 0 && k > number - RING - 2; k -= 5) {
            size_t n;
            check_campaign(c, k, who, states, &n);
            largest = n > largest ? n : largest;
        }
        if (number > RING)
            check_campaign(c, number - RING, who, states, &(size_t){0});
        if (number > RING)
            assert_int_equal(campaign_members(c, id(number - RING), &(struct comment_id){0}, 1), 0);
    }
    assert_in_range(largest, 10, RING);
    campaigns_free(&c);
    assert_null(c);
}

/* The index grows while it is filled; what is remembered is found whenever it came. */
static void all_that_is_remembered_is_found(void **state)
{
    const struct fixture *f = *state;
    enum { RING = 16384, N = 20000 };
    struct campaigns *c = campaigns_new(RING, hash_of(STR("ring")));
    size_t missed = 0;
    char letters[120] = {0};
    for (int64_t i = 1; i <= N; i++) {
        put_random(letters, sizeof letters - 1, (uint64_t)i);
        struct campaign_comment new_comment = comment(f, i, 1, letters);
        struct campaign_link link;
        campaign_add(c, &new_comment, &link);
        assert_int_equal(link.nearest.v, 0);
    }
    for (int64_t i = 1; i <= N; i++) {
        struct campaign_like like;
        put_random(letters, sizeof letters - 1, (uint64_t)i);
        struct campaign_comment asked = comment(f, i, 1, letters);
        size_t n = campaign_similar(c, asked.site, &asked.sketch, id(0), &like, 1);
        assert_true(n == 0 || like.comment.v == i);
        assert_true(i > N - RING || n == 0);
        missed += i > N - RING && n == 0;
    }
    assert_int_equal(missed, 0);
    campaigns_free(&c);
}

static void the_same_comments_give_the_same_campaigns(void **state)
{
    const struct fixture *f = *state;
    struct campaigns *again = campaigns_new(1024, hash_of(STR("test")));
    static const char *const texts[] = {PASSAGE, OTHER, PASSAGE " " OTHER,
                                        "Thank you all very much"};
    for (int64_t i = 1; i <= 200; i++) {
        struct campaign_comment new_comment =
            comment(f, i, (uint8_t)(i % 11), texts[(i * 7 + i / 5) % 4]);
        struct campaign_link one, other;
        campaign_add(f->c, &new_comment, &one);
        campaign_add(again, &new_comment, &other);
        assert_int_equal(one.nearest.v, other.nearest.v);
        assert_int_equal(one.campaign.first.v, other.campaign.first.v);
        assert_int_equal(one.campaign.n_comments, other.campaign.n_comments);
        assert_int_equal(one.campaign.n_commenters, other.campaign.n_commenters);
        assert_int_equal(one.is_alert, other.is_alert);
    }
    campaigns_free(&again);
}

/* A flood that shares marks with a text, but not the text, costs no more than the bound. */
static void a_flood_is_bounded(void **state)
{
    const struct fixture *f = *state;
    struct campaigns *c = campaigns_new(65536, hash_of(STR("ring")));
    struct campaign_comment asked = comment(f, 1, 1, PASSAGE), flood = asked;
    struct campaign_link link;
    static struct campaign_like likes[4096];
    for (int64_t i = 2; i < 60000; i++) {
        flood.comment = id(i);
        flood.sketch.n = 5000;
        put_random((char *)flood.sketch.minima, SHINGLE_MINIMA, (uint64_t)i);
        campaign_add(c, &flood, &link);
    }
    assert_int_equal(campaign_similar(c, asked.site, &asked.sketch, id(0), likes, 4096), 0);
    campaign_add(c, &asked, &link);
    assert_int_equal(link.nearest.v, 0);
    /* Copies are found all the same, and no list is longer than the bound. */
    for (int64_t i = 60000; i < 70000; i++) {
        asked.comment = id(i);
        campaign_add(c, &asked, &link);
        assert_int_equal(link.similar_percent, 100);
    }
    assert_int_equal(link.campaign.n_comments, 10001);
    assert_in_range(campaign_similar(c, asked.site, &asked.sketch, id(0), likes, 4096), 16,
                    CAMPAIGN_LOOKED_AT_MAX);
    campaigns_free(&c);
}

static void *ask_all_the_time(void *arg)
{
    const struct fixture *f = arg;
    struct campaign_comment asked = comment(f, 9, 9, PASSAGE);
    struct campaign_like likes[4];
    for (int i = 0; i < 2000; i++) {
        struct campaign campaign;
        assert_true(campaign_similar(f->c, asked.site, &asked.sketch, id(0), likes, 4) <= 4);
        campaign_of(f->c, id(i % 300), &campaign);
        assert_true(campaign.n_commenters <= campaign.n_comments);
    }
    return NULL;
}

static void readers_ask_while_one_adds(void **state)
{
    struct fixture *f = *state;
    pthread_t readers[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, ask_all_the_time, f), 0);
    for (int64_t i = 1; i <= 2000; i++)
        (void)add(f, i, (uint8_t)i, i % 2 ? PASSAGE : OTHER);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    assert_int_equal(members_of(f, 2000) + members_of(f, 1999), 1024);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(copies_are_gathered),
        TEST(a_copy_behind_markdown_is_found),
        TEST(a_copy_within_other_text_is_found),
        TEST(similar_ones_come_in_order),
        TEST(the_alert_comes_once),
        TEST(an_alert_that_was_not_stored_comes_again),
        TEST(short_texts_never_alert),
        TEST(a_chain_is_no_campaign),
        TEST(near_copies_of_the_rejected_are_told),
        TEST(short_ones_nearly_like_the_rejected_are_told),
        TEST(copies_are_told_from_the_like),
        TEST(the_forgotten_are_not_found),
        TEST(changed_words_leave_the_campaign),
        TEST(sites_know_nothing_of_each_other),
        TEST(a_bridge_joins_nobody),
        TEST(the_tables_stay_true),
        TEST(all_that_is_remembered_is_found),
        TEST(the_same_comments_give_the_same_campaigns),
        TEST(a_flood_is_bounded),
        TEST(readers_ask_while_one_adds),
    };
    return RUN_TESTS(tests);
}
