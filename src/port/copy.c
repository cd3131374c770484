#include "port/copy.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/must.h"
#include "store/statements.h"

#define NO_LAST (-1) /* its key is text, which engines order differently: begun anew */
#define KEY_MAX 4
#define ROW_BYTES_MAX (64 * MiB)

/* A table: who reads, writes and finds its last row; the key's columns; rows in one transaction. */
struct table {
    const char *name;
    int get, put, last;
    size_t n_key;
    int64_t n_batch;
};

/* The counters last: they make a newsroom of the database. */
static const struct table tables[] = {
    {"secret", SQL_COPY_SECRET_GET, SQL_COPY_SECRET_PUT, NO_LAST, 2, 500},
    {"thread", SQL_COPY_THREAD_GET, SQL_COPY_THREAD_PUT, SQL_COPY_THREAD_LAST, 2, 500},
    {"article", SQL_COPY_ARTICLE_GET, SQL_COPY_ARTICLE_PUT, SQL_COPY_ARTICLE_LAST, 2, 500},
    {"section", SQL_COPY_SECTION_GET, SQL_COPY_SECTION_PUT, NO_LAST, 3, 500},
    {"standing", SQL_COPY_STANDING_GET, SQL_COPY_STANDING_PUT, NO_LAST, 3, 100},
    {"picture", SQL_COPY_PICTURE_GET, SQL_COPY_PICTURE_PUT, SQL_COPY_PICTURE_LAST, 2, 500},
    {"picture_file", SQL_COPY_PICTURE_FILE_GET, SQL_COPY_PICTURE_FILE_PUT,
     SQL_COPY_PICTURE_FILE_LAST, 3, 8},
    {"edition", SQL_COPY_EDITION_GET, SQL_COPY_EDITION_PUT, NO_LAST, 3, 100},
    {"moved", SQL_COPY_MOVED_GET, SQL_COPY_MOVED_PUT, NO_LAST, 3, 500},
    {"byline", SQL_COPY_BYLINE_GET, SQL_COPY_BYLINE_PUT, NO_LAST, 4, 500},
    {"edition_picture", SQL_COPY_EDITION_PICTURE_GET, SQL_COPY_EDITION_PICTURE_PUT, NO_LAST, 4,
     500},
    {"protected_name", SQL_COPY_PROTECTED_NAME_GET, SQL_COPY_PROTECTED_NAME_PUT, NO_LAST, 2, 500},
    {"commenter", SQL_COPY_COMMENTER_GET, SQL_COPY_COMMENTER_PUT, SQL_COPY_COMMENTER_LAST, 2, 500},
    {"comment", SQL_COPY_COMMENT_GET, SQL_COPY_COMMENT_PUT, SQL_COPY_COMMENT_LAST, 2, 500},
    {"rating", SQL_COPY_RATING_GET, SQL_COPY_RATING_PUT, SQL_COPY_RATING_LAST, 3, 500},
    {"moderator", SQL_COPY_MODERATOR_GET, SQL_COPY_MODERATOR_PUT, SQL_COPY_MODERATOR_LAST, 2, 500},
    {"session", SQL_COPY_SESSION_GET, SQL_COPY_SESSION_PUT, SQL_COPY_SESSION_LAST, 2, 500},
    {"decision", SQL_COPY_DECISION_GET, SQL_COPY_DECISION_PUT, SQL_COPY_DECISION_LAST, 3, 500},
    {"trust_change", SQL_COPY_TRUST_CHANGE_GET, SQL_COPY_TRUST_CHANGE_PUT,
     SQL_COPY_TRUST_CHANGE_LAST, 3, 500},
    {"arrival", SQL_COPY_ARRIVAL_GET, SQL_COPY_ARRIVAL_PUT, SQL_COPY_ARRIVAL_LAST, 2, 500},
    {"batch", SQL_COPY_BATCH_GET, SQL_COPY_BATCH_PUT, SQL_COPY_BATCH_LAST, 2, 500},
    {"campaign", SQL_COPY_CAMPAIGN_GET, SQL_COPY_CAMPAIGN_PUT, SQL_COPY_CAMPAIGN_LAST, 2, 500},
    {"control", SQL_COPY_CONTROL_GET, SQL_COPY_CONTROL_PUT, NO_LAST, 2, 500},
    {"kept_words", SQL_COPY_KEPT_WORDS_GET, SQL_COPY_KEPT_WORDS_PUT, SQL_COPY_KEPT_WORDS_LAST, 2,
     500},
    {"ledger", SQL_COPY_LEDGER_GET, SQL_COPY_LEDGER_PUT, SQL_COPY_LEDGER_LAST, 2, 500},
    {"ledger_head", SQL_COPY_LEDGER_HEAD_GET, SQL_COPY_LEDGER_HEAD_PUT, SQL_COPY_LEDGER_HEAD_LAST,
     2, 500},
    {"opinion", SQL_COPY_OPINION_GET, SQL_COPY_OPINION_PUT, SQL_COPY_OPINION_LAST, 2, 500},
    {"passkey", SQL_COPY_PASSKEY_GET, SQL_COPY_PASSKEY_PUT, SQL_COPY_PASSKEY_LAST, 2, 500},
    {"reason", SQL_COPY_REASON_GET, SQL_COPY_REASON_PUT, NO_LAST, 2, 500},
    {"reason_text", SQL_COPY_REASON_TEXT_GET, SQL_COPY_REASON_TEXT_PUT, NO_LAST, 3, 500},
    {"recovery_code", SQL_COPY_RECOVERY_CODE_GET, SQL_COPY_RECOVERY_CODE_PUT,
     SQL_COPY_RECOVERY_CODE_LAST, 3, 500},
    {"report", SQL_COPY_REPORT_GET, SQL_COPY_REPORT_PUT, SQL_COPY_REPORT_LAST, 3, 500},
    {"rule", SQL_COPY_RULE_GET, SQL_COPY_RULE_PUT, SQL_COPY_RULE_LAST, 2, 500},
    {"team_note", SQL_COPY_TEAM_NOTE_GET, SQL_COPY_TEAM_NOTE_PUT, SQL_COPY_TEAM_NOTE_LAST, 2, 500},
    {"thread_message", SQL_COPY_THREAD_MESSAGE_GET, SQL_COPY_THREAD_MESSAGE_PUT, NO_LAST, 3, 500},
    {"counter", SQL_COPY_COUNTER_GET, SQL_COPY_COUNTER_PUT, NO_LAST, 2, 500},
};

struct copying {
    struct db *from, *to;
    const struct copy_told *told;
    int64_t source; /* tells newsrooms apart */
};

/* Rows of one table, read after a key. */
struct rows {
    const struct table *t;
    struct arena *arena;
    struct db_value after[KEY_MAX];
    struct db_value **rows;
    size_t n, capacity;
};

static const struct db_statement *statement_of(int number)
{
    return &store_schema.statements[number];
}

static bool rows_take(void *context, const struct db_value *values, UNUSED struct err *e)
{
    struct rows *r = context;
    size_t n = statement_of(r->t->get)->n_out;
    struct db_value *row = ARENA_ARRAY(r->arena, struct db_value, n);
    for (size_t i = 0; i < n; i++) {
        row[i] = values[i];
        if (row[i].type != DB_INT && !row[i].is_null)
            row[i].s = arena_copy(r->arena, values[i].s);
    }
    *ARENA_PUSH(r->arena, r->rows, r->n, r->capacity) = row;
    return true;
}

static bool rows_get(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    struct db_value in[KEY_MAX + 1];
    memcpy(in, r->after, r->t->n_key * sizeof *in);
    in[r->t->n_key] = (struct db_value){.type = DB_INT, .n = r->t->n_batch};
    const struct db_answer answer = {.row = rows_take, .context = r};
    return tx_ask(tx, r->t->get, in, &answer, e);
}

static bool rows_put(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    for (size_t i = 0; i < r->n; i++) {
        if (!tx_ask(tx, r->t->put, r->rows[i], &(struct db_answer){0}, e))
            return false;
    }
    return true;
}

/* Before every key there is. */
static void rows_from_start(struct rows *r)
{
    const struct db_statement *s = statement_of(r->t->get);
    for (size_t i = 0; i < r->t->n_key; i++)
        r->after[i] = (struct db_value){.type = s->in[i].type, .n = INT64_MIN, .s = STR("")};
}

static bool last_take(void *context, const struct db_value *values, UNUSED struct err *e)
{
    struct rows *r = context;
    for (size_t i = 0; i < r->t->n_key; i++) {
        r->after[i] = values[i];
        if (values[i].type != DB_INT)
            r->after[i].s = arena_copy(r->arena, values[i].s);
    }
    return true;
}

static bool last_get(struct tx *tx, void *context, struct err *e)
{
    struct rows *r = context;
    const struct db_answer answer = {.row = last_take, .context = r};
    return tx_ask(tx, r->t->last, NULL, &answer, e);
}

/* Goes on behind the batch; the key outlives its arena in the other one. */
static void rows_advance(struct rows *r, struct arena *next)
{
    const struct db_value *row = r->rows[r->n - 1];
    for (size_t i = 0; i < r->t->n_key; i++) {
        r->after[i] = row[i];
        if (row[i].type != DB_INT)
            r->after[i].s = arena_copy(next, row[i].s);
    }
    r->rows = NULL;
    r->n = r->capacity = 0;
    r->arena = next;
}

/* Calls each batch of a table with its rows. */
typedef bool on_batch(void *context, struct rows *r, struct err *e);

static bool rows_walk(struct db *db, struct rows *r, on_batch *batch, void *context, struct err *e)
{
    bool goes_on = true;
    struct arena *a = r->arena;
    while (goes_on) {
        bool ok = db_read(db, a, rows_get, r, e) && (r->n == 0 || batch(context, r, e));
        goes_on = ok && r->n > 0;
        struct arena *next = goes_on ? arena_new(0) : NULL;
        if (goes_on)
            rows_advance(r, next);
        arena_free(&a);
        if (!ok)
            return false;
        a = next;
    }
    return true;
}

static bool batch_store(void *context, struct rows *r, struct err *e)
{
    const struct copying *k = context;
    return db_write_now(k->to, r->arena, rows_put, r, e);
}

static bool table_copy(const struct copying *k, const struct table *t, struct err *e)
{
    struct rows r = {.t = t, .arena = arena_new(0)};
    rows_from_start(&r);
    if (t->last != NO_LAST && !db_read(k->to, r.arena, last_get, &r, e)) {
        arena_free(&r.arena);
        return false;
    }
    return rows_walk(k->from, &r, batch_store, (void *)(uintptr_t)k, e) ||
           err_where(e, "table %s", t->name);
}

/* ---- What a table holds ---------------------------------------------------------------------- */

/* A sum of the rows' hashes: engines order text differently. */
struct content {
    int64_t n;
    uint64_t sums[HASH_BYTES / sizeof(uint64_t)];
};

static bool batch_sum(void *context, struct rows *r, struct err *e)
{
    struct content *c = context;
    size_t n_out = statement_of(r->t->get)->n_out;
    for (size_t i = 0; i < r->n; i++) {
        struct buf b = buf_in(r->arena, ROW_BYTES_MAX);
        for (size_t k = 0; k < n_out; k++) {
            const struct db_value *v = &r->rows[i][k];
            struct str text = v->type == DB_INT || v->is_null ? STR_NONE : v->s;
            buf_printf(&b, "%d%d %" PRId64 " %zu:", (int)v->type, v->is_null,
                       v->type == DB_INT && !v->is_null ? v->n : 0, text.n);
            buf_put(&b, text);
        }
        if (!buf_ok(&b))
            return err_set(e, ERR_TOO_LARGE, 0, "a row of table %s is too large", r->t->name);
        struct hash h = hash_of(buf_str(&b));
        uint64_t parts[HASH_BYTES / sizeof(uint64_t)];
        memcpy(parts, h.b, sizeof parts);
        for (size_t k = 0; k < ARRAY_LEN(parts); k++)
            c->sums[k] += parts[k];
        c->n++;
    }
    return true;
}

static bool table_sum(struct db *db, const struct table *t, struct content *ret_content,
                      struct err *e)
{
    struct rows r = {.t = t, .arena = arena_new(0)};
    rows_from_start(&r);
    *ret_content = (struct content){0};
    return rows_walk(db, &r, batch_sum, ret_content, e) || err_where(e, "table %s", t->name);
}

static bool table_compare(const struct copying *k, const struct table *t, struct err *e)
{
    struct content from, to;
    if (!table_sum(k->from, t, &from, e) || !table_sum(k->to, t, &to, e))
        return false;
    if (from.n != to.n)
        return err_set(e, ERR_CONFLICT, 0,
                       "table %s has %" PRId64 " rows, its copy %" PRId64 ": was it written to?",
                       t->name, from.n, to.n);
    if (memcmp(from.sums, to.sums, sizeof from.sums) != 0)
        return err_set(e, ERR_CONFLICT, 0, "table %s differs from its copy: was it written to?",
                       t->name);
    k->told->table(k->told->context, t->name, from.n);
    return true;
}

/* ---- Which newsroom, and how far it is ------------------------------------------------------- */

/* Notes in the target while a copy is unfinished. */
struct notes {
    bool is_there;
    int64_t source, table;
};

static bool notes_get(struct tx *tx, void *context, struct err *e)
{
    struct notes *notes = context;
    struct copy_note_list_out *rows;
    size_t n;
    if (!sql_copy_note_list(tx, &rows, &n, e))
        return false;
    notes->is_there = n == 2;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].name, STR("source")))
            notes->source = rows[i].next_id;
        else
            notes->table = rows[i].next_id;
    }
    return true;
}

static bool notes_put(struct tx *tx, void *context, struct err *e)
{
    const struct notes *notes = context;
    struct copy_note_put_in source = {STR("source"), notes->source};
    struct copy_note_put_in table = {STR("table"), notes->table};
    return sql_copy_note_put(tx, &source, NULL, e) && sql_copy_note_put(tx, &table, NULL, e);
}

static bool notes_drop(struct tx *tx, UNUSED void *context, struct err *e)
{
    return sql_copy_note_drop(tx, NULL, e);
}

static bool note(const struct copying *k, int64_t table, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct notes notes = {.source = k->source, .table = table};
    return db_write_now(k->to, a, notes_put, &notes, e);
}

/* A target that holds rows was begun by a copy of this newsroom, or is refused. */
static bool target_check(const struct copying *k, struct notes *notes, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    *notes = (struct notes){0};
    if (!db_read(k->to, a, notes_get, notes, e))
        return false;
    if (notes->is_there && notes->source != k->source)
        return err_set(e, ERR_CONFLICT, 0, "the target holds a copy of another newsroom");
    for (size_t i = 0; i < ARRAY_LEN(tables) && !notes->is_there; i++) {
        struct rows r = {.t = &tables[i], .arena = a};
        rows_from_start(&r);
        if (!db_read(k->to, a, rows_get, &r, e))
            return false;
        if (r.n > 0)
            return err_set(e, ERR_CONFLICT, 0, "the target holds a newsroom already");
    }
    return true;
}

/* The secrets are random and made once: their hash is the newsroom's name here. */
static bool source_check(struct copying *k, struct err *e)
{
    struct content secrets;
    if (!table_sum(k->from, &tables[0], &secrets, e))
        return false;
    if (secrets.n == 0)
        return err_set(e, ERR_MISSING, 0, "there is no newsroom to copy");
    k->source = (int64_t)(secrets.sums[0] >> 1);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct notes notes = {0};
    if (!db_read(k->from, a, notes_get, &notes, e))
        return false;
    return !notes.is_there ||
           err_set(e, ERR_CONFLICT, 0, "what is to be copied is an unfinished copy itself");
}

bool copy_newsroom(struct db *from, struct db *to, const struct copy_told *told, struct err *e)
{
    struct copying k = {.from = from, .to = to, .told = told};
    struct notes notes;
    if (!source_check(&k, e) || !target_check(&k, &notes, e))
        return false;
    for (size_t i = (size_t)notes.table; i < ARRAY_LEN(tables); i++) {
        if (!note(&k, (int64_t)i, e) || !table_copy(&k, &tables[i], e))
            return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        if (!table_compare(&k, &tables[i], e))
            return false;
    }
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    return db_write_now(to, a, notes_drop, NULL, e);
}
