/*
 * Many decisions made as one, and taken back as one: begun in one write, then done in steps of
 * bounded size, each a write of its own, so that nobody waits long for the writer. What was begun
 * is found again after a crash: batch_next_open.
 */
#pragma once

#include "domain/domain.h"
#include "domain/queue.h"
#include "domain/seen.h"

struct tx;

#define BATCH_IDS_MAX 500  /* comments chosen one by one */
#define BATCH_STEP_MAX 200 /* comments decided in one step */

enum batch_stage {
    BATCH_DECIDING,
    BATCH_DECIDED,
    BATCH_UNDOING,
    BATCH_UNDONE,
    BATCH_STOPPED, /* deciding or, with undone_s, undoing: for whom it was done is shut out, or has
                    * the right to it no more */
};

struct batch {
    int64_t id; /* 1, 2, … */
    struct moderator_id moderator;
    struct str moderator_name;
    enum batch_stage stage;
    enum action action;
    struct str reason, note;
    struct str choice; /* the filter as queue_filter_print gives it; "ids=…" for a selection, each
                        * as batch_choice_print gives it */
    int64_t expected;  /* comments, as the moderator was told before */
    int64_t comments;  /* decided so far */
    int64_t carried;   /* the same of copies of a campaign that came after it */
    int64_t undone;    /* of both, taken back so far */
    int64_t skipped; /* were not decided: changed meanwhile, perhaps not seen, claimed, or the move
                      * is not possible */
    int64_t kept;    /* could not be undone: decided again since, or their words are erased */
    int64_t at_s;
    int64_t undone_s; /* 0: not */
};

/* What to decide, and on what. */
struct batch_plan {
    enum action action;
    struct str reason, note; /* as struct decide */
    const struct comment_id
        *ids; /* n_ids > 0: these, at most BATCH_IDS_MAX; the filter is not read */
    const struct comment_seen *seen; /* how each of ids was seen; NULL: of none it is known */
    size_t n_ids;
    struct queue_filter filter;
    int64_t expected; /* how many the moderator was told: queue_filter_count */
    /*
     * When the moderator saw them; 0: now. What was written, edited or decided in that second or
     * later is left alone: it may not have been on the page. Where `seen` says how one was, that
     * counts instead.
     */
    int64_t until_s;
    bool takes_unseen; /* but not what was written since then and before the batch is begun */
};

/*
 * Adds the batch; nothing is decided yet. A selection: ROLE_MODERATOR; a filter: ROLE_SENIOR.
 * Errors  ERR_DENIED, ERR_INVALID (nothing chosen, too many; T_REASON_MISSING, T_NOTE_MISSING)
 */
MUST_USE bool batch_begin(const struct domain *d, struct tx *tx, const struct actor *actor,
                          const struct batch_plan *plan, int64_t *ret_id, struct err *e);

/* "ID", or "ID.STATE.EDITED.REPORTS.REPORTED" when it is known how it was seen: as forms send it.
 */
struct str batch_choice_print(struct arena *a, struct comment_id id,
                              const struct comment_seen *seen);
/* False when it is no such thing. */
bool batch_choice_parse(struct str text, struct comment_id *ret_id, struct comment_seen *ret_seen);

/* What one step did. Memory: tx's arena. */
struct batch_step {
    bool is_done;              /* nothing is left to do */
    struct thread_id *threads; /* whose pages may have changed, each once */
    size_t n_threads;
    bool wants_scrub; /* words were erased: db_scrub */
};
/*
 * Decides or undoes the next comments of a batch, at most BATCH_STEP_MAX, and notes where it got:
 * each comment gets its own decision row with the batch's id. Of a batch that is done nothing is
 * done, and one of somebody who was shut out, or may not begin it any more, stops. For the web, and
 * for a job after a crash.
 * Errors  ERR_MISSING
 */
MUST_USE bool batch_step(const struct domain *d, struct tx *tx, int64_t id,
                         struct batch_step *ret_step, struct err *e);

/* The oldest batch with something left to do; 0: none. */
MUST_USE bool batch_next_open(const struct domain *d, struct tx *tx, int64_t *ret_id,
                              struct err *e);

/*
 * Begins taking a batch back, done by the steps that follow, or goes on where that was stopped; one
 * that is still deciding stops. What
 * a campaign's carried on to copies that came later is taken back with it, and the campaign is
 * undecided again. By who made it, or ROLE_SENIOR.
 * Errors  ERR_MISSING, ERR_DENIED, ERR_CONFLICT (it is being undone, or was)
 */
MUST_USE bool batch_undo(const struct domain *d, struct tx *tx, const struct actor *actor,
                         int64_t id, struct err *e);

/* Errors ERR_MISSING. */
MUST_USE bool batch_get(const struct domain *d, struct tx *tx, int64_t id, struct batch *ret_batch,
                        struct err *e);
struct batch_list {
    struct batch *items;
    size_t n;
};
/* The newest first, older than `before` (0: from the newest), at most max of them. */
MUST_USE bool batch_list(const struct domain *d, struct tx *tx, int64_t before, size_t max,
                         struct batch_list *ret_list, struct err *e);
