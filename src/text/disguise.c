#include "text/disguise_own.h"

#define DOTS_MAX 4       /* more of them hide no letters */
#define SPACED_LEAST 3   /* single letters in a row: two are two words */
#define LONE_WORDS_MAX 2 /* words of one letter that may stand before or behind spaced letters */
#define LEADING_DIGIT_LETTERS 4  /* of a word that begins with a digit for a letter */
#define TRAILING_DIGIT_LETTERS 3 /* of one that ends with it */
#define STRETCH_LEAST 3
#define JOINED_MAX 8   /* tokens with joiners between them that may be one word */
#define BRACKETS_MAX 2 /* in a row that cut a word: "b(a)(d)" */
#define FLAGS_LEAST 3  /* letters of flags in a row: two are a flag */

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

bool disguise_is_in_token(const struct reading *r, size_t i)
{
    enum glyph_class c = class_at(r, i);
    return is_in_word(r, i) || c == GLYPH_SIGN || c == GLYPH_MASK || c == GLYPH_SYMBOL;
}

struct part disguise_part(const struct reading *r, size_t from, size_t end)
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
        while (disguise_is_in_token(r, end))
            end++;
        struct part p = disguise_part(r, i, end);
        if (p.letters > 0) {
            edges_mark(r, &p, REACH_TOKEN);
            token_permit(r, &p);
        }
        for (size_t k = i; k < end; k++)
            r->spots[k].end[REACH_TOKEN] = (uint32_t)end;
        i = end > i ? end : i + 1;
    }
}

static bool is_flag_letter(const struct reading *r, size_t i)
{
    return class_at(r, i) == GLYPH_SYMBOL && glyph_at(r, i)->record->looks_n > 0;
}

/* Letters of flags in a row may be a word, with or without a space between each two. */
static void flags_read(struct reading *r)
{
    for (size_t i = 0; i < r->glyphs.n;) {
        size_t end = i, n = 0, next = i;
        while (is_flag_letter(r, next)) {
            end = next + 1;
            next = end + (class_at(r, end) == GLYPH_SPACE);
            n++;
        }
        if (n < FLAGS_LEAST) {
            i = end > i ? end : i + 1;
            continue;
        }
        r->spots[i].begins |= BIT(REACH_TOKEN) | BIT(REACH_RUN);
        r->spots[end - 1].ends |= BIT(REACH_TOKEN) | BIT(REACH_RUN);
        for (; i < end; i++) {
            r->spots[i].may |= is_flag_letter(r, i) ? MAY_LOOK : MAY_GO_SPLIT;
            r->spots[i].end[REACH_RUN] = (uint32_t)end;
        }
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

bool disguise_is_single(const struct reading *r, size_t i)
{
    return disguise_is_in_token(r, i) && r->spots[i].end[REACH_TOKEN] == i + 1 &&
           (i == 0 || !disguise_is_in_token(r, i - 1));
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
        if (!disguise_is_single(r, i))
            continue;
        if (!is_lone_word(glyph_at(r, i)->letter))
            break;
        size_t next = i + 1;
        while (next < p->end && !disguise_is_single(r, next))
            next++;
        if (next < p->end)
            r->spots[next].begins |= BIT(REACH_RUN);
        n++;
    }
    n = 0;
    for (size_t i = p->end; i-- > p->from && n < LONE_WORDS_MAX;) {
        if (!disguise_is_single(r, i))
            continue;
        if (!is_lone_word(glyph_at(r, i)->letter))
            break;
        size_t before = i;
        while (before > p->from && !disguise_is_single(r, before - 1))
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
    return sign && disguise_is_in_token(r, i + 1);
}

/* Three single letters and more with the same between them. Gives the glyph behind. */
static size_t spaced_read(struct reading *r, size_t from)
{
    size_t end = from + 1, n = 1, gap_end;
    uint32_t gap = gap_at(r, end, &gap_end);

    if (!disguise_is_single(r, from) || gap == 0)
        return from;
    while (gap_at(r, end, &gap_end) == gap && disguise_is_single(r, gap_end) &&
           !(gap == ' ' && is_signed(r, gap_end + 1))) {
        end = gap_end + 1;
        n++;
    }
    if (n < SPACED_LEAST)
        return from;
    struct part p = disguise_part(r, from, end);
    if (p.letters < 2) { /* numbers */
        for (size_t i = from; i < end; i++)
            r->spots[i].end[REACH_RUN] = (uint32_t)end;
        return end;
    }
    edges_mark(r, &p, REACH_RUN);
    lone_words_mark(r, &p);
    for (size_t i = from; i < end; i++) {
        enum glyph_class c = class_at(r, i);
        if (!disguise_is_single(r, i))
            r->spots[i].may |= MAY_GO_SPLIT;
        else if (i > p.first && i < p.last && c == GLYPH_MASK)
            r->spots[i].may |= MAY_BE_ANY;
        if (c == GLYPH_SIGN || c == GLYPH_DIGIT)
            r->spots[i].may |= MAY_LOOK;
    }
    return end;
}

static bool is_bracket(const struct reading *r, size_t i)
{
    return i < r->glyphs.n && class_at(r, i) == GLYPH_BREAK && glyph_at(r, i)->record->bracket;
}

/* The token that is joined to the one before `i`; `i`: none is. */
static size_t joint_end(const struct reading *r, size_t i)
{
    size_t end = i;

    if (class_at(r, i) == GLYPH_JOINER)
        end = i + 1;
    while (end - i < BRACKETS_MAX && is_bracket(r, end))
        end++;
    return disguise_is_in_token(r, end) ? end : i;
}

/* Tokens with one joiner, or brackets and quotes, between each two. Gives the glyph behind. */
static size_t joined_read(struct reading *r, size_t from)
{
    size_t end = r->spots[from].end[REACH_TOKEN], n = 1, next;

    while (n <= JOINED_MAX && (next = joint_end(r, end)) > end) {
        end = r->spots[next].end[REACH_TOKEN];
        n++;
    }
    struct part p = disguise_part(r, from, end);
    for (size_t i = from; i < end; i++)
        r->spots[i].end[REACH_RUN] = (uint32_t)end;
    if (n == 1 || n > JOINED_MAX || p.letters == 0)
        return end;
    edges_mark(r, &p, REACH_RUN);
    for (size_t i = from; i < end; i++) {
        if (!disguise_is_in_token(r, i))
            r->spots[i].may |= MAY_GO_SPLIT;
    }
    return end;
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
        if (!disguise_is_in_token(r, i)) {
            i++;
            continue;
        }
        size_t end = spaced_read(r, i);
        i = end > i ? end : joined_read(r, i);
    }
}

static struct reading glyphs_read(struct arena *a, struct glyphs glyphs)
{
    struct reading r = {.glyphs = glyphs};

    r.spots = ARENA_ARRAY(a, struct spot, r.glyphs.n + 1);
    dots_read(&r);
    words_read(&r);
    tokens_read(&r);
    disguise_cuts_read(&r);
    runs_read(&r);
    flags_read(&r);
    disguise_scripts_read(&r);
    stretches_read(&r);
    return r;
}

struct reading reading_of(struct arena *a, struct str text)
{
    struct reading r = glyphs_read(a, glyphs_of(a, text));
    struct glyphs turned;

    if (glyphs_turn(a, &r.glyphs, &turned)) {
        r.turned = ARENA_NEW(a, struct reading);
        *r.turned = glyphs_read(a, turned);
    }
    return r;
}
