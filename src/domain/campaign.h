/*
 * Campaigns: near-copies of comments, found as they arrive. Remembers the sketches of the last so
 * many comments (text/shingles.h), tells which of them a new one is like, and gathers those that
 * are alike. Knows no words, no names and no database: whoever starts it adds the newest comments
 * in the order they came, and the same comments in the same order give the same campaigns.
 *
 * A comment is like another when the estimated Jaccard index of their shingles is 0.31 and 24 of
 * them are the same, or, for a text that was put into another, when 45 are and these are half of
 * the smaller one; and at 0.7 however short they are. It joins the campaign of the one that it is
 * most like, and only when it also resembles that campaign's oldest, or two of the three oldest: so
 * a campaign cannot drift from text to text. Campaigns are never merged: nobody can join two by a
 * text between them.
 *
 * Any thread may call anything: one mutex, held for some microseconds. The work for a comment is
 * bounded, whatever the others are (CAMPAIGN_LOOKED_AT_MAX). All memory is reserved at the start
 * and used as comments come; README.md tells how much.
 */
#pragma once

#include "base/attr.h"
#include "base/hash.h"
#include "model/comment.h"
#include "model/ids.h"
#include "text/shingles.h"

#define CAMPAIGN_COMMENTS 262144 /* remembered, unless a test wants fewer */
#define CAMPAIGN_COMMENTS_MAX (1 << 22)
#define CAMPAIGN_SHINGLES_MIN 12    /* shorter texts are like none */
#define CAMPAIGN_LOOKED_AT_MAX 1024 /* comments that one is compared with */
#define CAMPAIGN_ALERT_COMMENTS 5   /* that have SHINGLES_ENOUGH in common with the last, */
#define CAMPAIGN_ALERT_COMMENTERS 3 /* by so many */
#define CAMPAIGN_WORDING_LEAST 12   /* words that a copy has in order, when it was changed much, */
#define CAMPAIGN_WORDING_PERCENT 50 /* and so many of its own */

struct campaigns;

struct campaign_comment {
    struct site_id site; /* comments of different sites are never alike */
    struct comment_id comment;
    struct commenter_id commenter;
    enum comment_state state;
    int64_t at_s;
    struct shingle_sketch sketch;
};

/* A campaign as it is now. */
struct campaign {
    struct comment_id first; /* it stays the campaign's name when that comment is forgotten */
    int64_t since_s;
    uint32_t n_comments; /* that are remembered; 0: there is no campaign */
    uint32_t n_commenters;
    uint32_t n_rejected; /* of the comments, rejected or spam */
};

/* What a new comment is like. */
struct campaign_link {
    struct comment_id nearest; /* v 0: like none, and all else is 0 */
    unsigned similar_percent;  /* estimated Jaccard index with the nearest */
    struct campaign campaign;  /* with the new comment */
    uint32_t n_joined;         /* comments that joined it with the new one, itself too */
    bool is_alert;             /* the campaign is worth an alert: for the first time */
    /*
     * What may follow for the new comment. Only from one with which it shares SHINGLES_ENOUGH, or
     * whose words it repeats: the same greeting is no reason. To be held it is also enough to be
     * nearly, at 0.7, one that is rejected itself, when both have 25 shingles.
     */
    bool is_like_rejected; /* like one that is rejected or spam, or whose campaign has such a one */
    bool is_copy;          /* of one of its campaign: what was decided of that may be done to it */
    /*
     * One of another campaign with which it shares SHINGLES_ENOUGH, but too little to join. Whoever
     * has the words can tell whether it is a copy that was changed much (campaign_take). v 0: none.
     */
    struct comment_id akin;
};

struct campaign_like {
    struct comment_id comment;
    unsigned similar_percent;
};

/*
 * Remembers n comments: a power of two, 16 to CAMPAIGN_COMMENTS_MAX. key: hides which commenters
 * there are from whoever could choose them; the same key gives the same campaigns. The owner calls
 * campaigns_free.
 */
RETURNS_MEMORY struct campaigns *campaigns_new(size_t n, struct hash key);

/* Takes the address, accepts NULL, clears it. */
void campaigns_free(struct campaigns **c);

/* How many comments it remembers. */
size_t campaigns_room(const struct campaigns *c);

/* How many it remembers now. */
size_t campaigns_count(struct campaigns *c);

/* Bytes reserved at the start, the same until the end. */
size_t campaigns_bytes(const struct campaigns *c);

/* Adds a comment; the oldest is forgotten. One that is here already takes its new place. */
void campaign_add(struct campaigns *c, const struct campaign_comment *new_comment,
                  struct campaign_link *ret_link);

/*
 * Moves a comment into the campaign of another, of which it is a copy: what was found out by other
 * means. Completes ret_link. False, and nothing is changed, when one of them is forgotten or the
 * other is in none any more.
 */
bool campaign_take(struct campaigns *c, struct comment_id comment, struct comment_id other,
                   struct campaign_link *ret_link);

/* Whether the words of a comment are those of the one it is akin to, changed in part. */
bool campaign_is_reworded(struct arena *scratch, struct str text, struct str akin);

/*
 * Comments like a text, nearest first, of equally near ones the newest first; `but` (v 0: none) is
 * left out. Returns how many were written to ret_likes[max].
 */
size_t campaign_similar(struct campaigns *c, struct site_id site,
                        const struct shingle_sketch *sketch, struct comment_id but,
                        struct campaign_like *ret_likes, size_t max);

/* The campaign that a comment is in; n_comments is 0 when it is in none. */
void campaign_of(struct campaigns *c, struct comment_id comment, struct campaign *ret_campaign);

/* The comments of the same campaign, itself too, in the order they joined; returns how many. */
size_t campaign_members(struct campaigns *c, struct comment_id comment,
                        struct comment_id *ret_comments, size_t max);

/* The last that joined the campaign of a comment, newest first; returns how many. */
size_t campaign_last(struct campaigns *c, struct comment_id comment,
                     struct comment_id *ret_comments, size_t max);

/* Whether a comment is remembered. Texts that are too short never are. */
bool campaign_has(struct campaigns *c, struct comment_id comment);

/* A comment's state has changed. One that is not remembered is no matter. */
void campaign_mark(struct campaigns *c, struct comment_id comment, enum comment_state state);

/* Erases all that is known of a comment: its words were withdrawn or changed. */
void campaign_forget(struct campaigns *c, struct comment_id comment);

/* The same of one that was not stored after all; the alert that it raised, if any, is due again. */
void campaign_take_back(struct campaigns *c, struct comment_id comment, bool was_alert);
