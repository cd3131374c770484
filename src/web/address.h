/*
 * The addresses of this site's pages, as docs/developer/routes-plan.txt has them: one place.
 * All are paths in the arena; address_absolute puts the origin before one.
 */
#pragma once

#include "domain/queue.h"
#include "web/request.h"

/* "/LANG" */
struct str address_front(struct arena *a, struct str lang);
/* "/LANG/section/SLUG" */
struct str address_section(struct arena *a, struct str lang, struct str slug);
/* "/LANG/author/KEY" */
struct str address_author(struct arena *a, struct str lang, struct str key);
/* "/LANG/SLUG" */
struct str address_article(struct arena *a, struct str lang, struct str slug);
/* "/LANG/page/SLUG" */
struct str address_standing(struct arena *a, struct str lang, struct str slug);
/* "/LANG/SLUG/comments/N#cN" */
struct str address_comment(struct arena *a, struct str lang, struct str slug, int64_t number);
/* "/LANG/SLUG/comments/N?done=WHAT#cN": where to go after something was done to it */
struct str address_comment_done(struct arena *a, struct str lang, struct str slug, int64_t number,
                                const char *what);
/* "/LANG/SLUG/comments/N/WHAT" */
struct str address_comment_do(struct arena *a, struct str lang, struct str slug, int64_t number,
                              const char *what);
/* "/assets/HASH/NAME"; empty when the theme has no such file. */
struct str address_asset(const struct request *rq, struct str name);
/* "/mod/comments/ID", with "/WHAT" behind it unless what is empty. */
struct str address_mod(struct arena *a, struct comment_id id, const char *what);
/* "/mod" with a filter. */
struct str address_queue(struct arena *a, const struct queue_filter *filter);
/* "/mod/commenters/KEY", with "/WHAT" behind it unless what is empty. */
struct str address_commenter(struct arena *a, const struct commenter_id *id, const char *what);
/* "/mod/batches/ID", with "/WHAT" behind it unless what is empty. */
struct str address_batch(struct arena *a, int64_t id, const char *what);
/* "/mod/campaigns/ID", with "/WHAT" behind it unless what is empty. */
struct str address_campaign(struct arena *a, struct comment_id id, const char *what);
/* "/mod/conversations/ID" */
struct str address_conversation(struct arena *a, struct thread_id id);
/* The path with the origin before it. */
struct str address_absolute(const struct request *rq, struct str path);
/* base with one more parameter behind '?' or '&'; base itself when value is empty. */
struct str address_with(struct arena *a, struct str base, const char *name, struct str value);
#define ADDRESS_NEXT_BYTES 1200 /* of a way back; web/forms.def has it as well */
/* Whether text may be followed as a way back within the moderators' pages. */
bool address_is_mod(struct str text);
/* That way back, or the queue. */
struct str address_way_back(struct str next);
