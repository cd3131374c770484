#include "domain/path.h"

#include "base/must.h"

/* How many bytes a number takes, by its first byte; 0: no number begins so. */
static size_t number_bytes(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc0)
        return 2;
    if (first < 0xe0)
        return 3;
    return first < 0xf0 ? 4 : 0;
}

static const int64_t least_of_bytes[PATH_NUMBER_BYTES_MAX + 1] = {0, 0, 1 << 7, 1 << 14, 1 << 21};
static const uint8_t lead_of_bytes[PATH_NUMBER_BYTES_MAX + 1] = {0, 0, 0x80, 0xc0, 0xe0};

static size_t number_put(char *p, int64_t number)
{
    MUST(number >= 1 && number <= COMMENT_NUMBER_MAX);
    size_t n = 1;
    while (n < PATH_NUMBER_BYTES_MAX && number >= least_of_bytes[n + 1])
        n++;
    for (size_t i = n; i-- > 0; number >>= 8)
        p[i] = (char)(uint8_t)number;
    p[0] = (char)((uint8_t)p[0] | lead_of_bytes[n]);
    return n;
}

static bool number_next(struct str *rest, int64_t *ret_number)
{
    if (rest->n == 0)
        return false;
    const uint8_t *p = (const uint8_t *)rest->p;
    size_t n = number_bytes(p[0]);
    if (n == 0 || n > rest->n)
        return false;
    int64_t number = p[0] & ~lead_of_bytes[n];
    for (size_t i = 1; i < n; i++)
        number = number << 8 | p[i];
    if (number < 1 || number > COMMENT_NUMBER_MAX || number < least_of_bytes[n])
        return false;
    *rest = str_from(*rest, n);
    *ret_number = number;
    return true;
}

bool path_numbers(struct str path, int64_t ret_numbers[static COMMENT_DEPTH_MAX], size_t *ret_n)
{
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n = 0;
    while (path.n > 0) {
        int64_t number;
        if (n == COMMENT_DEPTH_MAX || !number_next(&path, &number))
            return false;
        if (n > 0 && number <= numbers[n - 1])
            return false;
        numbers[n++] = number;
    }
    if (n == 0)
        return false;
    memcpy(ret_numbers, numbers, n * sizeof *numbers);
    *ret_n = n;
    return true;
}

struct str path_of(struct arena *a, const int64_t *numbers, size_t n)
{
    MUST(n >= 1 && n <= COMMENT_DEPTH_MAX);
    char *p = arena_take(a, n * PATH_NUMBER_BYTES_MAX);
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += number_put(p + bytes, numbers[i]);
    return (struct str){p, bytes};
}

struct str path_root(struct arena *a, int64_t number)
{
    return path_of(a, &number, 1);
}

bool path_reply(struct arena *a, struct str parent, int64_t number, struct str *ret_path,
                int64_t *ret_depth)
{
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n;
    if (!path_numbers(parent, numbers, &n) || number <= numbers[n - 1])
        return false;
    if (n < COMMENT_DEPTH_MAX)
        n++;
    numbers[n - 1] = number;
    *ret_path = path_of(a, numbers, n);
    *ret_depth = (int64_t)n;
    return true;
}

struct str path_head(struct str path)
{
    return path.n == 0 ? STR_NONE : str_head(path, number_bytes((uint8_t)path.p[0]));
}

struct str path_end(struct arena *a, struct str path)
{
    char *p = arena_take(a, path.n + 1);
    if (path.n > 0)
        memcpy(p, path.p, path.n);
    p[path.n] = (char)0xff; /* no number begins with it */
    return (struct str){p, path.n + 1};
}
