#include "web/bucket.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/must.h"
#include "base/rand.h"

#define SETS 8192
#define WAYS 4
#define DAY_MS (INT64_C(86400) * 1000)
#define HOUR_MS (INT64_C(3600) * 1000)

struct bucket {
    uint64_t who;  /* 0: unused */
    int64_t left;  /* thousandths */
    int64_t at_ms; /* when `left` was true */
};

struct buckets {
    pthread_mutex_t lock;
    uint8_t key[HASH_TABLE_KEY_BYTES];
    int64_t key_since_ms;
    struct bucket sets[SETS][WAYS];
};

struct buckets *buckets_new(void)
{
    struct buckets *b = calloc(1, sizeof *b);
    MUST(b != NULL);
    MUST(pthread_mutex_init(&b->lock, NULL) == 0);
    rand_bytes(b->key, sizeof b->key);
    b->key_since_ms = -1;
    return b;
}

void buckets_free(struct buckets **at)
{
    if (!*at)
        return;
    (void)pthread_mutex_destroy(&(*at)->lock);
    free(*at);
    *at = NULL;
}

static void renew_key(struct buckets *b, int64_t now_ms)
{
    if (b->key_since_ms >= 0 && now_ms - b->key_since_ms < DAY_MS)
        return;
    if (b->key_since_ms >= 0) {
        rand_bytes(b->key, sizeof b->key);
        memset(b->sets, 0, sizeof b->sets);
    }
    b->key_since_ms = now_ms;
}

static uint64_t who_hash(const struct buckets *b, int class, struct str who)
{
    char text[32];
    size_t n = who.n < sizeof text - 1 ? who.n : sizeof text - 1;
    text[0] = (char)class;
    if (n > 0)
        memcpy(text + 1, who.p, n);
    uint64_t h = hash_table(b->key, (struct str){text, n + 1});
    return h ? h : 1;
}

/*
 * The bucket of who. When its set is full, the one that is fullest, and so matters least, gives
 * way: many networks cannot empty the memory of one that was busy.
 */
static struct bucket *bucket_of(struct buckets *b, uint64_t who, int64_t burst, int64_t now_ms)
{
    struct bucket *set = b->sets[who % SETS];
    struct bucket *victim = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].who == who)
            return &set[i];
        if (set[i].who == 0) {
            victim = &set[i];
            break;
        }
        if (set[i].left > victim->left)
            victim = &set[i];
    }
    *victim = (struct bucket){.who = who, .left = burst * 1000, .at_ms = now_ms};
    return victim;
}

bool bucket_take(struct buckets *b, int class, struct str who, struct bucket_rate rate,
                 int64_t now_ms, int64_t *ret_wait_s)
{
    MUST(pthread_mutex_lock(&b->lock) == 0);
    renew_key(b, now_ms);
    struct bucket *mine = bucket_of(b, who_hash(b, class, who), rate.burst, now_ms);
    int64_t passed = now_ms - mine->at_ms;
    if (passed > HOUR_MS * rate.burst) /* long enough to be full at any rate of 1 an hour or more */
        passed = HOUR_MS * rate.burst;
    int64_t gained = passed * rate.per_hour / (HOUR_MS / 1000);
    mine->left += gained;
    mine->at_ms += gained * (HOUR_MS / 1000) / rate.per_hour; /* what is less than one stays */
    if (mine->left >= rate.burst * 1000) {
        mine->left = rate.burst * 1000;
        mine->at_ms = now_ms;
    }
    bool is_allowed = mine->left >= 1000;
    if (is_allowed)
        mine->left -= 1000;
    else
        *ret_wait_s = (1000 - mine->left) * (HOUR_MS / 1000) / rate.per_hour / 1000 + 1;
    MUST(pthread_mutex_unlock(&b->lock) == 0);
    return is_allowed;
}
