/*
 * Hosts of addresses as they are compared: one spelling for each, whichever way it was written.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define HOST_BYTES_MAX 253

/*
 * The host in ASCII, small letters, without a dot at its end: "КАЗИНО.example." is
 * "xn--80aesldh.example" (UTS #46, nontransitional). What is no name of a host (an address in
 * brackets, an underscore) stays as it is, in small letters. Memory: arena.
 */
struct str host_ascii(struct arena *a, struct str host);

/* Whether a moderator may name it: labels with a dot between them, or one label alone such as a
 * top-level domain; in ASCII as host_ascii gives it. */
PURE bool host_is_name(struct str ascii);

/* Whether the host is the domain or lies within it; both as host_ascii gives them. */
PURE bool host_is_within(struct str host, struct str domain);
