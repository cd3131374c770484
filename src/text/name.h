/*
 * The names that people give themselves: what may be in one, and which imitate the staff's.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* Why a name is refused; NAME_GOOD otherwise. */
enum name_fault {
    NAME_GOOD,
    NAME_EMPTY,     /* nothing that can be seen */
    NAME_CONTROLS,  /* controls, bidirectional controls, line ends, private use, unassigned */
    NAME_MARKS,     /* more than 3 combining marks on one base */
    NAME_IMITATION, /* equal skeleton with a protected name */
    NAME_SCRIPTS,   /* a word mixes Latin with Cyrillic or Greek (UTS #39, single script) */
};

/* Whether anything of a text (well-formed UTF-8) can be seen; spaces and empty marks cannot. */
PURE bool name_is_visible(struct str text);

/*
 * Checks a name. protected_skeletons: fold_skeleton of the staff's and agencies' names, sorted or
 * not. Kazakh, Kyrgyz, Tajik, Uzbek letters are letters like any others.
 */
enum name_fault name_check(struct str name, const struct str *protected_skeletons, size_t n);
