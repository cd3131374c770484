/*
 * What a request would like of the answer: the coding (RFC 9110, section 12.5.3) and whether it
 * has the page already (section 13.1.2).
 */
#pragma once

#include "http/http.h"

/*
 * The best coding that the headers accept and this server makes: the highest weight, among equals
 * brotli before gzip. Headers that cannot be read count as absent.
 */
enum http_coding accepts_read(const struct http_header *headers, size_t n);

/* Whether If-None-Match names this entity tag (weak comparison) or any ("*"). */
bool etag_matches(const struct http_header *headers, size_t n, struct str etag);
