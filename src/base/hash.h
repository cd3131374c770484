/*
 * Hashes (libsodium): BLAKE2b for what is stored or compared, SipHash for tables in memory whose
 * keys outsiders choose. Comparing secrets goes through hash_eq only.
 */
#pragma once

#include <stdint.h>

#include "base/str.h"

#define HASH_BYTES 32
#define HASH_TABLE_KEY_BYTES 16

struct hash {
    uint8_t b[HASH_BYTES];
};

/* BLAKE2b-256 of s (RFC 7693). */
struct hash hash_of(struct str s);

/* BLAKE2b-256 keyed with key (RFC 7693, section 2.9). */
struct hash hash_keyed(struct hash key, struct str s);

/* Equal, in constant time. */
bool hash_eq(struct hash a, struct hash b);

/* Equal pieces of memory of n bytes, in constant time. */
bool hash_eq_bytes(const void *a, const void *b, size_t n);

/* SipHash-2-4 for tables in memory. */
uint64_t hash_table(const uint8_t key[static HASH_TABLE_KEY_BYTES], struct str s);

/* The first n_chars characters of the lower-case hexadecimal form; n_chars at most 64. */
struct arena;
struct str hash_hex(struct arena *a, struct hash h, size_t n_chars);
