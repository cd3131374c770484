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

struct str fold_case(struct arena *a, struct str text)
{
    return utf16_to_str(a, casefold(a, utf16_of(a, text)));
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

uint32_t fold_plain_letter(uint32_t c)
{
    static const uint16_t small_capitals[] = {
        0x1D00, 0x0299, 0x1D04, 0x1D05, 0x1D07, 0xA730, 0x0262, 0x029C, 0x026A,
        0x1D0A, 0x1D0B, 0x029F, 0x1D0D, 0x0274, 0x1D0F, 0x1D18, 0xA7AF, 0x0280,
        0xA731, 0x1D1B, 0x1D1C, 0x1D20, 0x1D21, 0,      0x028F, 0x1D22,
    };
    if (c >= 0x1F150 && c <= 0x1F169) /* white on black: round, then square */
        return 'a' + (c - 0x1F150);
    if (c >= 0x1F170 && c <= 0x1F189)
        return 'a' + (c - 0x1F170);
    for (size_t i = 0; c >= 0x0262 && c <= 0xA7AF && i < ARRAY_LEN(small_capitals); i++) {
        if (small_capitals[i] == c)
            return 'a' + (uint32_t)i;
    }
    return c;
}

static void put_plain_letters(struct utf16 *u)
{
    int32_t n = 0;

    for (int32_t i = 0; i < u->n;) {
        UChar32 c;
        U16_NEXT(u->p, i, u->n, c);
        c = (UChar32)fold_plain_letter((uint32_t)c);
        U16_APPEND_UNSAFE(u->p, n, c); /* never longer than what was read */
    }
    u->n = n;
}

/* Stars, ticks, dots and brackets around a name, or between its letters, make no other name. */
static void drop_decoration(struct utf16 *u)
{
    uint32_t kept = U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK;
    int32_t n = 0;

    for (int32_t i = 0; i < u->n;) {
        UChar32 c;
        U16_NEXT(u->p, i, u->n, c);
        if (U_GET_GC_MASK(c) & kept)
            U16_APPEND_UNSAFE(u->p, n, c == 'i' || c == 0x131 ? 'l' : c);
    }
    if (n > 0) /* a name may be nothing but decoration */
        u->n = n;
}

struct str fold_skeleton(struct arena *a, struct str name)
{
    /*
     * Folded on both sides: the skeleton of "0" is a capital O, that of "I" a small l. And because
     * a folded "I" is an "i" before the skeleton sees it, i and l are one here.
     */
    struct utf16 u = casefold(a, utf16_of(a, name));
    put_plain_letters(&u);
    u = casefold(a, skeleton(a, u));
    drop_decoration(&u);
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
