/*
 * 10,000 random changes to an export of the ledger: each is found, at the line where the file first
 * differs. Who changes it knows the format and can compute hashes, but has not the key.
 */
#include "port/ledger.h"

#include <stdlib.h>

#include "base/buf.h"
#include "domain/ledger_head.h"
#include "tests/unit/domain/room.h"

#define ENTRIES 300
#define CHANGES 10000
#define FILE_BYTES_MAX (1 * MiB)
#define LINES_MAX 400

CALL(add_call, struct str kind; struct str body; int64_t who;
     , ledger_add(d, tx, (struct moderator_id){c->who}, c->kind, c->body, e))
CALL(sign_call, struct ledger_head head;, ledger_sign(d, tx, &c->head, NULL, e))
CALL(end_call, struct ledger_head end;, ledger_end(d, tx, &c->end, e))
CALL(new_key_call, struct ledger_key key;, ledger_key_new(d, tx, &c->key, e))
CALL(export_call, const struct ledger_head *end; FILE * out; int64_t entries;
     , ledger_export(d, tx, c->end, c->out, &c->entries, e))

struct text {
    char *p;
    size_t n;
    struct str lines[LINES_MAX]; /* with their ends */
    size_t n_lines;
};

/* ---- A ledger as a newsroom leaves it ------------------------------------------------------- */

static void fill(struct room *r)
{
    static const char *const kinds[] = {"decision", "batch", "trust", "rule", "control", "sign_in"};
    for (int i = 0; i < ENTRIES; i++) {
        struct add_call c = {.r = r, .kind = str_of(kinds[i % 6]), .who = i % 11};
        c.body = i % 17 == 0 ? STR_NONE
                             : arena_printf(r->home, "comment=%d seq=%d action=%d from=0 to=1",
                                            i * 7919, i % 3 + 1, i % 5 + 1);
        room_must_write(r, add_call_work, &c);
        r->clock.now_s += 3000;
        struct sign_call sign = {.r = r};
        struct new_key_call key = {.r = r};
        if (i % 27 == 26)
            room_must_write(r, sign_call_work, &sign);
        if (i == ENTRIES / 2)
            room_must_write(r, new_key_call_work, &key);
    }
}

static void split(struct text *t)
{
    t->n_lines = 0;
    for (size_t at = 0; at < t->n;) {
        struct str rest = {t->p + at, t->n - at};
        ptrdiff_t end = str_find_char(rest, '\n');
        size_t n = end < 0 ? rest.n : (size_t)end + 1;
        assert_true(t->n_lines < LINES_MAX);
        t->lines[t->n_lines++] = (struct str){rest.p, n};
        at += n;
    }
}

static void export(struct room *r, struct text *ret_text)
{
    struct end_call end = {.r = r};
    room_must_write(r, end_call_work, &end);
    struct export_call c = {.r = r, .end = &end.end};
    *ret_text = (struct text){0};
    c.out = open_memstream(&ret_text->p, &ret_text->n);
    assert_non_null(c.out);
    room_must_read(r, export_call_work, &c);
    assert_int_equal(fclose(c.out), 0);
    split(ret_text);
}

static struct ledger_verdict verify(struct str file, const struct ledger_trust *known)
{
    struct ledger_trust trust = known ? *known : (struct ledger_trust){0};
    struct ledger_verdict v;
    struct err e;
    char nothing = 0;
    FILE *in =
        file.n ? fmemopen((void *)(uintptr_t)file.p, file.n, "r") : fmemopen(&nothing, 1, "r");
    assert_non_null(in);
    if (file.n == 0)
        (void)fgetc(in);
    trust.wants_end = true;
    assert_true(ledger_verify_file(in, &trust, &v, &e));
    assert_int_equal(fclose(in), 0);
    return v;
}

/* ---- Changes -------------------------------------------------------------------------------- */

/* SplitMix64 (Steele, Lea, Flood 2014): the same changes in every run. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct change {
    uint64_t random;
    const struct text *from;
    struct buf *to;
};

static size_t below(struct change *c, size_t n)
{
    return (size_t)(next_random(&c->random) % n);
}

static struct str without_end(struct str line)
{
    return line.n && line.p[line.n - 1] == '\n' ? str_head(line, line.n - 1) : line;
}

static void put_lines(struct change *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        buf_put(c->to, c->from->lines[i]);
}

static void bit_flipped(struct change *c)
{
    buf_put(c->to, (struct str){c->from->p, c->from->n});
    c->to->p[below(c, c->to->n)] ^= (char)(1 << below(c, 8));
}

static void byte_replaced(struct change *c)
{
    buf_put(c->to, (struct str){c->from->p, c->from->n});
    c->to->p[below(c, c->to->n)] = (char)below(c, 256);
}

static void byte_removed(struct change *c)
{
    size_t at = below(c, c->from->n);
    buf_put(c->to, (struct str){c->from->p, at});
    buf_put(c->to, (struct str){c->from->p + at + 1, c->from->n - at - 1});
}

static void byte_inserted(struct change *c)
{
    static const char usual[] = "0123456789abcdef \n=";
    size_t at = below(c, c->from->n + 1);
    buf_put(c->to, (struct str){c->from->p, at});
    buf_char(c->to, below(c, 2) ? usual[below(c, sizeof usual - 1)] : (char)below(c, 256));
    buf_put(c->to, (struct str){c->from->p + at, c->from->n - at});
}

static void cut_off(struct change *c)
{
    buf_put(c->to, (struct str){c->from->p, below(c, c->from->n)});
}

static void cut_off_at_a_line(struct change *c)
{
    put_lines(c, 0, below(c, c->from->n_lines));
}

static void lines_removed(struct change *c)
{
    size_t at = below(c, c->from->n_lines), n = below(c, 2) ? 1 : 1 + below(c, 20);
    put_lines(c, 0, at);
    put_lines(c, at + n < c->from->n_lines ? at + n : c->from->n_lines, c->from->n_lines);
}

static void lines_swapped(struct change *c)
{
    size_t a = below(c, c->from->n_lines - 1);
    size_t b = below(c, 2) ? a + 1 : a + 1 + below(c, c->from->n_lines - a - 1);
    put_lines(c, 0, a);
    put_lines(c, b, b + 1);
    put_lines(c, a + 1, b);
    put_lines(c, a, a + 1);
    put_lines(c, b + 1, c->from->n_lines);
}

static void line_copied(struct change *c)
{
    size_t line = below(c, c->from->n_lines), to = below(c, c->from->n_lines + 1);
    put_lines(c, 0, to);
    put_lines(c, line, line + 1);
    put_lines(c, to, c->from->n_lines);
}

/* A digit of one of the numbers of a line. */
static void number_changed(struct change *c)
{
    size_t line = 1 + below(c, c->from->n_lines - 1), skip = below(c, 12);
    struct str s = c->from->lines[line];
    put_lines(c, 0, line);
    size_t at = c->to->n;
    buf_put(c->to, s);
    size_t from = str_begins(s, STR("head ")) || str_begins(s, STR("end ")) ? 4 : 64;
    for (size_t i = from; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9' && skip-- == 0) {
            c->to->p[at + i] = (char)('0' + below(c, 10));
            break;
        }
    put_lines(c, line + 1, c->from->n_lines);
}

static void header_changed(struct change *c)
{
    static const char *const headers[] = {"aitys ledger 2\n",
                                          "",
                                          "Aitys ledger 1\n",
                                          "aitys ledger 1 \n",
                                          "aitys ledger 1\r\n",
                                          "\n",
                                          "aitys ledger 1\naitys ledger 1\n"};
    buf_put(c->to, str_of(headers[below(c, ARRAY_LEN(headers))]));
    put_lines(c, 1, c->from->n_lines);
}

static void something_added(struct change *c)
{
    static const char *const behind[] = {"\n", " ", "x", "end\n", "\0"};
    put_lines(c, 0, c->from->n_lines);
    size_t i = below(c, ARRAY_LEN(behind));
    buf_put(c->to, i == 4 ? (struct str){"", 1} : str_of(behind[i]));
}

/* A line that is an entry, and not the first two. */
static size_t some_entry(struct change *c, struct ledger_entry *ret_entry)
{
    size_t line;
    do {
        line = 2 + below(c, c->from->n_lines - 2);
    } while (!ledger_parse_entry(without_end(c->from->lines[line]), ret_entry));
    return line;
}

/* A head signed anew by somebody else, over the right text. */
static void signed_by_another(struct change *c)
{
    size_t line;
    enum ledger_what what;
    struct ledger_head head;
    struct ledger_entry genesis;
    struct hash seed = {{(uint8_t)below(c, 256), 1}};
    struct ledger_pair pair = ledger_pair_of(&seed);
    struct ledger_key key;
    do {
        line = below(c, c->from->n_lines);
    } while (!ledger_parse_head(without_end(c->from->lines[line]), &what, &head));
    assert_true(ledger_parse_entry(without_end(c->from->lines[1]), &genesis));
    key = head.key;
    ledger_head_sign(&pair, what, genesis.hash, &head);
    if (below(c, 2))
        head.key = key; /* the old key, the new signature */
    put_lines(c, 0, line);
    ledger_print_head(c->to, what, &head);
    put_lines(c, line + 1, c->from->n_lines);
}

/* Entries from a line on, chained anew behind a hash; heads may be made to name the new hashes. */
static void chain_anew(struct change *c, size_t line, struct hash last, bool with_heads)
{
    for (; line < c->from->n_lines; line++) {
        struct ledger_entry entry;
        struct ledger_head head;
        enum ledger_what what;
        struct str text = without_end(c->from->lines[line]);
        if (ledger_parse_entry(text, &entry)) {
            entry.hash = last = ledger_hash(last, &entry);
            ledger_print_entry(c->to, &entry);
        } else {
            assert_true(ledger_parse_head(text, &what, &head));
            head.hash = with_heads ? last : head.hash;
            ledger_print_head(c->to, what, &head);
        }
    }
}

/* An entry rewritten, and every hash behind it computed anew. */
static void history_rewritten(struct change *c)
{
    struct ledger_entry entry, before;
    size_t line;
    do {
        line = some_entry(c, &entry);
    } while (!ledger_parse_entry(without_end(c->from->lines[line - 1]), &before));
    entry.moderator += 1 + (int64_t)below(c, 5);
    entry.hash = ledger_hash(before.hash, &entry);
    put_lines(c, 0, line);
    ledger_print_entry(c->to, &entry);
    chain_anew(c, line + 1, entry.hash, below(c, 2));
}

/* An entry with the right hash, put before another of that number. */
static void entry_forged(struct change *c)
{
    struct ledger_entry entry, before;
    size_t line;
    do {
        line = some_entry(c, &entry);
    } while (!ledger_parse_entry(without_end(c->from->lines[line - 1]), &before));
    entry.at_s += 1 + (int64_t)below(c, 1000);
    entry.hash = ledger_hash(before.hash, &entry);
    put_lines(c, 0, line);
    ledger_print_entry(c->to, &entry);
    put_lines(c, line, c->from->n_lines);
}

/* The end of the file belongs to an earlier entry. */
static void end_moved(struct change *c)
{
    size_t line = 2 + below(c, c->from->n_lines - 3);
    put_lines(c, 0, line);
    put_lines(c, c->from->n_lines - 1, c->from->n_lines);
}

static const struct {
    const char *name;
    void (*make)(struct change *c);
    bool is_forged; /* found later than where the file first differs */
} changes[] = {
    {"a bit flipped", bit_flipped, false},
    {"a byte replaced", byte_replaced, false},
    {"a byte removed", byte_removed, false},
    {"a byte inserted", byte_inserted, false},
    {"cut off", cut_off, false},
    {"cut off at a line", cut_off_at_a_line, false},
    {"lines removed", lines_removed, false},
    {"two lines swapped", lines_swapped, false},
    {"a line copied", line_copied, false},
    {"a number changed", number_changed, false},
    {"the header changed", header_changed, false},
    {"something added", something_added, false},
    {"signed by another", signed_by_another, false},
    {"history rewritten", history_rewritten, true},
    {"an entry forged", entry_forged, true},
    {"the end moved", end_moved, false},
};

/* ---- The test ------------------------------------------------------------------------------- */

/* The first line that differs, from 1. */
static int64_t first_difference(const struct text *t, struct str changed)
{
    int64_t line = 1;
    for (size_t i = 0; i < changed.n && i < t->n && changed.p[i] == t->p[i]; i++)
        line += changed.p[i] == '\n';
    return line;
}

/* Where a head is missing or misplaced, the next head tells it, which may stand a line later. */
static int64_t latest(const struct text *t, int64_t line)
{
    size_t i = (size_t)line - 1;
    if (i >= t->n_lines || !str_begins(t->lines[i], STR("head ")))
        return line;
    do {
        i++;
    } while (i < t->n_lines && t->lines[i].p[0] != 'h' && !str_begins(t->lines[i], STR("end ")));
    return (int64_t)i + 2;
}

static void changes_are_found(void **state)
{
    (void)state;
    static struct room r;
    struct text t;
    size_t made[ARRAY_LEN(changes)] = {0};
    room_open(&r, MODE_OPEN);
    fill(&r);
    export(&r, &t);
    assert_true(verify((struct str){t.p, t.n}, NULL).is_good);
    ON_LEAVE(buf_free) struct buf b = buf_heap(FILE_BYTES_MAX);
    for (uint64_t i = 0, n = 0; n < CHANGES; i++) {
        struct change c = {.random = i, .from = &t, .to = &b};
        size_t which = i % ARRAY_LEN(changes);
        buf_clear(&b);
        changes[which].make(&c);
        assert_true(buf_ok(&b));
        struct str changed = buf_str(&b);
        if (str_eq(changed, (struct str){t.p, t.n}))
            continue; /* a byte replaced by itself */
        struct ledger_verdict v = verify(changed, NULL);
        int64_t line = first_difference(&t, changed);
        if (v.is_good)
            fail_msg("%s (no. %lu): not found", changes[which].name, (unsigned long)i);
        bool is_there = v.line >= line && (v.line <= latest(&t, line) || changes[which].is_forged);
        if (!is_there || !v.fault[0])
            fail_msg("%s (no. %lu): from line %ld on, but told of line %ld: %s",
                     changes[which].name, (unsigned long)i, (long)line, (long)v.line, v.fault);
        made[which]++;
        n++;
    }
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        print_message("# %5zu %s\n", made[i], changes[i].name);
    free(t.p);
    room_close(&r);
}

/* What is told, for each kind of change. */
static void changes_are_named(void **state)
{
    (void)state;
    static struct room r;
    struct text t;
    room_open(&r, MODE_OPEN);
    for (int i = 0; i < 10; i++) {
        struct add_call c = {&r, STR("rule"), arena_printf(r.home, "rule=%d", i), 7};
        struct sign_call sign = {.r = &r};
        room_must_write(&r, add_call_work, &c);
        if (i == 4 || i == 9)
            room_must_write(&r, sign_call_work, &sign);
    }
    export(&r,
           &t); /* line 1 header, 2 … 7 entries 0 … 5, 8 head, 9 … 13 entries, 14 head, 15 end */
    assert_int_equal(t.n_lines, 15);
    static const struct {
        int order[16]; /* lines, ended by 0 */
        int64_t line;
        const char *fault;
    } cases[] = {
        {{1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 4, "entry 2 was removed"},
        {{1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 4, "entries 2 to 3 were removed"},
        {{1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 2, "entry 0 was removed"},
        {{1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
         4,
         "the order was changed: entry 3 stands before entry 2 (line 5)"},
        {{1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
         5,
         "entry 2 stands there a second time: it was inserted behind entry 2"},
        {{1, 2, 3, 9, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
         4,
         "an entry with the number 6 was inserted before entry 2"},
        {{1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15},
         13,
         "the signed head of entry 5 was removed"},
        {{1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14},
         9,
         "the signed head of entry 5 stands there twice"},
        {{1, 2, 3, 4, 5, 6, 7, 9, 8, 10, 11, 12, 13, 14, 15},
         9,
         "the signed head of entry 5 stands behind entry 6"},
        {{1, 2, 3, 4, 5, 6, 7, 8},
         9,
         "the ledger was cut off behind entry 5: its signed end is missing"},
        {{1}, 2, "entry 0 was removed, and all that followed it"},
        {{1, 2, 3, 4, 5, 6, 7, 8, 15}, 9, "entries 6 to 10 were removed"},
        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15},
         14,
         "the signed head of entry 10 was removed"},
        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
         15,
         "the ledger was cut off behind entry 10"},
        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15},
         16,
         "something was added behind the signed end"},
    };
    ON_LEAVE(buf_free) struct buf b = buf_heap(FILE_BYTES_MAX);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        buf_clear(&b);
        for (size_t k = 0; k < 16 && cases[i].order[k]; k++)
            buf_put(&b, t.lines[cases[i].order[k] - 1]);
        struct ledger_verdict v = verify(buf_str(&b), NULL);
        assert_false(v.is_good);
        if (!strstr(v.fault, cases[i].fault))
            fail_msg("case %zu: \"%s\" is not told, but \"%s\"", i, cases[i].fault, v.fault);
        assert_int_equal(v.line, cases[i].line);
    }
    free(t.p);
    room_close(&r);
}

/* Whoever makes everything anew with a key of their own is found by the key, or by a noted head. */
static void another_ledger_is_found_by_what_is_known(void **state)
{
    (void)state;
    static struct room r, other;
    struct text t, forged;
    struct sign_call noted;
    room_open(&r, MODE_OPEN);
    room_open(&other, MODE_OPEN);
    fill(&r);
    fill(&other);
    noted = (struct sign_call){.r = &r};
    room_must_write(&r, sign_call_work, &noted);
    export(&r, &t);
    export(&other, &forged);
    struct ledger_trust by_key = {.key = &noted.head.key};
    struct ledger_trust by_head = {.noted = &noted.head, .n_noted = 1};
    assert_true(verify((struct str){t.p, t.n}, &by_key).is_good);
    assert_true(verify((struct str){t.p, t.n}, &by_head).is_good);
    assert_true(verify((struct str){forged.p, forged.n}, NULL).is_good);
    assert_false(verify((struct str){forged.p, forged.n}, &by_key).is_good);
    assert_false(verify((struct str){forged.p, forged.n}, &by_head).is_good);
    free(t.p);
    free(forged.p);
    room_close(&r);
    room_close(&other);
}

static void noted_heads_are_read(void **state)
{
    (void)state;
    static struct room r;
    struct ledger_head *heads;
    size_t n;
    struct err e;
    struct text t;
    room_open(&r, MODE_OPEN);
    fill(&r);
    export(&r, &t);
    assert_true(ledger_noted_read(r.home, (struct str){t.p, t.n}, &heads, &n, &e));
    assert_int_equal(n, ENTRIES / 27 + 1);
    for (size_t i = 1; i < n; i++)
        assert_true(heads[i - 1].seq < heads[i].seq);
    assert_false(ledger_noted_read(r.home, STR("nothing\nof use\n"), &heads, &n, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_false(ledger_noted_read(r.home, STR("head 1 2 3\n"), &heads, &n, &e));
    free(t.p);
    room_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_found),
        cmocka_unit_test(changes_are_named),
        cmocka_unit_test(another_ledger_is_found_by_what_is_known),
        cmocka_unit_test(noted_heads_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
