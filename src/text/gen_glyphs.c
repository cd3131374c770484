/*
 * Prints the table behind text/glyph.h, as C, from ICU's data and the short lists below: what each
 * code point folds to, and which plain letters it may be taken for. Run when the program is built.
 */
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "base/must.h"
#include "text/fold.h"
#include "text/glyph.h"
#include "text/utf8.h"

#define CODES 0x20000 /* behind them are ideographs, which look like nothing else, and tags */
#define BLOCK 128
#define RECORDS_MAX 16384
#define LETTERS_MAX 65536
#define TO_MAX 4 /* what folds to more ends a word */
#define LOOKS_MAX 8
#define FLAG_A 0x1F1E6 /* the first of the 26 letters that flags are made of */

/* The letters of languages: what others are taken for. */
static const char plain_letters[] = "abcdefghijklmnopqrstuvwxyz"
                                    "абвгдежзийклмнопрстуфхцчшщъыьэюя"
                                    "іїєґўқғңұүөәһҳҷѕј"
                                    "αβγδεζηθικλμνξοπρστυφχψω";

/* Letters that look the same as capitals, which Unicode's list of small letters does not say. */
static const char *const sure_pairs[] = {
    "bв",  "вb",  "hн",  "нh",  "kкκ", "кkκ", "κкk", "mм",  "мm",  "tтτ",
    "тtτ", "τтt", "yуυ", "уyυ", "υyу", "xхχ", "хxχ", "χxх", "фφ",  "φф",
    "лλ",  "λл",  "πп",  "пπ",  "νv",  "vν",  "ρpр", "pρ",  "αaа",
};

/* Letters, digits and signs, then what writers put them for. */
static const char *const pairs[] = {
    "bьбβ", "вβ",   "hη",  "нη",  "kқ",  "uиυμц", "иu",   "nпηи", "пn",   "wшщω",  "шw",
    "щw",   "yүұγ", "уγ",  "үy",  "ұy",  "rгя",   "гr",   "зz",   "zз",   "gд",    "дg",
    "ηнn",  "μu",   "ωwш", "γyу", "βbв", "эe",    "0oоο", "1ilі", "2z",   "3eезэ", "4aча",
    "5s",   "6bбg", "7t",  "8bв", "9gq", "@aа",   "$s",   "!ilі", "|ilі", "€eе",   "£l",
    "¢cс",  "¥yу",  "§s",  "¡iі", "©cс", "®r",    "+tт",
};

/* Letters with a tail or a bar that Unicode does not take apart, and the letter without. */
static const char kins[] = "ıiøođdłlħhқкғгңнұуүуөоҳхҷчҙзҫсƒf";

/* Letters upside down that are no other letters, and what they are; ı and ə are languages' own. */
static const char turned[] = "ɐaɒaɔcǝeɟfƃgɥhᴉiɾjʞkʅlꞁlɯmɹrʇtʌvʍwʎy";

/* … and plain ones that, among those, are upside down as well. */
static const char turned_plain[] = "nuunpddpbqqbıiəelloossxxzz";

static const char apostrophes[] = "'`´ʹʻʼʽʾʿˈ‘’‛′＇";
static const char signs[] = "@$!|€£¢¥§¡©®+";
static const char masks[] = "*#%•∗×✕✖■□▪●○█▒▓░";
static const char brackets[] = "()[]{}<>«»‹›\"“”„‟‚❝❞⟨⟩〈〉《》【】";
static const char joiners[] = "-_~=·^‐‑‒–—−";

struct out {
    struct glyph_record records[RECORDS_MAX];
    uint32_t letters[LETTERS_MAX];
    uint16_t of[CODES];
    size_t records_n, letters_n;
    struct str skeletons[ARRAY_LEN(plain_letters)]; /* of the plain letters, in their order */
    struct arena *arena;
};

static bool is_among(const char *list, uint32_t c)
{
    struct str s = str_of(list);
    for (size_t at = 0; at < s.n;) {
        if (utf8_next(s, &at) == c)
            return true;
    }
    return false;
}

static enum glyph_script script_of(uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)c, &error);
    MUST(U_SUCCESS(error));
    if (script == USCRIPT_LATIN)
        return SCRIPT_LATIN;
    if (script == USCRIPT_CYRILLIC)
        return SCRIPT_CYRILLIC;
    return script == USCRIPT_GREEK ? SCRIPT_GREEK : SCRIPT_OTHER;
}

/* Points above and below letters are no letters; the vowel signs of Indian scripts are. */
static enum glyph_class mark_class(uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)c, &error);
    bool points = script == USCRIPT_INHERITED || script == USCRIPT_CYRILLIC ||
                  script == USCRIPT_ARABIC || script == USCRIPT_HEBREW || script == USCRIPT_COMMON;
    return points ? GLYPH_MARK : GLYPH_LETTER;
}

static enum glyph_class class_by_category(uint32_t c)
{
    uint32_t mask = U_GET_GC_MASK((UChar32)c);

    if (mask & U_GC_M_MASK)
        return mark_class(c);
    if (mask & U_GC_ND_MASK)
        return GLYPH_DIGIT;
    if (mask & (U_GC_L_MASK | U_GC_NL_MASK))
        return GLYPH_LETTER;
    if (mask & (U_GC_SO_MASK | U_GC_NO_MASK))
        return GLYPH_SYMBOL;
    return GLYPH_BREAK;
}

static enum glyph_class class_of(uint32_t c)
{
    if (u_isUWhiteSpace((UChar32)c) || c == 0x2800) /* Braille without a dot */
        return GLYPH_SPACE;
    /* Also the skins of emoji and the line that stretches Arabic letters. */
    if (u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
        u_charType((UChar32)c) == U_FORMAT_CHAR || (c >= 0x1F3FB && c <= 0x1F3FF) || c == 0x640)
        return GLYPH_NOTHING;
    if (is_among(apostrophes, c))
        return GLYPH_APOSTROPHE;
    if (is_among(signs, c))
        return GLYPH_SIGN;
    if (is_among(masks, c))
        return GLYPH_MASK;
    if (is_among(joiners, c))
        return GLYPH_JOINER;
    return c == '.' ? GLYPH_DOT : class_by_category(c);
}

/* NFKC_Casefold of one code point, plain letters for fancy ones, е for ё. Gives the length. */
static int32_t folded(uint32_t c, uint32_t ret_to[TO_MAX])
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *folder = unorm2_getNFKCCasefoldInstance(&error);
    UChar from[2], units[64];
    int32_t from_n = 0, n = 0;

    c = is_among(apostrophes, c) ? '\'' : fold_plain_letter(c);
    if (c >= 0xD800 && c <= 0xDFFF)
        return 0;
    U16_APPEND_UNSAFE(from, from_n, c);
    int32_t units_n = unorm2_normalize(folder, from, from_n, units, ARRAY_LEN(units), &error);
    MUST(U_SUCCESS(error));
    for (int32_t i = 0; i < units_n; n++) {
        UChar32 one;
        U16_NEXT(units, i, units_n, one);
        if (n == TO_MAX)
            return n + 1;
        ret_to[n] = one == 0x451 ? 0x435 : (uint32_t)one;
    }
    int digit = n == 1 ? u_charDigitValue((UChar32)ret_to[0]) : -1;
    if (digit >= 0 && class_by_category(ret_to[0]) == GLYPH_DIGIT)
        ret_to[0] = '0' + (uint32_t)digit;
    return n;
}

static struct str skeleton_of(struct arena *a, uint32_t c)
{
    char bytes[4] = {0};
    size_t n = utf8_print(c, bytes);
    return fold_skeleton(a, (struct str){bytes, n});
}

static bool looks_add(struct out *o, struct glyph_record *r, uint32_t letter)
{
    for (size_t i = 0; i < r->looks_n; i++) {
        if (o->letters[r->looks_at + i] == letter)
            return false;
    }
    MUST(r->looks_n < LOOKS_MAX && o->letters_n < LETTERS_MAX);
    o->letters[o->letters_n++] = letter;
    r->looks_n++;
    return true;
}

static void looks_add_pairs(struct out *o, struct glyph_record *r, uint32_t c,
                            const char *const *list, size_t list_n)
{
    for (size_t i = 0; i < list_n; i++) {
        struct str s = str_of(list[i]);
        size_t at = 0;
        if (utf8_next(s, &at) != c)
            continue;
        while (at < s.n)
            (void)looks_add(o, r, utf8_next(s, &at));
    }
}

/* The plain letters that look like c, of other scripts, or of any when c is no language's letter.
 */
static void looks_add_skeletons(struct out *o, struct glyph_record *r, uint32_t c)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str plain = str_of(plain_letters), own = skeleton_of(a, c);
    bool is_plain = is_among(plain_letters, c) || r->kin;
    size_t at = 0;

    for (size_t i = 0; own.n > 0 && at < plain.n; i++) {
        uint32_t letter = utf8_next(plain, &at);
        bool same = script_of(letter) == (enum glyph_script)r->script;
        if (letter == c || (is_plain && same) || !str_eq(o->skeletons[i], own))
            continue;
        if (r->looks_n < LOOKS_MAX)
            (void)looks_add(o, r, letter);
        r->odd |= same;
    }
}

/* Letters upside down, and those that flags are made of. */
static void looks_add_others(struct out *o, struct glyph_record *r, uint32_t c)
{
    struct str s = str_of(turned);

    if (c >= FLAG_A && c < FLAG_A + 26)
        (void)looks_add(o, r, c - FLAG_A + 'a');
    for (size_t at = 0; at < s.n;) {
        uint32_t from = utf8_next(s, &at), to = utf8_next(s, &at);
        if (from != c || r->looks_n == LOOKS_MAX)
            continue;
        (void)looks_add(o, r, to);
        r->odd = true;
        r->turned = (uint8_t)to;
    }
    s = str_of(turned_plain);
    for (size_t at = 0; at < s.n;) {
        uint32_t from = utf8_next(s, &at), to = utf8_next(s, &at);
        if (from == c)
            r->turned = (uint8_t)to;
    }
}

static uint32_t kin_of(uint32_t c)
{
    struct str s = str_of(kins);
    UChar units[8];
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&error);

    for (size_t at = 0; at < s.n;) {
        uint32_t with = utf8_next(s, &at), without = utf8_next(s, &at);
        if (with == c)
            return without;
    }
    if (script_of(c) != SCRIPT_LATIN)
        return 0;
    int32_t n = unorm2_getRawDecomposition(nfd, (UChar32)c, units, ARRAY_LEN(units), &error);
    if (n <= 0 || U_FAILURE(error))
        return 0;
    return units[0] >= 'a' && units[0] <= 'z' ? units[0] : units[0] > 0x7F ? kin_of(units[0]) : 0;
}

static void to_set(struct out *o, struct glyph_record *r, uint32_t c, const uint32_t *to, int32_t n)
{
    r->to_at = (uint16_t)o->letters_n;
    r->to_n = (uint8_t)n;
    for (int32_t i = 0; i < n; i++)
        o->letters[o->letters_n++] = to[i];
    r->class = (uint8_t)class_of(to[0]);
    bool cased = u_tolower((UChar32)c) == (UChar32)to[0] ||
                 u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT) == (UChar32)to[0];
    bool yo = c == 0x401 || c == 0x451;
    r->fancy = r->class == GLYPH_LETTER && !cased && !yo;
}

static struct glyph_record record_make(struct out *o, uint32_t c)
{
    struct glyph_record r = {.class = (uint8_t)class_of(c)};
    uint32_t to[TO_MAX] = {0};

    if (r.class == GLYPH_NOTHING || r.class == GLYPH_SPACE || r.class == GLYPH_MARK)
        return r;
    int32_t n = folded(c, to);
    if (n > TO_MAX) /* a whole word in one character */
        return (struct glyph_record){.class = GLYPH_BREAK};
    if (n > 0 && !(n == 1 && to[0] == c)) {
        to_set(o, &r, c, to, n);
        return r;
    }
    r.looks_at = (uint16_t)o->letters_n;
    if (r.class == GLYPH_LETTER) {
        r.script = (uint8_t)script_of(c);
        r.kin = kin_of(c);
        looks_add_skeletons(o, &r, c);
    }
    looks_add_pairs(o, &r, c, sure_pairs, ARRAY_LEN(sure_pairs));
    r.sure_n = r.looks_n;
    looks_add_pairs(o, &r, c, pairs, ARRAY_LEN(pairs));
    looks_add_others(o, &r, c);
    r.bracket = r.class == GLYPH_BREAK && is_among(brackets, c);
    return r;
}

static bool is_same(const struct glyph_record *a, const struct glyph_record *b)
{
    return a->to_n == 0 && a->looks_n == 0 && a->class == b->class && a->script == b->script &&
           a->kin == b->kin && a->odd == b->odd && a->bracket == b->bracket &&
           a->turned == b->turned;
}

/* Records that say the same are one; those with letters of their own are not looked for. */
static uint16_t record_add(struct out *o, struct glyph_record r)
{
    if (r.to_n == 0 && r.looks_n == 0) {
        r.looks_at = 0;
        for (size_t i = 0; i < o->records_n; i++) {
            if (is_same(&o->records[i], &r))
                return (uint16_t)i;
        }
    }
    MUST(o->records_n < RECORDS_MAX && o->letters_n < LETTERS_MAX - TO_MAX - LOOKS_MAX);
    o->records[o->records_n] = r;
    return (uint16_t)o->records_n++;
}

/* Blocks that say the same are one, and `places` says where each block stands. */
static void print_blocks(const struct out *o)
{
    static uint16_t places[CODES / BLOCK];
    size_t n = 0;

    printf("static const uint16_t blocks[][%d] = {\n", BLOCK);
    for (size_t i = 0; i < CODES / BLOCK; i++) {
        const uint16_t *block = o->of + i * BLOCK;
        size_t same = 0;
        while (same < i && memcmp(o->of + same * BLOCK, block, BLOCK * sizeof *block) != 0)
            same++;
        places[i] = same < i ? places[same] : (uint16_t)n;
        if (same < i)
            continue;
        n++;
        printf("{");
        for (size_t k = 0; k < BLOCK; k++)
            printf("%u,", block[k]);
        printf("},\n");
    }
    printf("};\nstatic const uint16_t places[] = {");
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        printf("%u,", places[i]);
    printf("};\n");
}

/* What the printed file ends with. */
static const char lookups[] =
    "const struct glyph_record *glyph_record_of(uint32_t c)\n"
    "{\n"
    "    if (c < 0x20000)\n"
    "        return &records[blocks[places[c / 128]][c % 128]];\n"
    "    return &records[blocks[places[(c < 0xE0000 ? 0x4E00 : 0x200B) / 128]]"
    "[(c < 0xE0000 ? 0x4E00 : 0x200B) % 128]];\n"
    "}\n"
    "const uint32_t *glyph_letters(size_t at)\n"
    "{\n"
    "    return letters + at;\n"
    "}\n";
_Static_assert(CODES == 0x20000 && BLOCK == 128, "as the text above says");

static void skeletons_fill(struct out *o)
{
    struct str plain = str_of(plain_letters);
    size_t at = 0;

    for (size_t i = 0; at < plain.n; i++)
        o->skeletons[i] = skeleton_of(o->arena, utf8_next(plain, &at));
}

int main(void)
{
    static struct out o;

    o.arena = arena_new(0);
    skeletons_fill(&o);
    for (uint32_t c = 0; c < CODES; c++)
        o.of[c] = record_add(&o, record_make(&o, c));
    printf("/* Made by gen_glyphs.c. */\n#include \"text/glyph.h\"\n"
           "static const struct glyph_record records[] = {\n");
    for (size_t i = 0; i < o.records_n; i++) {
        const struct glyph_record *r = &o.records[i];
        printf("{%u,%u,%u,%u,%u,%u,%u,%u,%d,%d,%d,%u},\n", r->class, r->script, r->to_n, r->looks_n,
               r->sure_n, r->to_at, r->looks_at, r->kin, r->fancy, r->odd, r->bracket, r->turned);
    }
    printf("};\nstatic const uint32_t letters[] = {");
    for (size_t i = 0; i < o.letters_n; i++)
        printf("%u,", o.letters[i]);
    printf("0};\n");
    print_blocks(&o);
    printf("%s", lookups);
    arena_free(&o.arena);
    return 0;
}
