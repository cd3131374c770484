/*
 * How moderators work side by side: claims, second opinions, notes that only the team sees.
 */
#pragma once

#include "domain/domain.h"
#include "domain/queue.h"

struct tx;

#define CLAIM_SECONDS_MAX 3600

struct claim_want {
    struct comment_id comment;
    int64_t seconds; /* 1 to CLAIM_SECONDS_MAX */
};
/*
 * Takes a card for so many seconds, or takes it for longer; of an unexpired
 * claim of another's nothing is taken. *ret_claim is who has it then: the actor or the other.
 * Errors  ERR_DENIED (not of the team), ERR_MISSING (no such comment)
 */
MUST_USE bool claim_take(const struct domain *d, struct tx *tx, const struct actor *actor,
                         const struct claim_want *want, struct claim *ret_claim, struct err *e);
/* Gives an own claim back; nothing happens when it is not the actor's. */
MUST_USE bool claim_drop(const struct domain *d, struct tx *tx, const struct actor *actor,
                         struct comment_id comment, struct err *e);
/* Forgets claims that have run out, at most 500: for a job. */
MUST_USE bool claim_expire(const struct domain *d, struct tx *tx, struct err *e);

#define OPINION_CHARS_MAX 500

/*
 * Asks the team for a second opinion; again by the same moderator: another note. Closed by the
 * decision of anybody else. The list of them: QUEUE_OPINION.
 * Errors  ERR_DENIED, ERR_MISSING, ERR_INVALID with T_NOTE_MISSING (empty or over
 *         OPINION_CHARS_MAX), ERR_CONFLICT with T_MOD_OPINION_ASKED (another asked already)
 */
MUST_USE bool opinion_ask(const struct domain *d, struct tx *tx, const struct actor *actor,
                          struct comment_id comment, struct str note, struct err *e);
/* Who asked takes the question back; nothing happens when it is another's. */
MUST_USE bool opinion_drop(const struct domain *d, struct tx *tx, const struct actor *actor,
                           struct comment_id comment, struct err *e);

#define TEAM_NOTE_CHARS_MAX 2000
#define TEAM_NOTES_MAX 100 /* listed; the newest */

struct team_note {
    int64_t id;
    struct moderator_id moderator;
    struct str moderator_name;
    struct str text;
    int64_t at_s;
};
/* What a note is on: a comment, or with comment.v 0 a commenter. */
struct note_subject {
    struct comment_id comment;
    struct commenter_id commenter;
};
/*
 * Adds a note. Errors ERR_DENIED, ERR_MISSING (no such comment or commenter), ERR_INVALID with
 * T_NOTE_MISSING (empty or over TEAM_NOTE_CHARS_MAX)
 */
MUST_USE bool team_note_add(const struct domain *d, struct tx *tx, const struct actor *actor,
                            const struct note_subject *on, struct str text, struct err *e);
/* The newest TEAM_NOTES_MAX, newest last. */
MUST_USE bool team_note_list(const struct domain *d, struct tx *tx, const struct note_subject *on,
                             struct team_note **ret_notes, size_t *ret_n, struct err *e);
/* Drops an own note. Errors ERR_MISSING: there is none of the actor's with that id. */
MUST_USE bool team_note_drop(const struct domain *d, struct tx *tx, const struct actor *actor,
                             int64_t id, struct err *e);
