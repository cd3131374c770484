#include "domain/rule_terms.h"

#include "base/buf.h"
#include "text/host.h"

#define REFUSE STR("refuse")
#define ALLOW STR("allow")

_Static_assert((int)RULE_FAULT_REPEATED == (int)WORD_FAULT_REPEATED,
               "the faults of words come first, in their order");

static const struct rule_term_row rows[RULE_TERMS] = {
#define TERM(kind, name, least, most, about) {RULE_##kind, STR_INIT(#name), least, most},
#include "model/rule_terms.def"
#undef TERM
};

const struct rule_term_row *rule_term_row(enum rule_term term)
{
    return &rows[term];
}

/* A source on its way. */
struct reading_terms {
    struct arena *arena;
    enum rule_kind kind;
    struct rule_terms *terms;
    struct rule_faults *faults;
    uint32_t line;
    uint32_t lines[RULE_TERMS]; /* where each figure was given */
    enum rule_term term;        /* that the line is about; RULE_TERMS: none */
    struct str host;            /* likewise */
    size_t refused_capacity, allowed_capacity;
};

static void complain(struct reading_terms *r, enum rule_fault_kind kind, uint32_t first_line)
{
    if (r->faults->n < RULE_FAULTS_MAX)
        r->faults->items[r->faults->n++] =
            (struct rule_fault){kind, r->line, first_line, r->term, r->host};
    r->faults->all++;
}

static void read_host(struct reading_terms *r, struct host_list *list, size_t *capacity,
                      struct str value)
{
    struct str host = host_ascii(r->arena, value);
    r->host = value;
    if (!host_is_name(host)) {
        complain(r, RULE_FAULT_HOST, 0);
        return;
    }
    for (size_t i = 0; i < list->n; i++) {
        if (!str_eq(list->items[i], host))
            continue;
        complain(r, RULE_FAULT_REPEATED, 0);
        return;
    }
    if (list->n == RULE_HOSTS_MAX) {
        complain(r, RULE_FAULT_HOSTS, 0);
        return;
    }
    *ARENA_PUSH(r->arena, list->items, list->n, *capacity) = host;
}

static void read_number(struct reading_terms *r, enum rule_term term, struct str value)
{
    r->term = term;
    if (r->lines[term]) {
        complain(r, RULE_FAULT_REPEATED, r->lines[term]);
        return;
    }
    r->lines[term] = r->line;
    if (!str_to_int64(value, rows[term].least, rows[term].most, &r->terms->numbers[term]))
        complain(r, RULE_FAULT_NUMBER, 0);
}

static void read_line(struct reading_terms *r, struct str line)
{
    struct str name, value;
    if (!str_cut(line, '=', &name, &value)) {
        complain(r, RULE_FAULT_LINE, 0);
        return;
    }
    name = str_trim(name);
    value = str_trim(value);
    bool has_hosts = r->kind == RULE_LINKS;
    if (has_hosts && str_eq(name, REFUSE)) {
        read_host(r, &r->terms->refused, &r->refused_capacity, value);
        return;
    }
    if (has_hosts && str_eq(name, ALLOW)) {
        read_host(r, &r->terms->allowed, &r->allowed_capacity, value);
        return;
    }
    for (enum rule_term t = 0; t < RULE_TERMS; t++) {
        if (rows[t].kind != r->kind || !str_eq(rows[t].name, name))
            continue;
        read_number(r, t, value);
        return;
    }
    complain(r, RULE_FAULT_NAME, 0);
}

/* Whether there is something to go by. */
static bool is_complete(enum rule_kind kind, const struct rule_terms *t)
{
    const int64_t *n = t->numbers;
    switch (kind) {
    case RULE_WORDS:
        break;
    case RULE_LINKS:
        return n[TERM_links] > 0 || t->refused.n > 0;
    case RULE_NEWCOMER:
        return n[TERM_published] > 0 || n[TERM_hours] > 0;
    case RULE_REPEAT:
        return n[TERM_copies] > 0 && n[TERM_within] > 0;
    case RULE_SHAPE:
        return n[TERM_capitals] > 0 || n[TERM_run] > 0 || n[TERM_paragraph] > 0 ||
               n[TERM_whole] > 0 || n[TERM_wordless] > 0;
    }
    return true;
}

void rule_terms_parse(struct arena *a, enum rule_kind kind, struct str source,
                      struct rule_terms *ret_terms, struct rule_faults *ret_faults)
{
    struct reading_terms r = {
        .arena = a, .kind = kind, .terms = ret_terms, .faults = ret_faults, .line = 0};
    struct str rest = source, line;
    *ret_terms = (struct rule_terms){0};
    *ret_faults = (struct rule_faults){0};
    while (str_next(&rest, '\n', &line)) {
        r.line++;
        r.term = RULE_TERMS;
        r.host = STR_NONE;
        line = str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            read_line(&r, line);
    }
    r.line = 0;
    r.term = RULE_TERMS;
    r.host = STR_NONE;
    if (ret_faults->all == 0 && !is_complete(kind, ret_terms))
        complain(&r, RULE_FAULT_MISSING, 0);
}

static void print_hosts(struct buf *b, struct str key, struct str hosts)
{
    struct str line;
    while (str_next(&hosts, '\n', &line)) {
        line = str_trim(line);
        if (line.n > 0)
            buf_printf(b, STR_FMT " = " STR_FMT "\n", STR_ARG(key), STR_ARG(line));
    }
}

struct str rule_terms_print(struct arena *a, enum rule_kind kind,
                            const struct str values[static RULE_TERMS], struct str refused,
                            struct str allowed)
{
    struct buf b = buf_in(a, RULE_SOURCE_BYTES_MAX);
    for (enum rule_term t = 0; t < RULE_TERMS; t++) {
        if (rows[t].kind == kind && values[t].n > 0)
            buf_printf(&b, STR_FMT " = " STR_FMT "\n", STR_ARG(rows[t].name), STR_ARG(values[t]));
    }
    if (kind == RULE_LINKS) {
        print_hosts(&b, REFUSE, refused);
        print_hosts(&b, ALLOW, allowed);
    }
    return buf_str(&b);
}

struct str rule_terms_hosts(struct arena *a, struct str source, struct str key)
{
    struct buf b = buf_in(a, source.n + 1);
    struct str line, name, value;
    while (str_next(&source, '\n', &line)) {
        if (!str_cut(line, '=', &name, &value) || !str_eq(str_trim(name), key))
            continue;
        buf_put(&b, str_trim(value));
        buf_char(&b, '\n');
    }
    return buf_str(&b);
}

struct str rule_terms_value(struct str source, enum rule_term term)
{
    struct str line, name, value;
    while (str_next(&source, '\n', &line)) {
        if (str_cut(line, '=', &name, &value) && str_eq(str_trim(name), rows[term].name))
            return str_trim(value);
    }
    return STR_NONE;
}
