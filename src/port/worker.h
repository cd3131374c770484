/*
 * Runs another program on some bytes and takes what it answers: standard input, standard output,
 * nothing else; no environment, no time without end.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Gives input to the program at path and collects its standard output. Memory: the arena's.
 * Errors  ERR_BROKEN (it could not be started, died, answered more than max_bytes or took longer
 *         than two minutes)
 */
MUST_USE bool worker_run(struct arena *a, const char *path, struct str input, size_t max_bytes,
                         struct str *ret_answer, struct err *e);
