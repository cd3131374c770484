/*
 * What every unit test includes: cmocka in the order it wants, and a str comparison.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* Fails unless the str holds exactly the literal's bytes. */
#define assert_str(s, literal)                                                                     \
    do {                                                                                           \
        struct str got_ = (s);                                                                     \
        if (!str_eq(got_, str_of(literal)))                                                        \
            fail_msg("got \"" STR_FMT "\", expected \"%s\"", STR_ARG(got_), (literal));            \
    } while (0)

/* Runs an array of struct CMUnitTest under the file's own name. */
#define RUN_TESTS(tests) cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL)
