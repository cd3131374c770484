#include "base/rand.h"

#include <errno.h>
#include <sys/random.h>

#include "base/must.h"

void rand_bytes(void *ret_bytes, size_t n)
{
    char *p = ret_bytes;
    while (n) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        MUST(got > 0);
        p += got;
        n -= (size_t)got;
    }
}
