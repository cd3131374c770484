/*
 * The first step of publishing: all files, by themselves and against each other.
 */
#include "base/buf.h"
#include "config/file.h"
#include "port/publish.h"

/* Changes when the same files would be stored differently, so that all are stored anew. */
#define SOURCE_MARK "aitys-edition/1\n"

static struct publish_picture *find_picture(const struct publish *p, struct str real)
{
    for (size_t i = 0; i < p->n_pictures; i++)
        if (str_eq(p->pictures[i]->real, real))
            return p->pictures[i];
    return NULL;
}

/* Reads a picture's file once, for its hash and its kind; the bytes are not kept. */
static void look_at_picture(struct publish *p, struct publish_picture *picture, struct str name)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str bytes;
    struct err e;
    const char *why;
    struct str where = picture->named_by->where;
    if (!file_read(a, picture->real, PICTURE_SOURCE_BYTES_MAX, &bytes, &e)) {
        if (e.kind == ERR_TOO_LARGE)
            fault_add(&p->faults, where, picture->line,
                      "file: " STR_FMT ": has more than 20 MiB; save it smaller", STR_ARG(name));
        else
            fault_add(&p->faults, where, picture->line, "file: %s", e.why);
        return;
    }
    if (!picture_may_be(bytes, &why)) {
        fault_add(&p->faults, where, picture->line, "file: " STR_FMT " %s", STR_ARG(name), why);
        return;
    }
    picture->source = hash_of(bytes);
    picture->is_good = true;
}

static struct publish_picture *take_picture(struct publish *p, const struct publish_file *file,
                                            const struct front_picture *named)
{
    struct str real;
    struct err e;
    if (!walk_resolve(&p->walk, p->arena, file->real, named->file, &real, &e)) {
        fault_add(&p->faults, file->shown, named->line, "file: %s", e.why);
        return NULL;
    }
    struct publish_picture *picture = find_picture(p, real);
    if (!picture) {
        picture = ARENA_NEW(p->arena, struct publish_picture);
        *picture =
            (struct publish_picture){.real = real, .named_by = &file->front, .line = named->line};
        /* An array of pointers, so that they stay where they are.
         * NOLINTNEXTLINE(bugprone-sizeof-expression) */
        *ARENA_PUSH(p->arena, p->pictures, p->n_pictures, p->pictures_capacity) = picture;
        look_at_picture(p, picture, named->file);
    }
    return picture;
}

/* Finds the pictures, and the hash that tells whether anything changed. */
static void take_pictures(struct publish *p, struct publish_file *file, struct str bytes)
{
    size_t n = file->front.n_pictures;
    struct buf all = buf_in(p->arena, 4 * KiB);
    struct hash own = hash_of(bytes);
    file->pictures = ARENA_ARRAY(p->arena, struct publish_picture *, n);
    buf_put(&all, STR(SOURCE_MARK));
    buf_put(&all, (struct str){(const char *)own.b, HASH_BYTES});
    for (size_t i = 0; i < n; i++) {
        struct publish_picture *picture = take_picture(p, file, &file->front.pictures[i]);
        file->pictures[i] = picture;
        if (!picture)
            continue;
        buf_put(&all, (struct str){(const char *)picture->source.b, HASH_BYTES});
    }
    file->source = hash_of(buf_str(&all));
}

static bool is_read_me(struct str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return str_begins(str_from(path, n), STR("README"));
}

static void check_language(struct publish *p, const struct publish_file *file)
{
    const struct setting_list *languages = &p->settings->site_languages;
    for (size_t i = 0; i < languages->n; i++)
        if (str_eq(languages->items[i], file->front.lang))
            return;
    fault_add(&p->faults, file->shown, front_line(&file->front, "lang"),
              "lang: \"" STR_FMT "\" is not among the settings' site.languages; add it there or "
              "correct it",
              STR_ARG(file->front.lang));
}

static void read_one(struct publish *p, const struct walk_file *found)
{
    struct str bytes;
    struct err e;
    if (!file_read(p->arena, found->real, FRONT_FILE_BYTES_MAX, &bytes, &e)) {
        if (e.kind == ERR_TOO_LARGE)
            fault_add(&p->faults, found->shown, 0, "has more than 2 MiB; split it");
        else
            fault_add(&p->faults, found->shown, 0, "%s", e.why);
        return;
    }
    if (!front_is_there(bytes) && is_read_me(found->shown)) {
        fault_add(&p->notes, found->shown, 0, "has no front matter; passed over");
        return;
    }
    struct publish_file *file = &p->files[p->n_files++];
    *file = (struct publish_file){.shown = found->shown, .real = found->real};
    file->is_good = front_read(bytes, file->shown, &p->faults, &file->front);
    if (!file->is_good)
        return;
    check_language(p, file);
    take_pictures(p, file, bytes);
}

/* What must be there once only. */
struct name {
    const struct publish_file *file;
    const char *field;
    struct str a, b;
};

static int by_name(const void *x, const void *y)
{
    const struct name *a = x, *b = y;
    int order = (int)a->file->front.kind - (int)b->file->front.kind;
    if (order == 0)
        order = str_cmp(a->a, b->a);
    if (order == 0)
        order = str_cmp(a->b, b->b);
    return order != 0 ? order : (a->file > b->file) - (a->file < b->file);
}

static void check_once(struct publish *p, struct name *names, size_t n, const char *what)
{
    if (n > 1)
        qsort(names, n, sizeof(*names), by_name);
    for (size_t i = 1; i < n; i++) {
        const struct front *f = &names[i].file->front, *first = &names[i - 1].file->front;
        if (f->kind != first->kind || !str_eq(names[i].a, names[i - 1].a) ||
            !str_eq(names[i].b, names[i - 1].b))
            continue;
        fault_add(&p->faults, f->where, front_line(f, names[i].field),
                  "%s: \"" STR_FMT "\" (" STR_FMT ") %s, too: " STR_FMT ":%zu; change one of them",
                  names[i].field, STR_ARG(names[i].a), STR_ARG(names[i].b), what,
                  STR_ARG(first->where), front_line(first, names[i].field));
    }
}

/* The editions of one article that say something of its conversation must say the same. */
static void check_conversations(struct publish *p, const struct name *by_key, size_t n)
{
    const struct front *said = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct front *f = &by_key[i].file->front;
        if (f->kind != FRONT_ARTICLE)
            continue;
        if (said && !str_eq(said->key, f->key))
            said = NULL;
        if (said && f->has_mode && f->mode != said->mode)
            fault_add(&p->faults, f->where, front_line(f, "conversation"),
                      "conversation: is another one than in " STR_FMT
                      ":%zu; the editions of an article share one",
                      STR_ARG(said->where), front_line(said, "conversation"));
        if (!said && f->has_mode)
            said = f;
    }
}

static void check_together(struct publish *p)
{
    struct name *keys = ARENA_ARRAY(p->arena, struct name, p->n_files);
    struct name *slugs = ARENA_ARRAY(p->arena, struct name, p->n_files);
    size_t n = 0;
    for (size_t i = 0; i < p->n_files; i++) {
        const struct publish_file *file = &p->files[i];
        if (!file->is_good)
            continue;
        keys[n] = (struct name){file, front_kind_name(file->front.kind), file->front.key,
                                file->front.lang};
        slugs[n++] = (struct name){file, "slug", file->front.slug, file->front.lang};
    }
    check_once(p, keys, n, "is the key of another file");
    check_once(p, slugs, n, "is the slug of another file");
    check_conversations(p, keys, n);
}

void publish_read(struct arena *a, const struct settings *settings, const struct str *paths,
                  size_t n_paths, struct publish *ret_publish)
{
    struct publish *p = ret_publish;
    *p = (struct publish){
        .arena = a, .settings = settings, .faults = {.arena = a}, .notes = {.arena = a}};
    walk_find(paths, n_paths, &p->faults, &p->walk);
    p->files = ARENA_ARRAY(a, struct publish_file, p->walk.n);
    for (size_t i = 0; i < p->walk.n; i++)
        read_one(p, &p->walk.files[i]);
    check_together(p);
}
