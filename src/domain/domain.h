/*
 * What every rule may know besides its transaction. Domain functions know no HTTP and no SQL text.
 */
#pragma once

#include "base/hash.h"
#include "config/settings.h"
#include "model/message.h"
#include "model/site.h"

struct campaign_watch;
struct rules;
struct search;

struct domain {
    const struct settings *settings;
    struct site site;
    struct hash secret; /* key of keyed hashes; from the database */
    /* Of names that commenters may not imitate: site, settings, team, bylines when it was opened;
     * those of the team and bylines that came later are looked up. */
    const struct str *protected_skeletons;
    size_t n_protected_skeletons;
    struct rules *rules;              /* domain/rule_set.h; NULL in commands */
    struct campaign_watch *campaigns; /* domain/campaign_watch.h; NULL in commands */
    struct search *search;            /* domain/search.h; NULL in commands */
};

struct tx;

/* The site's row and secrets at `aitys init`. Errors: ERR_CONFLICT (made before), ERR_BROKEN. */
MUST_USE bool site_found(struct tx *tx, struct err *e);

/*
 * Fills the domain from settings and database. Memory: the transaction's arena, which must live as
 * long as the domain. Errors: ERR_MISSING (site_found was never called), ERR_BROKEN
 */
MUST_USE bool domain_open(struct tx *tx, const struct settings *settings, struct domain *ret_domain,
                          struct err *e);
