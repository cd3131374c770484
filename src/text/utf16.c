#include "text/utf16.h"

#include <unicode/ustring.h>

#include "base/must.h"
#include "text/utf8.h"

struct utf16 utf16_room(struct arena *a, size_t n)
{
    MUST(n < INT32_MAX / 2);
    return (struct utf16){ARENA_ARRAY(a, UChar, n + 1), (int32_t)n};
}

struct utf16 utf16_of(struct arena *a, struct str s)
{
    struct utf16 u = utf16_room(a, s.n);
    UErrorCode error = U_ZERO_ERROR;

    u_strFromUTF8WithSub(u.p, u.n + 1, &u.n, s.n ? s.p : "", (int32_t)s.n, 0xFFFD, NULL, &error);
    MUST(U_SUCCESS(error));
    return u;
}

struct str utf16_to_str(struct arena *a, struct utf16 u)
{
    size_t room = (size_t)u.n * 3;
    char *p = arena_take(a, room + 1);
    int32_t n = 0;
    UErrorCode error = U_ZERO_ERROR;

    u_strToUTF8WithSub(p, (int32_t)room + 1, &n, u.p, u.n, 0xFFFD, NULL, &error);
    MUST(U_SUCCESS(error));
    return (struct str){p, (size_t)n};
}
