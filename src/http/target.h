/*
 * The request target (RFC 9112, section 3.2) and the host (RFC 3986, section 3.2.2).
 */
#pragma once

#include "base/str.h"

struct target {
    struct str path;
    struct str query;
    struct str authority; /* of the absolute form; empty in the others */
};

/*
 * Reads the request target: origin form, absolute form (http or https), or "*" for OPTIONS.
 * Borrows from s. Returns 0 or the status to answer: 400, or 501 for CONNECT, since this server
 * is never a proxy.
 */
MUST_USE int target_parse(struct str s, struct str method, struct target *ret_target);
