#include "text/slug.h"

#include <unicode/uchar.h>
#include <unicode/utrans.h>

#include "base/buf.h"
#include "base/must.h"
#include "text/utf16.h"
#include "text/utf8.h"

/* More of a headline is not looked at: its slug is full long before. */
#define TEXT_BYTES_MAX ((size_t)600)

bool slug_is_valid(struct str s)
{
    if (s.n == 0 || s.n > SLUG_BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool hyphen = c == '-' && i > 0 && i + 1 < s.n && s.p[i - 1] != '-';
        if (!word && !hyphen)
            return false;
    }
    return true;
}

/*
 * Cyrillic as newspapers of Kazakhstan, Kyrgyzstan, Uzbekistan and Russia spell it in addresses;
 * ICU's own (ISO 9) would turn "щ" to "s" and "ж" to "z" once its accents are gone.
 */
static const char *const letters_0430[] = {
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "i",    "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "y", "",  "e", "yu", "ya",
};

static const char *cyrillic(uint32_t c)
{
    static const struct {
        uint32_t letter;
        const char *latin;
    } more[] = {
        {0x451, "e"}, {0x454, "ie"}, {0x456, "i"}, {0x457, "i"}, {0x45E, "o"},
        {0x491, "g"}, {0x493, "g"},  {0x49B, "q"}, {0x4A3, "n"}, {0x4AF, "u"},
        {0x4B1, "u"}, {0x4B3, "h"},  {0x4B7, "j"}, {0x4BB, "h"}, {0x4D9, "a"},
        {0x4E3, "i"}, {0x4E9, "o"},  {0x4EF, "u"}, {0x497, "j"},
    };
    if (c >= 0x430 && c <= 0x44F)
        return letters_0430[c - 0x430];
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        if (more[i].letter == c)
            return more[i].latin;
    }
    return NULL;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || (c >= 0x2B9 && c <= 0x2BF);
}

/* Lower case, Cyrillic spelled in Latin, apostrophes gone; says whether others remain. */
static struct str spell(struct arena *a, struct str text, bool *ret_foreign)
{
    struct buf b = buf_in(a, TEXT_BYTES_MAX * 4);
    *ret_foreign = false;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = (uint32_t)u_tolower((UChar32)utf8_next(text, &at));
        const char *latin = cyrillic(c);
        char bytes[4];
        if (is_apostrophe(c))
            continue;
        if (latin) {
            buf_put(&b, str_of(latin));
            continue;
        }
        *ret_foreign =
            *ret_foreign || (c >= 0x80 && u_isalnum((UChar32)c)) || u_getCombiningClass((UChar32)c);
        buf_put(&b, (struct str){bytes, utf8_print(c, bytes)});
    }
    MUST(buf_ok(&b));
    return buf_str(&b);
}

static void close_transliterator(UTransliterator **t)
{
    if (*t)
        utrans_close(*t);
}

/* By ICU's rules; costs 0.2 ms to open, so only texts that need it come here. */
static struct str romanise(struct arena *a, struct str text)
{
    UErrorCode error = U_ZERO_ERROR;
    struct utf16 id = utf16_of(a, STR("Any-Latin; Latin-ASCII; Any-Lower"));
    ON_LEAVE(close_transliterator)
    UTransliterator *t = utrans_openU(id.p, id.n, UTRANS_FORWARD, NULL, 0, NULL, &error);
    if (U_FAILURE(error))
        return text;
    struct utf16 from = utf16_of(a, text);
    struct utf16 u = utf16_room(a, (size_t)from.n * 8 + 16);
    int32_t room = u.n, limit = from.n;
    memcpy(u.p, from.p, (size_t)from.n * sizeof(UChar));
    u.n = from.n;
    utrans_transUChars(t, u.p, &u.n, room, 0, &limit, &error);
    return U_FAILURE(error) ? text : utf16_to_str(a, u);
}

/* The longest head that ends at a word's end, when there is one in the second half. */
static size_t cut(const char *p, size_t n)
{
    if (n <= SLUG_BYTES_MAX)
        return n;
    size_t end = SLUG_BYTES_MAX;
    while (end > SLUG_BYTES_MAX / 2 && p[end] != '-')
        end--;
    return end > SLUG_BYTES_MAX / 2 ? end : SLUG_BYTES_MAX;
}

struct str slug_make(struct arena *a, struct str text)
{
    bool foreign;
    struct str latin = spell(a, utf8_head(text, TEXT_BYTES_MAX), &foreign);
    if (foreign)
        latin = romanise(a, latin);
    char *p = arena_take(a, latin.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < latin.n; i++) {
        char c = latin.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            p[n++] = c;
        else if (c != '\'' && c != '`' && n > 0 && p[n - 1] != '-')
            p[n++] = '-';
    }
    n = cut(p, n);
    while (n > 0 && p[n - 1] == '-')
        n--;
    return n ? (struct str){p, n} : STR("x");
}
