#include "domain/comments.h"
#include "domain/inner.h"

struct hash rater_of(const struct domain *d, struct thread_id thread, struct str token)
{
    return domain_hash(d, STR("rater"), thread.v, 0, token);
}

bool rating_get(const struct domain *d, struct tx *tx, struct thread_id thread, struct hash rater,
                int *ret_answer, struct err *e)
{
    struct rating_get_in in = {d->site.id.v, thread.v, hash_str(&rater)};
    struct rating_get_out row;
    bool found;
    if (!sql_rating_get(tx, &in, &row, &found, e))
        return false;
    *ret_answer = found ? (int)row.answer : -1;
    return true;
}

bool rating_set(const struct domain *d, struct tx *tx, struct thread_id thread, struct hash rater,
                bool likes, struct err *e)
{
    struct thread_lock_out row;
    int before;
    if (!thread_lock(d, tx, thread, &row, e) || !rating_get(d, tx, thread, rater, &before, e))
        return false;
    int after = likes ? 1 : 0;
    if (before == after)
        return true;
    struct rating_put_in in = {d->site.id.v, thread.v, hash_str(&rater), after};
    struct thread_delta delta = {
        .yes = (after == 1) - (before == 1), .no = (after == 0) - (before == 0), .revs = 1};
    return sql_rating_put(tx, &in, NULL, e) && thread_change(d, tx, thread, &delta, e);
}
