/*
 * WebP files (RFC 9649) looked at from outside: the container only, no pixels.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/*
 * A new file around the pixels of one still picture, and nothing else: no EXIF, XMP, profile or
 * unknown chunk is taken over. False when bytes are not one still picture or contradict
 * themselves. Memory: the arena's.
 */
MUST_USE bool webp_bare(struct arena *a, struct str bytes, struct str *ret_bare,
                        uint32_t *ret_width, uint32_t *ret_height);
