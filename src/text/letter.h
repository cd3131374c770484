/*
 * Letters as a look-alike hunter sees them: code points that a reader takes for each other, or that
 * writers put for each other ("0" for "o", "4" for "a"), are one. For finding words again, never
 * for showing them.
 */
#pragma once

#include <stdint.h>

#define LETTER_TABLE_CHARS 0xAC00 /* behind these are Han, Hangul and scripts that few confuse */

/* letter_of for its first code points; gen_letters.c prints it when the program is built. */
extern const uint16_t letter_table[LETTER_TABLE_CHARS];

/*
 * What a case-folded NFKC code point is taken for, or 0 when it is neither letter nor digit. Case,
 * script, marks above and below and the hooks of Turkic letters make no difference.
 */
uint32_t letter_of(uint32_t c);

/* What a sign between two letters is taken for ("p@ss", "$pam"), or 0. */
uint32_t letter_of_sign(uint32_t c);
