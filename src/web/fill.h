/*
 * From domain structs to view structs. Runs inside the read transaction; what it makes is the
 * request arena's. Templates later see nothing else.
 */
#pragma once

#include "domain/articles.h"
#include "domain/controls.h"
#include "domain/conversation.h"
#include "domain/moderation.h"
#include "domain/passkeys.h"
#include "domain/reasons.h"
#include "domain/report.h"
#include "domain/trust.h"
#include "view/parts.h"
#include "web/frame.h"

/* "ltr" or "rtl" for a language. */
struct str fill_direction(struct str lang);
/* RFC 3339; empty for 0. */
struct str fill_time(struct request *rq, int64_t at_s);
/* As the page's language writes it in the site's zone; empty for 0. */
struct str fill_time_text(struct request *rq, int64_t at_s, enum i18n_date form);

/* ---- Articles (fill_article.c, fill_card.c) ---- */

/* A picture with all its widths. */
struct picture_view *fill_picture(struct request *rq, const struct picture *p, bool is_lead);
/* The byline as a sentence; ret_people (may be NULL) are its people, n of them. */
struct view_byline fill_byline(struct request *rq, const struct byline_entry *byline, size_t n,
                               struct view_person **ret_people);
/* Cards of a list; f gives the sections' names. with_section: the kicker is shown. */
struct article_card *fill_cards(struct request *rq, const struct frame *f,
                                const struct edition_card *cards, size_t n, bool with_section);
/* The body, the dateline and the pictures between the paragraphs. */
MUST_USE bool fill_blocks(struct request *rq, const struct edition *ed, struct article_page *p,
                          struct err *e);
/* Open Graph and JSON-LD of an article's page. */
void fill_article_head(struct request *rq, const struct edition *ed, struct frame *f,
                       const struct thread *t, const struct comment_page *said);

/* ---- Conversations (fill_talk.c, fill_form.c) ---- */

/* What the views of a conversation's comments have in common. */
struct talk {
    struct request *rq;
    struct str lang, slug;
    const struct thread *thread;
    bool is_open; /* new comments are taken */
    struct str policy_address;
    struct str message;          /* the newsroom's; may be empty */
    int64_t focus;               /* number of the comment that the page is about; 0: none */
    struct notice_view *notice;  /* stands in it; NULL: nothing to say */
    struct trusting ban;         /* of who was refused for it, to be told until when */
    const struct comment *shown; /* those on this page: links to them stay on it */
    size_t n_shown;
};

/* Reads the conversation's row and tags the page with it: one statement. */
MUST_USE bool talk_open(struct request *rq, struct tx *tx, const struct edition *ed,
                        const struct frame *f, struct talk *ret_talk, struct err *e);
/* Comments in reading order; those without words as what is left of them. */
struct comment_view *fill_comments(const struct talk *t, const struct comment *comments, size_t n);
/* One of them. */
void fill_comment(const struct talk *t, const struct comment *c, struct comment_view *v);
/* Count, mode, orders, form: everything but the comments and the links between pages. */
void fill_conversation(const struct talk *t, struct conversation_view *v);
/* The question and its tally; answer: this reader's, as rating_get gives it. */
struct rating_view *fill_rating(const struct talk *t, int answer);
/* What a conversation's mode means for a writer; empty when it is open. */
struct str fill_mode_text(const struct talk *t);
/* And what slow mode does; empty when it is off. */
struct str fill_slow_text(const struct talk *t);

/*
 * The comment form. parent: what is answered, NULL: the article. What was typed and refused is put
 * back from rq->form, with the reasons.
 */
struct comment_form_view *fill_comment_form(const struct talk *t, const struct comment *parent);
/* The form for changing a comment; text: what it holds now. */
struct comment_form_view *fill_edit_form(const struct talk *t, const struct comment *c);

/* ---- Reports and controls (fill_report.c) ---- */

/* A reason of report_reasons.def in words; the key itself when it is none. */
struct str fill_report_reason(struct request *rq, struct str key);
/* All of them, one perhaps selected. */
const struct reason_option *fill_report_reasons(struct request *rq, struct str selected,
                                                size_t *ret_n);
/* A comment's reports for its page in the console: one statement. */
MUST_USE bool fill_reports(struct request *rq, struct tx *tx, struct comment_id id,
                           struct decide_page *p, struct err *e);
/* A mode as a choice of the team's. */
struct str fill_mode_name(struct request *rq, enum mode mode);

/* ---- Accounts and the team (fill_account.c) ---- */

/* A role in words. */
struct str fill_role_text(struct request *rq, enum role role);
/* All of them to choose from. */
const struct role_option *fill_roles(struct request *rq, enum role selected, size_t *ret_n);
/* What is wrong with a refused form: the first field that has a fault, else the error's own words.
 */
struct str fill_form_error(struct request *rq);
/* What is wrong with a form, above all of it: each leads to the field where it is said again. */
struct fault_list {
    struct fault_line *items;
    size_t n;
};
/* Adds one, with the id of its field (empty: of none); nothing when text is empty. */
void fill_fault(struct request *rq, struct fault_list *all, struct str at, struct str text);
/* The same of a form with the current password in that field: said there, or else elsewhere. */
struct proof_error {
    struct str password, other; /* one of them is empty */
};
struct proof_error fill_proof_error(struct request *rq, size_t password_field);
/* A form for a passkey: to sign in with, csrf PASSKEY, or a new one, PASSKEY_NEW. NULL: browsers
 * give none to this address. */
struct passkey_view *fill_passkey(struct request *rq, enum csrf csrf, const char *action,
                                  struct str next);
/* The account's page after something was done: /mod/account?done=WHAT, and its sentence. */
struct notice_view *fill_done_notice(struct request *rq);
/* Somebody of the team. */
struct member_row fill_member(struct request *rq, const struct member *m);

/* ---- Moderation (fill_case.c) ---- */

/* A comment with what a moderator needs to decide. */
struct case_view *fill_case(struct request *rq, const struct queue_card *card);
/* A state in words. */
struct str fill_state_text(struct request *rq, enum comment_state state);
/* A rule's name in words; a rule that has none: its name. */
struct str fill_rule_text(struct request *rq, struct str rule);

/* ---- Reasons (fill_reason.c): of the list that reasons_open has read ---- */

/* Reads the site's reasons for this request: one statement. */
MUST_USE bool reasons_open(struct request *rq, struct tx *tx, struct err *e);
/* Those in use to choose from, one of them perhaps selected by its key. */
const struct reason_option *fill_reasons(struct request *rq, struct str selected, size_t *ret_n);
/* What the team calls it, and what the author reads, in the page's language. */
struct str fill_reason_name(struct request *rq, const struct reason *r);
struct str fill_reason_sentence(struct request *rq, const struct reason *r);
/* What an author is told by a key, whether it is in use or not; empty: it is no moderator's reason.
 */
struct str fill_reason_told(struct request *rq, struct str key);
/* The same in a record of the team; the key itself when it is none. */
struct str fill_reason_text(struct request *rq, struct str key);
/* A sentence of the compiled list in a language of the site; empty: the program has none in it. */
struct str fill_reason_compiled(struct request *rq, struct str key, struct str lang);

/* ---- Statistics (fill_statistics.c) ---- */

/* The period that is asked for: so many days, today included. */
struct statistics_period {
    int64_t days;
    int64_t since_s;   /* when the first of them began, on the site's clock */
    int64_t first_day; /* its number, counted from 1 January 1970 */
};
/* Charts and facts of it into the page. */
struct statistics;
void fill_statistics(struct request *rq, const struct statistics_period *period,
                     const struct statistics *s, struct statistics_page *p);
