/*
 * A strict reader of the HTML that our renderers make: anything that they would not write is a
 * fault. It is not a browser; browsers judge in tests/browser.
 */
#pragma once

#include "base/str.h"

/* Whose elements and attributes are allowed. */
enum html_kind { HTML_COMMENT, HTML_ARTICLE };

/*
 * NULL when html has nothing but allowed elements and attributes, every tag closed in order, every
 * "<", ">", "&" and quote of text escaped, and every link of an allowed kind; otherwise what is
 * wrong. *ret_depth: the most open elements at once.
 */
const char *html_fault(struct str html, enum html_kind kind, size_t *ret_depth);
