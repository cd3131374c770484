#include "db/inner.h"

bool pool_open(struct db *db, struct err *e)
{
    struct pool *pool = &db->pool;
    for (size_t i = 0; i < db->o.readers; i++) {
        struct conn *c = NULL;
        if (!db->engine->open(db, false, &c, e))
            return false;
        c->next = pool->free;
        pool->free = c;
        pool->n++;
        pool->n_free++;
    }
    if (db->o.replica.n == 0 || !db->engine->open_near)
        return true;
    for (size_t i = 0; i < db->o.readers; i++) {
        struct conn *c = db->engine->open_near(db);
        c->next = db->near.free;
        db->near.free = c;
        db->near.n++;
        db->near.n_free++;
    }
    return true;
}

static void close_all(struct db *db, struct pool *pool)
{
    MUST(pool->n_free == pool->n);
    while (pool->free) {
        struct conn *c = pool->free;
        pool->free = c->next;
        db->engine->close(&c);
    }
    pool->n = pool->n_free = 0;
}

void pool_close(struct db *db)
{
    close_all(db, &db->pool);
    close_all(db, &db->near);
}

struct conn *pool_try(struct pool *pool)
{
    lock_take(&pool->lock);
    struct conn *c = pool->free;
    if (c) {
        pool->free = c->next;
        pool->n_free--;
    }
    lock_give(&pool->lock);
    return c;
}

bool pool_take(struct db *db, struct conn **ret_conn, struct err *e)
{
    struct pool *pool = &db->pool;
    int64_t until_ms = 0;
    lock_take(&pool->lock);
    bool in_time = true;
    while ((pool->held || !pool->free) && in_time) {
        if (until_ms == 0)
            until_ms = ticks_ms() + db->o.busy_ms;
        in_time = lock_wait(&pool->changed, &pool->lock, until_ms);
    }
    struct conn *c = pool->held ? NULL : pool->free;
    if (c) {
        pool->free = c->next;
        pool->n_free--;
    }
    lock_give(&pool->lock);
    if (!c)
        return err_set(e, ERR_BUSY, 0, "all %zu readers were busy for %" PRId64 " ms", pool->n,
                       db->o.busy_ms);
    *ret_conn = c;
    return true;
}

void pool_give(struct pool *pool, struct conn *c)
{
    lock_take(&pool->lock);
    c->next = pool->free;
    pool->free = c;
    pool->n_free++;
    /* While held, the one who waits is the holder, among takers who must not be woken instead. */
    if (pool->held)
        MUST(pthread_cond_broadcast(&pool->changed) == 0);
    else
        MUST(pthread_cond_signal(&pool->changed) == 0);
    lock_give(&pool->lock);
}

bool pool_hold(struct db *db, int64_t wait_ms)
{
    struct pool *pool = &db->pool;
    int64_t until_ms = ticks_ms() + wait_ms;
    lock_take(&pool->lock);
    pool->held = true;
    while (pool->n_free < pool->n && lock_wait(&pool->changed, &pool->lock, until_ms))
        ;
    bool all_free = pool->n_free == pool->n;
    lock_give(&pool->lock);
    return all_free;
}

void pool_release(struct db *db)
{
    struct pool *pool = &db->pool;
    lock_take(&pool->lock);
    pool->held = false;
    MUST(pthread_cond_broadcast(&pool->changed) == 0);
    lock_give(&pool->lock);
}
