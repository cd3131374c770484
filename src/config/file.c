#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void fd_close(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum err_kind kind_of_errno(void)
{
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
        return ERR_MISSING;
    if (errno == EACCES || errno == EPERM)
        return ERR_DENIED;
    return errno == EEXIST ? ERR_CONFLICT : ERR_BROKEN;
}

bool file_read(struct arena *a, struct str path, size_t max_bytes, struct str *ret_bytes,
               struct err *e)
{
    /* Not waiting on a FIFO that somebody left there. */
    ON_LEAVE(fd_close) int fd = open(arena_cstr(a, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(e, kind_of_errno(), 0, STR_FMT ": %s", STR_ARG(path),
                       strerrordesc_np(errno));
    struct stat about;
    if (fstat(fd, &about) != 0)
        return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
    if (!S_ISREG(about.st_mode))
        return err_set(e, ERR_MISSING, 0, STR_FMT ": is not a regular file", STR_ARG(path));
    if (about.st_size < 0 || (uint64_t)about.st_size > max_bytes)
        return err_set(e, ERR_TOO_LARGE, 0, STR_FMT ": has more than %zu bytes", STR_ARG(path),
                       max_bytes);
    /* One byte more than expected, so that a file that grew meanwhile is noticed. */
    size_t room = (size_t)about.st_size + 1, n = 0;
    char *bytes = arena_take(a, room + 1);
    while (n < room) {
        ssize_t got = read(fd, bytes + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
        if (got == 0)
            break;
        n += (size_t)got;
    }
    if (n == room)
        return err_set(e, ERR_BROKEN, 0, STR_FMT ": grew while it was read; try again",
                       STR_ARG(path));
    bytes[n] = 0;
    *ret_bytes = (struct str){bytes, n};
    return true;
}

bool file_write_new(struct arena *a, struct str path, unsigned mode, struct str bytes,
                    struct err *e)
{
    const char *name = arena_cstr(a, path);
    ON_LEAVE(fd_close)
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return err_set(e, kind_of_errno(), 0, STR_FMT ": %s", STR_ARG(path),
                       strerrordesc_np(errno));
    for (size_t n = 0; n < bytes.n;) {
        ssize_t put = write(fd, bytes.p + n, bytes.n - n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
        n += (size_t)put;
    }
    if (fsync(fd) != 0)
        return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
    return true;
}

struct str file_path(struct arena *a, struct str dir, struct str name)
{
    if (dir.n == 0 || str_begins(name, STR("/")))
        return arena_copy(a, name);
    if (str_ends(dir, STR("/")))
        return arena_printf(a, STR_FMT STR_FMT, STR_ARG(dir), STR_ARG(name));
    return arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name));
}
