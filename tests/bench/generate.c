/*
 * Fills a newsroom's database, while nobody has it open, with invented articles and conversations:
 * the same rows that publishing, commenting and moderating would have left, so that
 * `aitys check --database` finds nothing. Words are hashed by chance instead of by the secret.
 *
 * Articles are /en/bench-0, /en/bench-1 …; of each twenty the first has 26 comments, the second
 * 1,000, the others between none and 200, together 2,000.
 * Usage: generate DATABASE COMMENTS
 */
#include <err.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/must.h"
#include "domain/path.h"
#include "model/article.h"
#include "tests/bench/bare.h"
#include "tests/bench/words.h"

#define NUMBERS_MAX 1000
#define BATCH 200 /* articles in one transaction */
#define YEARS_S (INT64_C(5) * 365 * 86400)
#define COMMENTS_PER_COMMENTER 8

static const int64_t sizes[] = {26, 1000, 5, 12, 40, 0,  70, 100, 150, 200,
                                60, 30,   8, 3,  17, 45, 90, 110, 1,   33};

struct place {
    struct str path;
    int64_t depth;
    bool placed;
};

struct making {
    struct bare db;
    struct words words;
    struct arena *arena; /* an article's */
    int64_t n_comments, n_articles, n_commenters, made, now_s, began_ms;
    uint64_t text_bytes;
    struct place places[NUMBERS_MAX];
};

/* ---- Commenters: ids spread evenly and made in their order, so that they fill pages one by one.
 */

static void id_of(int64_t n, int64_t of, uint8_t *to, size_t bytes)
{
    struct words w = {(uint64_t)n};
    uint64_t step = UINT64_MAX / (uint64_t)of;
    uint64_t head = (uint64_t)n * step + words_number(&w) % step;
    for (size_t i = 0; i < bytes; i++) {
        if (i >= 8 && i % 8 == 0)
            head = words_number(&w);
        to[i] = (uint8_t)(head >> (56 - 8 * (i % 8)));
    }
}

static void commenters_make(struct making *m)
{
    (void)bare_number(&m->db, "BEGIN");
    for (int64_t i = 0; i < m->n_commenters; i++) {
        uint8_t key[48];
        id_of(i, m->n_commenters, key, sizeof key);
        struct commenter_add_in in = {BARE_SITE, bare_bytes(key, 16), bare_bytes(key, 32),
                                      m->now_s - YEARS_S};
        (void)bare_put(&m->db, SQL_COMMENTER_ADD, &in);
    }
    (void)bare_number(&m->db, "COMMIT");
}

/* ---- Comments */

static enum comment_state state_choose(struct making *m)
{
    uint64_t n = words_number(&m->words) % 1000;
    if (n < 1)
        return COMMENT_HELD;
    if (n < 6)
        return COMMENT_REJECTED;
    if (n < 14)
        return COMMENT_SPAM;
    return n < 20 ? COMMENT_WITHDRAWN : COMMENT_PUBLISHED;
}

/* Of three comments two answer one of the last ten that can be answered. */
static int64_t parent_choose(struct making *m, int64_t number)
{
    uint64_t chance = words_number(&m->words);
    int64_t back = 1 + (int64_t)(chance >> 8) % 10;
    bool answers = chance % 3 != 0 && number > back && m->places[number - back - 1].placed;
    return answers ? number - back : 0;
}

static void place_choose(struct making *m, int64_t parent, int64_t number, struct place *p)
{
    p->depth = 1;
    if (parent == 0)
        p->path = path_root(m->arena, number);
    else
        MUST(path_reply(m->arena, m->places[parent - 1].path, number, &p->path, &p->depth));
}

static void decision_make(struct making *m, const struct comment_insert_in *c)
{
    static const enum action actions[] = {
        [COMMENT_HELD] = ACTION_HOLD,          [COMMENT_PUBLISHED] = ACTION_PUBLISH,
        [COMMENT_REJECTED] = ACTION_REJECT,    [COMMENT_SPAM] = ACTION_SPAM,
        [COMMENT_WITHDRAWN] = ACTION_WITHDRAW,
    };
    if (c->state == COMMENT_PUBLISHED)
        return;
    struct decision_add_in in = {.site = BARE_SITE,
                                 .comment = c->id,
                                 .rule = STR("bench"),
                                 .action = actions[c->state],
                                 .from_state = COMMENT_HELD,
                                 .to_state = c->state,
                                 .at_s = c->created_s};
    (void)bare_put(&m->db, SQL_DECISION_ADD, &in);
}

static void comment_make(struct making *m, struct thread_id thread, int64_t number, int64_t at_s,
                         struct thread_change_in *change)
{
    char text[WORDS_BYTES_MAX], name[WORDS_BYTES_MAX];
    uint8_t commenter[16], random[32];
    const char *lang;
    struct place *place = &m->places[number - 1];
    enum comment_state state = state_choose(m);
    int64_t parent = parent_choose(m, number), numbers[COMMENT_DEPTH_MAX];
    size_t depth, text_n = words_text(&m->words, (uint64_t)m->made, text, &lang),
                  name_n = words_name(&m->words, name);
    place_choose(m, parent, number, place);
    place->placed = state == COMMENT_PUBLISHED || state == COMMENT_WITHDRAWN;
    MUST(path_numbers(place->path, numbers, &depth));
    id_of((int64_t)(words_number(&m->words) % (uint64_t)m->n_commenters), m->n_commenters,
          commenter, sizeof commenter);
    for (size_t i = 0; i < sizeof random; i += 8) {
        uint64_t n = words_number(&m->words);
        memcpy(random + i, &n, 8);
    }
    struct comment_insert_in in = {.site = BARE_SITE,
                                   .id = comment_id_of(thread, number).v,
                                   .thread = thread.v,
                                   .parent = parent ? comment_id_of(thread, parent).v : 0,
                                   .depth = place->depth,
                                   .root = numbers[0],
                                   .path = place->path,
                                   .state = state,
                                   .placed = place->placed,
                                   .created_s = at_s,
                                   .commenter = bare_bytes(commenter, 16),
                                   .idem = bare_bytes(random, 16),
                                   .text_hash = bare_bytes(random + 16, 16),
                                   .lang = str_of(lang),
                                   .name = {name, name_n},
                                   .text = {text, text_n}};
    if (state == COMMENT_WITHDRAWN) {
        in.withdrawn_by = BY_AUTHOR;
        in.name = in.text = in.text_hash = STR_NONE;
    }
    (void)bare_put(&m->db, SQL_COMMENT_INSERT, &in);
    decision_make(m, &in);
    change->numbers++;
    change->placed += place->placed;
    change->held += state == COMMENT_HELD;
    m->text_bytes += in.text.n;
    m->made++;
}

/* ---- Articles */

static struct thread_id article_make(struct making *m, int64_t n, int64_t published_s)
{
    char text[2][WORDS_BYTES_MAX], headline[64], slug[32];
    const char *lang;
    struct counter_take_in counter = {0, STR("thread")};
    struct thread_id id = {bare_put(&m->db, SQL_COUNTER_TAKE, &counter)};
    (void)snprintf(slug, sizeof slug, "bench-%lld", (long long)n);
    (void)snprintf(headline, sizeof headline, "Invented article number %lld", (long long)n);
    struct article_add_in article = {BARE_SITE, id.v, str_of(slug)};
    struct thread_add_in thread = {.site = BARE_SITE, .id = id.v, .mode = MODE_OPEN};
    struct edition_put_in edition = {.site = BARE_SITE,
                                     .article = id.v,
                                     .lang = STR("en"),
                                     .slug = str_of(slug),
                                     .published_s = published_s,
                                     .wish_mode = -1,
                                     .source = bare_bytes("no file, and so no hash of its!!", 32),
                                     .headline = str_of(headline),
                                     .dateline = STR("Tansari")};
    edition.standfirst = (struct str){text[0], words_text(&m->words, 0, text[0], &lang)};
    struct buf body = buf_in(m->arena, 64 * KiB);
    for (int i = 0; i < 8; i++) {
        buf_put(&body, (struct str){text[1], words_text(&m->words, 0, text[1], &lang)});
        buf_put(&body, STR("\n\n"));
    }
    edition.body = buf_str(&body);
    (void)bare_put(&m->db, SQL_ARTICLE_ADD, &article);
    (void)bare_put(&m->db, SQL_THREAD_ADD, &thread);
    (void)bare_put(&m->db, SQL_EDITION_PUT, &edition);
    return id;
}

static void conversation_make(struct making *m, int64_t n, int64_t size)
{
    /* The last article appeared a day ago, and what is said of it came since. */
    int64_t published_s = m->now_s - 86400 - (m->n_articles - 1 - n) * (YEARS_S / m->n_articles);
    struct thread_id id = article_make(m, n, published_s);
    struct thread_change_in change = {.site = BARE_SITE, .id = id.v, .revs = 1};
    for (int64_t number = 1; number <= size; number++)
        comment_make(m, id, number, published_s + number * 80, &change);
    (void)bare_put(&m->db, SQL_THREAD_CHANGE, &change);
    arena_reset(m->arena);
}

static void tell(const struct making *m)
{
    double seconds = (double)(clock_ticks_ms(&clock_system) - m->began_ms) / 1000;
    (void)fprintf(stderr, "%lld comments, %.0f a second\n", (long long)m->made,
                  (double)m->made / seconds);
}

static void conversations_make(struct making *m)
{
    int64_t told_ms = m->began_ms;
    (void)bare_number(&m->db, "BEGIN");
    for (int64_t n = 0; n < m->n_articles; n++) {
        int64_t left = m->n_comments - m->made, size = sizes[n % (int64_t)ARRAY_LEN(sizes)];
        conversation_make(m, n, size < left ? size : left);
        if (n % BATCH == BATCH - 1) {
            (void)bare_number(&m->db, "COMMIT");
            (void)bare_number(&m->db, "BEGIN");
        }
        if (clock_ticks_ms(&clock_system) - told_ms > 5000) {
            told_ms = clock_ticks_ms(&clock_system);
            tell(m);
        }
    }
    (void)bare_number(&m->db, "COMMIT");
}

/* ---- The whole */

/*
 * The indexes go through all conversations at once: filled at the end they are made by sorting. A
 * server has told the search index of all comments long ago: nothing is noted for it.
 */
static const struct late {
    const char *kind, *name;
} late[] = {
    {"INDEX", "comment_state"}, {"INDEX", "comment_history"}, {"TRIGGER", "comment_is_new"}};

static char *late_drop(struct making *m, const struct late *what)
{
    char sql[128];
    sqlite3_stmt *stmt = NULL;
    (void)snprintf(sql, sizeof sql, "SELECT sql FROM sqlite_schema WHERE name = '%s'", what->name);
    MUST(sqlite3_prepare_v2(m->db.handle, sql, -1, &stmt, NULL) == SQLITE_OK);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        errx(1, "there is no %s", what->name);
    char *create = strdup((const char *)sqlite3_column_text(stmt, 0));
    (void)sqlite3_finalize(stmt);
    (void)snprintf(sql, sizeof sql, "DROP %s %s", what->kind, what->name);
    (void)bare_number(&m->db, sql);
    return create;
}

static void fill(struct making *m)
{
    char *create[ARRAY_LEN(late)];
    for (size_t i = 0; i < ARRAY_LEN(late); i++)
        create[i] = late_drop(m, &late[i]);
    commenters_make(m);
    conversations_make(m);
    for (size_t i = 0; i < ARRAY_LEN(late); i++) {
        (void)bare_number(&m->db, create[i]);
        free(create[i]);
    }
    tell(m);
}

int main(int argc, char **argv)
{
    static const char *const before[] = {
        "PRAGMA journal_mode=DELETE",    "PRAGMA journal_mode=OFF",    "PRAGMA synchronous=OFF",
        "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA cache_size=-1000000", "PRAGMA threads=2"};
    static struct making m;
    if (argc != 3 || (m.n_comments = strtoll(argv[2], NULL, 10)) < 1)
        errx(2, "usage: generate DATABASE COMMENTS");
    m.n_articles = (m.n_comments + 99) / 100;
    m.n_commenters = m.n_comments / COMMENTS_PER_COMMENTER + 1;
    m.now_s = clock_now_s(&clock_system);
    m.began_ms = clock_ticks_ms(&clock_system);
    m.arena = arena_new(0);
    bare_open(&m.db, argv[1]);
    for (size_t i = 0; i < ARRAY_LEN(before); i++)
        (void)bare_number(&m.db, before[i]);
    fill(&m);
    (void)bare_number(&m.db, "PRAGMA locking_mode=NORMAL");
    (void)bare_number(&m.db, "PRAGMA journal_mode=WAL");
    bare_close(&m.db);
    arena_free(&m.arena);
    double seconds = (double)(clock_ticks_ms(&clock_system) - m.began_ms) / 1000;
    (void)printf("%lld comments of %llu bytes in %.1f s\n", (long long)m.made,
                 (unsigned long long)m.text_bytes, seconds);
    return 0;
}
