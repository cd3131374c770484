#include "web/pool.h"

#include <stdatomic.h>
#include <stddef.h>

#include "tests/lib/unit.h"

static _Atomic int done;

static void count_one(struct pool_job *job)
{
    (void)job;
    atomic_fetch_add(&done, 1);
}

static void all_jobs_are_done_before_the_end(void **state)
{
    (void)state;
    static struct pool_job jobs[1000];
    struct pool *p = pool_new("test", 3, 2000);
    atomic_store(&done, 0);
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        jobs[i].run = count_one;
        assert_true(pool_add(p, &jobs[i]));
    }
    pool_end(p);
    assert_int_equal(done, 1000);
    assert_false(pool_add(p, &jobs[0]));
    pool_free(&p);
    assert_null(p);
}

static void a_full_queue_refuses(void **state)
{
    (void)state;
    static struct pool_job jobs[3];
    struct pool *p = pool_new("test", 0, 2); /* nobody takes */
    assert_true(pool_add(p, &jobs[0]));
    assert_true(pool_add(p, &jobs[1]));
    assert_false(pool_add(p, &jobs[2]));
    pool_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_jobs_are_done_before_the_end),
        cmocka_unit_test(a_full_queue_refuses),
    };
    return RUN_TESTS(tests);
}
