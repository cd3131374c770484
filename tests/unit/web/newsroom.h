/*
 * A small newsroom behind a real server in the test's process: one reader's connection, one thread
 * for pages, so that a database call that fails is always the same one. And a client that asks as
 * a guest, as the author of comments, or as a moderator.
 */
#pragma once

#include "http/http.h"
#include "tests/unit/domain/room.h"
#include "tests/unit/http/harness.h"
#include "web/gate.h"

#define ARTICLE "/en/the-reservoir-that-came-back"
#define OLD_ARTICLE "/en/the-reservoir-that-went" /* leads to ARTICLE */

/* What the newsroom holds for addresses that name a number. */
enum {
    AUTHORS_NUMBER = 1, /* published, with a reply */
    REPLY_NUMBER = 2,
    REJECTED_NUMBER = 3, /* the author's, with a reason */
    HELD_NUMBER = 4,     /* the author's */
};

struct newsroom {
    struct room r;
    struct view *view;
    struct i18n *i18n;
    struct web *web;
    struct http_server *server;
    struct harness at, operator_at; /* their ports only */
    struct log log;
    struct commenter_id author;
    struct moderator_id moderator; /* an administrator */
    char password_hash[128];
    struct str picture;  /* its address */
    struct str asset;    /* the style sheet's */
    uint32_t n_networks; /* each ask of its own comes from one of its own */
};

void newsroom_open(struct newsroom *n);
void newsroom_close(struct newsroom *n);

/* A comment of the author's that waits for a moderator; its number. */
int64_t newsroom_hold(struct newsroom *n);
/* A session of the moderator's that nobody has yet; its cookie, in the arena. */
struct str newsroom_session(struct newsroom *n, struct arena *a);
#define NEWSROOM_MODERATOR "Raushan Ospan"
#define NEWSROOM_PASSWORD "a long enough password"

/* That password's hash, quick to check. */
struct str newsroom_password_hash(const struct newsroom *n);

/* One request. */
struct ask {
    const char *path;       /* with its query */
    struct cookies cookies; /* as newsroom_cookies gives them, or others */
    const char *form;       /* without its token; NULL: a GET */
    struct str token;       /* its token, when it matters which; empty: made when it is sent */
    bool is_operator;       /* on the operator's address */
    uint32_t network;
};

/* Whose cookies they are. */
enum who { GUEST, AUTHOR, MODERATOR };
struct cookies newsroom_cookies(const struct newsroom *n, struct arena *a, enum who who);

/* A token of the row that the path leads to. In the arena. */
struct str newsroom_token(struct newsroom *n, struct arena *a, const struct ask *ask);
/* The bytes of a request, with the token that its row wants. In the arena. */
struct str newsroom_request(struct newsroom *n, struct arena *a, const struct ask *ask);
/* Sends it and gives the whole answer. */
struct str newsroom_ask(struct newsroom *n, struct arena *a, const struct ask *ask);

/* All rows of all tables as one hash. */
struct hash newsroom_contents(struct newsroom *n);
