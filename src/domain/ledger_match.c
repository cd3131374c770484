/*
 * The ledger against the tables of decisions and of what was thought of commenters.
 */
#include <stdarg.h>
#include <stdio.h>

#include "domain/inner.h"
#include "domain/ledger_read.h"

#define PORTION 500
#define TEXT_BYTES_MAX 200

struct matching {
    const struct domain *d;
    struct tx *tx;
    void (*on_fault)(void *context, struct str what);
    void *context;
    int64_t faults;
};

PRINTF_LIKE(2, 3) static void fault(struct matching *m, const char *format, ...)
{
    char text[TEXT_BYTES_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    m->faults++;
    m->on_fault(m->context, str_of(text));
}

/* What an entry must say: a body that is the text, or begins with it. */
struct told {
    int64_t at_s, moderator;
    struct str kind;
    char text[TEXT_BYTES_MAX];
};

/* How many entries say so. */
static bool entries_count(struct matching *m, const struct told *told, int64_t *ret_n,
                          struct err *e)
{
    char spaced[TEXT_BYTES_MAX + 1];
    (void)snprintf(spaced, sizeof spaced, "%s ", told->text);
    struct ledger_has_in in = {.site = m->d->site.id.v,
                               .at_s = told->at_s,
                               .moderator = told->moderator,
                               .kind = told->kind,
                               .body = str_of(told->text),
                               .beginning = str_of(spaced)};
    struct ledger_has_out row;
    if (!sql_ledger_has(m->tx, &in, &row, e))
        return false;
    *ret_n = row.entries;
    return true;
}

/* ---- Each decision has its entry ------------------------------------------------------------ */

struct made {
    int64_t comment, seq, moderator, batch, at_s;
};

struct portion {
    struct made items[PORTION];
    size_t n;
};

static bool on_decision(void *context, const struct db_value *v, UNUSED struct err *e)
{
    struct portion *p = context;
    p->items[p->n++] = (struct made){v[0].n, v[1].n, v[2].n, v[3].n, v[4].n};
    return true;
}

/* Whether the batch that a decision was of has an entry. */
static bool batch_is_told(struct matching *m, const struct made *made, bool *ret_is_told,
                          struct err *e)
{
    struct ledger_batch_at_in in = {m->d->site.id.v, made->batch};
    struct ledger_batch_at_out row;
    bool found;
    int64_t n = 0;
    if (!sql_ledger_batch_at(m->tx, &in, &row, &found, e))
        return false;
    struct told told = {
        .at_s = found ? row.at_s : 0, .moderator = made->moderator, .kind = STR("batch")};
    (void)snprintf(told.text, sizeof told.text, "batch=%" PRId64, made->batch);
    if (found && !entries_count(m, &told, &n, e))
        return false;
    *ret_is_told = n > 0;
    return true;
}

static bool decision_match(struct matching *m, const struct made *made, struct err *e)
{
    int64_t n, n_undo;
    bool is_told = false;
    struct told told = {.at_s = made->at_s, .moderator = made->moderator, .kind = STR("decision")};
    (void)snprintf(told.text, sizeof told.text, "comment=%" PRId64 " seq=%" PRId64, made->comment,
                   made->seq);
    if (!entries_count(m, &told, &n, e))
        return false;
    told.kind = STR("undo");
    if (!entries_count(m, &told, &n_undo, e))
        return false;
    n += n_undo;
    if (n == 0 && made->batch > 0 && !batch_is_told(m, made, &is_told, e))
        return false;
    if (n == 0 && !is_told)
        fault(m, "decision %" PRId64 " on comment %" PRId64 " has no entry in the ledger",
              made->seq, made->comment);
    else if (n > 1)
        fault(m, "decision %" PRId64 " on comment %" PRId64 " has %" PRId64 " entries", made->seq,
              made->comment, n);
    return true;
}

static bool decisions_match(struct matching *m, struct err *e)
{
    struct portion p;
    int64_t comment = 0, seq = 0;
    do {
        p.n = 0;
        const struct db_value in[] = {{.type = DB_INT, .n = m->d->site.id.v},
                                      {.type = DB_INT, .n = comment},
                                      {.type = DB_INT, .n = seq},
                                      {.type = DB_INT, .n = PORTION}};
        struct db_answer answer = {.row = on_decision, .context = &p};
        if (!tx_ask(m->tx, SQL_LEDGER_DECISIONS, in, &answer, e))
            return false;
        for (size_t i = 0; i < p.n; i++)
            if (!decision_match(m, &p.items[i], e))
                return false;
        if (p.n > 0) {
            comment = p.items[p.n - 1].comment;
            seq = p.items[p.n - 1].seq;
        }
    } while (p.n == PORTION);
    return true;
}

/* ---- Each change of what is thought of a commenter has its entry ---------------------------- */

struct thought {
    struct commenter_id commenter;
    int64_t seq, moderator, undoes, at_s;
};

struct thoughts {
    struct thought items[PORTION];
    size_t n;
};

/* A commenter as the ledger names them. */
struct key_text {
    char text[2 * sizeof(struct commenter_id) + 1];
};

static struct key_text key_text(const struct commenter_id *id)
{
    struct key_text key;
    for (size_t i = 0; i < sizeof id->b; i++)
        (void)snprintf(key.text + 2 * i, 3, "%02x", id->b[i]);
    return key;
}

static bool on_thought(void *context, const struct db_value *v, UNUSED struct err *e)
{
    struct thoughts *t = context;
    t->items[t->n++] = (struct thought){commenter_id_of(v[0].s), v[1].n, v[2].n, v[3].n, v[4].n};
    return true;
}

static bool thought_match(struct matching *m, const struct thought *t, struct err *e)
{
    struct key_text key = key_text(&t->commenter);
    struct told told = {
        .at_s = t->at_s, .moderator = t->moderator, .kind = t->undoes ? STR("undo") : STR("trust")};
    int64_t n;
    (void)snprintf(told.text, sizeof told.text, "commenter=%s seq=%" PRId64, key.text, t->seq);
    if (!entries_count(m, &told, &n, e))
        return false;
    if (n != 1)
        fault(m, "change %" PRId64 " of the trust in commenter %s has %" PRId64 " entries", t->seq,
              key.text, n);
    return true;
}

static bool thoughts_match(struct matching *m, struct err *e)
{
    struct thoughts t;
    struct thought last = {0};
    do {
        t.n = 0;
        struct str after = last.seq ? commenter_str(&last.commenter) : STR("");
        const struct db_value in[] = {{.type = DB_INT, .n = m->d->site.id.v},
                                      {.type = DB_BLOB, .s = after},
                                      {.type = DB_INT, .n = last.seq},
                                      {.type = DB_INT, .n = PORTION}};
        struct db_answer answer = {.row = on_thought, .context = &t};
        if (!tx_ask(m->tx, SQL_LEDGER_TRUSTS, in, &answer, e))
            return false;
        for (size_t i = 0; i < t.n; i++)
            if (!thought_match(m, &t.items[i], e))
                return false;
        if (t.n > 0)
            last = t.items[t.n - 1];
    } while (t.n == PORTION);
    return true;
}

/* ---- Each entry has what it tells of -------------------------------------------------------- */

/* Of a commenter: *ret_is_told is whether the entry is of that kind. */
static bool trust_entry_match(struct matching *m, const struct ledger_entry *entry,
                              bool *ret_is_told, struct err *e)
{
    bool is_trust = str_eq(entry->kind, STR("trust"));
    struct str key = ledger_value(entry->body, STR("commenter"));
    struct ledger_trust_get_out row;
    struct commenter_id id;
    int64_t seq;
    bool found;
    *ret_is_told = is_trust || (str_eq(entry->kind, STR("undo")) && key.n > 0);
    if (!*ret_is_told)
        return true;
    if (!str_to_bytes(key, id.b, sizeof id.b) ||
        !str_to_int64(ledger_value(entry->body, STR("seq")), 1, INT64_MAX, &seq)) {
        fault(m, "entry %" PRId64 " does not say which change of trust it is of", entry->seq);
        return true;
    }
    struct ledger_trust_get_in in = {m->d->site.id.v, commenter_str(&id), seq};
    if (!sql_ledger_trust_get(m->tx, &in, &row, &found, e))
        return false;
    if (!found)
        fault(m, "entry %" PRId64 " tells of a change of trust which is not there", entry->seq);
    else if (row.moderator != entry->moderator || row.at_s != entry->at_s)
        fault(m, "entry %" PRId64 " and the change of trust differ in who or when", entry->seq);
    return true;
}

static bool entry_match(struct matching *m, const struct ledger_entry *entry, struct err *e)
{
    int64_t comment, seq;
    bool is_undo = str_eq(entry->kind, STR("undo"));
    struct ledger_decision_get_out row;
    bool found, is_of_trust;
    if (!trust_entry_match(m, entry, &is_of_trust, e))
        return false;
    if (is_of_trust || (!is_undo && !str_eq(entry->kind, STR("decision"))))
        return true;
    bool is_read =
        str_to_int64(ledger_value(entry->body, STR("comment")), 1, INT64_MAX, &comment) &&
        str_to_int64(ledger_value(entry->body, STR("seq")), 1, INT64_MAX, &seq);
    if (!is_read && is_undo)
        return true; /* of a batch */
    if (!is_read) {
        fault(m, "entry %" PRId64 " does not say which decision it is of", entry->seq);
        return true;
    }
    struct ledger_decision_get_in in = {m->d->site.id.v, comment, seq};
    if (!sql_ledger_decision_get(m->tx, &in, &row, &found, e))
        return false;
    if (!found)
        fault(m,
              "entry %" PRId64 " tells of decision %" PRId64 " on comment %" PRId64
              ", which is not there",
              entry->seq, seq, comment);
    else if (row.moderator != entry->moderator || row.at_s != entry->at_s)
        fault(m,
              "entry %" PRId64 " and decision %" PRId64 " on comment %" PRId64
              " differ in who or when",
              entry->seq, seq, comment);
    return true;
}

static bool entries_match(struct matching *m, struct err *e)
{
    ON_LEAVE(ledger_reader_close)
    struct ledger_reader *r = ledger_reader_open(m->d, m->tx, INT64_MAX);
    struct ledger_item item;
    do {
        if (!ledger_reader_next(r, &item, e) ||
            (item.what == LEDGER_ENTRY && !entry_match(m, &item.entry, e)))
            return false;
    } while (item.what != LEDGER_NOTHING);
    return true;
}

bool ledger_match(const struct domain *d, struct tx *tx,
                  void (*on_fault)(void *context, struct str what), void *context,
                  int64_t *ret_faults, struct err *e)
{
    struct matching m = {.d = d, .tx = tx, .on_fault = on_fault, .context = context};
    if (!decisions_match(&m, e) || !thoughts_match(&m, e) || !entries_match(&m, e))
        return false;
    *ret_faults = m.faults;
    return true;
}
