/*
 * What the team thinks of a commenter: setting it, what was set before, taking the newest back.
 * Each change is a row that nobody changes or removes, as a decision is. What follows for the
 * commenter's comments is rules.h.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"
#include "model/moderator.h"

struct tx;

#define TRUST_RECORDS_MAX 50 /* listed; the newest */

struct trusting {
    enum trust trust;
    int64_t until_s; /* 0: for good */
};

struct trust_change {
    struct commenter_id commenter;
    enum trust trust;
    int64_t until_s;   /* 0: for good; else later than now */
    struct str reason; /* of the site's list; needed for a ban */
    struct str note;   /* for the team; may be empty */
};
/*
 * From now on; TRUST_NONE takes back what was set before. Adds a record; tells the ledger.
 * ROLE_SENIOR and above.
 * Errors  ERR_DENIED, ERR_MISSING, ERR_INVALID (T_DAYS_CHOOSE: until_s is past; T_REASON_MISSING;
 *         T_NOTE_MISSING: the reason wants one)
 */
MUST_USE bool commenter_trust_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                                  const struct trust_change *change, struct err *e);

/*
 * Takes back the change with that seq: what was thought before is thought again, to the second,
 * also when that has run out by now. Adds a record with `undoes`; tells the ledger. Of the changes
 * that stand only the newest can be taken back, whoever made it. ROLE_SENIOR and above.
 * Errors  ERR_DENIED, ERR_MISSING (no such commenter or change), ERR_CONFLICT with
 *         T_TRUST_UNDO_LATE (it was taken back, or something else was decided since)
 */
MUST_USE bool commenter_trust_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                                   const struct commenter_id *id, int64_t seq, struct err *e);

/* A change as it is kept. */
struct trust_record {
    int64_t seq; /* 1, 2, … for each commenter */
    struct moderator_id moderator;
    struct str moderator_name;
    struct trusting was, is; /* before; from then on */
    int64_t undoes;          /* the seq of the change that it takes back; 0: none */
    int64_t at_s;
    struct str reason, note; /* may be empty */
};
struct trust_records {
    struct trust_record *items; /* newest first, at most TRUST_RECORDS_MAX */
    size_t n;
    int64_t undo_seq; /* the one that can be taken back now; 0: none of these */
};
/* One statement; of a commenter who is not there there are none. */
MUST_USE bool trust_records_get(const struct domain *d, struct tx *tx,
                                const struct commenter_id *id, struct trust_records *ret_records,
                                struct err *e);
