/*
 * MUST(x): an assumption of the program itself. It stays in release builds, says where it broke
 * and ends the process. Never put anything an outsider can influence into a MUST.
 */
#pragma once

#include "base/attr.h"

#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (__builtin_expect(!(x), 0))                                                             \
            must_failed(#x, __FILE__, __LINE__);                                                   \
    } while (0)

/* Writes the broken assumption and its place to standard error and aborts. */
NO_RETURN void must_failed(const char *what, const char *file, int line);
