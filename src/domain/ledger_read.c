#include "domain/ledger_read.h"

#include <stdlib.h>

#include "base/must.h"
#include "domain/inner.h"

#define PAGE 500

struct ledger_reader {
    const struct domain *d;
    struct tx *tx;
    int64_t last;
    struct arena *texts; /* of the entries of the page */
    struct ledger_item entries[PAGE], heads[PAGE];
    size_t n_entries, n_heads, at_entry, at_head;
    int64_t from_entry, from_head; /* where the next page begins */
    bool entries_end, heads_end;   /* there are no more pages */
};

struct ledger_reader *ledger_reader_open(const struct domain *d, struct tx *tx, int64_t last)
{
    struct ledger_reader *r = calloc(1, sizeof *r);
    MUST(r != NULL);
    r->d = d;
    r->tx = tx;
    r->last = last;
    r->texts = arena_new(0);
    return r;
}

void ledger_reader_close(struct ledger_reader **at)
{
    if (!*at)
        return;
    arena_free(&(*at)->texts);
    free(*at);
    *at = NULL;
}

static bool on_entry(void *context, const struct db_value *v, UNUSED struct err *e)
{
    struct ledger_reader *r = context;
    struct ledger_item *item = &r->entries[r->n_entries++];
    *item = (struct ledger_item){.what = LEDGER_ENTRY,
                                 .entry = {.seq = v[0].n,
                                           .at_s = v[1].n,
                                           .moderator = v[2].n,
                                           .kind = arena_copy(r->texts, v[3].s),
                                           .body = arena_copy(r->texts, v[4].s),
                                           .hash = hash_of_blob(v[5].s)}};
    if (!ledger_kind_is_known(item->entry.kind) || !ledger_body_is_good(item->entry.body))
        item->what = LEDGER_UNREADABLE;
    return true;
}

static void bytes_of_blob(struct str blob, uint8_t *ret_bytes, size_t n)
{
    if (blob.n == n)
        memcpy(ret_bytes, blob.p, n);
}

static bool on_head(void *context, const struct db_value *v, UNUSED struct err *e)
{
    struct ledger_reader *r = context;
    struct ledger_item *item = &r->heads[r->n_heads++];
    *item = (struct ledger_item){
        .what = LEDGER_HEAD,
        .head = {.seq = v[0].n, .at_s = v[1].n, .hash = hash_of_blob(v[2].s), .before = v[3].n}};
    bytes_of_blob(v[4].s, item->head.key.b, sizeof item->head.key.b);
    bytes_of_blob(v[5].s, item->head.signature, sizeof item->head.signature);
    return true;
}

static bool ask(struct ledger_reader *r, int statement, int64_t from, db_on_row *row, struct err *e)
{
    const struct db_value in[] = {{.type = DB_INT, .n = r->d->site.id.v},
                                  {.type = DB_INT, .n = from},
                                  {.type = DB_INT, .n = PAGE}};
    struct db_answer answer = {.row = row, .context = r};
    return tx_ask(r->tx, statement, in, &answer, e);
}

static bool entries_fill(struct ledger_reader *r, struct err *e)
{
    if (r->entries_end || r->at_entry < r->n_entries)
        return true;
    arena_reset(r->texts);
    r->n_entries = r->at_entry = 0;
    if (!ask(r, SQL_LEDGER_LIST, r->from_entry, on_entry, e))
        return false;
    r->entries_end = r->n_entries < PAGE;
    if (r->n_entries)
        r->from_entry = r->entries[r->n_entries - 1].entry.seq + 1;
    return true;
}

static bool heads_fill(struct ledger_reader *r, struct err *e)
{
    if (r->heads_end || r->at_head < r->n_heads)
        return true;
    r->n_heads = r->at_head = 0;
    if (!ask(r, SQL_LEDGER_HEAD_LIST, r->from_head, on_head, e))
        return false;
    r->heads_end = r->n_heads < PAGE;
    if (r->n_heads)
        r->from_head = r->heads[r->n_heads - 1].head.seq + 1;
    return true;
}

bool ledger_reader_next(void *reader, struct ledger_item *ret_item, struct err *e)
{
    struct ledger_reader *r = reader;
    if (!entries_fill(r, e) || !heads_fill(r, e))
        return false;
    const struct ledger_item *entry = r->at_entry < r->n_entries ? &r->entries[r->at_entry] : NULL;
    const struct ledger_item *head = r->at_head < r->n_heads ? &r->heads[r->at_head] : NULL;
    if (entry && entry->entry.seq > r->last)
        entry = NULL;
    if (head && head->head.seq > r->last)
        head = NULL;
    *ret_item = (struct ledger_item){.what = LEDGER_NOTHING};
    if (head && (!entry || head->head.seq < entry->entry.seq)) {
        *ret_item = *head;
        r->at_head++;
    } else if (entry) {
        *ret_item = *entry;
        r->at_entry++;
    }
    return true;
}
