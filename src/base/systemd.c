#include "base/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The variable's value; empty when it is not set. */
static struct str variable(const char *name)
{
    const char *value = getenv(name);
    return value ? str_of(value) : STR_NONE;
}

/* A path counts with the NUL behind it, an abstract name without. */
static bool address_parse(struct str s, struct sockaddr_un *ret_un, socklen_t *ret_n)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    bool is_abstract = str_begins(s, STR("@"));
    if (s.n < 2 || s.n >= sizeof un.sun_path || (!is_abstract && s.p[0] != '/'))
        return false;
    memcpy(un.sun_path, s.p, s.n);
    if (is_abstract)
        un.sun_path[0] = 0;
    *ret_un = un;
    *ret_n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + s.n + (is_abstract ? 0 : 1));
    return true;
}

void systemd_notify(struct str state)
{
    struct sockaddr_un un;
    socklen_t n;
    if (!address_parse(variable("NOTIFY_SOCKET"), &un, &n))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)!sendto(fd, state.p, state.n, MSG_NOSIGNAL, (const struct sockaddr *)&un, n);
    (void)close(fd);
}

static bool sockets_count(size_t *ret_n, struct err *e)
{
    int64_t pid, n;
    struct str fds = variable("LISTEN_FDS");
    *ret_n = 0;
    if (!str_to_int64(variable("LISTEN_PID"), 1, INT32_MAX, &pid) || pid != getpid() || fds.n == 0)
        return true;
    if (!str_to_int64(fds, 0, INT32_MAX - SYSTEMD_FDS_START, &n))
        return err_set(e, ERR_INVALID, 0, "LISTEN_FDS=" STR_FMT ": not a number", STR_ARG(fds));
    for (int fd = SYSTEMD_FDS_START; fd < SYSTEMD_FDS_START + (int)n; fd++) {
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
            return err_set(e, ERR_BROKEN, 0, "LISTEN_FDS=" STR_FMT ": descriptor %d: %s",
                           STR_ARG(fds), fd, strerrordesc_np(errno));
    }
    *ret_n = (size_t)n;
    return true;
}

bool systemd_sockets(size_t *ret_n, struct err *e)
{
    static const char *const variables[] = {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
                                            "LISTEN_PIDFDID"};
    size_t n;
    bool ok = sockets_count(&n, e);
    for (size_t i = 0; i < ARRAY_LEN(variables); i++)
        (void)unsetenv(variables[i]);
    if (ok)
        *ret_n = n;
    return ok;
}
