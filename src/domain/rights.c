#include "domain/rights.h"

#include <stdint.h>

#define IN(state) (1u << (state))
#define ANY 0xfu

static const struct right_object BATCH = {"Batch", {"deciding", "decided", "undone"}, 3};
static const struct right_object CAMPAIGN = {
    "Campaign", {"alert", "decided", "ended", "undone"}, 4};
static const struct right_object RULE = {"Rule", {"on", "off"}, 2};
static const struct right_object COMMENTER = {
    "Commenter", {"usual", "trusted", "always held", "banned"}, 4};
static const struct right_object REASON = {"Reason", {"in use", "out of use", "worded anew"}, 3};

static const struct {
    struct right_row row;
    unsigned states;
} rights[RIGHTS] = {
#define RIGHT(name, object, what, least, states) {{&(object), what, ROLE_##least}, states},
#include "model/rights.def"
#undef RIGHT
};

bool right_is_held(enum right right, enum role role)
{
    return role >= rights[right].row.least;
}

bool right_is_possible(enum right right, unsigned state)
{
    return state < rights[right].row.object->n_states && (rights[right].states >> state & 1);
}

const struct right_row *right_row(enum right right)
{
    return &rights[right].row;
}
