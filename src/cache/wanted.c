#include "cache/wanted.h"

#include "base/must.h"

void wanted_init(struct wanted *w)
{
    MUST(pthread_mutex_init(&w->lock, NULL) == 0);
}

void wanted_free(struct wanted *w)
{
    (void)pthread_mutex_destroy(&w->lock);
}

/* Two who note at once may lose a page between them; see above. */
void wanted_note(struct wanted *w, size_t slot, uint64_t hash)
{
    _Atomic uint64_t *pages = w->pages[slot];
    size_t at = 0;
    while (at < WANTED_PAGES - 1 && atomic_load(&pages[at]) != hash)
        at++;
    for (; at > 0; at--)
        atomic_store(&pages[at], atomic_load(&pages[at - 1]));
    atomic_store(&pages[0], hash);
}

static void add(struct wanted *w, uint64_t hash)
{
    size_t at = 0;
    MUST(pthread_mutex_lock(&w->lock) == 0);
    while (at < w->n_changed && w->changed[at] != hash)
        at++;
    if (at == w->n_changed && w->n_changed < CHANGED_MAX)
        w->changed[w->n_changed++] = hash;
    MUST(pthread_mutex_unlock(&w->lock) == 0);
}

bool wanted_change(struct wanted *w, size_t slot)
{
    bool has_any = false;
    for (size_t i = 0; i < WANTED_PAGES; i++) {
        _Atomic uint64_t *page = &w->pages[slot][i];
        uint64_t hash = atomic_load(page) ? atomic_exchange(page, 0) : 0;
        if (!hash)
            continue;
        add(w, hash);
        has_any = true;
    }
    return has_any;
}

uint64_t wanted_take(struct wanted *w)
{
    MUST(pthread_mutex_lock(&w->lock) == 0);
    uint64_t hash = w->n_changed > 0 ? w->changed[--w->n_changed] : 0;
    MUST(pthread_mutex_unlock(&w->lock) == 0);
    return hash;
}
