#include "text/disguise_own.h"

#define ACCENTED_LEAST 4    /* letters of a word that may have lost its accents */
#define PLAIN_WORDS_LEAST 4 /* words of a text whose language may be without accents */

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

/* Letters are judged together within a token, and within a run of single ones. */
void disguise_scripts_read(struct reading *r)
{
    struct census census = census_of(r);

    for (size_t i = 0; i < r->glyphs.n;) {
        if (!disguise_is_in_token(r, i)) {
            i++;
            continue;
        }
        bool spaced = disguise_is_single(r, i) && r->spots[i].end[REACH_RUN] > i + 1;
        size_t end = r->spots[i].end[spaced ? REACH_RUN : REACH_TOKEN];
        struct part p = disguise_part(r, i, end);
        letters_permit(r, &p, &census);
        i = end;
    }
}
