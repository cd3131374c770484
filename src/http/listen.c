#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/systemd.h"

#define BACKLOG 4096 /* the kernel cuts it at net.core.somaxconn */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static bool unix_parse(struct str path, struct place *ret_place)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    if (path.n == 0 || path.n >= sizeof un.sun_path || str_find_char(path, 0) >= 0)
        return false;
    memcpy(un.sun_path, path.p, path.n);
    ret_place->is_unix = true;
    ret_place->n = sizeof un;
    memcpy(&ret_place->address, &un, sizeof un);
    return true;
}

static bool ip_parse(struct str host, int64_t port, struct place *ret_place)
{
    char text[INET6_ADDRSTRLEN];
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    bool in_brackets = host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    if (in_brackets)
        host = (struct str){host.p + 1, host.n - 2};
    if (host.n == 0 || host.n >= sizeof text || str_find_char(host, 0) >= 0)
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = 0;
    if (!in_brackets && inet_pton(AF_INET, text, &in.sin_addr) == 1) {
        memcpy(&ret_place->address, &in, ret_place->n = sizeof in);
        return true;
    }
    if (in_brackets && inet_pton(AF_INET6, text, &in6.sin6_addr) == 1) {
        memcpy(&ret_place->address, &in6, ret_place->n = sizeof in6);
        return true;
    }
    return false;
}

bool listen_place_parse(struct str s, struct place *ret_place, struct err *e)
{
    struct place p = {0};
    if (str_begins(s, STR("unix:"))) {
        if (!unix_parse(str_from(s, 5), &p))
            return err_set(e, ERR_INVALID, 0, "listen " STR_FMT ": not a socket path", STR_ARG(s));
        *ret_place = p;
        return true;
    }
    size_t at = s.n;
    while (at && s.p[at - 1] != ':')
        at--;
    int64_t port;
    if (at == 0 || !str_to_int64(str_from(s, at), 0, 65535, &port) ||
        !ip_parse(str_head(s, at - 1), port, &p))
        return err_set(e, ERR_INVALID, 0,
                       "listen " STR_FMT ": expected address:port, [address]:port or unix:/path",
                       STR_ARG(s));
    *ret_place = p;
    return true;
}

void place_set_port(struct place *p, int port)
{
    /* The port stands at the same offset in both. */
    _Static_assert(offsetof(struct sockaddr_in, sin_port) ==
                       offsetof(struct sockaddr_in6, sin6_port),
                   "ports at different offsets");
    uint16_t wire = htons((uint16_t)port);
    memcpy((char *)&p->address + offsetof(struct sockaddr_in, sin_port), &wire, sizeof wire);
}

static bool fail(struct err *e, const char *what)
{
    enum err_kind kind = errno == EADDRINUSE                 ? ERR_BUSY
                         : errno == EACCES || errno == EPERM ? ERR_DENIED
                         : errno == EADDRNOTAVAIL            ? ERR_INVALID
                                                             : ERR_BROKEN;
    return err_set(e, kind, 0, "%s: %s", what, strerrordesc_np(errno));
}

static bool set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/*
 * SO_REUSEPORT would let a second server of the same user share the port unnoticed. So the first
 * socket is bound once without it, to hear whether somebody listens there.
 */
static bool is_free(const struct place *p, struct err *e)
{
    ON_LEAVE(close_fd) int fd = socket(p->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !set(fd, SOL_SOCKET, SO_REUSEADDR, 1) || bind(fd, &p->address.any, p->n) != 0)
        return fail(e, "listen");
    return true;
}

/* Removes a socket file that nobody listens at. */
static void unix_clear(const struct place *p)
{
    struct stat st;
    const struct sockaddr_un *un = (const struct sockaddr_un *)(const void *)&p->address;
    if (lstat(un->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    ON_LEAVE(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, &p->address.any, p->n) != 0 && errno == ECONNREFUSED)
        (void)unlink(un->sun_path);
}

static bool begin(const struct place *p, int fd, struct err *e)
{
    /* Accepted sockets inherit TCP_NODELAY: one system call less for each of them. */
    if (!p->is_unix &&
        (!set(fd, SOL_SOCKET, SO_REUSEADDR, 1) || !set(fd, SOL_SOCKET, SO_REUSEPORT, 1) ||
         !set(fd, IPPROTO_TCP, TCP_NODELAY, 1)))
        return fail(e, "setsockopt");
    if (bind(fd, &p->address.any, p->n) != 0 || listen(fd, BACKLOG) != 0)
        return fail(e, "listen");
    return true;
}

bool listen_open(const struct place *p, bool first, int *ret_fd, struct err *e)
{
    if (p->is_unix)
        unix_clear(p);
    else if (first && !is_free(p, e))
        return false;
    int fd = socket(p->address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(e, "socket");
    if (!begin(p, fd, e)) {
        (void)close(fd);
        return false;
    }
    *ret_fd = fd;
    return true;
}

/* What a socket's option says; -1 when it is no socket. */
static int option_of(int fd, int option)
{
    int value = -1;
    socklen_t n = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &n) == 0 ? value : -1;
}

bool listen_take(size_t nth, int *ret_fd, bool *ret_is_unix, struct err *e)
{
    int fd = SYSTEMD_FDS_START + (int)nth;
    int domain = option_of(fd, SO_DOMAIN);
    bool is_unix = domain == AF_UNIX;
    if ((!is_unix && domain != AF_INET && domain != AF_INET6) ||
        option_of(fd, SO_TYPE) != SOCK_STREAM || option_of(fd, SO_ACCEPTCONN) != 1)
        return err_set(e, ERR_INVALID, 0, "socket %zu passed by systemd: not a listening stream",
                       nth);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        (!is_unix && !set(fd, IPPROTO_TCP, TCP_NODELAY, 1)))
        return fail(e, "socket passed by systemd");
    *ret_fd = fd;
    *ret_is_unix = is_unix;
    return true;
}

int listen_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage whole;
    } a = {0};
    socklen_t n = sizeof a;
    if (getsockname(fd, &a.any, &n) != 0 || a.any.sa_family == AF_UNIX)
        return 0;
    return ntohs(a.any.sa_family == AF_INET ? a.in.sin_port : a.in6.sin6_port);
}
