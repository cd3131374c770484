/*
 * Prints the table behind text/letter.h, as C, from ICU's data and the short list below. Run when
 * the program is built: Unicode's list of look-alikes would cost each start 11 ms and 1.8 MiB.
 */
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

#include "base/must.h"
#include "text/fold.h"
#include "text/letter.h"

/*
 * What Unicode's skeletons (UTS #39) keep apart and writers do not: digits for letters, in the
 * Latin and in the Cyrillic way at once, and letters that many keyboards lack.
 */
static uint32_t written_for(uint32_t c)
{
    static const struct {
        uint16_t from, to;
    } pairs[] = {
        {'0', 'o'},   {'1', 'l'},   {'3', 'e'},     {0x437, 'e'},   {0x44D, 'e'}, {0x25B, 'e'},
        {'4', 'a'},   {0x447, 'a'}, {0x4D9, 'a'},   {0x259, 'a'},   {0xE6, 'a'},  {'5', 's'},
        {'6', 'b'},   {0x431, 'b'}, {'8', 'b'},     {'7', 't'},     {'9', 'g'},   {'i', 'l'},
        {0x131, 'l'}, {0x456, 'l'}, {0x491, 0x433}, {0x493, 0x433}, {0x49B, 'k'}, {0x4A3, 'h'},
        {0x4E9, 'o'}, {0xF8, 'o'},  {0x4AF, 'y'},   {0x4B1, 'y'},   {0x4B3, 'x'}, {0x4BB, 'h'},
        {0x4B7, 'a'}, {0x43A, 'k'}, {0x442, 't'},   {0x43D, 'h'},   {0x43C, 'm'}, {0x432, 'b'},
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (pairs[i].from == c)
            return pairs[i].to;
    }
    return c;
}

/* The skeleton's one letter without marks; c itself when the skeleton has several. */
static uint32_t bare_skeleton(const USpoofChecker *checker, uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar from[2], to[32];
    int32_t n = 0, at = 0;
    U16_APPEND_UNSAFE(from, n, (UChar32)c);
    n = uspoof_getSkeleton(checker, 0, from, n, to, (int32_t)ARRAY_LEN(to), &error);
    if (U_FAILURE(error))
        return c;
    uint32_t only = 0;
    while (at < n) {
        UChar32 next;
        U16_NEXT(to, at, n, next);
        if (U_GET_GC_MASK(next) & U_GC_M_MASK)
            continue;
        if (only)
            return c;
        only = (uint32_t)next;
    }
    return only ? only : c;
}

/*
 * By way of the capital: small "к" and "k" differ, but their capitals do not. A skeleton may itself
 * be a letter of another case.
 */
static uint32_t find_letter(const USpoofChecker *checker, uint32_t c)
{
    uint32_t plain = bare_skeleton(checker, (uint32_t)u_toupper((UChar32)fold_plain_letter(c)));
    plain = (uint32_t)u_foldCase((UChar32)plain, U_FOLD_CASE_DEFAULT);
    plain = written_for(plain);
    return plain && plain < LETTER_TABLE_CHARS ? plain : c;
}

static bool is_kept(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_N_MASK)) && c != 0x640; /* tatweel */
}

static bool is_cjk(uint32_t c)
{
    return c >= 0x2E80 && c < 0xA490;
}

static void close_checker(USpoofChecker **checker)
{
    uspoof_close(*checker);
}

int main(void)
{
    UErrorCode error = U_ZERO_ERROR;
    ON_LEAVE(close_checker) USpoofChecker *checker = uspoof_open(&error);
    MUST(U_SUCCESS(error));
    printf("/* Made by gen_letters.c. */\n#include \"text/letter.h\"\n"
           "const uint16_t letter_table[LETTER_TABLE_CHARS] = {");
    for (uint32_t c = 0; c < LETTER_TABLE_CHARS; c++)
        printf("%u,", !is_kept(c) ? 0 : is_cjk(c) ? c : find_letter(checker, c));
    printf("};\n");
    return 0;
}
