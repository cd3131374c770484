/*
 * The team and their sessions.
 */
#pragma once

#include "base/str.h"
#include "model/ids.h"

/* Who may do what: a higher role has all rights of the lower ones. */
enum role { ROLE_READER = 0, ROLE_MODERATOR = 1, ROLE_ADMINISTRATOR = 3 };

struct moderator {
    struct moderator_id id;
    struct str name;
    enum role role;
};

/* Who asks: made once a request by the gate. */
struct actor {
    enum role role;
    struct moderator moderator; /* role ROLE_MODERATOR and above */
    bool has_commenter;         /* a guest's edit key came with the request and is known */
    struct commenter_id commenter;
};
