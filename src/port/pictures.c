#include "port/pictures.h"

#include <limits.h>
#include <unistd.h>

#include "port/webp.h"
#include "port/worker.h"

#define WORKER_NAME "aitys-picture"

static const char *const fault_words[] = {
#define FAULT(name, words) [PICTURE_FAULT_##name] = words,
    PICTURE_FAULTS
#undef FAULT
};

bool picture_may_be(struct str bytes, const char **ret_why)
{
    bool is_webp = str_begins(bytes, STR("RIFF")) && bytes.n >= 12 &&
                   str_eq((struct str){bytes.p + 8, 4}, STR("WEBP"));
    bool is_known = is_webp || str_begins(bytes, STR("\xff\xd8\xff")) ||
                    str_begins(bytes, STR("\x89PNG\r\n\x1a\n"));
    *ret_why = fault_words[PICTURE_FAULT_NONE];
    if (!is_known)
        *ret_why = fault_words[PICTURE_FAULT_KIND];
    else if (bytes.n > PICTURE_SOURCE_BYTES_MAX)
        *ret_why = fault_words[PICTURE_FAULT_BYTES];
    return (*ret_why)[0] == 0;
}

bool picture_worker_find(struct arena *a, const char **ret_path, struct err *e)
{
    static const char *const places[] = {"/" WORKER_NAME, "/../libexec/aitys/" WORKER_NAME};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
    struct str folder = {self, n > 0 ? (size_t)n : 0};
    while (folder.n > 0 && folder.p[folder.n - 1] != '/')
        folder.n--;
    for (size_t i = 0; folder.n > 0 && i < ARRAY_LEN(places); i++) {
        struct str path =
            arena_printf(a, STR_FMT "%s", STR_ARG(str_head(folder, folder.n - 1)), places[i]);
        if (access(path.p, X_OK) == 0) {
            *ret_path = path.p;
            return true;
        }
    }
    return err_set(e, ERR_MISSING, 0,
                   WORKER_NAME ": is not installed beside aitys; install both from one package");
}

static bool fail_worker(struct err *e)
{
    return err_set(e, ERR_BROKEN, 0,
                   "the picture's worker ended without an answer; the picture may need too much "
                   "memory or time, make it smaller");
}

/* Believes nothing: the worker has read a stranger's file. */
static bool take_answer(struct arena *a, struct str bytes, struct picture_made *ret_made,
                        struct err *e)
{
    struct picture_answer answer;
    if (bytes.n < sizeof(answer))
        return fail_worker(e);
    memcpy(&answer, bytes.p, sizeof(answer));
    if (memcmp(answer.magic, PICTURE_MAGIC, sizeof(answer.magic)) != 0 ||
        answer.fault >= ARRAY_LEN(fault_words) || answer.n > PICTURE_SIZES_MAX)
        return fail_worker(e);
    if (answer.fault != PICTURE_FAULT_NONE)
        return err_set(e, answer.fault == PICTURE_FAULT_SANDBOX ? ERR_BROKEN : ERR_INVALID, 0, "%s",
                       fault_words[answer.fault]);
    struct picture_made made = {.n_sizes = answer.n};
    struct str rest = str_from(bytes, sizeof(answer));
    int64_t *widths = ARENA_ARRAY(a, int64_t, answer.n);
    for (size_t i = 0; i < answer.n; i++) {
        const struct picture_answer_size *size = &answer.sizes[i];
        struct str given = str_head(rest, size->bytes), file;
        uint32_t width, height;
        if (given.n != size->bytes || !webp_bare(a, given, &file, &width, &height) ||
            width != size->width || height != size->height || (i > 0 && width <= widths[i - 1]))
            return fail_worker(e);
        rest = str_from(rest, given.n);
        widths[i] = width;
        made.sizes[i] = (struct picture_bytes){.width = width, .bytes = file};
        made.picture = (struct picture){.hash = hash_of(file), .width = width, .height = height};
    }
    if (answer.n == 0 || rest.n > 0)
        return fail_worker(e);
    made.picture.extension = STR("webp");
    made.picture.widths = widths;
    made.picture.n_widths = answer.n;
    *ret_made = made;
    return true;
}

bool picture_make(struct arena *a, const char *worker, struct str source,
                  struct picture_made *ret_made, struct err *e)
{
    struct str answer;
    if (!worker_run(a, worker, source, PICTURE_ANSWER_BYTES_MAX + sizeof(struct picture_answer),
                    &answer, e))
        return false;
    return take_answer(a, answer, ret_made, e);
}
