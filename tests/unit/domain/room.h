/*
 * A small newsroom in a database of its own: one site in English, Russian and Kazakh, one section,
 * one article in two languages, two moderators' roles, a clock that stands still until told.
 */
#pragma once

#include "domain/articles.h"
#include "domain/batch.h"
#include "domain/check.h"
#include "domain/claims.h"
#include "domain/commenters.h"
#include "domain/comments.h"
#include "domain/controls.h"
#include "domain/conversation.h"
#include "domain/moderation.h"
#include "domain/report.h"
#include "domain/undo.h"
#include "tests/unit/db/fixture.h"

#define ROOM_NOW_S INT64_C(1780000000)

struct room_clock {
    struct clock clock; /* first: what the database is given */
    int64_t now_s;
};

struct room {
    struct fixture f;
    struct room_clock clock;
    struct settings settings;
    struct domain d;
    struct arena *home; /* the domain's */
    struct thread_id article;
    struct actor moderator, other, senior, administrator;
    struct str network; /* of those who write; empty: not known */
};

/* Opens all; the article's conversation has that mode. */
void room_open(struct room *r, enum mode mode);
void room_close(struct room *r);

/* Runs work in a write or read of its own; its rows live until the room is closed. */
bool room_write(struct room *r, db_work *work, void *context, struct err *e);
bool room_read(struct room *r, db_work *work, void *context, struct err *e);
/* The same, failing the test when it fails. */
void room_must_write(struct room *r, db_work *work, void *context);
void room_must_read(struct room *r, db_work *work, void *context);

/* Arguments of one call of the domain, as context of a db_work. */
#define CALL(name, members, call)                                                                  \
    struct name {                                                                                  \
        struct room *r;                                                                            \
        members                                                                                    \
    };                                                                                             \
    static UNUSED bool name##_work(struct tx *tx, void *context, struct err *e)                    \
    {                                                                                              \
        struct name *c = context;                                                                  \
        const struct domain *d = &c->r->d;                                                         \
        return call;                                                                               \
    }

/* As the program posts one: comment_prepare and comment_add. */
MUST_USE bool room_post(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                        struct comment_added *ret_added, struct err *e);
/* As the program edits one: words_prepare and comment_edit. */
struct own_comment {
    struct comment_id id;
    const struct commenter_id *who;
};
MUST_USE bool room_rewrite(const struct domain *d, struct tx *tx, const struct own_comment *own,
                           struct str text, struct err *e);
/* Writes a comment with these words by this commenter (NULL: a new guest). */
bool room_add(struct room *r, int64_t reply_to, const struct commenter_id *who, const char *text,
              struct comment_added *ret_added, struct err *e);
/* The same with words of its own; fails the test when it is refused. */
struct comment room_say(struct room *r, int64_t reply_to, const struct commenter_id *who);
bool room_edit(struct room *r, const struct comment *c, const char *text, struct err *e);
bool room_withdraw(struct room *r, const struct comment *c, struct err *e);
bool room_decide(struct room *r, const struct actor *actor, struct decide decide, struct err *e);
/* Does it with the reason "insult", expecting the state that the comment has now. */
void room_must_decide(struct room *r, int64_t number, enum action action);

bool room_undo(struct room *r, const struct actor *actor, int64_t number, int64_t seq,
               struct err *e);
/* A comment as the queue shows it. */
struct queue_detail room_detail(struct room *r, int64_t number);
/* What the team's page of the comment's author says. */
struct commenter_record room_author(struct room *r, int64_t number);
/* A reader's report of that number on a comment, and a rule of the site: as they are stored. */
void room_report(struct room *r, int64_t number, uint8_t reporter, const char *reason);
void room_rule(struct room *r, int64_t id);
struct rule_figures {
    int64_t agreed, overruled;
};
struct rule_figures room_rule_figures(struct room *r, int64_t id);
/* A rule holds a comment that was just written. */
void room_rule_holds(struct room *r, int64_t number, const char *rule, const char *evidence);
/* Carries a batch out to its end; how many steps it took. */
size_t room_batch_run(struct room *r, int64_t id);

struct thread room_thread(struct room *r);
/* A comment as its row is, for its author. */
struct comment room_comment(struct room *r, int64_t number, const struct commenter_id *who);
struct comment_page room_page(struct room *r, const struct page_query *q);
/* Fails the test unless all invariants hold. */
void room_check(struct room *r);
/* How many invariants do not hold. */
size_t room_faults(struct room *r);

/* A picture for editions. */
extern const struct picture room_shore;
/* Saves an edition of that key; published an hour ago unless told otherwise. */
struct edition room_edition(const char *key, const char *lang, const char *slug);
enum saved room_save(struct room *r, const struct edition *ed,
                     const struct conversation_wish *wish);
bool room_try_save(struct room *r, const struct edition *ed, const struct conversation_wish *wish,
                   enum saved *ret_saved, struct err *e);
