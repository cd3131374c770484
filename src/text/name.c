#include "text/name.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "text/fold.h"
#include "text/utf8.h"

#define MARKS_MAX 3

static bool is_mark(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
}

/* Joiners (Persian, emoji) and the tags of regional flags are the only formats a name may have. */
static bool is_harmless_format(uint32_t c, bool in_emoji)
{
    return c == 0x200C || c == 0x200D || (in_emoji && c >= 0xE0020 && c <= 0xE007F);
}

static bool is_control(uint32_t c, bool in_emoji)
{
    uint32_t refused = U_GC_CC_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
    uint32_t class = U_GET_GC_MASK((UChar32)c);

    if (u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL))
        return true;
    if (class & U_GC_CF_MASK)
        return !is_harmless_format(c, in_emoji);
    /* Emoji newer than our Unicode are reserved as pictographs long before they are assigned. */
    if (class & U_GC_CN_MASK)
        return !u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC);
    return (class & refused) != 0;
}

static bool is_seen(uint32_t c)
{
    return u_isgraph((UChar32)c) && !is_mark(c) && c != 0x2800 && c != 0x1D159 &&
           !u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool name_is_visible(struct str text)
{
    for (size_t at = 0; at < text.n;) {
        if (is_seen(utf8_next(text, &at)))
            return true;
    }
    return false;
}

static enum name_fault check_chars(struct str name)
{
    size_t marks = 0;
    bool seen = false, in_emoji = false, too_many = false;

    for (size_t at = 0; at < name.n;) {
        uint32_t c = utf8_next(name, &at);
        if (is_control(c, in_emoji))
            return NAME_CONTROLS;
        in_emoji = c == 0x1F3F4 || (in_emoji && c >= 0xE0020 && c <= 0xE007F);
        if (is_mark(c))
            marks++;
        else if (c != 0x200C && c != 0x200D)
            marks = 0;
        too_many = too_many || marks > MARKS_MAX;
        seen = seen || is_seen(c);
    }
    if (!seen)
        return NAME_EMPTY;
    return too_many ? NAME_MARKS : NAME_GOOD;
}

/* Whether c is inside a word without telling a script: digits, marks, apostrophes. */
static bool is_neutral(uint32_t c)
{
    return u_isdigit((UChar32)c) || is_mark(c) || c == '\'' || c == '_' || c == 0x2019 ||
           c == 0x200C || c == 0x200D;
}

/* Whether a word has Latin letters and letters of Cyrillic or Greek. */
static bool mixes_scripts(struct str name)
{
    bool latin = false, other = false;

    for (size_t at = 0; at < name.n;) {
        uint32_t c = utf8_next(name, &at);
        UErrorCode error = U_ZERO_ERROR;
        if (is_neutral(c))
            continue;
        if (!u_isalpha((UChar32)c)) {
            latin = other = false;
            continue;
        }
        UScriptCode script = uscript_getScript((UChar32)c, &error);
        latin = latin || script == USCRIPT_LATIN;
        other = other || script == USCRIPT_CYRILLIC || script == USCRIPT_GREEK;
        if (latin && other)
            return true;
    }
    return false;
}

static bool imitates(struct str name, const struct str *protected_skeletons, size_t n)
{
    if (n == 0)
        return false;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str skeleton = fold_skeleton(a, name);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(skeleton, protected_skeletons[i]))
            return true;
    }
    return false;
}

enum name_fault name_check(struct str name, const struct str *protected_skeletons, size_t n)
{
    if (!utf8_is_valid(name))
        return NAME_CONTROLS;
    enum name_fault fault = check_chars(name);
    if (fault != NAME_GOOD)
        return fault;
    if (imitates(name, protected_skeletons, n))
        return NAME_IMITATION;
    return mixes_scripts(name) ? NAME_SCRIPTS : NAME_GOOD;
}
