/*
 * Waiting for the server's answers. A machine that is gone is noticed by the system; a server that
 * is there and says nothing, frozen or out of reach of its disk, is not: who waits gives it up.
 */
#include "db/postgres.h"

#include <errno.h>
#include <poll.h>

#define LOOK_MS 250      /* how often to look whether others hear the server */
#define GRACE_MS 1000    /* beyond what a statement may take */
#define STANDBY_MS 30000 /* a COMMIT may wait so long for the servers that follow */

/* Whether the server has said nothing for longer than it could have reason to. */
static bool is_given_up(struct pg_conn *c, int64_t silent_ms)
{
    if (c->statement_ms == 0)
        return false;
    if (silent_ms < c->statement_ms + GRACE_MS)
        return false;
    return !c->base.writes || silent_ms >= STANDBY_MS || pg_is_deaf(c->base.db);
}

/* Sends what is left to send and takes what has come, for a moment. False: the connection broke. */
static bool talk(struct pg_conn *c, bool *ret_heard)
{
    int unsent = pq.PQflush(c->pg);
    struct pollfd fd = {.fd = pq.PQsocket(c->pg),
                        .events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))};
    *ret_heard = false;
    if (unsent < 0)
        return false;
    int n = poll(&fd, 1, LOOK_MS);
    if (n < 0)
        return errno == EINTR;
    *ret_heard = n > 0;
    return !(fd.revents & ~POLLOUT) || pq.PQconsumeInput(c->pg);
}

bool pg_await(struct pg_conn *c)
{
    int64_t since_ms = ticks_ms();
    bool heard;
    while (pq.PQisBusy(c->pg)) {
        if (!talk(c, &heard))
            return false;
        int64_t now_ms = ticks_ms();
        if (heard)
            since_ms = now_ms;
        else if (is_given_up(c, now_ms - since_ms))
            return false;
    }
    return true;
}
