/*
 * The key that networks are hashed with where several nodes serve one site: all take the same, so
 * that a network is one on all of them. It lies in the database for moderation.network_hours, then
 * another takes its place, and what was hashed with the old one leads nowhere. One process alone
 * needs none of this: its key never leaves its memory.
 */
#pragma once

#include "domain/domain.h"

struct tx;

/* The key that is in force; *ret_found is false when there is none or its time has come. Reads
 * only: one statement. Errors ERR_BUSY, ERR_BROKEN */
MUST_USE bool network_key_get(const struct domain *d, struct tx *tx, struct hash *ret_key,
                              bool *ret_found, struct err *e);

/* The same, made anew where it is needed: of several nodes that come at once the first makes it.
 * Two statements. Errors ERR_BUSY, ERR_BROKEN */
MUST_USE bool network_key_make(const struct domain *d, struct tx *tx, struct hash *ret_key,
                               struct err *e);
