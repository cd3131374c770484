#include "text/word_list.h"

#include <stdlib.h>

#include "base/must.h"
#include "text/utf8.h"
#include "text/word_list_own.h"

#define KEY_MAX (2 * WORD_ENTRY_CHARS_MAX) /* letters, spaces and stars of an entry */

struct parsed {
    struct word_key key; /* its entry is the index here */
    struct str text;
    uint32_t line;
};

struct parsing {
    struct arena *scratch; /* for what stays until the list is made */
    struct arena *line;    /* for one line */
    struct parsed *entries;
    size_t n, capacity;
    uint32_t *letters;
    size_t letters_n, letters_capacity;
    struct word_faults *faults;
    uint32_t line_number;
};

static void fault_add(struct word_faults *faults, struct word_fault fault)
{
    if (faults->n < WORD_FAULTS_MAX)
        faults->items[faults->n++] = fault;
    faults->all++;
}

/* An entry on its way to a key. */
struct entry {
    const struct glyphs *glyphs;
    uint32_t key[KEY_MAX];
    uint32_t n;
    size_t words, letters; /* letters: of all words together */
    size_t word_letters;   /* of the word in hand */
};

static bool is_word_glyph(enum glyph_class class)
{
    return class == GLYPH_LETTER || class == GLYPH_DIGIT || class == GLYPH_SYMBOL;
}

static enum glyph_class class_at(const struct entry *t, size_t i)
{
    return i < t->glyphs->n ? (enum glyph_class)t->glyphs->items[i].class : GLYPH_SPACE;
}

/* What may stand between the words of a phrase: "stop-word", "casino.example". */
static bool is_between(enum glyph_class class)
{
    return class == GLYPH_SPACE || class == GLYPH_JOINER || class == GLYPH_DOT;
}

/* A symbol is a word of its own. */
static void letter_add(struct entry *t, uint32_t letter, bool symbol)
{
    if (symbol)
        t->word_letters = 0;
    if (t->word_letters == 0 && t->words++ > 0)
        t->key[t->n++] = WORD_SPACE;
    t->word_letters += !symbol;
    t->letters += symbol ? 2 : 1;
    t->key[t->n++] = letter;
}

/* An apostrophe stands between letters, or behind an Uzbek o or g, as in a text. */
static bool apostrophe_add(struct entry *t, size_t i)
{
    if (i == 0 || class_at(t, i - 1) != GLYPH_LETTER)
        return false;
    uint32_t before = t->key[t->n - 1];
    if (class_at(t, i + 1) != GLYPH_LETTER && before != 'o' && before != 'g')
        return false;
    t->key[t->n++] = t->glyphs->items[i].letter;
    return true;
}

/* A star ends a word of two letters and more. */
static bool star_add(struct entry *t, size_t i)
{
    if (t->word_letters < 2 || !is_between(class_at(t, i + 1)))
        return false;
    t->key[t->n++] = WORD_STAR;
    return true;
}

/* Returns false, with a fault, when a glyph may not stand where it stands. */
static bool glyph_take(struct entry *t, size_t i, enum word_fault_kind *ret_fault)
{
    const struct glyph *g = &t->glyphs->items[i];
    enum glyph_class class = class_at(t, i);

    *ret_fault = g->letter == WORD_STAR ? WORD_FAULT_STAR : WORD_FAULT_CHARACTER;
    if (g->letter == WORD_STAR)
        return star_add(t, i);
    if (class == GLYPH_APOSTROPHE)
        return apostrophe_add(t, i);
    if (is_word_glyph(class)) {
        letter_add(t, g->letter, class == GLYPH_SYMBOL);
        return true;
    }
    if (!is_between(class) || (class != GLYPH_SPACE && (i == 0 || i + 1 == t->glyphs->n)))
        return false;
    t->word_letters = 0;
    return true;
}

static bool entry_fold(struct entry *t, enum word_fault_kind *ret_fault)
{
    *ret_fault = WORD_FAULT_LONG;
    if (t->glyphs->n > WORD_ENTRY_CHARS_MAX)
        return false;
    for (size_t i = 0; i < t->glyphs->n; i++) {
        if (!glyph_take(t, i, ret_fault))
            return false;
    }
    *ret_fault = t->letters < 1 ? WORD_FAULT_CHARACTER : WORD_FAULT_SHORT;
    if (t->letters < 2)
        return false;
    *ret_fault = WORD_FAULT_WORDS;
    return t->words <= WORD_ENTRY_WORDS_MAX;
}

static void key_add(struct parsing *p, const struct entry *t, struct str text)
{
    struct word_key key = {(uint32_t)p->letters_n, t->n, (uint32_t)p->n};

    for (uint32_t i = 0; i < t->n; i++)
        *ARENA_PUSH(p->scratch, p->letters, p->letters_n, p->letters_capacity) = t->key[i];
    *ARENA_PUSH(p->scratch, p->entries, p->n, p->capacity) =
        (struct parsed){key, text, p->line_number};
}

static void line_parse(struct parsing *p, struct str line)
{
    struct str text = str_trim(line);
    enum word_fault_kind fault = WORD_FAULT_LONG;

    if (text.n == 0 || text.p[0] == '#')
        return;
    arena_reset(p->line);
    struct glyphs glyphs = glyphs_of(p->line, str_head(text, KEY_MAX * 64));
    struct entry t = {.glyphs = &glyphs};
    if (text.n <= KEY_MAX * 64 && entry_fold(&t, &fault))
        key_add(p, &t, text);
    else
        fault_add(p->faults, (struct word_fault){.kind = fault, .line = p->line_number});
}

static struct word_key *keys_sorted(struct parsing *p)
{
    struct word_key *keys = ARENA_ARRAY(p->scratch, struct word_key, p->n);

    for (size_t i = 0; i < p->n; i++)
        keys[i] = p->entries[i].key;
    word_keys_sort(keys, p->n, p->letters);
    return keys;
}

/* Leaves the first of each key; numbers the entries that stay by their order in the source. */
static size_t repeats_drop(struct parsing *p, struct word_key *keys)
{
    size_t n = 0, kept = 0;

    for (size_t i = 0; i < p->n; i++) {
        if (n == 0 || !word_keys_equal(p->letters, keys[n - 1], keys[i])) {
            keys[n++] = keys[i];
            continue;
        }
        struct parsed *again = &p->entries[keys[i].entry];
        uint32_t first = p->entries[keys[n - 1].entry].line;
        fault_add(p->faults, (struct word_fault){WORD_FAULT_REPEATED, again->line, first});
        again->text.n = 0;
    }
    uint32_t *numbers = ARENA_ARRAY(p->scratch, uint32_t, p->n);
    for (size_t i = 0; i < p->n; i++) {
        numbers[i] = (uint32_t)kept;
        if (p->entries[i].text.n > 0)
            p->entries[kept++] = p->entries[i];
    }
    for (size_t i = 0; i < n; i++)
        keys[i].entry = numbers[keys[i].entry];
    p->n = kept;
    return n;
}

static size_t texts_bytes(const struct parsing *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        n += p->entries[i].text.n;
    return n;
}

static void texts_copy(struct word_list *list, const struct parsing *p, char *texts)
{
    uint32_t at = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct parsed *parsed = &p->entries[i];
        memcpy(texts + at, parsed->text.p, parsed->text.n);
        list->entries[i] = (struct word_entry){at, (uint32_t)parsed->text.n, parsed->line};
        at += (uint32_t)parsed->text.n;
    }
    list->texts = texts;
}

/* One block: the list, its nodes, keys, entries and their texts. */
static struct word_list *list_make(struct parsing *p)
{
    struct word_key *keys = keys_sorted(p);
    size_t n = repeats_drop(p, keys), letters = p->letters_n * sizeof *p->letters;
    struct word_node *nodes = ARENA_ARRAY(p->scratch, struct word_node, 2 * n + 1);
    size_t nodes_n = word_trie_make(p->scratch, keys, n, p->letters, nodes);
    size_t bytes = sizeof(struct word_list) + nodes_n * sizeof *nodes + letters +
                   n * sizeof(struct word_entry) + texts_bytes(p);
    char *block = calloc(1, bytes);

    MUST(block);
    struct word_list *list = (struct word_list *)(void *)block;
    char *at = block + sizeof *list;
    memcpy(at, nodes, nodes_n * sizeof *nodes);
    list->trie.nodes = (const struct word_node *)(void *)at;
    list->trie.nodes_n = nodes_n;
    at += nodes_n * sizeof *nodes;
    if (letters > 0)
        memcpy(at, p->letters, letters);
    list->trie.keys = (const uint32_t *)(void *)at;
    at += letters;
    list->entries = (struct word_entry *)(void *)at;
    list->n = n;
    list->bytes = bytes;
    texts_copy(list, p, at + n * sizeof(struct word_entry));
    return list;
}

static int by_line(const void *a, const void *b)
{
    const struct word_fault *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

bool word_list_compile(struct arena *scratch, struct str source, struct word_list **ret,
                       struct word_faults *ret_faults, struct err *e)
{
    struct parsing p = {.scratch = scratch, .faults = ret_faults};
    struct str line;

    ret_faults->n = ret_faults->all = 0;
    if (source.n > WORD_LIST_BYTES_MAX)
        return err_set(e, ERR_TOO_LARGE, 0, "a word list of %zu bytes", source.n);
    if (!utf8_is_valid(source))
        return err_set(e, ERR_INVALID, 0, "a word list that is not UTF-8");
    if (str_begins(source, STR("\xEF\xBB\xBF"))) /* a byte order mark of some editors */
        source = str_from(source, 3);
    ON_LEAVE(arena_free) struct arena *line_arena = arena_new(64 * KiB);
    p.line = line_arena;
    while (str_next(&source, '\n', &line)) {
        p.line_number++;
        line_parse(&p, line);
        if (p.n > WORD_LIST_ENTRIES_MAX)
            return err_set(e, ERR_TOO_LARGE, 0, "more than %zu words", WORD_LIST_ENTRIES_MAX);
    }
    *ret = list_make(&p);
    qsort(ret_faults->items, ret_faults->n, sizeof ret_faults->items[0], by_line);
    return true;
}

void word_list_free(struct word_list **list)
{
    free(*list);
    *list = NULL;
}

size_t word_list_entries(const struct word_list *list)
{
    return list->n;
}

size_t word_list_bytes(const struct word_list *list)
{
    return list->bytes;
}

struct str word_list_entry(const struct word_list *list, size_t i)
{
    MUST(i < list->n);
    return (struct str){list->texts + list->entries[i].at, list->entries[i].n};
}

uint32_t word_list_line(const struct word_list *list, size_t i)
{
    MUST(i < list->n);
    return list->entries[i].line;
}
