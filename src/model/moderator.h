/*
 * The team and their sessions.
 */
#pragma once

#include "base/str.h"
#include "model/ids.h"

/*
 * Who may do what: a higher role has all rights of the lower ones. The numbers are in the database:
 * never change one.
 */
enum role {
    ROLE_READER = 0,
    ROLE_MODERATOR = 1,     /* decides on comments */
    ROLE_SENIOR = 2,        /* and on commenters, many comments at once, conversations */
    ROLE_EDITOR = 3,        /* and on rules and the whole site */
    ROLE_ADMINISTRATOR = 4, /* and on the team */
};
#define ROLES (ROLE_ADMINISTRATOR + 1)

/* How sure it is who a session belongs to. The numbers are in the database. */
enum strength {
    STRENGTH_PENDING = 0,  /* the password was right, a second proof is asked for */
    STRENGTH_PASSWORD = 1, /* nothing more is set up */
    STRENGTH_CODE = 2,     /* password and a code of TOTP, or a recovery code */
    STRENGTH_PASSKEY = 3,
};

/*
 * How far a request may go, stated by every row of routes.def: the session's strength decides
 * before the role does. A higher one has all rights of the lower ones.
 */
enum access {
    ACCESS_READER,
    ACCESS_PENDING, /* the password was right: the second step, and out again */
    ACCESS_ACCOUNT, /* signed in, but the site wants a second step set up first: the own account */
    ACCESS_MODERATOR,
    ACCESS_SENIOR,
    ACCESS_EDITOR,
    ACCESS_ADMINISTRATOR,
};
#define ACCESSES (ACCESS_ADMINISTRATOR + 1)

struct moderator {
    struct moderator_id id;
    struct str name;
    enum role role;
};

/* Who asks: made once a request by the gate. */
struct actor {
    enum role role; /* ROLE_READER below ACCESS_MODERATOR */
    enum access access;
    struct moderator moderator; /* ACCESS_PENDING and above */
    bool has_commenter;         /* a guest's edit key came with the request and is known */
    struct commenter_id commenter;
};
