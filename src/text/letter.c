#include "text/letter.h"

#include <unicode/uchar.h>

#include "text/fold.h"

uint32_t letter_of(uint32_t c)
{
    if (c >= LETTER_TABLE_CHARS)
        c = fold_plain_letter(c);
    if (c < LETTER_TABLE_CHARS)
        return letter_table[c];
    return U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_N_MASK) ? c : 0;
}

uint32_t letter_of_sign(uint32_t c)
{
    switch (c) {
    case '@':
        return 'a';
    case '$':
        return 's';
    case '!':
    case '|':
        return 'l';
    case '+':
        return 't';
    case 0x20AC: /* euro */
        return 'e';
    default:
        return 0;
    }
}
