#include "domain/arriving.h"

#include "domain/inner.h"

/* A comment that was stored, in its job's arena. */
struct arriving {
    const struct arriving *before;
    struct thread_id thread;
    int64_t number;
    struct commenter_id commenter;
    struct hash words;
    uint8_t idem[16];
    bool is_undone;
};

/* The one before all others is told last. */
static const struct arriving *last_of(struct tx *tx)
{
    void **others = tx_others(tx);
    return others ? *others : NULL;
}

static bool may_change(const struct arriving *a, const struct comment_draft *draft)
{
    if (hash_eq(a->words, draft->facts->words) ||
        (draft->has_commenter &&
         memcmp(a->commenter.b, draft->commenter.b, sizeof a->commenter.b) == 0))
        return true;
    return a->thread.v == draft->thread.v &&
           (memcmp(a->idem, draft->idem, sizeof a->idem) == 0 || draft->reply_to >= a->number);
}

void arriving_meet(struct tx *tx, const struct comment_draft *draft)
{
    for (const struct arriving *a = last_of(tx); a; a = a->before) {
        if (!a->is_undone && may_change(a, draft)) {
            tx_ask_anew(tx);
            return;
        }
    }
}

int64_t arriving_number(struct tx *tx, struct thread_id thread, int64_t next)
{
    for (const struct arriving *a = last_of(tx); a; a = a->before) {
        if (!a->is_undone && a->thread.v == thread.v && a->number >= next)
            next = a->number + 1;
    }
    return next;
}

static void on_end(void *context, bool ok)
{
    struct arriving *a = context;
    a->is_undone = !ok;
}

void arriving_note(struct tx *tx, const struct comment_draft *draft, const struct comment *c)
{
    tx_keeps_answers(tx);
    void **others = tx_others(tx);
    if (!others)
        return;
    struct arriving *a = ARENA_NEW(tx_arena(tx), struct arriving);
    *a = (struct arriving){.before = *others,
                           .thread = draft->thread,
                           .number = c->number,
                           .commenter = c->commenter,
                           .words = draft->facts->words};
    memcpy(a->idem, draft->idem, sizeof a->idem);
    tx_after(tx, on_end, a);
    *others = a;
}
