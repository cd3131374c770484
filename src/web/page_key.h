/*
 * The key of a page in the cache: all that its bytes depend on. It can be read back, so that the
 * page can be made without anybody who asks for it.
 */
#pragma once

#include "web/request.h"

/* Of a routed request. In its arena; STR_NONE: it is too long to be kept. */
struct str page_key_print(struct request *rq);

/* Makes rq a request for the page of a key that page_key_print made; borrows from it. */
bool page_key_read(struct request *rq, struct str key);
