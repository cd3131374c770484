/*
 * A site: one publication with an origin and its languages.
 */
#pragma once

#include "base/str.h"
#include "model/ids.h"

struct site {
    struct site_id id;
    struct str origin; /* "https://example.org", no slash at the end */
    struct str name;
    struct str language;         /* the default */
    const struct str *languages; /* the default among them, in the order to show */
    size_t n_languages;
    struct str zone; /* "Asia/Almaty" */
};
