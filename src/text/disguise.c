#include "text/disguise.h"

#define BIT(reach) ((uint8_t)(1u << (reach)))
#define DOTS_MAX 4       /* more of them hide no letters */
#define SPACED_LEAST 3   /* single letters in a row: two are two words */
#define LONE_WORDS_MAX 2 /* words of one letter that may stand before or behind spaced letters */
#define ACCENTED_LEAST 4 /* letters of a word that may have lost its accents */
#define LEADING_DIGIT_LETTERS 4  /* of a word that begins with a digit for a letter */
#define TRAILING_DIGIT_LETTERS 3 /* of one that ends with it */
#define PLAIN_WORDS_LEAST 4      /* words of a text whose language may be without accents */
#define STRETCH_LEAST 3
#define JOINED_MAX 8 /* tokens with joiners between them that may be one word */

static const struct glyph *glyph_at(const struct reading *r, size_t i)
{
    return &r->glyphs.items[i];
}

static enum glyph_class class_at(const struct reading *r, size_t i)
{
    return i < r->glyphs.n ? r->glyphs.items[i].class : GLYPH_BREAK;
}

static bool is_letter(const struct reading *r, size_t i)
{
    return class_at(r, i) == GLYPH_LETTER;
}

/* Two dots and more, or dashes, hide letters: "х..й", "f--k". They become masks that are letters.
 */
static void dots_read(struct reading *r)
{
    size_t n = r->glyphs.n;

    for (size_t i = 1; i < n; i++) {
        if (class_at(r, i) != GLYPH_DOT && class_at(r, i) != GLYPH_JOINER)
            continue;
        size_t end = i;
        while (end < n && glyph_at(r, end)->letter == glyph_at(r, i)->letter)
            end++;
        bool hides =
            end - i >= 2 && end - i <= DOTS_MAX && is_letter(r, i - 1) && is_letter(r, end);
        for (size_t k = i; hides && k < end; k++)
            r->glyphs.items[k].class = GLYPH_MASK;
        i = end - 1;
    }
}

/* ʻ belongs to an Uzbek o or g, also at the end of a word. */
static bool is_word_apostrophe(const struct reading *r, size_t i)
{
    if (class_at(r, i) != GLYPH_APOSTROPHE || i == 0 || !is_letter(r, i - 1))
        return false;
    uint32_t before = glyph_at(r, i - 1)->letter;
    return is_letter(r, i + 1) || before == 'o' || before == 'g';
}

static bool is_in_word(const struct reading *r, size_t i)
{
    return class_at(r, i) == GLYPH_LETTER || class_at(r, i) == GLYPH_DIGIT ||
           is_word_apostrophe(r, i);
}

/* Words may end before an apostrophe that ends them, and before "'s". */
static void word_end_marks(struct reading *r, size_t end)
{
    r->spots[end - 1].ends |= BIT(REACH_WORD);
    if (end >= 2 && class_at(r, end - 1) == GLYPH_APOSTROPHE)
        r->spots[end - 2].ends |= BIT(REACH_WORD);
    if (end >= 3 && class_at(r, end - 2) == GLYPH_APOSTROPHE && glyph_at(r, end - 1)->letter == 's')
        r->spots[end - 3].ends |= BIT(REACH_WORD);
}

static void words_read(struct reading *r)
{
    for (size_t i = 0; i < r->glyphs.n;) {
        size_t end = i + 1;
        if (is_in_word(r, i)) {
            while (is_in_word(r, end))
                end++;
        } else if (class_at(r, i) != GLYPH_SYMBOL) {
            i = end;
            continue;
        }
        r->spots[i].begins |= BIT(REACH_WORD);
        word_end_marks(r, end);
        for (; i < end; i++)
            r->spots[i].end[REACH_WORD] = (uint32_t)end;
    }
}

static bool is_in_token(const struct reading *r, size_t i)
{
    enum glyph_class c = class_at(r, i);
    return is_in_word(r, i) || c == GLYPH_SIGN || c == GLYPH_MASK || c == GLYPH_SYMBOL;
}

struct part {
    size_t from, end;   /* glyphs */
    size_t first, last; /* its first and its last letter */
    size_t letters;     /* how many */
};

static struct part part_of(const struct reading *r, size_t from, size_t end)
{
    struct part p = {.from = from, .end = end, .first = end, .last = from};

    for (size_t i = from; i < end; i++) {
        if (!is_letter(r, i))
            continue;
        if (p.letters++ == 0)
            p.first = i;
        p.last = i;
    }
    return p;
}

/*
 * A hidden word begins where its first letter's word does, or at a sign before it, and ends
 * likewise: never within digits and letters.
 */
static void edges_mark(struct reading *r, const struct part *p, enum reach reach)
{
    for (size_t i = p->from; i <= p->first; i++) {
        if (class_at(r, i) == GLYPH_SIGN || (r->spots[i].begins & BIT(REACH_WORD)))
            r->spots[i].begins |= BIT(reach);
    }
    for (size_t i = p->last; i < p->end; i++) {
        if (class_at(r, i) == GLYPH_SIGN || (r->spots[i].ends & BIT(REACH_WORD)))
            r->spots[i].ends |= BIT(reach);
    }
    for (size_t i = p->from; i < p->end; i++)
        r->spots[i].end[reach] = (uint32_t)p->end;
}

/* "@ss" and "a$$", but not "so!": an exclamation ends sentences. */
static bool may_end_word(uint32_t sign)
{
    return sign == '@' || sign == '$';
}

/* One digit may begin or end a hidden word, if enough letters follow: "4asino", not "9dan", "mp3".
 */
static bool may_be_edge(const struct reading *r, const struct part *p, size_t i)
{
    if (class_at(r, i) == GLYPH_SIGN)
        return i < p->first || may_end_word(glyph_at(r, i)->letter);
    if (i < p->first)
        return i + 1 == p->first && p->letters >= LEADING_DIGIT_LETTERS;
    return i == p->last + 1 && p->letters >= TRAILING_DIGIT_LETTERS;
}

/* A star alone may be put between letters; several hide as many. */
static bool may_be_put_in(const struct reading *r, size_t i)
{
    uint32_t c = glyph_at(r, i)->letter;
    bool alone = glyph_at(r, i - 1)->letter != c && glyph_at(r, i + 1)->letter != c;
    return alone && glyph_at(r, i)->record->class == class_at(r, i); /* no dots */
}

static void token_permit(struct reading *r, const struct part *p)
{
    for (size_t i = p->from; i < p->end; i++) {
        enum glyph_class c = class_at(r, i);
        bool inside = i > p->first && i < p->last, hides = c == GLYPH_MASK || c == GLYPH_SYMBOL;
        if ((c == GLYPH_DIGIT || c == GLYPH_SIGN) && (inside || may_be_edge(r, p, i)))
            r->spots[i].may |= MAY_LOOK;
        if (inside && (hides || c == GLYPH_SIGN))
            r->spots[i].may |= MAY_BE_ANY;
        if (inside && hides && may_be_put_in(r, i))
            r->spots[i].may |= MAY_GO;
    }
}

static void tokens_read(struct reading *r)
{
    for (size_t i = 0; i < r->glyphs.n;) {
        size_t end = i;
        while (is_in_token(r, end))
            end++;
        struct part p = part_of(r, i, end);
        if (p.letters > 0) {
            edges_mark(r, &p, REACH_TOKEN);
            token_permit(r, &p);
        }
        for (size_t k = i; k < end; k++)
            r->spots[k].end[REACH_TOKEN] = (uint32_t)end;
        i = end > i ? end : i + 1;
    }
}

/* What stands between single letters: a kind of sign, or white space. 0: nothing that may. */
static uint32_t gap_at(const struct reading *r, size_t i, size_t *ret_end)
{
    size_t end = i;

    while (class_at(r, end) == GLYPH_SPACE && end < r->glyphs.n)
        end++;
    *ret_end = end;
    if (end > i)
        return ' ';
    enum glyph_class c = class_at(r, i);
    if (i >= r->glyphs.n || (c != GLYPH_BREAK && c != GLYPH_DOT && c != GLYPH_JOINER))
        return 0;
    *ret_end = i + 1;
    return glyph_at(r, i)->letter;
}

static bool is_single(const struct reading *r, size_t i)
{
    return is_in_token(r, i) && r->spots[i].end[REACH_TOKEN] == i + 1 &&
           (i == 0 || !is_in_token(r, i - 1));
}

static bool is_lone_word(uint32_t c)
{
    static const char words[] = "аиоувксяэеaiou";
    struct str s = {words, sizeof words - 1};
    char bytes[2];
    if (c < 0x80)
        return str_find_char(s, (char)c) >= 0;
    if (c >= 0x800)
        return false;
    bytes[0] = (char)(0xC0 | c >> 6);
    bytes[1] = (char)(0x80 | (c & 0x3F));
    return str_find(s, (struct str){bytes, 2}) >= 0;
}

/* Spaced letters may have words of one letter before and behind them: "и с у к а". */
static void lone_words_mark(struct reading *r, const struct part *p)
{
    size_t n = 0;

    for (size_t i = p->from; i < p->end && n < LONE_WORDS_MAX; i++) {
        if (!is_single(r, i))
            continue;
        if (!is_lone_word(glyph_at(r, i)->letter))
            break;
        size_t next = i + 1;
        while (next < p->end && !is_single(r, next))
            next++;
        if (next < p->end)
            r->spots[next].begins |= BIT(REACH_RUN);
        n++;
    }
    n = 0;
    for (size_t i = p->end; i-- > p->from && n < LONE_WORDS_MAX;) {
        if (!is_single(r, i))
            continue;
        if (!is_lone_word(glyph_at(r, i)->letter))
            break;
        size_t before = i;
        while (before > p->from && !is_single(r, before - 1))
            before--;
        if (before > p->from)
            r->spots[before - 1].ends |= BIT(REACH_RUN);
        n++;
    }
}

/* A sign right between two letters: "b a b.a.d" is not spaced beyond the first a. */
static bool is_signed(const struct reading *r, size_t i)
{
    enum glyph_class c = class_at(r, i);
    bool sign = c == GLYPH_BREAK || c == GLYPH_DOT || c == GLYPH_JOINER;
    return sign && is_in_token(r, i + 1);
}

/* Three single letters and more with the same between them. Gives the glyph behind. */
static size_t spaced_read(struct reading *r, size_t from)
{
    size_t end = from + 1, n = 1, gap_end;
    uint32_t gap = gap_at(r, end, &gap_end);

    if (!is_single(r, from) || gap == 0)
        return from;
    while (gap_at(r, end, &gap_end) == gap && is_single(r, gap_end) &&
           !(gap == ' ' && is_signed(r, gap_end + 1))) {
        end = gap_end + 1;
        n++;
    }
    if (n < SPACED_LEAST)
        return from;
    struct part p = part_of(r, from, end);
    if (p.letters < 2) { /* numbers */
        for (size_t i = from; i < end; i++)
            r->spots[i].end[REACH_RUN] = (uint32_t)end;
        return end;
    }
    edges_mark(r, &p, REACH_RUN);
    lone_words_mark(r, &p);
    for (size_t i = from; i < end; i++) {
        enum glyph_class c = class_at(r, i);
        if (!is_single(r, i))
            r->spots[i].may |= MAY_GO_SPLIT;
        else if (i > p.first && i < p.last && c == GLYPH_MASK)
            r->spots[i].may |= MAY_BE_ANY;
        if (c == GLYPH_SIGN || c == GLYPH_DIGIT)
            r->spots[i].may |= MAY_LOOK;
    }
    return end;
}

/* Tokens with one joiner between each two. Gives the glyph behind. */
static size_t joined_read(struct reading *r, size_t from)
{
    size_t end = r->spots[from].end[REACH_TOKEN], n = 1;

    while (n <= JOINED_MAX && class_at(r, end) == GLYPH_JOINER && is_in_token(r, end + 1)) {
        end = r->spots[end + 1].end[REACH_TOKEN];
        n++;
    }
    struct part p = part_of(r, from, end);
    for (size_t i = from; i < end; i++)
        r->spots[i].end[REACH_RUN] = (uint32_t)end;
    if (n == 1 || n > JOINED_MAX || p.letters == 0)
        return end;
    edges_mark(r, &p, REACH_RUN);
    for (size_t i = from; i < end; i++) {
        if (class_at(r, i) == GLYPH_JOINER)
            r->spots[i].may |= MAY_GO_SPLIT;
    }
    return end;
}

struct census {
    size_t own[SCRIPT_N];  /* letters that only this script has the shape of */
    size_t words;          /* tokens and runs with letters */
    size_t accented_words; /* those with accents */
};

static struct census census_of(const struct reading *r)
{
    struct census census = {0};
    size_t word_end = 0, accented_end = 0;

    for (size_t i = 0; i < r->glyphs.n; i++) {
        const struct glyph_record *record = glyph_at(r, i)->record;
        if (record->class != GLYPH_LETTER)
            continue;
        census.own[record->script] += record->sure_n == 0;
        census.words += i >= word_end;
        census.accented_words += record->kin && i >= accented_end;
        word_end = r->spots[i].end[REACH_RUN];
        if (record->kin)
            accented_end = word_end;
    }
    return census;
}

static bool is_minority(const struct census *census, enum glyph_script script)
{
    size_t most = 0;
    for (int other = SCRIPT_LATIN; other < SCRIPT_N; other++) {
        if (other != (int)script && census->own[other] > most)
            most = census->own[other];
    }
    return census->own[script] == 0 || census->own[script] < most;
}

/*
 * Letters may be read as those that they look like where scripts are mixed in one word, where a
 * letter is of no language, and in a word of a script that most of the text is not in.
 */
static void letters_permit(struct reading *r, const struct part *p, const struct census *census)
{
    unsigned scripts = 0, accents = 0;
    bool odd = false;

    for (size_t i = p->from; i < p->end; i++) {
        const struct glyph *g = glyph_at(r, i);
        if (g->class != GLYPH_LETTER)
            continue;
        scripts |= 1u << g->record->script;
        odd |= g->record->odd;
        accents += g->record->kin != 0;
    }
    bool mixed = (scripts & (scripts - 1)) != 0;
    bool foreign =
        !mixed && scripts && is_minority(census, (enum glyph_script)__builtin_ctz(scripts));
    bool bare = accents > 0 && census->accented_words == 1 && census->words >= PLAIN_WORDS_LEAST &&
                p->letters >= ACCENTED_LEAST;
    for (size_t i = p->from; i < p->end; i++) {
        if (!is_letter(r, i))
            continue;
        if (mixed || odd)
            r->spots[i].may |= MAY_LOOK;
        else if (foreign)
            r->spots[i].may |= MAY_LOOK_SURE;
        if (bare)
            r->spots[i].may |= MAY_BE_BARE;
    }
}

static bool is_same_letter(const struct reading *r, size_t i, size_t k)
{
    const struct glyph *a = glyph_at(r, i), *b = glyph_at(r, k);

    if (a->letter == b->letter)
        return true;
    for (size_t n = 0; (r->spots[i].may & MAY_LOOK) && n < a->record->looks_n; n++) {
        if (glyph_letters(a->record->looks_at)[n] == b->letter)
            return true;
    }
    return false;
}

static void stretches_read(struct reading *r)
{
    for (size_t i = 0; i < r->glyphs.n;) {
        size_t end = i + 1;
        while (is_letter(r, i) && end < r->glyphs.n && is_letter(r, end) &&
               is_same_letter(r, i, end))
            end++;
        if (end - i >= STRETCH_LEAST) {
            r->spots[i].stretch_end = (uint32_t)end;
            r->spots[i + 1].stretch_end = (uint32_t)end;
        }
        i = end;
    }
}

static void runs_read(struct reading *r)
{
    for (size_t i = 0; i < r->glyphs.n;) {
        if (!is_in_token(r, i)) {
            i++;
            continue;
        }
        size_t end = spaced_read(r, i);
        i = end > i ? end : joined_read(r, i);
    }
}

/* Letters are judged together within a token, and within a run of single ones. */
static void scripts_read(struct reading *r)
{
    struct census census = census_of(r);

    for (size_t i = 0; i < r->glyphs.n;) {
        if (!is_in_token(r, i)) {
            i++;
            continue;
        }
        bool spaced = is_single(r, i) && r->spots[i].end[REACH_RUN] > i + 1;
        size_t end = r->spots[i].end[spaced ? REACH_RUN : REACH_TOKEN];
        struct part p = part_of(r, i, end);
        letters_permit(r, &p, &census);
        i = end;
    }
}

struct reading reading_of(struct arena *a, struct str text)
{
    struct reading r = {.glyphs = glyphs_of(a, text)};

    r.spots = ARENA_ARRAY(a, struct spot, r.glyphs.n + 1);
    dots_read(&r);
    words_read(&r);
    tokens_read(&r);
    runs_read(&r);
    scripts_read(&r);
    stretches_read(&r);
    return r;
}
