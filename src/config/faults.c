#include "config/faults.h"

#include <stdarg.h>

#include "base/buf.h"
#include "text/utf8.h"

#define SENTENCE_BYTES_MAX (4 * KiB)
#define QUOTE_BYTES 60

/*
 * The sentence as it can be printed: U+FFFD for each byte that is not part of UTF-8. Libraries
 * quote files that are not, and cut within a character, as does a sentence that grew too long.
 */
static struct str well_formed(struct arena *a, struct str s)
{
    static const struct str instead = STR_INIT("\uFFFD");
    struct buf b = buf_in(a, s.n * instead.n);
    for (;;) {
        size_t n = utf8_valid_bytes(s);
        buf_put(&b, str_head(s, n));
        if (n == s.n)
            break;
        buf_put(&b, instead);
        s = str_from(s, n + 1);
    }
    return buf_str(&b);
}

void fault_add(struct faults *f, struct str where, size_t line, const char *format, ...)
{
    if (f->n == FAULTS_MAX) {
        f->n_untold++;
        return;
    }
    char sentence[SENTENCE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    *ARENA_PUSH(f->arena, f->items, f->n, f->capacity) = (struct fault){
        .where = where,
        .line = line,
        .what = well_formed(f->arena, str_of(sentence)),
    };
}

struct str fault_print(const struct faults *f, const struct fault *fault)
{
    if (fault->line == 0)
        return arena_printf(f->arena, STR_FMT ": " STR_FMT, STR_ARG(fault->where),
                            STR_ARG(fault->what));
    return arena_printf(f->arena, STR_FMT ":%zu: " STR_FMT, STR_ARG(fault->where), fault->line,
                        STR_ARG(fault->what));
}

bool faults_to_err(const struct faults *f, enum err_kind kind, struct err *e)
{
    struct str first = f->n > 0 ? fault_print(f, &f->items[0]) : STR("no fault was told");
    size_t more = f->n > 0 ? f->n - 1 + f->n_untold : 0;
    if (more > 0)
        return err_set(e, kind, 0, STR_FMT " (and %zu more)", STR_ARG(first), more);
    return err_set(e, kind, 0, STR_FMT, STR_ARG(first));
}

struct str fault_quote(struct arena *a, struct str s)
{
    if (!utf8_is_valid(s))
        return STR("(not UTF-8)");
    struct str head = utf8_head(s, QUOTE_BYTES);
    return head.n == s.n ? s : arena_printf(a, STR_FMT "…", STR_ARG(head));
}
