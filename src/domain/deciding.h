/*
 * What one decision and one of a batch share: looking first, then doing. Looking changes nothing,
 * so that a batch can pass over a comment. Nobody outside domain/ includes it.
 */
#pragma once

#include "domain/decisions.h"
#include "domain/inner.h"
#include "domain/undo.h"

/* What is known of a comment before. but_seq: a decision to be taken back; 0: none. Errors
 * ERR_MISSING. */
MUST_USE bool facts_get(const struct domain *d, struct tx *tx, struct comment_id id,
                        int64_t but_seq, struct decision_facts_out *ret_facts, struct err *e);

/* Errors ERR_DENIED: whoever acts is not of the team. */
MUST_USE bool team_check(const struct actor *actor, struct err *e);

/*
 * Whether the site has the reason, and what must stand beside it: then it counts as given. Errors
 * ERR_INVALID with T_REASON_MISSING, T_REASON_OUT_OF_USE or T_NOTE_MISSING.
 */
MUST_USE bool reason_check(const struct domain *d, struct tx *tx, enum action action,
                           struct str reason, struct str note, struct err *e);

/* Errors ERR_CONFLICT with T_MOD_CLAIMED. */
MUST_USE bool claim_check(const struct actor *actor, bool insists,
                          const struct decision_facts_out *facts, int64_t now_s, struct err *e);

/* Whether readers see the comment after it. */
bool action_shows(enum action action);

/* Whether it may be done to the comment as it is now; reasons are not looked at. Errors as
 * decision_make. */
MUST_USE bool decide_check(const struct actor *actor, const struct decide *decide,
                           const struct decision_facts_out *facts, int64_t now_s, struct err *e);
/* A decision to be made, with what is known of its comment. */
struct deciding {
    struct decide decide;
    int64_t batch; /* that it belongs to; 0: none */
    struct decision_facts_out facts;
};
/* Does it. The conversation is locked. */
MUST_USE bool decide_apply(const struct domain *d, struct tx *tx, const struct actor *actor,
                           const struct deciding *deciding, struct err *e);

/* Its entry in the ledger; seq: the decision's. */
MUST_USE bool decision_tell(const struct domain *d, struct tx *tx, const struct decision *why,
                            int64_t seq, struct err *e);

/* A decision to be taken back, with what is known of its comment. */
struct undoing {
    struct undo undo;
    int64_t batch;       /* of which it is taken back; 0: alone */
    int64_t next_number; /* of the conversation */
    struct decision_facts_out facts;
    struct decision_standing_out last; /* the decision */
};
/* Fills facts and last, and looks whether it may be taken back. Errors as decision_undo. */
MUST_USE bool undo_check(const struct domain *d, struct tx *tx, const struct actor *actor,
                         struct undoing *u, struct err *e);
/* Takes it back. The conversation is locked. */
MUST_USE bool undo_apply(const struct domain *d, struct tx *tx, const struct actor *actor,
                         const struct undoing *u, struct err *e);

/* What moderators think of the commenter changes with what they think of the comment. */
MUST_USE bool commenter_judge(const struct domain *d, struct tx *tx, struct str commenter,
                              int64_t before, int64_t after, struct err *e);

/* What a moderator's decision says of the rule that decided before. */
struct learning {
    const struct decision_facts_out *facts;
    enum action action;
    int64_t edited_s; /* of the words that were decided on: by now the comment may have others */
    int64_t times;    /* -1: it is taken back */
};

/*
 * The rule that held the comment learns whether it was right, or that nobody said so. Only one
 * decision about a comment tells it, and none that is about other words than the rule met.
 */
MUST_USE bool rule_learn(const struct domain *d, struct tx *tx, const struct learning *l,
                         struct err *e);

/* The next number of a counter of the site. */
MUST_USE bool number_take(const struct domain *d, struct tx *tx, struct str name, int64_t *ret_n,
                          struct err *e);
