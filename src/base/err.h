/*
 * What went wrong: a kind for the program, a catalogue number for the reader, a sentence for the
 * log. Refuses to know HTTP, SQL or languages.
 */
#pragma once

#include <stdbool.h>

#include "base/attr.h"

#define ERR_WHY_BYTES 400

enum err_kind {
    ERR_NONE = 0,
    ERR_INVALID,   /* what was given breaks a rule that its giver can mend */
    ERR_MISSING,   /* there is no such thing, or not for this asker */
    ERR_DENIED,    /* known who asks, and they may not */
    ERR_SIGN_IN,   /* not known who asks */
    ERR_CONFLICT,  /* it exists already, or changed meanwhile */
    ERR_TOO_LARGE, /* more bytes than allowed */
    ERR_TOO_MANY,  /* more often than allowed; try later */
    ERR_BUSY,      /* our own limit; try again soon */
    ERR_UNKNOWN,   /* a write whose outcome is unknown (connection lost) */
    ERR_BROKEN,    /* the database, the disk or the program itself */
};

struct err {
    enum err_kind kind;
    int say;                 /* a message of messages.def, 0: the kind's own */
    char why[ERR_WHY_BYTES]; /* for the log; never secrets or readers' text */
};

/*
 * Fills e and returns false, so that failing is one line. say: a T_… number or 0. The sentence is
 * cut at ERR_WHY_BYTES. "%m" is the system's word for errno.
 */
PRINTF_LIKE(4, 5)
bool err_set(struct err *e, enum err_kind kind, int say, const char *format, ...);

/* Puts "prefix: " before the sentence, for "where" as errors rise; returns false. */
PRINTF_LIKE(2, 3) bool err_where(struct err *e, const char *format, ...);

/* The kind's name in lower case, for the log. */
const char *err_kind_name(enum err_kind kind);
