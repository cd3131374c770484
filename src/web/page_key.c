#include "web/page_key.h"

/*
 * The coding, the path and what counts of the query, each with a NUL before it: decoded paths and
 * values hold none.
 */
struct str page_key_print(struct request *rq)
{
    struct buf b = buf_in(rq->arena, CACHE_KEY_BYTES_MAX);
    buf_char(&b, (char)('0' + rq->x->request.accepts));
    buf_char(&b, '\0');
    buf_put(&b, rq->path);
#define P(name)                                                                                    \
    buf_char(&b, '\0');                                                                            \
    buf_put(&b, rq->query.name);
    QUERY_PARAMETERS(P)
#undef P
    return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

bool page_key_read(struct request *rq, struct str key)
{
    struct str coding;
    bool good = str_next(&key, '\0', &coding) && coding.n == 1 && str_next(&key, '\0', &rq->path);
#define P(name) good = good && str_next(&key, '\0', &rq->query.name);
    QUERY_PARAMETERS(P)
#undef P
    if (good)
        rq->x->request.accepts = (enum http_coding)(coding.p[0] - '0');
    return good;
}
