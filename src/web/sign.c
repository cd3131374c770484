#include "web/sign.h"

#include "domain/ledger_head.h"
#include "web/request.h"

struct due {
    const struct domain *domain;
    bool is_due;
};

static bool read_due(struct tx *tx, void *context, struct err *e)
{
    struct due *due = context;
    return ledger_is_due(due->domain, tx, &due->is_due, e);
}

/* Another node may have been first: then this stores nothing. */
static bool sign(struct tx *tx, void *context, struct err *e)
{
    const struct due *due = context;
    struct ledger_head head;
    tx_changes(tx, (const uint64_t[]){TAG_LEDGER}, 1);
    return ledger_sign(due->domain, tx, &head, NULL, e);
}

bool web_sign_due(struct web *w, struct err *e)
{
    struct due due = {.domain = w->o.domain};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (!db_read(w->o.db, a, read_due, &due, e))
        return false;
    if (!due.is_due)
        return true;
    if (!db_write_now(w->o.db, a, sign, &due, e))
        return false;
    cache_drop_tag(w->pages, TAG_LEDGER);
    return true;
}
