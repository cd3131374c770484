/*
 * A rule from noise, and a comment that it looks at: the first byte chooses the kind, what follows
 * is the source up to its first line of "--", then the comment. What is pointed out is whole
 * characters in order, reads back as decisions keep it, and can be shown. With AITYS_PLANTED_FAULT
 * no rule may meet anything, which must be found.
 */
#include <stdint.h>

#include "base/buf.h"
#include "base/must.h"
#include "domain/rule_set.h"
#include "tests/unit/text/html_check.h"
#include "text/markdown.h"
#include "text/utf8.h"

#define PLACE_BYTES 42

/* HTML without its <mark>, each of which is closed before the next. */
static struct str without_marks(struct arena *a, struct str html)
{
    static const struct str tags[] = {STR_INIT("<mark>"), STR_INIT("</mark>")};
    struct buf b = buf_in(a, html.n + 1);
    for (size_t next = 0;; next ^= 1) {
        ptrdiff_t at = str_find(html, tags[next]);
        if (at < 0) {
            MUST(next == 0 && str_find(html, tags[1]) < 0);
            buf_put(&b, html);
            return buf_str(&b);
        }
        MUST(str_find(str_head(html, (size_t)at), tags[next ^ 1]) < 0);
        buf_put(&b, str_head(html, (size_t)at));
        html = str_from(html, (size_t)at + tags[next].n);
    }
}

static void check_hit(struct arena *a, const struct rule_hit *hit, struct str text)
{
    struct buf b = buf_in(a, ARRAY_LEN(hit->marks) * PLACE_BYTES);
    size_t depth;
    MUST(hit->n_marks <= ARRAY_LEN(hit->marks) && (hit->is_met || hit->n_marks == 0));
    for (size_t i = 0; i < hit->n_marks; i++)
        buf_printf(&b, "%s%zu+%zu", i > 0 ? " " : "", hit->marks[i].at, hit->marks[i].n);
    struct marks marks = marks_parse(a, buf_str(&b), text);
    MUST(buf_ok(&b) && marks.n == hit->n_marks);
    struct html shown = markdown_comment_marked(a, text, marks);
    MUST(html_fault(without_marks(a, shown.s), HTML_COMMENT, &depth) == NULL);
#ifdef AITYS_PLANTED_FAULT
    MUST(!hit->is_met);
#endif
}

/* What the form shows of a source and writes again says the same. */
static void check_form(struct arena *a, const struct rule *rule)
{
    struct rule again = *rule;
    struct rule_terms first, second;
    struct rule_faults faults;
    struct str values[RULE_TERMS];
    for (enum rule_term t = 0; t < RULE_TERMS; t++)
        values[t] = rule_terms_value(rule->source, t);
    again.source =
        rule_terms_print(a, rule->kind, values, rule_terms_hosts(a, rule->source, STR("refuse")),
                         rule_terms_hosts(a, rule->source, STR("allow")));
    rule_terms_parse(a, rule->kind, rule->source, &first, &faults);
    rule_terms_parse(a, rule->kind, again.source, &second, &faults);
    MUST(faults.all == 0);
    MUST(memcmp(first.numbers, second.numbers, sizeof first.numbers) == 0);
    MUST(first.refused.n == second.refused.n && first.allowed.n == second.allowed.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str all = {(const char *)data + 1, n ? n - 1 : 0};
    ptrdiff_t cut = str_find(all, STR("\n--\n"));
    struct compiled_rule *compiled = NULL;
    struct rule_faults faults;
    struct err e;
    if (cut < 0 || !utf8_is_text(all, true))
        return 0;
    struct rule rule = {.kind = (enum rule_kind)(1 + data[0] % RULE_KINDS),
                        .does = RULE_HOLDS,
                        .source = str_head(all, (size_t)cut)};
    struct str text = str_from(all, (size_t)cut + 4);
    if (!rule_compile(&rule, &compiled, &faults, &e))
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    MUST((faults.n == 0) == (faults.all == 0) && faults.n <= faults.all);
    struct rule_hit hit = compiled_meets(compiled, text);
    check_hit(a, &hit, text);
    if (rule.kind != RULE_WORDS && faults.all == 0)
        check_form(a, &rule);
    compiled_drop(&compiled);
    return 0;
}
