#include "port/walk.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/file.h"

/* The walk under way. Folders wait in a list, so that depth costs no stack. */
struct walking {
    struct arena *arena;
    struct faults *faults;
    struct walk *walk;
    size_t capacity, roots_capacity;
    struct folder {
        struct str shown;
        size_t depth;
    } * folders;
    size_t n_folders, folders_capacity;
};

static bool real_path(struct arena *a, struct str path, struct str *ret_real)
{
    char real[PATH_MAX];
    if (!realpath(arena_cstr(a, path), real))
        return false;
    *ret_real = arena_copy(a, str_of(real));
    return true;
}

static struct str folder_of(struct str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return n <= 1 ? str_head(path, n) : str_head(path, n - 1);
}

static bool is_beneath(struct str real, struct str root)
{
    if (str_eq(root, STR("/")))
        return true;
    return str_begins(real, root) && (real.n == root.n || real.p[root.n] == '/');
}

static bool is_allowed(const struct walk *w, struct str real)
{
    for (size_t i = 0; i < w->n_roots; i++)
        if (is_beneath(real, w->roots[i]))
            return true;
    return false;
}

static void add_root(struct walking *k, struct str real)
{
    *ARENA_PUSH(k->arena, k->walk->roots, k->walk->n_roots, k->roots_capacity) = real;
}

static void add_file(struct walking *k, struct str shown, struct str real)
{
    if (k->walk->n == WALK_FILES_MAX) {
        fault_add(k->faults, shown, 0, "more than %d files at once; publish folder by folder",
                  WALK_FILES_MAX);
        return;
    }
    *ARENA_PUSH(k->arena, k->walk->files, k->walk->n, k->capacity) =
        (struct walk_file){shown, real};
}

/* One name in a folder that is walked. */
static void take_name(struct walking *k, const struct folder *folder, struct str name)
{
    struct str shown = file_path(k->arena, folder->shown, name), real;
    struct stat about;
    if (lstat(shown.p, &about) != 0 || !real_path(k->arena, shown, &real)) {
        if (str_ends(name, STR(".md")))
            fault_add(k->faults, shown, 0, "%s", strerrordesc_np(errno));
        return;
    }
    if (S_ISDIR(about.st_mode) && folder->depth == WALK_DEPTH_MAX)
        fault_add(k->faults, shown, 0, "folders are nested more than %d deep", WALK_DEPTH_MAX);
    else if (S_ISDIR(about.st_mode))
        *ARENA_PUSH(k->arena, k->folders, k->n_folders, k->folders_capacity) =
            (struct folder){shown, folder->depth + 1};
    else if (!str_ends(name, STR(".md")))
        return;
    else if (!is_allowed(k->walk, real))
        fault_add(k->faults, shown, 0,
                  "is a link that leads out of the folder; copy the file into it");
    else
        add_file(k, shown, real);
}

static void walk_folder(struct walking *k, struct folder folder)
{
    struct dirent **names;
    int n = scandir(arena_cstr(k->arena, folder.shown), &names, NULL, NULL);
    if (n < 0) {
        fault_add(k->faults, folder.shown, 0, "%s", strerrordesc_np(errno));
        return;
    }
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.')
            take_name(k, &folder, arena_copy(k->arena, str_of(names[i]->d_name)));
        free(names[i]);
    }
    free(names);
}

static int by_shown(const void *a, const void *b)
{
    const struct walk_file *x = a, *y = b;
    return str_cmp(x->shown, y->shown);
}

static int by_real(const void *a, const void *b)
{
    const struct walk_file *const *x = a, *const *y = b;
    int order = str_cmp((*x)->real, (*y)->real);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* Each file once, where it was found first. */
static void drop_repeats(struct walking *k)
{
    struct walk *w = k->walk;
    const struct walk_file **sorted = ARENA_ARRAY(k->arena, const struct walk_file *, w->n);
    bool *is_repeat = ARENA_ARRAY(k->arena, bool, w->n);
    for (size_t i = 0; i < w->n; i++)
        sorted[i] = &w->files[i];
    if (w->n > 1)
        qsort(sorted, w->n, sizeof(struct walk_file *), by_real);
    for (size_t i = 1; i < w->n; i++)
        is_repeat[sorted[i] - w->files] = str_eq(sorted[i]->real, sorted[i - 1]->real);
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (!is_repeat[i])
            w->files[n++] = w->files[i];
    w->n = n;
}

static void take_argument(struct walking *k, struct str path)
{
    struct stat about;
    struct str real;
    if (stat(arena_cstr(k->arena, path), &about) != 0 || !real_path(k->arena, path, &real)) {
        fault_add(k->faults, path, 0, "%s", strerrordesc_np(errno));
        return;
    }
    if (!S_ISDIR(about.st_mode)) {
        add_root(k, folder_of(real));
        add_file(k, path, real);
        return;
    }
    add_root(k, real);
    size_t first = k->walk->n;
    k->n_folders = 0;
    *ARENA_PUSH(k->arena, k->folders, k->n_folders, k->folders_capacity) = (struct folder){path, 0};
    while (k->n_folders > 0)
        walk_folder(k, k->folders[--k->n_folders]);
    if (k->walk->n > first + 1)
        qsort(k->walk->files + first, k->walk->n - first, sizeof(*k->walk->files), by_shown);
}

void walk_find(const struct str *paths, size_t n, struct faults *faults, struct walk *ret_walk)
{
    *ret_walk = (struct walk){0};
    struct walking k = {.arena = faults->arena, .faults = faults, .walk = ret_walk};
    struct str here;
    /* A service begins in "/": that would allow everything. */
    if (real_path(k.arena, STR("."), &here) && !str_eq(here, STR("/")))
        add_root(&k, here);
    for (size_t i = 0; i < n; i++)
        take_argument(&k, paths[i]);
    drop_repeats(&k);
}

bool walk_resolve(const struct walk *w, struct arena *a, struct str from, struct str name,
                  struct str *ret_real, struct err *e)
{
    struct str real, path = file_path(a, folder_of(from), name);
    if (!real_path(a, path, &real))
        return err_set(e, ERR_MISSING, 0, STR_FMT ": %s", STR_ARG(name), strerrordesc_np(errno));
    if (!is_allowed(w, real))
        return err_set(e, ERR_DENIED, 0,
                       STR_FMT ": is outside of the published folder; put it into the folder, or "
                               "name a folder that holds both",
                       STR_ARG(name));
    *ret_real = real;
    return true;
}
