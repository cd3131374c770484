/*
 * A language for the tests of view/: English from messages.def, or texts that a test sets. Stands
 * in for the i18n library, so that these tests need no catalogues and no ICU.
 */
#pragma once

#include "i18n/i18n.h"

struct i18n_lang {
    struct str texts[MESSAGES]; /* empty: the English of messages.def */
};

/* English. */
extern const struct i18n_lang fake_english;

/* The English text of a message. */
struct str fake_text(enum message m);
/* A message's name as messages.def has it. */
const char *fake_name(enum message m);
