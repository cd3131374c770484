/*
 * Verifying a long ledger: writes an export of ENTRIES to FILE with a key of its own, a signed head
 * a day of 1,000 entries, then verifies it.
 * Usage: ledger FILE ENTRIES
 * Prints: entries a second, and the most memory that the process held, in KiB.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/must.h"
#include "port/ledger.h"

#define DAY_ENTRIES 1000
#define BEGIN_S INT64_C(1780000000)

struct writing {
    FILE *out;
    struct buf b;
    struct ledger_pair pair;
    struct hash genesis, last;
    int64_t head;
};

static void put(struct writing *w)
{
    struct str text = buf_str(&w->b);
    MUST(buf_ok(&w->b) && fwrite(text.p, 1, text.n, w->out) == text.n);
    buf_clear(&w->b);
}

static void put_entry(struct writing *w, int64_t seq, struct str kind, struct str body)
{
    struct ledger_entry e = {
        .seq = seq, .at_s = BEGIN_S + seq * 86, .moderator = seq % 20, .kind = kind, .body = body};
    e.hash = w->last = ledger_hash(w->last, &e);
    ledger_print_entry(&w->b, &e);
    put(w);
}

static void put_head(struct writing *w, enum ledger_what what, int64_t seq)
{
    struct ledger_head h = {
        .seq = seq, .at_s = BEGIN_S + seq * 86, .hash = w->last, .before = w->head};
    ledger_head_sign(&w->pair, what, w->genesis, &h);
    ledger_print_head(&w->b, what, &h);
    put(w);
    w->head = seq;
}

static void write_ledger(struct writing *w, int64_t entries)
{
    char text[200];
    struct buf body = {.p = text, .capacity = sizeof text, .max = sizeof text};
    buf_put(&w->b, STR(LEDGER_HEADER "\n"));
    buf_put(&body, STR("site=1 origin=https://news.example key="));
    buf_hex(&body, w->pair.public.b, sizeof w->pair.public.b);
    put_entry(w, 0, STR("genesis"), buf_str(&body));
    w->genesis = w->last;
    for (int64_t seq = 1; seq <= entries; seq++) {
        buf_clear(&body);
        buf_printf(&body, "comment=%" PRId64 " seq=1 action=2 from=0 to=2 reason=insult",
                   seq * INT64_C(7919) << 20);
        put_entry(w, seq, STR("decision"), buf_str(&body));
        if (seq % DAY_ENTRIES == 0 || seq == entries)
            put_head(w, LEDGER_HEAD, seq);
    }
    put_head(w, LEDGER_END, entries);
}

int main(int argc, char **argv)
{
    int64_t entries;
    struct err e;
    struct ledger_verdict v;
    struct rusage usage;
    const struct ledger_trust trust = {.wants_end = true};
    if (argc != 3 || !str_to_int64(str_of(argv[2]), 1, INT64_C(1) << 32, &entries))
        errx(2, "usage: ledger FILE ENTRIES");
    struct hash seed = {{1}};
    struct writing w = {.out = fopen(argv[1], "w+"), .b = buf_heap(LEDGER_LINE_BYTES_MAX)};
    if (!w.out)
        err(1, "%s", argv[1]);
    w.pair = ledger_pair_of(&seed);
    write_ledger(&w, entries);
    rewind(w.out);
    int64_t begin_ms = clock_ticks_ms(&clock_system);
    if (!ledger_verify_file(w.out, &trust, &v, &e))
        errx(1, "%s", e.why);
    int64_t took_ms = clock_ticks_ms(&clock_system) - begin_ms;
    if (!v.is_good)
        errx(1, "line %" PRId64 ": %s", v.line, v.fault);
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%" PRId64 " %ld\n", v.entries * 1000 / (took_ms ? took_ms : 1), usage.ru_maxrss);
    buf_free(&w.b);
    return fclose(w.out) == 0 ? 0 : 1;
}
