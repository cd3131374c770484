/*
 * What the files of domain/ share: rows as records, the conversation's row under change, decisions.
 * Nobody outside domain/ includes this.
 */
#pragma once

#include <inttypes.h>

#include "domain/domain.h"
#include "domain/path.h"
#include "model/article.h"
#include "model/comment.h"
#include "store/statements.h"
#include "text/name.h"

/* The state of a row; ERR_BROKEN is not needed: the schema holds it to 0 … 4. */
static inline enum comment_state state_of(int64_t n)
{
    return (enum comment_state)n;
}

/* A stored blob of exactly 16 or 32 bytes; zeros when it has another size. */
struct commenter_id commenter_id_of(struct str blob);
struct hash hash_of_blob(struct str blob);

/* The bytes of a hash or commenter; borrows. */
static inline struct str hash_str(const struct hash *h)
{
    return (struct str){(const char *)h->b, sizeof h->b};
}
static inline struct str commenter_str(const struct commenter_id *c)
{
    return (struct str){(const char *)c->b, sizeof c->b};
}

/* Whether who wrote it; NULL wrote nothing. */
bool comment_is_of(const struct comment *c, const struct commenter_id *who);

/* A row with the columns that all statements of conversation.sql give. */
#define COMMENT_OF_ROW(r)                                                                          \
    ((struct comment){.id = {(r).id},                                                              \
                      .parent = {(r).parent},                                                      \
                      .number = comment_id_number((struct comment_id){(r).id}),                    \
                      .depth = (r).depth,                                                          \
                      .path = (r).path,                                                            \
                      .root_path = path_head((r).path),                                            \
                      .lang = (r).lang,                                                            \
                      .name = (r).name,                                                            \
                      .text = (r).text,                                                            \
                      .commenter = commenter_id_of((r).commenter),                                 \
                      .state = state_of((r).state),                                                \
                      .placed = (r).placed != 0,                                                   \
                      .withdrawn_by = (enum comment_by)(r).withdrawn_by,                           \
                      .featured = (r).featured != 0,                                               \
                      .created_s = (r).created_s,                                                  \
                      .edited_s = (r).edited_s,                                                    \
                      .parent_name = (r).parent_name})

/* The number of a thread's first comment, from a comment's path; 0 when it is no path. */
int64_t root_number(struct str path);

/* Takes the words and the name out of what is not public, unless the viewer wrote it. */
void comment_blank(struct comment *c, const struct commenter_id *viewer);

/*
 * Marks of n comments those that the viewer wrote and a moderator withdrew, and whose words are
 * still kept. One statement where there are any that a moderator withdrew, else none.
 */
MUST_USE bool kept_words_mark(const struct domain *d, struct tx *tx, struct comment *comments,
                              size_t n, const struct commenter_id *viewer, struct err *e);

/* A JSON list of numbers. */
struct str ids_json(struct arena *a, const int64_t *ids, size_t n);

/* The days of a time as a JSON list, by which the same words are found. Nobody looks back further
 * than DAYS_MAX; an earlier beginning is taken for that. */
#define DAYS_MAX 31
struct str days_json(struct arena *a, int64_t since_s, int64_t until_s);

/* A row with the columns of a picture in an edition; its widths: picture_widths. */
#define PICTURE_OF_ROW(r, width_, height_)                                                         \
    ((struct picture){.hash = hash_of_blob((r).hash),                                              \
                      .width = (width_),                                                           \
                      .height = (height_),                                                         \
                      .extension = (r).extension,                                                  \
                      .caption = (r).caption,                                                      \
                      .credit = (r).credit,                                                        \
                      .alt = (r).alt})

/* Fills in the sizes there are, from "640 1280". */
void picture_widths(struct arena *a, struct str widths, struct picture *p);

/* Puts links into the site's order of languages. */
struct edition_link;
void links_sort(const struct domain *d, struct edition_link *links, size_t n);

/* What a change adds to a conversation's counters. */
struct thread_delta {
    int64_t numbers, placed, held, yes, no, revs;
};

/* The conversation's row, kept from other writers. Errors ERR_MISSING. */
MUST_USE bool thread_lock(const struct domain *d, struct tx *tx, struct thread_id id,
                          struct thread_lock_out *ret_row, struct err *e);
/* The public part of that row. */
struct thread thread_of_lock(struct thread_id id, const struct thread_lock_out *row);
/* Nothing is written when nothing changes. */
MUST_USE bool thread_change(const struct domain *d, struct tx *tx, struct thread_id id,
                            const struct thread_delta *delta, struct err *e);

/* What a change of state means for the counters. */
struct move {
    enum comment_state from, to;
    bool placed_before, placed_after;
    bool words_changed; /* a page may show it though the state is the same */
};
struct thread_delta delta_of(const struct move *m);

/* A row with the columns that all statements on decisions give. */
#define DECISION_OF_ROW(comment_, r)                                                               \
    ((struct decision){.id = (r).seq,                                                              \
                       .comment = (comment_),                                                      \
                       .moderator = {(r).moderator},                                               \
                       .moderator_name = (r).moderator_name,                                       \
                       .rule = (r).rule,                                                           \
                       .action = (enum action)(r).action,                                          \
                       .from = state_of((r).from_state),                                           \
                       .to = state_of((r).to_state),                                               \
                       .reason = (r).reason,                                                       \
                       .note = (r).note,                                                           \
                       .evidence = (r).evidence,                                                   \
                       .undoes = (r).undoes,                                                       \
                       .batch = (r).batch,                                                         \
                       .at_s = (r).at_s})

/* Adds a row to what was decided about a comment; at_s is now. */
MUST_USE bool decision_put(const struct domain *d, struct tx *tx, const struct decision *decision,
                           struct err *e);

/* What is thought of a commenter now: trust that has run out is none. */
enum trust trust_now(int64_t trust, int64_t until_s, int64_t now_s);

/* Closes the open reports of a comment, if it has any. */
MUST_USE bool reports_close(const struct domain *d, struct tx *tx, struct comment_id id,
                            int64_t reports, struct err *e);

/* The keyed hash by which the same words are found again: those that are shown of a comment. */
struct hash words_hash(const struct domain *d, struct arena *a, struct str text);
#define WORDS_HASH_BYTES 16 /* of it are stored */

/* Keyed hash over a purpose, two numbers and a text: what is hashed for one never fits another. */
struct hash domain_hash(const struct domain *d, struct str purpose, int64_t first, int64_t second,
                        struct str text);

/* Protects a name of the team or of a byline from imitation. */
MUST_USE bool name_protect(const struct domain *d, struct tx *tx, struct str name, struct err *e);
/*
 * Whether a commenter may have a name, as far as the names count that were protected when the
 * domain was opened; its skeleton in the arena. Errors ERR_INVALID with T_NAME_…
 */
MUST_USE bool name_allow(const struct domain *d, struct arena *a, struct str name,
                         struct str *ret_skeleton, struct err *e);
/* Always false, with what is wrong with the name. */
bool name_refuse(enum name_fault fault, struct err *e);
