/*
 * Comments, commenters, decisions.
 */
#pragma once

#include "base/hash.h"
#include "base/str.h"
#include "model/ids.h"

/* The numbers are in the database: never change one. */
enum comment_state {
    COMMENT_HELD = 0,
    COMMENT_PUBLISHED = 1,
    COMMENT_REJECTED = 2,
    COMMENT_SPAM = 3,
    COMMENT_WITHDRAWN = 4, /* the words are gone, whoever did it */
};

enum comment_by { BY_NOBODY = 0, BY_AUTHOR = 1, BY_MODERATOR = 2 };

#define COMMENT_DEPTH_MAX 32

struct comment {
    struct comment_id id;
    struct comment_id parent; /* v 0: answers the article */
    int64_t number;
    int64_t depth;        /* 1 for a comment, 2 for a reply … COMMENT_DEPTH_MAX */
    struct str path;      /* order within the conversation; see domain/path.h */
    struct str root_path; /* the path of the thread's first comment */
    struct str lang;
    struct str name;
    struct str text; /* as typed, byte for byte; empty when withdrawn */
    struct commenter_id commenter;
    enum comment_state state;
    bool placed; /* was published once: keeps its place, number and replies for ever */
    enum comment_by withdrawn_by;
    bool words_kept; /* a moderator withdrew it and may still undo that; told to its author only */
    bool featured;   /* the newsroom points it out; only while it is published */
    int64_t created_s;
    int64_t edited_s;       /* 0: never */
    struct str parent_name; /* of what it answers; empty when that is withdrawn or not shown */
};

enum action {
    ACTION_PUBLISH = 1,
    ACTION_REJECT = 2,
    ACTION_SPAM = 3,
    ACTION_WITHDRAW = 4,
    ACTION_HOLD = 5,      /* back to the queue: by a mode, an edit, or a moderator who takes back */
    ACTION_FEATURE = 6,   /* the newsroom points it out; the state stays */
    ACTION_UNFEATURE = 7, /* no longer */
};

/* What the team thinks of a commenter for all that they write. The numbers are in the database. */
enum trust {
    TRUST_NONE = 0,
    TRUST_HELD = 1,   /* every comment is held */
    TRUST_FULL = 2,   /* no rule holds it, and no mode but "held" */
    TRUST_BANNED = 3, /* may not write */
};

/* What a comment was before a moderator's decision; edited_s: also which words a rule's is about.
 */
struct comment_before {
    bool placed, featured;
    int64_t judged; /* by moderators: 0 not, 1 good, 2 bad */
    int64_t edited_s;
};

/* A row of the list that only grows. */
struct decision {
    int64_t id; /* 1, 2, … for each comment */
    struct comment_id comment;
    struct moderator_id moderator; /* v 0: a rule or the author */
    struct str moderator_name;
    struct str rule; /* "mode:held", "mode:first", "author", "import"; empty: a person */
    enum action action;
    enum comment_state from, to;
    struct str reason;   /* of the site's list (domain/reasons.h); empty: none needed */
    struct str note;     /* the moderator's words to the author; may be empty */
    struct str evidence; /* of a rule: as text/marks.h has it */
    int64_t undoes;      /* the id of the decision it takes back, whose action it has; 0: none */
    int64_t batch;       /* of many that were made as one; 0: none */
    struct comment_before was; /* written, not read */
    int64_t at_s;
};
