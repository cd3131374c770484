/*
 * The form as it was typed, when the database cannot even be asked for the page around it: nobody's
 * words are lost because a server is away. Knows no more than the request itself.
 */
#pragma once

#include "web/request.h"

/* Fills the reply for the forms that hold a reader's words; false: this request has none. */
bool kept_show(struct request *rq);
