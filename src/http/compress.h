/*
 * gzip (RFC 1952) and brotli (RFC 7932) of whole bodies, made once for a cached page.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "http/http.h"

/*
 * The body in that coding. quality: 1 (fast, for a page sent once) to 9 (for pages that
 * stay); 10 and 11 are brotli's own, ten times slower than 9 on a page of 50 KB.
 * Never fails; a body that would grow comes back as it is with *ret_coding = HTTP_IDENTITY.
 */
struct str http_compress(struct arena *a, struct str body, enum http_coding coding, int quality,
                         enum http_coding *ret_coding);
