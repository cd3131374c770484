/*
 * Which moves there are. Stated in full: what is not here is denied.
 */
#include "domain/inner.h"
#include "domain/moderation.h"

#define ACTIONS_END (ACTION_UNFEATURE + 1)

/* From these states, as bits. */
#define FROM(state) (1u << COMMENT_##state)

/*
 * Publishing needs words; what was withdrawn has none, so nothing leads out of that state but
 * undoing while the words are kept (undo.h). A moderator may take back an own or another's decision
 * by holding the comment again. What the newsroom points out is public.
 * Publishing what is public leaves it so though readers reported it; without reports decide_check
 * refuses it.
 */
#define TEAM                                                                                       \
    {                                                                                              \
        [ACTION_PUBLISH] = FROM(HELD) | FROM(PUBLISHED) | FROM(REJECTED) | FROM(SPAM),             \
        [ACTION_REJECT] = FROM(HELD) | FROM(PUBLISHED) | FROM(SPAM),                               \
        [ACTION_SPAM] = FROM(HELD) | FROM(PUBLISHED) | FROM(REJECTED),                             \
        [ACTION_WITHDRAW] = FROM(HELD) | FROM(PUBLISHED) | FROM(REJECTED) | FROM(SPAM),            \
        [ACTION_HOLD] = FROM(PUBLISHED) | FROM(REJECTED) | FROM(SPAM),                             \
        [ACTION_FEATURE] = FROM(PUBLISHED), [ACTION_UNFEATURE] = FROM(PUBLISHED),                  \
    }

static const uint8_t possible[ACTIONS_END] = TEAM;

/* By decision. An author's own changes are comment_may_edit and comment_may_withdraw. */
static const uint8_t allowed[ROLES][ACTIONS_END] = {
    [ROLE_READER] = {0},  [ROLE_MODERATOR] = TEAM,     [ROLE_SENIOR] = TEAM,
    [ROLE_EDITOR] = TEAM, [ROLE_ADMINISTRATOR] = TEAM,
};

bool action_is_possible(enum action a, enum comment_state from)
{
    return (unsigned)a < ACTIONS_END && (unsigned)from <= COMMENT_WITHDRAWN &&
           (possible[a] >> from & 1);
}

bool action_is_allowed(enum role r, enum action a, enum comment_state from)
{
    return (unsigned)r < ROLES && action_is_possible(a, from) && (allowed[r][a] >> from & 1);
}
