#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/must.h"
#include "base/rand.h"
#include "http/network.h"

#define BUCKETS_MAX ((size_t)1 << 16)

struct entry {
    struct entry *next;
    struct http_network network;
    uint32_t connections;
};

struct networks {
    pthread_mutex_t lock;
    size_t each_max;
    size_t n_buckets; /* a power of two */
    uint8_t key[HASH_TABLE_KEY_BYTES];
    struct entry *buckets[];
};

struct networks *networks_new(size_t connections_max, size_t each_max)
{
    size_t n = 64;
    while (n < connections_max && n < BUCKETS_MAX)
        n *= 2;
    struct networks *t = calloc(1, sizeof *t + n * sizeof(struct entry *));
    MUST(t);
    MUST(pthread_mutex_init(&t->lock, NULL) == 0);
    t->each_max = each_max;
    t->n_buckets = n;
    rand_bytes(t->key, sizeof t->key);
    return t;
}

void networks_free(struct networks **t)
{
    if (!*t)
        return;
    for (size_t i = 0; i < (*t)->n_buckets; i++) {
        for (struct entry *e = (*t)->buckets[i], *next; e; e = next) {
            next = e->next;
            free(e);
        }
    }
    (void)pthread_mutex_destroy(&(*t)->lock);
    free(*t);
    *t = NULL;
}

uint64_t networks_hash(const struct networks *t, struct http_network network)
{
    return hash_table(t->key, (struct str){(const char *)network.bytes, network.n});
}

/* Where the network's entry hangs, or would. */
static struct entry **find(struct networks *t, struct http_network network)
{
    struct entry **at = &t->buckets[networks_hash(t, network) & (t->n_buckets - 1)];
    while (*at && !network_eq((*at)->network, network))
        at = &(*at)->next;
    return at;
}

bool networks_enter(struct networks *t, struct http_network network)
{
    MUST(pthread_mutex_lock(&t->lock) == 0);
    struct entry **at = find(t, network);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        MUST(*at);
        (*at)->network = network;
    }
    bool may = (*at)->connections < t->each_max;
    if (may)
        (*at)->connections++;
    MUST(pthread_mutex_unlock(&t->lock) == 0);
    return may;
}

void networks_leave(struct networks *t, struct http_network network)
{
    MUST(pthread_mutex_lock(&t->lock) == 0);
    struct entry **at = find(t, network);
    MUST(*at && (*at)->connections > 0);
    if (--(*at)->connections == 0) {
        struct entry *gone = *at;
        *at = gone->next;
        free(gone);
    }
    MUST(pthread_mutex_unlock(&t->lock) == 0);
}
