/* SQL past the program: what somebody with the database's password can do. */
#pragma once

#include "tests/unit/domain/room.h"

/* Runs statements on the room's database; false when they were refused. */
bool raw(struct room *r, const char *sql);
/* The same on the search index beside it. */
bool raw_search(struct room *r, const char *sql);
