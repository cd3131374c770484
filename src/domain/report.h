/*
 * Readers' reports of comments: no account, one a reader and comment, and a hold when enough
 * readers agree. The comment's author never learns who reported; nor does the team.
 */
#pragma once

#include "domain/domain.h"
#include "model/comment.h"

struct tx;

#define REPORT_CHARS_MAX 500 /* extended grapheme clusters; web/forms.def has it from here */
#define REPORTS_SHOWN_MAX 100

/* What a reader says of a comment. */
struct report {
    struct comment_id comment;
    struct str reason; /* a key of model/report_reasons.def */
    struct str text;   /* wanted when the reason is "other" */
    struct hash reporter;
    struct str network;                /* as comment_draft has it; empty: not known */
    const struct commenter_id *viewer; /* the reader's edit key; NULL: none */
};

/*
 * The stored name of a reader for one comment: keyed hash of the cookie's token and the comment, so
 * that reports of two comments cannot be joined.
 */
struct hash reporter_of(const struct domain *d, struct comment_id comment, struct str token);

/*
 * Whether the viewer (NULL: nobody) may report the comment now; for showing the form. Errors
 * ERR_MISSING (nobody but its author knows of it), ERR_CONFLICT with T_REPORT_GONE (it is not
 * public any more), ERR_DENIED with T_REPORT_OWN.
 */
MUST_USE bool report_check(const struct domain *d, struct tx *tx, struct comment_id comment,
                           const struct commenter_id *viewer, struct err *e);

/*
 * Adds the report; of one reporter the first stays, and the second is no error. The comment is held
 * when moderation.reports_hold open reports come from as many reporters and as many networks (one
 * whose network is not known counts by itself), unless a moderator published it before or the team
 * trusts its author: who read it decides, not the number of those who dislike it. Two to seven
 * statements.
 * ret_is_held   whether this report held it: its pages are others now
 * Errors        those of report_check, ERR_INVALID with T_REPORT_REASON_MISSING or
 *               T_REPORT_TEXT_MISSING
 */
MUST_USE bool report_add(const struct domain *d, struct tx *tx, const struct report *r,
                         bool *ret_is_held, struct err *e);

/* A report as the team sees it. */
struct report_line {
    struct str reason, text;
    int64_t at_s;
    int64_t closed_s; /* 0: open */
};
/* A comment's newest reports, at most REPORTS_SHOWN_MAX. One statement. Memory: tx's arena. */
MUST_USE bool report_list(const struct domain *d, struct tx *tx, struct comment_id comment,
                          struct report_line **ret_lines, size_t *ret_n, struct err *e);

/*
 * For a job: forgets the networks of reports older than moderation.network_hours, but for which of
 * them were one; erases reports closed for moderation.reports_days, at most those of 500 comments.
 * When any were erased the caller has the database scrub its log: db_scrub.
 */
MUST_USE bool report_expire(const struct domain *d, struct tx *tx, int64_t *ret_erased,
                            struct err *e);
