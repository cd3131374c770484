/*
 * Comments on their way together. On a server the jobs that wait ask all their questions at once
 * (db.h), so that an answer knows nothing of the comments that are stored between it and its use:
 * they are remembered here until all of them have been.
 */
#pragma once

#include "domain/comments.h"

/*
 * Before a comment asks anything of its own: when what was stored meanwhile may change more of the
 * answers than the next number (the same words or author anywhere; in this conversation the same
 * form, or what the comment answers), it asks anew.
 */
void arriving_meet(struct tx *tx, const struct comment_draft *draft);

/* The next number of a conversation, of which the answer said `next`. */
int64_t arriving_number(struct tx *tx, struct thread_id thread, int64_t next);

/* The comment is stored, with this number; what the others were told holds but for that. */
void arriving_note(struct tx *tx, const struct comment_draft *draft, const struct comment *c);
