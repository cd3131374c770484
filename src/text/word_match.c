/*
 * The search of word_list.h: from each glyph at which a word may begin, every reading that the tree
 * has a way for is followed, deepest first.
 */
#include "base/must.h"
#include "text/word_list_own.h"

#define PATHS_MAX 1024        /* waiting at one time; further ones are not followed */
#define STEPS_EACH 24         /* a glyph's share of the steps that disguises may cost */
#define STEPS_ONE 4096        /* what one place in the text may take of them */
#define STEPS_LEAST 8192      /* and what every text has */
#define GAP_MAX 8             /* glyphs between two words of a phrase */
#define SPLIT_LETTERS_LEAST 3 /* of a word that was cut apart */
#define BARE_LETTERS_LEAST 4  /* of a word that lost its accents */
#define CUT_LETTERS_LEAST 3   /* that stand before masks for the rest of a word */
#define CUT_FOOTNOTE_MAX 2    /* letters that a single mask may stand for: it may be a footnote's */

/* A way through the text and the tree at once. */
struct path {
    struct word_place place;
    uint32_t at;           /* the next glyph */
    uint16_t disguises;    /* so far, of all its words */
    uint16_t word;         /* … and of the word in hand */
    uint32_t real, fake;   /* letters of the word that stand there, and that something stands for */
    uint32_t digits;       /* of the fake ones, those that are no signs */
    uint32_t cut;          /* … those at the end that masks stand for, however many */
    uint8_t reach, begins; /* how far the word reaches; bits of where it may begin */
};

struct search {
    const struct word_list *list;
    const struct reading *r;
    struct path *paths;
    size_t paths_n;
    size_t steps_left; /* for the whole text */
    size_t steps_here; /* for the place in hand */
    uint32_t best_end;
    uint32_t best_entry;
    uint16_t best_disguises;
    uint32_t best_off;
};

static void path_push(struct search *s, struct path p)
{
    if (s->paths_n < PATHS_MAX)
        s->paths[s->paths_n++] = p;
}

/* Steps of disguised readings are counted, so that no text can make many of them. */
static bool may_step(struct search *s)
{
    if (s->steps_left == 0 || s->steps_here == 0)
        return false;
    s->steps_left--;
    s->steps_here--;
    return true;
}

/* Fewer disguises, or lighter ones: a sign for a letter rather than for any. */
static bool is_plainer(uint16_t a, uint16_t b)
{
    int x = __builtin_popcount(a), y = __builtin_popcount(b);
    return x != y ? x < y : a < b;
}

static void accept_cut(struct search *s, uint32_t entry, uint32_t end, uint16_t disguises,
                       uint32_t off)
{
    if (entry == WORD_NO_ENTRY || end < s->best_end)
        return;
    if (end == s->best_end && s->best_entry != WORD_NO_ENTRY &&
        !is_plainer(disguises, s->best_disguises) &&
        !(disguises == s->best_disguises && off < s->best_off))
        return;
    s->best_end = end;
    s->best_entry = entry;
    s->best_disguises = disguises;
    s->best_off = off;
}

static void accept(struct search *s, uint32_t entry, uint32_t end, uint16_t disguises)
{
    accept_cut(s, entry, end, disguises, 0);
}

/*
 * Whether what was read as a word is one: at least as many letters as things that stand for
 * letters, and enough of them that a reader would know the word. "a$$" passes, "1a2" does not.
 */
static bool is_word(const struct path *p)
{
    uint32_t all = p->real + p->fake;

    if (p->fake > 0) {
        bool known = p->real >= 2 && p->real >= p->fake;
        bool signs = p->real >= 1 && p->digits == 0 && all >= 3 && !(p->word & DISGUISE_MASK);
        if (!known && !signs)
            return false;
    }
    if ((p->word & DISGUISE_SPLIT) && all < SPLIT_LETTERS_LEAST)
        return false;
    return !(p->word & DISGUISE_ACCENT) || all >= BARE_LETTERS_LEAST;
}

static bool is_gap(const struct search *s, size_t i)
{
    enum glyph_class c = s->r->glyphs.items[i].class;
    return c == GLYPH_SPACE || c == GLYPH_BREAK || c == GLYPH_DOT || c == GLYPH_JOINER ||
           c == GLYPH_MASK || c == GLYPH_APOSTROPHE;
}

/* A phrase goes on with the next word, which begins behind the glyph before `end`. */
static void phrase_step(struct search *s, struct path p, uint32_t end)
{
    size_t next = end;

    if (!word_follow(&s->list->trie, &p.place, WORD_SPACE))
        return;
    while (next < s->r->glyphs.n && next - end < GAP_MAX && is_gap(s, next))
        next++;
    if (next >= s->r->glyphs.n)
        return;
    /* Signs before the word belong to the gap or to the word. */
    for (size_t i = end; i <= next; i++) {
        uint8_t begins = s->r->spots[i].begins;
        if (begins)
            path_push(s, (struct path){.place = p.place,
                                       .at = (uint32_t)i,
                                       .disguises = p.disguises,
                                       .begins = begins});
    }
}

/* A word may end behind glyph i: an entry, a star, a phrase. */
static void end_step(struct search *s, struct path p, uint32_t i)
{
    const struct spot *spot = &s->r->spots[i];
    const struct word_trie *trie = &s->list->trie;
    struct path starred = p;

    if (!is_word(&p))
        return;
    if (spot->ends & (1u << p.reach)) {
        accept(s, word_entry_at(trie, p.place), i + 1, p.disguises);
        phrase_step(s, p, i + 1);
    }
    if (word_follow(trie, &starred.place, WORD_STAR)) {
        uint32_t end = spot->end[p.reach];
        accept(s, word_entry_at(trie, starred.place), end, p.disguises);
        if (may_step(s)) /* with a star in every word, phrases would double at each */
            phrase_step(s, starred, end);
    }
}

/* Goes on behind glyph i, which was read as a letter. */
static void letter_step(struct search *s, struct path p, uint32_t i)
{
    const struct spot *spot = &s->r->spots[i];

    end_step(s, p, i);
    p.at = i + 1;
    path_push(s, p);
    if (spot->stretch_end > i + 1 && may_step(s)) {
        p.at = spot->stretch_end;
        p.word |= DISGUISE_STRETCH;
        p.disguises |= DISGUISE_STRETCH;
        end_step(s, p, p.at - 1);
        path_push(s, p);
    }
}

/* Marks a path as disguised; returns false when its word may not begin where it does for that. */
static bool path_disguise(struct path *p, uint16_t how, enum reach reach)
{
    if (p->reach < reach) {
        if (!(p->begins & (1u << reach)))
            return false;
        p->reach = (uint8_t)reach;
    }
    p->word |= how;
    p->disguises |= how;
    return true;
}

/* Whether a path of plain words may take glyph i: only within the word it began with. */
static bool is_within(const struct search *s, const struct path *p, uint32_t i)
{
    bool first = p->real + p->fake == 0;
    return first || i == 0 || p->reach > REACH_WORD || s->r->spots[i - 1].end[REACH_WORD] != i;
}

static bool is_letter_of_word(enum glyph_class class)
{
    return class == GLYPH_LETTER || class == GLYPH_DIGIT || class == GLYPH_SYMBOL ||
           class == GLYPH_APOSTROPHE;
}

static void plain_step(struct search *s, struct path p, uint32_t i)
{
    const struct glyph *g = &s->r->glyphs.items[i];
    bool first = p.real + p.fake == 0;

    if (!is_letter_of_word(g->class) || !is_within(s, &p, i))
        return;
    if (!word_follow(&s->list->trie, &p.place, g->letter))
        return;
    p.real += g->class != GLYPH_APOSTROPHE;
    uint16_t how = (uint16_t)((g->fancy ? DISGUISE_FANCY : 0) | (g->marked ? DISGUISE_MARKS : 0) |
                              (g->invisible && !first ? DISGUISE_INVISIBLE : 0));
    p.word |= how;
    p.disguises |= how;
    letter_step(s, p, i);
}

/* As one of the letters that it looks like; digits and signs only stand for letters. */
static void look_step(struct search *s, struct path p, uint32_t i)
{
    const struct glyph *g = &s->r->glyphs.items[i];
    const uint32_t *letters = glyph_letters(g->record->looks_at);
    bool flag = g->class == GLYPH_SYMBOL, real = g->class == GLYPH_LETTER || flag;

    if (real && !flag && !is_within(s, &p, i))
        return;
    enum reach reach = g->class == GLYPH_SIGN || flag ? REACH_TOKEN : REACH_WORD;
    uint16_t how = flag ? DISGUISE_FANCY : real ? DISGUISE_LOOK_ALIKE : DISGUISE_LEET;
    if (!path_disguise(&p, how, reach))
        return;
    p.real += real;
    p.fake += !real;
    p.digits += g->class == GLYPH_DIGIT;
    bool sure = !(s->r->spots[i].may & MAY_LOOK);
    for (size_t k = 0; k < (sure ? g->record->sure_n : g->record->looks_n); k++) {
        struct path q = p;
        if (!may_step(s))
            return;
        if (word_follow(&s->list->trie, &q.place, letters[k]))
            letter_step(s, q, i);
    }
}

static void bare_step(struct search *s, struct path p, uint32_t i)
{
    const struct glyph *g = &s->r->glyphs.items[i];

    if (g->record->kin == 0 || !is_within(s, &p, i) || !may_step(s))
        return;
    if (!word_follow(&s->list->trie, &p.place, g->record->kin))
        return;
    (void)path_disguise(&p, DISGUISE_ACCENT, REACH_WORD);
    p.real++;
    letter_step(s, p, i);
}

/* As any letter with which an entry goes on. */
static void any_step(struct search *s, struct path p, uint32_t i)
{
    const struct word_trie *trie = &s->list->trie;
    const struct word_node *node = &trie->nodes[p.place.node];

    if (p.real == 0 || !path_disguise(&p, DISGUISE_MASK, REACH_TOKEN))
        return;
    p.fake++;
    p.digits++;
    if (p.place.taken < node->label_n) {
        uint32_t letter = trie->keys[node->label + p.place.taken];
        if (letter == WORD_SPACE || letter == WORD_STAR || !may_step(s))
            return;
        p.place.taken++;
        letter_step(s, p, i);
        return;
    }
    for (uint32_t k = 0; k < node->children_n; k++) {
        uint32_t child = node->children + k, letter = trie->nodes[child].letter;
        if (letter == WORD_SPACE || letter == WORD_STAR)
            continue;
        if (!may_step(s))
            return;
        p.place = (struct word_place){child, 1};
        letter_step(s, p, i);
    }
}

/* Whether one more letter may be among those that `masks` masks at the end stand for. */
static bool may_be_cut(const struct path *p, uint32_t masks)
{
    uint32_t cut = p->cut + 1;

    if (p->real < CUT_LETTERS_LEAST || p->real < p->fake + 1)
        return false;
    return masks > 1 || cut == 1 || (cut <= CUT_FOOTNOTE_MAX && p->real > CUT_LETTERS_LEAST);
}

/* With the masks behind its last letter a word may end: an entry, a star, a phrase. */
static void cut_end_step(struct search *s, struct path p, uint32_t i)
{
    const struct word_trie *trie = &s->list->trie;
    uint32_t end = s->r->spots[i].cut_end, masks = end - i;
    uint32_t off = p.cut > masks ? p.cut - masks : masks - p.cut;
    struct path starred = p;

    accept_cut(s, word_entry_at(trie, p.place), end, p.disguises, off);
    phrase_step(s, p, end);
    if (word_follow(trie, &starred.place, WORD_STAR)) {
        accept_cut(s, word_entry_at(trie, starred.place), end, p.disguises, off);
        phrase_step(s, starred, end);
    }
}

/*
 * The masks from glyph i on end a word, and stand for any letters with which an entry goes on. The
 * path stays where it is, a letter deeper in the tree.
 */
static void cut_step(struct search *s, struct path p, uint32_t i)
{
    const struct word_trie *trie = &s->list->trie;
    const struct word_node *node = &trie->nodes[p.place.node];
    bool in_label = p.place.taken < node->label_n;
    uint32_t n = in_label ? 1 : node->children_n;

    if (!may_be_cut(&p, s->r->spots[i].cut_end - i) ||
        !path_disguise(&p, DISGUISE_MASK, REACH_TOKEN))
        return;
    p.fake++;
    p.digits++;
    p.cut++;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t child = node->children + k;
        uint32_t letter =
            in_label ? trie->keys[node->label + p.place.taken] : trie->nodes[child].letter;
        struct path q = p;
        if (letter == WORD_SPACE || letter == WORD_STAR)
            continue;
        if (!may_step(s))
            return;
        q.place = in_label ? (struct word_place){p.place.node, p.place.taken + 1}
                           : (struct word_place){child, 1};
        cut_end_step(s, q, i);
        path_push(s, q);
    }
}

/* Leaves glyph i out, between letters. */
static void skip_step(struct search *s, struct path p, uint32_t i, enum reach reach)
{
    uint16_t how = reach == REACH_RUN ? DISGUISE_SPLIT : DISGUISE_MASK;

    if (p.real + p.fake == 0 || !may_step(s) || !path_disguise(&p, how, reach))
        return;
    p.at = i + 1;
    path_push(s, p);
}

static void path_step(struct search *s, struct path p)
{
    uint32_t i = p.at;

    if (i >= s->r->glyphs.n)
        return;
    uint8_t may = s->r->spots[i].may;
    if (s->r->spots[i].cut_end && (p.cut || s->best_end != i || s->best_entry == WORD_NO_ENTRY))
        cut_step(s, p, i);
    if (p.cut)
        return;
    plain_step(s, p, i);
    if (may & (MAY_LOOK | MAY_LOOK_SURE))
        look_step(s, p, i);
    if (may & MAY_BE_BARE)
        bare_step(s, p, i);
    if (may & MAY_BE_ANY)
        any_step(s, p, i);
    if (may & MAY_GO)
        skip_step(s, p, i, REACH_TOKEN);
    if (may & MAY_GO_SPLIT)
        skip_step(s, p, i, REACH_RUN);
}

static bool match_from(struct search *s, uint32_t start)
{
    s->steps_here = STEPS_ONE;
    s->best_end = start;
    s->best_entry = WORD_NO_ENTRY;
    path_push(s,
              (struct path){.place = WORD_ROOT, .at = start, .begins = s->r->spots[start].begins});
    while (s->paths_n > 0)
        path_step(s, s->paths[--s->paths_n]);
    return s->best_entry != WORD_NO_ENTRY;
}

/* Glyphs that were turned stand in the opposite order: a word's first may be its last in the text.
 */
static struct word_match match_of(const struct search *s, size_t from)
{
    const struct glyph *glyphs = s->r->glyphs.items;
    size_t at = glyphs[from].at, end = glyphs[from].end;

    for (size_t i = from + 1; i < s->best_end; i++) {
        at = glyphs[i].at < at ? glyphs[i].at : at;
        end = glyphs[i].end > end ? glyphs[i].end : end;
    }
    return (struct word_match){
        .at = at, .n = end - at, .entry = s->best_entry, .disguises = s->best_disguises};
}

static size_t match_all(const struct word_list *list, struct arena *scratch,
                        const struct reading *reading, struct word_match *ret, size_t max)
{
    struct search s = {.list = list, .r = reading};
    size_t n = 0;

    s.paths = ARENA_ARRAY(scratch, struct path, PATHS_MAX);
    s.steps_left = STEPS_LEAST + STEPS_EACH * reading->glyphs.n;
    for (uint32_t i = 0; i < reading->glyphs.n && n < max;) {
        if (!reading->spots[i].begins || !match_from(&s, i)) {
            i++;
            continue;
        }
        ret[n++] = match_of(&s, i);
        i = s.best_end;
    }
    return n;
}

/* Puts a match where it belongs among the first `max`; one that overlaps another is left out. */
static size_t match_put(struct word_match *all, size_t n, size_t max, struct word_match m)
{
    size_t to = n;

    while (to > 0 && all[to - 1].at + all[to - 1].n > m.at)
        to--;
    if (to == max || (to < n && all[to].at < m.at + m.n))
        return n;
    n -= n == max;
    memmove(all + to + 1, all + to, (n - to) * sizeof *all);
    all[to] = m;
    return n + 1;
}

size_t word_list_match_reading(const struct word_list *list, struct arena *scratch,
                               const struct reading *reading, struct word_match *ret, size_t max)
{
    size_t n = match_all(list, scratch, reading, ret, max);

    if (!reading->turned || max == 0)
        return n;
    /* All of them: what was turned does not stand in the order of the text. */
    size_t all = reading->turned->glyphs.n;
    struct word_match *turned = ARENA_ARRAY(scratch, struct word_match, all);
    size_t turned_n = match_all(list, scratch, reading->turned, turned, all);
    for (size_t i = 0; i < turned_n; i++)
        n = match_put(ret, n, max, turned[i]);
    return n;
}

size_t word_list_match(const struct word_list *list, struct arena *scratch, struct str text,
                       struct word_match *ret, size_t max)
{
    struct reading reading = reading_of(scratch, text);
    return word_list_match_reading(list, scratch, &reading, ret, max);
}
