/*
 * What the files of i18n/ share. For i18n/ only.
 */
#pragma once

#include <unicode/ulistformatter.h>
#include <unicode/upluralrules.h>

#include "base/buf.h"
#include "base/err.h"
#include "i18n/i18n.h"
#include "i18n/zone.h"

/* One language as tools/gen_catalogue makes it of its .po file. */
struct catalogue {
    const char *tag;
    const char *plurals;      /* the categories that its messages have, by spaces */
    const char *const *texts; /* by enum message; NULL: not translated */
};

/* English first. */
extern const struct catalogue catalogues[];
extern const size_t catalogues_n;

/* All messages, sorted by name. */
struct message_name {
    const char *name;
    enum message message;
};
extern const struct message_name message_names[MESSAGES - 1];

/* How a language writes whole numbers. */
struct number_form {
    uint32_t zero; /* the digit 0; 1 to 9 follow it */
    struct str group, minus;
    size_t group_digits, other_group_digits; /* the last group's size, and the others' */
    size_t least_digits;                     /* in front of the first separator */
};

enum { PATTERN_PARTS_MAX = 24 };

/* A date's pattern (UTS #35), read once. */
struct date_pattern {
    struct date_part {
        char letter; /* y M L d H h m a; 0: text */
        uint8_t width;
        struct str text;
    } parts[PATTERN_PARTS_MAX];
    size_t n;
};

struct date_words {
    struct str months[12], alone_months[12], half_days[2];
};

struct i18n_lang {
    struct str tag;
    enum direction direction;
    struct str texts[MESSAGES];
    struct number_form numbers;
    struct date_words words;
    struct date_pattern patterns[3]; /* by enum i18n_date */
    UPluralRules *plurals;
    UListFormatter *lists;
    struct zones *zones; /* i18n's */
};

/* What a language needs for dates; in the arena. Errors: ERR_BROKEN. */
MUST_USE bool date_open(struct arena *a, struct i18n_lang *l, struct err *e);

/* Writes a whole number as the language does; least_width pads with its zero. */
void number_put(struct buf *b, const struct number_form *form, int64_t n, bool grouped,
                size_t least_width);
