/*
 * Addresses that texts link to: which may be, how one is written into HTML, where one begins and
 * ends in running text. Fetches nothing. markdown_link_is_allowed is of this file too.
 */
#pragma once

#include "base/buf.h"
#include "base/str.h"

#define LINK_BYTES_MAX ((size_t)2048)

/* "mailto:" and one address, nothing that could hide. */
PURE bool link_is_mail(struct str url);

/* A path of the same origin ("/news/1", not "//host"), or a place in the page ("#words"). */
PURE bool link_is_path(struct str url);

/* The host of an http or https address that markdown_link_is_allowed allowed, without port. */
struct str link_host(struct str url);

/*
 * Whether a reader of the shown text sees where the link leads: it is the address itself, or its
 * beginning, with the host in full.
 */
bool link_is_shown(struct str shown, struct str host);

/* Writes an allowed address as the value of a double-quoted attribute, percent-encoded (RFC 3986).
 */
void link_put(struct buf *b, struct str url);

/*
 * Finds the first bare http(s) address in text from byte `from` on. Returns false when there is
 * none; *ret_end: where to go on looking, at the address's end.
 */
bool link_find(struct str text, size_t from, size_t *ret_start, size_t *ret_end);
