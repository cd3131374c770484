/*
 * The key that networks are hashed with, as this process has it now. It is made of nothing when the
 * process starts; where other nodes serve the same site, a job puts theirs in its place.
 */
#pragma once

#include "base/attr.h"
#include "base/hash.h"

struct node_key;

/* One of its own. Ends with node_key_free, which accepts NULL and clears. */
RETURNS_MEMORY struct node_key *node_key_new(void);
void node_key_free(struct node_key **k);

/* Safe for many threads. */
struct hash node_key_now(struct node_key *k);
void node_key_set(struct node_key *k, struct hash key);
