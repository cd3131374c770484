/* A place in an address: the numbers from the thread's first comment down, "3.17.40". */
#include "base/buf.h"
#include "domain/conversation.h"
#include "domain/path.h"

#define PLACE_BYTES_MAX (COMMENT_DEPTH_MAX * 9)

struct str place_print(struct arena *a, struct place p)
{
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n;
    if (!p.is_set || !path_numbers(p.path, numbers, &n))
        return STR_NONE;
    struct buf b = buf_in(a, PLACE_BYTES_MAX);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&b, '.');
        buf_int(&b, numbers[i]);
    }
    return buf_str(&b);
}

bool place_parse(struct arena *a, struct str s, struct place *ret_place, struct err *e)
{
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n = 0;
    struct str rest = s, part;
    bool good = s.n > 0 && s.n <= PLACE_BYTES_MAX;
    while (good && str_next(&rest, '.', &part)) {
        int64_t least = n > 0 ? numbers[n - 1] + 1 : 1;
        good = n < COMMENT_DEPTH_MAX && str_to_int64(part, least, COMMENT_NUMBER_MAX, &numbers[n]);
        n++;
    }
    if (!good)
        return err_set(e, ERR_INVALID, 0, "not a place in a conversation");
    *ret_place = (struct place){.is_set = true, .root = numbers[0], .path = path_of(a, numbers, n)};
    return true;
}
