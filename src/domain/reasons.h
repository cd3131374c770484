/*
 * The reasons that moderators give: the site's own list, or the compiled one (model/reasons.def) of
 * a site that has none. A reason that was given once is neither removed nor worded anew: it is put
 * out of use, and other words make another reason in its place. So what authors were told can be
 * read as they were told it. Knows no words of the compiled list: the catalogues have them.
 */
#pragma once

#include "domain/domain.h"
#include "model/moderator.h"

struct tx;

#define REASON_NAME_CHARS_MAX 40
#define REASON_TEXT_CHARS_MAX 300
#define REASONS_IN_USE_MAX 40
#define REASONS_MAX 500 /* with those out of use and those that were worded anew */

struct reason {
    struct str key; /* of reasons.def, or "own-7" */
    bool is_on;
    bool wants_note; /* the moderator must write something beside it */
    bool is_used;    /* given at least once, or one of the compiled list */
    int64_t position, rev;
    struct str successor; /* the key of the one that words it anew; empty: none */
    struct str name;      /* for the team; empty: the words are those of reasons.def */
    struct str text;      /* what the author reads; empty likewise */
};
struct reason_list {
    const struct reason *items;
    size_t n;
    bool is_own; /* false: it is the compiled one */
};

/*
 * All of the site's, in their order, with the words in a language, else in the site's, else in any.
 * One statement. Memory: tx's arena.
 */
MUST_USE bool reason_list_get(const struct domain *d, struct tx *tx, struct str lang,
                              struct reason_list *ret_list, struct err *e);
/* One of them by its key; NULL: there is none. */
const struct reason *reason_of(const struct reason_list *list, struct str key);
/* The same, or what words it anew now. */
const struct reason *reason_latest(const struct reason_list *list, struct str key);

/* What an author reads, in one language. */
struct reason_words {
    struct str lang;
    struct str text;
};
struct reason_texts {
    const struct reason_words *items;
    size_t n;
};
/* The words of one of the site's own; none of the compiled list. Memory: tx's arena. */
MUST_USE bool reason_texts_get(const struct domain *d, struct tx *tx, struct str key,
                               struct reason_texts *ret_texts, struct err *e);

struct reason_plan {
    struct str key; /* of the one to change; empty: a new one */
    int64_t rev;    /* that it had when it was read; 0 for a new one */
    struct str name;
    bool wants_note;
    struct reason_texts texts; /* the site's languages; those without words read the site's */
};
/*
 * Adds or changes a reason and tells the ledger. The first change makes the compiled list the
 * site's own. ret_key: under which it is found from now on; memory: tx's arena.
 * Errors ERR_DENIED (below ROLE_EDITOR), ERR_MISSING, ERR_CONFLICT (changed meanwhile, or worded
 *        anew), ERR_INVALID with T_REASON_NAME_EMPTY, T_REASON_TEXT_EMPTY (none in the site's
 *        language), T_REASON_TEXT_LONG, T_FORM_NOT_TEXT, T_REASONS_TOO_MANY
 */
MUST_USE bool reason_save(const struct domain *d, struct tx *tx, const struct actor *actor,
                          const struct reason_plan *plan, struct str *ret_key, struct err *e);
/*
 * Puts one into use, at the end of the list, or out of it. One that stands so already is left
 * alone. Errors ERR_DENIED, ERR_MISSING, ERR_CONFLICT (worded anew), ERR_INVALID with T_REASON_LAST
 * (one at least stays in use), T_REASONS_TOO_MANY
 */
MUST_USE bool reason_switch(const struct domain *d, struct tx *tx, const struct actor *actor,
                            struct str key, bool is_on, struct err *e);
/*
 * Moves one that is in use before the one above it, or behind the one below; at the end of the list
 * it is left alone. Errors ERR_DENIED, ERR_MISSING, ERR_CONFLICT (it is not in use)
 */
MUST_USE bool reason_move(const struct domain *d, struct tx *tx, const struct actor *actor,
                          struct str key, bool is_up, struct err *e);
/*
 * A decision gives it: notes that, so that its words stay. One statement, two the first time.
 * Errors ERR_INVALID with T_REASON_MISSING (the site has no such reason), T_REASON_OUT_OF_USE
 */
MUST_USE bool reason_give(const struct domain *d, struct tx *tx, struct str key,
                          bool *ret_wants_note, struct err *e);
