/*
 * What the finder of campaigns finds, what it takes for one, and what it costs.
 * Usage: campaign found FOLDER [show|full]
 *        campaign held FOLDER [show]
 *        campaign cost FOLDER COMMENTS
 * FOLDER holds sets of comments: *.jsonl, an object with "text" a line; "user" where it is known;
 * "y": 1 is spam in sets that have "spam" in their name.
 *
 * found: in each set up to 60 originals of SHINGLES_ENOUGH to 400 shingles are chosen and each is
 * copied four times, by four commenters, at places anywhere behind it in the stream of all sets;
 * for each kind of copy a stream of its own. Counted is the share of copies that are in their
 * original's campaign when they have arrived. show: prints what was missed and what alerts. full:
 * two made-up comments follow each of the stream's, as for cost, so that the ring fills up.
 *
 * Alerts are counted in the stream without copies and without spam, and not in sets that have
 * "unlabelled" in their name; a comment without "user" has a commenter of its own. An alert is
 * false when fewer than four of the campaign's comments share half of their words with the one that
 * raised it, counted exactly: half of the shorter one's windows of 8 characters.
 *
 * decided: with those that joined nothing and would be taken for copies by their words, if the team
 * had decided on all campaigns there are; others: comments that are no copies and would be, too.
 *
 * held, also at the end of found: what is held of the comments that alerts are counted in when one
 * in 20 was rejected; near: short and nearly the same.
 *
 * cost: so many comments, each of a set's with every second word put for another.
 */
#include <dirent.h>
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/must.h"
#include "domain/campaign.h"
#include "tests/bench/variants.h"
#include "text/fold.h"
#include "text/utf8.h"

#define SETS 32
#define ORIGINALS 60
#define COPIES 4
#define SHINGLES_MOST 400
#define TEXTS_MAX (1 << 20)
#define ALERT_LOOKED_AT 64
#define ALERT_SHOWN 6
#define WINDOW 8
#define TEXT_WINDOWS_MAX 32768

struct set {
    char name[64];
    bool is_spam_set;
    size_t first, n; /* among the texts */
};

struct text {
    struct str s;
    struct commenter_id commenter;
    size_t set;
    bool is_spam;
    int64_t original; /* of a copy: its original's place among the texts; otherwise -1 */
};

struct bench {
    struct arena *a, *scratch;
    struct words words;
    struct shingler *shingler;
    struct set sets[SETS];
    size_t n_sets, n, n_loaded; /* n: with the copies of this stream */
    struct text *texts;
    struct str *strings; /* of the texts */
    bool is_shown, is_full;
    int64_t n_fillers;
};

static size_t under(struct bench *b, size_t n)
{
    return (size_t)(words_number(&b->words) >> 11) % n;
}

static struct commenter_id commenter_of(struct str s)
{
    struct hash h = hash_of(s);
    struct commenter_id id;
    memcpy(id.b, h.b, sizeof id.b);
    return id;
}

static void add_text(struct bench *b, size_t set, const json_t *row, size_t line)
{
    const char *text = json_string_value(json_object_get(row, "text"));
    const char *user = json_string_value(json_object_get(row, "user"));
    if (!text || b->n == TEXTS_MAX)
        return;
    struct str own = arena_printf(b->scratch, "%zu %zu", set, line);
    b->texts[b->n] = (struct text){
        .s = arena_copy(b->a, str_of(text)),
        .commenter = commenter_of(user ? str_of(user) : own),
        .set = set,
        .is_spam = b->sets[set].is_spam_set && json_integer_value(json_object_get(row, "y")) == 1,
        .original = -1,
    };
    b->strings[b->n] = b->texts[b->n].s;
    b->n++;
}

static void load_set(struct bench *b, const char *folder, const char *name)
{
    static char line[1 << 20];
    struct set *set = &b->sets[b->n_sets];
    (void)snprintf(line, sizeof line, "%s/%s", folder, name);
    FILE *f = fopen(line, "re");
    if (!f)
        err(1, "%s", line);
    (void)snprintf(set->name, sizeof set->name, "%.*s", (int)(strlen(name) - 6), name);
    set->is_spam_set = strstr(name, "spam") != NULL;
    set->first = b->n;
    for (size_t n = 0; fgets(line, sizeof line, f); n++) {
        json_t *row = json_loads(line, 0, NULL);
        if (row)
            add_text(b, b->n_sets, row, n);
        json_decref(row);
        arena_reset(b->scratch);
    }
    set->n = b->n - set->first;
    (void)fclose(f);
    b->n_sets += set->n > 0;
}

static int is_set(const struct dirent *d)
{
    return str_ends(str_of(d->d_name), STR(".jsonl"));
}

static void load(struct bench *b, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_set, alphasort);
    if (n < 0)
        err(1, "%s", folder);
    for (int i = 0; i < n; i++) {
        if (b->n_sets < SETS)
            load_set(b, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (b->n_sets == 0)
        errx(1, "no *.jsonl in %s", folder);
}

static void sketch(struct bench *b, struct str text, struct shingle_sketch *ret_sketch)
{
    arena_reset(b->scratch);
    shingle_text(b->shingler, b->scratch, text, STR_NONE, ret_sketch);
}

static struct str filler(struct bench *b, struct arena *a)
{
    size_t i = under(b, b->n_loaded);
    const struct set *set = &b->sets[b->texts[i].set];
    return variant_filler(a, &b->words, b->texts[i].s, b->strings + set->first, set->n);
}

/* ---- what is found ---- */

struct stream {
    size_t *order; /* numbers of texts */
    size_t n;
};

struct placed {
    size_t at, text;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->text < y->text ? -1 : x->text > y->text;
}

/* Numbers of a set's texts that are of ordinary length, not spam, and each once. */
static size_t choose_originals(struct bench *b, const struct set *set, size_t ret_texts[ORIGINALS])
{
    size_t n = 0;
    for (size_t tries = 0; n < ORIGINALS && tries < set->n; tries++) {
        size_t i = set->first + under(b, set->n);
        struct shingle_sketch s;
        bool is_new = true;
        sketch(b, b->texts[i].s, &s);
        for (size_t k = 0; k < n; k++)
            is_new &= ret_texts[k] != i;
        if (is_new && !b->texts[i].is_spam && s.n >= SHINGLES_ENOUGH && s.n <= SHINGLES_MOST)
            ret_texts[n++] = i;
    }
    return n;
}

/* Adds the copies of one original to the texts, and their places behind it. */
static size_t plant(struct bench *b, enum variant kind, size_t original, size_t n_stream,
                    struct placed *to)
{
    size_t set_n = b->texts[original].set;
    const struct set *set = &b->sets[set_n];
    for (size_t i = 0; i < COPIES; i++) {
        struct str who = arena_printf(b->a, "copy %zu %zu", original, i);
        b->texts[b->n] = (struct text){
            .s = variant_of(kind, b->a, &b->words, b->texts[original].s, b->strings + set->first,
                            set->n),
            .commenter = commenter_of(who),
            .set = set_n,
            .original = (int64_t)original,
        };
        to[i] = (struct placed){original + 1 + under(b, n_stream - original), b->n++};
    }
    return COPIES;
}

/* The stream of all texts with the copies of one kind; they are behind `n` of b->texts. */
static struct stream make_stream(struct bench *b, enum variant kind, size_t n)
{
    size_t n_placed = 0, originals[ORIGINALS];
    struct placed *placed = ARENA_ARRAY(b->a, struct placed, SETS * ORIGINALS * COPIES);
    b->n = n;
    for (size_t i = 0; kind < VARIANT_N && i < b->n_sets; i++) {
        size_t n_originals = choose_originals(b, &b->sets[i], originals);
        for (size_t k = 0; k < n_originals; k++)
            n_placed += plant(b, kind, originals[k], n, placed + n_placed);
    }
    qsort(placed, n_placed, sizeof *placed, by_place);
    struct stream s = {ARENA_ARRAY(b->a, size_t, n + n_placed), 0};
    for (size_t i = 0, next = 0; i <= n; i++) {
        for (; next < n_placed && placed[next].at == i; next++)
            s.order[s.n++] = placed[next].text;
        if (i < n)
            s.order[s.n++] = i;
    }
    return s;
}

static void arrive(struct bench *b, struct campaigns *c, size_t i, struct campaign_link *ret_link)
{
    const struct text *t = &b->texts[i];
    struct campaign_comment comment = {
        .site = {1},
        .comment = {(int64_t)i + 1},
        .commenter = t->commenter,
        .state = COMMENT_PUBLISHED,
    };
    sketch(b, t->s, &comment.sketch);
    campaign_add(c, &comment, ret_link);
}

static struct campaigns *new_campaigns(void)
{
    return campaigns_new(CAMPAIGN_COMMENTS, hash_of(STR("bench")));
}

static bool is_with_original(const struct bench *b, struct campaigns *c, size_t i)
{
    struct campaign own, originals;
    campaign_of(c, (struct comment_id){(int64_t)i + 1}, &own);
    campaign_of(c, (struct comment_id){b->texts[i].original + 1}, &originals);
    return own.n_comments > 0 && own.first.v == originals.first.v;
}

static void show_missed(const struct bench *b, size_t i)
{
    if (b->is_shown)
        printf("missed: " STR_FMT "\n    of: " STR_FMT "\n", STR_ARG(b->texts[i].s),
               STR_ARG(b->texts[b->texts[i].original].s));
}

/* Two comments of their own commenters behind each. */
static void fill_up(struct bench *b, struct campaigns *c)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (int i = 0; b->is_full && i < 2; i++) {
        struct campaign_link link;
        struct campaign_comment comment = {.site = {1}};
        comment.comment.v = TEXTS_MAX + ++b->n_fillers;
        memcpy(comment.commenter.b, &b->n_fillers, sizeof b->n_fillers);
        sketch(b, filler(b, a), &comment.sketch);
        campaign_add(c, &comment, &link);
    }
}

/* Whether a comment's words are those of the one it is akin to. */
static bool is_worded_alike(const struct bench *b, size_t i, const struct campaign_link *link)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    return link->akin.v > 0 && link->akin.v <= (int64_t)b->n &&
           campaign_is_reworded(a, b->texts[i].s, b->texts[link->akin.v - 1].s);
}

/* Whether a copy that joined nothing would join its original by its words. */
static bool is_known_by_words(const struct bench *b, struct campaigns *c, size_t i,
                              const struct campaign_link *link)
{
    struct campaign_link taken = *link;
    struct comment_id id = {(int64_t)i + 1};
    return is_worded_alike(b, i, link) && campaign_take(c, id, link->akin, &taken) &&
           is_with_original(b, c, i);
}

/* Shares of a kind's copies. */
struct shares {
    double joined; /* their originals */
    double known;  /* or would, by their words, if the team had decided */
    size_t others; /* comments, no copies, that would be taken for some by their words */
};

static struct shares shares_of(size_t joined, size_t known, size_t all, size_t others)
{
    double n = all ? (double)all : 1;
    return (struct shares){(double)joined / n, (double)(joined + known) / n, others};
}

static bool is_other_by_words(const struct bench *b, size_t i, const struct campaign_link *link)
{
    const struct text *t = &b->texts[i];
    bool is_counted = !t->is_spam && !strstr(b->sets[t->set].name, "unlabelled");
    bool is = is_counted && is_worded_alike(b, i, link);
    if (is && b->is_shown)
        printf("by its words: " STR_FMT "\n    of: " STR_FMT "\n", STR_ARG(b->texts[i].s),
               STR_ARG(b->texts[link->akin.v - 1].s));
    return is;
}

/* For each set, and of all. */
static struct shares measure_kind(struct bench *b, enum variant kind, size_t n)
{
    size_t all[SETS] = {0}, joined[SETS] = {0}, sum_all = 0, sum_joined = 0, known = 0, others = 0;
    struct campaigns *c = new_campaigns();
    struct stream s = make_stream(b, kind, n);
    for (size_t i = 0; i < s.n; i++) {
        struct campaign_link link;
        const struct text *t = &b->texts[s.order[i]];
        fill_up(b, c);
        arrive(b, c, s.order[i], &link);
        others += t->original < 0 && is_other_by_words(b, s.order[i], &link);
        if (t->original < 0)
            continue;
        bool is_joined = is_with_original(b, c, s.order[i]);
        all[t->set]++;
        joined[t->set] += is_joined;
        if (!is_joined && is_known_by_words(b, c, s.order[i], &link))
            known++;
        else if (!is_joined)
            show_missed(b, s.order[i]);
    }
    printf("%s\n", variant_name(kind));
    for (size_t i = 0; i < b->n_sets; i++) {
        printf("  %-32s %4zu of %4zu  %.3f\n", b->sets[i].name, joined[i], all[i],
               all[i] ? (double)joined[i] / (double)all[i] : 0.0);
        sum_all += all[i];
        sum_joined += joined[i];
    }
    campaigns_free(&c);
    return shares_of(sum_joined, known, sum_all, others);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The distinct windows of a text, sorted, in the arena; by another hash than the engine's. */
static size_t windows_of(struct arena *a, struct str text, uint64_t **ret_windows)
{
    struct str words = fold_words(a, text);
    size_t n = 0, n_distinct = 0, starts[WINDOW + 1] = {0};
    uint64_t *w = ARENA_ARRAY(a, uint64_t, words.n + 1);
    for (size_t at = 0, chars = 1; at < words.n && n < TEXT_WINDOWS_MAX; chars++) {
        (void)utf8_next(words, &at);
        starts[chars % (WINDOW + 1)] = at;
        if (chars < WINDOW)
            continue;
        size_t from = starts[(chars + 1) % (WINDOW + 1)];
        struct hash h = hash_of((struct str){words.p + from, at - from});
        memcpy(&w[n++], h.b, sizeof *w);
    }
    qsort(w, n, sizeof *w, by_number);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || w[i] != w[i - 1])
            w[n_distinct++] = w[i];
    }
    *ret_windows = w;
    return n_distinct;
}

static bool is_copy(struct bench *b, struct str one, struct str other)
{
    uint64_t *w[2];
    arena_reset(b->scratch);
    size_t n[2] = {windows_of(b->scratch, one, &w[0]), windows_of(b->scratch, other, &w[1])};
    size_t same = 0;
    for (size_t i = 0, k = 0; i < n[0] && k < n[1];) {
        same += w[0][i] == w[1][k];
        bool is_less = w[0][i]<w[1][k], is_more = w[0][i]> w[1][k];
        i += !is_more;
        k += !is_less;
    }
    return same > 0 && 2 * same >= (n[0] < n[1] ? n[0] : n[1]);
}

/* Whether an alert is none, as the head of this file says; shows it. */
static bool is_false_alert(struct bench *b, struct campaigns *c, size_t i)
{
    struct comment_id members[ALERT_LOOKED_AT];
    struct campaign campaign;
    size_t n_copies = 0;
    campaign_of(c, (struct comment_id){(int64_t)i + 1}, &campaign);
    size_t n = campaign_members(c, (struct comment_id){(int64_t)i + 1}, members, ALERT_LOOKED_AT);
    for (size_t k = 0; k < n; k++) {
        size_t other = (size_t)members[k].v - 1;
        n_copies += other != i && is_copy(b, b->texts[i].s, b->texts[other].s);
    }
    bool is_false = n_copies < CAMPAIGN_ALERT_COMMENTS - 1;
    if (b->is_shown || is_false)
        printf("%s alert in %s: %u comments by %u\n", is_false ? "false" : "true",
               b->sets[b->texts[i].set].name, campaign.n_comments, campaign.n_commenters);
    for (size_t k = 0; b->is_shown && k < n && k < ALERT_SHOWN; k++)
        printf("    %.300s\n", b->texts[members[k].v - 1].s.p);
    return is_false;
}

struct alerts {
    size_t ordinary, all, wrong; /* of labelled sets */
    size_t set_all[SETS], set_wrong[SETS], set_like[SETS];
};

static void count_alerts(struct bench *b, size_t n, struct alerts *to)
{
    struct campaigns *c = new_campaigns();
    for (size_t i = 0; i < n; i++) {
        struct campaign_link link;
        const struct text *t = &b->texts[i];
        if (t->is_spam)
            continue;
        arrive(b, c, i, &link);
        bool is_counted = !strstr(b->sets[t->set].name, "unlabelled");
        bool is_wrong = link.is_alert && is_false_alert(b, c, i);
        to->ordinary += is_counted;
        to->all += is_counted && link.is_alert;
        to->wrong += is_counted && is_wrong;
        to->set_all[t->set] += link.is_alert;
        to->set_wrong[t->set] += is_wrong;
        to->set_like[t->set] += link.nearest.v != 0;
    }
    campaigns_free(&c);
}

static void measure_alerts(struct bench *b, size_t n)
{
    struct alerts alerts = {.all = 0};
    count_alerts(b, n, &alerts);
    printf("alerts among what is not known to be spam\n");
    for (size_t i = 0; i < b->n_sets; i++)
        printf("  %-32s %zu alerts, %zu false; %zu of %zu like another\n", b->sets[i].name,
               alerts.set_all[i], alerts.set_wrong[i], alerts.set_like[i], b->sets[i].n);
    double per = alerts.ordinary ? 20000.0 / (double)alerts.ordinary : 0;
    printf("campaign_alerts_per_20000 %.2f alerts\n", (double)alerts.all * per);
    printf("campaign_false %.2f alerts\n", (double)alerts.wrong * per);
}

/* ---- what is held for being like something rejected ---- */

/* How many ordinary comments are held, and of these by what they are like. */
struct held {
    size_t all, same, near; /* same: the words of a short one; near: nearly */
};

/* One in so many is rejected, another one in each round. */
#define REFUSED_OF 20

static bool is_refused(size_t i, size_t round)
{
    struct hash h = hash_of((struct str){(const char *)&i, sizeof i});
    return (h.b[0] | (size_t)h.b[1] << 8) % REFUSED_OF == round;
}

static bool is_ordinary(const struct bench *b, size_t i)
{
    return !b->texts[i].is_spam && !strstr(b->sets[b->texts[i].set].name, "unlabelled");
}

static void count_held(const struct bench *b, size_t i, uint32_t n_shingles,
                       const struct campaign_link *link, struct held *to)
{
    bool is_short = n_shingles < SHINGLES_ENOUGH;
    if (!link->is_like_rejected)
        return;
    to->all++;
    to->same += is_short && link->similar_percent == 100;
    to->near += is_short && link->similar_percent < 100;
    if (b->is_shown)
        printf("held, %u shingles, %u%% like another: " STR_FMT "\n    nearest: " STR_FMT "\n",
               n_shingles, link->similar_percent, STR_ARG(b->texts[i].s),
               STR_ARG(b->texts[link->nearest.v - 1].s));
}

/* Each comment arrives, and is then rejected if it is one of those. */
static size_t hold_round(struct bench *b, size_t n, size_t round, struct held *to)
{
    struct campaigns *c = new_campaigns();
    size_t n_ordinary = 0;
    for (size_t i = 0; i < n; i++) {
        struct campaign_link link;
        struct shingle_sketch s;
        if (!is_ordinary(b, i))
            continue;
        arrive(b, c, i, &link);
        if (is_refused(i, round))
            campaign_mark(c, (struct comment_id){(int64_t)i + 1}, COMMENT_REJECTED);
        sketch(b, b->texts[i].s, &s);
        count_held(b, i, s.n, &link, to);
        n_ordinary++;
    }
    campaigns_free(&c);
    return n_ordinary;
}

static void measure_held(struct bench *b, size_t n)
{
    struct held held = {.all = 0};
    size_t n_ordinary = 0;
    for (size_t round = 0; round < REFUSED_OF; round++)
        n_ordinary += hold_round(b, n, round, &held);
    double per = n_ordinary ? 20000.0 / (double)n_ordinary : 0;
    printf("held when 1 in %d ordinary comments was rejected, in %d rounds of %zu\n", REFUSED_OF,
           REFUSED_OF, n_ordinary / REFUSED_OF);
    printf("campaign_held_per_20000 %.2f comments\n", (double)held.all * per);
    printf("campaign_held_same_per_20000 %.2f comments\n", (double)held.same * per);
    printf("campaign_held_near_per_20000 %.2f comments\n", (double)held.near * per);
}

/* ---- all of it ---- */

static void measure_found(struct bench *b)
{
    size_t n = b->n;
    struct shares shares[VARIANT_N];
    for (enum variant kind = 0; kind < VARIANT_N; kind++) {
        b->words.seed = 20260101 + kind;
        shares[kind] = measure_kind(b, kind, n);
    }
    for (enum variant kind = 0; kind < VARIANT_N; kind++)
        printf("campaign_%s %.4f share\n", variant_name(kind), shares[kind].joined);
    printf("campaign_edited25_decided %.4f share\n", shares[VARIANT_EDITED25].known);
    printf("campaign_worded_others %zu comments\n", shares[VARIANT_EDITED25].others);
    measure_alerts(b, n);
    measure_held(b, n);
}

/* ---- what it costs ---- */

static double now_us(void)
{
    struct timespec t;
    MUST(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static size_t resident_bytes(void)
{
    size_t all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    MUST(f != NULL && fscanf(f, "%zu %zu", &all, &resident) == 2);
    (void)fclose(f);
    return resident * 4096;
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/*
 * The worst that can be met: every mark of a text leads to 16 comments that no other mark leads to
 * and that are not like it. The texts of a pool are each found in 16 comments, one in each.
 */
static double worst_us(struct bench *b, struct campaigns *c)
{
    struct campaign_comment comment = {.site = {1}};
    struct campaign_link link;
    double worst = 0, before;
    for (int round = 0; round < 20; round++) {
        struct shingle_sketch all = {.n = 5000, .n_marks = SHINGLE_MARKS};
        for (size_t i = 0; i < SHINGLE_MARKS; i++)
            all.marks[i] = words_number(&b->words);
        for (size_t i = 0; i < CAMPAIGN_LOOKED_AT_MAX; i++) {
            comment.comment.v = (int64_t)1 << 40 | (int64_t)words_number(&b->words) >> 24;
            comment.sketch = (struct shingle_sketch){.n = 5000, .n_marks = 1};
            comment.sketch.marks[0] = all.marks[i % SHINGLE_MARKS];
            for (size_t k = 0; k < SHINGLE_MINIMA; k++)
                comment.sketch.minima[k] = (uint8_t)words_number(&b->words);
            campaign_add(c, &comment, &link);
        }
        for (int far = 0; far < 100000; far++) { /* the comments leave the processor's caches */
            struct shingle_sketch one = {.n = 100, .n_marks = 1};
            one.marks[0] = words_number(&b->words);
            struct campaign_like like;
            (void)campaign_similar(c, comment.site, &one, comment.comment, &like, 1);
        }
        comment.comment.v++;
        comment.sketch = all;
        before = now_us();
        campaign_add(c, &comment, &link);
        worst = now_us() - before > worst ? now_us() - before : worst;
    }
    return worst;
}

static void measure_cost(struct bench *b, size_t n)
{
    struct campaigns *c = new_campaigns();
    struct arena *a = arena_new(64 * KiB);
    float *us = calloc(n, sizeof *us);
    double sketching = 0, adding = 0;
    MUST(us != NULL);
    memset(us, 1, n * sizeof *us); /* so that it is resident before */
    size_t before = resident_bytes();
    for (size_t i = 0; i < n; i++) {
        struct campaign_link link;
        struct campaign_comment comment = {.site = {1}, .comment = {(int64_t)i + 1}};
        struct str text = filler(b, a);
        memcpy(comment.commenter.b, &i, sizeof i);
        double start = now_us();
        sketch(b, text, &comment.sketch);
        double middle = now_us();
        campaign_add(c, &comment, &link);
        double end = now_us();
        sketching += middle - start;
        adding += end - middle;
        us[i] = (float)(end - start);
        arena_reset(a);
    }
    size_t resident = resident_bytes() - before;
    qsort(us, n, sizeof *us, by_size);
    printf("sketch %.2f us, add %.2f us, p99 of both %.1f us, most %.1f us\n",
           sketching / (double)n, adding / (double)n, (double)us[n * 99 / 100], (double)us[n - 1]);
    printf("resident %zu bytes, reserved %zu bytes\n", resident, campaigns_bytes(c));
    printf("campaign_us %.2f us\n", (sketching + adding) / (double)n);
    printf("campaign_bytes %.0f bytes\n",
           (double)resident / (double)(n < CAMPAIGN_COMMENTS ? n : CAMPAIGN_COMMENTS));
    printf("campaign_worst_us %.1f us\n", worst_us(b, c));
    free(us);
    arena_free(&a);
    campaigns_free(&c);
}

int main(int argc, char **argv)
{
    struct bench b = {.words.seed = 1};
    if (argc < 3)
        errx(
            2,
            "usage: campaign found FOLDER [show|full] | held FOLDER [show] | cost FOLDER COMMENTS");
    b.a = arena_new(0);
    b.scratch = arena_new(256 * KiB);
    b.texts = calloc(TEXTS_MAX, sizeof *b.texts);
    b.strings = calloc(TEXTS_MAX, sizeof *b.strings);
    MUST(b.texts != NULL && b.strings != NULL);
    b.shingler = shingler_new(hash_of(STR("bench")));
    load(&b, argv[2]);
    b.n_loaded = b.n;
    b.is_full = argc > 3 && strcmp(argv[3], "full") == 0;
    b.is_shown = argc > 3 && strcmp(argv[3], "show") == 0;
    if (strcmp(argv[1], "held") == 0)
        measure_held(&b, b.n);
    else if (strcmp(argv[1], "cost") == 0)
        measure_cost(&b, argc > 3 ? strtoull(argv[3], NULL, 10) : 1000000);
    else
        measure_found(&b);
    shingler_free(&b.shingler);
    arena_free(&b.a);
    arena_free(&b.scratch);
    free(b.texts);
    free(b.strings);
    return 0;
}
