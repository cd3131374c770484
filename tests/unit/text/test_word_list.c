#include "text/word_list.h"

#include <stdlib.h>

#include "tests/lib/unit.h"
#include "tests/unit/text/corpora.h"
#include "text/shown.h"
#include "text/utf8.h"

#define MATCHES_MAX 64

static struct word_list *list_of(struct str source)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct word_faults faults;
    struct word_list *list;
    struct err e;
    assert_true(word_list_compile(a, source, &list, &faults, &e));
    return list;
}

static void entries_are_read(void **state)
{
    (void)state;
    struct word_list *list = list_of(STR("\xEF\xBB\xBF# words\r\n"
                                         "  Бля*  \r\n"
                                         "\n"
                                         "kill yourself\n"
                                         "o‘g‘ri\n"
                                         "1xbet\n"
                                         "casino.example\n"
                                         "18\n"
                                         "🖕"));
    assert_int_equal(word_list_entries(list), 7);
    assert_str(word_list_entry(list, 0), "Бля*");
    assert_int_equal(word_list_line(list, 0), 2);
    assert_str(word_list_entry(list, 2), "o‘g‘ri");
    assert_str(word_list_entry(list, 6), "🖕");
    assert_int_equal(word_list_line(list, 6), 9);
    word_list_free(&list);
    assert_null(list);
    word_list_free(&list);
}

static void faults_have_their_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum word_fault_kind kind;
    } cases[] = {
        {"a", WORD_FAULT_SHORT},
        {"ж", WORD_FAULT_SHORT},
        {"7", WORD_FAULT_SHORT},
        {"a*", WORD_FAULT_STAR},
        {"*", WORD_FAULT_STAR},
        {"*bad", WORD_FAULT_STAR},
        {"b*d", WORD_FAULT_STAR},
        {"bad**", WORD_FAULT_STAR},
        {"what?", WORD_FAULT_CHARACTER},
        {"b@d", WORD_FAULT_CHARACTER},
        {"'bad", WORD_FAULT_CHARACTER},
        {"bad,", WORD_FAULT_CHARACTER},
        {"-bad", WORD_FAULT_CHARACTER},
        {"\xE2\x80\x8B", WORD_FAULT_CHARACTER},
        {"\xCC\x81", WORD_FAULT_CHARACTER},
        {"ﷺ", WORD_FAULT_CHARACTER},
        {"one two three four five six seven eight nine", WORD_FAULT_WORDS},
        {"ＢАD", WORD_FAULT_REPEATED},
        {"ежик", WORD_FAULT_REPEATED},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct word_faults faults;
        struct word_list *list;
        struct err e;
        struct str source = arena_printf(a, "bАd\nЁжик\n%s\nlast", cases[i].line);
        assert_true(word_list_compile(a, source, &list, &faults, &e));
        assert_int_equal(word_list_entries(list), 3);
        assert_int_equal(faults.all, 1);
        assert_int_equal(faults.items[0].line, 3);
        if (faults.items[0].kind != cases[i].kind)
            fail_msg("%s: fault %d, expected %d", cases[i].line, (int)faults.items[0].kind,
                     (int)cases[i].kind);
        if (cases[i].kind == WORD_FAULT_REPEATED)
            assert_int_equal(faults.items[0].first_line, i % 2 == 1 ? 1 : 2);
        word_list_free(&list);
    }
}

static struct str repeated(struct arena *a, struct str piece, size_t times)
{
    char *p = arena_take(a, piece.n * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * piece.n, piece.p, piece.n);
    return (struct str){p, piece.n * times};
}

static void sizes_are_limited(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct word_faults faults;
    struct word_list *list;
    struct err e;
    assert_false(
        word_list_compile(a, repeated(a, STR("\n"), WORD_LIST_BYTES_MAX + 1), &list, &faults, &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);
    assert_false(word_list_compile(a, STR("\xC3("), &list, &faults, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    assert_false(word_list_compile(a, repeated(a, STR("ab\n"), WORD_LIST_ENTRIES_MAX + 1), &list,
                                   &faults, &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);

    assert_true(
        word_list_compile(a, repeated(a, STR("ә"), WORD_ENTRY_CHARS_MAX), &list, &faults, &e));
    assert_int_equal(faults.all, 0);
    word_list_free(&list);
    assert_true(
        word_list_compile(a, repeated(a, STR("ә"), WORD_ENTRY_CHARS_MAX + 1), &list, &faults, &e));
    assert_int_equal(faults.items[0].kind, WORD_FAULT_LONG);
    word_list_free(&list);
    assert_true(word_list_compile(a, repeated(a, STR("ab\n"), 1000), &list, &faults, &e));
    assert_int_equal(word_list_entries(list), 1);
    assert_int_equal(faults.all, 999);
    assert_int_equal(faults.n, WORD_FAULTS_MAX);
    word_list_free(&list);
    assert_true(word_list_compile(a, STR_NONE, &list, &faults, &e));
    assert_int_equal(word_list_match(list, a, STR("bad"), NULL, 0), 0);
    word_list_free(&list);
}

static const char words[] =
    "bad\nсука*\nблядь\nfuck*\ncop\nсор\nhell\nass\nиди на\nkill you*\ntog'\n"
    "сволочь\nel "
    "niño\nкот\nбыть\nмай\ndon't\nRussia\nдлинный\n1xbet\n🖕\n"
    "qot\nschon\nlibro\nкал\nказак\nдрянь* какая\nкит\nсволочью";

/* The matches as "what was found=entry", between bars; the disguises of the first. */
static struct str matches_of(struct arena *a, const struct word_list *list, struct str text,
                             unsigned *ret_disguises)
{
    static struct word_match found[MATCHES_MAX];
    struct str all = STR("");
    size_t n = word_list_match(list, a, text, found, MATCHES_MAX);

    *ret_disguises = n > 0 ? found[0].disguises : 0;
    for (size_t i = 0; i < n; i++) {
        struct str piece = {text.p + found[i].at, found[i].n};
        struct str entry = word_list_entry(list, found[i].entry);
        all = arena_printf(a, STR_FMT "%s" STR_FMT "=" STR_FMT, STR_ARG(all), i > 0 ? "|" : "",
                           STR_ARG(piece), STR_ARG(entry));
    }
    return all;
}

struct text_case {
    const char *text, *found;
    unsigned disguises;
};

static void cases_match_list(const char *source, const struct text_case *cases, size_t n)
{
    struct word_list *list = list_of(str_of(source));
    for (size_t i = 0; i < n; i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        unsigned disguises;
        struct str found = matches_of(a, list, str_of(cases[i].text), &disguises);
        if (!str_eq(found, str_of(cases[i].found)))
            fail_msg("%s: found \"" STR_FMT "\", expected \"%s\"", cases[i].text, STR_ARG(found),
                     cases[i].found);
        if (disguises != cases[i].disguises)
            fail_msg("%s: disguises %x, expected %x", cases[i].text, disguises, cases[i].disguises);
    }
    word_list_free(&list);
}

static void cases_match(const struct text_case *cases, size_t n)
{
    cases_match_list(words, cases, n);
}

static void words_are_found_as_written(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"Bad, BAD; (bad) badly", "Bad=bad|BAD=bad|bad=bad", 0},
        {"он сукам, в суке", "сукам=сука*", 0},
        {"«блядь»—блядь…", "блядь=блядь|блядь=блядь", 0},
        {"*bad* _bad_ #bad @bad bad!", "bad=bad|bad=bad|bad=bad|bad=bad|bad=bad", 0},
        {"hell he'll hell's hell’s", "hell=hell|hell=hell|hell=hell", 0},
        {"dont don’t", "don’t=don't", 0},
        {"tog tog‘ni togʻ 'tog'", "togʻ=tog'|tog'=tog'", 0},
        {"Иди... на, иди\nна", "Иди... на=иди на|иди\nна=иди на", 0},
        {"kill yourself", "kill yourself=kill you*", 0},
        {"killyou kill", "", 0},
        {"дрянью какая", "дрянью какая=дрянь* какая", 0},
        {"El Nin\xCC\x83o", "El Nin\xCC\x83o=el niño", 0},
        {"1xBet 11xbet", "1xBet=1xbet", 0},
        {"так🖕🏽так bad🖕", "🖕🏽=🖕|bad=bad|🖕=🖕", 0},
        {"маи\xCC\x86 май маи", "маи\xCC\x86=май|май=май", 0},
        {"Russia длинный", "Russia=Russia|длинный=длинный", 0},
        {"сволочью", "сволочью=сволочью", 0},
        {"bad123 xbad bad_ x_bad", "bad=bad|bad=bad", 0},
        {"", "", 0},
    };
    cases_match(cases, ARRAY_LEN(cases));
}

static void words_are_found_in_disguise(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"b\xE2\x80\x8B"
         "a\xC2\xAD"
         "d",
         "b\xE2\x80\x8B"
         "a\xC2\xAD"
         "d=bad",
         DISGUISE_INVISIBLE},
        {"b̶a̶d̶!", "b̶a̶d̶=bad", DISGUISE_MARKS},
        {"🅱🅰🅳 Ⓑⓐⓓ", "🅱🅰🅳=bad|Ⓑⓐⓓ=bad", DISGUISE_FANCY},
        {"сyкa", "сyкa=сука*", DISGUISE_LOOK_ALIKE},
        {"Это же cop, говорят", "cop=cop", 0},
        {"своло4ь", "своло4ь=сволочь", DISGUISE_LEET},
        {"a$$", "a$$=ass", DISGUISE_LEET},
        {"f**k f@ck", "f**k=fuck*|f@ck=fuck*", DISGUISE_MASK},
        {"b@d", "b@d=bad", DISGUISE_LEET},
        {"бл…дь бл..дь", "", 0},
        {"сук@", "сук@=сука*", DISGUISE_LEET},
        {"fuuuuuck", "fuuuuuck=fuck*", DISGUISE_STRETCH},
        {"Russsssia длинннный", "Russsssia=Russia|длинннный=длинный", DISGUISE_STRETCH},
        {"и с у к а", "с у к а=сука*", DISGUISE_SPLIT},
        {"s; b. a. d.", "", 0},
        {"b a d b.a.d b-a-d", "b a d=bad|b.a.d=bad|b-a-d=bad", DISGUISE_SPLIT},
        {"сво-лочь", "сво-лочь=сволочь", DISGUISE_SPLIT},
        {"F * c k", "F * c k=fuck*", DISGUISE_MASK | DISGUISE_SPLIT},
        {"this is só schön", "", 0},
        {"this is not líbró of ours", "líbró=libro", DISGUISE_ACCENT},
    };
    cases_match(cases, ARRAY_LEN(cases));
}

static const char abuse[] = "мудак*\nпридурок\nbastard\nсука*\nматюк\nнахер\nиди нахер*\nводка\n"
                            "водоворот\nhunter\nбредни\nкиска\nсыновья\nассистент";

static void words_are_found_without_their_end(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"Ну ты муд**, муда*!", "муд**=мудак*|муда*=мудак*", DISGUISE_MASK},
        {"придур**, bastar*.", "придур**=придурок|bastar*=bastard", DISGUISE_MASK},
        {"муд***!!! МУД*****", "муд***=мудак*|МУД*****=мудак*", DISGUISE_MASK},
        {"сук*, сука*", "сук*=сука*|сука=сука*", DISGUISE_MASK},
        {"муд##😀 муд•", "муд##=мудак*", DISGUISE_MASK},
        {"мyд**", "мyд**=мудак*", DISGUISE_MASK | DISGUISE_LOOK_ALIKE},
        {"«бас» bast***", "bast***=bastard", DISGUISE_MASK},
        {"мат**", "мат**=матюк", DISGUISE_MASK},
        {"иди нах** отсюда", "иди нах**=иди нахер*", DISGUISE_MASK},
        {"*муд*** *один* муда*", "муд**=мудак*|муда*=мудак*", DISGUISE_MASK},
        {"* муда*\n* сук*", "муда*=мудак*|сук*=сука*", DISGUISE_MASK},
        {"*один\n\nмуда*", "муда*=мудак*", DISGUISE_MASK},
        {"бред*", "бред*=бредни", DISGUISE_MASK}, /* four letters of six: it may be a footnote */
    };
    cases_match_list(abuse, cases, ARRAY_LEN(cases));
}

/* Footnotes, emphasis, lists, sums; too few letters to tell. */
static void stars_behind_words_are_left_alone(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"Вода* подорожала на 5*, тарифы** прежние.", "", 0},
        {"Наш мат* богат, а кис-кис* — нет.", "", 0},
        {"му**, вод***, водо***, вод*", "вод***=водка", DISGUISE_MASK},
        {"водо*, водово", "", 0},
        {"*муд* **муд** ***муд***", "", 0},
        {"*это муд*, **а это\nпридур**", "", 0},
        {"**«матчи» и муд**", "", 0},
        {"*Внимание!* **Сук**", "", 0},
        {"* муд\n* придур\n\n***\n", "", 0},
        {"муд *, муд* ак, муд.. муд… муд-- муд😀", "", 0},
        {"3*5*7 сук*3", "", 0},
        {"Су* тазалығы** маңызды, нан* қымбат.", "", 0},
        {"Suv* narxi oshdi, non** arzon.", "", 0},
        {"Суу* баасы көтөрүлдү, нан** арзан.", "", 0},
    };
    cases_match_list(abuse, cases, ARRAY_LEN(cases));
}

/* A text that is turned as a whole has its last word first; the first matches are the text's. */
static void turned_words_come_in_order(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct word_list *list = list_of(str_of(abuse));
    struct str text = STR("pɹɐʇsɐq ɹǝʇunɥ, bastard");
    struct word_match m[4];
    assert_int_equal(word_list_match(list, a, text, m, 4), 3);
    assert_int_equal(m[0].at, 0);
    assert_str(word_list_entry(list, m[0].entry), "bastard");
    assert_str(word_list_entry(list, m[1].entry), "hunter");
    assert_int_equal(m[2].at + m[2].n, text.n);
    for (size_t max = 1; max < 3; max++) {
        assert_int_equal(word_list_match(list, a, text, m, max), max);
        assert_int_equal(m[0].at, 0);
    }
    word_list_free(&list);
}

static void words_are_found_in_other_shapes(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"so 🇭🇺🇳🇹🇪🇷 so", "🇭🇺🇳🇹🇪🇷=hunter", DISGUISE_FANCY},
        {"Hi🇭🇺🇳🇹🇪🇷!", "🇭🇺🇳🇹🇪🇷=hunter", DISGUISE_FANCY},
        {"🇭 🇺 🇳 🇹 🇪 🇷", "🇭 🇺 🇳 🇹 🇪 🇷=hunter", DISGUISE_FANCY | DISGUISE_SPLIT},
        {"🇰🇿🇺🇿🇷🇺 сука🇰🇿🇷🇺", "сука=сука*", 0},
        {"bɐsʇɐɹd", "bɐsʇɐɹd=bastard", DISGUISE_LOOK_ALIKE},
        {"Bastard, pɹɐʇsɐq uɐɯ! hunter", "Bastard=bastard|pɹɐʇsɐq=bastard|hunter=hunter", 0},
        {"сука pɹɐʇ sɐq ʎʞsnɹ", "сука=сука*", 0},
        {"м(у)дак м[уд]ак", "м(у)дак=мудак*|м[уд]ак=мудак*", DISGUISE_SPLIT},
        {"«му»дак", "му»дак=мудак*", DISGUISE_SPLIT},
        {"м(у)(д)ак \"придур\"ок муда(к)", "м(у)(д)ак=мудак*|придур\"ок=придурок|муда(к=мудак*",
         DISGUISE_SPLIT},
        {"сын(овья)", "сын(овья=сыновья", DISGUISE_SPLIT}, /* it says so */
        {"работник(и), ас(систент) ков(ка), «су» ка, су (ка)", "ас(систент=ассистент",
         DISGUISE_SPLIT},
    };
    cases_match_list(abuse, cases, ARRAY_LEN(cases));
}

/* Other words, other scripts, numbers, lists of letters. */
static void ordinary_text_is_left_alone(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"class classic bass badge", "", 0},
        {"за 1000тг, 5лет, mp3, B2B", "", 0},
        {"вынеси сор, and the cops", "сор=сор", 0},
        {"у меня бал", "", 0},
        {"қал, сен қалма", "", 0},
        {"Қазақ елі", "", 0},
        {"a s s u m e", "", 0},
        {"ка-кой*-то", "", 0},
        {"*** ****** **", "", 0},
        {"2*2=4 a*b", "", 0},
        {"қот", "", 0},
    };
    cases_match(cases, ARRAY_LEN(cases));
}

/* --- Every kind of disguise, over words of the project's own translations. ------------------- */

#define WORDS_EACH 60
#define WAYS 6

struct letters {
    uint32_t c[160];
    size_t n;
};

struct letters_list {
    struct letters items[4 * WORDS_EACH];
    size_t n;
};

static struct str text_of(struct arena *a, const struct letters *w)
{
    char *p = arena_take(a, w->n * 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        n += utf8_print(w->c[i], p + n);
    return (struct str){p, n};
}

static bool is_own_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0x430 && c < 0x530) || (c >= 0xE0 && c < 0x180);
}

static uint32_t lower(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if ((c >= 0x48A && c < 0x4C0) || (c >= 0x4D0 && c < 0x530))
        return c | 1;
    return c == 0x401 || c == 0x451 ? 0x435 : c; /* one letter to the lists */
}

static bool is_known(const struct letters_list *list, const struct letters *w)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].n == w->n && memcmp(list->items[i].c, w->c, w->n * sizeof w->c[0]) == 0)
            return true;
    }
    return false;
}

/* The first words of five letters and more, from the lines of a file that begin with `key`. */
static void words_take(struct letters_list *list, struct str file, struct str key)
{
    struct str line;
    size_t until = list->n + WORDS_EACH;
    while (list->n < until && str_next(&file, '\n', &line)) {
        struct letters w = {.n = 0};
        for (size_t at = key.n; str_begins(line, key) && at < line.n && list->n < until;) {
            uint32_t c = lower(utf8_next(line, &at));
            if (is_own_letter(c) && w.n < ARRAY_LEN(w.c)) {
                w.c[w.n++] = c;
                continue;
            }
            if (w.n >= 5 && w.n <= 14 && c != '\'' && c < 0x2000 && !is_known(list, &w))
                list->items[list->n++] = w;
            w.n = 0;
        }
    }
}

static struct str po_read(struct arena *a, const char *name)
{
    struct str path = arena_printf(a, "%s/po/%s.po", SOURCE_ROOT, name);
    FILE *f = fopen(path.p, "re");
    assert_non_null(f);
    char *p = arena_take(a, 1024 * KiB);
    size_t n = fread(p, 1, 1024 * KiB, f);
    (void)fclose(f);
    return (struct str){p, n};
}

/* Puts, in one of several ways, a disguise on a word; false where this word offers no such way. */
typedef bool disguiser(const struct letters *w, unsigned way, struct letters *ret);

static bool put_case(const struct letters *w, unsigned way, struct letters *ret)
{
    for (size_t i = 0; i < w->n; i++) {
        uint32_t c = w->c[i];
        bool cased = (c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x44F);
        ret->c[ret->n++] = cased && (i + way) % (way + 1) == 0 ? c - 32 : c;
    }
    return true;
}

static bool put_invisible(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t unseen[WAYS] = {0x200B, 0x200D, 0x2060, 0xAD, 0x34F, 0xFEFF};
    for (size_t i = 0; i < w->n; i++) {
        ret->c[ret->n++] = w->c[i];
        if (i + 1 < w->n && i % (way + 1) == 0)
            ret->c[ret->n++] = unseen[way];
    }
    return true;
}

static bool put_marks(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t marks[WAYS] = {0x336, 0x332, 0x337, 0x20DD, 0x353, 0x489};
    for (size_t i = 0; i < w->n; i++) {
        ret->c[ret->n++] = w->c[i];
        ret->c[ret->n++] = marks[way];
    }
    return true;
}

static bool put_fancy(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t alphabets[WAYS] = {0x1D41A, 0x1D4EA, 0xFF41, 0x24D0, 0x1F170, 0x1D5D4};
    for (size_t i = 0; i < w->n; i++) {
        uint32_t c = w->c[i];
        if (c < 'a' || c > 'z')
            return false;
        ret->c[ret->n++] = alphabets[way] + c - 'a';
    }
    return true;
}

static uint32_t paired(const char *list, uint32_t c)
{
    struct str s = str_of(list);
    for (size_t at = 0; at < s.n;) {
        uint32_t from = utf8_next(s, &at), to = utf8_next(s, &at);
        if (from == c)
            return to;
    }
    return 0;
}

/* Every (way + 1)th of the letters that can be exchanged; one letter at least stays as it was. */
static bool exchange(const char *list, const struct letters *w, size_t every, struct letters *ret)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < w->n; i++) {
        uint32_t to = paired(list, w->c[i]);
        bool put = to && n++ % every == 0 && (kept > 0 || i + 1 < w->n);
        kept += !put;
        ret->c[ret->n++] = put ? to : w->c[i];
    }
    return n > 0 && kept > 0;
}

static bool put_look_alikes(const struct letters *w, unsigned way, struct letters *ret)
{
    static const char *const lists[] = {
        "аaеeоoрpсcхxуyіiaаeеoоpрcсxхyуiіjјsѕ",
        "кkнhтtмmвbkкhнtтmмbв",
        "οоoοоοaαаαpρрρxχхχ",
    };
    bool exchanged = exchange(lists[way % 3], w, 1 + way / 3, ret);
    /* A word that is now all of another script is another test. */
    return exchanged && (ret->c[0] < 0x80) + (ret->c[ret->n - 1] < 0x80) == 1;
}

static bool put_leet(const struct letters *w, unsigned way, struct letters *ret)
{
    static const char *const lists[] = {"o0о0",   "i1e3е3ч4", "a4з3a4б6",
                                        "a@а@s$", "s5b8в8t7", "l1g9z2"};
    struct letters head = {.n = 0}, inside = {.n = 0};
    for (size_t i = 1; i + 1 < w->n; i++)
        inside.c[inside.n++] = w->c[i];
    if (!exchange(lists[way], &inside, 2, &head))
        return false;
    ret->c[ret->n++] = w->c[0];
    for (size_t i = 0; i < head.n; i++)
        ret->c[ret->n++] = head.c[i];
    ret->c[ret->n++] = w->c[w->n - 1];
    return true;
}

static bool put_mask(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t masks[WAYS] = {'*', '#', 0x2022, '*', '-', 0x1F346};
    size_t from = 1 + way % (w->n - 3), n = way >= 3 && way < 5 ? 2 : 1;
    *ret = *w;
    for (size_t i = 0; i < n; i++)
        ret->c[from + i] = masks[way];
    return true;
}

/* The last letter, the last two, or the last half of a word; that also as three stars. */
static bool put_mask_at_end(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t masks[WAYS] = {'*', '*', '*', '#', 0x2022, '*'};
    size_t hidden = way == 0 ? 1 : way < 3 ? 2 : w->n / 2;
    size_t n = way == 5 ? 3 : hidden;
    if (w->n < hidden + 3)
        return false;
    ret->n = 0;
    for (size_t i = 0; i < w->n - hidden; i++)
        ret->c[ret->n++] = w->c[i];
    for (size_t i = 0; i < n; i++)
        ret->c[ret->n++] = masks[way];
    return true;
}

/* Letters of flags: as they are, with something unseen or a space between, beside an emoji. */
static bool put_flags(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t between[WAYS] = {0, 0x200B, ' ', 0x200C, 0xA0, 0};
    for (size_t i = 0; i < w->n; i++) {
        if (w->c[i] < 'a' || w->c[i] > 'z')
            return false;
        ret->c[ret->n++] = 0x1F1E6 + w->c[i] - 'a';
        if (between[way] && i + 1 < w->n)
            ret->c[ret->n++] = between[way];
    }
    return true;
}

/* Those of its letters upside down that have such a form of their own. */
static bool put_turned(const struct letters *w, unsigned way, struct letters *ret)
{
    return exchange("aɐcɔeǝfɟgƃhɥiᴉjɾkʞmɯrɹtʇvʌwʍyʎ", w, 1 + way % 3, ret);
}

/* As a page that was turned: also in the opposite order. */
static bool put_turned_round(const struct letters *w, unsigned way, struct letters *ret)
{
    static const char turned[] = "aɐbqcɔdpeǝfɟgƃhɥiᴉjɾkʞllmɯnuoopdqbrɹsstʇunvʌwʍxxyʎzz";
    bool any = false;
    for (size_t i = w->n; i-- > 0;) {
        uint32_t c = paired(turned, w->c[i]);
        if (c == 0)
            return false;
        ret->c[ret->n++] = way == 1 && c == 0x1D09 ? 0x131 : c;
        any |= c > 0x7F;
    }
    return any;
}

static bool put_brackets(const struct letters *w, unsigned way, struct letters *ret)
{
    static const char *const pairs[WAYS] = {"()", "«»", "[]", "“”", "\"\"", "{}"};
    struct str s = str_of(pairs[way]);
    size_t at = 0, from = way == 1 || way == 3 ? 0 : 1 + way % (w->n - 3), end = from + 2;
    uint32_t open = utf8_next(s, &at), close = utf8_next(s, &at);
    for (size_t i = 0; i < w->n; i++) {
        if (i == from && i > 0)
            ret->c[ret->n++] = open;
        if (i == end)
            ret->c[ret->n++] = close;
        ret->c[ret->n++] = w->c[i];
    }
    return true;
}

static bool put_stretch(const struct letters *w, unsigned way, struct letters *ret)
{
    for (size_t i = 0; i < w->n; i++) {
        bool twin = i > 0 && w->c[i - 1] == w->c[i];
        size_t n = !twin && (way == 0 || i % (way + 1) == 1) ? 2 + way : 0;
        for (size_t k = 0; k <= n && ret->n + w->n - i < ARRAY_LEN(ret->c); k++)
            ret->c[ret->n++] = w->c[i];
    }
    return ret->n > w->n;
}

static bool put_split(const struct letters *w, unsigned way, struct letters *ret)
{
    static const uint32_t gaps[WAYS] = {' ', '.', '-', '_', 0xA0, '/'};
    for (size_t i = 0; i < w->n; i++) {
        if (i > 0)
            ret->c[ret->n++] = gaps[way];
        ret->c[ret->n++] = w->c[i];
    }
    return true;
}

static void put_ascii(struct letters *ret, const char *s)
{
    for (; *s; s++)
        ret->c[ret->n++] = (unsigned char)*s;
}

static bool put_references(const struct letters *w, unsigned way, struct letters *ret)
{
    for (size_t i = 0; i < w->n; i++) {
        char reference[WAYS][16] = {"", "", "", "", "&#8203;", "&shy;"};
        bool unseen = way >= 4, put = way == 0 || i % way == 1 % way;
        (void)snprintf(reference[0], 16, "&#%u;", w->c[i]);
        (void)snprintf(reference[1], 16, "&#x%x;", w->c[i]);
        (void)snprintf(reference[2], 16, "&#X%06X;", w->c[i]);
        (void)snprintf(reference[3], 16, "&#%07u;", w->c[i]);
        if (!put || unseen)
            ret->c[ret->n++] = w->c[i];
        if (put && (!unseen || i + 1 < w->n))
            put_ascii(ret, reference[way]);
    }
    return true;
}

/* Around a letter or two, but neither the first nor the last. */
static bool put_markup(const struct letters *w, unsigned way, struct letters *ret)
{
    static const char *const begin[WAYS] = {"**", "*", "`", "[", "\\-", "!["};
    static const char *const end[WAYS] = {"**", "*", "`", "](http://a.example)", "", "](x \"y\")"};
    for (size_t i = 0; i < w->n; i++) {
        if (i == 1)
            put_ascii(ret, begin[way]);
        ret->c[ret->n++] = w->c[i];
        if (i == 1 + w->n % 2)
            put_ascii(ret, end[way]);
    }
    return true;
}

/* The word of `list` that stands where it was put, within other words. */
static bool is_found(const struct word_list *list, struct str disguised, struct str word)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct word_match found[4];
    struct str text = arena_printf(a, "— ? " STR_FMT ", 25", STR_ARG(disguised));
    struct shown shown = shown_of(a, text);
    if (word_list_match(list, a, shown.text, found, ARRAY_LEN(found)) != 1)
        return false;
    struct mark m = shown_source(&shown, (struct mark){found[0].at, found[0].n});
    return m.at == STR("— ? ").n && m.n == disguised.n &&
           str_eq(word_list_entry(list, found[0].entry), word);
}

static const struct {
    const char *name;
    disguiser *put;
    double least;
} kinds[] = {
    {"case", put_case, 1.0},
    {"invisible", put_invisible, 1.0},
    {"marks", put_marks, 1.0},
    {"fancy", put_fancy, 1.0},
    {"look_alike", put_look_alikes, 1.0},
    {"leet", put_leet, 0.95},
    {"mask", put_mask, 0.95},
    {"stretch", put_stretch, 0.95},
    {"split", put_split, 0.95},
    {"reference", put_references, 1.0},
    {"markup", put_markup, 1.0},
    {"masked at the end", put_mask_at_end, 0.95},
    {"regional indicators", put_flags, 1.0},
    {"upside-down", put_turned, 1.0},
    {"upside-down, backwards", put_turned_round, 1.0},
    {"brackets", put_brackets, 0.99},
};

static void every_disguise_is_found(void **state)
{
    (void)state;
    static struct letters_list list;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    words_take(&list, po_read(a, "ru"), STR("msgstr "));
    words_take(&list, po_read(a, "ru"), STR("msgid "));
    words_take(&list, po_read(a, "kk"), STR("msgstr "));
    words_take(&list, po_read(a, "uz"), STR("msgstr "));
    assert_true(list.n >= 200);
    struct str source = STR("");
    for (size_t i = 0; i < list.n; i++)
        source = arena_printf(a, STR_FMT STR_FMT "\n", STR_ARG(source),
                              STR_ARG(text_of(a, &list.items[i])));
    struct word_list *compiled = list_of(source);
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        size_t found = 0, all = 0;
        for (size_t i = 0; i < list.n * WAYS; i++) {
            struct letters disguised = {.n = 0};
            const struct letters *w = &list.items[i / WAYS];
            if (!kinds[k].put(w, (unsigned)(i % WAYS), &disguised))
                continue;
            struct str text = text_of(a, &disguised), word = text_of(a, w);
            bool ok = is_found(compiled, text, word);
            if (!ok && getenv("AITYS_WORDS_SHOW"))
                print_message("# %s: " STR_FMT "\n", kinds[k].name, STR_ARG(text));
            found += ok;
            all++;
        }
        double share = (double)found / (double)all;
        print_message("# %s: %zu of %zu found, %.4f\n", kinds[k].name, found, all, share);
        assert_true(all >= 200 && share >= kinds[k].least);
    }
    word_list_free(&compiled);
}

/* --- Real texts: words within words, and what ordinary sentences are taken for. -------------- */

struct text_file {
    const char *name; /* in the moderation data */
    const char *of;   /* for the report */
    size_t wholes;    /* words that may be taken for another in disguise */
    size_t footnotes; /* words that, with a star behind, may be taken for abuse */
};

static const struct text_file files[] = {
    {"../data/moderation/reviews_kazsandra_kk.jsonl", "Kazakh reviews", 100, 0},
    {"../data/moderation/news_sentences_ky.jsonl", "Kyrgyz news", 1, 0},
    {"../data/moderation/news_sentences_tg.jsonl", "Tajik news", 1, 0},
    {"../data/moderation/app_reviews_uz.jsonl", "Uzbek reviews", 9, 0},
    {"../data/moderation/ru_toxic_2ch_pikabu.jsonl", "Russian comments", 21, 12},
};

#define LIST_WORDS_MAX 20000

/* Words of a text file: whatever is_own_letter and Latin letters make, in lower case. */
struct vocabulary {
    struct str *words;
    size_t n, capacity;
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void vocabulary_add(struct vocabulary *v, struct arena *a, struct str text)
{
    struct letters w = {.n = 0};
    bool apostrophe = false;
    for (size_t at = 0; at <= text.n;) {
        uint32_t c = at < text.n ? lower(utf8_next(text, &at)) : (at++, ' ');
        bool letter = is_own_letter(c) || (c >= '0' && c <= '9');
        if (letter && w.n < ARRAY_LEN(w.c)) {
            w.c[w.n++] = c;
            continue;
        }
        /* Uzbek letters are made with an apostrophe: half of such a word is no word. */
        bool half = apostrophe;
        apostrophe =
            c == '\'' || c == '`' || (c >= 0x2B9 && c < 0x2D0) || (c >= 0x2018 && c <= 0x201B);
        if (!letter && w.n >= 3 && !half && !apostrophe)
            *ARENA_PUSH(a, v->words, v->n, v->capacity) = text_of(a, &w);
        if (!letter)
            w.n = 0;
    }
}

/* All different words of a file, and how often each occurs in `counts`. */
static struct vocabulary vocabulary_of(struct arena *a, const struct text_file *file,
                                       size_t **counts)
{
    struct vocabulary all = {.n = 0}, different = {.n = 0};
    struct str rest = corpora_read(a, file->name), line;
    while (str_next(&rest, '\n', &line)) {
        json_t *json = json_loadb(line.p, line.n, 0, NULL);
        if (json)
            vocabulary_add(&all, a, arena_copy(a, corpora_string(json_object_get(json, "text"))));
        json_decref(json);
    }
    qsort(all.words, all.n, sizeof *all.words, by_text);
    size_t capacity = 0;
    *counts = NULL;
    for (size_t i = 0; i < all.n; i++) {
        if (i == 0 || !str_eq(all.words[i], all.words[i - 1])) {
            *ARENA_PUSH(a, *counts, different.n, capacity) = 0;
            different.n--;
            *ARENA_PUSH(a, different.words, different.n, different.capacity) = all.words[i];
        }
        (*counts)[different.n - 1]++;
    }
    return different;
}

static struct word_list *list_of_words(struct arena *a, const struct vocabulary *v,
                                       const size_t *counts, size_t least, size_t bytes_max)
{
    char *p = arena_take(a, WORD_LIST_BYTES_MAX);
    size_t n = 0, taken = 0;
    for (size_t i = 0; i < v->n && taken < LIST_WORDS_MAX; i++) {
        if (counts[i] < least || v->words[i].n > bytes_max)
            continue;
        memcpy(p + n, v->words[i].p, v->words[i].n);
        n += v->words[i].n;
        p[n++] = '\n';
        taken++;
    }
    return list_of((struct str){p, n});
}

/* Whether a word has an entry inside that is not the whole of it. */
static bool has_within(const struct word_list *list, struct str word)
{
    for (size_t i = 0; i < word_list_entries(list); i++) {
        struct str entry = word_list_entry(list, i);
        if (entry.n < word.n && str_find(word, entry) >= 0)
            return true;
    }
    return false;
}

/*
 * Frequent short words are listed: of the words that have one of them inside none is matched but
 * as a whole. A whole word may be taken for another that is drawn out or of mixed scripts.
 */
static void words_within_words_are_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        corpora_need(files[i].name);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        size_t *counts, within = 0, parts = 0, wholes = 0;
        struct vocabulary v = vocabulary_of(a, &files[i], &counts);
        struct word_list *list = list_of_words(a, &v, counts, 3, 10);
        for (size_t k = 0; k < v.n; k++) {
            ON_LEAVE(arena_free) struct arena *b = arena_new(16 * KiB);
            struct word_match m[2];
            if (!has_within(list, v.words[k]))
                continue;
            within++;
            size_t n = word_list_match(list, b, v.words[k], m, 2);
            bool part = n > 1 || (n == 1 && m[0].n < v.words[k].n);
            parts += part;
            wholes += n == 1 && m[0].disguises != 0;
            if (n > 0 && (part || m[0].disguises) && getenv("AITYS_WORDS_SHOW"))
                print_message("# " STR_FMT " taken for " STR_FMT "\n", STR_ARG(v.words[k]),
                              STR_ARG(word_list_entry(list, m[0].entry)));
        }
        print_message(
            "# %s: %zu listed; %zu words have one inside: %zu matched there; %zu words as "
            "a whole in disguise\n",
            files[i].of, word_list_entries(list), within, parts, wholes);
        assert_true(word_list_entries(list) > 100 && within > 1000);
        assert_int_equal(parts, 0);
        assert_true(wholes <= files[i].wholes);
        word_list_free(&list);
    }
}

/* Every word of real texts with a footnote's star behind it, against words that are listed. */
static void footnotes_are_left_alone(void **state)
{
    (void)state;
    static const char listed[] =
        "бля*\nблядь*\nблядина\nсука*\nсучка\nмудак*\nмудила\nпридурок*\nдурак*\nдебил*\n"
        "идиот*\nкозёл\nтварь*\nсволочь*\nублюдок*\nпидор*\nпидарас*\nхуй*\nхуйня*\nпизда*\n"
        "пиздец\nговно*\nшлюха*\nгандон*\nчмо\nжопа*\nсрать*\nмразь*\nскотина*\nурод*\nгнида*\n"
        "ақымақ*\nқотақ*\nжалап*\nмал*\nсігейін*\nжетесіз\nахмоқ*\nқўтоқ*\nжинни\nakaxmoq\nahmoq*\n"
        "jalab*\nqotoq*\niflos*\nfuck*\nbastard*\nbitch*\nasshole*\nshit*\nwhore*\ncunt*\ndick*";
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        corpora_need(files[i].name);
    struct word_list *list = list_of(str_of(listed));
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        size_t *counts, met = 0;
        struct vocabulary v = vocabulary_of(a, &files[i], &counts);
        for (size_t k = 0; k < v.n; k++) {
            ON_LEAVE(arena_free) struct arena *b = arena_new(16 * KiB);
            struct word_match m;
            struct str text = arena_printf(b, STR_FMT "*", STR_ARG(v.words[k]));
            if (word_list_match(list, b, text, &m, 1) == 0 || !(m.disguises & DISGUISE_MASK))
                continue;
            met++;
            if (getenv("AITYS_WORDS_SHOW"))
                print_message("# " STR_FMT " taken for " STR_FMT "\n", STR_ARG(text),
                              STR_ARG(word_list_entry(list, m.entry)));
        }
        print_message("# %s: %zu of %zu words with a star met\n", files[i].of, met, v.n);
        assert_true(v.n > 1000 && met <= files[i].footnotes);
    }
    word_list_free(&list);
}

/* With every frequent word of the language listed, what ordinary sentences hide is counted. */
static void sentences_hide_little(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        corpora_need(files[i].name);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        static struct word_match m[2000];
        size_t *counts, sentences = 0, plain = 0, kind[DISGUISE_N] = {0}, disguised = 0;
        struct vocabulary v = vocabulary_of(a, &files[i], &counts);
        struct word_list *list = list_of_words(a, &v, counts, 2, 60);
        struct str rest = corpora_read(a, files[i].name), line;
        while (str_next(&rest, '\n', &line)) {
            ON_LEAVE(arena_free) struct arena *b = arena_new(64 * KiB);
            json_t *json = json_loadb(line.p, line.n, 0, NULL);
            struct str text = corpora_string(json_object_get(json, "text"));
            size_t n = word_list_match(list, b, text, m, ARRAY_LEN(m));
            for (size_t k = 0; k < n; k++) {
                plain += m[k].disguises == 0;
                disguised += m[k].disguises != 0;
                for (int bit = 0; bit < DISGUISE_N; bit++)
                    kind[bit] += m[k].disguises >> bit & 1;
            }
            sentences++;
            json_decref(json);
        }
        print_message(
            "# %s: %zu listed, %zu texts: %zu as written, %zu in disguise (invisible %zu, "
            "marks %zu, fancy %zu, look-alike %zu, accent %zu, leet %zu, mask %zu, "
            "stretch %zu, split %zu)\n",
            files[i].of, word_list_entries(list), sentences, plain, disguised, kind[0], kind[1],
            kind[2], kind[3], kind[4], kind[5], kind[6], kind[7], kind[8]);
        assert_true(plain > sentences && disguised * 100 <= plain);
        word_list_free(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read),
        cmocka_unit_test(faults_have_their_lines),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(words_are_found_as_written),
        cmocka_unit_test(words_are_found_in_disguise),
        cmocka_unit_test(words_are_found_without_their_end),
        cmocka_unit_test(stars_behind_words_are_left_alone),
        cmocka_unit_test(words_are_found_in_other_shapes),
        cmocka_unit_test(turned_words_come_in_order),
        cmocka_unit_test(ordinary_text_is_left_alone),
        cmocka_unit_test(every_disguise_is_found),
        cmocka_unit_test(words_within_words_are_left_alone),
        cmocka_unit_test(footnotes_are_left_alone),
        cmocka_unit_test(sentences_hide_little),
    };
    return RUN_TESTS(tests);
}
