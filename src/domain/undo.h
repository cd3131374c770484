/*
 * Taking decisions back. Of those about a comment that stand, only the newest can be undone, and
 * then the one before it: whatever was decided since would be lost otherwise.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"
#include "model/moderator.h"

struct tx;

struct undo {
    struct comment_id comment;
    int64_t seq;  /* the decision's: struct decision's id */
    bool insists; /* though another has claimed the comment; ROLE_SENIOR and above */
};
/*
 * Puts the comment back as it was before the decision: state, judged, featured, words of a
 * withdrawn one, the reports that the decision closed, the conversation's and the commenter's
 * counters; and its place, unless somebody has answered it there. Adds a row with the action taken
 * back and `undoes`; tells the ledger. For anyone of the team who may do the action. Errors
 * ERR_MISSING (no such comment or decision), ERR_DENIED, ERR_CONFLICT (it is not the newest that
 * stands; a rule's or the author's; the author changed the words since; with
 * T_MOD_UNDO_LATE: the words are erased; with T_MOD_CLAIMED)
 */
MUST_USE bool decision_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                            const struct undo *undo, struct thread_id *ret_thread, struct err *e);

/* The decision about a comment that can be undone now; 0: none. One statement. */
MUST_USE bool undo_seq(const struct domain *d, struct tx *tx, struct comment_id id,
                       int64_t *ret_seq, struct err *e);

/*
 * Erases kept words whose time has come, at most 500 of them: for a job. When any were erased the
 * caller has the database scrub its log: db_scrub.
 */
MUST_USE bool kept_words_expire(const struct domain *d, struct tx *tx, int64_t *ret_erased,
                                struct err *e);
