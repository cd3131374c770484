#include "view/theme.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static void close_dir(DIR **d)
{
    if (*d)
        (void)closedir(*d);
}

bool theme_check(const struct theme *t, struct err *e)
{
    if (t->dir.n == 0)
        return true;
    ON_LEAVE(close_fd)
    int fd = open(arena_cstr(t->arena, t->dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_BROKEN, 0, "the theme's folder " STR_FMT ": %s", STR_ARG(t->dir),
                       strerrordesc_np(errno));
    return true;
}

static const struct theme_file *built_in(struct str name)
{
    for (size_t i = 0; i < theme_n_files; i++)
        if (str_eq(str_of(theme_files[i].name), name))
            return &theme_files[i];
    return NULL;
}

/* Reads up to max bytes and one more, which tells that there are too many. */
static bool read_all(int fd, struct buf *b, size_t max)
{
    for (;;) {
        size_t room = max + 1 - b->n < 16 * KiB ? max + 1 - b->n : 16 * KiB;
        char *at = room ? buf_room(b, room) : NULL;
        if (!at)
            return true;
        ssize_t n = read(fd, at, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        b->n += (size_t)n;
    }
}

bool theme_get(const struct theme *t, struct str name, size_t max, struct str *ret_file,
               struct str *ret_text, struct err *e)
{
    const struct theme_file *f = built_in(name);
    struct str path = arena_printf(t->arena, STR_FMT "/" STR_FMT, STR_ARG(t->dir), STR_ARG(name));
    ON_LEAVE(close_fd) int fd = t->dir.n ? open(path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;

    if (fd < 0 && t->dir.n && errno != ENOENT && errno != ENOTDIR)
        return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
    if (fd < 0 && !f)
        return err_set(e, ERR_MISSING, 0, "the theme has no file " STR_FMT, STR_ARG(name));
    if (fd < 0) {
        *ret_file = name;
        *ret_text = (struct str){(const char *)f->bytes, f->n};
        return true;
    }
    struct buf b = buf_in(t->arena, max + 1);
    if (!read_all(fd, &b, max))
        return err_set(e, ERR_BROKEN, 0, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
    if (b.n > max)
        return err_set(e, ERR_INVALID, 0, STR_FMT ":1: the file is too large", STR_ARG(path));
    *ret_file = path;
    *ret_text = buf_str(&b);
    return true;
}

static size_t add_name(struct str *names, size_t n, size_t max, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return n;
    if (n < max)
        names[n++] = name;
    return n;
}

size_t theme_list(const struct theme *t, struct str *ret_names, size_t max)
{
    ON_LEAVE(close_dir) DIR *d = t->dir.n ? opendir(arena_cstr(t->arena, t->dir)) : NULL;
    const struct dirent *entry = NULL;
    size_t n = 0;

    for (size_t i = 0; i < theme_n_files; i++)
        n = add_name(ret_names, n, max, str_of(theme_files[i].name));
    while (d && (entry = readdir(d)))
        if (entry->d_name[0] != '.')
            n = add_name(ret_names, n, max, arena_copy(t->arena, str_of(entry->d_name)));
    return n;
}
