#include "text/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>

#include "base/must.h"
#include "text/utf16.h"
#include "text/utf8.h"

/* NFKC_Casefold: case folded, NFKC, default-ignorable characters gone. */
static struct utf16 casefold(struct arena *a, struct utf16 u)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *folder = unorm2_getNFKCCasefoldInstance(&error);
    MUST(U_SUCCESS(error));
    int32_t n = unorm2_normalize(folder, u.p, u.n, NULL, 0, &error);
    error = U_ZERO_ERROR;
    struct utf16 folded = utf16_room(a, (size_t)n);
    unorm2_normalize(folder, u.p, u.n, folded.p, n + 1, &error);
    MUST(U_SUCCESS(error));
    return folded;
}

static void close_checker(USpoofChecker **checker)
{
    uspoof_close(*checker);
}

static struct utf16 skeleton(struct arena *a, struct utf16 u)
{
    UErrorCode error = U_ZERO_ERROR;
    ON_LEAVE(close_checker) USpoofChecker *checker = uspoof_open(&error);
    MUST(U_SUCCESS(error));
    int32_t n = uspoof_getSkeleton(checker, 0, u.p, u.n, NULL, 0, &error);
    error = U_ZERO_ERROR;
    struct utf16 result = utf16_room(a, (size_t)n);
    uspoof_getSkeleton(checker, 0, u.p, u.n, result.p, n + 1, &error);
    MUST(U_SUCCESS(error));
    return result;
}

struct str fold_skeleton(struct arena *a, struct str name)
{
    /*
     * Folded on both sides: the skeleton of "0" is a capital O, that of "I" a small l. And because
     * a folded "I" is an "i" before the skeleton sees it, i and l are one here.
     */
    struct utf16 u = casefold(a, skeleton(a, casefold(a, utf16_of(a, name))));
    int32_t n = 0;

    for (int32_t i = 0; i < u.n; i++) {
        UChar c = u.p[i];
        if (u_isUWhiteSpace(c))
            continue;
        u.p[n++] = c == 'i' || c == 0x131 ? 'l' : c;
    }
    u.n = n;
    return utf16_to_str(a, u);
}

struct str fold_words(struct arena *a, struct str text)
{
    struct str folded = utf16_to_str(a, casefold(a, utf16_of(a, text)));
    char *p = arena_take(a, folded.n + 1);
    size_t n = 0;
    bool gap = false;

    for (size_t at = 0; at < folded.n;) {
        size_t from = at;
        uint32_t c = utf8_next(folded, &at);
        if (u_ispunct((UChar32)c))
            continue;
        if (u_isUWhiteSpace((UChar32)c)) {
            gap = n > 0;
            continue;
        }
        if (gap)
            p[n++] = ' ';
        gap = false;
        memcpy(p + n, folded.p + from, at - from);
        n += at - from;
    }
    return (struct str){p, n};
}
