/*
 * What roles may do to the team's objects, by the state they are in: model/rights.def. Comments:
 * decisions.h.
 */
#pragma once

#include "base/attr.h"
#include "model/moderator.h"

enum right {
#define RIGHT(name, object, what, least, states) RIGHT_##name,
#include "model/rights.def"
#undef RIGHT
    RIGHTS,
};

/* Their states, as the masks of rights.def number them. */
enum right_batch { BATCH_IS_DECIDING, BATCH_IS_DECIDED, BATCH_IS_UNDONE };
enum right_campaign {
    CAMPAIGN_IS_ALERT,
    CAMPAIGN_IS_DECIDED,
    CAMPAIGN_IS_ENDED,
    CAMPAIGN_IS_UNDONE
};
enum right_reason { REASON_IS_ON, REASON_IS_OFF, REASON_IS_REPLACED };

/* Whether the role has it at all, and whether it is possible in that state of its object. */
bool right_is_held(enum right right, enum role role);
bool right_is_possible(enum right right, unsigned state);

/* For the reference: an object with the names of its states, and what may be done to it. */
struct right_object {
    const char *name;
    const char *states[4];
    unsigned n_states;
};
struct right_row {
    const struct right_object *object;
    const char *what;
    enum role least;
};
const struct right_row *right_row(enum right right);
