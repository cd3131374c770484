#include "text/count.h"

#include <unicode/uchar.h>

#include "text/utf8.h"

/*
 * The rules of UAX #29, section 3.1.1, as a machine over ICU's character properties. Not ICU's own
 * iterator: version 72 lacks rule GB9c (Unicode 15.1), by which browsers count since 2023, and the
 * counter beside the form must agree with us. The tests hold this to ICU's iterator wherever GB9c
 * is not involved. When ICU knows Indic_Conjunct_Break, the two tables below can go.
 */
struct range {
    uint32_t first, last;
};

/* Indic_Conjunct_Break=Consonant of Unicode 17, sorted. */
static const struct range consonants[] = {
    {0x0915, 0x0939},   {0x0958, 0x095F},   {0x0978, 0x097F},   {0x0995, 0x09A8},
    {0x09AA, 0x09B0},   {0x09B2, 0x09B2},   {0x09B6, 0x09B9},   {0x09DC, 0x09DD},
    {0x09DF, 0x09DF},   {0x09F0, 0x09F1},   {0x0A95, 0x0AA8},   {0x0AAA, 0x0AB0},
    {0x0AB2, 0x0AB3},   {0x0AB5, 0x0AB9},   {0x0AF9, 0x0AF9},   {0x0B15, 0x0B28},
    {0x0B2A, 0x0B30},   {0x0B32, 0x0B33},   {0x0B35, 0x0B39},   {0x0B5C, 0x0B5D},
    {0x0B5F, 0x0B5F},   {0x0B71, 0x0B71},   {0x0C15, 0x0C28},   {0x0C2A, 0x0C39},
    {0x0C58, 0x0C5A},   {0x0D15, 0x0D3A},   {0x1000, 0x102A},   {0x103F, 0x103F},
    {0x1050, 0x1055},   {0x105A, 0x105D},   {0x1061, 0x1061},   {0x1065, 0x1066},
    {0x106E, 0x1070},   {0x1075, 0x1081},   {0x108E, 0x108E},   {0x1780, 0x17B3},
    {0x1A20, 0x1A54},   {0x1B0B, 0x1B0C},   {0x1B13, 0x1B33},   {0x1B45, 0x1B4C},
    {0x1B83, 0x1BA0},   {0x1BAE, 0x1BAF},   {0x1BBB, 0x1BBD},   {0xA989, 0xA98B},
    {0xA98F, 0xA9B2},   {0xA9E0, 0xA9E4},   {0xA9E7, 0xA9EF},   {0xA9FA, 0xA9FE},
    {0xAA60, 0xAA6F},   {0xAA71, 0xAA73},   {0xAA7A, 0xAA7A},   {0xAA7E, 0xAA7F},
    {0xAAE0, 0xAAEA},   {0xABC0, 0xABDA},   {0x10A00, 0x10A00}, {0x10A10, 0x10A13},
    {0x10A15, 0x10A17}, {0x10A19, 0x10A35}, {0x11103, 0x11126}, {0x11144, 0x11144},
    {0x11147, 0x11147}, {0x11380, 0x11389}, {0x1138B, 0x1138B}, {0x1138E, 0x1138E},
    {0x11390, 0x113B5}, {0x11900, 0x11906}, {0x11909, 0x11909}, {0x1190C, 0x11913},
    {0x11915, 0x11916}, {0x11918, 0x1192F}, {0x11A00, 0x11A00}, {0x11A0B, 0x11A32},
    {0x11A50, 0x11A50}, {0x11A5C, 0x11A83}, {0x11F04, 0x11F10}, {0x11F12, 0x11F33}};

/* Indic_Conjunct_Break=Linker of Unicode 17, sorted. */
static const struct range linkers[] = {
    {0x094D, 0x094D},   {0x09CD, 0x09CD},   {0x0ACD, 0x0ACD},   {0x0B4D, 0x0B4D},
    {0x0C4D, 0x0C4D},   {0x0D4D, 0x0D4D},   {0x1039, 0x1039},   {0x17D2, 0x17D2},
    {0x1A60, 0x1A60},   {0x1B44, 0x1B44},   {0x1BAB, 0x1BAB},   {0xA9C0, 0xA9C0},
    {0xAAF6, 0xAAF6},   {0x10A3F, 0x10A3F}, {0x11133, 0x11133}, {0x113D0, 0x113D0},
    {0x1193E, 0x1193E}, {0x11A47, 0x11A47}, {0x11A99, 0x11A99}, {0x11F42, 0x11F42}};

enum conjunct { CONJUNCT_NONE, CONJUNCT_CONSONANT, CONJUNCT_LINKED };

/* What the rules need to know of the cluster so far. */
struct cluster {
    UGraphemeClusterBreak last; /* the class of its last code point */
    bool emoji;                 /* GB11: it ends in ExtPict Extend* */
    bool emoji_zwj;             /* … and one ZWJ */
    bool odd_flag;              /* GB12, GB13: it ends in an odd number of regional indicators */
    enum conjunct conjunct;     /* GB9c */
};

static bool is_in(const struct range *ranges, size_t n, uint32_t c)
{
    size_t from = 0;
    while (from < n) {
        size_t middle = from + (n - from) / 2;
        if (c > ranges[middle].last)
            from = middle + 1;
        else if (c < ranges[middle].first)
            n = middle;
        else
            return true;
    }
    return false;
}

/* Letters that never touch a rule, and most of what is written here. */
static bool is_plain(uint32_t c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= 0x400 && c <= 0x482) || (c >= 0x48A && c <= 0x52F);
}

static UGraphemeClusterBreak class_of(uint32_t c)
{
    return (UGraphemeClusterBreak)u_getIntPropertyValue((UChar32)c, UCHAR_GRAPHEME_CLUSTER_BREAK);
}

static bool is_control(UGraphemeClusterBreak class)
{
    return class == U_GCB_CONTROL || class == U_GCB_CR || class == U_GCB_LF;
}

static bool is_hangul_join(UGraphemeClusterBreak last, UGraphemeClusterBreak class)
{
    if (last == U_GCB_L)
        return class == U_GCB_L || class == U_GCB_V || class == U_GCB_LV || class == U_GCB_LVT;
    if (last == U_GCB_LV || last == U_GCB_V)
        return class == U_GCB_V || class == U_GCB_T;
    return (last == U_GCB_LVT || last == U_GCB_T) && class == U_GCB_T;
}

/* Whether c belongs to the cluster k, which is not empty. */
static bool is_joined(const struct cluster *k, uint32_t c, UGraphemeClusterBreak class)
{
    if (k->last == U_GCB_CR && class == U_GCB_LF)
        return true;
    if (is_control(k->last) || is_control(class))
        return false;
    if (is_hangul_join(k->last, class))
        return true;
    if (class == U_GCB_EXTEND || class == U_GCB_ZWJ || class == U_GCB_SPACING_MARK)
        return true;
    if (k->last == U_GCB_PREPEND)
        return true;
    if (k->conjunct == CONJUNCT_LINKED && is_in(consonants, ARRAY_LEN(consonants), c))
        return true;
    if (k->emoji_zwj && u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC))
        return true;
    return k->odd_flag && class == U_GCB_REGIONAL_INDICATOR;
}

static enum conjunct conjunct_after(enum conjunct before, uint32_t c, UGraphemeClusterBreak class)
{
    if (before != CONJUNCT_NONE && is_in(linkers, ARRAY_LEN(linkers), c))
        return CONJUNCT_LINKED;
    if (before != CONJUNCT_NONE && (class == U_GCB_EXTEND || class == U_GCB_ZWJ))
        return c == 0x200C ? CONJUNCT_NONE : before;
    return is_in(consonants, ARRAY_LEN(consonants), c) ? CONJUNCT_CONSONANT : CONJUNCT_NONE;
}

static void cluster_add(struct cluster *k, uint32_t c, UGraphemeClusterBreak class)
{
    k->emoji_zwj = k->emoji && class == U_GCB_ZWJ;
    k->emoji = class == U_GCB_EXTEND ? k->emoji
                                     : u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC);
    k->odd_flag = class == U_GCB_REGIONAL_INDICATOR && !k->odd_flag;
    k->conjunct = conjunct_after(k->conjunct, c, class);
    k->last = class;
}

/* Moves *at behind one cluster. */
static void cluster_next(struct str s, size_t *at)
{
    struct cluster k = {.last = U_GCB_OTHER};
    uint32_t c = utf8_next(s, at);

    if (is_plain(c))
        k.last = U_GCB_OTHER;
    else
        cluster_add(&k, c, class_of(c));
    while (*at < s.n) {
        size_t next = *at;
        c = utf8_next(s, &next);
        if (is_plain(c) && k.last != U_GCB_PREPEND)
            return;
        UGraphemeClusterBreak class = class_of(c);
        if (!is_joined(&k, c, class))
            return;
        cluster_add(&k, c, class);
        *at = next;
    }
}

size_t count_chars(struct str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++)
        cluster_next(s, &at);
    return n;
}

struct str count_head(struct str s, size_t n_chars)
{
    size_t at = 0;
    for (size_t n = 0; n < n_chars && at < s.n; n++)
        cluster_next(s, &at);
    return str_head(s, at);
}
