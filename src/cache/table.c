#include "cache/table.h"

#include "base/must.h"

struct cache_entry *shard_find(const struct shard *s, uint64_t hash, struct str key)
{
    struct cache_entry *e = s->chains[hash & (s->n_chains - 1)];
    while (e && !(e->hash == hash && str_eq((struct str){e->key, e->key_n}, key)))
        e = e->next_in_chain;
    return e;
}

struct cache_entry *shard_find_hash(const struct shard *s, uint64_t hash)
{
    struct cache_entry *e = s->chains[hash & (s->n_chains - 1)];
    while (e && e->hash != hash)
        e = e->next_in_chain;
    return e;
}

struct cache_entry *shard_add(struct shard *s, uint64_t hash, struct str key)
{
    struct cache_entry *e = calloc(1, sizeof *e + key.n);
    MUST(e != NULL);
    e->hash = hash;
    e->key_n = key.n;
    if (key.n > 0)
        memcpy(e->key, key.p, key.n);
    e->last = &e->first;
    struct cache_entry **chain = &s->chains[hash & (s->n_chains - 1)];
    e->next_in_chain = *chain;
    *chain = e;
    return e;
}

void shard_list(struct shard *s, struct cache_entry *e)
{
    e->older = s->newest;
    e->newer = NULL;
    if (s->newest)
        s->newest->newer = e;
    else
        s->oldest = e;
    s->newest = e;
    s->bytes += e->bytes;
    s->pages++;
}

void *shard_empty(struct shard *s, struct cache_entry *e)
{
    void *value = e->value;
    if (!value)
        return NULL;
    if (s->hand == e)
        s->hand = e->newer;
    *(e->newer ? &e->newer->older : &s->newest) = e->older;
    *(e->older ? &e->older->newer : &s->oldest) = e->newer;
    e->newer = e->older = NULL;
    s->bytes -= e->bytes;
    s->pages--;
    e->value = NULL;
    free(e->tags);
    e->tags = NULL;
    e->n_tags = 0;
    return value;
}

void shard_forget(struct shard *s, struct cache_entry *e)
{
    MUST(!e->value && !e->is_building && !e->first);
    struct cache_entry **at = &s->chains[e->hash & (s->n_chains - 1)];
    while (*at != e)
        at = &(*at)->next_in_chain;
    *at = e->next_in_chain;
    free(e);
}

struct cache_entry *shard_victim(struct shard *s)
{
    struct cache_entry *e = s->hand ? s->hand : s->oldest;
    while (e && e->is_asked_for) {
        e->is_asked_for = false;
        e = e->newer ? e->newer : s->oldest;
    }
    s->hand = e ? e->newer : NULL;
    return e;
}
