/*
 * What the team does to comments: the table of moves, and one decision.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"
#include "model/moderator.h"

struct tx;

/* Whether an action is possible from a state: the one table of moves. */
bool action_is_possible(enum action a, enum comment_state from);
/* Whether a role may do it to a comment in that state: role × action × state, stated in full. */
bool action_is_allowed(enum role r, enum action a, enum comment_state from);

struct decide {
    struct comment_id comment;
    enum action action;
    struct str reason; /* of the site's list; needed for reject, and for withdraw by a moderator */
    struct str note;   /* needed when the reason is "other" */
    enum comment_state expected; /* what the moderator saw; another one now: ERR_CONFLICT */
    int64_t expected_edited_s;   /* its edited_s as the moderator saw it; the same */
    /* Its open reports and when the newest came, as struct comment_seen has them; of what shows it
     * to readers, more or newer ones: ERR_CONFLICT. */
    int64_t expected_reports, expected_reported_s;
    bool insists; /* though another has claimed it; ROLE_SENIOR and above */
};
/*
 * Does it, adds its row and tells the ledger. *ret_thread is the conversation whose pages may have
 * changed. A comment that was published once keeps its place and counts in whatever state; what is
 * not published is not featured. Withdrawing erases words and name, but keeps them aside for
 * moderation.undo_hours, for undoing alone (undo.h). After withdrawing, the caller has the database
 * scrub its log: db_scrub. Closes the comment's open reports, its claim, and the second opinion
 * that another than this moderator asked for; the rule that held it learns whether it was right.
 * Errors  ERR_MISSING, ERR_DENIED (role), ERR_CONFLICT (state or words changed meanwhile; with
 *         T_MOD_CLAIMED: another works on it, whom the card's claim names; with
 *         T_MOD_REPORTED_SINCE: to be shown to readers, but it was reported meanwhile),
 *         ERR_INVALID with T_REASON_MISSING, T_REASON_OUT_OF_USE or T_NOTE_MISSING
 */
MUST_USE bool decision_make(const struct domain *d, struct tx *tx, const struct actor *actor,
                            const struct decide *decide, struct thread_id *ret_thread,
                            struct err *e);
/* The newest decision about a comment, for its author: reason and note; of what was undone, none.
 */
MUST_USE bool decision_newest(const struct domain *d, struct tx *tx, struct comment_id id,
                              struct decision *ret_decision, bool *ret_found, struct err *e);
