#include "tests/bench/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LANGUAGES 5
#define WORDS 24
#define NAMES 16
#define WORD_BYTES_MAX 64
#define LETTERS_LEAST 3
#define LETTERS_MORE 7

static const struct {
    const char *lang;
    const char *words[WORDS];
} lexicon[LANGUAGES] = {
    {"ru", {"вода",    "вернулась", "в",     "озеро", "после",    "долгой", "зимы",  "люди",
            "говорят", "что",       "это",   "не",    "случайно", "потому", "дождь", "шёл",
            "неделю",  "город",     "рядом", "река",  "мост",     "школа",  "дети",  "рады"}},
    {"kk", {"су",     "қоймаға", "қайтып", "келді",  "қыстан", "кейін",   "адамдар", "бұл",
            "туралы", "айтып",   "жатыр",  "жаңбыр", "бір",    "апта",    "бойы",    "жауды",
            "қала",   "жанында", "өзен",   "көпір",  "мектеп", "балалар", "қуанды",  "үшін"}},
    {"uz",
     {"suv",   "omborga",       "qaytib",  "keldi",   "qishdan", "keyin",  "odamlar", "bu",
      "haqda", "gapirishyapti", "yomg‘ir", "bir",     "hafta",   "yog‘di", "shahar",  "yonida",
      "daryo", "ko‘prik",       "maktab",  "bolalar", "xursand", "uchun",  "yaxshi",  "ham"}},
    {"en", {"the",      "water",   "came", "back",   "to",  "reservoir", "after", "a",
            "long",     "winter",  "and",  "people", "say", "it",        "was",   "no",
            "accident", "because", "rain", "fell",   "for", "week",      "near",  "town"}},
    {"ar", {"عادت",   "المياه", "إلى", "البحيرة", "بعد",   "شتاء",  "طويل",    "والناس",
            "يقولون", "إن",     "هذا", "ليس",     "صدفة",  "لأن",   "المطر",   "نزل",
            "أسبوعا", "كاملا",  "قرب", "المدينة", "النهر", "الجسر", "المدرسة", "الأطفال"}},
};

static const char *const names[NAMES] = {"Айгүл",  "Сергей",   "Dilnoza", "Marat", "Жанна", "Ержан",
                                         "Anna",   "Bekzod",   "سلمى",    "Ольга", "Асель", "Peter",
                                         "Нурлан", "Гульнара", "ليلى",    "Timur"};

uint64_t words_number(struct words *w)
{
    uint64_t z = w->seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t words_serial(uint64_t number, uint64_t limit)
{
    return number % limit * 14348907 % limit; /* a power of three, so that none meets another */
}

static size_t put(char *to, size_t at, const char *word)
{
    size_t n = strlen(word);
    memcpy(to + at, word, n);
    return at + n;
}

static size_t chars_of(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

/* Appends a letter of the word, any of them as likely as another. */
static size_t letter_put(struct words *w, const char *word, char *to, size_t at)
{
    size_t n = words_number(w) % chars_of(word);
    while (n > 0 || ((unsigned char)*word & 0xc0) == 0x80)
        n -= ((unsigned char)*++word & 0xc0) != 0x80;
    do
        to[at++] = *word++;
    while (((unsigned char)*word & 0xc0) == 0x80);
    return at;
}

/*
 * A word: every second is one of the few above, as in any language; the others are made of their
 * letters. Comments of the few alone would be near-copies.
 */
static void word_make(struct words *w, const char *const *words, char *to)
{
    size_t bytes = 0;
    if (words_number(w) % 2 == 0) {
        bytes = put(to, 0, words[words_number(w) % WORDS]);
    } else {
        size_t letters = LETTERS_LEAST + words_number(w) % LETTERS_MORE;
        for (size_t i = 0; i < letters; i++)
            bytes = letter_put(w, words[words_number(w) % WORDS], to, bytes);
    }
    to[bytes] = '\0';
}

/* Short ones are frequent: the cube of an even share. The mean is a quarter of the range. */
static size_t length_choose(struct words *w)
{
    double share = (double)(words_number(w) >> 11) / 9007199254740992.0;
    double range = WORDS_CHARS_MOST - WORDS_CHARS_LEAST;
    return WORDS_CHARS_LEAST + (size_t)(range * share * share * share);
}

size_t words_text(struct words *w, uint64_t number, char *to, const char **ret_lang)
{
    size_t language = words_number(w) % LANGUAGES, chars_max = length_choose(w), chars, bytes = 0;
    char tail[32];
    (void)snprintf(tail, sizeof tail, "%08llu",
                   (unsigned long long)words_serial(number, 100000000));
    for (chars = strlen(tail); chars < chars_max;) {
        char word[WORD_BYTES_MAX];
        word_make(w, lexicon[language].words, word);
        size_t more = chars_of(word) + 1;
        if (chars + more > WORDS_CHARS_MOST)
            break;
        bytes = put(to, bytes, word);
        to[bytes++] = ' ';
        chars += more;
    }
    *ret_lang = lexicon[language].lang;
    return put(to, bytes, tail);
}

size_t words_name(struct words *w, char *to)
{
    return put(to, 0, names[words_number(w) % NAMES]);
}
