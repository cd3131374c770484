#include "web/node_key.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/rand.h"

struct node_key {
    pthread_mutex_t lock; /* over `now` */
    struct hash now;
};

struct node_key *node_key_new(void)
{
    struct node_key *k = calloc(1, sizeof *k);
    MUST(k != NULL);
    MUST(pthread_mutex_init(&k->lock, NULL) == 0);
    rand_bytes(k->now.b, sizeof k->now.b);
    return k;
}

void node_key_free(struct node_key **at)
{
    struct node_key *k = *at;
    *at = NULL;
    if (!k)
        return;
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

struct hash node_key_now(struct node_key *k)
{
    MUST(pthread_mutex_lock(&k->lock) == 0);
    struct hash now = k->now;
    MUST(pthread_mutex_unlock(&k->lock) == 0);
    return now;
}

void node_key_set(struct node_key *k, struct hash key)
{
    MUST(pthread_mutex_lock(&k->lock) == 0);
    k->now = key;
    MUST(pthread_mutex_unlock(&k->lock) == 0);
}
