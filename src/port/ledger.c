#include "port/ledger.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "domain/ledger_read.h"

/* ---- Writing -------------------------------------------------------------------------------- */

static bool put(FILE *out, struct buf *b, struct err *e)
{
    struct str text = buf_str(b);
    bool ok = buf_ok(b) && fwrite(text.p, 1, text.n, out) == text.n;
    buf_clear(b);
    return ok || err_set(e, ERR_BROKEN, 0, "cannot write: %s", strerror(errno));
}

/* Appends one item; false: it cannot stand in a file. */
static bool print(struct buf *b, const struct ledger_item *item, struct err *e)
{
    if (item->what == LEDGER_UNREADABLE)
        return err_set(e, ERR_BROKEN, 0,
                       "entry %" PRId64 " of the database was changed; see `aitys ledger verify`",
                       item->entry.seq);
    if (item->what == LEDGER_ENTRY)
        ledger_print_entry(b, &item->entry);
    else if (item->what == LEDGER_HEAD)
        ledger_print_head(b, LEDGER_HEAD, &item->head);
    return true;
}

bool ledger_export(const struct domain *d, struct tx *tx, const struct ledger_head *end, FILE *out,
                   int64_t *ret_entries, struct err *e)
{
    ON_LEAVE(buf_free) struct buf b = buf_heap(LEDGER_LINE_BYTES_MAX);
    ON_LEAVE(ledger_reader_close) struct ledger_reader *r = ledger_reader_open(d, tx, end->seq);
    struct ledger_item item;
    int64_t entries = -1;
    buf_put(&b, STR(LEDGER_HEADER "\n"));
    do {
        if (!put(out, &b, e) || !ledger_reader_next(r, &item, e) || !print(&b, &item, e))
            return false;
        entries += item.what == LEDGER_ENTRY;
    } while (item.what != LEDGER_NOTHING);
    ledger_print_head(&b, LEDGER_END, end);
    if (!put(out, &b, e))
        return false;
    if (fflush(out) != 0)
        return err_set(e, ERR_BROKEN, 0, "cannot write: %s", strerror(errno));
    *ret_entries = entries;
    return true;
}

/* ---- Reading -------------------------------------------------------------------------------- */

#define READ_BYTES (64 * KiB)

/* A file, line by line. */
struct lines {
    FILE *in;
    int64_t number;
    size_t at, n; /* of the buffer: where the next line begins, and what is filled */
    bool is_over;
    char buffer[READ_BYTES];
};

enum line { LINE_WHOLE, LINE_CUT, LINE_LONG, LINE_NONE };

static bool refill(struct lines *l, struct err *e)
{
    memmove(l->buffer, l->buffer + l->at, l->n - l->at);
    l->n -= l->at;
    l->at = 0;
    size_t got = fread(l->buffer + l->n, 1, sizeof l->buffer - l->n, l->in);
    if (got == 0 && ferror(l->in))
        return err_set(e, ERR_BROKEN, 0, "cannot read: %s", strerror(errno));
    l->n += got;
    l->is_over = got == 0;
    return true;
}

/* The next line without its end; it lives until the next call. */
static bool line_next(struct lines *l, struct str *ret_line, enum line *ret_kind, struct err *e)
{
    struct str rest = {l->buffer + l->at, l->n - l->at};
    ptrdiff_t end = str_find_char(rest, '\n');
    while (end < 0 && rest.n < LEDGER_LINE_BYTES_MAX && !l->is_over) {
        if (!refill(l, e))
            return false;
        rest = (struct str){l->buffer, l->n};
        end = str_find_char(rest, '\n');
    }
    *ret_kind = end >= 0 ? LINE_WHOLE : rest.n == 0 ? LINE_NONE : l->is_over ? LINE_CUT : LINE_LONG;
    l->number += *ret_kind != LINE_NONE;
    *ret_line = end >= 0 ? str_head(rest, (size_t)end) : rest;
    l->at += ret_line->n + (end >= 0);
    return true;
}

static bool line_item(void *context, struct ledger_item *ret_item, struct err *e)
{
    struct lines *l = context;
    struct str line;
    enum line kind;
    struct ledger_item item = {.what = LEDGER_UNREADABLE};
    if (!line_next(l, &line, &kind, e))
        return false;
    item.line = l->number + (kind == LINE_NONE); /* what is missing would stand on the next */
    if (kind == LINE_NONE)
        item.what = LEDGER_NOTHING;
    else if (kind == LINE_CUT)
        item.is_cut = true;
    else if (kind == LINE_WHOLE && ledger_parse_entry(line, &item.entry))
        item.what = LEDGER_ENTRY;
    else if (kind == LINE_WHOLE && !ledger_parse_head(line, &item.what, &item.head))
        item.what = LEDGER_UNREADABLE;
    *ret_item = item;
    return true;
}

bool ledger_verify_file(FILE *in, const struct ledger_trust *trust,
                        struct ledger_verdict *ret_verdict, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct lines *l = ARENA_NEW(a, struct lines);
    const struct ledger_source source = {line_item, l};
    struct str line;
    enum line kind;
    l->in = in;
    if (!line_next(l, &line, &kind, e))
        return false;
    if (kind == LINE_WHOLE && str_eq(line, STR(LEDGER_HEADER)))
        return ledger_check(&source, trust, ret_verdict, e);
    *ret_verdict = (struct ledger_verdict){
        .line = 1, .fault = "this is not the first line of a ledger: \"" LEDGER_HEADER "\""};
    return true;
}

/* ---- Heads that were noted ------------------------------------------------------------------ */

static int by_seq(const void *a, const void *b)
{
    const struct ledger_head *x = a, *y = b;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

bool ledger_noted_read(struct arena *a, struct str text, struct ledger_head **ret_heads,
                       size_t *ret_n, struct err *e)
{
    struct ledger_head *heads = NULL;
    size_t n = 0, capacity = 0;
    struct str rest = text, line;
    while (rest.n > 0 && str_next(&rest, '\n', &line)) {
        struct ledger_head head;
        enum ledger_what what;
        line = str_trim(line);
        if (!str_begins(line, STR("head ")))
            continue;
        if (!ledger_parse_head(line, &what, &head))
            return err_set(e, ERR_INVALID, 0,
                           "a line begins with \"head\" and is no signed head; copy it whole");
        *ARENA_PUSH(a, heads, n, capacity) = head;
    }
    if (n == 0)
        return err_set(e, ERR_INVALID, 0, "there is no signed head in it");
    qsort(heads, n, sizeof *heads, by_seq);
    *ret_heads = heads;
    *ret_n = n;
    return true;
}
