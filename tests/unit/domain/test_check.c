/* Each fault that aitys check --database tells of, done once to a good newsroom, and told once. */
#include "domain/check.h"

#include <inttypes.h>

#include "base/buf.h"
#include "domain/search.h"
#include "domain/search_check.h"
#include "store/search_statements.h"
#include "tests/unit/domain/raw.h"

/* ---- A good newsroom ------------------------------------------------------------------------ */

#define TOLD_MAX 20

/* What was told of it. */
struct told {
    struct arena *arena;
    struct str items[TOLD_MAX];
    size_t n;
};

static void on_fault(void *context, struct str what)
{
    struct told *t = context;
    assert_true(t->n < TOLD_MAX);
    t->items[t->n++] = arena_copy(t->arena, what);
}

CALL(check_call, struct told *told; size_t faults;
     , check_invariants(d, tx, on_fault, c->told, &c->faults, e))

static void check(struct room *r, struct told *ret_told)
{
    *ret_told = (struct told){.arena = r->home};
    struct check_call c = {.r = r, .told = ret_told};
    room_must_read(r, check_call_work, &c);
    assert_int_equal(c.faults, ret_told->n);
}

/* Four comments; on the second and the third there was a decision. */
static void good_open(struct room *r)
{
    struct told told;
    room_open(r, MODE_OPEN);
    for (int i = 0; i < 4; i++)
        (void)room_say(r, 0, NULL);
    room_must_decide(r, 2, ACTION_REJECT);
    room_must_decide(r, 3, ACTION_HOLD);
    room_check(r);
    check(r, &told);
    assert_int_equal(told.n, 0);
}

/* ---- What is done to it --------------------------------------------------------------------- */

/* In statements: @1 @8 @16 @32 so many bytes of 01, @A the article, @C its first comment, @D the
 * second, @E the third, @K who wrote the first. */
static struct str statement_of(struct room *r, const char *sql)
{
    struct buf b = buf_in(r->home, 4 * KiB);
    struct str rest = str_of(sql), part;
    while (str_cut(rest, '@', &part, &rest)) {
        buf_put(&b, part);
        int64_t n = rest.p[0] - 'B'; /* of the comment */
        size_t bytes = 0, digits = 0;
        for (; digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9'; digits++)
            bytes = 10 * bytes + (size_t)(rest.p[digits] - '0');
        if (digits > 0) {
            buf_put(&b, fixture_is_postgres() ? STR("'\\x") : STR("x'"));
            for (size_t i = 0; i < bytes; i++)
                buf_put(&b, STR("01"));
            buf_put(&b, fixture_is_postgres() ? STR("'::bytea") : STR("'"));
        } else if (rest.p[0] == 'A') {
            buf_int(&b, r->article.v);
        } else if (rest.p[0] == 'K') {
            buf_printf(&b, "(SELECT commenter FROM comment WHERE id = %" PRId64 ")",
                       comment_id_of(r->article, 1).v);
        } else {
            buf_int(&b, comment_id_of(r->article, n).v);
        }
        rest = str_from(rest, digits > 0 ? digits : 1);
    }
    buf_put(&b, rest);
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

#define SEQ(comment, seq, rest)                                                                    \
    "INSERT INTO decision (site, comment, seq, rule, note, at_s, moderator, batch, undoes, "       \
    "action,"                                                                                      \
    " from_state, to_state, reason) VALUES (1, " comment ", " seq ", '', '', 9, " rest ")"
#define THOUGHT(commenter, seq, moderator)                                                         \
    "INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust,"    \
    " until_s, at_s, reason, note) VALUES (1, " commenter ", " seq ", " moderator                  \
    ", 0, 0, 0, 0, 9, '', '')"
#define NEXT(name) "; INSERT INTO counter (site, name, next_id) VALUES (1, '" name "', 3000)"
#define BATCH(moderator, undone_by, comments)                                                      \
    "INSERT INTO batch (site, id, action, role, expected, until_s, is_done, at_s, reason, note,"   \
    " choice, moderator, undone_by, comments) VALUES (1, 1, 2, 1, 1, 9, 1, 9, '', '', '',"         \
    " " moderator ", " undone_by ", " comments ")"
#define NOTE(comment, commenter, moderator)                                                        \
    "INSERT INTO team_note (site, id, at_s, text, comment, commenter, moderator) VALUES (1, 1, 9," \
    " 'x', " comment ", " commenter ", " moderator ")"
#define RULE(moderator)                                                                            \
    "INSERT INTO rule (site, id, kind, does, is_on, changed_s, name, source, moderator) VALUES "   \
    "(1,"                                                                                          \
    " 1, 1, 2, 1, 9, 'x', 'x', " moderator ")"
#define REASON(key, is_on, successor)                                                              \
    "INSERT INTO reason (site, key, is_on, wants_note, is_used, position, successor, name) VALUES" \
    " (1, '" key "', " is_on ", 0, 0, 1, '" successor "', 'x')"
#define WORDS(key)                                                                                 \
    "INSERT INTO reason_text (site, reason, lang, text) VALUES (1, '" key "', 'en', 'x')"
#define PICTURE                                                                                    \
    "INSERT INTO picture (site, hash, extension, width, height, widths) VALUES (1, @32, 'webp',"   \
    " 640, 480, '640')"
#define FILE_OF "INSERT INTO picture_file (site, hash, width, bytes) VALUES (1, @32, 640, @8)"
#define SHOWN(article)                                                                             \
    "INSERT INTO edition_picture (site, article, lang, position, hash, caption, credit, alt)"      \
    " VALUES (1, " article ", 'en', 9, @32, '', '', '')"
#define CAMPAIGN(id, moderator, batch)                                                             \
    "INSERT INTO campaign (site, id, moderator, batch) VALUES (1, " id ", " moderator ", " batch ")"
#define CLAIM(comment, moderator)                                                                  \
    "INSERT INTO claim (site, comment, moderator, until_s) VALUES (1, " comment ", " moderator     \
    ", 9)"
#define ASKED(comment, moderator)                                                                  \
    "INSERT INTO opinion (site, comment, moderator, at_s, note) VALUES (1, " comment               \
    ", " moderator ", 9, '')"
#define FIRST "UPDATE comment SET "
#define OF_FIRST " WHERE id = @C"

struct plant {
    const char *check; /* of checks.def, or what else is looked at */
    const char *sql;
    const char *what; /* told once; NULL: what checks.def says */
    size_t others;    /* what else has to be told then */
};

#define PLANT(check, sql)                                                                          \
    {                                                                                              \
        check, sql, NULL, 0                                                                        \
    }

static const struct plant plants[] = {
    PLANT("check_placed", "UPDATE thread SET placed = placed + 1"),
    PLANT("check_held", "UPDATE thread SET held = held + 1"),
    PLANT("check_numbers", "UPDATE thread SET next_number = 4"),
    PLANT("check_ratings", "UPDATE thread SET yes = 1"),
    PLANT("check_commenters",
          "INSERT INTO commenter (site, id, key_hash, approved, created_s) VALUES"
          " (1, @16, @32, 5, 9)"),
    PLANT("check_judged",
          "UPDATE commenter SET approved = 1 WHERE id = @K;" FIRST "judged = 1" OF_FIRST),
    PLANT("check_states", FIRST "state = 3" OF_FIRST),
    PLANT("check_reports", FIRST "reports = 1" OF_FIRST),
    PLANT("check_featured", FIRST "featured = 1 WHERE id = @D"),
    PLANT("check_kept_words",
          "INSERT INTO kept_words (site, comment, until_s, edited_s, text_hash, name,"
          " text) VALUES (1, @C, 9, 0, @16, '', '')"),
    PLANT("check_decision_seqs", SEQ("@C", "2", "0, 0, 0, 5, 1, 1, ''")),
    PLANT("check_batches", BATCH("1", "0", "3") NEXT("batch")),
    PLANT("check_undone", SEQ("@C", "1", "0, 0, 9, 5, 1, 1, ''")),
    PLANT("check_trusts", "UPDATE commenter SET trust = 1 WHERE id = @K"),
    /* Without an entry in the ledger. */
    {"check_trust_changes", THOUGHT("@K", "2", "1"), .others = 1},
    PLANT("check_bylines", "INSERT INTO byline (site, article, lang, position, author, name,"
                           " published_s) VALUES (1, 999, 'en', 0, '', 'x', 9)"),
    PLANT("check_picture_sizes", PICTURE),
    PLANT("check_reason_words", REASON("own-1", "1", "") NEXT("reason")),
    PLANT("check_next_thread", "UPDATE counter SET next_id = 1 WHERE name = 'thread'"),
    PLANT("check_next_moderator", "UPDATE counter SET next_id = 4 WHERE name = 'moderator'"),
    PLANT("check_next_batch", BATCH("1", "0", "0")),
    PLANT("check_next_team_note", NOTE("@C", "''", "1")),
    PLANT("check_next_rule", RULE("1")),
    PLANT("check_next_reason", REASON("own-12", "1", "") ";" WORDS("own-12")),
    PLANT("check_articles", "INSERT INTO article (id, site, key) VALUES (999, 1, 'x')"),
    PLANT("check_threads", "UPDATE counter SET next_id = 3000 WHERE name = 'thread';"
                           " INSERT INTO thread (id, site, mode) VALUES (999, 1, 0)"),
    PLANT("check_editions",
          "INSERT INTO edition (site, article, lang, slug, section, published_s, source,"
          " headline, dateline, standfirst, body) VALUES (1, 999, 'en', 'x', '', 9,"
          " @32, '', '', '', '')"),
    PLANT("check_sections", "UPDATE edition SET section = 'x' WHERE lang = 'en'"),
    PLANT("check_moved",
          "INSERT INTO moved (site, lang, slug, article) VALUES (1, 'en', 'x', 999)"),
    PLANT("check_edition_pictures", PICTURE ";" FILE_OF ";" SHOWN("999")),
    PLANT("check_pictures", SHOWN("@A")),
    PLANT("check_picture_files", FILE_OF),
    PLANT("check_comment_threads", "INSERT INTO comment (id, site, thread, depth, root, path, "
                                   "state, placed, created_s, commenter,"
                                   " idem, text_hash, lang, name, text) VALUES (16760438785, 1, "
                                   "999, 1, 1, @1, 1, 1, 9, @K, @16,"
                                   " @16, 'en', 'x', 'x')"),
    PLANT("check_comment_commenters", FIRST "commenter = @16" OF_FIRST),
    PLANT("check_comment_campaigns", FIRST "campaign = 999" OF_FIRST),
    PLANT("check_ratings_of",
          "INSERT INTO rating (site, thread, rater, answer) VALUES (1, 999, @16, 1)"),
    PLANT("check_thread_messages",
          "INSERT INTO thread_message (site, thread, lang, text) VALUES (1, 999,"
          " '', 'x')"),
    PLANT("check_decisions", SEQ("999", "1", "0, 0, 0, 5, 1, 1, ''")),
    /* The comment is not judged so, and the ledger does not say so. */
    {"check_decision_moderators", SEQ("@C", "1", "77, 0, 0, 1, 1, 1, ''"), .others = 2},
    {"check_decision_batches", SEQ("@C", "1", "0, 77, 0, 5, 1, 1, ''"), .others = 1},
    PLANT("check_reasons", SEQ("@C", "1", "0, 0, 0, 5, 1, 1, 'own-9'")),
    PLANT("check_successors", REASON("insult", "0", "own-9")),
    PLANT("check_reason_texts", WORDS("own-9")),
    {"check_trust_commenters", THOUGHT("@16", "1", "1"), .others = 1},
    {"check_trust_moderators", THOUGHT("@K", "1", "77"), .others = 1},
    PLANT("check_batch_moderators", BATCH("77", "0", "0") NEXT("batch")),
    PLANT("check_batch_undoers", BATCH("1", "77", "0") NEXT("batch")),
    PLANT("check_campaigns", CAMPAIGN("999", "0", "0")),
    PLANT("check_campaign_moderators", CAMPAIGN("@C", "77", "0")),
    PLANT("check_campaign_batches", CAMPAIGN("@C", "0", "77")),
    PLANT("check_claims", CLAIM("999", "1")),
    PLANT("check_claim_moderators", CLAIM("@C", "77")),
    PLANT("check_opinions", ASKED("999", "1")),
    PLANT("check_opinion_moderators", ASKED("@C", "77")),
    PLANT("check_team_notes", NOTE("0", "@16", "1") NEXT("team_note")),
    PLANT("check_team_note_moderators", NOTE("0", "@K", "77") NEXT("team_note")),
    PLANT("check_arrivals",
          "INSERT INTO arrival (site, comment, network, at_s) VALUES (1, 999, @8, 9)"),
    PLANT("check_reported",
          "INSERT INTO report (site, comment, reporter, network, reason, at_s, text)"
          " VALUES (1, 999, @16, @8, 'spam', 9, '')"),
    PLANT("check_rule_moderators", RULE("77") NEXT("rule")),
    PLANT("check_control_moderators",
          "INSERT INTO control (site, name, value, changed_s, moderator)"
          " VALUES (1, 'hold', 0, 9, 77)"),
    PLANT("check_sessions",
          "INSERT INTO session (site, hash, moderator, created_s, expires_s) VALUES (1,"
          " @32, 77, 9, 9)"),
    PLANT("check_passkeys",
          "INSERT INTO passkey (site, id, moderator, public_key, uses, created_s, name)"
          " VALUES (1, @16, 77, @32, 0, 9, 'x')"),
    PLANT("check_recovery_codes",
          "INSERT INTO recovery_code (site, moderator, hash) VALUES (1, 77, @32)"),
    /* It was changed, the decision has no entry any more, and it has another decision's. */
    {"check_ledger_moderators", "UPDATE ledger SET moderator = 77 WHERE seq = 1", .others = 3},
    {"places", FIRST "depth = 2" OF_FIRST, "root or depth is not that of the path", 0},
    {"ledger", "UPDATE ledger SET hash = @32 WHERE seq = 1",
     "ledger: the hash of entry 1 was changed", 0},
    {"ledger", "DELETE FROM ledger WHERE seq = 1", "ledger: entry 1 was removed", 1},
    {"ledger", "DELETE FROM ledger WHERE seq = 2", "has no entry in the ledger", 0},
};

/* ---- Whether it is told --------------------------------------------------------------------- */

static const struct {
    const char *name, *what;
} checks[] = {
#define CHECK(statement, form, what) {#statement, what},
#include "domain/checks.def"
#undef CHECK
};

static const char *what_of(const struct plant *p)
{
    for (size_t i = 0; i < ARRAY_LEN(checks) && !p->what; i++)
        if (strcmp(checks[i].name, p->check) == 0)
            return checks[i].what;
    return p->what;
}

/* What protects rows that are only ever added to. */
static void triggers_drop(struct room *r)
{
    assert_true(raw(r, fixture_is_postgres()
                           ? "DROP TRIGGER ledger_stays ON ledger"
                           : "DROP TRIGGER ledger_stays; DROP TRIGGER ledger_keeps"));
}

/* Whether a sentence was told once, and as much else as there has to be. */
static bool is_told_once(const struct told *told, const char *what, size_t others)
{
    size_t n = 0;
    for (size_t i = 0; i < told->n; i++)
        n += str_find(told->items[i], str_of(what)) >= 0;
    if (n == 1 && told->n == 1 + others)
        return true;
    print_message("# \"%s\" was told %zu times, with %zu others\n", what, n, told->n - n);
    for (size_t i = 0; i < told->n; i++)
        print_message("#     " STR_FMT "\n", STR_ARG(told->items[i]));
    return false;
}

static void each_fault_is_told_once(void **state)
{
    (void)state;
    static struct room r;
    size_t untold = 0;
    for (size_t i = 0; i < ARRAY_LEN(plants); i++) {
        const struct plant *p = &plants[i];
        struct told told;
        good_open(&r);
        triggers_drop(&r);
        if (!raw(&r, statement_of(&r, p->sql).p))
            fail_msg("%s: cannot be done", p->check);
        check(&r, &told);
        if (!is_told_once(&told, what_of(p), p->others)) {
            print_message("# %s\n", p->check);
            untold++;
        }
        room_close(&r);
    }
    assert_int_equal(untold, 0);
}

static void each_check_has_its_fault(void **state)
{
    (void)state;
    size_t without = 0;
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        size_t n = 0, same = 0;
        for (size_t k = 0; k < ARRAY_LEN(plants); k++)
            n += strcmp(plants[k].check, checks[i].name) == 0;
        for (size_t k = 0; k < ARRAY_LEN(checks); k++)
            same += strcmp(checks[k].what, checks[i].what) == 0 ||
                    strcmp(checks[k].name, checks[i].name) == 0;
        if (n == 1 && same == 1)
            continue;
        print_message("# %s: %zu faults are done, %zu checks tell this\n", checks[i].name, n, same);
        without++;
    }
    assert_int_equal(without, 0);
}

/* ---- The search index ----------------------------------------------------------------------- */

struct library {
    struct room r;
    struct db *index;
};

static void library_open(struct library *l)
{
    memset(l, 0, sizeof *l);
    good_open(&l->r);
    struct db_options o = l->r.f.options;
    struct err e;
    o.schema = &search_schema;
    o.fault = NULL;
    if (fixture_is_postgres())
        o.beside = STR(SEARCH_BESIDE);
    else
        o.address = arena_printf(l->r.f.arena, "%s.search", l->r.f.address);
    if ((!fixture_is_postgres() && !db_create(o.address, &e)) || !db_open(&o, &l->index, &e))
        fail_msg("open: %s", e.why);
    l->r.d.search = search_new(l->index, l->r.f.db);
}

static void library_close(struct library *l)
{
    db_close(&l->index);
    search_free(&l->r.d.search);
    room_close(&l->r);
}

/* All comments, and then all that were written meanwhile. */
static void index_make(struct library *l)
{
    struct err e;
    for (int rounds = 0; rounds < 2; rounds++)
        for (bool more = true; more;)
            if (!search_step(&l->r.d, &more, &e))
                fail_msg("%s: %s", err_kind_name(e.kind), e.why);
}

static bool index_check(struct library *l, struct told *ret_told)
{
    struct search_verdict v;
    struct err e;
    *ret_told = (struct told){.arena = l->r.home};
    if (!search_check(&l->r.d, on_fault, ret_told, &v, &e))
        fail_msg("%s: %s", err_kind_name(e.kind), e.why);
    assert_int_equal(v.faults, ret_told->n);
    return v.is_compared;
}

static void the_index_is_compared_when_it_is_whole(void **state)
{
    (void)state;
    static struct library l;
    struct told told;
    struct err e;
    library_open(&l);
    assert_false(index_check(&l, &told));
    index_make(&l);
    assert_true(index_check(&l, &told));
    assert_int_equal(told.n, 0);
    /* What it has yet to learn or forget, and what has no words at all. */
    struct comment c = room_say(&l.r, 0, NULL);
    assert_true(index_check(&l, &told) && told.n == 0);
    index_make(&l);
    assert_true(room_withdraw(&l.r, &c, &e));
    assert_true(index_check(&l, &told) && told.n == 0);
    index_make(&l);
    assert_true(index_check(&l, &told) && told.n == 0);
    /* Of before a backup was restored: it will be made anew. */
    assert_true(raw_search(&l.r, "UPDATE state SET step = step + 9"));
    assert_false(index_check(&l, &told));
    assert_int_equal(told.n, 0);
    library_close(&l);
}

static void what_the_index_lacks_or_should_not_have_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *sql; /* on the index, or */
        const char *what;
        bool on_newsroom; /* instead */
    } faults[] = {
        {"DELETE FROM words WHERE rowid = (SELECT place FROM entry WHERE comment = @C);"
         " DELETE FROM entry WHERE comment = @C",
         "the search index does not have the comment", false},
        {"DELETE FROM words WHERE rowid = (SELECT place FROM entry WHERE comment = @D)",
         "the search index has this comment without its words", false},
        {"INSERT INTO entry (place, site, comment) VALUES (5, 1, 999);"
         " INSERT INTO words (rowid, folded) VALUES (5, ' water ')",
         "999: the search index has this comment, which has no words", false},
        {"INSERT INTO words (rowid, folded) VALUES (5, ' water ')",
         "5: the search index has words at this place, but no comment", false},
        {"UPDATE comment SET text = '', name = '' WHERE id = @E; DELETE FROM search_todo",
         "the search index has this comment, which has no words", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        static struct library l;
        struct told told;
        library_open(&l);
        index_make(&l);
        struct str sql = statement_of(&l.r, faults[i].sql);
        assert_true((faults[i].on_newsroom ? raw : raw_search)(&l.r, sql.p));
        assert_true(index_check(&l, &told));
        if (!is_told_once(&told, faults[i].what, 0))
            fail_msg("%s", faults[i].sql);
        library_close(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_has_its_fault),
        cmocka_unit_test(each_fault_is_told_once),
        cmocka_unit_test(the_index_is_compared_when_it_is_whole),
        cmocka_unit_test(what_the_index_lacks_or_should_not_have_is_told),
    };
    return RUN_TESTS(tests);
}
