/*
 * Compresses pages that stay once more, slowly and well: the first reader gets a page at once, and
 * a second later the cache holds a smaller body of it.
 */
#pragma once

#include "web/request.h"

/*
 * Has the stored page of a request compressed again, if it is worth it and there is time. blob: as
 * stored; the caller keeps its count.
 */
void polish_later(struct request *rq, struct http_blob *blob);
