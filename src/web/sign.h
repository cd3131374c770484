/*
 * The ledger's daily signature, while the server runs.
 */
#pragma once

#include "web/web.h"

/*
 * Signs the ledger when a day has ended that brought entries, and drops the pages that show its
 * heads. Two statements when there is nothing to do. Errors: ERR_BUSY, ERR_BROKEN.
 */
MUST_USE bool web_sign_due(struct web *w, struct err *e);
