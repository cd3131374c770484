/*
 * A ledger's file from noise: what is read as a line prints as that line to the byte; the verdict
 * on the whole says what is wrong, or that nothing is. With AITYS_PLANTED_FAULT every file is
 * believed to be a good one, which must be found.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/must.h"
#include "port/ledger.h"

static void check_line(struct str line)
{
    char text[LEDGER_LINE_BYTES_MAX];
    struct buf b = {.p = text, .capacity = sizeof text, .max = sizeof text};
    struct ledger_entry entry;
    struct ledger_head head;
    enum ledger_what what;
    bool is_entry = ledger_parse_entry(line, &entry);
    bool is_head = ledger_parse_head(line, &what, &head);
    MUST(!is_entry || !is_head);
    if (is_entry)
        ledger_print_entry(&b, &entry);
    else if (is_head)
        ledger_print_head(&b, what, &head);
    else
        return;
    MUST(buf_ok(&b) && b.n == line.n + 1 && memcmp(b.p, line.p, line.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n}, line;
    const struct ledger_trust trust = {.wants_end = true};
    struct ledger_verdict verdict;
    struct ledger_head *heads;
    size_t n_heads;
    struct err e;
    if (n == 0)
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (ledger_noted_read(a, rest, &heads, &n_heads, &e))
        MUST(n_heads > 0);
    FILE *in = fmemopen((void *)(uintptr_t)data, n, "r");
    MUST(in != NULL);
    MUST(ledger_verify_file(in, &trust, &verdict, &e));
    (void)fclose(in);
    MUST(verdict.is_good == (verdict.fault[0] == 0) && verdict.covered <= verdict.entries);
#ifdef AITYS_PLANTED_FAULT
    MUST(verdict.is_good);
#endif
    while (str_next(&rest, '\n', &line))
        check_line(line);
    return 0;
}
