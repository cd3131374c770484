/*
 * What the headers say about the message itself: its host, its body's length, whether the
 * connection stays (RFC 9112, sections 3.2, 6 and 9; RFC 9110, section 10.1.1).
 */
#pragma once

#include "http/parse.h"

/*
 * Reads those headers into h (host, content_length, chunked, keep, expects).
 * Returns 0 or the status to answer: 400, 417 (an Expect that is not 100-continue), 501 (a
 * transfer coding besides chunked).
 */
MUST_USE int framing_read(struct head *h);
