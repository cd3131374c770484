#include "text/language.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "text/utf8.h"

#define GUESS_BYTES ((size_t)2000)

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool are_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_letter(s.p[i]))
            return false;
    }
    return true;
}

static bool are_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return true;
}

static bool is_script(struct str s)
{
    return s.n == 4 && are_letters(s);
}

static bool is_region(struct str s)
{
    return (s.n == 2 && are_letters(s)) || (s.n == 3 && are_digits(s));
}

bool language_is_tag(struct str tag)
{
    struct str rest = tag, part;

    if (!str_next(&rest, '-', &part) || part.n < 2 || part.n > 3 || !are_letters(part))
        return false;
    if (!str_next(&rest, '-', &part))
        return true;
    if (is_script(part) && !str_next(&rest, '-', &part))
        return true;
    return is_region(part) && !rest.p;
}

/* The script subtag; empty when there is none. */
static struct str script_of(struct str tag)
{
    struct str rest = tag, part;

    if (!str_next(&rest, '-', &part))
        return STR_NONE;
    return str_next(&rest, '-', &part) && is_script(part) ? part : STR_NONE;
}

static struct str primary_of(struct str tag)
{
    struct str rest = tag, part = STR_NONE;
    return str_next(&rest, '-', &part) ? part : STR_NONE;
}

static bool is_one_of(struct str s, const struct str *of, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq_nocase(s, of[i]))
            return true;
    }
    return false;
}

enum direction language_direction(struct str tag)
{
    static const struct str scripts[] = {
        STR_INIT("Arab"), STR_INIT("Hebr"), STR_INIT("Syrc"), STR_INIT("Thaa"),
        STR_INIT("Nkoo"), STR_INIT("Adlm"), STR_INIT("Rohg"), STR_INIT("Mand"),
    };
    static const struct str languages[] = {
        STR_INIT("ar"),  STR_INIT("fa"),  STR_INIT("ur"),  STR_INIT("he"),  STR_INIT("ug"),
        STR_INIT("ps"),  STR_INIT("sd"),  STR_INIT("yi"),  STR_INIT("dv"),  STR_INIT("ckb"),
        STR_INIT("ks"),  STR_INIT("arz"), STR_INIT("syr"), STR_INIT("nqo"), STR_INIT("prs"),
        STR_INIT("glk"), STR_INIT("mzn"), STR_INIT("lrc"), STR_INIT("ary"), STR_INIT("apc"),
    };
    struct str script = script_of(tag);
    bool rtl = script.n ? is_one_of(script, scripts, ARRAY_LEN(scripts))
                        : is_one_of(primary_of(tag), languages, ARRAY_LEN(languages));
    return rtl ? DIRECTION_RTL : DIRECTION_LTR;
}

enum direction language_text_direction(struct str text, enum direction fallback)
{
    size_t isolates = 0; /* P2 skips what stands between an isolate and its end */

    for (size_t at = 0; at < text.n;) {
        UCharDirection d = u_charDirection((UChar32)utf8_next(text, &at));
        if (d == U_LEFT_TO_RIGHT_ISOLATE || d == U_RIGHT_TO_LEFT_ISOLATE ||
            d == U_FIRST_STRONG_ISOLATE)
            isolates++;
        else if (d == U_POP_DIRECTIONAL_ISOLATE && isolates > 0)
            isolates--;
        else if (isolates == 0 && d == U_LEFT_TO_RIGHT)
            return DIRECTION_LTR;
        else if (isolates == 0 && (d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC))
            return DIRECTION_RTL;
    }
    return fallback;
}

/* What a text was seen to be made of. */
struct traits {
    size_t latin, cyrillic, arabic, other;
    size_t kazakh;    /* ә ұ һ */
    size_t dotted;    /* і: Kazakh, Ukrainian, Belarusian */
    size_t qaf;       /* қ ғ: Kazakh, Uzbek, Tajik */
    size_t turkic;    /* ң ө ү: Kazakh and Kyrgyz */
    size_t uzbek;     /* ў, ҳ; oʻ gʻ sh ch with q, x in Latin */
    size_t tajik;     /* ӣ ӯ ҷ */
    size_t uighur;    /* ې ۈ ۋ ۆ ۇ ڭ */
    size_t persian;   /* پ چ ژ گ ی ک */
    size_t ukrainian; /* ї є ґ */
    size_t turkish;   /* ı ğ ş ç */
};

static void see_cyrillic(struct traits *t, uint32_t c)
{
    switch (c) {
    case 0x4D9: /* ә */
    case 0x4B1: /* ұ */
    case 0x4BB: /* һ */
        t->kazakh++;
        break;
    case 0x456: /* і */
        t->dotted++;
        break;
    case 0x49B: /* қ */
    case 0x493: /* ғ */
        t->qaf++;
        break;
    case 0x4A3: /* ң */
    case 0x4E9: /* ө */
    case 0x4AF: /* ү */
        t->turkic++;
        break;
    case 0x45E: /* ў */
        t->uzbek++;
        break;
    case 0x4B3: /* ҳ */
        t->uzbek++;
        t->tajik++;
        break;
    case 0x4E3: /* ӣ */
    case 0x4EF: /* ӯ */
    case 0x4B7: /* ҷ */
        t->tajik++;
        break;
    case 0x457: /* ї */
    case 0x454: /* є */
    case 0x491: /* ґ */
        t->ukrainian++;
        break;
    default:
        break;
    }
}

static void see_arabic(struct traits *t, uint32_t c)
{
    switch (c) {
    case 0x6D0: /* ې */
    case 0x6C8: /* ۈ */
    case 0x6CB: /* ۋ */
    case 0x6C6: /* ۆ */
    case 0x6C7: /* ۇ */
    case 0x6AD: /* ڭ */
        t->uighur++;
        break;
    case 0x67E: /* پ */
    case 0x686: /* چ */
    case 0x698: /* ژ */
    case 0x6AF: /* گ */
    case 0x6CC: /* ی */
    case 0x6A9: /* ک */
        t->persian++;
        break;
    default:
        break;
    }
}

static bool is_apostrophe(uint32_t c)
{
    return c == 0x2BB || c == 0x2BC || c == 0x2018 || c == 0x2019 || c == '\'' || c == '`';
}

static void see_latin(struct traits *t, uint32_t c, uint32_t before)
{
    if (c == 'q' && before != 'i')
        t->uzbek++; /* English and French write "qu": taken back below */
    if (before == 'q' && c == 'u' && t->uzbek > 0)
        t->uzbek--;
    if (c == 0x131 || c == 0x11F || c == 0x15F)
        t->turkish++;
}

static struct traits see(struct str text)
{
    struct traits t = {0};
    struct str head = utf8_head(text, GUESS_BYTES);
    uint32_t before = 0;

    for (size_t at = 0; at < head.n;) {
        uint32_t c = (uint32_t)u_tolower((UChar32)utf8_next(head, &at));
        UErrorCode error = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript((UChar32)c, &error);
        if (is_apostrophe(c) && (before == 'o' || before == 'g'))
            t.uzbek += c == '\'' ? 1 : 2;
        if (script == USCRIPT_CYRILLIC) {
            t.cyrillic++;
            see_cyrillic(&t, c);
        } else if (script == USCRIPT_LATIN) {
            t.latin++;
            see_latin(&t, c, before);
        } else if (script == USCRIPT_ARABIC) {
            t.arabic++;
            see_arabic(&t, c);
        } else if (u_isalpha((UChar32)c)) {
            t.other++;
        }
        before = c;
    }
    return t;
}

/* A site's language of that primary tag; with a script subtag only if it is that script. */
static bool choose(const struct str *languages, size_t n, const char *primary, const char *script,
                   struct str *ret_language)
{
    for (size_t i = 0; i < n; i++) {
        struct str is = script_of(languages[i]);
        if (str_eq_nocase(primary_of(languages[i]), str_of(primary)) &&
            (is.n == 0 || str_eq_nocase(is, str_of(script)))) {
            *ret_language = languages[i];
            return true;
        }
    }
    return false;
}

static const char *cyrillic_language(const struct traits *t)
{
    if (t->uzbek > t->kazakh && t->uzbek >= t->tajik)
        return "uz";
    if (t->tajik > t->kazakh)
        return "tg";
    if (t->kazakh + t->qaf > 0)
        return "kk";
    if (t->ukrainian > 0)
        return "uk";
    if (t->dotted > 0)
        return "kk";
    return t->turkic > 0 ? "ky" : "ru";
}

static const char *latin_language(const struct traits *t)
{
    if (t->uzbek > 1 && t->uzbek * 100 > t->latin)
        return "uz";
    return t->turkish * 100 > t->latin ? "tr" : NULL;
}

static const char *arabic_language(const struct traits *t)
{
    if (t->uighur > 1)
        return "ug";
    return t->persian > 1 ? "fa" : "ar";
}

/* The likeliest language, NULL when nothing tells; *ret_script: NULL when there are no letters. */
static const char *likeliest(const struct traits *t, const char **ret_script)
{
    if (t->cyrillic > t->latin && t->cyrillic > t->arabic && t->cyrillic > t->other) {
        *ret_script = "Cyrl";
        return cyrillic_language(t);
    }
    if (t->arabic > t->latin && t->arabic > t->other) {
        *ret_script = "Arab";
        return arabic_language(t);
    }
    if (t->latin > t->other) {
        *ret_script = "Latn";
        return latin_language(t);
    }
    return NULL;
}

/* Whether a language is usually written in this script. */
static bool is_usual(struct str language, const char *script)
{
    static const struct str cyrillic[] = {STR_INIT("ru"), STR_INIT("kk"), STR_INIT("ky"),
                                          STR_INIT("tg"), STR_INIT("uk"), STR_INIT("mn"),
                                          STR_INIT("be"), STR_INIT("bg"), STR_INIT("tt")};
    static const struct str arabic[] = {STR_INIT("ar"), STR_INIT("fa"), STR_INIT("ug"),
                                        STR_INIT("ur"), STR_INIT("ps"), STR_INIT("prs")};
    static const struct str neither[] = {STR_INIT("zh"), STR_INIT("ja"), STR_INIT("ko"),
                                         STR_INIT("hi"), STR_INIT("he"), STR_INIT("ka"),
                                         STR_INIT("hy"), STR_INIT("el"), STR_INIT("th")};
    struct str explicit = script_of(language), primary = primary_of(language);
    if (explicit.n)
        return str_eq_nocase(explicit, str_of(script));
    bool is_cyrillic = is_one_of(primary, cyrillic, ARRAY_LEN(cyrillic));
    bool is_arabic = is_one_of(primary, arabic, ARRAY_LEN(arabic));
    if (script[0] == 'C')
        return is_cyrillic;
    if (script[0] == 'A')
        return is_arabic;
    return !is_cyrillic && !is_arabic && !is_one_of(primary, neither, ARRAY_LEN(neither));
}

struct str language_guess(struct str text, const struct str *languages, size_t n,
                          struct str fallback)
{
    struct traits t = see(text);
    const char *script = NULL;
    const char *likely = likeliest(&t, &script);
    struct str language;

    if (likely && choose(languages, n, likely, script, &language))
        return language;
    if (!script || is_usual(fallback, script))
        return fallback;
    /* Nothing telling, and the fallback is written otherwise: English, or the only one there is. */
    if (script[0] == 'L' && choose(languages, n, "en", script, &language))
        return language;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_usual(languages[i], script)) {
            language = languages[i];
            found++;
        }
    }
    return found == 1 ? language : fallback;
}
