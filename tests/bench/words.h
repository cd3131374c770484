/*
 * Invented names and texts in several languages and scripts, the same for the same seed: what the
 * generator stores, the load sends and the control inserts.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define WORDS_CHARS_LEAST 20
#define WORDS_CHARS_MOST 1400
#define WORDS_BYTES_MAX 4096 /* of a text; a name takes less */

struct words {
    uint64_t seed;
};

/* The next number of the sequence. */
uint64_t words_number(struct words *w);

/* Another number below the limit, a power of ten, for each below it: neighbours look unlike, or the
 * comments that end with them would be like each other. */
uint64_t words_serial(uint64_t number, uint64_t limit);

/*
 * A text of 20 to 1,400 characters, most of them short, into to[WORDS_BYTES_MAX]; it ends with
 * the serial of `number`, so that no two are the same. Returns its bytes; *ret_lang is static.
 */
size_t words_text(struct words *w, uint64_t number, char *to, const char **ret_lang);

/* A name into to[WORDS_BYTES_MAX]. Returns its bytes. */
size_t words_name(struct words *w, char *to);
