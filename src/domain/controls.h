/*
 * Conversation controls: what the newsroom sets by hand, of one conversation or the whole site.
 */
#pragma once

#include "domain/domain.h"
#include "model/article.h"
#include "model/moderator.h"

struct tx;

#define CONVERSATION_MESSAGE_CHARS_MAX 500 /* extended grapheme clusters */
#define CONVERSATION_SLOW_MINUTES_MAX 1440

/* ---- For readers ---- */

/* A conversation as its pages show it. */
struct conversation_talk {
    struct thread thread; /* holds_all is read */
    struct str message;   /* the newsroom's, in that language or for all; may be empty */
};
/* One statement. Errors ERR_MISSING. */
MUST_USE bool conversation_talk_get(const struct domain *d, struct tx *tx, struct thread_id id,
                                    struct str lang, struct conversation_talk *ret_talk,
                                    struct err *e);

/* How long a commenter has yet to wait before writing again: 0 without slow mode. */
MUST_USE bool conversation_wait(const struct domain *d, struct tx *tx, const struct thread *t,
                                const struct commenter_id *who, int64_t *ret_wait_s, struct err *e);

/* ---- One conversation ---- */

/* What is said above it; lang empty: in editions without a message of their own. */
struct conversation_message {
    struct str lang;
    struct str text; /* plain; empty: nothing */
};
/* How the file of one edition last wished it. */
struct conversation_wished {
    struct str lang, slug, headline;
    bool has_mode;
    enum mode mode;
    int64_t closes_s; /* 0: no date */
};
/* All that can be set of it. */
struct conversation_control {
    enum mode mode;
    int64_t closes_s; /* 0: no date */
    int64_t slow_s;   /* 0: off */
    const struct conversation_message *messages;
    size_t n_messages;
};
struct conversation_about {
    struct conversation_control control; /* messages: first the one for all, then the languages' */
    const struct conversation_wished *wished; /* by language; at least one unless all are gone */
    size_t n_wished;
};
/* Three statements. Memory: tx's arena. Errors ERR_MISSING. */
MUST_USE bool conversation_about_get(const struct domain *d, struct tx *tx, struct thread_id id,
                                     struct conversation_about *ret_about, struct err *e);
/*
 * Sets all of it and tells the ledger. What stands here stays until an edition's file says
 * something new (articles.h). Errors ERR_DENIED (below ROLE_SENIOR), ERR_MISSING, ERR_INVALID (no
 * such mode; a date before 1970; slow below 0 or above the most; with T_CONTROL_MESSAGE_LONG; with
 * T_CONTROL_CLOSES_PAST, a time that has passed and was not set before; a language that the site
 * has not).
 */
MUST_USE bool conversation_control_set(const struct domain *d, struct tx *tx,
                                       const struct actor *actor, struct thread_id id,
                                       const struct conversation_control *control, struct err *e);

/* ---- The whole site ---- */

/* A switch and who moved it. */
struct site_switch {
    int64_t value;
    int64_t changed_s; /* 0: never moved */
    struct str moderator_name;
};
struct site_controls {
    struct site_switch holds_all; /* 1: every new comment is held, whatever else says */
    struct site_switch new_mode;  /* of new articles: enum mode; -1: comments.mode */
};
#define NEW_MODE_OF_SETTINGS (-1)

/* One statement: whether everything is held, for the moderators' frame. */
MUST_USE bool site_hold_get(const struct domain *d, struct tx *tx, struct site_switch *ret_hold,
                            struct err *e);
MUST_USE bool site_controls_get(const struct domain *d, struct tx *tx,
                                struct site_controls *ret_controls, struct err *e);
/*
 * Each moves one switch and tells the ledger; one that stands so already is left alone. Errors
 * ERR_DENIED (below ROLE_EDITOR), ERR_INVALID (no such mode).
 */
MUST_USE bool site_hold_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                            bool holds, struct err *e);
MUST_USE bool site_new_mode_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                                int64_t mode, struct err *e);
/* The mode of a new article that wishes none: the switch's or the setting's. One statement. */
MUST_USE bool site_new_mode(const struct domain *d, struct tx *tx, enum mode *ret_mode,
                            struct err *e);
/* The mode that comments.mode names. */
enum mode settings_mode(const struct domain *d);
